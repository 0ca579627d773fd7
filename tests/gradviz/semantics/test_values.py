"""Values and gradients at the edges where engines differ, as recorded from PyTorch 2.13."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

nan, inf = float("nan"), float("inf")

VALUES: list[tuple[str, Any]] = [
    ("slope(lambda x: x.max(), [1.0, 3, 3, 2])", [0.0, 0.5, 0.5, 0.0]),
    ("slope(lambda x: x.max(dim=0).values, [1.0, 3, 3, 2])", [0.0, 1.0, 0.0, 0.0]),
    ("slope(lambda x: x.amax(), [1.0, 3, 3, 2])", [0.0, 0.5, 0.5, 0.0]),
    ("slope(lambda x: x.amax(dim=0), [1.0, 3, 3, 2])", [0.0, 0.5, 0.5, 0.0]),
    ("slope(lambda x: x.min(), [1.0, 1, 1, 2])", [0.3333333, 0.3333333, 0.3333333, 0.0]),
    ("slope(lambda x: x.min(0).values, [1.0, 1, 1, 2])", [1.0, 0.0, 0.0, 0.0]),
    ("slope(lambda x: x.amin(0), [1.0, 1, 1, 2])", [0.3333333, 0.3333333, 0.3333333, 0.0]),
    ("slope(lambda x: x.aminmax().max, [1.0, 3, 3, 2])", [0.0, 0.5, 0.5, 0.0]),
    ("slope(gv.maximum, [1.0, 2, 3], [1.0, 3, 2])", [[0.5, 0.0, 1.0], [0.5, 1.0, 0.0]]),
    ("slope(gv.minimum, [1.0, 2, 3], [1.0, 3, 2])", [[0.5, 1.0, 0.0], [0.5, 0.0, 1.0]]),
    ("gv.tensor([1, 3, 3]).max(0).indices", 1),
    ("gv.tensor([1, 3, 3, 2]).argmax()", 1),
    ("gv.tensor([2, 1, 1]).argmin()", 1),
    ("gv.tensor([1.0, nan]).max()", nan),
    ("gv.tensor([3.0, 1, 3, 1]).kthvalue(2).indices", 3),
    ("slope(lambda x: x.kthvalue(2).values, [3.0, 1, 3, 1])", [0.0, 0.0, 0.0, 1.0]),
    ("slope(lambda x: x.median(), [1.0, 2, 2, 3])", [0.0, 0.5, 0.5, 0.0]),
    ("gv.tensor([1.0, 2, 3, 4]).median()", 2.0),
    ("gv.tensor([2.0, 1, 2, 1]).sort(stable=True).indices", [1, 3, 0, 2]),
    ("gv.tensor([2.0, 1, 2, 1]).sort(descending=True, stable=True).indices", [0, 2, 1, 3]),
    ("slope(lambda x: x.clamp(0, 1), [-1.0, 0, 0.5, 1, 2])", [0.0, 1.0, 1.0, 1.0, 0.0]),
    (
        "slope(lambda x, low, high: x.clamp(low, high), [0.0, 0.5, 1], [0.0, 0, 0], [1.0, 1, 1])",
        [[1.0, 1.0, 1.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]],
    ),
    ("gv.tensor([0.0, 1.5, 3]).clamp(min=2, max=1)", [1.0, 1.0, 1.0]),
    ("slope(gv.relu, [-1.0, -0.0, 0, 1])", [0.0, 0.0, 0.0, 1.0]),
    ("slope(lambda x: F.leaky_relu(x, 0.1), [-1.0, 0, 1])", [0.1, 0.1, 1.0]),
    ("slope(F.elu, [-1.0, 0, 1])", [0.3678795, 1.0, 1.0]),
    ("slope(gv.abs, [-2.0, 0, 3])", [-1.0, 0.0, 1.0]),
    ("slope(gv.sign, [-2.0, 0, 3])", [0.0, 0.0, 0.0]),
    ("F.gelu(gv.tensor([0.0, 1]))", [0.0, 0.8413447]),
    ("F.gelu(gv.tensor([0.0, 1]), approximate='tanh')", [0.0, 0.841192]),
    ("F.softplus(gv.tensor([25.0, 0]))", [25.0, 0.6931472]),
    ("gv.sigmoid(gv.tensor([-100.0, 100]))", [0.0, 1.0]),
    ("slope(gv.sigmoid, [-100.0, 100])", [0.0, 0.0]),
    ("slope(gv.sqrt, [0.0, 4])", [inf, 0.25]),
    ("slope(gv.sqrt, [-1.0])", [nan]),
    ("slope(gv.rsqrt, [0.0])", [-inf]),
    ("slope(gv.log, [0.0, -1])", [inf, -1.0]),
    ("slope(lambda x: 1 / x, [0.0])", [-inf]),
    ("slope(lambda a, b: a / b, [0.0], [0.0])", [[inf], [nan]]),
    ("slope(lambda x: x.norm(), [0.0, 0])", [0.0, 0.0]),
    ("slope(lambda x: x.norm(p=1), [0.0, 1])", [0.0, 1.0]),
    ("slope(lambda x: x.norm(p=3), [0.0, 0])", [0.0, 0.0]),
    ("slope(lambda x: x.norm(p=inf), [2.0, -2, 1])", [0.5, -0.5, 0.0]),
    ("slope(lambda x: (x**2).sum().sqrt(), [0.0, 0])", [nan, nan]),
    ("gv.logsumexp(gv.tensor([-inf, -inf]), 0)", -inf),
    ("slope(lambda x: x.logsumexp(0), [-inf, -inf])", [nan, nan]),
    ("gv.logsumexp(gv.tensor([1000.0, 1000]), 0)", 1000.693),
    ("slope(lambda x: x.prod(), [2.0, 0, 3])", [0.0, 6.0, 0.0]),
    ("slope(lambda x: x.prod(), [0.0, 0, 3])", [0.0, 0.0, 0.0]),
    ("slope(lambda x: x.prod(1), [[2.0, 0], [3, 4]])", [[0.0, 2.0], [4.0, 3.0]]),
    ("slope(lambda x: x.cumprod(0), [2.0, 0, 3])", [1.0, 8.0, 0.0]),
    ("slope(lambda x: x.cumsum(0), [1.0, 2, 3])", [3.0, 2.0, 1.0]),
    ("slope(lambda x: x**2, [0.0, -3])", [0.0, -6.0]),
    ("gv.tensor([0.0]) ** 0", [1.0]),
    ("slope(lambda x: x**0, [0.0, 0])", [0.0, 0.0]),
    ("gv.tensor([0.0, -1]) ** 0.5", [0.0, nan]),
    ("slope(lambda x: x**0.5, [0.0, -1])", [inf, nan]),
    ("slope(lambda x: x**1, [0.0])", [1.0]),
    ("slope(lambda x: x**-1, [0.0])", [-inf]),
    ("gv.tensor([0.0, 0, 0, 2, -2]) ** gv.tensor([0.0, 2, -1, 3, 3])", [1.0, 0.0, inf, 8.0, -8.0]),
    (
        "slope(gv.pow, [0.0, 0, 0, 2, -2], [0.0, 2, -1, 3, 3])",
        [[0.0, 0.0, -inf, 12.0, 12.0], [0.0, 0.0, -inf, 5.545177, nan]],
    ),
    ("slope(gv.pow, [-2.0], [0.5])", [[nan], [nan]]),
    ("slope(lambda e: 0**e, [0.0, 1, -1])", [0.0, 0.0, -inf]),
    ("slope(lambda e: 2**e, [0.0, 3])", [0.6931472, 5.545177]),
    ("gv.tensor([2]) ** 3", [8]),
    ("gv.tensor([4]) ** 0.5", [2.0]),
    ("slope(lambda x: gv.where(x > 0, gv.sqrt(x), 0.0), [0.0, -1, 4])", [nan, nan, 0.25]),
    ("gv.where(gv.tensor([True, False]), gv.tensor([1.0, 2]), 1.5)", [1.0, 1.5]),
    (
        "slope(lambda a, b: gv.where(gv.tensor([True, False]), a, b), [1.0], [1.0, 2])",
        [[1.0], [0.0, 1.0]],
    ),
    ("slope(lambda x: x.masked_fill(gv.tensor([True, False]), 9), [1.0, 2])", [0.0, 1.0]),
    ("slope(lambda x: x.masked_select(gv.tensor([True, False])), [1.0, 2])", [1.0, 0.0]),
    ("slope(lambda x: x.nansum(), [nan, 1.0, 2])", [0.0, 1.0, 1.0]),
    ("slope(gv.round, [0.5, 1.4])", [0.0, 0.0]),
    ("slope(gv.frac, [0.5, -1.4])", [1.0, 1.0]),
    ("gv.round(gv.tensor([0.5, 1.5, 2.5, -0.5]))", [0.0, 2.0, 2.0, -0.0]),
    ("gv.remainder(gv.tensor(-7.0), 3)", 2.0),
    ("gv.tensor(-7) // 2", -4),
    ("gv.tensor(-7) % 3", 2),
    ("slope(gv.remainder, [-7.0], [3.0])", [[1.0], [3.0]]),
    ("slope(lambda a, b: gv.div(a, b, rounding_mode='floor'), [7.0], [2.0])", [[0.0], [0.0]]),
    ("gv.tensor(1.0) // 0", inf),
    ("gv.sign(gv.tensor([nan, 0.0]))", [0.0, 0.0]),
    ("slope(lambda x: x[[0, 0, 1]], [1.0, 2, 3])", [2.0, 1.0, 0.0]),
    ("slope(lambda x: x.gather(0, gv.tensor([0, 0, 2])), [1.0, 2, 3])", [2.0, 0.0, 1.0]),
    (
        "gv.zeros(3).index_put((gv.tensor([0, 0, 1]),), gv.tensor(1.0), accumulate=True)",
        [2.0, 1.0, 0.0],
    ),
    ("gv.zeros(3).scatter_add(0, gv.tensor([0, 0, 1]), gv.tensor([1.0, 2, 3]))", [3.0, 3.0, 0.0]),
    ("slope(lambda x: x.index_select(0, gv.tensor([1, 1])), [1.0, 2])", [0.0, 2.0]),
    ("slope(lambda x: x.take(gv.tensor([0, 3, 3])), [[1.0, 2], [3, 4]])", [[1.0, 0.0], [0.0, 2.0]]),
    ("F.cross_entropy(gv.tensor([[1.0, 2, 3], [3, 2, 1]]), gv.tensor([2, 0]))", 0.4076059),
    (
        "slope(lambda x: F.cross_entropy(x, gv.tensor([2, 0])), [[1.0, 2, 3], [3, 2, 1]])",
        [[0.04501529, 0.1223642, -0.1673795], [-0.1673795, 0.1223642, 0.04501529]],
    ),
    ("F.cross_entropy(gv.tensor([[1.0, 2, 3]]), gv.tensor([-100]))", nan),
    ("F.cross_entropy(gv.tensor([[1.0, 2, 3]]), gv.tensor([-100]), reduction='sum')", 0.0),
    (
        "F.cross_entropy("
        "gv.tensor([[1.0, 2, 3], [3, 2, 1]]), gv.tensor([2, 0]), label_smoothing=0.1)",
        0.5076059,
    ),
    ("F.cross_entropy(gv.tensor([1.0, 2, 3]), gv.tensor(2))", 0.4076059),
    ("F.log_softmax(gv.tensor([1000.0, 0, -1000]), 0)", [0.0, -1000.0, -2000.0]),
    ("gv.softmax(gv.tensor([inf, 0.0]), 0)", [nan, nan]),
    ("gv.softmax(gv.tensor([-inf, -inf]), 0)", [nan, nan]),
    ("F.binary_cross_entropy(gv.tensor([0.0, 1]), gv.tensor([1.0, 0]))", 100.0),
    ("F.binary_cross_entropy_with_logits(gv.tensor([200.0, -200]), gv.tensor([0.0, 1]))", 200.0),
    ("slope(lambda x: F.l1_loss(x, gv.zeros(2)), [0.0, 1])", [0.0, 0.5]),
    ("slope(lambda x: F.smooth_l1_loss(x, gv.zeros(3)), [0.0, 1, 2])", [0.0, 0.3333333, 0.3333333]),
    ("F.huber_loss(gv.tensor([3.0]), gv.tensor([0.0]), delta=2.0)", 4.0),
    ("gv.tensor([1.0, 2, 3, 4]).std()", 1.290994),
    ("gv.tensor([1.0, 2, 3, 4]).var()", 1.666667),
    ("gv.tensor([1.0, 2, 3, 4]).std(unbiased=False)", 1.118034),
    ("slope(lambda x: x.std(), [1.0, 1, 1])", [0.0, 0.0, 0.0]),
    ("slope(lambda x: x.std(), [1.0, 2, 3, 4])", [-0.3872984, -0.1290995, 0.1290995, 0.3872984]),
    ("slope(lambda x: x.var(correction=0), [1.0, 2, 3, 4])", [-0.75, -0.25, 0.25, 0.75]),
    ("slope(lambda a, b: a * b, 2.0, [1.0, 2, 3])", [6.0, [2.0, 2.0, 2.0]]),
    ("gv.ones(2, 3).squeeze(0).sum(0)", [2.0, 2.0, 2.0]),
    ("gv.ones(4).sum(dim=())", 4.0),
    ("gv.tensor([]).mean()", nan),
    ("gv.tensor([]).sum()", 0.0),
    ("gv.tensor([]).prod()", 1.0),
    ("gv.einsum('ii->i', gv.eye(2))", [1.0, 1.0]),
    ("gv.einsum('ba', gv.tensor([[1, 2], [3, 4]]))", [[1, 3], [2, 4]]),
    ("slope(lambda x: x * x, [3.0])", [6.0]),
    ("gv.tensor(1e40)", inf),
    ("gv.tensor([300]).to(gv.uint8)", [44]),
    ("gv.tensor([-1.5]).to(gv.int64)", [-1]),
    ("gv.tensor(3, dtype=gv.int8) * 100", 44),
    ("gv.tensor([1, 1], dtype=gv.uint8) + 300", [45, 45]),
    ("bend(lambda x: F.elu(x, 2.0), [-1.0, 0, 1])", [0.7357589, 0.0, 0.0]),
    ("bend(F.selu, [-1.0, 0, 1])", [0.646769, 0.0, 0.0]),
    ("bend(lambda x: F.celu(x, 0.5), [-1.0, 0, 1])", [0.2706706, 0.0, 0.0]),
    ("bend(lambda x: F.huber_loss(x, x.detach() * 0), [0.0, 1, -1])", [0.3333333, 0.0, 0.0]),
    ("bend(lambda x: F.softplus(x, 2.0, 4.0), [2.0, 3])", [0.0, 0.0]),
    ("slope(lambda x: gv.atan2(x, x + 0), [0.0, 1])", [0.0, 0.0]),
    ("slope(lambda x: x.var(0), [1.0])", [nan]),
    ("slope(lambda x: gv.stack(gv.split(x, 1)[:1]), [1.0, 2])", [1.0, 0.0]),
    ("bend(lambda x: gv.split(x, (1, 2))[1] ** 3, [1.0, 2, 3])", [0.0, 12.0, 18.0]),
    ("gv.mvlgamma(gv.tensor([2.0, -0.25, 0.5]), 3)", [1.596313, 6.248836, inf]),
    ("gv.tensor(2.0).mT", 2.0),
]


def check_close(found: Any, expected: Any) -> None:
    """Numbers, or lists of lists of them, agree to the precision of float32."""
    if not isinstance(expected, list):
        assert found == pytest.approx(expected, rel=1e-5, abs=1e-7, nan_ok=True)
        return
    assert len(found) == len(expected)
    for mine, theirs in zip(found, expected, strict=True):
        check_close(mine, theirs)


@pytest.mark.parametrize(("text", "expected"), VALUES, ids=[text for text, _ in VALUES])
def test_value(evaluated: Callable[[str], Any], text: str, expected: Any) -> None:
    found = evaluated(text)
    check_close(found.tolist() if hasattr(found, "tolist") else found, expected)
