"""The cross product, and overlapping windows along a dimension."""

from __future__ import annotations

import numpy as np

from gradviz.ops.dims import wrap_dim
from gradviz.ops.dtypes import of_numpy
from gradviz.ops.matrices import FAMILY
from gradviz.ops.shape import dim_attr, sole
from gradviz.ops.spec import Array, Attr, Op, Port, example

_FIRST, _SECOND = [[1.0, -0.5, 2.0], [0.25, 1.5, -1.0]], [[-1.5, 0.75, 0.5]]


def _cross(input: Array, other: Array, dim: int) -> Array:
    first, second = np.asarray(input), np.asarray(other)
    if first.ndim != second.ndim:
        raise RuntimeError("linalg.cross: inputs must have the same number of dimensions.")
    axis = wrap_dim(dim, first.ndim)
    if first.shape[axis] != 3 or second.shape[axis] != 3:
        raise RuntimeError(
            f"linalg.cross: inputs dimension {dim} must have length 3. Got {first.shape[axis]} "
            f"and {second.shape[axis]}"
        )
    left = np.roll(first, -1, axis) * np.roll(second, -2, axis)
    return np.asarray(left - np.roll(first, -2, axis) * np.roll(second, -1, axis))


def _check_alike(input: Array, other: Array) -> None:
    names = [of_numpy(np.asarray(v).dtype).legacy_name for v in (input, other)]
    if names[0] != names[1]:
        raise RuntimeError(f"expected scalar type {names[0]} but found {names[1]}")


linalg_cross = Op(
    name="linalg_cross", family=FAMILY, category="linalg", symbol="a×b",
    doc="The vector at right angles to two others, as long as the area between them.",
    ports=(
        Port(name="input", doc="The first vectors.",
             grad="linalg_cross(expand(other, out_shape), g, dim)"),
        Port(name="other", doc="The second vectors.",
             grad="linalg_cross(g, expand(input, out_shape), dim)"),
    ),
    attrs=(dim_attr(doc="Along which the vectors lie.", default=-1, keyword_only=True),),
    forward=_cross, torch="torch.linalg.cross", check=_check_alike,
    meaning={"input": "a change of {input} is crossed with {other}",
             "other": "a change of {other} is crossed with {input}"},
    examples=(example(_FIRST, _SECOND), example(_FIRST, _FIRST[::-1])),
    search=("cross product", "vector product"), function=False, method=False,
)  # fmt: skip


def _check_unfold(array: Array, axis: int, size: int, step: int) -> None:
    length = array.shape[axis] if array.ndim else 1
    if size < 0:
        raise RuntimeError(f"size is {size} but must be >= 0")
    if size > length:
        raise RuntimeError(
            f"maximum size for tensor at dimension {axis} is {length} but size is {size}"
        )
    if step <= 0:
        raise RuntimeError(f"step is {step} but must be > 0")


def _unfold(input: Array, dimension: int, size: int, step: int) -> Array:
    array = np.asarray(input)
    axis = wrap_dim(dimension, array.ndim)
    _check_unfold(array, axis, size, step)
    if not array.ndim:
        return array.reshape(1)[:size]
    if not size:
        shape = (*array.shape[:axis], array.shape[axis] // step + 1, *array.shape[axis + 1 :], 0)
        return np.zeros(shape, array.dtype)
    windows = np.lib.stride_tricks.sliding_window_view(array, size, axis, writeable=True)
    return windows[(slice(None),) * axis + (slice(None, None, step),)]


unfold = Op(
    name="unfold_dimension", family="Shape", category="shape", symbol="unfold",
    doc="Windows of one size along a dimension, one step after the other, on the same memory.",
    ports=sole("fold_windows(g, input_shape, dimension, size, step)"),
    attrs=(
        dim_attr("dimension", "Along which the windows lie."),
        Attr(name="size", kind="int", low=0, doc="How long each window is."),
        Attr(name="step", kind="int", low=1, doc="From each window to the next."),
    ),
    forward=_unfold, promotion="none", torch="torch.Tensor.unfold", function=False,
    meaning={"input": "each element is seen in every window it lies in: its gradient is their sum"},
    examples=(example([1.0, -2.0, 0.5, 3.0], dimension=0, size=2, step=1),
              example(_FIRST, dimension=1, size=2, step=1)),
    aliases=("unfold",), search=("sliding windows",), view=True,
    backward_name="UnfoldBackward0",
)  # fmt: skip


def _fold(input: Array, shape: tuple[int, ...], dimension: int, size: int, step: int) -> Array:
    result = np.zeros(shape, np.asarray(input).dtype)
    if not shape:
        return np.asarray(np.sum(input, dtype=result.dtype))
    axis = wrap_dim(dimension, len(shape))
    for offset in range(size):
        part = np.asarray(input)[..., offset]
        stop = offset + step * (part.shape[axis] - 1) + 1
        result[(slice(None),) * axis + (slice(offset, stop, step),)] += part
    return result


fold_windows = Op(
    name="fold_windows", family="Gradients", category="shape", symbol="fold",
    doc="Adds overlapping windows along a dimension together where they lie.",
    ports=sole("unfold_dimension(g, dimension, size, step)"),
    attrs=(Attr(name="shape", kind="shape", doc="The shape to come to."), *unfold.attrs),
    forward=_fold, promotion="none",
    examples=(example([[1.0, 2.0], [3.0, 4.0]], shape=(3,), dimension=0, size=2, step=1),),
    method=False, function=False, addable=False,
)  # fmt: skip
