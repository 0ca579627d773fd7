"""How far apart vectors are, and how alike in direction."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradviz.tensor import Tensor
from gradviz.tensor.composed import call

__all__ = ["bilinear", "cosine_similarity", "pairwise_distance", "pdist"]


def cosine_similarity(x1: Any, x2: Any, dim: int = 1, eps: float = 1e-8) -> Any:
    """The cosine of the angle between vectors along ``dim``; norms count as ``eps`` at least."""
    for value in (x1, x2):
        if value.array.dtype.kind != "f":
            raise RuntimeError("expected common dtype to be floating point, yet common dtype is "
                               f"{value.dtype.legacy_name}")  # fmt: skip
    shape = np.broadcast_shapes(x1.array.shape, x2.array.shape)
    first, second = call("expand", x1, shape), call("expand", x2, shape)
    parts = [v / call("clamp_min", call("norm", v, 2, dim, True), eps) for v in (first, second)]
    return (parts[0] * parts[1]).sum(dim)


def pairwise_distance(
    x1: Any, x2: Any, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False
) -> Any:
    """The norm of differences along the last dimension, ``eps`` added to each."""
    return call("norm", x1 - x2 + eps, p, -1, keepdim)


def pdist(input: Any, p: float = 2.0) -> Any:
    """The distance of each row from each row after it, as a vector."""
    if input.array.ndim != 2:
        raise RuntimeError(f"pdist only supports 2D tensors, got: {input.array.ndim}D")
    if p < 0:
        raise RuntimeError("pdist only supports non-negative p values")
    first, second = np.triu_indices(len(input.array), 1)
    rows = [call("index_select", input, 0, Tensor.wrap(i)) for i in (first, second)]
    difference = rows[0] - rows[1]
    if not difference.array.size:
        return difference.sum(-1)
    return call("norm", difference, p, -1)


def bilinear(input1: Any, input2: Any, weight: Any, bias: Any = None) -> Any:
    """For each output the form ``input1 @ weight @ input2``, plus a bias."""
    for number, value, axis in ((1, input1, 1), (2, input2, 2)):
        mine, wanted = value.array.shape[-1], weight.array.shape[axis]
        if mine != wanted:
            raise RuntimeError(
                f"bilinear(): input{number} size does not match weight size: got {mine} but "
                f"expected {wanted}"
            )
    result = call("einsum", "...i,oij,...j->...o", (input1, weight, input2))
    return result if bias is None else result + bias
