"""Backward passes: what lands where, in which order, and what is refused, as PyTorch does it."""

from __future__ import annotations

import numpy as np
import pytest

import gradviz as torch
from gradviz.autograd.record import AccumulateGrad

FREED = "Trying to backward through the graph a second time"


def leaf(value: object) -> torch.Tensor:
    return torch.tensor(value, requires_grad=True)


def test_a_fan_out_is_added_up() -> None:
    x = leaf(3.0)
    (x * x + x).backward()
    assert x.grad.item() == 7.0


def test_gradients_accumulate_over_passes_into_the_same_tensor() -> None:
    x = leaf(2.0)
    y = x**2
    y.backward(retain_graph=True)
    first = x.grad
    y.backward()
    assert x.grad is first
    assert first.item() == 8.0


def test_second_backward_is_refused_where_values_were_kept() -> None:
    x = leaf(2.0)
    y = x**2
    y.backward()
    with pytest.raises(RuntimeError, match=FREED):
        y.backward()


def test_second_backward_through_sums_alone_is_fine() -> None:
    x = leaf(2.0)
    y = x + x
    y.backward()
    y.backward()
    assert x.grad.item() == 4.0


def test_a_product_with_a_number_is_freed_too() -> None:
    y = leaf(2.0) * 3
    y.backward()
    with pytest.raises(RuntimeError, match=FREED):
        y.backward()


def test_needs_a_scalar_or_a_gradient() -> None:
    x = leaf([1.0, 2.0])
    with pytest.raises(
        RuntimeError, match="grad can be implicitly created only for scalar outputs"
    ):
        (x * 2).backward()
    (x * 2).backward(torch.tensor([1.0, 10.0]))
    assert x.grad.tolist() == [2.0, 20.0]


def test_refuses_a_gradient_of_another_shape() -> None:
    with pytest.raises(RuntimeError) as problem:
        (leaf([1.0, 2.0]) * 2).backward(torch.ones(3))
    assert str(problem.value) == (
        "Mismatch in shape: grad_output[0] has a shape of torch.Size([3]) and output[0] has a "
        "shape of torch.Size([2])."
    )


def test_refuses_where_nothing_requires_a_gradient() -> None:
    with pytest.raises(RuntimeError, match="element 0 of tensors does not require grad"):
        torch.tensor(1.0).backward()


def test_a_leaf_can_be_the_output() -> None:
    x = leaf(5.0)
    x.backward()
    assert x.grad.item() == 1.0


def test_grad_returns_and_leaves_grad_alone() -> None:
    x, y = leaf(2.0), leaf(3.0)
    gx, gy = torch.autograd.grad(x * y, [x, y])
    assert (gx.item(), gy.item()) == (3.0, 2.0)
    assert x.grad is None
    assert y.grad is None


def test_grad_of_an_intermediate() -> None:
    x = leaf(2.0)
    y = x * x
    z = y * 3
    assert torch.autograd.grad(z, y)[0].item() == 3.0
    assert torch.autograd.grad(y, y)[0].item() == 1.0


def test_unused_inputs() -> None:
    x, other = leaf(2.0), leaf(1.0)
    with pytest.raises(RuntimeError, match="at index 0 appears to not have been used"):
        torch.autograd.grad(x * 2, other)
    assert torch.autograd.grad(x * 2, other, allow_unused=True) == (None,)
    assert torch.autograd.grad(x * 2, other, materialize_grads=True)[0].item() == 0.0
    with pytest.raises(
        RuntimeError, match="One of the differentiated Tensors does not require grad"
    ):
        torch.autograd.grad(x * 2, torch.tensor(1))


def test_gradients_of_gradients() -> None:
    x = leaf(2.0)
    (first,) = torch.autograd.grad(x**3, x, create_graph=True)
    (second,) = torch.autograd.grad(first, x, create_graph=True)
    (third,) = torch.autograd.grad(second, x)
    assert (first.item(), second.item(), third.item()) == (12.0, 12.0, 6.0)


def test_no_grad_records_nothing_and_enable_grad_undoes_it() -> None:
    x = leaf(1.0)
    with torch.no_grad():
        assert not (x * 2).requires_grad
        assert torch.tensor(1.0, requires_grad=True).requires_grad
        with torch.enable_grad():
            assert (x * 2).requires_grad

    @torch.no_grad()
    def function() -> bool:
        return (x * 2).requires_grad

    assert not function()
    assert (x * 2).requires_grad


def test_detach_shares_memory_and_cuts_the_tape() -> None:
    x = leaf([1.0, 2.0])
    y = x.detach()
    y[0] = 9.0
    assert x.tolist() == [9.0, 2.0]
    assert not y.requires_grad


def test_retained_gradients_of_intermediates() -> None:
    x = leaf(2.0)
    y = x * x
    y.retain_grad()
    (y * 3).backward()
    assert y.grad.item() == 3.0


def test_grad_of_a_non_leaf_warns() -> None:
    y = leaf(2.0) * 2
    with pytest.warns(UserWarning, match="not a leaf Tensor is being accessed"):
        assert y.grad is None


def test_hooks_see_and_change_gradients() -> None:
    x = leaf(2.0)
    y = x * x
    seen: list[tuple[str, float]] = []
    x.register_hook(lambda g: seen.append(("x", g.item())))
    handle = y.register_hook(lambda g: g * 10)
    (y * 3).backward()
    handle.remove()
    assert seen == [("x", 120.0)]
    assert x.grad.item() == 120.0


def test_hook_results_are_checked() -> None:
    x = leaf([1.0, 2.0])
    x.register_hook(lambda g: 1.0)
    with pytest.raises(TypeError, match="expected Variable, but hook returned 'float'"):
        x.sum().backward()


def test_a_gradient_takes_its_inputs_shape_and_type() -> None:
    column = torch.ones((3, 1), requires_grad=True)
    row = torch.ones((1, 4), dtype=torch.float64, requires_grad=True)
    (column * row).sum().backward()
    assert (tuple(column.grad.shape), column.grad.dtype) == ((3, 1), torch.float32)
    assert (tuple(row.grad.shape), row.grad.dtype) == ((1, 4), torch.float64)


def test_steps_are_what_backward_runs() -> None:
    x, y = leaf(2.0), leaf(-1.5)
    loss = (x * y + x) ** 2
    found = list(torch.steps(loss, retain_graph=True))
    assert [s.node.name() for s in found[:3]] == ["PowBackward0", "AddBackward0", "MulBackward0"]
    ends = [(s.node, s.upstream[0]) for s in found[3:]]
    sums = {n.leaf: g.item() for n, g in ends if isinstance(n, AccumulateGrad)}
    assert len(sums) == len(ends)
    untouched = x.grad is None
    assert untouched
    loss.backward()
    assert sums == {x: x.grad.item(), y: y.grad.item()}


def test_steps_show_the_sum_growing_at_a_fan_out() -> None:
    x = leaf(3.0)
    sent = [
        c
        for s in torch.steps(x * x + x)
        for c in s.contributions
        if isinstance(c.to[0], AccumulateGrad)
    ]
    assert [float(c.value) for c in sent] == [1.0, 3.0, 3.0]
    assert [float(c.accumulated) for c in sent] == [1.0, 4.0, 7.0]


def test_long_chains_need_no_recursion() -> None:
    x = leaf(1.0)
    y = x
    for _ in range(100_000):
        y = y * 1.00001
    y.backward()
    assert x.grad.item() == pytest.approx(np.float32(1.00001) ** 100_000, rel=1e-2)
    del y


def test_overwritten_values_are_noticed() -> None:
    x = leaf([1.0, 2.0])
    y = x.exp()
    loss = y.sum()
    y.add_(1)
    with pytest.raises(RuntimeError) as problem:
        loss.backward()
    assert str(problem.value).startswith(
        "one of the variables needed for gradient computation has been modified by an inplace "
        "operation: [torch.FloatTensor [2]], which is output 0 of Exp, is at version 1; expected "
        "version 0 instead."
    )


def test_next_functions_and_names() -> None:
    x, y = leaf(1.0), leaf(2.0)
    node = (x * y + x).grad_fn
    assert node.name() == "AddBackward0"
    names = [parent.name() for parent, _ in node.next_functions]
    assert names == ["MulBackward0", "torch::autograd::AccumulateGrad"]


def test_requires_grad_is_for_floats_and_leaves() -> None:
    with pytest.raises(RuntimeError, match="Only Tensors of floating point and complex dtype"):
        torch.tensor([1, 2], requires_grad=True)
    with pytest.raises(RuntimeError, match="only Tensors of floating point dtype"):
        torch.tensor([1]).requires_grad_()
    with pytest.raises(RuntimeError, match="you can only change requires_grad flags of leaf"):
        (leaf(1.0) * 2).requires_grad = False


def test_assigned_gradients_are_checked() -> None:
    x = leaf([1.0, 2.0])
    with pytest.raises(RuntimeError, match="attempting to assign a gradient of size '\\[3\\]'"):
        x.grad = torch.ones(3)
    with pytest.raises(RuntimeError, match="attempting to assign a gradient with dtype 'double'"):
        x.grad = torch.ones(2, dtype=torch.float64)
