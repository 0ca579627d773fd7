"""Losses in terms of what a plan computes itself; see :mod:`gradviz.plan.lowering`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from gradviz.ops.axes import count
from gradviz.ops.classification import target_weights
from gradviz.ops.spec import Array
from gradviz.plan.values import Builder, Value

Attrs = Mapping[str, Any]


def is_float(value: Any) -> bool:
    """Whether an input is a value of single or double precision."""
    return isinstance(value, Value) and value.dtype.name in ("float32", "float64")


def as_value(b: Builder, value: Any) -> Value:
    """An input as a value."""
    return value if isinstance(value, Value) else b.constant(value)


def reduction(b: Builder, kind: str, x: Value, axes: tuple[int, ...], keepdim: bool) -> Value:
    """One of the reductions over axes counted from the front; a mean is a sum, divided."""
    reduced = b.make("sum" if kind == "mean" else kind, x, settings=(axes, keepdim)) if axes else x
    if kind != "mean" or not axes:
        return reduced
    return b.make("true_divide", reduced, b.constant(x.dtype.type(count(x.shape, axes))))


def of_singles(b: Builder, single: Value, name: str) -> Value:
    """The mean or sum of single losses, or they themselves."""
    if name == "none":
        return single
    return reduction(b, name, single, tuple(range(len(single.shape))), False)


def by_difference(
    losses: Callable[[Builder, Value, Attrs], Value],
) -> Callable[[Builder, tuple[Any, ...], Attrs], Value | None]:
    """Losses of the difference of prediction and target."""

    def rule(b: Builder, inputs: tuple[Any, ...], attrs: Attrs) -> Value | None:
        first, second = (as_value(b, v) for v in inputs)
        if not (is_float(first) and is_float(second)) or 0 in first.shape:
            return None
        single = losses(b, b.make("subtract", first, second), attrs)
        return of_singles(b, single, attrs["reduction"])

    return rule


def squared(b: Builder, difference: Value, attrs: Attrs) -> Value:
    """The square."""
    return b.make("multiply", difference, difference)


def absolute(b: Builder, difference: Value, attrs: Attrs) -> Value:
    """The size."""
    return b.make("absolute", difference)


def smooth_l1(b: Builder, difference: Value, attrs: Attrs) -> Value:
    """A square near zero, then a line."""
    beta, size = attrs["beta"], b.make("absolute", difference)
    if beta == 0:
        return size
    near = b.make("true_divide", b.make("multiply", 0.5, b.make("multiply", size, size)), beta)
    far = b.make("subtract", size, 0.5 * beta)
    return b.make("where", b.make("less", size, beta), near, far)


def huber(b: Builder, difference: Value, attrs: Attrs) -> Value:
    """Half a square near zero, then a line."""
    delta, size = attrs["delta"], b.make("absolute", difference)
    near = b.make("multiply", 0.5, b.make("multiply", size, size))
    far = b.make("multiply", delta, b.make("subtract", size, 0.5 * delta))
    return b.make("where", b.make("less_equal", size, delta), near, far)


class Probabilities:
    """Passes probabilities on, and refuses what is none."""

    label = "probabilities"
    why = "refuses what is no probability"

    def __call__(self, p: Array) -> Array:
        """``p``, or the engine's error."""
        if not np.all((p >= 0) & (p <= 1) | np.isnan(p)):
            raise RuntimeError("all elements of input should be between 0 and 1")
        return p


PROBABILITIES = Probabilities()


def binary_cross_entropy(b: Builder, inputs: tuple[Any, ...], attrs: Attrs) -> Value | None:
    """The surprise at bits, each logarithm held above −100."""
    p, t = (as_value(b, v) for v in inputs[:2])
    if not (is_float(p) and p.shape == t.shape and p.dtype == t.dtype) or 0 in p.shape:
        return None
    p = b.make("call", p, settings=(PROBABILITIES, (0,), True))
    against = b.make("maximum", b.make("log1p", b.make("negative", p)), -100)
    losses = b.make("multiply", b.make("subtract", t, 1), against)
    losses = b.make(
        "subtract", losses, b.make("multiply", t, b.make("maximum", b.make("log", p), -100))
    )
    losses = losses if inputs[2] is None else b.make("multiply", losses, inputs[2])
    return of_singles(b, losses, attrs["reduction"])


def with_logits(b: Builder, inputs: tuple[Any, ...], attrs: Attrs) -> Value | None:
    """The surprise of scores, without overflow."""
    x, t = (as_value(b, v) for v in inputs[:2])
    weight, positive = inputs[2:]
    if not (is_float(x) and x.shape == t.shape and x.dtype == t.dtype) or 0 in x.shape:
        return None
    bent = b.make("logaddexp", b.constant(np.zeros((), x.dtype)), b.make("negative", x))
    if positive is not None:
        extra = b.make("multiply", b.make("subtract", positive, 1), t)
        bent = b.make("multiply", b.make("add", 1, extra), bent)
    losses = b.make("add", b.make("multiply", b.make("subtract", 1, t), x), bent)
    losses = losses if weight is None else b.make("multiply", losses, weight)
    return of_singles(b, losses, attrs["reduction"])


def known(values: tuple[Any, ...]) -> bool:
    """Whether inputs are the same at every point."""
    return all(not isinstance(v, Value) or v.constant for v in values)


def arrays(values: tuple[Any, ...]) -> list[Any]:
    """Known inputs as the arrays they are."""
    return [v.example if isinstance(v, Value) else v for v in values]


def weighed(b: Builder, logs: Value, others: tuple[Any, ...], attrs: Attrs) -> Value | None:
    """Minus the log-probabilities, by weights that are known."""
    if not is_float(logs) or not known(others) or attrs["reduction"] == "none" or not logs.shape:
        return None
    settings = {a.name: attrs.get(a.name, a.default) for a in target_weights.attrs}
    weights = target_weights.forward(
        np.zeros(logs.shape, logs.dtype), *arrays(others),
        **{**settings, "reduction": "sum"},
    )  # fmt: skip
    mean = attrs["reduction"] == "mean"
    if mean and (others[1] is not None or attrs.get("label_smoothing", 0.0)):
        return None
    terms = b.make("multiply", b.make("negative", logs), b.constant(weights))
    if (weights == 0).any():
        zero = b.constant(logs.dtype.type(0))
        terms = b.make("where", b.constant(weights == 0), zero, terms)
    loss = b.make("sum", terms, settings=(tuple(range(len(logs.shape))), False))
    total = b.constant(np.sum(weights, dtype=logs.dtype))
    return b.make("true_divide", loss, total) if mean else loss


def known_weights(b: Builder, inputs: tuple[Any, ...], attrs: Attrs) -> Value | None:
    """Weights of log-probabilities where the targets are known, whatever the scores."""
    scores, *others = inputs
    if not isinstance(scores, Value) or not known(tuple(others)):
        return None
    blank = np.zeros(scores.shape, scores.dtype)
    return b.constant(target_weights.forward(blank, *arrays(tuple(others)), **attrs))
