"""Activations beyond relu, sigmoid and tanh: what neural networks bend their values with."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradviz.ops.dtypes import of_numpy
from gradviz.ops.reductions import one_input
from gradviz.ops.spec import Array, Attr, Op, example

_VALUES = [-2.7, -0.5, 0.5, 1.4, 3.14]
FUNCTIONAL = "torch.nn.functional."


def check_floating(kernel: str, array: Array) -> None:
    """Raise PyTorch's error where a kernel has no form for integers."""
    kind = of_numpy(array.dtype)
    if not kind.is_floating_point:
        raise NotImplementedError(f"\"{kernel}\" not implemented for '{kind.legacy_name}'")


log1p = Op(
    name="log1p", family="Exponential", category="elem", symbol="ln(1+x)",
    doc="The logarithm of one more than each element, precise near zero.",
    ports=one_input("g / (1 + input)"), forward=np.log1p, promotion="float",
    meaning={"input": "{out} changes by one part in 1 + {input} for each unit of {input}"},
    examples=(example([-0.5, 0.01, 0.5, 1.4, 3.14]),), search=("logarithm of one plus",),
    in_place=True, elementwise=True,
)  # fmt: skip


def _step(input: Array, low: float, high: float) -> Array:
    array = np.asarray(input)
    kind = array.dtype.type if array.dtype.kind == "f" else np.float64
    if low == 0 and high == 1:
        return np.asarray(array > 0).astype(kind)
    return np.where(array > 0, kind(high), kind(low))


step = Op(
    name="step", family="Gradients", category="elem", symbol="⌐",
    doc="One value above zero, another at and below it: the slope of a function with a bend.",
    ports=one_input("zeros_like(g)"),
    attrs=(Attr(name="low", kind="number", default=0.0, doc="At and below zero."),
           Attr(name="high", kind="number", default=1.0, doc="Above zero.")),
    forward=_step, examples=(example(_VALUES, low=0.1),), promotion="none", elementwise=True,
   method=False, function=False, addable=False,
)  # fmt: skip


def _erf(input: Any) -> Array:
    # Imported when first used: it takes longer than the whole engine.
    from scipy.special import erf as of_scipy

    array = np.asarray(input)
    return np.asarray(of_scipy(array)).astype(array.dtype, copy=False)


erf = Op(
    name="erf", family="Exponential", category="elem", symbol="erf",
    doc="The error function: how much of a bell curve lies within a distance of its middle.",
    ports=one_input("g * (1.1283791670955126 * exp(-input * input))"), forward=_erf,
    promotion="float",
    meaning={"input": "its slope is a bell curve: steepest at zero, nearly flat far out"},
    examples=(example(_VALUES),), search=("error function",), in_place=True, elementwise=True,
)  # fmt: skip


def _softplus(input: Array, beta: float, threshold: float) -> Array:
    array = np.asarray(input)
    check_floating("softplus_cpu", array)
    scaled = array * beta
    return np.where(scaled > threshold, array, np.log1p(np.exp(scaled)) / beta)


softplus = Op(
    name="softplus", family="Activation", category="elem", symbol="s⁺",
    doc="A smooth relu: log(1 + e^(beta x)) / beta, straight above a threshold.",
    ports=one_input(
        "g * where(input * beta > threshold, 1.0,"
        " sigmoid(where(input * beta < threshold, input * beta, threshold)))"
    ),
    attrs=(
        Attr(name="beta", kind="number", default=1, low=0, doc="How sharp the bend is."),
        Attr(name="threshold", kind="number", default=20,
             doc="Where beta times the element exceeds this, it is passed as it is."),
    ),
    forward=_softplus, torch=f"{FUNCTIONAL}softplus",
    meaning={"input": "its slope is a sigmoid: nothing passes far below zero, all far above"},
    examples=(example(_VALUES), example(_VALUES, beta=2.0, threshold=4.0)),
    search=("smooth relu",), elementwise=True, function=False, method=False,
)  # fmt: skip


def _leaky_relu(input: Array, negative_slope: float) -> Array:
    check_floating("leaky_relu_cpu", np.asarray(input))
    return np.where(np.asarray(input) > 0, input, np.multiply(input, negative_slope))


leaky_relu = Op(
    name="leaky_relu", family="Activation", category="elem", symbol="leaky",
    doc="Each element where it is positive, else a small part of it.",
    ports=one_input("g * step(input, negative_slope)"),
    attrs=(Attr(name="negative_slope", kind="number", default=0.01,
                doc="The slope below zero."),),
    forward=_leaky_relu, torch=f"{FUNCTIONAL}leaky_relu",
    meaning={"input": "where {input} is positive {out} follows it; elsewhere a small part passes"},
    examples=(example(_VALUES), example(_VALUES, negative_slope=0.1)),
    search=("leaky rectifier",), elementwise=True, function=False, method=False,
)  # fmt: skip


def _elu(input: Array, alpha: float) -> Array:
    check_floating("elu_cpu", np.asarray(input))
    return np.where(np.asarray(input) > 0, input, alpha * np.expm1(input))


elu = Op(
    name="elu", family="Activation", category="elem", symbol="elu",
    doc="Each element where it is positive, else alpha (eˣ − 1).",
    ports=one_input("g * where(input > 0, 1.0, alpha * exp(-relu(-input)))"),
    attrs=(Attr(name="alpha", kind="number", default=1.0, doc="How far down it levels off."),),
    forward=_elu, torch=f"{FUNCTIONAL}elu",
    meaning={"input": "where {input} is positive {out} follows it; below, ever less passes"},
    examples=(example(_VALUES), example(_VALUES, alpha=0.5)),
    search=("exponential linear unit",), elementwise=True, function=False,
    method=False,
)  # fmt: skip


def _silu(input: Array) -> Array:
    array = np.asarray(input)
    check_floating("silu_cpu", array)
    return array / (1 + np.exp(-array))


silu = Op(
    name="silu", family="Activation", category="elem", symbol="silu",
    doc="Each element times its own sigmoid.",
    ports=one_input("g * (sigmoid(input) * (1 + input * (1 - sigmoid(input))))"), forward=_silu,
    torch=f"{FUNCTIONAL}silu",
    meaning={"input": "the sigmoid lets a part through, and the part itself grows with {input}"},
    examples=(example(_VALUES),), search=("swish function", "sigmoid linear unit"),
    elementwise=True, function=False, method=False,
)  # fmt: skip

_ROOT_2, _ROOT_2_PI = "1.4142135623730951", "2.5066282746310002"
_BEND, _CUBE = 0.7978845608028654, 0.044715


def _gelu(input: Array, approximate: str) -> Array:
    array = np.asarray(input)
    check_floating("GeluKernelImpl", array)
    if approximate == "tanh":
        return 0.5 * array * (1 + np.tanh(_BEND * (array + _CUBE * array**3)))
    if approximate == "none":
        return 0.5 * array * (1 + _erf(array / array.dtype.type(np.sqrt(2))))
    raise RuntimeError("approximate argument must be either none or tanh.")


_TANH = f"tanh({_BEND} * (input + {_CUBE} * input ** 3))"

gelu = Op(
    name="gelu", family="Activation", category="elem", symbol="gelu",
    doc="Each element times the part of a bell curve that lies below it.",
    ports=one_input(
        f"g * (0.5 * (1 + erf(input / {_ROOT_2})) + input * exp(-0.5 * input * input)"
        f" / {_ROOT_2_PI}) if approximate == 'none' else g * (0.5 * (1 + {_TANH}) + 0.5 * input"
        f" * (1 - {_TANH} ** 2) * ({_BEND} * (1 + {3 * _CUBE} * input ** 2)))"
    ),
    attrs=(Attr(name="approximate", kind="choice", default="none", choices=("none", "tanh"),
                keyword_only=True, doc="Whether to use the formula with tanh."),),
    forward=_gelu, torch=f"{FUNCTIONAL}gelu",
    meaning={"input": "far above zero all of {input} passes, far below nothing, between a part"},
    examples=(example(_VALUES), example(_VALUES, approximate="tanh")),
    search=("Gaussian error linear unit",), elementwise=True, function=False, method=False,
)  # fmt: skip
