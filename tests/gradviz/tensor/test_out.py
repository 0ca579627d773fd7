"""``out=``: the result in a tensor that is there, with PyTorch's warnings and errors."""

import warnings
from typing import Any

import pytest

import gradviz

gv: Any = gradviz


def test_the_result_is_written_and_returned() -> None:
    out = gv.empty(2)
    memory = out.array
    assert gv.add(gv.tensor([1.0, 2.0]), 1, out=out) is out
    assert out.tolist() == [2.0, 3.0]
    assert out.array is memory
    assert out._version == 1


def test_an_empty_tensor_takes_the_shape_in_silence() -> None:
    out = gv.empty(0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        gv.matmul(gv.ones(2, 3), gv.ones(3, 4), out=out)
    assert out.shape == (2, 4)


def test_another_shape_is_changed_with_a_warning() -> None:
    out = gv.ones(3)
    with pytest.warns(UserWarning, match=r"resized since it had shape \[3\], which does not match"):
        gv.exp(gv.zeros(2, 2), out=out)
    assert out.tolist() == [[1.0, 1.0], [1.0, 1.0]]


def test_an_input_may_be_the_output() -> None:
    x = gv.tensor([1.0, 2.0, 3.0])
    gv.cumsum(x, 0, out=x)
    assert x.tolist() == [1.0, 3.0, 6.0]


@pytest.mark.parametrize(
    ("name", "args", "kwargs", "shapes"),
    [
        ("max", (1,), {}, [(2,), (2,)]),
        ("sort", (), {"dim": 1}, [(2, 3), (2, 3)]),
        ("topk", (2,), {}, [(2, 2), (2, 2)]),
        ("kthvalue", (1,), {}, [(2,), (2,)]),
    ],
)
def test_results_of_several_parts_keep_their_names(
    name: str, args: Any, kwargs: Any, shapes: Any
) -> None:
    out = (gv.empty(0), gv.empty(0, dtype=gv.int64))
    x = gv.tensor([[1.0, 3.0, 2.0], [6.0, 5.0, 4.0]])
    found = getattr(gv, name)(x, *args, **kwargs, out=out)
    assert found.values is out[0]
    assert found.indices is out[1]
    assert [tuple(o.shape) for o in out] == shapes
    expected = getattr(gv, name)(x, *args, **kwargs)
    assert out[0].equal(expected.values)


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda o: gv.add(gv.ones(2), 1, out=o), "int64",
         "result type Float can't be cast to the desired output type Long"),
        (lambda o: gv.mm(gv.ones(2, 2), gv.ones(2, 2), out=o), "float64",
         "Expected out tensor to have dtype float, but got double instead"),
        (lambda o: gv.floor(gv.ones(2), out=o), "float64",
         "Found dtype Double but expected Float"),
        (lambda o: gv.isposinf(gv.ones(2), out=o), "float32",
         "isposinf does not support non-boolean outputs."),
    ],
)  # fmt: skip
def test_a_type_that_cannot_hold_the_result_is_refused(call: Any, kind: str, message: str) -> None:
    with pytest.raises(RuntimeError) as caught:
        call(gv.empty(0, dtype=getattr(gv, kind)))
    assert str(caught.value) == message


def test_sums_are_taken_in_the_type_of_the_output() -> None:
    out = gv.sum(gv.tensor([1.7, 1.7]), 0, out=gv.empty((), dtype=gv.int64))
    assert (out.dtype, out.item()) == (gv.int64, 2)
    assert gv.zeros(2, out=gv.empty(0, dtype=gv.int32)).dtype is gv.int32


@pytest.mark.parametrize("where", ["input", "out"])
def test_gradients_are_not_asked_for(where: str) -> None:
    x = gv.ones(2, requires_grad=where == "input")
    out = gv.ones(2, requires_grad=where == "out")
    with pytest.raises(RuntimeError) as caught:
        gv.exp(x, out=out)
    assert str(caught.value) == (
        "exp(): functions with out=... arguments don't support automatic differentiation, but one "
        "of the arguments requires grad."
    )
    with gv.no_grad():
        assert gv.exp(x, out=out).equal(gv.exp(gv.ones(2)))


def test_shared_places_and_other_objects_are_refused() -> None:
    with pytest.raises(RuntimeError, match="refers to a single memory location"):
        gv.exp(gv.zeros(3), out=gv.ones(1).expand(3))
    with pytest.raises(TypeError, match="argument 'out' must be Tensor, not list"):
        gv.exp(gv.zeros(3), out=[1.0])


def test_what_takes_no_output_says_so() -> None:
    with pytest.raises(TypeError, match="unexpected keyword argument 'out'"):
        gv.reshape(gv.ones(2), (2,), out=gv.ones(2))
    with pytest.raises(TypeError, match="unexpected keyword argument 'out'"):
        gv.meshgrid(gv.ones(2), out=gv.ones(2))


def test_compositions_and_linear_algebra_take_it_too() -> None:
    out = gv.empty(0)
    gv.lerp(gv.zeros(2), gv.ones(2), 0.25, out=out)
    assert out.tolist() == [0.25, 0.25]
    gv.linalg.inv(gv.tensor([[2.0]]), out=out.resize_(0))
    assert out.tolist() == [[0.5]]
    gv.linalg.vector_norm(gv.tensor([3.0, 4.0]), out=out.resize_(0))
    assert out.tolist() == 5.0
    gv.special.expit(gv.zeros(1), out=out.resize_(0))
    assert out.tolist() == [0.5]
