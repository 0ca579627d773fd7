"""Embedding with its checks, and with rows held to a largest norm."""

from __future__ import annotations

import numpy as np

from gradviz.tensor import Tensor
from gradviz.tensor.binding import public_function

__all__ = ["embedding"]


def renormalise(weight: Tensor, rows: Tensor, max_norm: float, norm_type: float) -> None:
    """Scale down, in place, those of ``rows`` of ``weight`` whose norm is above ``max_norm``."""
    table = weight.array
    for row in np.unique(rows.array):
        norm = float(np.linalg.norm(table[row], norm_type))
        if norm > max_norm:
            table[row] *= table.dtype.type(max_norm / (norm + 1e-7))
    weight.bump_version()


def embedding(
    input: Tensor, weight: Tensor, padding_idx: int | None = None, max_norm: float | None = None,
    norm_type: float = 2.0, scale_grad_by_freq: bool = False, sparse: bool = False,
) -> Tensor:  # fmt: skip
    """The rows of ``weight`` that ``input`` names.

    ``padding_idx``: a row that gets no gradient; ``max_norm``: rows looked up are first scaled
    down to this norm, in place. Gradients are dense: ``sparse=True`` is refused.
    """
    if sparse:
        raise NotImplementedError(
            "embedding() has dense gradients only: sparse=True is not offered"
        )
    count = weight.array.shape[0] if weight.array.ndim else 0
    if padding_idx is not None:
        if not -count <= padding_idx < count:
            raise AssertionError("Padding_idx must be within num_embeddings")
        padding_idx = padding_idx % count
    if max_norm is not None:
        renormalise(weight, input, max_norm, norm_type)
    return public_function("embedding")(input, weight, padding_idx, scale_grad_by_freq)
