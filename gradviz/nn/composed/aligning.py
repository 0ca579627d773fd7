"""Connectionist temporal classification with lengths as PyTorch takes them."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradviz.ops.losses import check_reduction
from gradviz.tensor import Tensor
from gradviz.tensor.composed import call

__all__ = ["ctc_loss"]


def _lengths(given: Any) -> Tensor:
    """Lengths given as a tensor, or as numbers."""
    return given if isinstance(given, Tensor) else Tensor.wrap(np.asarray(given, np.int64))


def ctc_loss(
    log_probs: Any, targets: Any, input_lengths: Any, target_lengths: Any, blank: int = 0,
    reduction: str = "mean", zero_infinity: bool = False,
) -> Any:  # fmt: skip
    """How surprised probabilities over time are by labels; see torch.nn.functional.ctc_loss.

    ``log_probs``: ``(T, N, C)`` or ``(T, C)``; ``targets``: ``(N, S)``, or all in one row.
    """
    check_reduction(reduction)
    return call(
        "ctc_loss", log_probs, targets, _lengths(input_lengths), _lengths(target_lengths), blank,
        zero_infinity, reduction=reduction,
    )  # fmt: skip
