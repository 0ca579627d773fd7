"""Products, powers and systems that are short programs over operations of the table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from gradviz.ops.matrices import matrices, squares
from gradviz.tensor.composed import call
from gradviz.tensor.places import found_in
from gradviz.tensor.tensor import Tensor


def diagonal(A: Tensor, *, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Tensor:
    """The diagonals of matrices."""
    return call("diagonal", A, offset, dim1, dim2)


def vecdot(x: Tensor, y: Tensor, *, dim: int = -1) -> Tensor:
    """The sums of products of vectors along ``dim``."""
    if x.dtype is not y.dtype:
        raise RuntimeError(
            "linalg.vecdot: Expected x and y to have the same dtype, but found x of type "
            f"{x.dtype.legacy_name} and y of type {y.dtype.legacy_name} instead"
        )
    return call("sum", call("mul", x, y), dim)


def matmul(input: Tensor, other: Tensor) -> Tensor:
    """The product of matrices, as ``torch.matmul``."""
    return call("matmul", input, other)


def vander(x: Tensor, *, N: int | None = None) -> Tensor:
    """The powers of each element, from the 0-th to that before the ``N``-th."""
    x = x if x.array.ndim else call("reshape", x, (1,))
    count = x.array.shape[-1] if N is None else N
    if count <= 1:
        raise RuntimeError("N must be greater than 1.")
    column = call("unsqueeze", x, -1)
    shape = (*x.array.shape, count - 1)
    powers = call("cumprod", call("expand", column, shape), -1)
    return call("cat", [call("ones_like", column), powers], -1)


def multi_dot(tensors: Sequence[Tensor]) -> Tensor:
    """The product of several matrices, in the order that takes the fewest multiplications."""
    if len(tensors) < 2:
        raise RuntimeError(f"multi_dot(): expected at least 2 tensors but got {len(tensors)}")
    chain = list(tensors)
    shape: tuple[int, ...] = ()
    if chain[0].array.ndim == 1:
        chain[0] = call("unsqueeze", chain[0], 0)
    else:
        shape = (chain[0].array.shape[0],)
    if chain[-1].array.ndim == 1:
        chain[-1] = call("unsqueeze", chain[-1], -1)
    else:
        shape = (*shape, chain[-1].array.shape[-1])
    for number, member in enumerate(chain):
        if member.array.ndim != 2:
            raise RuntimeError(
                f"multi_dot(): tensor {number} must be 2D but got {member.array.ndim}D"
            )
    sizes = [chain[0].array.shape[0], *(m.array.shape[1] for m in chain)]
    return call("reshape", _multiplied(chain, _splits(sizes), 0, len(chain) - 1), shape)


def _splits(sizes: list[int]) -> dict[tuple[int, int], int]:
    """Where to split each run of factors, given the sizes between which they lead."""
    count = len(sizes) - 1
    cost = {(i, i): 0 for i in range(count)}
    split: dict[tuple[int, int], int] = {}
    for span in range(1, count):
        for i in range(count - span):
            j = i + span
            costs = {
                k: cost[i, k] + cost[k + 1, j] + sizes[i] * sizes[k + 1] * sizes[j + 1]
                for k in range(i, j)
            }
            split[i, j] = min(costs, key=costs.__getitem__)
            cost[i, j] = costs[split[i, j]]
    return split


def _multiplied(
    chain: list[Tensor], split: dict[tuple[int, int], int], first: int, last: int
) -> Tensor:
    if first == last:
        return chain[first]
    middle = split[first, last]
    left = _multiplied(chain, split, first, middle)
    return call("mm", left, _multiplied(chain, split, middle + 1, last))


def matrix_power(input: Tensor, n: int) -> Tensor:
    """A square matrix times itself ``n`` times; its inverse where ``n`` is negative."""
    array = squares("linalg.matrix_power", input.array)
    if n == 0:
        return _constant(input, np.eye(array.shape[-1], dtype=array.dtype))
    base = input if n > 0 else found_in("linalg", "inv")(input)
    result: Tensor | None = None
    left = abs(n)
    while left:
        if left & 1:
            result = base if result is None else call("matmul", result, base)
        left >>= 1
        base = call("matmul", base, base) if left else base
    return result if result is not None else base


def _constant(input: Tensor, value: Any) -> Tensor:
    """``value`` in the shape of ``input``, on whose elements it does not depend."""
    everywhere = Tensor.wrap(np.ones(input.array.shape, np.bool_))
    return call("add", call("masked_fill", input, everywhere, 0), Tensor.wrap(value))


def tensorinv(A: Tensor, ind: int = 2) -> Tensor:
    """The inverse of a tensor taken as a matrix from its last dimensions to the first ``ind``."""
    shape = A.array.shape
    if ind <= 0:
        raise RuntimeError("Expected a strictly positive integer for 'ind'")
    rows, columns = math.prod(shape[:ind]), math.prod(shape[ind:])
    if rows != columns:
        raise RuntimeError(
            "Expected self to satisfy the requirement prod(self.shape[ind:]) == "
            f"prod(self.shape[:ind]), but got {columns} != {rows}"
        )
    found = found_in("linalg", "inv")(call("reshape", A, (rows, columns)))
    return call("reshape", found, (*shape[ind:], *shape[:ind]))


def tensorsolve(A: Tensor, B: Tensor, dims: Sequence[int] | None = None) -> Tensor:
    """The solution X of tensordot(A, X) = B."""
    rank = A.array.ndim
    if dims is not None:
        moved = [d % rank for d in dims]
        order = [*(i for i in range(rank) if i not in moved), *moved]
        return tensorsolve(call("permute", A, order), B)
    shape = A.array.shape[B.array.ndim :]
    size = math.prod(shape)
    if size != B.array.size:
        raise RuntimeError(
            "Expected self to satisfy the requirement prod(self.shape[other.ndim:]) == "
            f"prod(self.shape[:other.ndim]), but got {size} != {B.array.size}"
        )
    found = found_in("linalg", "solve")(call("reshape", A, (size, size)), call("reshape", B, (-1,)))
    return call("reshape", found, shape)


def householder_product(A: Tensor, tau: Tensor) -> Tensor:
    """The first columns of the product of the reflections that ``A`` and ``tau`` hold."""
    array = matrices("torch.linalg.householder_product", A.array)
    rows, columns = array.shape[-2:]
    unit = np.eye(rows, columns, dtype=array.dtype)
    lower = call("add", call("tril", A, -1), Tensor.wrap(unit))
    result: Any = _constant(A, unit)
    for i in reversed(range(tau.array.shape[-1])):
        vector = call("narrow", lower, -1, i, 1)
        factor = call("unsqueeze", call("narrow", tau, -1, i, 1), -1)
        along = call("matmul", call("transpose", vector, -2, -1), result)
        result = result - factor * call("matmul", vector, along)
    return result


LINALG = {
    f.__name__: f
    for f in (
        diagonal, householder_product, matmul, matrix_power, multi_dot, tensorinv, tensorsolve,
        vander, vecdot,
    )
}  # fmt: skip
