"""Operations that show the same elements in another shape or order, on the same memory."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from gradviz.ops.dims import as_sizes, infer_sizes, wrap_dim, wrap_dims
from gradviz.ops.dtypes import of_numpy
from gradviz.ops.dual import sum_to_shape
from gradviz.ops.spec import Array, Attr, Op, Port, Shape, example

FAMILY = "Shape"
_CUBE = np.arange(12.0).reshape(2, 3, 2) / 4 - 1
_FLAT = [[1.5, -0.5, 2.0], [0.25, 3.0, -1.0]]
_THIN = [[[0.5], [-1.5], [2.0]]]
MOVED = {
    "input": "each element of {input} only gets another place, so its gradient goes back to the old"
}


def sole(grad: str | None, doc: str = "The tensor.") -> tuple[Port]:
    """The one port ``input`` of an operation that takes a single tensor."""
    return (Port(name="input", doc=doc, grad=grad),)


def size_attr(doc: str) -> Attr:
    """A setting for a shape."""
    return Attr(name="size", kind="shape", doc=doc)


def dim_attr(name: str = "dim", doc: str = "Which dimension.", **more: Any) -> Attr:
    """A setting for one dimension."""
    return Attr(name=name, kind="dim", doc=doc, **more)


def _view(input: Array, size: Any) -> Array:
    shape = infer_sizes(size, input.size)
    try:
        return np.reshape(input, shape, copy=False)
    except ValueError:
        raise RuntimeError(
            "view size is not compatible with input tensor's size and stride (at least one "
            "dimension spans across two contiguous subspaces). Use .reshape(...) instead."
        ) from None


view = Op(
    name="view", family=FAMILY, category="shape", symbol="view",
    doc="The same elements, in order, in another shape and on the same memory.",
    ports=sole("reshape(g, input_shape)"),
    attrs=(size_attr("The new shape; −1 stands for the rest."),),
    forward=_view, promotion="none", torch="torch.Tensor.view", meaning=MOVED,
    examples=(example(_FLAT, size=(3, 2)), example(_FLAT, size=(-1,))),
    search=("new shape", "new size"), view=True, function=False,
)  # fmt: skip


def _reshape(input: Array, shape: Any) -> Array:
    return np.reshape(input, infer_sizes(shape, np.size(input)))


reshape = Op(
    name="reshape", family=FAMILY, category="shape", symbol="reshape",
    doc="The same elements, in order, in another shape; memory is shared where it can be.",
    ports=sole("reshape(g, input_shape)"),
    attrs=(Attr(name="shape", kind="shape", doc="The new shape; −1 stands for the rest."),),
    forward=_reshape, promotion="none", meaning=MOVED,
    examples=(
        example(_FLAT, shape=(3, 2)),
        example(_CUBE, shape=(-1, 4)),
        example(np.array(1.5), shape=(1, 1)),
    ),
    search=("new shape", "rearrange elements"), backward_name="ViewBackward0", view=True,
)  # fmt: skip


def _flatten(input: Array, start_dim: int, end_dim: int) -> Array:
    shape = np.shape(input)
    start, end = wrap_dim(start_dim, len(shape)), wrap_dim(end_dim, len(shape))
    if start > end:
        raise RuntimeError("flatten() has invalid args: start_dim cannot come after end_dim")
    middle = math.prod(shape[start : end + 1])
    return np.reshape(input, (*shape[:start], middle, *shape[end + 1 :]))


flatten = Op(
    name="flatten", family=FAMILY, category="shape", symbol="flatten",
    doc="Runs of dimensions, by default all, made into one.",
    ports=sole("reshape(g, input_shape)"),
    attrs=(
        dim_attr("start_dim", "The first of those to be made one.", default=0),
        dim_attr("end_dim", "The last of them.", default=-1),
    ),
    forward=_flatten, promotion="none", meaning=MOVED,
    examples=(example(_CUBE), example(_CUBE, start_dim=1), example(_CUBE, start_dim=0, end_dim=1)),
    search=("to vector",), backward_name="ViewBackward0", view=True,
)  # fmt: skip


def _ravel(input: Array) -> Array:
    return np.reshape(input, -1)


ravel = Op(
    name="ravel", family=FAMILY, category="shape", symbol="ravel",
    doc="All elements, in order, as a vector.", ports=sole("reshape(g, input_shape)"),
    forward=_ravel, promotion="none", meaning=MOVED,
    examples=(example(_FLAT),), backward_name="ViewBackward0", view=True,
)  # fmt: skip


def _unflatten(input: Array, dim: int, sizes: Any) -> Array:
    shape, parts = np.shape(input), as_sizes(sizes)
    axis = wrap_dim(dim, len(shape))
    if not parts:
        raise RuntimeError("unflatten: sizes must be non-empty")
    try:
        inner = infer_sizes(parts, shape[axis])
    except RuntimeError:
        if parts.count(-1) > 1:
            raise
        raise RuntimeError(
            f"unflatten: Provided sizes {list(parts)} don't multiply up to the size of dim {axis} "
            f"({shape[axis]}) in the input tensor"
        ) from None
    return np.reshape(input, (*shape[:axis], *inner, *shape[axis + 1 :]))


unflatten = Op(
    name="unflatten", family=FAMILY, category="shape", symbol="unflatten",
    doc="One dimension split up into several.", ports=sole("reshape(g, input_shape)"),
    attrs=(dim_attr(), Attr(name="sizes", kind="shape", doc="Their sizes; −1: the rest.")),
    forward=_unflatten, promotion="none", meaning=MOVED,
    examples=(example(_FLAT, dim=1, sizes=(3, 1)), example(_CUBE, dim=0, sizes=(-1, 1))),
    backward_name="ViewBackward0", view=True,
)  # fmt: skip


def _squeeze_dims(input: Array, dim: Any) -> Array:
    shape = np.shape(input)
    dropped = {d for d in wrap_dims(dim, len(shape)) if shape and shape[d] == 1}
    return np.reshape(input, [n for d, n in enumerate(shape) if d not in dropped])


def _squeeze(name: str, doc: str, number: int, forward: Any, *attrs: Attr, **settings: Any) -> Op:
    return Op(
        name=name, family=FAMILY, category="shape", symbol="squeeze", doc=doc,
        ports=sole("reshape(g, input_shape)"), attrs=attrs, forward=forward, promotion="none",
        meaning=MOVED, examples=(example(_THIN, **settings),), search=("drop dimension",),
        backward_name=f"SqueezeBackward{number}", view=True,
    )  # fmt: skip


def _squeeze_all(input: Array) -> Array:
    return np.reshape(input, [n for n in np.shape(input) if n != 1])


squeeze = _squeeze(
    "squeeze", "The same tensor without its dimensions of size one.", 0,
    _squeeze_all,
)  # fmt: skip
squeeze_dim = _squeeze(
    "squeeze.dim", "The same tensor without one dimension, where its size is one.", 1,
    _squeeze_dims, dim_attr(), dim=0,
)  # fmt: skip
squeeze_dims = _squeeze(
    "squeeze.dims", "The same tensor without some dimensions, where their size is one.", 2,
    _squeeze_dims, Attr(name="dim", kind="dims", doc="Which dimensions."), dim=(0, 2),
)  # fmt: skip


def _unsqueeze(input: Array, dim: int) -> Array:
    shape = np.shape(input)
    axis = wrap_dim(dim, len(shape) + 1)
    return np.reshape(input, (*shape[:axis], 1, *shape[axis:]))


unsqueeze = Op(
    name="unsqueeze", family=FAMILY, category="shape", symbol="unsqueeze",
    doc="The same tensor with a dimension of size one put in.", ports=sole("squeeze_dim(g, dim)"),
    attrs=(dim_attr(doc="Before which dimension; −1 puts it last."),), forward=_unsqueeze,
    promotion="none", meaning=MOVED,
    examples=(example(_FLAT, dim=1), example(_FLAT, dim=-1)), search=("add dimension", "new axis"),
    view=True,
)  # fmt: skip


def _transpose(input: Array, dim0: int, dim1: int) -> Array:
    array = np.asarray(input)
    first, second = wrap_dim(dim0, array.ndim), wrap_dim(dim1, array.ndim)
    return array.swapaxes(first, second) if array.ndim else array.view()


transpose = Op(
    name="transpose", family=FAMILY, category="shape", symbol="⇄",
    doc="The same elements with two dimensions swapped.", ports=sole("transpose(g, dim0, dim1)"),
    attrs=(dim_attr("dim0", "One dimension."), dim_attr("dim1", "The other.")),
    forward=_transpose, promotion="none", meaning=MOVED,
    examples=(example(_FLAT, dim0=0, dim1=1), example(_CUBE, dim0=0, dim1=-1)),
    aliases=("swapaxes", "swapdims"), view=True,
)  # fmt: skip


def _t(input: Array) -> Array:
    if type(input) is np.ndarray and input.ndim == 2:
        return input.T
    if np.ndim(input) > 2:
        raise RuntimeError(
            f"t() expects a tensor with <= 2 dimensions, but self is {np.ndim(input)}D"
        )
    return np.transpose(input)


t = Op(
    name="t", family=FAMILY, category="shape", symbol="ᵀ",
    doc="A matrix with rows and columns swapped.", ports=sole("t(g)"), forward=_t,
    promotion="none", source="{input}.T", meaning=MOVED, examples=(example(_FLAT),),
    search=("matrix transpose",), backward_name="TBackward0", view=True,
)  # fmt: skip


def _permute(input: Array, dims: Any) -> Array:
    array, order = np.asarray(input), as_sizes(dims)
    if len(order) != array.ndim:
        raise RuntimeError(
            "permute(sparse_coo): number of dimensions in the tensor input does not match the "
            f"length of the desired ordering of dimensions i.e. input.dim() = {array.ndim} is not "
            f"equal to len(dims) = {len(order)}"
        )
    wrapped = [wrap_dim(d, array.ndim) for d in order]
    if len(set(wrapped)) != len(wrapped):
        raise RuntimeError("permute(): duplicate dims are not allowed.")
    return array.transpose(wrapped)


permute = Op(
    name="permute", family=FAMILY, category="shape", symbol="permute",
    doc="The same elements with the dimensions in another order.",
    ports=sole("movedim(g, tuple(range(len(dims))), dims)"),
    attrs=(Attr(name="dims", kind="dims", doc="The old dimension at each new place."),),
    forward=_permute, promotion="none", meaning=MOVED,
    examples=(example(_CUBE, dims=(2, 0, 1)), example(_CUBE, dims=(-1, 1, 0))),
    search=("reorder dimensions", "transpose several"), view=True,
)  # fmt: skip


def _movedim(input: Array, source: Any, destination: Any) -> Array:
    array = np.asarray(input)
    given = {"source": as_sizes(source), "destination": as_sizes(destination)}
    olds, news = given["source"], given["destination"]
    if len(olds) != len(news):
        raise RuntimeError(
            f"movedim: Invalid source or destination dims: source ({list(olds)} dims) should "
            f"contain the same number of dims as destination ({list(news)} dims)"
        )
    for name, dims in given.items():
        wrapped = [wrap_dim(d, array.ndim) for d in dims]
        if len(set(wrapped)) != len(wrapped):
            raise RuntimeError(f"movedim: repeated dim in `{name}` ({list(dims)})")
    return np.moveaxis(array, olds, news) if array.ndim else array.view()


movedim = Op(
    name="movedim", family=FAMILY, category="shape", symbol="movedim",
    doc="The same elements with some dimensions moved to other places.",
    ports=sole("movedim(g, destination, source)"),
    attrs=(
        Attr(name="source", kind="dims", doc="Which dimensions move."),
        Attr(name="destination", kind="dims", doc="Where each goes."),
    ),
    forward=_movedim, promotion="none", meaning=MOVED,
    examples=(
        example(_CUBE, source=0, destination=2),
        example(_CUBE, source=(0, 1), destination=(2, 0)),
    ),
    aliases=("moveaxis",), backward_name="PermuteBackward0", view=True,
)  # fmt: skip


def expanded_shape(array: Array, size: Sequence[int]) -> Shape:
    """The shape that ``expand`` gives an array, −1 standing for sizes that stay."""
    extra = len(size) - array.ndim
    if extra < 0:
        kind = of_numpy(array.dtype).legacy_name
        raise RuntimeError(
            f"expand(torch.{kind}Tensor{{{list(array.shape)}}}, size={list(size)}): the number of "
            f"sizes provided ({len(size)}) must be greater or equal to the number of dimensions in "
            f"the tensor ({array.ndim})"
        )
    shape: list[int] = []
    for axis, wanted in enumerate(size):
        old = array.shape[axis - extra] if axis >= extra else None
        if wanted == -1 and old is None:
            raise RuntimeError(
                f"The expanded size of the tensor ({wanted}) isn't allowed in a leading, "
                f"non-existing dimension {axis}"
            )
        if old is not None and old != 1 and wanted not in (-1, old):
            raise RuntimeError(
                f"The expanded size of the tensor ({wanted}) must match the existing size ({old}) "
                f"at non-singleton dimension {axis}.  Target sizes: {list(size)}.  "
                f"Tensor sizes: {list(array.shape)}"
            )
        shape.append(old if wanted == -1 and old is not None else wanted)
    return tuple(shape)


def _expand(input: Array, size: Any, **_: Any) -> Array:
    array = np.asarray(input)
    shape = expanded_shape(array, as_sizes(size))
    if array.shape == shape[-array.ndim :] and set(shape[: -array.ndim]) <= {1}:
        return array.reshape(shape)
    return np.broadcast_to(array, shape)


def _expand_op(name: str, symbol: str, doc: str, method_only: bool) -> Op:
    return Op(
        name=name, family=FAMILY, category="shape", symbol=symbol, doc=doc,
        ports=sole("sum_to_size(g, input_shape)"),
        attrs=(size_attr("The new shape; −1 keeps a size."),), forward=_expand, promotion="none",
        torch="torch.Tensor.expand" if method_only else "",
        meaning={"input": "each element of {input} is read many times: its gradient is their sum"},
        examples=(example(_THIN, size=(2, 3, 2)), example([[1.0], [-2.0]], size=(-1, 3))),
        search=("broadcast to size", "stretch dimensions"), backward_name="ExpandBackward0",
        view=True,
        function=not method_only,
    )  # fmt: skip


expand = _expand_op(
    "expand", "expand", "Dimensions of size one stretched to more, without copying.", True
)
broadcast_to = _expand_op(
    "broadcast_to", "⇥", "The tensor broadcast to a shape, without copying.", False
)


def _sum_to_size(input: Array, size: Any) -> Array:
    array, shape = np.asarray(input), as_sizes(size)
    if len(shape) > array.ndim or any(
        n not in (1, old) for n, old in zip(reversed(shape), reversed(array.shape), strict=False)
    ):
        raise RuntimeError(
            f"size {{{list(shape)}}} is not expandable to size {{{list(array.shape)}}}."
        )
    return sum_to_shape(array, shape) if shape else np.asarray(np.add.reduce(array, axis=None))


sum_to_size = Op(
    name="sum_to_size", family=FAMILY, category="reduce", symbol="Σ⇤",
    doc="Sums away what broadcasting from a smaller shape added.",
    ports=sole("expand(g, input_shape)"), attrs=(size_attr("The smaller shape."),),
    forward=_sum_to_size, promotion="none", torch="torch.Tensor.sum_to_size",
    meaning={"input": "{out} is made of sums, so each unit of {input} moves its sum by one unit"},
    examples=(example(_FLAT, size=(3,)), example(_FLAT, size=(2, 1))),
    search=("undo broadcasting",), backward_name="SumBackward1", view=True, function=False,
)  # fmt: skip
