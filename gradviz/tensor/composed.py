"""Functions that are short programs over operations, and so need no gradient rule of their own.

Each is found under its name in the package and, where PyTorch has it there, on tensors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from gradviz.ops.dtypes import C_NAMES
from gradviz.ops.kinds import is_sequence
from gradviz.ops.spec import Array, Shape
from gradviz.ops.table import OPS
from gradviz.tensor.binding import public_function
from gradviz.tensor.checked import checked
from gradviz.tensor.dispatch import check_broadcast
from gradviz.tensor.tensor import Tensor, apply


def call(name: str, *args: Any, **settings: Any) -> Any:
    """An operation of the table by its public name."""
    return public_function(name)(*args, **settings)


def members(tensors: tuple[Any, ...]) -> tuple[Tensor, ...]:
    """Tensors given one by one, or as one list."""
    return tuple(tensors[0]) if len(tensors) == 1 and is_sequence(tensors[0]) else tensors


def var_mean(input: Tensor, *args: Any, **settings: Any) -> tuple[Tensor, Tensor]:
    """The variance and the mean, over the same dimensions; arguments of ``torch.var_mean``."""
    return call("var", input, *args, **settings), mean_beside(input, args, settings)


def std_mean(input: Tensor, *args: Any, **settings: Any) -> tuple[Tensor, Tensor]:
    """The standard deviation and the mean; arguments of ``torch.std_mean``."""
    return call("std", input, *args, **settings), mean_beside(input, args, settings)


def mean_beside(input: Tensor, args: Sequence[Any], settings: dict[str, Any]) -> Tensor:
    """The mean over the dimensions that a variance is asked for."""
    dims = [a for a in args if not isinstance(a, bool)]
    dim = settings.get("dim", dims[0] if dims else None)
    keepdim = settings.get("keepdim", args[2] if len(args) > 2 else False)
    return call("mean", input, dim=dim, keepdim=keepdim)


def nansum(input: Tensor, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Tensor:
    """The sum with nan counted as 0."""
    counted = call("masked_fill", input, call("isnan", input), 0)
    return call("sum", counted, dim, keepdim, dtype=dtype)


def msort(input: Tensor) -> Tensor:
    """The elements in order along the first dimension."""
    return call("sort", input, 0)[0]


def atleast_1d(*tensors: Any) -> Any:
    """Each tensor with at least one dimension."""
    return reshaped(tensors, lambda shape: shape or (1,))


def atleast_2d(*tensors: Any) -> Any:
    """Each tensor with at least two dimensions: a vector becomes a row."""
    return reshaped(tensors, lambda shape: (1,) * (2 - len(shape)) + shape)


def atleast_3d(*tensors: Any) -> Any:
    """Each tensor with at least three dimensions: a matrix becomes one of depth one."""
    return reshaped(tensors, lambda shape: ((1,) + (shape or (1,)) + (1,) if len(shape) < 2
                                            else shape + (1,) * (3 - len(shape))))  # fmt: skip


def reshaped(tensors: tuple[Any, ...], shape: Callable[[Shape], Shape]) -> Any:
    """Tensors in the shapes a function of theirs gives; one alone where one was given."""
    made = tuple(call("reshape", t, shape(t.array.shape)) for t in members(tensors))
    return made[0] if len(tensors) == 1 and not is_sequence(tensors[0]) else made


def broadcast_tensors(*tensors: Any) -> tuple[Tensor, ...]:
    """The tensors stretched to one shape."""
    given = members(tensors)
    shape = np.broadcast_shapes(*(t.array.shape for t in given))
    return tuple(apply(OPS["expand"], (t,), {"size": shape}) for t in given)


def meshgrid(*tensors: Any, indexing: str = "ij") -> tuple[Tensor, ...]:
    """Grids of coordinates from vectors; ``"xy"`` swaps the first two dimensions."""
    given = [call("reshape", t, (-1,)) for t in members(tensors)]
    if indexing not in ("ij", "xy"):
        raise RuntimeError(
            'torch.meshgrid: indexing must be one of "xy" or "ij", but received: ' + indexing
        )
    shape = tuple(t.array.size for t in given)
    grids: list[Tensor] = []
    for axis, vector in enumerate(given):
        row = call("reshape", vector, tuple(-1 if i == axis else 1 for i in range(len(shape))))
        grid = apply(OPS["expand"], (row,), {"size": shape})
        swapped = indexing == "xy" and len(shape) > 1
        grids.append(call("transpose", grid, 0, 1) if swapped else grid)
    return tuple(grids)


def take_along_dim(input: Tensor, indices: Tensor, dim: int | None = None) -> Tensor:
    """Elements by their places along a dimension, or of the flattened tensor."""
    if dim is None:
        return call("gather", call("reshape", input, (-1,)), 0, call("reshape", indices, (-1,)))
    axis = dim % max(input.array.ndim, 1)
    count = input.array.shape[axis]
    indices = Tensor.wrap(np.where(indices.array < 0, indices.array + count, indices.array))
    sizes = [tuple(1 if i == axis else n for i, n in enumerate(t.array.shape))
             for t in (input, indices)]  # fmt: skip
    shape = np.broadcast_shapes(*sizes)
    wide, places = (
        apply(OPS["expand"], (t,), {"size": with_size(shape, axis, t.array.shape[axis])})
        for t in (input, indices)
    )
    return call("gather", wide, axis, places)


def with_size(shape: tuple[int, ...], axis: int, size: int) -> tuple[int, ...]:
    """``shape`` with another size along one axis."""
    return (*shape[:axis], size, *shape[axis + 1 :])


def repeat_interleave(
    input: Tensor, repeats: Any = None, dim: int | None = None, *, output_size: Any = None
) -> Tensor:
    """Each element (or slice along ``dim``) several times in a row."""
    if repeats is None:
        return places_repeated(input.array.size, input.array)
    if dim is None:
        input, dim = call("reshape", input, (-1,)), 0
    input = atleast_1d(input)
    counts: Array = np.asarray(repeats.array if isinstance(repeats, Tensor) else repeats)
    return call("index_select", input, dim, places_repeated(input.array.shape[dim], counts))


def places_repeated(count: int, times: Array) -> Tensor:
    """The numbers below ``count``, each as often as said."""
    every: Array = np.arange(count)
    return Tensor.wrap(every.repeat(times.reshape(-1)))


def kron(input: Tensor, other: Tensor) -> Tensor:
    """The Kronecker product: each element of ``input`` times the whole of ``other``."""
    rank = max(input.array.ndim, other.array.ndim)
    left, right = ((1,) * (rank - t.array.ndim) + t.array.shape for t in (input, other))
    wide = call("reshape", input, tuple(n for size in left for n in (size, 1)))
    tall = call("reshape", other, tuple(n for size in right for n in (1, size)))
    shape = tuple(a * b for a, b in zip(left, right, strict=True))
    return call("reshape", call("mul", wide, tall), shape)


def rsub(input: Tensor, other: Tensor | float, *, alpha: float = 1) -> Tensor:
    """``other`` minus ``input`` times ``alpha``."""
    return call("sub", other, input, alpha=alpha)


def addcmul(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: float = 1) -> Tensor:
    """``input`` plus ``value`` times the product of two tensors."""
    return call("add", input, call("mul", tensor1, tensor2), alpha=value)


def addcdiv(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: float = 1) -> Tensor:
    """``input`` plus ``value`` times the quotient of two tensors."""
    return call("add", input, call("mul", call("div", tensor1, tensor2), value))


def lerp(input: Tensor, end: Tensor, weight: Tensor | float) -> Tensor:
    """The point between ``input`` and ``end`` that ``weight`` of the way leads to."""
    for name, value in (("end", end), ("weight", weight)):
        if not isinstance(value, Tensor) or (name == "weight" and not value.array.ndim):
            continue
        if value.dtype is not input.dtype:
            wanted, found = (C_NAMES.get(x.dtype.name, "double") for x in (input, value))
            raise RuntimeError(f"expected dtype {wanted} for `{name}` but got dtype {found}")
    return call("add", input, call("mul", weight, call("sub", end, input)))


def isclose(
    input: Tensor, other: Tensor, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False
) -> Tensor:
    """True where two tensors differ by at most ``atol + rtol × |other|``."""
    if input.dtype is not other.dtype:
        raise RuntimeError(f"{input.dtype.legacy_name} did not match {other.dtype.legacy_name}")
    for name, value in (("rtol", rtol), ("atol", atol)):
        if value < 0:
            raise RuntimeError(f"{name} must be greater than or equal to zero, but got {value:g}")
    check_broadcast([input.array.shape, other.array.shape])
    with np.errstate(all="ignore"):
        return Tensor.wrap(np.isclose(input.array, other.array, rtol, atol, equal_nan))


def allclose(
    input: Tensor, other: Tensor, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False
) -> bool:
    """Whether :func:`isclose` holds for every element."""
    return bool(isclose(input, other, rtol, atol, equal_nan).array.all())


METHODS = (
    nansum, msort, take_along_dim, repeat_interleave, kron, addcmul, addcdiv, lerp, isclose,
    allclose,
)  # fmt: skip
FUNCTIONS = {
    f.__name__: checked(f)
    for f in (
        *METHODS, var_mean, std_mean, atleast_1d, atleast_2d, atleast_3d, broadcast_tensors,
        meshgrid, rsub,
    )
}  # fmt: skip


def install_composed() -> None:
    """Give tensors the methods among these functions."""
    for function in METHODS:
        setattr(Tensor, function.__name__, FUNCTIONS[function.__name__])
