"""Many elements brought to one place and added, multiplied, averaged, or the extreme kept."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradviz.ops.dims import wrap_dim
from gradviz.ops.dtypes import of_numpy
from gradviz.ops.gathering import along
from gradviz.ops.scatter import FAMILY
from gradviz.ops.shape import dim_attr
from gradviz.ops.spec import Array, Attr, Op, Port, example

_MATRIX = [[1.5, -0.5, 2.0], [0.25, 3.0, -1.0]]
_SOURCE = [[2.0, 0.75, -1.5], [1.25, -3.5, 0.5]]
_PLACES = [[0, 1, 0], [1, 1, 0]]
_DIM = dim_attr(doc="Along which dimension.")
_INDEX = Port(name="index", doc="The places.")
_UFUNCS = {
    "sum": np.add, "mean": np.add, "prod": np.multiply, "amax": np.maximum, "amin": np.minimum,
}  # fmt: skip


def _neutral(reduce: str, kind: np.dtype[Any]) -> Any:
    """What changes nothing in a reduction, for a place that does not count itself."""
    if reduce in ("sum", "mean", "prod"):
        return int(reduce == "prod")
    if kind.kind == "f":
        return -np.inf if reduce == "amax" else np.inf
    if kind.kind == "b":
        return reduce == "amin"
    return np.iinfo(kind).min if reduce == "amax" else np.iinfo(kind).max


def _reduced(
    array: Array, where: tuple[Any, ...], values: Array, reduce: str, include_self: bool
) -> Array:
    result = np.array(array)
    if not np.size(values):
        return result
    if not include_self:
        result[where] = _neutral(reduce, result.dtype)
    _UFUNCS[reduce].at(result, where, values)
    if reduce != "mean":
        return result
    counts = np.full(result.shape, int(include_self))
    np.add.at(counts, where, 1)
    counts = np.maximum(counts, 1)
    if result.dtype.kind == "f":
        return (result / counts).astype(result.dtype)
    return np.floor_divide(result, counts).astype(result.dtype)


def _check(name: str, reduce: str, allowed: tuple[str, ...], array: Array, source: Array) -> None:
    if reduce not in allowed:
        raise RuntimeError(
            f"{name}(): Expected reduce to be one of {', '.join(allowed)} but got {reduce}."
        )
    if array.dtype != source.dtype:
        raise RuntimeError(
            f"{name}(): Expected self.dtype to be equal to src.dtype, but got "
            f"{of_numpy(array.dtype).legacy_name} and {of_numpy(source.dtype).legacy_name}"
        )


def _scatter_reduce(
    input: Array, index: Array, src: Array, dim: int, reduce: str, include_self: bool
) -> Array:
    array, places, source = np.asarray(input), np.asarray(index), np.asarray(src)
    _check("scatter", reduce, ("sum", "prod", "mean", "amax", "amin"), array, source)
    axis = wrap_dim(dim, array.ndim)
    places = np.atleast_1d(places)
    values = np.atleast_1d(source)[tuple(slice(n) for n in places.shape)]
    found = _reduced(np.atleast_1d(array), along(places, axis), values, reduce, include_self)
    return found.reshape(array.shape)


_REDUCE = Attr(
    name="reduce", kind="choice", choices=("sum", "prod", "mean", "amax", "amin"),
    doc="What is made of the elements that meet in a place.",
)  # fmt: skip
_SELF = Attr(
    name="include_self", kind="bool", default=True, keyword_only=True,
    doc="Whether what was there before counts too.",
)  # fmt: skip
_MEANING = {
    "input": "what was there counts with what comes, as the reduction says",
    "src": "an element moves {out} in the place it comes to, as the reduction says",
}


scatter_reduce = Op(
    name="scatter_reduce", family=FAMILY, category="index", symbol="scatter Σ",
    doc="A copy of a tensor in which elements of another are reduced into places.",
    ports=(
        Port(name="input", doc="The tensor.",
             grad="scatter_reduce_gradient(g, out, input, index, src, dim, reduce,"
             " include_self)[0]"),
        _INDEX,
        Port(name="src", doc="What is brought.",
             grad="scatter_reduce_gradient(g, out, input, index, src, dim, reduce,"
             " include_self)[1]"),
    ),
    attrs=(_DIM, _REDUCE, _SELF), arguments=("input", "dim", "index", "src", "reduce"),
    forward=_scatter_reduce, promotion="none", meaning=_MEANING,
    examples=tuple(
        example(_MATRIX, _PLACES, _SOURCE, dim=1, reduce=reduce, include_self=own)
        for reduce in ("sum", "prod", "mean", "amax", "amin") for own in (True, False)
    ),
    in_place=True,
)  # fmt: skip


def _index_reduce(
    input: Array, index: Array, source: Array, dim: int, reduce: str, include_self: bool
) -> Array:
    array, values = np.asarray(input), np.asarray(source)
    _check("index_reduce", reduce, ("prod", "mean", "amax", "amin"), array, values)
    axis = wrap_dim(dim, array.ndim)
    places = np.reshape(index, -1)
    if not array.ndim:
        found = _reduced(array.reshape(1), (places,), values.reshape(-1), reduce, include_self)
        return found.reshape(())
    where = (slice(None),) * axis + (places,)
    return _reduced(array, where, values, reduce, include_self)


index_reduce = Op(
    name="index_reduce", family=FAMILY, category="index", symbol="index Σ",
    doc="A copy of a tensor in which slices of another are reduced into slices.",
    ports=(
        Port(name="input", doc="The tensor.",
             grad="index_reduce_gradient(g, out, input, index, source, dim, reduce,"
             " include_self)[0]"),
        _INDEX,
        Port(name="source", doc="What is brought.",
             grad="index_reduce_gradient(g, out, input, index, source, dim, reduce,"
             " include_self)[1]"),
    ),
    attrs=(
        _DIM,
        Attr(name="reduce", kind="choice", choices=("prod", "mean", "amax", "amin"),
             doc=_REDUCE.doc),
        _SELF,
    ),
    arguments=("input", "dim", "index", "source", "reduce"), forward=_index_reduce,
    promotion="none",
    meaning={"input": _MEANING["input"], "source": _MEANING["src"]},
    examples=tuple(
        example(_MATRIX, [0, 2, 0], _SOURCE, dim=1, reduce=reduce, include_self=own)
        for reduce in ("prod", "mean", "amax", "amin") for own in (True, False)
    ),
    in_place=True,
)  # fmt: skip
