"""Activations that bend smoothly: by exponentials, by tanh, and by a gate."""

from __future__ import annotations

import numpy as np

from gradviz.ops.activations import FUNCTIONAL, check_floating
from gradviz.ops.dims import wrap_dim
from gradviz.ops.rectifiers import activation
from gradviz.ops.shape import dim_attr
from gradviz.ops.spec import Array, Attr, Op, Port, Saving, example

_VALUES = [-2.7, -0.5, 0.5, 1.4, 3.14]
_SCALE, _ALPHA = 1.0507009873554804934193349852946, 1.6732632423543772848170429916717


def _selu(input: Array) -> Array:
    array = np.asarray(input)
    check_floating("elu_cpu", array)
    kind = array.dtype.type
    above: Array = array * kind(_SCALE)
    below: Array = kind(_SCALE * _ALPHA) * np.expm1(array)
    return np.where(array > 0, above, below)


selu = activation(
    "selu", "An elu scaled so that values keep mean zero and spread one from layer to layer.",
    "selu", f"g * where(input > 0, {_SCALE}, {_SCALE * _ALPHA} * exp(-relu(-input)))", _selu,
    "where {input} is positive a little more of it passes; below, ever less",
    search=("scaled exponential linear unit",), function=True, backward_name="EluBackward0",
)  # fmt: skip


def _celu(input: Array, alpha: float) -> Array:
    array = np.asarray(input)
    if alpha == 0:
        raise RuntimeError("ZeroDivisionError: alpha cannot be 0 for CELU")
    check_floating("elu_cpu", array)
    return np.where(array > 0, array, alpha * np.expm1(array / array.dtype.type(alpha)))


celu = activation(
    "celu", "Each element where it is positive, else alpha (e^(x/alpha) − 1): smooth at zero.",
    "celu", "g * where(input > 0, 1.0, exp(-relu(-input) / alpha))", _celu,
    "where {input} is positive {out} follows it; below, ever less passes",
    Attr(name="alpha", kind="number", default=1.0, doc="How far down it levels off."),
    examples=(example(_VALUES), example(_VALUES, alpha=0.5)), function=True,
    search=("continuously differentiable elu",), backward_name="EluBackward0",
)  # fmt: skip


def _softplus(array: Array) -> Array:
    result: Array = np.logaddexp(array, np.zeros_like(array))
    return result


def _mish(input: Array) -> Array:
    array = np.asarray(input)
    check_floating("mish_cpu", array)
    return array * np.tanh(_softplus(array))


_T = "tanh(softplus(input, 1, 20))"
mish = activation(
    "mish", "Each element times the tanh of its softplus.", "mish",
    f"g * ({_T} + input * sigmoid(input) * (1 - {_T} ** 2))", _mish,
    "the tanh lets a part through, and the part itself grows with {input}",
)  # fmt: skip


def _softsign(input: Array) -> Array:
    array = np.asarray(input)
    return np.asarray(array / (np.abs(array) + 1))


softsign = activation(
    "softsign", "Each element divided by one more than its size: between −1 and 1.", "x/(1+|x|)",
    "g / (1 + abs(input)) ** 2", _softsign,
    "near zero nearly all of {input} passes, far out ever less", promotion="float",
    backward_name="DivBackward0",
)  # fmt: skip


def _tanhshrink(input: Array) -> Array:
    array = np.asarray(input)
    return np.asarray(array - np.tanh(array))


tanhshrink = activation(
    "tanhshrink", "Each element less its tanh: almost nothing near zero.", "x−tanh",
    "g * tanh(input) ** 2", _tanhshrink, "near zero nothing passes, far out all",
    promotion="float", backward_name="SubBackward0",
    saving=Saving(copies={"input": ("input",)}),
)  # fmt: skip


def _logsigmoid(input: Array) -> Array:
    array = np.asarray(input)
    check_floating("log_sigmoid_cpu", array)
    return -_softplus(-array)


logsigmoid = activation(
    "logsigmoid", "The logarithm of each element's sigmoid.", "ln σ", "g * sigmoid(-input)",
    _logsigmoid, "far below zero all of {input} passes, far above nothing",
    search=("log of sigmoid",), backward_name="LogSigmoidBackward0",
)  # fmt: skip


def _halves(array: Array, dim: int) -> tuple[Array, Array]:
    if not array.ndim:
        raise RuntimeError("glu does not support scalars because halving size must be even")
    axis = wrap_dim(dim, array.ndim)
    size = array.shape[axis]
    if size % 2:
        raise RuntimeError(f"Halving dimension must be even, but dimension {axis} is size {size}")
    before = (slice(None),) * axis
    return array[(*before, slice(0, size // 2))], array[(*before, slice(size // 2, None))]


def _glu(input: Array, dim: int) -> Array:
    array = np.asarray(input)
    values, gates = _halves(array, dim)
    check_floating("glu_cpu", array)
    return np.asarray(values / (1 + np.exp(-gates)))


_FIRST = "chunk(input, 2, dim)[0]"
_GATE = "sigmoid(chunk(input, 2, dim)[1])"

glu = Op(
    name="glu", family="Activation", category="elem", symbol="a·σ(b)",
    doc="The first half of a tensor times the sigmoid of its second half: a gate.",
    ports=(Port(
        name="input", doc="Values, then their gates.",
        grad=f"cat((g * {_GATE}, g * {_FIRST} * {_GATE} * (1 - {_GATE})), dim)",
    ),),
    attrs=(dim_attr(default=-1, doc="Along which dimension the halves lie."),),
    forward=_glu, promotion="none", torch=f"{FUNCTIONAL}glu",
    meaning={"input": "a value passes as far as its gate is open; a gate counts as much as its "
             "value"},
    examples=(example([[0.5, -1.0, 2.0, 0.25]]), example([[0.5], [-1.0]], dim=0)),
    search=("gated linear unit",), function=False, method=False,
)  # fmt: skip
