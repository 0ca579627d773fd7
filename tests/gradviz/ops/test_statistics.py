"""Variance, norms and logsumexp where they bend or break."""

import math

import pytest

import gradviz as gv

INF = math.inf


@pytest.mark.parametrize(
    ("function", "values", "expected"),
    [
        (lambda x: x.std(), [2.0, 2, 2], [0, 0, 0]),
        (lambda x: x.var(correction=0), [1.0, 2, 3, 4], [-0.75, -0.25, 0.25, 0.75]),
        (lambda x: x.var(False), [1.0, 2, 3, 4], [-0.75, -0.25, 0.25, 0.75]),
        (lambda x: x.var(0, False), [1.0, 2, 3, 4], [-0.75, -0.25, 0.25, 0.75]),
        (lambda x: x.norm(), [0.0, 0], [0, 0]),
        (lambda x: x.norm(), [3.0, 4], [0.6, 0.8]),
        (lambda x: x.norm("fro", 0), [3.0, 4], [0.6, 0.8]),
        (lambda x: x.norm(p=1), [0.0, -1], [0, -1]),
        (lambda x: x.norm(p=3), [0.0, 0], [0, 0]),
        (lambda x: x.norm(p=1.5), [0.0, 2], [0, 1]),
        (lambda x: x.norm(INF), [3.0, -3, 1], [0.5, -0.5, 0]),
    ],
)  # fmt: skip
def test_gradients(function, values, expected):
    x = gv.tensor(values, dtype=gv.float64, requires_grad=True)
    function(x).backward()
    assert x.grad.tolist() == pytest.approx(expected)


def test_the_zero_norm_counts_and_has_no_gradient():
    x = gv.tensor([3.0, 0.0], requires_grad=True)
    count = x.norm(0)
    count.backward()
    assert count.item() == 1
    assert x.grad is None


def test_too_few_elements_warn():
    with pytest.warns(UserWarning, match=r"std\(\): degrees of freedom is <= 0"):
        assert math.isnan(gv.tensor([1.0]).std().item())


def test_integers_are_refused():
    with pytest.raises(RuntimeError, match="std and var only support floating point"):
        gv.tensor([1, 2]).std()
    with pytest.raises(RuntimeError, match=r"Expected a floating point or complex.*Got Long"):
        gv.tensor([1, 2]).norm()


def test_logsumexp_neither_overflows_nor_hides_that_nothing_is_possible():
    assert gv.tensor([1000.0, 1000.0]).logsumexp(0).item() == pytest.approx(1000 + math.log(2))
    x = gv.tensor([-INF, -INF], requires_grad=True)
    result = x.logsumexp(0)
    result.backward()
    assert result.item() == -INF
    assert all(math.isnan(g) for g in x.grad.tolist())
