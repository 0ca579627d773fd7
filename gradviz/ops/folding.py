"""Windows taken out of images as columns, and columns laid back into images."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from gradviz.ops.activations import FUNCTIONAL
from gradviz.ops.dims import as_sizes
from gradviz.ops.pooling import some
from gradviz.ops.spec import Array, Attr, Op, Port, Shape, example
from gradviz.ops.window_counts import unfold_count
from gradviz.ops.windows import Windows, lay_down, slide, windows

FAMILY = "Convolution"
_ATTRS = (
    Attr(name="kernel_size", kind="dims", low=1, doc="The size of a window."),
    Attr(name="dilation", kind="dims", default=1, low=1,
         doc="How far apart a window's elements are."),
    Attr(name="padding", kind="dims", default=0, low=0, doc="How many zeros are added around."),
    Attr(name="stride", kind="dims", default=1, low=1, doc="How far windows are apart."),
)  # fmt: skip
_SETTINGS = "kernel_size, dilation, padding, stride"


def _shown(sizes: Any) -> str:
    return f"({', '.join(map(str, sizes))})"


def _windows(kernel: Any, dilation: Any, padding: Any, stride: Any) -> Windows:
    for what, value in (("kernel_size", kernel), ("dilation", dilation), ("padding", padding),
                        ("stride", stride)):  # fmt: skip
        if len(as_sizes(value)) not in (1, 2):
            raise RuntimeError(f"It is expected {what} equals to 2, but got size "
                               f"{len(as_sizes(value))}")  # fmt: skip
    return windows(kernel, stride, padding, dilation, 2)


def _unfold(input: Array, kernel_size: Any, dilation: Any, padding: Any, stride: Any) -> Array:
    array = np.asarray(input)
    if array.ndim not in (3, 4):
        raise IndexError(
            f"Dimension out of range (expected to be in range of [{-array.ndim}, "
            f"{array.ndim - 1}], but got {2 if array.ndim == 2 else 3})"
        )
    where = _windows(kernel_size, dilation, padding, stride)
    size = array.shape[-2:]
    places = where.count(size)
    if min(places) < 1:
        raise RuntimeError(
            f"Given input with spatial size {_shown(size)}, kernel_size={_shown(where.kernel)}, "
            f"dilation={_shown(where.dilation)}, padding={_shown(where.before)}, calculated shape "
            f"of the array of sliding blocks as {_shown(places)}, but its components must be at "
            "least one."
        )
    taken = np.moveaxis(slide(array, where), (-2, -1), (-4, -3))
    lead, rows = array.shape[:-3], array.shape[-3] * prod(where.kernel)
    return taken.copy().reshape(*lead, rows, prod(places))


def _fold(
    input: Array, output_size: Any, kernel_size: Any, dilation: Any, padding: Any, stride: Any
) -> Array:
    array = np.asarray(input)
    where = _windows(kernel_size, dilation, padding, stride)
    size: Shape = as_sizes(output_size) * (2 if len(as_sizes(output_size)) == 1 else 1)
    _check_fold(array, where, size)
    lead, channels = array.shape[:-2], array.shape[-2] // prod(where.kernel)
    split = array.reshape(*lead, channels, *where.kernel, *where.count(size))
    laid = lay_down(np.moveaxis(split, (-2, -1), (-4, -3)), size, where)
    return np.ascontiguousarray(laid)


def _check_fold(array: Array, where: Windows, size: Shape) -> None:
    if array.ndim not in (2, 3):
        raise RuntimeError(
            "Expected 2D or 3D (batch mode) tensor for input with possibly 0 batch size and "
            f"non-zero dimensions for input, but got: {list(array.shape)}"
        )
    rows, columns = array.shape[-2:]
    first = array.ndim - 2
    if rows % prod(where.kernel):
        raise RuntimeError(
            f"Expected size of input's dimension {first} to be divisible by the product of "
            f"kernel_size, but got input.size({first})={rows} and kernel_size="
            f"{_shown(where.kernel)}."
        )
    places = where.count(size)
    if prod(places) != columns or min(places) < 1:
        raise RuntimeError(
            f"Given output_size={_shown(size)}, kernel_size={_shown(where.kernel)}, dilation="
            f"{_shown(where.dilation)}, padding={_shown(where.before)}, stride="
            f"{_shown(where.stride)}, expected size of input's dimension {first + 1} to match the "
            f"calculated number of sliding blocks {places[0]} * {places[1]} = {prod(places)}, but "
            f"got input.size({first + 1})={columns}."
        )


unfold = Op(
    name="unfold", family=FAMILY, category="shape", symbol="▦→|",
    doc="The windows that slide over an image, as the columns of a matrix.",
    ports=(Port(name="input", doc="Images of channels.",
                grad=f"fold(g, input_shape[-2:], {_SETTINGS})"),),
    count=unfold_count,
    attrs=_ATTRS, forward=_unfold, promotion="none", torch=f"{FUNCTIONAL}unfold",
    meaning={"input": "an element stands in each window that covers it: its gradients add up"},
    examples=(example(some(1, 1, 1, 3, 4), kernel_size=2),
              example(some(1, 1, 4, 4), kernel_size=(2, 1), dilation=2, padding=1, stride=2)),
    search=("im2col", "sliding blocks", "patches"), backward_name="Im2ColBackward0",
    function=False, method=False,
)  # fmt: skip

fold = Op(
    name="fold", family=FAMILY, category="shape", symbol="|→▦",
    doc="Lays columns down as windows of an image; what overlaps is added up.",
    ports=(Port(name="input", doc="Columns.", grad=f"unfold(g, {_SETTINGS})"),),
    attrs=(Attr(name="output_size", kind="dims", doc="The size of the image."), *_ATTRS),
    forward=_fold, promotion="none", torch=f"{FUNCTIONAL}fold",
    meaning={"input": "each element is added to one place, so its gradient comes from there"},
    examples=(example(some(1, 1, 4, 6), output_size=(3, 4), kernel_size=2),),
    search=("col2im", "combine patches"), backward_name="Col2ImBackward0",
    function=False, method=False,
)  # fmt: skip
