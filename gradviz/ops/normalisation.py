"""Normalisation: values brought to mean zero and spread one, over batches, layers or groups.

All but one are ``standardize`` over some dimensions, scaled and shifted; their rules are its
rule, so that each is differentiable as often as it is.
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from gradviz.ops.activations import FUNCTIONAL, check_floating
from gradviz.ops.axes import axes_of
from gradviz.ops.dims import as_sizes
from gradviz.ops.dtypes import of_numpy
from gradviz.ops.pooling import some
from gradviz.ops.spec import Array, Attr, Op, Port, Saving, Shape, example

FAMILY = "Normalization"
EPS = Attr(name="eps", kind="number", default=1e-5, doc="Added to the variance before its root.")
_DIM = Attr(name="dim", kind="dims", doc="Over which dimensions.")
_MEANING = {
    "input": "the mean and the spread move with {input} too, so what would shift or stretch all "
    "alike is taken out of the gradient",
    "weight": "a weight scales the normalized values, which are its slope",
    "bias": "the bias is added, so each unit of it moves {out} by one unit",
}


def _wide(array: Array) -> Array:
    return array.astype(np.float32) if array.dtype == np.float16 else array


def _check_types(input: Array, *parameters: Array | None) -> None:
    """Refuse weights and statistics of another type than the input's, but float beside half."""
    kinds = [of_numpy(p.dtype).legacy_name for p in parameters if p is not None]
    own = of_numpy(input.dtype).legacy_name
    if all(kind == own for kind in kinds):
        return
    if kinds[0] == own:
        other = next(kind for kind in kinds if kind != own)
        raise RuntimeError(f"expected scalar type {own} but found {other}")
    if any(kind != "Float" for kind in kinds):
        raise RuntimeError("mixed dtype (CPU): expect parameter to have scalar type of Float")
    if own != "Half":
        raise RuntimeError("mixed dtype (CPU): all inputs must share same datatype.")


def _standardize(input: Array, dim: Any, eps: float) -> Array:
    array = _wide(np.asarray(input))
    axes = axes_of(dim, array.ndim)
    centered = array - np.mean(array, axis=axes, keepdims=True)
    variance = np.mean(np.square(centered), axis=axes, keepdims=True)
    return (centered / np.sqrt(variance + array.dtype.type(eps))).astype(np.asarray(input).dtype)


def _slope(h: str, x: str, dims: str) -> str:
    """The rule of ``standardize`` for what arrives as ``h``, over ``dims`` of ``x``."""
    z = f"standardize({x}, {dims}, eps)"
    return (
        f"rsqrt(var({x}, {dims}, correction=0, keepdim=True) + eps)"
        f" * ({h} - mean({h}, {dims}, True) - {z} * mean({h} * {z}, {dims}, True))"
    )


standardize = Op(
    name="standardize", family="Gradients", category="reduce", symbol="z",
    doc="Values less their mean, divided by their standard deviation.",
    ports=(Port(
        name="input",
        grad="rsqrt(var(input, dim, correction=0, keepdim=True) + eps)"
        " * (g - mean(g, dim, True) - out * mean(g * out, dim, True))",
    ),),
    attrs=(_DIM, EPS), forward=_standardize, promotion="none",
    examples=(example(some(1, 2, 3), dim=(1,)), example(some(1, 2, 3, 2), dim=(0, 2), eps=0.1)),
    method=False, function=False, addable=False,
)  # fmt: skip


def _affine(array: Array, weight: Array | None, bias: Array | None, shape: Shape) -> Array:
    """Scaled and shifted by what is given, in ``shape``."""
    result = array if weight is None else array * weight.reshape(shape)
    return np.asarray(result if bias is None else result + bias.reshape(shape))


def _check_trailing(input: Array, shape: Shape, **given: Array | None) -> None:
    if not shape:
        raise RuntimeError(
            "Expected normalized_shape to be at least 1-dimensional, i.e., containing at least one "
            f"element, but got normalized_shape = {list(shape)}"
        )
    for name, value in given.items():
        if value is not None and value.shape != shape:
            raise RuntimeError(
                f"Expected {name} to be of same shape as normalized_shape, but got {name} of shape "
                f"{list(value.shape)} and normalized_shape = {list(shape)}"
            )


def _check_fits(input: Array, shape: Shape, join: str) -> None:
    if input.shape[max(input.ndim - len(shape), 0) :] != shape:
        shown = ", ".join(map(str, shape))
        raise RuntimeError(
            f"Given normalized_shape={list(shape)}, expected input with shape [*{join}{shown}], "
            f"but got input of size{list(input.shape)}"
        )


def _layer_norm(
    input: Array, weight: Array | None, bias: Array | None, normalized_shape: Any, eps: float
) -> Array:
    array, shape = np.asarray(input), as_sizes(normalized_shape)
    _check_trailing(array, shape, weight=weight, bias=bias)
    _check_fits(array, shape, ", ")
    check_floating("LayerNormKernelImpl", array)
    _check_types(array, weight, bias)
    result = _standardize(array, tuple(range(-len(shape), 0)), eps)
    return _affine(result, weight, bias, shape)


_SHAPE = Attr(name="normalized_shape", kind="shape", doc="The last dimensions, by their sizes.")
_LAST = "tuple(range(-len(normalized_shape), 0))"
_WEIGHED = "(g if weight is None else g * weight)"
_OPTIONAL = "(input,) if weight is None else (input, weight)"
_INPUT_DOC, _WEIGHT_DOC, _BIAS_DOC = "The values.", "A factor for each.", "What is added to each."

layer_norm = Op(
    name="layer_norm", family=FAMILY, category="reduce", symbol="z",
    doc="Each sample's last dimensions brought to mean zero and spread one.",
    ports=(
        Port(name="input", doc=_INPUT_DOC, grad=_slope(_WEIGHED, "input", _LAST)),
        Port(name="weight", doc=_WEIGHT_DOC, grad=f"g * standardize(input, {_LAST}, eps)",
             optional=True),
        Port(name="bias", doc=_BIAS_DOC, grad=f"beside(g, {_OPTIONAL})", optional=True),
    ),
    attrs=(_SHAPE, EPS), arguments=("input", "normalized_shape", "weight", "bias", "eps"),
    forward=_layer_norm, promotion="none", torch=f"{FUNCTIONAL}layer_norm", meaning=_MEANING,
    examples=(
        example(some(1, 2, 3), None, None, normalized_shape=(3,)),
        example(some(1, 2, 3), some(2, 3), some(3, 3), normalized_shape=(3,), eps=0.1),
    ),
    search=("layer normalization",), backward_name="NativeLayerNormBackward0", method=False,
    saving=Saving(keeps={"input": ("bias",), "weight": ("weight", "bias"), "bias": ("bias",)}),
)  # fmt: skip


def _rms_scale(input: Array, dim: Any, eps: float | None) -> Array:
    array = _wide(np.asarray(input))
    added = np.finfo(array.dtype).eps if eps is None else eps
    squares = np.mean(np.square(array), axis=axes_of(dim, array.ndim), keepdims=True)
    return np.asarray(1 / np.sqrt(squares + array.dtype.type(added))).astype(input.dtype)


_OPTIONAL_EPS = Attr(
    name="eps", kind="number", default=None, optional=True,
    doc="Added to the mean square before its root; by default the smallest step from one.",
)  # fmt: skip
rms_scale = Op(
    name="rms_scale", family="Gradients", category="reduce", symbol="1/rms",
    doc="One over the root of the mean square.",
    ports=(Port(name="input", grad="-(out ** 3) * g * input / count(input_shape, dim)"),),
    attrs=(_DIM, _OPTIONAL_EPS), forward=_rms_scale, promotion="none",
    examples=(example(some(1, 2, 3), dim=(1,)),), method=False, function=False, addable=False,
)  # fmt: skip


def _rms_norm(
    input: Array, weight: Array | None, normalized_shape: Any, eps: float | None
) -> Array:
    array, shape = np.asarray(input), as_sizes(normalized_shape)
    _check_trailing(array, shape, weight=weight)
    _check_fits(array, shape, "")
    result = array * _rms_scale(array, tuple(range(-len(shape), 0)), eps)
    return _affine(result, weight, None, shape).astype(array.dtype, copy=False)


_SCALE = f"rms_scale(input, {_LAST}, eps)"

rms_norm = Op(
    name="rms_norm", family=FAMILY, category="reduce", symbol="x/rms",
    doc="Each sample's last dimensions divided by the root of their mean square.",
    ports=(
        Port(
            name="input", doc=_INPUT_DOC,
            grad=f"{_SCALE} * {_WEIGHED} - input * {_SCALE} ** 3"
            f" * mean({_WEIGHED} * input, {_LAST}, True)",
        ),
        Port(name="weight", doc=_WEIGHT_DOC, grad=f"g * input * {_SCALE}", optional=True),
    ),
    attrs=(_SHAPE, _OPTIONAL_EPS), arguments=("input", "normalized_shape", "weight", "eps"),
    forward=_rms_norm, promotion="none", torch=f"{FUNCTIONAL}rms_norm",
    meaning={"input": "the size moves with {input} too, so what would stretch all alike is taken "
             "out of the gradient", "weight": _MEANING["weight"]},
    examples=(
        example(some(1, 2, 3), None, normalized_shape=(3,)),
        example(some(1, 2, 3), some(2, 3), normalized_shape=(3,), eps=0.1),
    ),
    search=("root mean square normalization",), method=False,
    saving=Saving(copies={"weight": ("input",)}),
)  # fmt: skip


def _check_channels(input: Array, count: int, **given: Array | None) -> None:
    for name, value in given.items():
        if value is not None and (value.ndim != 1 or len(value) != count):
            size = len(value) if value.ndim else 1
            raise RuntimeError(f"{name} should contain {count} elements not {size}")


def _by_channel(rank: int) -> Shape:
    return (-1,) if rank == 1 else tuple(-1 if axis == 1 else 1 for axis in range(rank))


def _channel_norm(
    input: Array, running_mean: Array | None, running_var: Array | None, weight: Array | None,
    bias: Array | None, own: bool, dims: Shape, eps: float,
) -> Array:  # fmt: skip
    """Standardized by its own statistics over ``dims``, or by those kept of each channel."""
    shape = _by_channel(input.ndim)
    if own or running_mean is None or running_var is None:
        return _affine(_standardize(input, dims, eps), weight, bias, shape)
    kind = _wide(input).dtype.type
    scale = 1 / np.sqrt(running_var.reshape(shape) + kind(eps))
    result = (input - running_mean.reshape(shape)) * scale
    return _affine(result.astype(input.dtype), weight, bias, shape)


def _batch_norm(
    input: Array, running_mean: Array | None, running_var: Array | None, weight: Array | None,
    bias: Array | None, training: bool, eps: float,
) -> Array:  # fmt: skip
    array = np.asarray(input)
    channels = array.shape[1] if array.ndim > 1 else 0
    if not training and (running_mean is None or running_var is None):
        missing = "running_mean" if running_mean is None else "running_var"
        raise RuntimeError(f"{missing} must be defined in evaluation mode")
    _check_channels(
        array, channels, running_mean=running_mean, running_var=running_var, weight=weight,
        bias=bias,
    )  # fmt: skip
    check_floating("batch_norm", array)
    _check_types(array, weight, bias, running_mean, running_var)
    dims = tuple(axis for axis in range(array.ndim) if axis != 1)
    return _channel_norm(array, running_mean, running_var, weight, bias, training, dims, eps)


_CHANNEL = "tuple(-1 if d == 1 or len(input_shape) == 1 else 1 for d in range(len(input_shape)))"
_CHANNEL_WEIGHED = f"(g if weight is None else g * reshape(weight, {_CHANNEL}))"
_OTHERS = "tuple(d for d in range(len(input_shape)) if d != 1)"
_KEPT_SCALE = f"rsqrt(reshape(running_var, {_CHANNEL}) + eps)"
_KEPT = f"(input - reshape(running_mean, {_CHANNEL})) * {_KEPT_SCALE}"
_RUNNING = (
    Port(name="running_mean", doc="The mean of each channel, kept from before.", optional=True,
         promote=False),
    Port(name="running_var", doc="The variance of each channel, kept from before.", optional=True,
         promote=False),
)  # fmt: skip


def _channel_ports(flag: str, dims: str) -> tuple[Port, ...]:
    return (
        Port(
            name="input", doc="Samples of channels.",
            grad=f"{_slope(_CHANNEL_WEIGHED, 'input', dims)} if {flag} else"
            f" {_CHANNEL_WEIGHED} * {_KEPT_SCALE}",
        ),
        *_RUNNING,
        Port(
            name="weight", doc=_WEIGHT_DOC, optional=True,
            grad=f"sum(g * (standardize(input, {dims}, eps) if {flag} else {_KEPT}), {_OTHERS})",
        ),
        Port(name="bias", doc=_BIAS_DOC, optional=True,
             grad=f"beside(sum(g, {_OTHERS}), {_OPTIONAL})"),
    )  # fmt: skip


_BATCH = some(1, 3, 2, 2)
batch_norm = Op(
    name="batch_norm", family=FAMILY, category="reduce", symbol="z",
    doc="Each channel brought to mean zero and spread one over the batch.",
    ports=_channel_ports("training", _OTHERS),
    attrs=(
        Attr(name="training", kind="bool", default=False,
             doc="By the statistics of this batch instead of those kept."),
        EPS,
    ),
    forward=_batch_norm, promotion="none", torch=f"{FUNCTIONAL}batch_norm", meaning=_MEANING,
    examples=(
        example(_BATCH, None, None, some(2, 2), some(3, 2), training=True),
        example(_BATCH, some(4, 2), np.array([0.5, 2.0]), some(2, 2), None),
        example(some(1, 3, 2), None, None, None, None, training=True, eps=0.1),
    ),
    search=("batch normalization",), backward_name="NativeBatchNormBackward0", method=False,
    function=False,
    saving=Saving(keeps={"input": ("running_mean",), "weight": ("weight",)}),
)  # fmt: skip


def _instance_norm(
    input: Array, running_mean: Array | None, running_var: Array | None, weight: Array | None,
    bias: Array | None, use_input_stats: bool, eps: float,
) -> Array:  # fmt: skip
    array = np.asarray(input)
    if not use_input_stats and (running_mean is None or running_var is None):
        raise RuntimeError("Expected running_mean and running_var to be defined when "
                           "use_input_stats is false")  # fmt: skip
    _check_channels(
        array, array.shape[1], running_mean=running_mean, running_var=running_var, weight=weight,
        bias=bias,
    )  # fmt: skip
    check_floating("batch_norm", array)
    _check_types(array, weight, bias)
    dims = tuple(range(2, array.ndim))
    return _channel_norm(array, running_mean, running_var, weight, bias, use_input_stats, dims, eps)


_BY_CHANNEL = ("running_mean", "running_var", "weight")

instance_norm = Op(
    name="instance_norm", family=FAMILY, category="reduce", symbol="z",
    doc="Each channel of each sample brought to mean zero and spread one.",
    ports=_channel_ports("use_input_stats", "tuple(range(2, len(input_shape)))"),
    attrs=(
        Attr(name="use_input_stats", kind="bool", default=True,
             doc="By the statistics of this sample instead of those kept."),
        EPS,
    ),
    forward=_instance_norm, promotion="none", torch=f"{FUNCTIONAL}instance_norm", meaning=_MEANING,
    examples=(
        example(some(1, 2, 2, 3), None, None, some(2, 2), some(3, 2)),
        example(_BATCH, some(4, 2), np.array([0.5, 2.0]), None, None, use_input_stats=False),
    ),
    search=("instance normalization",), backward_name="NativeBatchNormBackward0", method=False,
    function=False,
    saving=Saving(copies=dict.fromkeys(("input", "weight", "bias"), _BY_CHANNEL)),
)  # fmt: skip


def _group_norm(
    input: Array, weight: Array | None, bias: Array | None, num_groups: int, eps: float
) -> Array:
    array = np.asarray(input)
    if array.ndim < 2:
        raise RuntimeError(
            f"Expected at least 2 dimensions for input tensor but received {array.ndim}"
        )
    shape = list(array.shape)
    if num_groups <= 0:
        raise RuntimeError(f"Expected num groups to be greater than 0, got {num_groups}")
    if array.shape[1] % num_groups:
        raise RuntimeError(
            "Expected number of channels in input to be divisible by num_groups, but got input of "
            f"shape {shape} and num_groups={num_groups}"
        )
    for name, value in (("weight", weight), ("bias", bias)):
        if value is not None and value.shape != (array.shape[1],):
            raise RuntimeError(
                f"Expected {name} to be a vector of size equal to the number of channels in input, "
                f"but got {name} of shape {list(value.shape)} and input of shape {shape}"
            )
    check_floating("GroupNormKernelImpl", array)
    _check_types(array, weight, bias)
    width = prod(array.shape[1:]) // num_groups
    grouped = array.reshape(array.shape[0], num_groups, width)
    result = _standardize(grouped, (2,), eps).reshape(array.shape)
    return _affine(result, weight, bias, _by_channel(array.ndim))


_GROUPED = "(input_shape[0], num_groups, count(input_shape[1:]) // num_groups)"
_GROUPS = f"reshape(input, {_GROUPED})"
_GROUP_SLOPE = _slope(f"reshape({_CHANNEL_WEIGHED}, {_GROUPED})", _GROUPS, "(2,)")

group_norm = Op(
    name="group_norm", family=FAMILY, category="reduce", symbol="z",
    doc="Each group of channels of each sample brought to mean zero and spread one.",
    ports=(
        Port(name="input", doc="Samples of channels.",
             grad=f"reshape({_GROUP_SLOPE}, input_shape)"),
        Port(
            name="weight", doc=_WEIGHT_DOC, optional=True,
            grad=f"sum(g * reshape(standardize({_GROUPS}, (2,), eps), input_shape), {_OTHERS})",
        ),
        Port(name="bias", doc=_BIAS_DOC, optional=True,
             grad=f"beside(sum(g, {_OTHERS}), {_OPTIONAL})"),
    ),
    attrs=(Attr(name="num_groups", kind="int", low=1, doc="How many groups of channels."), EPS),
    arguments=("input", "num_groups", "weight", "bias", "eps"), forward=_group_norm,
    promotion="none", torch=f"{FUNCTIONAL}group_norm", meaning=_MEANING,
    examples=(example(some(1, 2, 4, 2), some(2, 4), some(3, 4), num_groups=2),
              example(some(1, 1, 4), None, None, num_groups=2)),
    search=("group normalization",), backward_name="NativeGroupNormBackward0", method=False,
    saving=Saving(keeps={"weight": ("weight",)}),
)  # fmt: skip
