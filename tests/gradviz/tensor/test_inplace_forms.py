"""In-place views, comparisons and compositions: values, gradients and refusals."""

from typing import Any

import pytest

import gradviz

gv: Any = gradviz


@pytest.mark.parametrize(
    ("call", "shape"),
    [
        (lambda t: t.squeeze_(), (2, 3)),
        (lambda t: t.squeeze_(0), (2, 3)),
        (lambda t: t.unsqueeze_(-1), (1, 2, 3, 1)),
        (lambda t: t.transpose_(0, 2), (3, 2, 1)),
        (lambda t: t.swapaxes_(0, 1), (2, 1, 3)),
        (lambda t: t.swapdims_(1, 2), (1, 3, 2)),
        (lambda t: t.squeeze_(0).t_(), (3, 2)),
    ],
)
def test_a_tensor_becomes_a_view_of_itself(call: Any, shape: Any) -> None:
    t = gv.arange(6.0).reshape(1, 2, 3)
    memory = t.detach()
    assert call(t) is t
    assert t.shape == shape
    t.mul_(2)
    assert memory.flatten().tolist() == [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]


def test_gradients_go_through_it() -> None:
    x = gv.ones(2, 3, requires_grad=True)
    y = x * gv.tensor([1.0, 2.0, 3.0])
    y.t_()
    assert y.grad_fn.name() == "TBackward0"
    assert y._version == 1
    y.mul_(gv.tensor([[1.0], [10.0], [100.0]]))
    y.sum().backward()
    assert x.grad.tolist() == [[1.0, 20.0, 300.0]] * 2


def test_a_view_that_is_reshaped_writes_through_to_its_base() -> None:
    x = gv.ones(2, 3, requires_grad=True)
    y = x * 1
    row = y[0]
    row.unsqueeze_(1)
    assert row.shape == (3, 1)
    row.mul_(5)
    y.sum().backward()
    assert x.grad.tolist() == [[5.0] * 3, [1.0] * 3]


def test_views_of_what_was_reshaped_say_that_they_cannot_follow() -> None:
    y = gv.ones(2, 3, requires_grad=True) * 1
    flat = y.view(6)
    y.t_()
    y.mul_(2)
    with pytest.raises(RuntimeError, match="given another shape in place"):
        flat.sum()


def test_leaves_are_refused() -> None:
    with pytest.raises(RuntimeError, match="a leaf Variable that requires grad"):
        gv.ones(1, 2, requires_grad=True).squeeze_()


@pytest.mark.parametrize("name", ["eq", "ne", "lt", "le", "gt", "ge", "greater", "not_equal"])
def test_comparisons_write_numbers_and_pass_no_gradient(name: str) -> None:
    x = gv.tensor([1.0, 2.0, 3.0], requires_grad=True)
    y = x * 1
    expected = getattr(y.detach(), name)(gv.tensor([2.0, 2.0, 2.0])).float()
    getattr(y, f"{name}_")(gv.tensor([2.0, 2.0, 2.0]))
    assert y.dtype is gv.float32
    assert y.equal(expected)
    y.sum().backward()
    assert x.grad.tolist() == [0.0, 0.0, 0.0]


def test_a_comparison_is_named_by_what_it_compares_with() -> None:
    y = gv.ones(2, requires_grad=True) * 1
    assert y.lt_(1.5).grad_fn.name() == "LtBackward0"
    assert y.lt_(gv.zeros(2)).grad_fn.name() == "LtBackward1"


def test_logic_keeps_the_history() -> None:
    x = gv.tensor([0.0, 2.0], requires_grad=True)
    y = x * 3
    assert y.logical_not_().tolist() == [1.0, 0.0]
    y.sum().backward()
    assert x.grad.tolist() == [3.0, 3.0]
    flags = gv.tensor([True, False])
    assert flags.logical_xor_(gv.tensor([True, True])).tolist() == [False, True]
    bits = gv.tensor([6, 5])
    assert bits.bitwise_and_(3).bitwise_or_(8).tolist() == [10, 9]


@pytest.mark.parametrize(
    ("call", "expected", "slope"),
    [
        (lambda t: t.lerp_(gv.tensor([5.0, 6.0]), 0.25), [2.0, 3.0], [0.75, 0.75]),
        (lambda t: t.addcmul_(gv.ones(2), gv.ones(2), value=3), [4.0, 5.0], [1.0, 1.0]),
        (lambda t: t.addcdiv_(gv.ones(2), gv.ones(2)), [2.0, 3.0], [1.0, 1.0]),
    ],
)
def test_compositions_write_what_they_give(call: Any, expected: Any, slope: Any) -> None:
    x = gv.tensor([1.0, 2.0], requires_grad=True)
    y = x * 1
    assert call(y) is y
    assert y.tolist() == expected
    y.sum().backward()
    assert x.grad.tolist() == slope


def test_detaching_in_place() -> None:
    y = gv.ones(2, requires_grad=True) * 1
    with pytest.raises(RuntimeError, match="Can't detach views in-place"):
        y[0].detach_()
    assert y.detach_() is y
    assert (y.requires_grad, y.is_leaf, y.grad_fn) == (False, True, None)


def test_diagonals_and_functions_of_elements() -> None:
    assert gv.zeros(3, 2).fill_diagonal_(1).tolist() == [[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]
    tall = gv.zeros(4, 2).fill_diagonal_(1, wrap=True)
    assert tall.sum(1).tolist() == [1.0, 1.0, 0.0, 1.0]
    assert gv.tensor([1.0, 2.0]).apply_(lambda v: v + 1).tolist() == [2.0, 3.0]
    three = gv.tensor([1, 2]).map2_(gv.tensor([3, 4]), gv.tensor(5), lambda a, b, c: a + b * c)
    assert three.tolist() == [16, 22]
    with pytest.raises(RuntimeError, match=r"Can't call apply_\(\) on Variable that requires grad"):
        gv.ones(2, requires_grad=True).apply_(abs)


def test_the_package_has_in_place_functions() -> None:
    x = gv.tensor([1.0, 4.0])
    assert gv.sqrt_(x) is x
    assert x.tolist() == [1.0, 2.0]
    assert gv.clamp_(x, max=1.5).tolist() == [1.0, 1.5]
    with pytest.raises(AttributeError):
        gv.add_  # noqa: B018


def test_retain_grad_follows_an_in_place_write() -> None:
    x = gv.tensor([1.0, 2.0], requires_grad=True)
    y = x * 2
    y.retain_grad()
    y.mul_(3)
    (y * gv.tensor([1.0, 10.0])).sum().backward()
    assert y.grad.tolist() == [1.0, 10.0]
    assert x.grad.tolist() == [6.0, 60.0]
