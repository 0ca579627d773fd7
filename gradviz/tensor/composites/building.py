"""Tensors put together from others, cut apart, and made from a rule."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from gradviz.ops.creation import as_dtype
from gradviz.ops.dtypes import float64, get_default_dtype, of_number
from gradviz.tensor.composed import atleast_2d, atleast_3d, call, members, meshgrid
from gradviz.tensor.composites import matrix_products
from gradviz.tensor.composites.calculus import part
from gradviz.tensor.create import tensor
from gradviz.tensor.tensor import Tensor


def block_diag(*tensors: Any) -> Tensor:
    """Matrices put corner to corner in one, with zeros elsewhere."""
    blocks = [atleast_2d(t) for t in members(tensors)]
    width = sum(b.array.shape[1] for b in blocks)
    rows: list[Tensor] = []
    start = 0
    for block in blocks:
        height, own = block.array.shape
        gaps = [Tensor.wrap(np.zeros((height, n), block.array.dtype))
                for n in (start, width - start - own)]  # fmt: skip
        rows.append(call("cat", [gaps[0], block, gaps[1]], 1))
        start += own
    return call("cat", rows, 0) if rows else Tensor.wrap(np.zeros((1, 0), np.float32))


def cartesian_prod(*tensors: Any) -> Tensor:
    """Every choice of one element from each of several vectors."""
    given = members(tensors)
    for vector in given:
        if vector.array.ndim != 1:
            raise RuntimeError(f"Expect a 1D vector, but got shape {list(vector.array.shape)}")
    if len(given) == 1:
        return given[0]
    grids = meshgrid(*given, indexing="ij")
    return call("stack", [call("flatten", g) for g in grids], 1)


def combinations(input: Tensor, r: int = 2, with_replacement: bool = False) -> Tensor:
    """Every choice of ``r`` elements of a vector, without or with repeats."""
    if input.array.ndim != 1:
        raise RuntimeError(f"Expect a 1D vector, but got shape {list(input.array.shape)}")
    if r < 0:
        raise RuntimeError(f"Expect a non-negative number, but got {r}")
    if r == 0:
        return Tensor.wrap(np.zeros((0,), input.array.dtype))
    choose = itertools.combinations_with_replacement if with_replacement else itertools.combinations
    places = np.array(list(choose(range(input.array.size), r)), np.int64).reshape(-1, r)
    picked = call("index_select", input, 0, Tensor.wrap(places.reshape(-1)))
    return call("reshape", picked, places.shape)


def column_stack(tensors: Any) -> Tensor:
    """Vectors as columns, and matrices, side by side."""
    if not tensors:
        raise RuntimeError("column_stack expects a non-empty TensorList")
    columns = [call("reshape", t, (-1, 1)) if t.array.ndim <= 1 else t for t in tensors]
    return call("hstack", columns)


def dstack(tensors: Any) -> Tensor:
    """Tensors put one behind the other along the third dimension."""
    if not tensors:
        raise RuntimeError("dstack expects a non-empty TensorList")
    return call("cat", [atleast_3d(t) for t in tensors], 2)


def diagflat(input: Tensor, offset: int = 0) -> Tensor:
    """All elements on the diagonal of a matrix."""
    return call("diag", call("reshape", input, (-1,)), offset)


def _split_along(name: str, least: int, dim: int) -> Any:
    def function(input: Tensor, indices_or_sections: int | Sequence[int]) -> Any:
        rank = input.array.ndim
        if rank < least:
            raise RuntimeError(
                f"torch.{name} requires a tensor with at least {least} dimension, but got a tensor "
                f"with {rank} dimensions!"
            )
        axis = 0 if rank == 1 else dim
        size = input.array.shape[axis]
        if not isinstance(indices_or_sections, int):
            return call("tensor_split", input, indices_or_sections, axis)
        if not indices_or_sections or size % indices_or_sections:
            raise RuntimeError(
                f"torch.{name} attempted to split along dimension {axis}, but the size of the "
                f"dimension {size} is not divisible by the split_size {indices_or_sections}!"
            )
        return call("tensor_split", input, indices_or_sections, axis)

    function.__name__ = name
    function.__doc__ = f"A tensor cut along dimension {dim}, into equal parts or at places."
    return function


hsplit = _split_along("hsplit", 1, 1)
vsplit = _split_along("vsplit", 2, 0)
dsplit = _split_along("dsplit", 3, 2)


def _ends(name: str, start: Any, end: Any) -> tuple[Any, Any]:
    """Where a range starts and ends, as numbers; tensors must have no dimensions."""
    ranks = [(word, v.array.ndim) for word, v in (("start", start), ("end", end))
             if isinstance(v, Tensor)]  # fmt: skip
    if any(rank for _, rank in ranks):
        given = " and ".join(f"{word} with {rank} dimension(s)" for word, rank in ranks)
        both = "start and end tensors"
        raise RuntimeError(f"{name} only supports 0-dimensional {both}, but got {given}.")
    low, high = (v.array.item() if isinstance(v, Tensor) else v for v in (start, end))
    return low, high


def linspace(
    start: Tensor | float, end: Tensor | float, steps: int, **settings: Any
) -> Tensor:  # fmt: skip
    """Numbers in equal steps from ``start`` to ``end``, both included."""
    return call("linspace", *_ends("linspace", start, end), steps, **settings)


def logspace(
    start: Tensor | float, end: Tensor | float, steps: int, base: float = 10.0, *,
    dtype: Any = None, device: Any = None, requires_grad: bool = False, **_: Any,
) -> Tensor:  # fmt: skip
    """Powers of ``base`` whose exponents go in equal steps from ``start`` to ``end``."""
    low, high = _ends("logspace", start, end)
    kind = as_dtype(dtype, get_default_dtype())
    whole = kind.kind in "iu"
    if whole:
        low, high = int(low), int(high)
    exponents = call("linspace", low, high, steps, dtype=float64).array
    wide = np.float64 if whole else kind
    with np.errstate(all="ignore"):
        powers = np.power(np.asarray(base, wide), exponents.astype(wide)).astype(kind)
    return Tensor.wrap(powers, requires_grad)


def scalar_tensor(
    s: Any, *, dtype: Any = None, device: Any = None, requires_grad: bool = False, **_: Any
) -> Tensor:
    """A number as a tensor without dimensions."""
    return tensor(s, dtype=dtype or get_default_dtype(), requires_grad=requires_grad)


def vander(x: Tensor, N: int | None = None, increasing: bool = False) -> Tensor:
    """The powers of each element of a vector, from the highest to the 0-th."""
    count = x.array.size if N is None else N
    if count <= 1:
        ones = call("ones_like", call("unsqueeze", x, -1))
        return part(ones, -1, 0, count)
    found = matrix_products.vander(x, N=count)
    return found if increasing else call("flip", found, (-1,))


def _triangle_places(name: str, choose: Any) -> Any:
    def function(row: int, col: int, offset: int = 0, *, dtype: Any = None, **_: Any) -> Tensor:
        kind = as_dtype(dtype, of_number(0))
        return Tensor.wrap(np.stack(choose(row, offset, col)).astype(kind))

    function.__name__ = name
    function.__doc__ = "The rows and columns of the places in one triangle of a matrix."
    return function


tril_indices = _triangle_places("tril_indices", np.tril_indices)
triu_indices = _triangle_places("triu_indices", np.triu_indices)

METHODS = (diagflat, hsplit, vsplit, dsplit)
FUNCTIONS = (
    block_diag, cartesian_prod, combinations, column_stack, dstack, linspace, logspace,
    scalar_tensor, vander, tril_indices, triu_indices,
)  # fmt: skip
