"""Means that pass over nan, quantiles, covariance, and lengths brought under a bound."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gradviz.ops.dims import wrap_dim
from gradviz.ops.dtypes import of_numpy
from gradviz.ops.spec import Array
from gradviz.tensor.composed import call, lerp, nansum
from gradviz.tensor.tensor import Tensor


def nanmean(input: Tensor, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Tensor:
    """The mean of the elements that are not nan."""
    counted = call("sum", call("logical_not", call("isnan", input)), dim, keepdim)
    return nansum(input, dim, keepdim, dtype=dtype) / counted


INTERPOLATIONS = ("linear", "lower", "higher", "midpoint", "nearest")


def quantile(
    input: Tensor, q: Any, dim: int | None = None, keepdim: bool = False, *,
    interpolation: str = "linear",
) -> Tensor:  # fmt: skip
    """The values below which shares ``q`` of the elements lie; nan where one is nan."""
    return _quantile("quantile", input, q, dim, keepdim, interpolation, False)


def nanquantile(
    input: Tensor, q: Any, dim: int | None = None, keepdim: bool = False, *,
    interpolation: str = "linear",
) -> Tensor:  # fmt: skip
    """As :func:`quantile`, of the elements that are not nan."""
    return _quantile("nanquantile", input, q, dim, keepdim, interpolation, True)


def _quantile(
    name: str, input: Tensor, q: Any, dim: int | None, keepdim: bool, interpolation: str,
    skip: bool,
) -> Tensor:  # fmt: skip
    _check_quantile(name, input, interpolation)
    shares = q if isinstance(q, Tensor) else Tensor.wrap(np.asarray(q, input.array.dtype))
    if shares.array.ndim > 1:
        raise RuntimeError(f"{name}() q must be a scalar or 1D tensor")
    if ((shares.array < 0) | (shares.array > 1)).any():
        raise RuntimeError(f"{name}() q values must be in the range [0, 1]")
    rank = input.array.ndim
    axis = 0 if dim is None else wrap_dim(dim, rank)
    shape = [1] * rank if dim is None else list(input.array.shape)
    if rank and dim is not None:
        shape[axis] = 1
    lined = call("reshape", input, (-1,)) if dim is None or not rank else input
    ordered, _ = call("sort", call("movedim", lined, axis, -1), -1)
    ranks = _ranks(ordered.array, call("reshape", shares, (-1,)), skip)
    found = call("movedim", _between(ordered, ranks, interpolation), -1, 0)
    outer = shape if keepdim else [n for i, n in enumerate(shape) if dim is not None and i != axis]
    return call("reshape", found, (*shares.array.shape, *outer))


def _check_quantile(name: str, input: Tensor, interpolation: str) -> None:
    if not input.array.size:
        raise RuntimeError(f"{name}() input tensor must be non-empty")
    if input.dtype.name not in ("float32", "float64"):
        raise RuntimeError(f"{name}() input tensor must be either float or double dtype")
    if interpolation not in INTERPOLATIONS:
        raise RuntimeError(
            f"{name}() interpolation must be one of linear, lower, higher, midpoint or nearest, "
            f"but got {interpolation}"
        )


def _ranks(ordered: Array, shares: Tensor, skip: bool) -> Tensor:
    """Where in the sorted order each quantile lies; at the nan where there is one that counts."""
    last = ordered.shape[-1] - 1
    missing = np.isnan(ordered).sum(axis=-1, keepdims=True)
    if skip:
        known = np.maximum(last - missing, 0).astype(ordered.dtype)
        return call("mul", shares, Tensor.wrap(known))
    return call("where", Tensor.wrap(missing > 0), float(last), call("mul", shares, last))


ROUNDED = {"lower": "floor", "higher": "ceil", "nearest": "round"}


def _between(ordered: Tensor, ranks: Tensor, interpolation: str) -> Tensor:
    if interpolation in ROUNDED:
        ranks = call(ROUNDED[interpolation], ranks)
    low = np.floor(ranks.array).astype(np.int64)
    below = call("gather", ordered, -1, Tensor.wrap(low))
    if interpolation in ROUNDED:
        return below
    weight = ranks - Tensor.wrap(low.astype(ranks.array.dtype))
    if interpolation == "midpoint":
        weight = Tensor.wrap(np.full_like(ranks.array, 0.5))
    above = call("gather", ordered, -1, Tensor.wrap(np.ceil(ranks.array).astype(np.int64)))
    return lerp(below, above, weight)


def cov(
    input: Tensor, *, correction: int = 1, fweights: Tensor | None = None,
    aweights: Tensor | None = None,
) -> Tensor:  # fmt: skip
    """The covariances of variables, a row each, over observations, a column each."""
    if input.array.ndim > 2:
        raise RuntimeError(
            "cov(): expected input to have two or fewer dimensions but got an input with "
            f"{input.array.ndim} dimensions"
        )
    count = input.array.shape[-1] if input.array.ndim else 1
    for name, given, kinds in (("fweights", fweights, "iu"), ("aweights", aweights, "f")):
        if given is not None:
            _check_weights(name, given.array, kinds, count)
    rows = input if input.array.ndim == 2 else call("reshape", input, (1, -1))
    weights: Any = fweights
    if aweights is not None:
        weights = aweights if fweights is None else call("mul", fweights, aweights)
    count: Any = rows.array.shape[1]
    if weights is None:
        center = call("sum", rows, 1, True) / count
    else:
        count = call("sum", weights)
        center = call("sum", rows * weights, 1, True) / count
    freedom: Any = count - correction
    if weights is not None and aweights is not None and correction:
        freedom = count - correction * call("sum", weights * aweights) / count
    apart = rows - center
    weighed = apart if weights is None else apart * weights
    freedom = max(freedom, 0) if isinstance(freedom, int) else call("clamp_min", freedom, 0)
    found = call("mm", apart, call("t", weighed)) / freedom
    return call("squeeze", found)


def _check_weights(name: str, weights: Array, kinds: str, count: int) -> None:
    if weights.ndim > 1:
        raise RuntimeError(
            f"cov(): expected {name} to have one or fewer dimensions but got {name} with "
            f"{weights.ndim} dimensions"
        )
    if weights.dtype.kind not in kinds:
        wanted = "integral" if kinds == "iu" else "floating point"
        raise RuntimeError(
            f"cov(): expected {name} to have {wanted} dtype but got {name} with "
            f"{of_numpy(weights.dtype).legacy_name} dtype"
        )
    if weights.size != count:
        raise RuntimeError(
            f"cov(): expected {name} to have the same numel as there are observations in the "
            f"input but got {weights.size} != {count}"
        )
    if (weights < 0).any():
        raise RuntimeError(f"cov(): {name} cannot be negative")


def corrcoef(input: Tensor) -> Tensor:
    """The correlations of variables, a row each: covariances over standard deviations."""
    found = cov(input)
    if not found.array.ndim:
        return found / found
    spread = call("sqrt", call("diagonal", found))
    return call("clamp", found / call("unsqueeze", spread, 1) / call("unsqueeze", spread, 0), -1, 1)


def renorm(input: Tensor, p: float, dim: int, maxnorm: float) -> Tensor:
    """Each slice along ``dim`` made shorter where its ``p``-norm is over ``maxnorm``."""
    if p <= 0:
        raise RuntimeError("renorm: non-positive-norm not supported")
    if input.array.ndim < 2:
        raise RuntimeError(
            f"renorm: input needs at least 2 dimensions, got {input.array.ndim} dimensions"
        )
    axis = wrap_dim(dim, input.array.ndim)
    others = tuple(i for i in range(input.array.ndim) if i != axis)
    length = call("norm", input, p, others, True)
    over = Tensor.wrap(length.array > maxnorm)
    return input * call("where", over, maxnorm / (length + 1e-7), 1.0)


def dist(input: Tensor, other: Tensor, p: float = 2) -> Tensor:
    """The ``p``-norm of the difference of two tensors."""
    return call("norm", input - other, p)


def cdist(x1: Tensor, x2: Tensor, p: float = 2.0, compute_mode: str | None = None) -> Tensor:
    """The distances of every vector of ``x1`` to every one of ``x2``."""
    if x1.array.ndim < 2 or x2.array.ndim < 2:
        raise RuntimeError(
            f"cdist only supports at least 2D tensors, X1 got: {min(x1.array.ndim, x2.array.ndim)}D"
        )
    if x1.array.shape[-1] != x2.array.shape[-1]:
        raise RuntimeError(
            f"X1 and X2 must have the same number of columns. X1: {x1.array.shape[-1]} "
            f"X2: {x2.array.shape[-1]}"
        )
    names = [x.dtype.legacy_name for x in (x1, x2)]
    if names[0] != names[1]:
        raise RuntimeError(f"expected scalar type {names[0]} but found {names[1]}")
    if math.isnan(p) or p < 0:
        raise RuntimeError("cdist only supports non-negative p values")
    apart = call("unsqueeze", x1, -2) - call("unsqueeze", x2, -3)
    return call("norm", apart, p, -1)


METHODS = (nanmean, quantile, nanquantile, cov, corrcoef, renorm, dist)
FUNCTIONS = (cdist,)
