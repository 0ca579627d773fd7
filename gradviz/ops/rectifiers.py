"""Activations made of straight pieces: each lets a range of values pass and bends the rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gradviz.ops.activations import FUNCTIONAL, check_floating
from gradviz.ops.dtypes import of_numpy
from gradviz.ops.reductions import one_input
from gradviz.ops.spec import Array, Attr, Op, Port, Saving, example

_VALUES = [-4.2, -2.7, -0.8, -0.2, 0.3, 0.9, 2.4, 3.14, 6.5]
_LAMBDA = Attr(name="lambd", kind="number", default=0.5, low=0, doc="Up to where nothing passes.")


def activation(
    name: str, doc: str, symbol: str, rule: str, forward: Callable[..., Array], meaning: str,
    *attrs: Attr, **more: Any,
) -> Op:  # fmt: skip
    """The description of an activation of one tensor, element by element."""
    return Op(
        name=name, family="Activation", category="elem", symbol=symbol, doc=doc,
        ports=one_input(rule), attrs=attrs, forward=forward, torch=FUNCTIONAL + name,
        meaning={"input": meaning}, elementwise=True, function=more.pop("function", False),
        method=more.pop("method", False), examples=more.pop("examples", (example(_VALUES),)),
        **more,
    )  # fmt: skip


def _clipped(name: str) -> Callable[..., Array]:
    def forward(input: Array, min_val: float = 0.0, max_val: float = 6.0) -> Array:
        array = np.asarray(input)
        if min_val > max_val:
            raise ValueError("min_val cannot be greater than max_val")
        kind = of_numpy(array.dtype)
        if kind.name == "bool" or (kind.name == "uint8" and name == "hardtanh"):
            raise RuntimeError(f"{name.capitalize()} not implemented for '{kind.name}'")
        return np.clip(array, np.asarray(min_val).astype(array.dtype),
                       np.asarray(max_val).astype(array.dtype))  # fmt: skip

    return forward


relu6 = activation(
    "relu6", "Each element where it is between 0 and 6, else the nearer of the two.", "relu6",
    "g * (step(input) * step(6 - input))", _clipped("relu6"),
    "between 0 and 6 {out} follows {input}; beyond nothing passes",
    search=("clipped rectifier",), backward_name="HardtanhBackward0",
)  # fmt: skip

hardtanh = activation(
    "hardtanh", "Each element where it is between two bounds, else the nearer of the two.", "htanh",
    "g * (step(input - min_val) * step(max_val - input))", _clipped("hardtanh"),
    "between the bounds {out} follows {input}; beyond nothing passes",
    Attr(name="min_val", kind="number", default=-1.0, doc="The lower bound."),
    Attr(name="max_val", kind="number", default=1.0, doc="The upper bound."),
    examples=(example(_VALUES), example(_VALUES, min_val=-3.0, max_val=0.5)),
    search=("limit to a range",),
)  # fmt: skip


def _hardsigmoid(input: Array) -> Array:
    array = np.asarray(input)
    check_floating("hardsigmoid_cpu", array)
    return np.clip(array + 3, 0, 6) / array.dtype.type(6)


hardsigmoid = activation(
    "hardsigmoid", "A sigmoid of straight pieces: 0 below −3, 1 above 3, a line between.", "hσ",
    "g * (step(input + 3) * step(3 - input) / 6)", _hardsigmoid,
    "between −3 and 3 a sixth of each unit of {input} passes, beyond nothing",
)  # fmt: skip


def _hardswish(input: Array) -> Array:
    array = np.asarray(input)
    check_floating("hardswish_cpu", array)
    return array * np.clip(array + 3, 0, 6) / array.dtype.type(6)


hardswish = activation(
    "hardswish", "Each element times its hardsigmoid: a silu of simpler pieces.", "hswish",
    "g * where(input <= -3, 0.0, where(input < 3, input / 3 + 0.5, 1.0))", _hardswish,
    "below −3 nothing passes, above 3 all, and in between ever more",
)  # fmt: skip


def _threshold(input: Array, threshold: float, value: float) -> Array:
    array = np.asarray(input)
    if array.dtype == np.bool_:
        raise NotImplementedError("\"threshold_cpu\" not implemented for 'Bool'")
    return np.where(array <= threshold, np.asarray(value).astype(array.dtype), array)


threshold = activation(
    "threshold", "Each element above a threshold, and a number in place of the others.", "thr",
    "g * step(input - threshold)", _threshold,
    "above the threshold {out} follows {input}; elsewhere nothing passes",
    Attr(name="threshold", kind="number", doc="Above which elements pass."),
    Attr(name="value", kind="number", doc="What takes the place of the others."),
    examples=(example(_VALUES, threshold=0.5, value=9.0),), function=True,
)  # fmt: skip


def _softshrink(input: Array, lambd: float) -> Array:
    array = np.asarray(input)
    check_floating("softshrink_check", array)
    if lambd < 0:
        kind = of_numpy(array.dtype).legacy_name
        top = f"{float(np.finfo(array.dtype).max):g}"
        raise RuntimeError(
            f"lambda must be in range [0, {top}] for input dtype {kind}, but found {lambd:g}"
        )
    bent = np.where(array > lambd, array - array.dtype.type(lambd), array * 0)
    return np.where(array < -lambd, array + array.dtype.type(lambd), bent)


softshrink = activation(
    "softshrink", "Each element brought nearer to zero by a distance, at most to zero.", "shrink",
    "g * (step(input - lambd) + step(-lambd - input))", _softshrink,
    "far from zero {out} follows {input}, nearer than {lambd} nothing passes", _LAMBDA,
   search=("soft threshold",),
)  # fmt: skip


def _hardshrink(input: Array, lambd: float) -> Array:
    array = np.asarray(input)
    check_floating("hardshrink_cpu", array)
    return np.where((array >= -lambd) & (array <= lambd), array.dtype.type(0), array)


hardshrink = activation(
    "hardshrink", "Each element that lies further from zero than a distance; zero for others.",
    "hshrink", "g * (1 - (1 - step(input - lambd)) * (1 - step(-lambd - input)))", _hardshrink,
    "far from zero {out} follows {input}, nearer than {lambd} nothing passes", _LAMBDA,
   search=("hard threshold",), function=True, method=True,
)  # fmt: skip


def _slopes(array: Array, weight: Array) -> Array:
    """The slope below zero of each channel, in as many dimensions as the input has."""
    if weight.ndim == 0 or weight.size == 1:
        return weight.reshape([1] * array.ndim)
    return weight.reshape([-1 if axis == 1 else 1 for axis in range(array.ndim)])


def _prelu(input: Array, weight: Array) -> Array:
    array, slopes = np.asarray(input), np.asarray(weight)
    if array.dtype != slopes.dtype:
        kinds = [of_numpy(a.dtype).legacy_name for a in (array, slopes)]
        raise RuntimeError(f"prelu: Type promoting not supported. Got {kinds[0]} and {kinds[1]}")
    if slopes.ndim > 1:
        raise RuntimeError(
            f"prelu: Expected `weight` to be a scalar or 1D tensor, but got: ndim = {slopes.ndim}"
        )
    if slopes.size != 1:
        if not array.ndim:
            raise RuntimeError("Not allow zero-dim input tensor.")
        channels = array.shape[1] if array.ndim > 1 else 1
        if channels != slopes.size:
            raise RuntimeError(
                "Mismatch of parameter numbers and input channel size. Found parameter numbers = "
                f"{slopes.size} and channel size = {channels}."
            )
    check_floating("prelu_cpu", array)
    return np.where(array > 0, array, array * _slopes(array, slopes))


_SHAPED = (
    "reshape(weight, tuple(-1 if d == 1 else 1 for d in range(len(input_shape)))"
    " if count(weight_shape) != 1 else (1,) * len(input_shape))"
)
prelu = Op(
    name="prelu", family="Activation", category="elem", symbol="prelu",
    doc="Each element where it is positive, else a learned part of it.",
    ports=(
        Port(name="input", doc="Samples of channels.", promote=False,
             grad=f"g * (step(input) + step(input, 1.0, 0.0) * {_SHAPED})"),
        Port(
            name="weight", doc="The slope below zero, for all or for each channel.", promote=False,
            grad="reshape(sum_to_size(g * input * step(input, 1.0, 0.0), tuple(n if d == 1 and"
            " count(weight_shape) != 1 else 1 for d, n in zip(range(len(input_shape)),"
            " input_shape))), weight_shape)",
        ),
    ),
    forward=_prelu, torch=f"{FUNCTIONAL}prelu", promotion="none",
    meaning={"input": "where {input} is positive {out} follows it; below, the part {weight}",
             "weight": "the slope counts only where {input} is negative, as much as {input} is"},
    examples=(example(_VALUES, 0.25 * np.ones(1)),
              example([[0.5, -1.0], [-2.0, 0.25]], [0.5, 0.1])),
    search=("parametric rectifier",), backward_name="PreluKernelBackward0",
    saving=Saving(keeps={"weight": ("weight",)}),
)  # fmt: skip
