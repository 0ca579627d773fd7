"""What records keep that their gradient rules do not read, or keep as a copy."""

from __future__ import annotations

import numpy as np
import pytest

import gradviz as gv
from gradviz.ops import OPS

MODIFIED = "modified by an inplace operation"


def test_what_is_kept_beside_the_rules_names_ports_and_outputs() -> None:
    for op in OPS.values():
        ports = {p.name for p in op.ports}
        saving = op.saving
        assert {*saving.keeps, *saving.copies} <= {p.name for p in op.ports if p.grad}, op.name
        assert {n for names in saving.copies.values() for n in names} <= ports, op.name
        known = ports | {"out", *op.outputs}
        assert {n for names in saving.keeps.values() for n in names} <= known, op.name


def test_a_copy_that_is_kept_still_leads_back() -> None:
    x = gv.tensor([0.5, -1.0], dtype=gv.float64, requires_grad=True)
    inner = x * 2
    outer = gv.nn.functional.tanhshrink(inner)
    inner.detach().zero_()
    (first,) = gv.autograd.grad(outer.sum(), x, create_graph=True)
    (second,) = gv.autograd.grad(first.sum(), x)
    t = np.tanh([1.0, -2.0])
    np.testing.assert_allclose(first.detach().numpy(), 2 * t**2)
    np.testing.assert_allclose(second.numpy(), 8 * t * (1 - t**2))


def test_what_pytorch_keeps_may_not_be_written_to_though_no_rule_reads_it() -> None:
    inner = gv.ones(3, requires_grad=True) * 2
    outer = inner.gather(0, gv.tensor([0, 2]))
    inner.detach().zero_()
    with pytest.raises(RuntimeError, match=MODIFIED):
        outer.sum().backward()


def test_one_of_two_factors_may_be_written_to_where_only_it_is_asked_for() -> None:
    x, y = gv.ones(2, 2, requires_grad=True), gv.full((2, 2), 3.0)
    inner = x * 1
    outer = gv.einsum("ij,jk->ik", inner, y)
    inner.detach().zero_()
    outer.sum().backward()
    np.testing.assert_array_equal(x.grad.numpy(), np.full((2, 2), 6.0))
    both = gv.einsum("ij,jk->ik", x * 1, inner := y * x)
    inner.detach().zero_()
    with pytest.raises(RuntimeError, match=MODIFIED):
        both.sum().backward()


def test_a_number_over_a_tensor_is_its_reciprocal_times_the_number() -> None:
    x = gv.tensor(49.0, dtype=gv.float64, requires_grad=True)
    y = 49 / x
    assert y.item() == (1 / np.float64(49.0)) * 49 != 1.0
    assert y.grad_fn.name() == "MulBackward0"
    assert y.grad_fn.next_functions[0][0].name() == "ReciprocalBackward0"


def test_a_power_of_nothing_has_no_second_gradient() -> None:
    x = gv.tensor([0.0, 2.0], requires_grad=True)
    (first,) = gv.autograd.grad((x**0).sum(), x, create_graph=True)
    assert first.tolist() == [0.0, 0.0]
    assert not first.requires_grad


def test_what_forward_had_in_hand_gives_the_gradient_that_the_rule_gives_without_it() -> None:
    asking = [op for op in OPS.values() if op.saving.aside is not None]
    assert asking
    for op in asking:
        assert len(op.outputs) == 1, op.name
        for shown in op.examples:
            given = [None if v is None else gv.tensor(v) for v in shown.inputs]
            assert given[0] is not None, op.name
            first = given[0].requires_grad_()
            loss = getattr(gv.nn.functional, op.name)(*given, **shown.attrs).sum()
            (plain,) = gv.autograd.grad(loss, first, retain_graph=True)
            (again,) = gv.autograd.grad(loss, first, retain_graph=True)
            (recorded,) = gv.autograd.grad(loss, first, create_graph=True)
            np.testing.assert_array_equal(plain.numpy(), again.numpy())
            np.testing.assert_allclose(plain.numpy(), recorded.detach().numpy(), atol=1e-12)


def test_a_softmax_kept_from_forward_knows_no_later_writes() -> None:
    x = gv.tensor([[1.0, 2.0, 0.5], [0.0, -1.0, 3.0]], requires_grad=True)
    scores = x * 1
    loss = gv.nn.functional.cross_entropy(scores, gv.tensor([2, 0]))
    scores.detach().zero_()
    loss.backward()
    powers = np.exp(x.detach().numpy())
    wanted = powers / powers.sum(1, keepdims=True) - np.array([[0, 0, 1], [1, 0, 0]])
    np.testing.assert_allclose(x.grad.numpy(), wanted / 2, rtol=1e-5)
    assert loss.grad_fn.freed and loss.grad_fn.aside is None
