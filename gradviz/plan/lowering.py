"""Operations in terms of what a plan computes itself, in the order their ``forward`` does.

What is not here runs by its own ``forward``, as a call in the plan. A rule returns None where
its settings or types ask for more than it covers; the call is then what remains.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from gradviz.ops.arithmetic import WHOLE_POWERS
from gradviz.ops.axes import axes_of, kept_shape
from gradviz.ops.classification import class_dim
from gradviz.ops.dims import wrap_dim
from gradviz.ops.dual import broadcast_axes, by_product
from gradviz.ops.kinds import is_array
from gradviz.ops.spec import Array, Op, Shape
from gradviz.plan.losses import (
    absolute,
    as_value,
    binary_cross_entropy,
    by_difference,
    huber,
    is_float,
    known_weights,
    reduction,
    smooth_l1,
    squared,
    weighed,
    with_logits,
)
from gradviz.plan.values import Builder, Value

Attrs = Mapping[str, Any]
Rule = Callable[[Builder, tuple[Any, ...], Attrs], "Value | None"]


def scaled_sum(kind: str) -> Rule:
    """Sums and differences with a factor on the second operand."""

    def rule(b: Builder, inputs: tuple[Any, ...], attrs: Attrs) -> Value:
        first, other = inputs
        alpha = attrs["alpha"]
        return b.make(kind, first, other if alpha == 1 else b.make("multiply", other, alpha))

    return rule


def square(b: Builder, inputs: tuple[Any, ...], attrs: Attrs) -> Value | None:
    """A square as a product."""
    return b.make("multiply", inputs[0], inputs[0]) if is_float(inputs[0]) else None


def power(b: Builder, inputs: tuple[Any, ...], attrs: Attrs) -> Value | None:
    """Powers of floating-point numbers, small whole ones as products as the operation has them."""
    base, exponent = inputs
    if is_float(base) and type(exponent) in (int, float) and exponent in WHOLE_POWERS:
        half = base if exponent < 4 else power(b, (base, exponent // 2), attrs)
        even = b.make("multiply", half, half)
        return b.make("multiply", even, base) if exponent % 2 else even
    return b.make("power", base, exponent) if is_float(base) or is_float(exponent) else None


def operator_power(b: Builder, base: Any, exponent: Any) -> Value:
    """``base ** exponent`` as NumPy's operator has it, with its own ways for a few exponents."""
    if is_float(base) and type(exponent) in (int, float):
        if exponent == 0.5:
            return b.make("sqrt", base)
        if exponent == -1:
            return b.make("reciprocal", base)
    return b.make("power", base, exponent)


def negative(b: Builder, inputs: tuple[Any, ...], attrs: Attrs) -> Value | None:
    """The other sign, of anything but booleans, which are refused."""
    return b.make("negative", inputs[0]) if is_float(inputs[0]) else None


def rsqrt(b: Builder, inputs: tuple[Any, ...], attrs: Attrs) -> Value:
    """One over the root."""
    return b.make("reciprocal", b.make("sqrt", inputs[0]))


def relu(b: Builder, inputs: tuple[Any, ...], attrs: Attrs) -> Value | None:
    """The larger of it and zero."""
    return b.make("maximum", inputs[0], 0) if is_float(inputs[0]) else None


def sigmoid(b: Builder, inputs: tuple[Any, ...], attrs: Attrs) -> Value | None:
    """Without overflow on either side."""
    (x,) = inputs
    if not is_float(x):
        return None
    small = b.make("exp", b.make("negative", b.make("absolute", x)))
    whole = b.make("add", 1, small)
    right = b.make("true_divide", 1, whole)
    return b.make("where", b.make("greater_equal", x, 0), right,
                  b.make("true_divide", small, whole))  # fmt: skip


def silu(b: Builder, inputs: tuple[Any, ...], attrs: Attrs) -> Value | None:
    """``x / (1 + exp(-x))``."""
    (x,) = inputs
    if not is_float(x):
        return None
    return b.make("true_divide", x, b.make("add", 1, b.make("exp", b.make("negative", x))))


def softplus(b: Builder, inputs: tuple[Any, ...], attrs: Attrs) -> Value | None:
    """A straight line above the threshold."""
    (x,) = inputs
    if not is_float(x):
        return None
    scaled = b.make("multiply", x, attrs["beta"])
    bent = b.make("true_divide", b.make("log1p", b.make("exp", scaled)), attrs["beta"])
    return b.make("where", b.make("greater", scaled, attrs["threshold"]), x, bent)


def leaky_relu(b: Builder, inputs: tuple[Any, ...], attrs: Attrs) -> Value | None:
    """A part of what is below zero."""
    (x,) = inputs
    if not is_float(x):
        return None
    part = b.make("multiply", x, attrs["negative_slope"])
    return b.make("where", b.make("greater", x, 0), x, part)


def elu(b: Builder, inputs: tuple[Any, ...], attrs: Attrs) -> Value | None:
    """An exponential below zero."""
    (x,) = inputs
    if not is_float(x):
        return None
    low = b.make("multiply", attrs["alpha"], b.make("expm1", x))
    return b.make("where", b.make("greater", x, 0), x, low)


def step(b: Builder, inputs: tuple[Any, ...], attrs: Attrs) -> Value | None:
    """One value above zero, another below."""
    (x,) = inputs
    if not is_float(x):
        return None
    above = b.make("greater", x, 0)
    low, high = (b.constant(x.dtype.type(attrs[n])) for n in ("low", "high"))
    if attrs["low"] == 0 and attrs["high"] == 1:
        return b.make("cast", above, settings=(x.dtype,))
    return b.make("where", above, high, low)


def where(b: Builder, inputs: tuple[Any, ...], attrs: Attrs) -> Value | None:
    """A choice by booleans."""
    condition = inputs[0]
    if isinstance(condition, bool) or np.asarray(getattr(condition, "example", condition)
                                                 ).dtype == np.bool_:  # fmt: skip
        return b.make("where", *inputs)
    return None


def clamp(b: Builder, inputs: tuple[Any, ...], attrs: Attrs) -> Value | None:
    """Between two numbers."""
    (x,) = inputs
    low, high = attrs["min"], attrs["max"]
    if not is_float(x) or (low is None and high is None):
        return None
    x = x if low is None else b.make("maximum", x, low)
    return x if high is None else b.make("minimum", x, high)


def reduced(kind: str) -> Rule:
    """A reduction over dimensions; a mean is a sum, divided."""

    def rule(b: Builder, inputs: tuple[Any, ...], attrs: Attrs) -> Value | None:
        (x,) = inputs
        if not is_float(x) or attrs.get("dtype") is not None or 0 in x.shape:
            return None
        dim, keepdim = attrs.get("dim"), bool(attrs.get("keepdim", False))
        return reduction(b, kind, x, axes_of(dim, len(x.shape)), keepdim)

    return rule


def spread(b: Builder, inputs: tuple[Any, ...], attrs: Attrs) -> Value:
    """What a reduction gave, once for each element it was made of."""
    (x,), shape = inputs, tuple(attrs["shape"])
    if not attrs["keepdim"] and len(x.shape) != len(shape):
        x = b.make("reshape", x, settings=(kept_shape(shape, attrs["dim"]),))
    return b.make("broadcast", x, settings=(shape,))


def matmul(b: Builder, inputs: tuple[Any, ...], attrs: Attrs) -> Value | None:
    """A matrix product of what has axes and is of one type."""
    first, second = (as_value(b, v) for v in inputs)
    if not is_float(first) or first.dtype != second.dtype or not (first.shape and second.shape):
        return None
    return b.make("matmul", first, second)


def linear(b: Builder, inputs: tuple[Any, ...], attrs: Attrs) -> Value | None:
    """A product with the transposed weights, and a bias."""
    first, weight = (as_value(b, v) for v in inputs[:2])
    if not is_float(first) or not (first.shape and weight.shape):
        return None
    product = b.make("matmul", first, transposed(b, weight))
    return product if inputs[2] is None else b.make("add", product, inputs[2])


def fitted(b: Builder, x: Value, shape: Shape) -> Value:
    """Stretched to ``shape`` or summed over what broadcasting from it added."""
    if x.shape == shape:
        return x
    if by_product(x.shape, shape, x.dtype):
        return b.make("matmul", b.constant(np.ones(x.shape[0], x.dtype)), x)
    whole = np.broadcast_shapes(x.shape, shape)
    x = b.make("broadcast", x, settings=(whole,))
    axes = broadcast_axes(whole, shape)
    total = b.make("sum", x, settings=(axes, True)) if axes else x
    return b.make("reshape", total, settings=(shape,))


def sum_to_size(b: Builder, inputs: tuple[Any, ...], attrs: Attrs) -> Value | None:
    """Sums over what broadcasting added."""
    (x,), shape = inputs, tuple(attrs["size"])
    return fitted(b, x, shape) if is_float(x) else None


def transposed(b: Builder, x: Value) -> Value:
    """With all axes in reverse."""
    return b.make("transpose", x, settings=(tuple(range(len(x.shape)))[::-1],))


def shifted(b: Builder, x: Value, dim: int) -> tuple[Value, int]:
    """Scores less the largest along a dimension, as a softmax takes them, and the axis."""
    axis = wrap_dim(dim, len(x.shape))
    return b.make("subtract", x, b.make("largest", x, settings=((axis,), True))), axis


def softmax(b: Builder, inputs: tuple[Any, ...], attrs: Attrs) -> Value | None:
    """Shares of exponentials."""
    (x,) = inputs
    if not is_float(x) or attrs["dtype"] is not None or not x.shape or 0 in x.shape:
        return None
    low, axis = shifted(b, x, attrs["dim"])
    powers = b.make("exp", low)
    return b.make("true_divide", powers, b.make("sum", powers, settings=((axis,), True)))


def log_softmax(b: Builder, inputs: tuple[Any, ...], attrs: Attrs) -> Value | None:
    """The logarithm of a softmax."""
    (x,) = inputs
    if not is_float(x) or attrs["dtype"] is not None or not x.shape or 0 in x.shape:
        return None
    low, axis = shifted(b, x, attrs["dim"])
    total = b.make("sum", b.make("exp", low), settings=((axis,), True))
    return b.make("subtract", low, b.make("log", total))


def cross_entropy(b: Builder, inputs: tuple[Any, ...], attrs: Attrs) -> Value | None:
    """Weighted log-probabilities of a softmax."""
    scores = inputs[0]
    if not is_float(scores) or not scores.shape:
        return None
    logs = log_softmax(b, (scores,), {"dim": class_dim(scores.shape), "dtype": None})
    return None if logs is None else weighed(b, logs, inputs[1:], attrs)


def nll_loss(b: Builder, inputs: tuple[Any, ...], attrs: Attrs) -> Value | None:
    """Weighted log-probabilities."""
    return weighed(b, inputs[0], inputs[1:], attrs)


def unchanged(b: Builder, inputs: tuple[Any, ...], attrs: Attrs) -> Value | None:
    """What only matters to gradients or memory."""
    return inputs[0] if is_float(inputs[0]) else None


def filled_like(number: float) -> Rule:
    """Zeros or ones of the shape and type of a value."""

    def rule(b: Builder, inputs: tuple[Any, ...], attrs: Attrs) -> Value | None:
        (x,) = inputs
        if not isinstance(x, Value) or attrs.get("dtype") is not None:
            return None
        return b.constant(np.full(x.shape, number, x.dtype))

    return rule


def in_order(b: Builder, inputs: tuple[Any, ...], attrs: Attrs, op: Op) -> Value | None:
    """A view of all elements in another shape or order, whichever operation it is."""
    (x,) = inputs
    if not isinstance(x, Value) or op.category not in ("shape", "index"):
        return None
    places: Array = np.arange(int(x.example.size)).reshape(x.shape)
    given: Any = op.forward(places, **attrs)
    if not is_array(given):
        return None
    found: Array = given
    if found.size == places.size and np.array_equal(found.reshape(-1), places.reshape(-1)):
        return b.make("reshape", x, settings=(found.shape,))
    if (
        places.size
        and stretches(places.shape, found.shape)
        and np.array_equal(np.broadcast_to(places, found.shape), found)
    ):
        return b.make("broadcast", x, settings=(found.shape,))
    flat = b.make("reshape", x, settings=((x.example.size,),))
    return b.make("take", flat, settings=(found,))


def stretches(shape: Shape, wide: Shape) -> bool:
    """Whether ``shape`` broadcasts to ``wide``."""
    pairs = zip(reversed(shape), reversed(wide), strict=False)
    return len(shape) <= len(wide) and all(a in (1, b) for a, b in pairs)


def transpose_of(b: Builder, inputs: tuple[Any, ...], attrs: Attrs, op: Op) -> Value | None:
    """Another order of axes, found on a shape in which every axis differs."""
    (x,) = inputs
    if not isinstance(x, Value):
        return None
    sizes = tuple(range(2, 2 + len(x.shape)))
    turned = op.forward(np.broadcast_to(np.empty(()), sizes), **attrs)
    order = tuple(sizes.index(n) for n in turned.shape)
    return b.make("transpose", x, settings=(order,))


RULES: Mapping[str, Rule] = {
    "add": scaled_sum("add"), "sub": scaled_sum("subtract"), "square": square, "pow": power,
    "neg": negative, "rsqrt": rsqrt, "relu": relu, "sigmoid": sigmoid, "silu": silu,
    "softplus": softplus, "leaky_relu": leaky_relu, "elu": elu, "step": step, "where": where,
    "clamp": clamp, "sum": reduced("sum"), "mean": reduced("mean"), "max": reduced("largest"),
    "min": reduced("smallest"), "amax": reduced("largest"), "amin": reduced("smallest"),
    "spread": spread, "sum_to_size": sum_to_size,
    **dict.fromkeys(("matmul", "mm", "mv", "dot", "bmm"), matmul),
    "linear": linear, "softmax": softmax, "log_softmax": log_softmax,
    "mse_loss": by_difference(squared), "l1_loss": by_difference(absolute),
    "smooth_l1_loss": by_difference(smooth_l1), "huber_loss": by_difference(huber),
    "binary_cross_entropy": binary_cross_entropy, "cross_entropy": cross_entropy,
    "binary_cross_entropy_with_logits": with_logits, "nll_loss": nll_loss,
    "target_weights": known_weights, **dict.fromkeys(("detach", "clone", "contiguous"), unchanged),
    "zeros_like": filled_like(0.0), "ones_like": filled_like(1.0),
}  # fmt: skip
"""By operation. Operations whose ``forward`` is a NumPy function need no rule."""

ORDERS = frozenset({"transpose", "t", "permute", "movedim"})
"""Views that only change the order of axes."""
