"""Tensors and state dicts kept as safetensors, and pickles refused."""

import io
import pickle
from collections import OrderedDict

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

import gradviz
from gradviz.files import FileError
from gradviz.ops.dtypes import DTYPES
from gradviz.optim import OPTIMIZERS

KINDS = ["bool", "uint8", "int8", "int16", "int32", "int64", "float16", "float32", "float64"]


def back(value, path):
    gradviz.save(value, path)
    return gradviz.load(path)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3)])
def test_a_tensor_comes_back(kind, shape, tmp_path):
    tensor = gradviz.randint(0, 2, shape).to(DTYPES[kind])
    found = back(tensor, tmp_path / "t.safetensors")
    assert found.dtype is tensor.dtype
    assert found.shape == tensor.shape
    assert found.tolist() == tensor.tolist()


def test_a_dict_of_tensors_is_an_ordinary_safetensors_file(tmp_path):
    path = tmp_path / "weights.safetensors"
    weight = gradviz.arange(6.0).reshape(2, 3)
    gradviz.save(OrderedDict({"layer.weight": weight.t(), "layer.bias": gradviz.ones(3)}), path)
    plain = load_file(path)
    assert sorted(plain) == ["layer.bias", "layer.weight"]
    assert plain["layer.weight"].tolist() == weight.t().tolist()
    save_file({"a": np.arange(3)}, path)
    assert gradviz.load(path)["a"].tolist() == [0, 1, 2]


@pytest.mark.parametrize("kind", [k for k in OPTIMIZERS.values() if not k.needs_closure])
def test_an_optimizer_goes_on_from_its_saved_state(kind, tmp_path):
    def steps(x, optimizer, count):
        for _ in range(count):
            optimizer.zero_grad()
            (x**4).sum().backward()
            optimizer.step()

    whole, first = (gradviz.tensor([1.5, -0.5], requires_grad=True) for _ in range(2))
    steps(whole, kind([whole], lr=0.01), 5)
    begun = kind([first], lr=0.01)
    steps(first, begun, 2)
    state = back({"x": first, "optimizer": begun.state_dict(), "epoch": 2}, tmp_path / "state")
    resumed = state["x"].requires_grad_()
    optimizer = kind([resumed], lr=0.5)
    optimizer.load_state_dict(state["optimizer"])
    steps(resumed, optimizer, 3)
    assert state["epoch"] == 2
    assert resumed.tolist() == whole.tolist()


def test_lists_tuples_and_numbers_come_back():
    file = io.BytesIO()
    value = {"a": [1, 2.5, None, "x"], 3: (True, gradviz.ones(2)), "inf": float("inf")}
    gradviz.save(value, file)
    file.seek(0)
    found = gradviz.load(file, map_location="cpu", weights_only=True)
    assert found["a"] == [1, 2.5, None, "x"]
    assert found[3][0] is True
    assert found[3][1].tolist() == [1.0, 1.0]
    assert found["inf"] == float("inf")


def test_what_is_not_kept_is_named():
    with pytest.raises(TypeError, match=r"not object \(at model\.hook\)"):
        gradviz.save({"model": {"hook": object()}}, io.BytesIO())
    with pytest.raises(TypeError, match="keys are text or whole numbers"):
        gradviz.save({1.5: 2}, io.BytesIO())


@pytest.mark.parametrize("data", [pickle.dumps([1]), b"PK\x03\x04archive"])
def test_a_pickle_is_refused(data):
    with pytest.raises(FileError, match="this is a pickle"):
        gradviz.load(io.BytesIO(data))


@pytest.mark.parametrize("data", [b"", b"nonsense", b"\xff" * 40])
def test_what_is_no_such_file_is_refused(data):
    with pytest.raises(FileError, match="no safetensors file"):
        gradviz.load(io.BytesIO(data))


def test_a_graph_is_loaded_as_before(tmp_path):
    graph = gradviz.program.graph_from_source("a = tensor(1.5)\nb = a ** 2")
    path = tmp_path / "g.gradviz"
    gradviz.files.save(graph, path)
    assert isinstance(gradviz.load(path), gradviz.Graph)


def test_another_device_is_refused(tmp_path):
    gradviz.save(gradviz.ones(1), tmp_path / "t")
    with pytest.raises(AssertionError, match="not compiled with CUDA"):
        gradviz.load(tmp_path / "t", map_location="cuda")
