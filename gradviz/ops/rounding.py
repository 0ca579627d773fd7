"""Rounding to decimals and clamping to bounds."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradviz.ops.dtypes import result_type_of
from gradviz.ops.naming import by_last
from gradviz.ops.reductions import one_input
from gradviz.ops.spec import Array, Attr, Op, Port, example

MOST_DIGITS = 400
"""Powers of ten beyond this are infinite, and NumPy multiplies its way to them."""
_VALUES = [-2.7, -0.4, 0.3, 1.4, 3.14]


def _round(input: Array, decimals: int) -> Array:
    array = np.asarray(input)
    digits = min(max(decimals, -MOST_DIGITS), MOST_DIGITS)
    return array if array.dtype.kind in "iu" else np.round(array, digits)


round = Op(
    name="round", family="Rounding", category="elem", symbol="≈",
    doc="Each element rounded to the nearest whole number (halves to the even one) or decimal.",
    ports=one_input("zeros_like(g)"),
    attrs=(Attr(name="decimals", kind="int", default=0, keyword_only=True,
                doc="How many digits to keep behind the point."),),
    forward=_round,
    meaning={"input": "steps are flat: a small change of {input} changes nothing"},
    examples=(example(_VALUES), example(_VALUES, decimals=1)), in_place=True, elementwise=True,
)  # fmt: skip


def _clamp(input: Array, min: Any, max: Any) -> Array:
    if min is None and max is None:
        raise RuntimeError("torch.clamp: At least one of 'min' or 'max' must not be None")
    bounds = [b for b in (min, max) if b is not None]
    array = np.asarray(input)
    array = array.astype(result_type_of([array, *bounds]).numpy, copy=False)
    if min is not None:
        array = np.maximum(array, min)
    return array if max is None else np.minimum(array, max)


def _clamp_min(input: Array, min: Any) -> Array:
    return _clamp(input, min, None)


def _clamp_max(input: Array, max: Any) -> Array:
    return _clamp(input, None, max)


_PASSES = "g * (True if min is None else input >= min) * (True if max is None else input <= max)"
_CLAMPED = {
    "input": "between the bounds, and at them, {out} follows {input}; beyond them nothing passes",
    "min": "where {input} would be below it {out} is {min}, and follows that instead",
    "max": "where {input} would be above it {out} is {max}, and follows that instead",
}

clamp = Op(
    name="clamp", family="Rounding", category="elem", symbol="⊓",
    doc="Each element, or the nearer bound where it lies outside the bounds.",
    ports=one_input(_PASSES),
    attrs=(
        Attr(name="min", kind="number", default=None, optional=True, doc="The lower bound."),
        Attr(name="max", kind="number", default=None, optional=True, doc="The upper bound."),
    ),
    forward=_clamp, meaning={"input": _CLAMPED["input"]},
    examples=(example(_VALUES, min=-1.0, max=2.0), example(_VALUES, min=0.0),
              example(_VALUES, max=1)),
    aliases=("clip",), search=("limit to a range",), in_place=True, elementwise=True,
)  # fmt: skip

clamp_tensor = Op(
    name="clamp.Tensor", family="Rounding", category="elem", symbol="⊓",
    doc="Each element, or the nearer of two bounds that are tensors.",
    ports=(
        Port(name="input", doc="The tensor.", grad=_PASSES),
        Port(name="min", doc="The lower bounds.", optional=True, number=True,
             grad="g * (input < min) * (True if max is None else min < max)"),
        Port(name="max", doc="The upper bounds.", optional=True, number=True,
             grad="g * (input > max if min is None else (input > max) | (max < min))"),
    ),
    forward=_clamp, meaning=_CLAMPED,
    examples=(
        example(_VALUES, [-1.0, -1.0, 0.5, 0.5, 0.5], [1.0, 1.0, 1.0, 1.5, 2.0]),
        example(_VALUES, None, [1.0, 1.0, 1.0, 1.5, 2.0]),
    ),
    in_place=True, elementwise=True, addable=False,
)  # fmt: skip

clamp_min = Op(
    name="clamp_min", family="Rounding", category="elem", symbol="⊔",
    backward_name=by_last("ClampMin"),
    doc="Each element, or the bound where it lies below it.",
    ports=(
        Port(name="input", doc="The tensor.", grad="g * (input >= min)"),
        Port(name="min", doc="The lower bound.", number=True, grad="g * (input < min)"),
    ),
    forward=_clamp_min,
    meaning={k: _CLAMPED[k] for k in ("input", "min")},
    examples=(example(_VALUES, 0.0),), in_place=True, elementwise=True,
    addable=False,
)  # fmt: skip

clamp_max = Op(
    name="clamp_max", family="Rounding", category="elem", symbol="⊓",
    backward_name=by_last("ClampMax"),
    doc="Each element, or the bound where it lies above it.",
    ports=(
        Port(name="input", doc="The tensor.", grad="g * (input <= max)"),
        Port(name="max", doc="The upper bound.", number=True, grad="g * (input > max)"),
    ),
    forward=_clamp_max,
    meaning={k: _CLAMPED[k] for k in ("input", "max")},
    examples=(example(_VALUES, 1.0),), in_place=True, elementwise=True,
    addable=False,
)  # fmt: skip
