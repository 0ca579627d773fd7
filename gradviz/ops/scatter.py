"""Writing elements at places given by index tensors, as copies that gradients flow through."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradviz.ops.dims import WHOLE_KINDS, wrap_dim
from gradviz.ops.dtypes import held, of_numpy
from gradviz.ops.gathering import along, check_along, check_flat
from gradviz.ops.shape import dim_attr
from gradviz.ops.spec import Array, Attr, Op, Port, Saving, example

FAMILY = "Scattering"
_MATRIX = [[1.5, -0.5, 2.0], [0.25, 3.0, -1.0]]
_ROW = [1.0, -2.0, 3.0, 0.5]
_DIM = dim_attr(doc="Along which dimension.")
_INDEX = Port(name="index", doc="The places.")
_KEPT = "what was overwritten has no effect any more, the rest of {input} stays"
_ADDED = "{out} is {input} with something added, so each unit of {input} moves it by one unit"
_REDUCE = Attr(
    name="reduce", kind="choice", keyword_only=True, choices=("add", "multiply"),
    doc="Add or multiply instead of overwriting; without gradients.",
)  # fmt: skip


def _written(name: str) -> str:
    return f"{{{name}}} takes its place in {{out}}, so its gradient comes from there"


def _check_scatter(name: str, array: Array, places: Array, dim: int) -> int:
    axis = wrap_dim(dim, array.ndim)
    if places.dtype not in WHOLE_KINDS:
        raise RuntimeError(f"{name}(): Expected dtype int32/int64 for index")
    if max(places.ndim, 1) != max(array.ndim, 1):
        raise RuntimeError("Index tensor must have the same number of dimensions as self tensor")
    return axis


def _check_source(name: str, array: Array, places: Array, source: Array, axis: int) -> None:
    if source.dtype != array.dtype:
        raise RuntimeError(f"{name}(): Expected self.dtype to be equal to src.dtype")
    if max(source.ndim, 1) != max(array.ndim, 1):
        raise RuntimeError("Index tensor must have the same number of dimensions as src tensor")
    beyond_self = any(
        n > m for d, (n, m) in enumerate(zip(places.shape, array.shape, strict=False)) if d != axis
    )
    if beyond_self or any(n > m for n, m in zip(places.shape, source.shape, strict=False)):
        raise RuntimeError(
            f"Expected index {list(places.shape)} to be no larger than self {list(array.shape)} "
            f"apart from dimension {axis} and to be no larger size than src {list(source.shape)}"
        )


def _reducer(reduce: str | None) -> np.ufunc | None:
    if reduce not in (None, "add", "multiply"):
        raise RuntimeError("reduce argument must be either add or multiply.")
    return {None: None, "add": np.add, "multiply": np.multiply}[reduce]


def _scattered(
    name: str, input: Any, index: Any, source: Any, dim: int, reducer: np.ufunc | None
) -> Array:
    result, places = np.array(input), np.asarray(index)
    if not places.size:
        return result
    axis = _check_scatter(name, result, places, dim)
    values: Any = source
    if hasattr(source, "dtype"):
        _check_source(name, result, places, source, axis)
        values = np.atleast_1d(source)[tuple(slice(n) for n in np.atleast_1d(places).shape)]
    check_along(result, places, axis)
    where = along(np.atleast_1d(places), axis)
    target = np.atleast_1d(result)
    if reducer is None:
        target[where] = values
    else:
        reducer.at(target, where, values)
    return target.reshape(result.shape)


def _scatter_value(
    input: Array, index: Array, dim: int, value: float, reduce: str | None = None
) -> Array:
    number: Any = held(value, np.asarray(input).dtype).item()
    return _scattered("scatter", input, index, number, dim, _reducer(reduce))


def _scatter(input: Array, index: Array, src: Array, dim: int, reduce: str | None = None) -> Array:
    return _scattered("scatter", input, index, np.asarray(src), dim, _reducer(reduce))


def _no_scatter_gradient() -> Any:
    raise RuntimeError("derivative for aten::scatter is not implemented")


_VALUE = Attr(name="value", kind="number", doc="What is written.")

scatter_value = Op(
    name="scatter.value", family=FAMILY, category="index", symbol="scatter",
    doc="A copy of a tensor with one number written at the places an index names.",
    ports=(
        Port(name="input", doc="The tensor.", grad="scatter_value(g, dim, index, 0)"), _INDEX,
    ),
    attrs=(_DIM, _VALUE),
    arguments=("input", "dim", "index", "value"), forward=_scatter_value, promotion="none",
    meaning={"input": _KEPT}, examples=(example(_MATRIX, [[2, 0]], dim=1, value=9.0),),
    search=("write along",), backward_name="ScatterBackward1", in_place=True,
)  # fmt: skip

scatter = Op(
    name="scatter.src", family=FAMILY, category="index", symbol="scatter",
    doc="A copy of a tensor with elements of another written at the places an index names.",
    ports=(
        Port(name="input", doc="The tensor.", grad="scatter_value(g, dim, index, 0)"),
        _INDEX,
        Port(name="src", doc="What is written.", grad="gather(g, dim, index)"),
    ),
    attrs=(_DIM,), arguments=("input", "dim", "index", "src"), forward=_scatter,
    promotion="none", meaning={"input": _KEPT, "src": _written("src")},
    examples=(example(_MATRIX, [[2, 0], [1, 0]], [[9.0, 8.0], [7.0, 6.0]], dim=1),),
    search=("write along",), in_place=True,
)  # fmt: skip

_UNKNOWN: dict[str, Any] = {"grad": "not_implemented()", "rule": _no_scatter_gradient}
_COMBINED = "A copy of a tensor with {} added to, or multiplied with, what an index names."

scatter_value_reduce = Op(
    name="scatter.value_reduce", family=FAMILY, category="index", symbol="scatter ±",
    doc=_COMBINED.format("one number"),
    ports=(Port(name="input", doc="The tensor.", **_UNKNOWN), _INDEX),
    attrs=(_DIM, _VALUE, _REDUCE), arguments=("input", "dim", "index", "value"),
    forward=_scatter_value, promotion="none",
    examples=(example(_MATRIX, [[2, 0]], dim=1, value=9.0, reduce="add"),),
    backward_name="torch::autograd::NotImplemented", in_place=True,
)  # fmt: skip

scatter_reduce_src = Op(
    name="scatter.reduce", family=FAMILY, category="index", symbol="scatter ±",
    doc=_COMBINED.format("elements of another"),
    ports=(Port(name="input", doc="The tensor.", **_UNKNOWN), _INDEX,
           Port(name="src", doc="What is added or multiplied.", **_UNKNOWN)),
    attrs=(_DIM, _REDUCE), arguments=("input", "dim", "index", "src"), forward=_scatter,
    promotion="none", in_place=True, backward_name="torch::autograd::NotImplemented",
    examples=(example(_MATRIX, [[2, 0], [1, 0]], [[9.0, 8.0], [7.0, 6.0]], dim=1,
                      reduce="multiply"),),
)  # fmt: skip


def _scatter_add(input: Array, index: Array, src: Array, dim: int) -> Array:
    return _scattered("scatter", input, index, np.asarray(src), dim, np.add)


scatter_add = Op(
    name="scatter_add", family=FAMILY, category="index", symbol="scatter +",
    doc="A copy of a tensor with elements of another added at the places an index names.",
    ports=(
        Port(name="input", doc="The tensor.", grad="g"),
        _INDEX,
        Port(name="src", doc="What is added.", grad="gather(g, dim, index)"),
    ),
    attrs=(_DIM,), arguments=("input", "dim", "index", "src"), forward=_scatter_add,
    promotion="none",
    meaning={
        "input": _ADDED, "src": "{src} is added to one place, so its gradient comes from there",
    },
    examples=(example(_MATRIX, [[0, 0, 1]], [[9.0, 8.0, 7.0]], dim=1),),
    search=("accumulate along", "add along"), in_place=True,
)  # fmt: skip


def _check_slices(name: str, array: Array, places: Array, source: Any, dim: int) -> int:
    axis = wrap_dim(dim, array.ndim)
    if places.dtype not in WHOLE_KINDS:
        kind = of_numpy(places.dtype).legacy_name
        raise RuntimeError(f"{name}_(): Expected dtype int32/int64 for index but got: {kind}")
    if places.ndim > 1:
        raise IndexError(f"{name}_(): Index is supposed to be a vector")
    count = array.shape[axis] if array.ndim else 1
    outside = places[(places >= count) | (places < -count)] if places.ndim else places[False]
    if outside.size:
        raise IndexError(
            f"index {outside.flat[0]} is out of bounds for dimension {axis} with size {count}"
        )
    if source is not None:
        _check_slices_source(name, array, places, source, axis)
    return axis


def _check_slices_source(name: str, array: Array, places: Array, source: Array, axis: int) -> None:
    kinds = [of_numpy(a.dtype).legacy_name for a in (array, source)]
    if kinds[0] != kinds[1]:
        raise RuntimeError(
            f"{name}_(): self ({kinds[0]}) and source ({kinds[1]}) must have the same scalar type"
        )
    count = source.shape[axis] if source.ndim else 1
    if places.size != count:
        raise RuntimeError(
            f"{name}_(): Number of indices ({places.size}) should be equal to source.size(dim): "
            f"({count}), for dim: {axis}"
        )
    mine, theirs = list(array.shape), list(source.shape)
    if mine[:axis] + mine[axis + 1 :] != theirs[:axis] + theirs[axis + 1 :]:
        raise RuntimeError(
            "source tensor shape must match self tensor shape, excluding the specified dimension. "
            f"Got self.shape = {mine} source.shape = {theirs}"
        )


def _slices(result: Array, axis: int, places: Array) -> tuple[Array, tuple[Any, ...]]:
    """The result with a dimension at least, and the index of the slices at ``places``."""
    return np.atleast_1d(result), (slice(None),) * axis + (places.reshape(-1),)


def _index_add(input: Array, index: Array, source: Array, dim: int, alpha: float) -> Array:
    result, places, values = np.array(input), np.asarray(index), np.asarray(source)
    axis = _check_slices("index_add", result, places, values, dim)
    target, where = _slices(result, axis, places)
    scaled = values if alpha == 1 else values * alpha
    np.add.at(target, where, np.atleast_1d(scaled))
    return target.reshape(result.shape)


index_add = Op(
    name="index_add", family=FAMILY, category="index", symbol="[i] +",
    doc="A copy of a tensor with slices of another added to its slices at given places.",
    ports=(
        Port(name="input", doc="The tensor.", grad="g"),
        _INDEX,
        Port(
            name="source", doc="The slices added.",
            grad="reshape(index_select(g, dim, index), source_shape) * alpha",
        ),
    ),
    attrs=(_DIM, Attr(name="alpha", kind="number", default=1, keyword_only=True,
                      doc="Factor on what is added.")),
    arguments=("input", "dim", "index", "source"), forward=_index_add, promotion="none",
    meaning={"input": _ADDED, "source": "{source} is added {alpha} times, so that is its weight"},
    examples=(
        example(_MATRIX, [2, 0, 2], [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], dim=1),
        example(_ROW, [1, 1], [1.0, 2.0], dim=0, alpha=2.5),
    ),
    search=("add slices",), in_place=True,
    saving=Saving(keeps={"source": ("source",)}),
)  # fmt: skip


def _index_copy(input: Array, index: Array, source: Array, dim: int) -> Array:
    result, places, values = np.array(input), np.asarray(index), np.asarray(source)
    axis = _check_slices("index_copy", result, places, values, dim)
    target, where = _slices(result, axis, places)
    target[where] = np.atleast_1d(values)
    return target.reshape(result.shape)


index_copy = Op(
    name="index_copy", family=FAMILY, category="index", symbol="[i]←",
    doc="A copy of a tensor with slices of another in place of its slices at given places.",
    ports=(
        Port(name="input", doc="The tensor.", grad="index_fill(g, dim, index, 0.0)"),
        _INDEX,
        Port(
            name="source", doc="The slices written.",
            grad="reshape(index_select(g, dim, index), source_shape)",
        ),
    ),
    attrs=(_DIM,), arguments=("input", "dim", "index", "source"), forward=_index_copy,
    promotion="none", meaning={"input": _KEPT, "source": _written("source")},
    examples=(example(_MATRIX, [2, 0], [[1.0, 2.0], [4.0, 5.0]], dim=1),),
    search=("write slices",), in_place=True,
    saving=Saving(keeps={"source": ("source",)}),
)  # fmt: skip


def _index_fill(input: Array, index: Array, value: Any, dim: int) -> Array:
    result, places = np.array(input), np.asarray(index)
    if np.ndim(value):
        raise RuntimeError(
            "index_fill_ only supports a 0-dimensional value tensor, but got tensor with "
            f"{np.ndim(value)} dimension(s)."
        )
    axis = _check_slices("index_fill", result, places, None, dim)
    target, where = _slices(result, axis, places)
    target[where] = held(value, result.dtype)
    return target.reshape(result.shape)


index_fill = Op(
    name="index_fill", family=FAMILY, category="index", symbol="[i]←",
    doc="A copy of a tensor with one number in its slices at given places.",
    ports=(
        Port(name="input", doc="The tensor.", grad="index_fill(g, dim, index, 0.0)"),
        _INDEX,
        Port(name="value", doc="The number.", number=True,
             grad="g - index_fill(g, dim, index, 0.0)"),
    ),
    attrs=(_DIM,), arguments=("input", "dim", "index", "value"), forward=_index_fill,
    promotion="none", meaning={"input": _KEPT, "value": "{value} is written at every place chosen"},
    examples=(example(_MATRIX, [2, 0], np.array(7.0), dim=1),), search=("fill slices",),
    in_place=True,
)  # fmt: skip


def _put(input: Array, index: Array, source: Any, accumulate: bool) -> Array:
    result, places = np.array(input), np.asarray(index)
    values = np.asarray(source)
    names = [of_numpy(v.dtype).legacy_name for v in (result, values)]
    if names[0] != names[1]:
        raise RuntimeError(
            "put_(): self and source expected to have the same dtype, but got self.dtype = "
            f"{names[0]} and source.dtype = {names[1]}"
        )
    if values.size != places.size:
        raise IndexError(
            "put_(): Expected source and index to have the same number of elements, but got "
            f"source.numel() = {values.size}, index.numel() = {places.size}"
        )
    check_flat(result.size, places)
    flat = result.reshape(-1)
    if accumulate:
        np.add.at(flat, places.reshape(-1), values.reshape(-1))
    else:
        flat[places.reshape(-1)] = values.reshape(-1)
    return flat.reshape(result.shape)


put = Op(
    name="put", family=FAMILY, category="index", symbol="[i]←",
    doc="A copy of a tensor with elements written, or added, at places counted through all of it.",
    ports=(
        Port(name="input", doc="The tensor.",
             grad="g if accumulate else put(g, index, zeros_like(take(g, index)))"),
        _INDEX,
        Port(name="source", doc="What is written.", grad="reshape(take(g, index), source_shape)"),
    ),
    attrs=(Attr(name="accumulate", kind="bool", default=False, doc="Add instead of overwriting."),),
    forward=_put, promotion="none", meaning={"input": _KEPT, "source": _written("source")},
    examples=(
        example(_MATRIX, [0, 4], [9.0, 8.0]),
        example(_MATRIX, [[1, 1]], [[9.0, 8.0]], accumulate=True),
    ),
    search=("write by place",), in_place=True,
    saving=Saving(keeps={"source": ("source",)}),
)  # fmt: skip
