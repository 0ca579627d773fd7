"""Pooling by the largest, the places it was at, and putting values back at such places.

The largest of a window is an element taken from a place, so the gradient goes back to that
place and to no other; of equals the first counts.
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from gradviz.ops.activations import FUNCTIONAL
from gradviz.ops.dims import whole_numbers
from gradviz.ops.dtypes import of_numpy
from gradviz.ops.pooling import CEIL, KERNEL, OUTPUT, PADDING, SIGNAL, STRIDE, adaptive_bounds, some
from gradviz.ops.pooling_checks import (
    adaptive_sizes,
    check_input,
    check_pooled,
    pooled_size,
    pooling_windows,
)
from gradviz.ops.spec import Array, Attr, Op, Port, Shape, example
from gradviz.ops.window_counts import adaptive_count, padded_count
from gradviz.ops.windows import Windows, slide

FAMILY = "Pooling"
DILATION = Attr(
    name="dilation", kind="dims", default=1, low=1, doc="How far apart a window's elements are.",
)  # fmt: skip
_WORDS = {1: "a signal", 2: "an image", 3: "a volume"}
_BACK = "beside(put_places(g, {}, input_shape, {}), (input,))"
_MEANING = {"input": "only the largest of each window reaches {out}, so its gradient goes there"}


def _lowest(kind: np.dtype[Any]) -> Any:
    return -np.inf if kind.kind == "f" else np.iinfo(kind).min


def _with_end(where: Windows, size: Shape, places: Shape) -> Windows:
    """The windows with enough added at the end for as many places as there are."""
    fields = zip(where.span, where.stride, where.before, size, places, strict=True)
    after = tuple(max((p - 1) * s + span - b - n, 0) for span, s, b, n, p in fields)
    return Windows(where.kernel, where.stride, where.before, after, where.dilation)


def _places_within(flat: Array, shape: Shape) -> list[Array]:
    """Places counted through a shape, as one number for each of its dimensions."""
    found: list[Array] = []
    for n in reversed(shape):
        flat, place = np.asarray(flat // n), np.asarray(flat % n)
        found.insert(0, place)
    return found


def largest_places(array: Array, where: Windows, places: Shape) -> Array:
    """For each window the place, counted through all of a channel, of its first largest."""
    rank = len(where.kernel)
    size = array.shape[array.ndim - rank :]
    wide = _with_end(where, size, places)
    taken = slide(array, wide, _lowest(array.dtype), places=places)
    flat = taken.reshape(*taken.shape[:-rank], prod(where.kernel))
    if array.dtype.kind == "f":
        # What was added around must lose even against −∞, as it lies nowhere.
        inside = slide(np.ones(size, np.bool_), wide, False, places=places)
        lowest = np.isneginf(flat) & inside.reshape(*places, -1)
        flat = np.asarray(np.where(lowest, np.finfo(array.dtype).min, flat))
    best: Array = np.asarray(flat.argmax(axis=-1))
    offsets = _places_within(best, where.kernel)
    result: Array = np.zeros(flat.shape[:-1], np.int64)
    for axis in range(rank):
        starts = np.arange(places[axis]) * where.stride[axis] - where.before[axis]
        starts = starts.reshape(-1, *[1] * (rank - axis - 1))
        result = result * size[axis] + starts + offsets[axis] * where.dilation[axis]
    return result


def pick(input: Array, places: Array, rank: int) -> Array:
    """The elements at ``places``, counted through the last ``rank`` dimensions."""
    lead = input.shape[: input.ndim - rank]
    flat = input.reshape(*lead, prod(input.shape[input.ndim - rank :]))
    spots = places.reshape(*lead, prod(places.shape[places.ndim - rank :]))
    return np.take_along_axis(flat, spots, -1).reshape(places.shape)


def put_back(input: Array, places: Array, size: Shape, rank: int) -> Array:
    """Zeros of ``size`` with elements added at ``places``."""
    shape = tuple(size)
    lead, count = shape[: len(shape) - rank], prod(shape[len(shape) - rank :])
    base = np.arange(prod(lead)).reshape(*lead, *[1] * rank) * count
    spots = (np.asarray(places) + base).reshape(-1)
    array = np.asarray(input)
    if not array.size:
        return np.zeros(shape, array.dtype)
    total = np.bincount(spots, array.reshape(-1).astype(np.float64), prod(shape))
    return total.astype(array.dtype).reshape(shape)


_RANK = Attr(name="rank", kind="int", doc="Through how many dimensions places are counted.")
_PLACES = Port(name="places", doc="Which elements.", promote=False)

pick_places = Op(
    name="pick_places", family="Gradients", category="index", symbol="[i]",
    doc="The elements at places counted through the last dimensions.",
    ports=(Port(name="input", grad="put_places(g, places, input_shape, rank)"), _PLACES),
    attrs=(_RANK,), forward=pick, promotion="none",
    examples=(example([[1.0, 2.0, 3.0]], np.array([[2, 0]]), rank=1),),
    method=False, function=False, addable=False,
)  # fmt: skip

put_places = Op(
    name="put_places", family="Gradients", category="index", symbol="[i]+",
    doc="Zeros with elements added at places counted through the last dimensions.",
    ports=(Port(name="input", grad="pick_places(g, places, rank)"), _PLACES),
    attrs=(Attr(name="size", kind="shape", doc="The shape of the result."), _RANK),
    forward=put_back, promotion="none",
    examples=(example([[1.0, 2.0]], np.array([[2, 0]]), size=(1, 3), rank=1),),
    method=False, function=False, addable=False,
)  # fmt: skip


def _check_kind(rank: int, array: Array) -> None:
    kind = of_numpy(array.dtype)
    if kind.name == "bool":
        raise NotImplementedError(f"\"max_pool{rank}d\" not implemented for '{kind.legacy_name}'")


def _max_pool(rank: int, examples: Any) -> tuple[Op, Op]:
    name = f"max_pool{rank}d"
    attrs = (KERNEL, STRIDE, PADDING, DILATION, CEIL)
    settings = ", ".join(a.name for a in attrs)

    def with_indices(
        input: Array, kernel_size: Any, stride: Any, padding: Any, dilation: Any, ceil_mode: bool
    ) -> tuple[Array, Array]:
        array = np.asarray(input)
        if rank == 1:
            check_input(name, rank, array)
        where = pooling_windows(name, rank, kernel_size, stride, padding, dilation)
        check_input(name, rank, array)
        places = pooled_size(array.shape[array.ndim - rank :], where, ceil_mode)
        check_pooled(name, array, places)
        _check_kind(rank, array)
        chosen = largest_places(array, where, places)
        return pick(array, chosen, rank), chosen

    def forward(input: Array, **settings: Any) -> Array:
        return with_indices(input, **settings)[0]

    indices = f"{name}_with_indices(input, {settings})[1]"
    both = Op(
        name=f"{name}_with_indices", family="Gradients", category="reduce", symbol="max▦",
        doc="The largest within each window, and the place where it is.",
        ports=(Port(name="input", grad=_BACK.format("indices", rank)),),
        count=padded_count(rank),
        attrs=attrs, forward=with_indices, promotion="none", outputs=("values", "indices"),
        torch=f"{FUNCTIONAL}{name}_with_indices", examples=examples,
        method=False, function=False, addable=False,
    )  # fmt: skip
    pool = Op(
        name=name, family=FAMILY, category="reduce", symbol="max▦",
        doc=f"The largest within a window that moves over {_WORDS[rank]}.",
        ports=(Port(name="input", doc="Values in channels.",
                    grad=_BACK.format(indices, rank)),),
        count=padded_count(rank),
        attrs=attrs, forward=forward, promotion="none", torch=FUNCTIONAL + name, meaning=_MEANING,
        backward_name=f"MaxPool{rank}DWithIndicesBackward0", examples=examples,
        search=("maximum pooling", "downsample"), method=False,
    )  # fmt: skip
    return pool, both


max_pool1d, max_pool1d_with_indices = _max_pool(
    1, (example(SIGNAL, kernel_size=2), example(SIGNAL, kernel_size=3, stride=2, padding=1)),
)  # fmt: skip
max_pool2d, max_pool2d_with_indices = _max_pool(
    2,
    (
        example(some(1, 1, 1, 4, 5), kernel_size=2),
        example(some(1, 1, 5, 4), kernel_size=2, stride=(2, 1), dilation=2, ceil_mode=True),
    ),
)  # fmt: skip
max_pool3d, max_pool3d_with_indices = _max_pool(
    3, (example(some(1, 1, 2, 3, 4), kernel_size=(1, 2, 2), stride=(1, 1, 2)),)
)


def adaptive_places(array: Array, outs: Shape) -> Array:
    """For each part the place of its first largest, counted through all of a channel.

    One dimension at a time, the last first: of equals the first row is taken, and in it the first.
    """
    lead = array.ndim - len(outs)
    if 0 in outs:
        return np.zeros(array.shape[:lead] + outs, np.int64)
    values, spots = array, np.zeros(array.shape, np.int64)
    for axis in reversed(range(len(outs))):
        first, last = adaptive_bounds(array.shape[lead + axis], outs[axis])
        steps = whole_numbers(int((last - first).max()))
        places = np.minimum(first[:, None] + steps, last[:, None] - 1)
        values, spots = (np.moveaxis(v, lead + axis, -1) for v in (values, spots))
        best = values[..., places].argmax(-1)
        where = places[whole_numbers(outs[axis]), best]
        stride = prod(array.shape[lead + axis + 1 :])
        spots = np.take_along_axis(spots, where, -1) + where * stride
        values = np.take_along_axis(values, where, -1)
        values, spots = (np.moveaxis(v, -1, lead + axis) for v in (values, spots))
    return np.ascontiguousarray(spots)


def _adaptive_max_pool(rank: int, examples: Any) -> tuple[Op, Op]:
    name = f"adaptive_max_pool{rank}d"

    def with_indices(input: Array, output_size: Any) -> tuple[Array, Array]:
        array = np.asarray(input)
        outs = adaptive_sizes(name, rank, array, output_size)
        chosen = adaptive_places(array, outs)
        return pick(array, chosen, rank), chosen

    def forward(input: Array, output_size: Any) -> Array:
        return with_indices(input, output_size)[0]

    both = Op(
        name=f"{name}_with_indices", family="Gradients", category="reduce", symbol="max▦",
        doc="The largest of each of nearly equal parts, and the place where it is.",
        ports=(Port(name="input", grad=_BACK.format("indices", rank)),),
        count=adaptive_count(rank),
        attrs=(OUTPUT,), forward=with_indices, promotion="none", outputs=("values", "indices"),
        torch=f"{FUNCTIONAL}{name}_with_indices", examples=examples,
        method=False, function=False, addable=False,
    )  # fmt: skip
    indices = f"{name}_with_indices(input, output_size)[1]"
    pool = Op(
        name=name, family=FAMILY, category="reduce", symbol="max▦",
        doc=f"The largest of as many nearly equal parts of {_WORDS[rank]} as are asked for.",
        ports=(Port(name="input", doc="Values in channels.",
                    grad=_BACK.format(indices, rank)),),
        count=adaptive_count(rank),
        attrs=(OUTPUT,), forward=forward, promotion="none", torch=FUNCTIONAL + name,
        meaning={"input": "only the largest of each part reaches {out}: its gradient goes there"},
       examples=examples, search=("maximum pooling",), method=False,
        function=False,
    )  # fmt: skip
    return pool, both


adaptive_max_pool1d, adaptive_max_pool1d_with_indices = _adaptive_max_pool(
    1, (example(SIGNAL, output_size=2),)
)
adaptive_max_pool2d, adaptive_max_pool2d_with_indices = _adaptive_max_pool(
    2, (example(some(1, 1, 1, 4, 5), output_size=(2, 3)),)
)
adaptive_max_pool3d, adaptive_max_pool3d_with_indices = _adaptive_max_pool(
    3, (example(some(1, 1, 2, 3, 4), output_size=(1, 2, 2)),)
)


def _max_unpool(input: Array, places: Array, size: Any) -> Array:
    array, spots = np.asarray(input), np.asarray(places)
    if spots.shape != array.shape:
        wide = [list(a.shape) + [1] * (len(tuple(size)) == 1) for a in (array, spots)]
        raise RuntimeError(
            f"Expected shape of indices to be same as that of the input tensor ({wide[0]}) but got "
            f"indices tensor with shape: {wide[1]}"
        )
    rank = len(tuple(size))
    lead = array.shape[: array.ndim - rank]
    count = prod(size)
    outside = spots[(spots < 0) | (spots >= count)]
    if outside.size:
        raise RuntimeError(
            f"Found an invalid max index: {outside.flat[0]} (output volumes are of size "
            f"{'x'.join(map(str, size))}"
        )
    flat = np.zeros((*lead, count), array.dtype)
    np.put_along_axis(
        flat, spots.reshape(*lead, -1), array.reshape(*lead, prod(array.shape[len(lead) :])), -1
    )
    return flat.reshape(*lead, *size)


max_unpool = Op(
    name="max_unpool", family=FAMILY, category="index", symbol="max▦⁻¹",
    doc="Puts values back at the places they were pooled from, zeros elsewhere.",
    ports=(
        Port(name="input", doc="What was pooled.", grad="pick_places(g, places, len(size))"),
        Port(name="places", doc="The places, counted through a channel.", promote=False),
    ),
    attrs=(Attr(name="size", kind="shape", doc="The spatial size of the result."),),
    forward=_max_unpool, promotion="none",
    meaning={"input": "each value takes one place in {out}, so its gradient comes from there"},
    examples=(example([[1.0, 2.0]], np.array([[2, 0]]), size=(4,)),),
    search=("undo pooling",), method=False, function=False, addable=False,
)  # fmt: skip
