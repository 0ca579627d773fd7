"""Convolutions over one, two and three dimensions, forwards and transposed.

A convolution is linear in its input and in its weights. With the two maps that carry an output
back, to the input (``conv_input``) and to the weights (``conv_weight``), it makes a family of
three that is closed: the gradient of each is made of the other two, to any order.
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from gradviz.ops.activations import FUNCTIONAL
from gradviz.ops.convolution_checks import check_convolution, check_transposed
from gradviz.ops.spec import Array, Attr, Op, Port, Saving, Shape, example
from gradviz.ops.window_counts import convolution_count, transposed_count
from gradviz.ops.windows import Windows, each, lay_down, slide

FAMILY = "Convolution"
STRIDE = Attr(name="stride", kind="dims", default=1, low=1, doc="How far the kernel moves.")
PADDING = Attr(
    name="padding", kind="dims", default=0, choices=("same", "valid"),
    doc="How many zeros are added around; 'same' keeps the size, 'valid' adds none.",
)  # fmt: skip
DILATION = Attr(
    name="dilation", kind="dims", default=1, low=1, doc="How far apart the kernel's elements are.",
)  # fmt: skip
GROUPS = Attr(
    name="groups", kind="int", default=1, low=1,
    doc="In how many groups of channels, each on its own.",
)  # fmt: skip
_SETTINGS = (STRIDE, PADDING, DILATION, GROUPS)
_PLACES = Attr(
    name="places", kind="shape", default=None, optional=True,
    doc="How many places of the kernel to take; by default all that fit.",
)  # fmt: skip
_SIZE = Attr(name="size", kind="shape", doc="The shape to come back to.")


def conv_windows(weight: Shape, stride: Any, padding: Any, dilation: Any) -> Windows:
    """Where the kernels of ``weight`` lie; with ``padding='same'`` the odd zero comes after."""
    rank = len(weight) - 2
    kernel, apart = weight[2:], each(dilation, rank)
    if isinstance(padding, str) and padding == "same":
        total = [d * (k - 1) for k, d in zip(kernel, apart, strict=True)]
        before, after = tuple(n // 2 for n in total), tuple(n - n // 2 for n in total)
    else:
        before = after = each(0 if isinstance(padding, str) else padding, rank)
    return Windows(kernel, each(stride, rank), before, after, apart)


def _wide(array: Array) -> Array:
    """Half precision as single, in which products are added up."""
    return array.astype(np.float32) if array.dtype == np.float16 else array


def _channels_last(array: Array, rank: int) -> Array:
    """A batch with its channels last: then what a kernel covers lies together in memory."""
    return np.moveaxis(_wide(array if array.ndim == rank + 2 else array[None]), 1, -1)


def _channels_second(array: Array, like: Array, rank: int) -> Array:
    """A batch as it came: channels second, without a batch where there was none, in its type."""
    result = np.moveaxis(array, -1, 1)
    result = result if like.ndim == rank + 2 else result[0]
    return np.ascontiguousarray(result).astype(like.dtype, copy=False)


def _grouped(array: Array, groups: int) -> Array:
    """Channels, which come last, in groups, which come first, of matrices with a row a place."""
    split = array.reshape(-1, groups, array.shape[-1] // groups)
    return split.transpose(1, 0, 2)


def _columns(array: Array, where: Windows, groups: int, places: Shape) -> Array:
    """The windows as a matrix for each group: a row for each place, what it covers across."""
    taken = slide(array, where, tail=1, places=places)
    rows, covered = len(array) * prod(places), prod(where.kernel)
    split = taken.reshape(rows, covered, groups, array.shape[-1] // groups)
    return split.transpose(2, 0, 1, 3).reshape(groups, rows, -1)


def _matrices(weight: Array, groups: int) -> Array:
    """The weights as a matrix for each group, which a row of :func:`_columns` is multiplied by."""
    outs, ins = weight.shape[0] // groups, weight.shape[1]
    split = _wide(weight).reshape(groups, outs, ins, -1)
    return split.transpose(0, 3, 2, 1).reshape(groups, -1, outs)


def convolve(
    input: Array, weight: Array, stride: Any, padding: Any, dilation: Any, groups: int,
    places: Shape | None = None,
) -> Array:  # fmt: skip
    """Each output: the sum of the products of a kernel and the window of the input under it."""
    where = conv_windows(weight.shape, stride, padding, dilation)
    rank = len(where.kernel)
    array = _channels_last(input, rank)
    places = where.count(array.shape[1:-1]) if places is None else tuple(places)
    product = np.matmul(_columns(array, where, groups, places), _matrices(weight, groups))
    result = product.transpose(1, 0, 2).reshape(len(array), *places, weight.shape[0])
    return _channels_second(result, input, rank)


def _turned(weight: Array, groups: int) -> Array:
    """The kernels that carry outputs back: inputs and outputs exchanged, read from the end."""
    outs, ins, *kernel = weight.shape
    split = weight.reshape(groups, outs // groups, ins, *kernel).swapaxes(1, 2)
    last_first = (slice(None, None, -1),) * len(kernel)
    return split.reshape(groups * ins, outs // groups, *kernel)[:, :, *last_first]


def convolve_back(
    input: Array, weight: Array, size: Shape, stride: Any, padding: Any, dilation: Any, groups: int
) -> Array:
    """Outputs carried back to inputs of ``size``: each spread over its window by the kernel."""
    where = conv_windows(weight.shape, stride, padding, dilation)
    rank = len(where.kernel)
    array = _channels_last(input, rank)
    ins = weight.shape[1]
    rows = np.matmul(_grouped(array, groups), _matrices(weight, groups).transpose(0, 2, 1))
    split = rows.reshape(groups, rows.shape[1], prod(where.kernel), ins).transpose(1, 2, 0, 3)
    taken = split.reshape(*array.shape[:-1], *where.kernel, groups * ins)
    return _channels_second(lay_down(taken, tuple(size[-rank:]), where, tail=1), input, rank)


def inputs_gradient(
    input: Array, weight: Array, size: Shape, stride: Any, padding: Any, dilation: Any, groups: int
) -> Array:
    """:func:`convolve_back`; where windows lie side by side as a convolution, which is faster."""
    where = conv_windows(weight.shape, stride, padding, dilation)
    rank = len(where.kernel)
    around = tuple(n - 1 - b for n, b in zip(where.span, where.before, strict=True))
    sizes = tuple(size[-rank:])
    if (
        where.before == where.after
        and set(where.stride) == {1}
        and min(around) >= 0
        and where.count(sizes) == tuple(input.shape[-rank:])
    ):
        return convolve(input, _turned(weight, groups), 1, around, where.dilation, groups, sizes)
    return convolve_back(input, weight, size, stride, padding, dilation, groups)


def correlate(
    input: Array, other: Array, size: Shape, stride: Any, padding: Any, dilation: Any, groups: int
) -> Array:
    """Weights of ``size``: for each, the sum of products of inputs and the outputs they reach."""
    where = conv_windows(tuple(size), stride, padding, dilation)
    rank = len(where.kernel)
    array, outs = _channels_last(input, rank), _channels_last(other, rank)
    columns = _columns(array, where, groups, outs.shape[1:-1])
    product = np.matmul(columns.transpose(0, 2, 1), _grouped(outs, groups))
    split = product.reshape(groups, prod(where.kernel), size[1], -1).transpose(0, 3, 2, 1)
    return np.ascontiguousarray(split).reshape(size).astype(input.dtype, copy=False)


def _with_bias(result: Array, bias: Array | None, rank: int) -> Array:
    if bias is None:
        return result
    return result + bias.astype(result.dtype, copy=False).reshape(-1, *[1] * rank)


def _conv(
    input: Array, weight: Array, bias: Array | None, stride: Any, padding: Any, dilation: Any,
    groups: int, places: Shape | None = None,
) -> Array:  # fmt: skip
    result = convolve(input, weight, stride, padding, dilation, groups, places)
    return _with_bias(result, bias, weight.ndim - 2)


def _beside(input: Array, others: tuple[Array, ...]) -> Array:
    return np.asarray(input)


beside = Op(
    name="beside", family="Gradients", category="elem", symbol="∥",
    doc="A tensor as it is, on the tape beside others that it does not depend on.",
    # PyTorch finds the gradients of one call together, and so on the tape they are one record.
    ports=(
        Port(name="input", grad="g"),
        Port(name="others", grad="[zeros_like(other) for other in others]", variadic=True),
    ),
    forward=_beside, promotion="none", examples=(example([1.0, 2.0], (np.array([3.0]),)),),
    method=False, function=False, addable=False,
)  # fmt: skip

_IMAGE = np.random.default_rng(3).normal(size=(2, 2, 4, 3)).round(2)
_KERNEL = np.random.default_rng(4).normal(size=(2, 2, 2, 2)).round(2)
_ARGS = "stride, padding, dilation, groups"
_GATHERED = f"conv(g, weight, None, {_ARGS}, input_shape[2 - len(weight_shape):])"

conv_input = Op(
    name="conv_input", family="Gradients", category="linalg", symbol="∗ᵀ",
    doc="Carries the outputs of a convolution back to its inputs.",
    ports=(
        Port(name="input", grad=_GATHERED),
        Port(name="weight", grad=f"conv_weight(g, input, weight_shape, {_ARGS})"),
    ),
    attrs=(_SIZE, *_SETTINGS), forward=inputs_gradient, promotion="none",
    examples=(
        example(_IMAGE, _KERNEL, size=(2, 2, 5, 4)),
        example(_IMAGE, _KERNEL, size=(2, 2, 7, 5), stride=2, padding=1),
    ),
    backward_name="ConvolutionBackwardBackward0", method=False, function=False, addable=False,
)  # fmt: skip

conv_weight = Op(
    name="conv_weight", family="Gradients", category="linalg", symbol="⋆",
    doc="Carries the outputs of a convolution back to its weights.",
    ports=(
        Port(name="input", grad=f"conv_input(other, g, input_shape, {_ARGS})"),
        Port(name="other", grad=f"conv(input, g, None, {_ARGS}, other_shape[2 - len(size):])"),
    ),
    attrs=(_SIZE, *_SETTINGS), forward=correlate, promotion="none",
    examples=(example(_IMAGE, _IMAGE[..., :3, :2], size=(2, 2, 2, 2)),),
    backward_name="ConvolutionBackwardBackward0", method=False, function=False, addable=False,
)  # fmt: skip

_BIAS_RULE = (
    "beside(sum(g, tuple(d for d in range(len(out_shape))"
    " if d != len(out_shape) - len(weight_shape) + 1)), (input, weight))"
)
_BIAS = Port(name="bias", doc="A number added to each output channel.", grad=_BIAS_RULE,
             optional=True)  # fmt: skip
_PORTS = (
    Port(name="input", doc="Values in channels.",
         grad=f"conv_input(g, weight, input_shape, {_ARGS})"),
    Port(name="weight", doc="A kernel for each pair of output and input channel.",
         grad=f"conv_weight(input, g, weight_shape, {_ARGS})"),
    _BIAS,
)  # fmt: skip
_MEANING = {
    "input": "each value lies under every place of the kernel in turn, so its gradient is the sum "
    "of the kernel's weights over the outputs it reaches",
    "weight": "a weight meets the whole input, shifted: its gradient sums all it meets",
    "bias": "the bias is added at every place, so its gradient is the sum over all of them",
}

conv = Op(
    name="conv", family="Gradients", category="linalg", symbol="∗",
    doc="A convolution over as many dimensions as its kernel has.",
    ports=_PORTS, attrs=(*_SETTINGS, _PLACES), forward=_conv, promotion="none",
    examples=(example(_IMAGE, _KERNEL, None), example(_IMAGE[0], _KERNEL, [0.5, -1.0], stride=2)),
    backward_name="ConvolutionBackward0", method=False, function=False, addable=False,
)  # fmt: skip


_SAVING = Saving(keeps={"input": ("input",), "weight": ("weight",)})


def _conv_op(rank: int, word: str, examples: Any) -> Op:
    name = f"conv{rank}d"

    def forward(
        input: Array, weight: Array, bias: Array | None, stride: Any, padding: Any, dilation: Any,
        groups: int,
    ) -> Array:  # fmt: skip
        array, kernel = np.asarray(input), np.asarray(weight)
        check_convolution(name, rank, array, kernel, bias, (stride, padding, dilation, groups))
        return _conv(array, kernel, bias, stride, padding, dilation, groups)

    return Op(
        name=name, family=FAMILY, category="linalg", symbol="∗",
        doc=f"Slides kernels {word} and sums, at each place, the products with what lies under.",
        ports=_PORTS, attrs=_SETTINGS, forward=forward, promotion="none", meaning=_MEANING,
        count=convolution_count(rank), torch=FUNCTIONAL + name, examples=examples, method=False,
        search=("convolution", "cross-correlation", "filter an image"),
        backward_name="ConvolutionBackward0", saving=_SAVING,
    )  # fmt: skip


def _some(seed: int, *shape: int) -> Array:
    return np.random.default_rng(seed).normal(size=shape).round(2)


conv1d = _conv_op(
    1, "along a signal",
    (example(_some(1, 2, 2, 5), _some(2, 2, 2, 3), [0.5, -1.0]),
     example(_some(1, 2, 5), _some(2, 2, 1, 2), None, stride=2, padding=1, groups=2)),
)  # fmt: skip
conv2d = _conv_op(
    2, "over an image",
    (example(_IMAGE, _KERNEL, [0.5, -1.0]),
     example(_IMAGE[:1], _KERNEL[:, :1], None, stride=(2, 1), padding=1, dilation=2, groups=2)),
)  # fmt: skip
conv3d = _conv_op(
    3, "through a volume",
    (example(_some(5, 1, 1, 3, 2, 3), _some(6, 1, 1, 2, 2, 2), [0.5], padding=(1, 0, 0)),),
)  # fmt: skip


def transposed_size(
    size: Shape, weight: Shape, stride: Any, padding: Any, output_padding: Any, dilation: Any
) -> Shape:
    """The spatial size that a transposed convolution comes to."""
    rank = len(weight) - 2
    settings = zip(
        size[-rank:], weight[2:], each(stride, rank), each(padding, rank),
        each(output_padding, rank), each(dilation, rank), strict=True,
    )  # fmt: skip
    return tuple((n - 1) * s - 2 * p + d * (k - 1) + o + 1 for n, k, s, p, o, d in settings)


def _transposed_op(rank: int, word: str, examples: Any) -> Op:
    name = f"conv_transpose{rank}d"

    def forward(
        input: Array, weight: Array, bias: Array | None, stride: Any, padding: Any,
        output_padding: Any, groups: int, dilation: Any,
    ) -> Array:  # fmt: skip
        array, kernel = np.asarray(input), np.asarray(weight)
        settings = (stride, padding, output_padding, groups, dilation)
        check_transposed(name, rank, array, kernel, bias, settings)
        size = transposed_size(array.shape, kernel.shape, stride, padding, output_padding, dilation)
        if min(size) < 1:
            shown = [" x ".join(map(str, s)) for s in (array.shape[-rank:], size)]
            raise RuntimeError(
                f"Given input size per channel: ({shown[0]}). Calculated output size per channel: "
                f"({shown[1]}). Output size is too small"
            )
        result = convolve_back(array, kernel, size, stride, padding, dilation, groups)
        return _with_bias(result, bias, rank)

    return Op(
        name=name, family=FAMILY, category="linalg", symbol="∗ᵀ",
        doc=f"Spreads each value {word} by a kernel and adds up what overlaps: enlarges.",
        ports=(
            Port(name="input", doc="Values in channels.",
                 grad=_GATHERED),
            Port(name="weight", doc="A kernel for each pair of input and output channel.",
                 grad=f"conv_weight(g, input, weight_shape, {_ARGS})"),
            _BIAS,
        ),
        attrs=(
            STRIDE,
            Attr(name="padding", kind="dims", default=0, low=0, doc="How much is cut off around."),
            Attr(name="output_padding", kind="dims", default=0, low=0,
                 doc="How much the result is longer at its end."),
            GROUPS, DILATION,
        ),
        forward=forward, promotion="none", torch=FUNCTIONAL + name, examples=examples,
        count=transposed_count(rank),
        meaning={
            "input": "each value is spread by the kernel, so its gradient gathers the kernel's "
            "weights over the places it reached",
            "weight": _MEANING["weight"], "bias": _MEANING["bias"],
        },
        search=("deconvolution", "transposed convolution", "upsample by kernel"), method=False,
        backward_name="ConvolutionBackward0", saving=_SAVING,
    )  # fmt: skip


conv_transpose1d = _transposed_op(
    1, "along a signal",
    (example(_some(1, 2, 2, 3), _some(2, 2, 1, 3), [0.5], stride=2, output_padding=1),),
)  # fmt: skip
conv_transpose2d = _transposed_op(
    2, "over an image",
    (example(_IMAGE[:1, :, :2, :2], _KERNEL, [0.5, -1.0]),
     example(_IMAGE[0, :, :2], _KERNEL[:, :1], None, stride=2, padding=1, dilation=2, groups=2)),
)  # fmt: skip
conv_transpose3d = _transposed_op(
    3, "through a volume",
    (example(_some(5, 1, 1, 2, 2, 2), _some(6, 1, 1, 2, 2, 2), [0.5], padding=(1, 0, 0)),),
)  # fmt: skip
