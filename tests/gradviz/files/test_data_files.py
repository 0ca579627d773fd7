"""Files of data as leaves: what is in them comes in unchanged, and what cannot is said."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import save_file

from gradviz.files import FileError
from gradviz.files.data_files import add_leaves, columns_of, read_arrays, read_table
from gradviz.graph import Evaluation, Graph
from gradviz.program import update


def test_arrays_come_in_by_name_with_their_types(tmp_path: Path) -> None:
    x, y = np.arange(6, dtype=np.float32).reshape(2, 3), np.array([1, 2], ">i8")
    np.save(tmp_path / "x.npy", x)
    np.savez(tmp_path / "both.npz", x=x, y=y)
    save_file({"w.0": x}, tmp_path / "w.safetensors")
    assert list(read_arrays(tmp_path / "x.npy")) == ["x"]
    both = read_arrays(tmp_path / "both.npz")
    assert both["y"].dtype == np.int64 and both["y"].tolist() == [1, 2]
    np.testing.assert_array_equal(read_arrays(tmp_path / "w.safetensors")["w.0"], x)


def test_leaves_are_added_with_free_names_and_take_no_gradient(tmp_path: Path) -> None:
    graph = Graph()
    graph.apply(update(graph, "J = x * 2"))
    graph.apply(add_leaves(graph, {"x": np.ones(3), "w.0": np.zeros((2, 2))}, (10, 20), "Import"))
    assert {"x", "x1", "w_0"} <= set(graph.ids_by_name)
    value = Evaluation(graph).value(graph.ids_by_name["x1"])
    assert value is not None and value.tolist() == [1, 1, 1] and not value.requires_grad
    assert graph.node(graph.ids_by_name["w_0"]).position == (10, 170)


def test_a_table_comes_apart_whole_or_with_its_target(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("size,rooms,price\n1,2,3\n4,5,6\n")
    table = read_table(tmp_path / "t.csv")
    columns = ("size", "rooms", "price")
    assert columns_of("t", table, "apart") == {name: (name,) for name in columns}
    assert columns_of("t", table, "matrix") == {"t": columns}
    assert columns_of("t", table, "target") == {"x": columns[:2], "y": columns[2:]}


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.npy", b"no array", "cannot be read"),
        ("a.npz", b"PK no archive", "cannot be read"),
        ("a.safetensors", b"\x01", "cannot be read"),
        ("a.txt", b"1", "those that are end in .npy, .npz, .safetensors, .csv"),
        ("gone.npy", None, "cannot be read"),
    ],
)
def test_what_is_no_data_is_refused_by_name(
    tmp_path: Path, name: str, data: bytes | None, said: str
) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(FileError, match=said) as problem:
        read_arrays(tmp_path / name)
    assert str(problem.value).startswith(name)


def test_types_that_no_tensor_has_are_named(tmp_path: Path) -> None:
    np.save(tmp_path / "words.npy", np.array(["a", "b"]))
    with pytest.raises(FileError, match=r"words\.npy: words: can't convert"):
        read_arrays(tmp_path / "words.npy")
    np.save(tmp_path / "objects.npy", np.array([{}], object), allow_pickle=True)
    with pytest.raises(FileError, match=r"objects\.npy: it cannot be read"):
        read_arrays(tmp_path / "objects.npy")


@given(data=st.binary(max_size=200), kind=st.sampled_from([".npy", ".npz", ".safetensors"]))
def test_any_bytes_give_arrays_or_one_line(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, kind: str
) -> None:
    path = tmp_path_factory.mktemp("data") / f"any{kind}"
    path.write_bytes(data)
    try:
        read_arrays(path)
    except FileError as problem:
        assert "\n" not in str(problem)
