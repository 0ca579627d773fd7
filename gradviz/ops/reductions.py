"""Reductions: sums, means, products, extremes and tests over some or all dimensions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gradviz.ops.axes import along, axes_of, check_not_empty, count, kept_shape, result_shape
from gradviz.ops.creation import DTYPE, as_dtype
from gradviz.ops.dtypes import int64, of_numpy
from gradviz.ops.naming import by_dim
from gradviz.ops.spec import REQUIRED, Array, Attr, Op, Port, Saving, Shape, example

MATRIX = [[1.5, -0.5, 2.0], [0.25, 3.0, -1.25]]
DIMS = Attr(
    name="dim", kind="dims", default=None, optional=True,
    doc="The dimension or dimensions to reduce; all of them by default.",
)  # fmt: skip
DIM = Attr(
    name="dim", kind="dim", default=None, optional=True,
    doc="The dimension to reduce; all of them by default.",
)  # fmt: skip
ONE_DIM = Attr(name="dim", kind="dim", default=REQUIRED, doc="The dimension to go along.")
KEEPDIM = Attr(
    name="keepdim", kind="bool", default=False, doc="Keep reduced dimensions, with size one."
)
SHAPE = Attr(name="shape", kind="shape", default=REQUIRED, doc="The shape to come to.")


def one_input(grad: str | None, doc: str = "The tensor.") -> tuple[Port, ...]:
    """The ports of an operation on one tensor."""
    return (Port(name="input", doc=doc, grad=grad),)


def _spread(input: Any, shape: Shape, dim: Any, keepdim: bool) -> Array:
    array = np.asarray(input)
    if not array.ndim:
        whole = np.empty(shape, array.dtype)
        whole.fill(array)
        return whole
    if not keepdim and array.ndim != len(shape):
        array = array.reshape(kept_shape(shape, dim))
    return np.broadcast_to(array, shape)


spread = Op(
    name="spread", family="Gradients", category="shape", symbol="⇶",
    doc="Repeats the results of a reduction for each of the elements they were made of.",
    ports=one_input("sum(g, dim, keepdim)"), attrs=(SHAPE, DIMS, KEEPDIM), forward=_spread,
    examples=(
        example([1.0, 2.0], shape=(2, 3), dim=(1,)),
        example([[1.0], [2.0]], shape=(2, 3), dim=(1,), keepdim=True),
    ),
    promotion="none", method=False, function=False, addable=False,
)  # fmt: skip


def _ties(input: Array, extreme: Array, dim: Any, keepdim: bool) -> Array:
    array, best = np.asarray(input), _spread(extreme, np.shape(input), dim, keepdim)
    reached = np.where(np.isnan(best), np.isnan(array), array == best)
    kind = array.dtype if array.dtype.kind == "f" else np.dtype(np.float32)
    axes = axes_of(dim, array.ndim)
    return (reached / np.sum(reached, axis=axes, keepdims=True)).astype(kind)


ties = Op(
    name="ties", family="Gradients", category="reduce", symbol="⇄",
    doc="Each element's even share in having reached an extreme; 0 for those that did not.",
    ports=(Port(name="input"), Port(name="extreme")), attrs=(DIMS, KEEPDIM), forward=_ties,
    examples=(example([1.0, 3.0, 3.0], 3.0),),
    promotion="none", method=False, function=False, addable=False,
)  # fmt: skip


def summed(array: Array, axes: Shape, keepdim: bool, kind: np.dtype[Any]) -> Array:
    """A sum of type ``kind``, in which half precision is added up in single."""
    wide = np.dtype(np.float32) if kind == np.float16 else kind
    total = np.add.reduce(array.astype(kind, copy=False), axis=axes, dtype=wide, keepdims=keepdim)
    return np.asarray(total).astype(kind, copy=False)


EXACT = (np.dtype(np.float32), np.dtype(np.float64))
"""The types whose elements are added up as they are."""


def _sum(input: Array, dim: Any, keepdim: bool, dtype: Any) -> Array:
    array = np.asarray(input)
    if dim is dtype is None and not keepdim and array.dtype in EXACT:
        return np.asarray(np.add.reduce(array, axis=None))
    own = of_numpy(array.dtype)
    kind = as_dtype(dtype, own if own.is_floating_point else int64)
    return summed(array, axes_of(dim, array.ndim), keepdim, kind)


sum = Op(
    name="sum", family="Reductions", category="reduce", symbol="Σ", backward_name=by_dim("Sum"),
    doc="The sum of all elements, or of those along some dimensions.",
    ports=one_input("spread(g, input_shape, dim, keepdim)"), attrs=(DIMS, KEEPDIM, DTYPE),
    forward=_sum,
    meaning={"input": "every element is a term of the sum, so each unit of it moves {out} by one"},
    examples=(example(MATRIX), example(MATRIX, dim=(0,)), example(MATRIX, dim=(1,), keepdim=True)),
    search=("add up", "total of"),
)  # fmt: skip


def _mean(input: Array, dim: Any, keepdim: bool, dtype: Any) -> Array:
    array = np.asarray(input)
    if dim is dtype is None and not keepdim and array.dtype in EXACT:
        return np.asarray(np.add.reduce(array, axis=None) / array.dtype.type(array.size))
    kind = of_numpy(as_dtype(dtype, of_numpy(array.dtype)))
    if not kind.is_floating_point:
        asked = "Input" if dtype is None else "Optional"
        raise RuntimeError(
            f"mean(): could not infer output dtype. {asked} dtype must be either a floating point "
            f"or complex dtype. Got: {kind.legacy_name}"
        )
    axes = axes_of(dim, array.ndim)
    wide = np.dtype(np.float32) if kind.numpy == np.float16 else kind.numpy
    number = wide.type(count(array.shape, axes))
    return np.asarray(summed(array, axes, keepdim, wide) / number).astype(kind.numpy, copy=False)


mean = Op(
    name="mean", family="Reductions", category="reduce", symbol="x̄",
    backward_name=by_dim("Mean"),
    doc="The mean of all elements, or of those along some dimensions.",
    ports=one_input("spread(g / count(input_shape, dim), input_shape, dim, keepdim)"),
    attrs=(DIMS, KEEPDIM, DTYPE), forward=_mean,
    meaning={"input": "a mean of n elements moves by 1/n for each unit of any one of them"},
    examples=(example(MATRIX), example(MATRIX, dim=(0,)), example(MATRIX, dim=(1,), keepdim=True)),
    search=("average value",),
)  # fmt: skip


def _prod(input: Array, dim: Any, keepdim: bool, dtype: Any) -> Array:
    array = np.asarray(input)
    own = of_numpy(array.dtype)
    kind = as_dtype(dtype, own if own.is_floating_point else int64)
    axes = axes_of(dim, array.ndim)
    factors = array.astype(kind, copy=False)
    return np.multiply.reduce(factors, axis=axes, dtype=kind, keepdims=keepdim)


prod = Op(
    name="prod", family="Reductions", category="reduce", symbol="Π",
    backward_name=by_dim("Prod"),
    doc="The product of all elements, or of those along one dimension.",
    ports=one_input(
        "spread(g, input_shape, dim, keepdim) * exclusive_cumprod(input, dim)"
        " * exclusive_cumprod(input, dim, True)"
    ),
    attrs=(DIM, KEEPDIM, DTYPE), forward=_prod,
    meaning={"input": "each unit of an element moves {out} by the product of all the others"},
    examples=(
        example(MATRIX), example(MATRIX, dim=1), example([2.0, 0.0, 3.0]),
        example([[2.0, 0.0], [3.0, 4.0]], dim=0, keepdim=True),
    ),
    search=("product of all",),
    saving=Saving(keeps={"input": ("out",)}),
)  # fmt: skip


def _extreme(name: str, reduce: Any) -> Callable[..., Array]:
    def forward(input: Array, dim: Any = None, keepdim: bool = False) -> Array:
        array = np.asarray(input)
        check_not_empty(name, array.shape, dim)
        return reduce(array, axis=axes_of(dim, array.ndim), keepdims=keepdim)

    return forward


def _full_extreme(name: str, word: str, reduce: Any, symbol: str) -> Op:
    return Op(
        name=name, family="Reductions", category="reduce", symbol=symbol,
        doc=f"The {word} element of all.", ports=one_input("g * ties(input, out)"),
        forward=_extreme(name, reduce), backward_name=f"{name.capitalize()}Backward1",
        meaning={"input": f"{{out}} follows the {word} element; where several tie, each gets an "
                 "even share, and the others move nothing"},
        examples=(example(MATRIX),), search=(f"{word} element",),
    )  # fmt: skip


max = _full_extreme("max", "largest", np.maximum.reduce, "max")
min = _full_extreme("min", "smallest", np.minimum.reduce, "min")


def _extreme_along(name: str, find: Any) -> Callable[..., tuple[Array, Array]]:
    def forward(input: Array, dim: int, keepdim: bool) -> tuple[Array, Array]:
        array, axis = along(input, dim)
        check_not_empty(name, array.shape, dim)
        where = np.expand_dims(find(array, axis=axis), axis)
        values = np.take_along_axis(array, where, axis)
        shape = result_shape(np.shape(input), dim, keepdim)
        return values.reshape(shape), where.reshape(shape)

    return forward


def _extreme_dim(name: str, word: str, find: Any) -> Op:
    return Op(
        name=f"{name}.dim", family="Reductions", category="reduce", symbol=f"{name}ᵢ",
        doc=f"The {word} elements along a dimension, and where they stand.",
        ports=one_input("put_along(g, indices, input_shape, dim, keepdim)"),
        attrs=(ONE_DIM, KEEPDIM), outputs=("values", "indices"),
        forward=_extreme_along(name, find), backward_name=f"{name.capitalize()}Backward0",
        meaning={"input": f"{{out}} is the {word} element itself, the first of those that tie, "
                 "and the others move nothing"},
        examples=(example(MATRIX, dim=1), example(MATRIX, dim=0, keepdim=True)),
    )  # fmt: skip


max_dim = _extreme_dim("max", "largest", np.argmax)
min_dim = _extreme_dim("min", "smallest", np.argmin)


def _even_extreme(name: str, word: str, reduce: Any) -> Op:
    return Op(
        name=name, family="Reductions", category="reduce", symbol=name,
        doc=f"The {word} element of all or along dimensions; ties share the gradient evenly.",
        ports=one_input(
            "spread(g, input_shape, dim, keepdim) * ties(input, out, dim, keepdim)"
        ),
        attrs=(DIMS, KEEPDIM), forward=_extreme(name, reduce),
        meaning={"input": f"{{out}} follows the {word} element; where several tie, each gets an "
                 "even share, and the others move nothing"},
        examples=(example(MATRIX), example(MATRIX, dim=(1,)),
                  example(MATRIX, dim=(0, 1), keepdim=True)),
    )  # fmt: skip


amax = _even_extreme("amax", "largest", np.maximum.reduce)
amin = _even_extreme("amin", "smallest", np.minimum.reduce)


def _aminmax(input: Array, dim: int | None, keepdim: bool) -> tuple[Array, Array]:
    array = np.asarray(input)
    axes = axes_of(dim, array.ndim)
    if dim is None and not array.size:
        raise RuntimeError(
            "aminmax(): cannot compute aminmax over an empty dimension as the operation has no "
            "identity."
        )
    for axis in axes:
        if array.shape[axis:] and not array.shape[axis]:
            raise IndexError(f"aminmax: Expected reduction dim {axis} to have non-zero size.")
    low = np.minimum.reduce(array, axis=axes, keepdims=keepdim)
    return np.asarray(low), np.asarray(np.maximum.reduce(array, axis=axes, keepdims=keepdim))


aminmax = Op(
    name="aminmax", family="Reductions", category="reduce", symbol="↕",
    doc="The smallest and the largest element, of all or along a dimension.",
    ports=one_input(
        "(0.0 if gs[0] is None else"
        " spread(gs[0], input_shape, dim, keepdim) * ties(input, min, dim, keepdim))"
        " + (0.0 if gs[1] is None else"
        " spread(gs[1], input_shape, dim, keepdim) * ties(input, max, dim, keepdim))"
    ),
    attrs=(
        Attr(name="dim", kind="dim", default=None, optional=True, keyword_only=True, doc=DIM.doc),
        Attr(name="keepdim", kind="bool", default=False, keyword_only=True, doc=KEEPDIM.doc),
    ),
    outputs=("min", "max"), forward=_aminmax,
    meaning={"input": "only the smallest and the largest element move anything"},
    examples=(example(MATRIX), example(MATRIX, dim=1, keepdim=True)), search=("range of values",),
)  # fmt: skip


def _arg(name: str, find: Any) -> Callable[..., Array]:
    def forward(input: Array, dim: int | None, keepdim: bool) -> Array:
        array = np.asarray(input)
        if dim is None and not array.size:
            raise IndexError(
                f"{name}(): Expected reduction dim to be specified for input.numel() == 0."
            )
        check_not_empty(name, array.shape, dim)
        if dim is None:
            shape = (1,) * array.ndim if keepdim else ()
            return np.asarray(find(array.reshape(-1)), np.int64).reshape(shape)
        if array.ndim == 0:
            return np.zeros((), np.int64)
        return np.asarray(find(array, axis=axes_of(dim, array.ndim)[0], keepdims=keepdim), np.int64)

    return forward


def _arg_extreme(name: str, word: str, find: Any) -> Op:
    return Op(
        name=name, family="Reductions", category="reduce", symbol=name,
        doc=f"Where the {word} element stands: the first, where several tie.",
        ports=one_input(None), attrs=(DIM, KEEPDIM), forward=_arg(name, find),
        examples=(example(MATRIX), example(MATRIX, dim=1)), promotion="none",
    )  # fmt: skip


argmax = _arg_extreme("argmax", "largest", np.argmax)
argmin = _arg_extreme("argmin", "smallest", np.argmin)


def _test(reduce: Any) -> Callable[..., Array]:
    def forward(input: Array, dim: Any, keepdim: bool) -> Array:
        array = np.asarray(input)
        held = np.asarray(reduce(array != 0, axis=axes_of(dim, array.ndim), keepdims=keepdim))
        return held.astype(np.uint8) if array.dtype == np.uint8 else held

    return forward


def _truth(name: str, doc: str, reduce: Any, symbol: str) -> Op:
    return Op(
        name=name, family="Logic", category="reduce", symbol=symbol, doc=doc,
        ports=one_input(None), attrs=(DIMS, KEEPDIM), forward=_test(reduce),
        examples=(example([[True, False], [True, True]], dim=(1,)),), promotion="none",
    )  # fmt: skip


all = _truth("all", "True where every element is not zero.", np.logical_and.reduce, "∀")
any = _truth("any", "True where at least one element is not zero.", np.logical_or.reduce, "∃")


def _count_nonzero(input: Array, dim: Any) -> Array:
    array = np.asarray(input)
    axes = axes_of(dim, array.ndim)
    return np.asarray(np.add.reduce(array != 0, axis=axes, dtype=np.int64))


count_nonzero = Op(
    name="count_nonzero", family="Reductions", category="reduce", symbol="#",
    doc="How many elements are not zero.", ports=one_input(None), attrs=(DIMS,),
    forward=_count_nonzero, examples=(example([[1.0, 0.0], [2.0, 3.0]], dim=(0,)),),
    promotion="none",
)  # fmt: skip
