"""Reductions at their edges: ties, zeros, nan, nothing to reduce, and types of results."""

import math

import pytest

import gradviz as gv

INF, NAN = math.inf, math.nan


def gradient(function, values):
    x = gv.tensor(values, requires_grad=True)
    result = function(x)
    (result if isinstance(result, gv.Tensor) else result[0]).sum().backward()
    return x.grad.tolist()


@pytest.mark.parametrize(
    ("function", "values", "expected"),
    [
        (lambda x: x.max(), [1.0, 3, 3, 2], [0, 0.5, 0.5, 0]),
        (lambda x: x.max(0), [1.0, 3, 3, 2], [0, 1, 0, 0]),
        (lambda x: x.amax(0), [1.0, 3, 3, 2], [0, 0.5, 0.5, 0]),
        (lambda x: x.min(0), [1.0, 1, 1, 2], [1, 0, 0, 0]),
        (lambda x: x.amin(), [2.0, 1, 1, 2], [0, 0.5, 0.5, 0]),
        (lambda x: gv.aminmax(x).max, [1.0, 3, 3, 2], [0, 0.5, 0.5, 0]),
        (lambda x: x.max(), [1.0, NAN, 2], [0, 1, 0]),
        (lambda x: x.prod(), [2.0, 0, 3], [0, 6, 0]),
        (lambda x: x.prod(), [0.0, 0, 3], [0, 0, 0]),
        (lambda x: x.prod(dim=1), [[2.0, 0], [3, 4]], [[0, 2], [4, 3]]),
        (lambda x: x.cumprod(0), [2.0, 0, 3], [1, 8, 0]),
        (lambda x: x.cumsum(0), [1.0, 2, 3], [3, 2, 1]),
        (lambda x: x.mean(0), [[1.0, 2], [3, 4]], [[0.5, 0.5], [0.5, 0.5]]),
    ],
)  # fmt: skip
def test_gradients(function, values, expected):
    assert gradient(function, values) == expected


def test_product_with_a_zero_can_be_differentiated_twice():
    x = gv.tensor([2.0, 0.0, 3.0], requires_grad=True)
    (first,) = gv.autograd.grad(x.prod(), x, create_graph=True)
    (second,) = gv.autograd.grad(first[0], x)
    assert second.tolist() == [0, 3, 0]


@pytest.mark.parametrize(
    ("function", "kind"),
    [
        (lambda: gv.tensor([1, 2], dtype=gv.int32).sum(), gv.int64),
        (lambda: gv.tensor([True, False]).prod(), gv.int64),
        (lambda: gv.tensor([1, 2], dtype=gv.uint8).cumsum(0), gv.int64),
        (lambda: gv.tensor([1.0], dtype=gv.float16).sum(), gv.float16),
        (lambda: gv.tensor([1, 2]).mean(dtype=gv.float64), gv.float64),
        (lambda: gv.tensor([1, 0], dtype=gv.uint8).any(), gv.uint8),
        (lambda: gv.tensor([1.0, 0.0]).argmax(), gv.int64),
    ],
)
def test_types_of_results(function, kind):
    assert function().dtype is kind


def test_half_precision_is_added_up_in_single():
    assert gv.tensor([60000.0, 60000.0], dtype=gv.float16).mean().item() == 60000.0


def test_empty_tensors():
    empty = gv.tensor([])
    assert (empty.sum().item(), empty.prod().item()) == (0, 1)
    assert math.isnan(empty.mean().item())
    with pytest.raises(RuntimeError, match=r"max\(\): Expected reduction dim to be specified"):
        empty.max()
    with pytest.raises(IndexError, match=r"max\(\): Expected reduction dim 0 to have non-zero"):
        empty.max(0)
    with pytest.raises(IndexError, match=r"argmax\(\): Expected reduction dim"):
        empty.argmax()


def test_refusals():
    x = gv.tensor([[1.0, 2.0]])
    with pytest.raises(IndexError, match=r"Dimension out of range \(expected .* \[-2, 1\], but"):
        x.sum(2)
    with pytest.raises(RuntimeError, match="dim 0 appears multiple times in the list of dims"):
        x.sum((0, -2))
    with pytest.raises(RuntimeError, match=r"mean\(\): could not infer output dtype.*Got: Long"):
        gv.tensor([1, 2]).mean()


def test_results_of_several_parts_have_names():
    result = gv.tensor([[1.0, 5.0, 2.0]]).max(dim=1, keepdim=True)
    assert result.values.tolist() == [[5.0]]
    assert result.indices.tolist() == [[1]]
    assert repr(result).startswith("torch.return_types.max(\nvalues=tensor(")


def test_max_takes_a_dimension_or_another_tensor():
    assert gv.max(gv.tensor([1, 2]), gv.tensor(5)).tolist() == [5, 5]
    assert gv.max(gv.tensor([1, 2]), 0).indices.item() == 1


def test_no_dimensions_named_means_all():
    assert gv.tensor([[1.0, 3.0]]).sum(dim=()).item() == 4.0
    assert gv.tensor([[1.0, 3.0]]).sum(0, 1).shape == (1, 2)
