"""How single losses become one, also in PyTorch's older words for it."""

from __future__ import annotations

import warnings
from typing import Any

from gradviz.ops.losses import check_reduction


def older_reduction(
    reduction: str, size_average: bool | None = None, reduce: bool | None = None
) -> str:
    """The way to reduce, also where it is given by two deprecated switches, which warn."""
    if size_average is None and reduce is None:
        return reduction
    chosen = "none" if reduce is False else "sum" if size_average is False else "mean"
    warnings.warn(
        "size_average and reduce args will be deprecated, please use "
        f"reduction='{chosen}' instead.", stacklevel=3,
    )  # fmt: skip
    return chosen


def reduced(losses: Any, reduction: str) -> Any:
    """The mean or sum of single losses, or they themselves."""
    check_reduction(reduction)
    return losses if reduction == "none" else getattr(losses, reduction)()
