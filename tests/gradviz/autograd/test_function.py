from typing import Any

import numpy as np
import pytest

import gradviz as gv
from gradviz.autograd.function import Function, once_differentiable
from gradviz.autograd.record import Record


class Square(Function):
    """The square."""

    @staticmethod
    def forward(ctx: Any, x: Any) -> Any:
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        (x,) = ctx.saved_tensors
        return 2 * x * g


class Exp(Function):
    @staticmethod
    def forward(ctx: Any, x: Any) -> Any:
        out = x.exp()
        ctx.save_for_backward(out)
        return out

    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        return g * ctx.saved_tensors[0]


class Scale(Function):
    @staticmethod
    def forward(x: Any, factor: float, y: Any) -> Any:
        return x * factor, (y > 0), y * 2

    @staticmethod
    def setup_context(ctx: Any, inputs: Any, output: Any) -> None:
        ctx.factor = inputs[1]
        ctx.mark_non_differentiable(output[2])

    @staticmethod
    def backward(ctx: Any, g: Any, _: Any, zeros: Any) -> Any:
        assert zeros.tolist() == [0.0, 0.0]
        assert ctx.needs_input_grad == (True, False, True)
        return g * ctx.factor, None, g


@pytest.fixture
def x() -> Any:
    return gv.tensor([2.0, 3.0], requires_grad=True)


def test_a_function_is_a_record_on_the_tape(x: Any) -> None:
    y = Square.apply(x)
    assert isinstance(y.grad_fn, Record)
    assert y.grad_fn.name() == "SquareBackward"
    assert y.tolist() == [4.0, 9.0]
    steps = list(gv.steps(y, gv.ones(2)))
    assert [c.value.tolist() for c in steps[0].contributions] == [[4.0, 6.0]]


def test_its_gradient_can_be_differentiated_again(x: Any) -> None:
    wide = gv.tensor([0.5, -1.0], dtype=gv.float64, requires_grad=True)
    assert gv.autograd.gradcheck(Square.apply, wide)
    assert gv.autograd.gradgradcheck(Square.apply, wide)
    assert gv.autograd.gradgradcheck(Exp.apply, wide)
    (first,) = gv.autograd.grad(Square.apply(x).sum(), x, create_graph=True)
    assert gv.autograd.grad(first.sum(), x)[0].tolist() == [2.0, 2.0]


def test_several_arguments_and_outputs(x: Any) -> None:
    y = gv.tensor([1.0, -1.0], requires_grad=True)
    a, positive, constant = Scale.apply(x, 3.0, y)
    assert positive.tolist() == [True, False]
    assert not constant.requires_grad
    assert not positive.requires_grad
    a.sum().backward()
    assert x.grad.tolist() == [3.0, 3.0]
    assert y.grad.tolist() == [1.0, 1.0]


def test_none_arrives_where_zeros_are_not_wanted(x: Any) -> None:
    seen: list[Any] = []

    class Pair(Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            ctx.set_materialize_grads(False)
            return x * 1, x * 2

        @staticmethod
        def backward(ctx: Any, first: Any, second: Any) -> Any:
            seen.append(second)
            return first

    Pair.apply(x)[0].sum().backward()
    assert seen == [None]


def test_an_input_handed_back_is_another_tensor(x: Any) -> None:
    class Same(Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            return x

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            return g * 10

    y = Same.apply(x)
    assert y is not x
    assert x.is_leaf
    y.sum().backward()
    assert x.grad.tolist() == [10.0, 10.0]


def returning(*gradients: Any) -> Any:
    class Sq(Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            return x * x

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            return gradients

    return Sq


def test_wrong_gradients_are_named_as_pytorch_names_them(x: Any) -> None:
    with pytest.raises(RuntimeError) as found:
        returning(gv.ones(2), gv.ones(2)).apply(x).sum().backward()
    assert str(found.value) == (
        "function SqBackward returned an incorrect number of gradients (expected 1, got 2)"
    )
    with pytest.raises(RuntimeError) as found:
        returning(gv.ones(3)).apply(x).sum().backward()
    assert str(found.value) == (
        "Function SqBackward returned an invalid gradient at index 0 - got [3] but expected "
        "shape compatible with [2]"
    )
    with pytest.raises(TypeError, match="expected Variable or None"):
        returning(1.0).apply(x).sum().backward()


def test_a_wider_gradient_is_summed_and_spare_nones_pass(x: Any) -> None:
    returning(gv.ones(4, 2), None).apply(x).sum().backward()
    assert x.grad.tolist() == [4.0, 4.0]


def test_a_second_pass_finds_what_was_saved_freed(x: Any) -> None:
    y = Square.apply(x).sum()
    y.backward()
    with pytest.raises(RuntimeError, match="Trying to backward through the graph a second time"):
        y.backward()


def test_an_overwritten_saved_tensor_is_refused(x: Any) -> None:
    y = x * 1
    z = Square.apply(y)
    y.mul_(2)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        z.sum().backward()


def test_an_input_may_be_overwritten(x: Any) -> None:
    class Double(Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            ctx.mark_dirty(x)
            return x.mul_(2)

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            return g * 2

    y = x * 1
    z = Double.apply(y)
    assert z is y
    y.sum().backward()
    assert x.grad.tolist() == [2.0, 2.0]


def test_once_differentiable_refuses_a_second_derivative(x: Any) -> None:
    class Once(Square):
        @staticmethod
        @once_differentiable
        def backward(ctx: Any, g: Any) -> Any:
            return ctx.saved_tensors[0] * 2 * g

    Once.apply(x).sum().backward()
    assert np.array_equal(x.grad.array, [4.0, 6.0])
    (first,) = gv.autograd.grad((Once.apply(x) * x).sum(), x, create_graph=True)
    with pytest.raises(RuntimeError, match="marked with @once_differentiable"):
        first.sum().backward()


def test_nothing_is_recorded_where_nothing_is_needed(x: Any) -> None:
    with gv.no_grad():
        assert Square.apply(x).grad_fn is None
    assert not Square.apply(gv.ones(2)).requires_grad


def test_classes_are_not_made_into_objects() -> None:
    with pytest.raises(RuntimeError, match="should not be instantiated"):
        Square()
