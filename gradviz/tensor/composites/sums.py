"""Products summed: contractions of tensors, outer and stacked products added to a tensor."""

from __future__ import annotations

import math
from typing import Any

from gradviz.tensor.composed import call
from gradviz.tensor.places import found_in
from gradviz.tensor.tensor import Tensor


def _added(input: Tensor, product: Tensor, beta: float, alpha: float) -> Tensor:
    if product.array.dtype.kind in "iu":
        beta, alpha = int(beta), int(alpha)
    scaled = product if alpha == 1 else product * alpha
    if beta == 0:
        return scaled
    return call("add", input if beta == 1 else input * beta, scaled)


def addr(input: Tensor, vec1: Tensor, vec2: Tensor, *, beta: float = 1, alpha: float = 1) -> Tensor:
    """``beta`` times ``input`` plus ``alpha`` times the outer product of two vectors."""
    for vector in (vec1, vec2):
        if vector.array.ndim != 1:
            raise RuntimeError(f"addr: Expected 1-D argument vec1, but got {vector.array.ndim}-D")
    product = call("outer", vec1, vec2)
    if product.array.dtype == bool and input.array.dtype == bool:
        product = call("logical_and", product, Tensor.wrap(product.array & bool(alpha)))
        return call("logical_or", input, product) if beta else product
    return _added(input, product, beta, alpha)


def addbmm(
    input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: float = 1, alpha: float = 1
) -> Tensor:
    """``beta`` times ``input`` plus ``alpha`` times the sum of the products of two stacks."""
    return _added(input, call("sum", call("bmm", batch1, batch2), 0), beta, alpha)


def vdot(input: Tensor, other: Tensor) -> Tensor:
    """The sum of the products of two vectors."""
    return call("dot", input, other)


def _fitted(a: Tensor, b: Tensor, i: int, j: int) -> tuple[Tensor, Tensor]:
    """Two tensors whose dimensions ``i`` and ``j`` are of one size: where one is of size one,
    the other is summed over its own."""
    first, second = a.array.shape[i], b.array.shape[j]
    if first == 1 != second:
        return a, call("sum", b, j, True)
    if second == 1 != first:
        return call("sum", a, i, True), b
    if first != second:
        raise RuntimeError(
            "contracted dimensions need to match, but first has size "
            f"{first} in dim {i} and second has size {second} in dim {j}"
        )
    return a, b


def tensordot(a: Tensor, b: Tensor, dims: Any = 2) -> Tensor:
    """The sum of products over dimensions of ``a`` paired with dimensions of ``b``."""
    if isinstance(dims, Tensor):
        dims = dims.array.tolist()
    if isinstance(dims, int):
        if dims < 0:
            raise RuntimeError(f"tensordot expects dims >= 0, but got dims={dims}")
        over = list(range(a.array.ndim - dims, a.array.ndim)), list(range(dims))
    else:
        over = [d % a.array.ndim for d in dims[0]], [d % b.array.ndim for d in dims[1]]
    for i, j in zip(*over, strict=True):
        a, b = _fitted(a, b, i, j)
    rest = [
        [i for i in range(t.array.ndim) if i not in o] for t, o in zip((a, b), over, strict=True)
    ]
    left_shape = [a.array.shape[i] for i in rest[0]]
    right_shape = [b.array.shape[i] for i in rest[1]]
    inner = math.prod(a.array.shape[i] for i in over[0])
    left = call("reshape", call("permute", a, [*rest[0], *over[0]]), (math.prod(left_shape), inner))
    right = call(
        "reshape", call("permute", b, [*over[1], *rest[1]]), (inner, math.prod(right_shape))
    )
    return call("reshape", call("mm", left, right), (*left_shape, *right_shape))


def ldexp(input: Tensor, other: Tensor) -> Tensor:
    """``input`` times two to the power of ``other``."""
    for place, (name, value) in enumerate((("input", input), ("other", other)), 1):
        if not isinstance(value, Tensor):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(
                f"ldexp(): argument '{name}' (position {place}) must be Tensor, "
                f"not {type(value).__name__}"
            )
    return call("mul", input, call("pow", 2.0, other))


def cross(input: Tensor, other: Tensor, dim: int | None = None) -> Tensor:
    """The cross product along ``dim``: by default the first dimension of size three."""
    if dim is None:
        threes = [i for i, n in enumerate(input.array.shape) if n == 3]
        if not threes:
            raise RuntimeError("no dimension of size 3 in input")
        dim = threes[0]
    return found_in("linalg", "cross")(input, other, dim=dim)


def __rdiv__(input: Any, other: Any) -> Tensor:
    """``other`` over ``input``, by the name that Python 2 called it."""
    return input.reciprocal() * other


METHODS = (__rdiv__, cross, addr, addbmm, vdot, ldexp)
FUNCTIONS = (tensordot,)
