"""What operations on stacks of matrices share: checks in PyTorch's words, runs over the stack."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np

from gradviz.ops.dtypes import of_numpy
from gradviz.ops.spec import Array

FAMILY = "Linear algebra"
SQUARE = [[2.0, -0.5, 0.25], [0.5, 1.5, -1.0], [-0.75, 0.5, 3.0]]
SQUARES = [[[2.0, -0.5], [0.5, 1.5]], [[-1.0, 0.25], [0.5, 2.0]]]
TALL = [[1.0, 0.5], [-1.5, 2.0], [0.25, -0.75]]
WIDE = [[1.0, -1.5, 0.25], [0.5, 2.0, -0.75]]


class LinAlgError(RuntimeError):
    """A matrix that an operation cannot be done on, such as the inverse of a singular one."""


@cache
def scipy_linalg(name: str) -> Any:
    """The function ``name`` of ``scipy.linalg``."""
    return getattr(importlib.import_module("scipy.linalg"), name)


def lapack(name: str, array: Array) -> Callable[..., Any]:
    """LAPACK's routine for the type of ``array``."""
    return scipy_linalg("get_lapack_funcs")((name,), (array,))[0]


def matrices(name: str, value: Any, argument: str = "A") -> Array:
    """``value`` as an array, refused where it is no matrix of real numbers."""
    array = np.asarray(value)
    if array.ndim < 2:
        raise RuntimeError(f"{name}: The input tensor {argument} must have at least 2 dimensions.")
    check_real(name, array)
    return array


def check_real(name: str, array: Array) -> None:
    """Refuse whole numbers and booleans."""
    if array.dtype.kind != "f":
        kind = of_numpy(array.dtype).legacy_name
        raise RuntimeError(
            f"{name}: Expected a floating point or complex tensor as input. Got {kind}"
        )


def squares(name: str, value: Any, argument: str = "A") -> Array:
    """``value`` as an array, refused where its matrices are not square."""
    array = matrices(name, value, argument)
    rows, columns = array.shape[-2:]
    if rows != columns:
        raise RuntimeError(
            f"{name}: {argument} must be batches of square matrices, but they are "
            f"{rows} by {columns} matrices"
        )
    return array


def mT(array: Array) -> Array:
    """Every matrix transposed."""
    return np.swapaxes(array, -1, -2)


def each(array: Array) -> Iterator[tuple[tuple[int, ...], Array]]:
    """Every matrix of a stack with its place."""
    for place in np.ndindex(array.shape[:-2]):
        yield place, array[place]


def lu_of(array: Array) -> tuple[Array, Array, Array]:
    """Compact LU factors of every matrix, the pivots (rows swapped, from 1), and what failed."""
    rows, columns = array.shape[-2:]
    factors = np.array(array)
    pivots = np.ones((*array.shape[:-2], min(rows, columns)), np.int32)
    info = np.zeros(array.shape[:-2], np.int32)
    if not factors.size:
        return factors, pivots, info
    routine = lapack("getrf", factors)
    for place, matrix in each(array):
        factors[place], found, info[place] = routine(matrix)
        pivots[place] = found + 1
    return factors, pivots, info


def permutation(pivots: Array, rows: int) -> Array:
    """The order of rows that swaps, one after the other, lead to; for every list of pivots."""
    order = np.broadcast_to(np.arange(rows), (*pivots.shape[:-1], rows)).copy()
    for place in np.ndindex(pivots.shape[:-1]):
        for row, other in enumerate(pivots[place] - 1):
            order[(*place, [row, other])] = order[(*place, [other, row])]
    return order


def check_regular(name: str, what: str, array: Array) -> None:
    """Refuse singular matrices, saying which and where."""
    for place, code in np.ndenumerate(lu_of(array)[2]):
        if code > 0:
            number = np.ravel_multi_index(place, array.shape[:-2]) if place else 0
            batch = f"(Batch element {number}): " if place else ""
            raise LinAlgError(
                f"{name}: {batch}The {what} because the input matrix is singular.".replace(
                    "{k}", str(code)
                )
            )
