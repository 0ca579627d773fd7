"""Attention: averages of values, weighed by how well their keys fit a query."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gradviz.nn.composed.dropping import dropout
from gradviz.tensor import Tensor
from gradviz.tensor.composed import call

__all__ = ["scaled_dot_product_attention"]


def _mask_scores(scores: Any, mask: Any, is_causal: bool) -> Any:
    """Scores less what may not be seen; a mask of booleans says what may."""
    if is_causal:
        rows, columns = scores.array.shape[-2:]
        hidden = Tensor.wrap(~np.tri(rows, columns, dtype=bool))
        return call("masked_fill", scores, hidden, -math.inf)
    if mask is None:
        return scores
    if mask.array.dtype == np.bool_:
        return call("masked_fill", scores, Tensor.wrap(~mask.array), -math.inf)
    return scores + mask


def scaled_dot_product_attention(
    query: Any, key: Any, value: Any, attn_mask: Any = None, dropout_p: float = 0.0,
    is_causal: bool = False, scale: float | None = None, enable_gqa: bool = False,
) -> Any:  # fmt: skip
    """``softmax(query @ key.T * scale + mask) @ value``.

    ``query``: ``(…, L, E)``, ``key``: ``(…, S, E)``, ``value``: ``(…, S, Ev)``. A row that may see
    nothing gives zeros. ``enable_gqa``: heads of the query share those of key and value.
    """
    if is_causal and attn_mask is not None:
        raise RuntimeError(
            "_scaled_dot_product_attention: Explicit attn_mask should not be set when "
            "is_causal=True"
        )
    if enable_gqa:
        times = query.array.shape[-3] // key.array.shape[-3]
        key, value = (_shared(v, times) for v in (key, value))
    factor = 1 / math.sqrt(query.array.shape[-1]) if scale is None else scale
    scores = call("matmul", query, call("transpose", key, -2, -1)) * factor
    scores = _mask_scores(scores, attn_mask, is_causal)
    weights = call("softmax", scores, -1)
    hidden: Any = (scores.array == -math.inf).all(-1, keepdims=True)
    if hidden.any():
        weights = call("masked_fill", weights, Tensor.wrap(hidden), 0.0)
    return call("matmul", dropout(weights, dropout_p, dropout_p > 0), value)


def _shared(heads: Any, times: int) -> Any:
    """Each head as often as query heads share it."""
    shape = heads.array.shape
    wide = call("expand", call("unsqueeze", heads, -3),
                (*shape[:-2], times, *shape[-2:]))  # fmt: skip
    return call("reshape", wide, (*shape[:-3], shape[-3] * times, *shape[-2:]))
