"""Operations that put elements elsewhere: turned, shifted, repeated, cut to triangles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gradviz.ops.counts import diagonal_count, repeat_count
from gradviz.ops.dims import as_sizes, refuse_negative, wrap_dim, wrap_dims
from gradviz.ops.shape import MOVED, sole
from gradviz.ops.spec import Array, Attr, Op, Shape, example

FAMILY = "Rearranging"
_MATRIX = [[1.5, -0.5, 2.0], [0.25, 3.0, -1.0]]
_SQUARE = [[1.0, -2.0, 0.5], [3.0, 4.0, -1.5], [0.25, 2.0, -3.0]]
_ROW = [1.0, -2.0, 3.0]
_REPEATED = {"input": "each element of {input} is copied many times: its gradient is their sum"}
_DIMS = Attr(name="dims", kind="dims", doc="Which dimensions.")
_OFFSET = Attr(
    name="diagonal", kind="int", default=0, doc="How far the diagonal is moved to the right."
)


def _flip(input: Array, dims: Any) -> Array:
    array = np.asarray(input)
    axes = wrap_dims(dims, array.ndim)
    return np.flip(array, axes).copy() if array.ndim else array.copy()


flip = Op(
    name="flip", family=FAMILY, category="shape", symbol="flip",
    doc="The elements in reverse order along some dimensions.", ports=sole("flip(g, dims)"),
    attrs=(_DIMS,), forward=_flip, promotion="none", meaning=MOVED,
    examples=(example(_MATRIX, dims=(0, 1)), example(_ROW, dims=0)),
    search=("reverse order", "mirror elements"),
)  # fmt: skip


def _mirror(name: str, axis: int, doc: str) -> Op:
    def forward(input: Array) -> Array:
        if np.ndim(input) <= axis:
            raise RuntimeError(f"Input must be >= {axis + 1}-d.")
        return _flip(input, axis)

    return Op(
        name=name, family=FAMILY, category="shape", symbol="flip", doc=doc,
        ports=sole(f"{name}(g)"), forward=forward, promotion="none", meaning=MOVED,
        examples=(example(_MATRIX),), backward_name="FlipBackward0",
    )  # fmt: skip


fliplr = _mirror("fliplr", 1, "The columns in reverse order.")
flipud = _mirror("flipud", 0, "The rows in reverse order.")


def _roll(input: Array, shifts: Any, dims: Any) -> Array:
    array, steps, axes = np.asarray(input), as_sizes(shifts), as_sizes(dims)
    if not steps:
        raise RuntimeError("`shifts` required")
    if not axes and len(steps) == 1:
        return np.roll(array, steps[0])
    if len(steps) != len(axes):
        raise RuntimeError(
            f"shifts and dimensions must align. shifts: {len(steps)}, dims:{len(axes)}"
        )
    if not array.ndim:
        raise IndexError(f"Dimension specified as {axes[0]} but tensor has no dimensions")
    return np.roll(array, steps, [wrap_dim(d, array.ndim) for d in axes])


roll = Op(
    name="roll", family=FAMILY, category="shape", symbol="roll",
    doc="The elements shifted along dimensions; those pushed out at one end enter at the other.",
    ports=sole(
        "roll(g, tuple([-n for n in sizes(shifts)]), dims)"
    ),
    attrs=(
        Attr(name="shifts", kind="dims", doc="By how much."),
        Attr(name="dims", kind="dims", default=(), doc="Along which dimensions; none: all."),
    ),
    forward=_roll, promotion="none", meaning=MOVED,
    examples=(
        example(_ROW, shifts=1), example(_MATRIX, shifts=(1, -2), dims=(0, 1)),
        example(_MATRIX, shifts=2),
    ),
    search=("shift around", "rotate elements"),
)  # fmt: skip


def _rot90(input: Array, k: int, dims: Any) -> Array:
    axes = as_sizes(dims)
    if len(axes) != 2:
        raise RuntimeError(f"expected total rotation dims == 2, but got dims = {len(axes)}")
    if np.ndim(input) < 2:
        raise RuntimeError(f"expected total dims >= 2, but got total dims = {np.ndim(input)}")
    first, second = (wrap_dim(d, np.ndim(input)) for d in axes)
    if first == second:
        raise RuntimeError(
            f"expected rotation dims to be different, but got dim0 = {axes[0]} and dim1 = {axes[1]}"
        )
    return np.rot90(input, k, (first, second)).copy()


rot90 = Op(
    name="rot90", family=FAMILY, category="shape", symbol="↺",
    doc="A matrix turned by quarters, from the first of two dimensions towards the second.",
    ports=sole("rot90(g, -k, dims)"),
    attrs=(
        Attr(name="k", kind="int", default=1, doc="How many quarters."),
        Attr(name="dims", kind="dims", default=(0, 1), doc="The two dimensions."),
    ),
    forward=_rot90, promotion="none", meaning=MOVED,
    examples=(example(_MATRIX), example(_MATRIX, k=3)), search=("turn by 90 degrees",),
)  # fmt: skip


def _repeat(input: Array, repeats: Any) -> Array:
    array, counts = np.asarray(input), as_sizes(repeats)
    if len(counts) < array.ndim:
        raise RuntimeError(
            "Number of dimensions of repeat dims can not be smaller than number of dimensions of "
            "tensor"
        )
    old = (1,) * (len(counts) - array.ndim) + array.shape
    refuse_negative([n * m for n, m in zip(old, counts, strict=True)])
    return np.tile(array, counts) if counts else array.copy()


def repeats_apart(shape: Shape, repeats: Any) -> Shape:
    """The sizes of a repeated tensor with each count of repeats a dimension of its own."""
    counts = as_sizes(repeats)
    old = (1,) * (len(counts) - len(shape)) + shape
    counts = (1,) * (len(old) - len(counts)) + counts
    return tuple(size for pair in zip(counts, old, strict=True) for size in pair)


def repeat_dims(shape: Shape, repeats: Any) -> Shape:
    """Where the counts of repeats stand in :func:`repeats_apart`."""
    return tuple(range(0, len(repeats_apart(shape, repeats)), 2))


repeat = Op(
    name="repeat", family=FAMILY, category="shape", symbol="×n",
    count=repeat_count,
    doc="The whole tensor repeated a number of times along each dimension.",
    ports=sole(
        "sum(reshape(g, repeats_apart(input_shape, repeats)), repeat_dims(input_shape, repeats))"
        " if len(out_shape) > 0 else g"
    ),
    attrs=(Attr(name="repeats", kind="shape", doc="How many times along each dimension."),),
    forward=_repeat, promotion="none", torch="torch.Tensor.repeat", meaning=_REPEATED,
    examples=(example(_ROW, repeats=(2, 2)), example(_MATRIX, repeats=(1, 2))),
    search=("copies of a tensor",), function=False,
)  # fmt: skip


def _tile(input: Array, dims: Any) -> Array:
    return np.tile(np.asarray(input), as_sizes(dims))


tile = Op(
    name="tile", family=FAMILY, category="shape", symbol="×n",
    count=repeat_count,
    doc="The tensor repeated along its last dimensions.",
    ports=sole(
        "sum(reshape(g, repeats_apart(input_shape, dims)), repeat_dims(input_shape, dims))"
        " if len(out_shape) > 0 else g"
    ),
    attrs=(Attr(name="dims", kind="shape", doc="How many times along each dimension."),),
    forward=_tile, promotion="none", meaning=_REPEATED,
    examples=(example(_ROW, dims=(2, 2)), example(_MATRIX, dims=(2,))),
    search=("repeat a tensor",), backward_name="RepeatBackward0",
)  # fmt: skip


def _triangle(name: str, symbol: str, numpy: Callable[..., Any], doc: str) -> Op:
    def forward(input: Array, diagonal: int) -> Array:
        if np.ndim(input) < 2:
            raise RuntimeError(f"{name}: input tensor must have at least 2 dimensions")
        return numpy(input, diagonal)

    return Op(
        name=name, family=FAMILY, category="linalg", symbol=symbol, doc=doc,
        ports=sole(f"{name}(g, diagonal)"), attrs=(_OFFSET,), forward=forward, promotion="none",
        meaning={"input": "inside the triangle {out} is {input}, outside nothing passes"},
        examples=(example(_SQUARE), example(_MATRIX, diagonal=1)), search=("triangular part",),
        in_place=True,
    )  # fmt: skip


tril = _triangle("tril", "◺", np.tril, "The matrix with zeros above a diagonal.")
triu = _triangle("triu", "◹", np.triu, "The matrix with zeros below a diagonal.")


def _diag(input: Array, diagonal: int) -> Array:
    if np.ndim(input) not in (1, 2):
        raise RuntimeError(f"diag(): Supports 1D or 2D tensors. Got {np.ndim(input)}D")
    return np.array(np.diag(input, diagonal))


diag = Op(
    name="diag", family=FAMILY, category="linalg", symbol="⋱",
    count=diagonal_count,
    doc="A matrix with a vector on its diagonal; or the diagonal of a matrix, as a vector.",
    ports=sole(
        "diag(g, diagonal) if len(input_shape) == 1 else place_diagonal(g, input_shape, diagonal)"
    ),
    attrs=(_OFFSET,), forward=_diag, promotion="none", meaning=MOVED,
    examples=(example(_ROW), example(_MATRIX), example(_ROW, diagonal=-1)),
    search=("diagonal matrix",), backward_name="DiagEmbedBackward0",
)  # fmt: skip


def _diag_embed(input: Array, offset: int, dim1: int, dim2: int) -> Array:
    array = np.asarray(input)
    rank = array.ndim + 1
    first, second = wrap_dim(dim1, rank), wrap_dim(dim2, rank)
    if first == second:
        raise RuntimeError(f"diagonal dimensions cannot be identical {dim1}, {dim2}")
    count = array.shape[-1] + abs(offset)
    whole = np.zeros((*array.shape[:-1], count, count), array.dtype)
    places = np.arange(int(array.shape[-1]))
    whole[..., places + max(-offset, 0), places + max(offset, 0)] = array
    return np.moveaxis(whole, (-2, -1), (first, second))


diag_embed = Op(
    name="diag_embed", family=FAMILY, category="linalg", symbol="⋱",
    count=diagonal_count,
    doc="A stack of matrices with vectors on their diagonals.",
    ports=sole("diagonal(g, offset, dim1, dim2)"),
    attrs=(
        Attr(name="offset", kind="int", default=0, doc="How far right of the main diagonal."),
        Attr(name="dim1", kind="dim", default=-2, doc="The dimension of the rows."),
        Attr(name="dim2", kind="dim", default=-1, doc="The dimension of the columns."),
    ),
    forward=_diag_embed, promotion="none", meaning=MOVED, examples=(example(_MATRIX),),
    search=("diagonal matrices",),
)  # fmt: skip
