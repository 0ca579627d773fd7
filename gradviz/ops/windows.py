"""Windows that slide over the last dimensions of a tensor, as convolution and pooling use them.

Taking the windows out and laying them back down, with what overlaps added up, are each other's
gradients. Every operation on windows is made of the two, for any number of dimensions.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from gradviz.ops.dims import as_sizes
from gradviz.ops.spec import Array, Shape


def each(value: Any, rank: int) -> Shape:
    """A setting for each of ``rank`` dimensions, given for each or once for all."""
    sizes = as_sizes(np.ravel(value))
    return sizes * rank if len(sizes) == 1 else sizes


@dataclass(frozen=True, slots=True)
class Windows:
    """Where windows lie: a number a dimension for each of the fields.

    ``kernel``: their size, ``stride``: how far apart they start, ``before`` and ``after``: what
    is added around, ``dilation``: how far apart the elements within a window are.
    """

    kernel: Shape
    stride: Shape
    before: Shape
    after: Shape
    dilation: Shape

    @property
    def span(self) -> Shape:
        """From the first element of a window to its last."""
        return tuple(d * (k - 1) + 1 for k, d in zip(self.kernel, self.dilation, strict=True))

    def padded(self, size: Shape) -> Shape:
        """The size with what is added around."""
        return tuple(b + n + a for n, b, a in zip(size, self.before, self.after, strict=True))

    def count(self, size: Shape) -> Shape:
        """How many windows fit in a tensor of this size; 0 or less where it is too small."""
        sizes = zip(self.padded(size), self.span, self.stride, strict=True)
        return tuple((n - span) // stride + 1 for n, span, stride in sizes)


def windows(kernel: Any, stride: Any, padding: Any, dilation: Any, rank: int) -> Windows:
    """Windows with as much added before as after."""
    around = each(padding, rank)
    return Windows(each(kernel, rank), each(stride, rank), around, around, each(dilation, rank))


def _inner(size: Shape, where: Windows, tail: int) -> tuple[Any, ...]:
    """The index of what lies within what was added around."""
    cuts = (slice(b, b + n) for b, n in zip(where.before, size, strict=True))
    return (..., *cuts, *(slice(None),) * tail)


def add_around(array: Array, where: Windows, fill: Any = 0, tail: int = 0) -> Array:
    """``array`` with ``fill`` around the dimensions that windows slide over; a copy in order."""
    if not any(where.before) and not any(where.after):
        return np.ascontiguousarray(array)
    lead, size, rest = parts(array.shape, len(where.kernel), tail)
    wide = np.full(lead + where.padded(size) + rest, fill, array.dtype)
    wide[_inner(size, where, tail)] = array
    return wide


def parts(shape: Shape, rank: int, tail: int) -> tuple[Shape, Shape, Shape]:
    """A shape in three: before, in and after the ``rank`` dimensions that windows slide over."""
    end = len(shape) - tail
    return shape[: end - rank], shape[end - rank : end], shape[end:]


def slide(
    array: Array, where: Windows, fill: Any = 0, tail: int = 0, places: Shape | None = None
) -> Array:
    """The windows of ``array`` as a view: leading dimensions, places, elements within, the rest.

    Windows slide over the last dimensions but ``tail``. ``places``: how many to take, by default
    all that fit.
    """
    rank = len(where.kernel)
    _, size, _ = parts(array.shape, rank, tail)
    wide = add_around(array, where, fill, tail)
    lead, _, rest = parts(wide.shape, rank, tail)
    before, steps, after = parts(wide.strides, rank, tail)
    apart = tuple(s * n for s, n in zip(steps, where.stride, strict=True))
    within = tuple(s * n for s, n in zip(steps, where.dilation, strict=True))
    shape = lead + (where.count(size) if places is None else places) + where.kernel + rest
    return np.lib.stride_tricks.as_strided(
        wide, shape, before + apart + within + after, writeable=False
    )


def lay_down(taken: Array, size: Shape, where: Windows, tail: int = 0) -> Array:
    """Windows laid back in a tensor of ``size``, added up where they overlap."""
    rank = len(where.kernel)
    lead, _, rest = parts(taken.shape, 2 * rank, tail)
    places = taken.shape[len(lead) : len(lead) + rank]
    wide = np.zeros(lead + where.padded(size) + rest, taken.dtype)
    after = (slice(None),) * tail
    for offset in product(*map(range, where.kernel)):
        starts = zip(offset, where.dilation, where.stride, places, strict=True)
        cut = tuple(slice(o * d, o * d + s * n, s) for o, d, s, n in starts)
        wide[(..., *cut, *after)] += taken[(..., *offset, *after)]
    return wide[_inner(size, where, tail)]
