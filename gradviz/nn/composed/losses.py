"""Losses made of simpler operations: of distributions, margins, pairs and triplets."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from gradviz.nn.composed.distances import pairwise_distance
from gradviz.nn.composed.reducing import older_reduction, reduced
from gradviz.nn.composed.weighing import refuse_gradient
from gradviz.ops.losses import check_reduction
from gradviz.tensor import Tensor
from gradviz.tensor.composed import call

__all__ = [
    "cosine_embedding_loss", "gaussian_nll_loss", "hinge_embedding_loss", "kl_div",
    "margin_ranking_loss", "multi_margin_loss", "multilabel_margin_loss",
    "multilabel_soft_margin_loss", "poisson_nll_loss", "soft_margin_loss", "triplet_margin_loss",
    "triplet_margin_with_distance_loss",
]  # fmt: skip


def _clipped(value: Any, low: float) -> Any:
    return call("clamp_min", value, low)


def kl_div(
    input: Any, target: Any, size_average: bool | None = None, reduce: bool | None = None,
    reduction: str = "mean", log_target: bool = False,
) -> Any:  # fmt: skip
    """How far a distribution, given by logarithms, is from a target."""
    reduction = older_reduction(reduction, size_average, reduce)
    if reduction == "mean":
        warnings.warn(
            "reduction: 'mean' divides the total loss by both the batch size and the support size."
            "'batchmean' divides only by the batch size, and aligns with the KL div math "
            "definition.'mean' will be changed to behave the same as 'batchmean' in the next major "
            "release.", stacklevel=2,
        )  # fmt: skip
    if log_target:
        losses = call("exp", target) * (target - input)
    else:
        losses = call("xlogy", target, target) - target * input
    if reduction == "batchmean":
        total = losses.sum()
        return total / input.array.shape[0] if input.array.ndim else total
    return reduced(losses, reduction)


def poisson_nll_loss(
    input: Any, target: Any, log_input: bool = True, full: bool = False,
    size_average: bool | None = None, eps: float = 1e-8, reduce: bool | None = None,
    reduction: str = "mean",
) -> Any:  # fmt: skip
    """How surprised a Poisson distribution of rate ``input`` is by counts."""
    reduction = older_reduction(reduction, size_average, reduce)
    check_reduction(reduction)
    if log_input:
        losses = call("exp", input) - target * input
    else:
        losses = input - target * call("log", input + eps)
    if full:
        stirling = target * call("log", target) - target + 0.5 * call("log", 2 * math.pi * target)
        losses = losses + call("masked_fill", stirling, target <= 1, 0)
    return reduced(losses, reduction)


def gaussian_nll_loss(
    input: Any, target: Any, var: Any, full: bool = False, eps: float = 1e-6,
    reduction: str = "mean",
) -> Any:  # fmt: skip
    """How surprised bell curves of mean ``input`` and variance ``var`` are by targets."""
    if isinstance(var, float):
        if var < 0:
            raise ValueError("var has negative entry/entries")
        var = call("full", input.array.shape, var, dtype=input.dtype)
    elif (var.array < 0).any():
        raise ValueError("var has negative entry/entries")
    mine, theirs = input.array.shape, var.array.shape
    if theirs != mine:
        if mine[:-1] == theirs:
            var = call("unsqueeze", var, -1)
        elif mine[:-1] != theirs[:-1] or theirs[-1] != 1:
            raise ValueError("var is of incorrect size")
    if reduction not in ("none", "mean", "sum"):
        raise ValueError(f"{reduction} is not valid")
    # What keeps the variance from zero takes no part in its gradient.
    lift = Tensor.wrap(np.maximum(eps - var.array, 0).astype(var.array.dtype))
    raised = var + lift
    losses = 0.5 * (call("log", raised) + (input - target) ** 2 / raised)
    return reduced(losses + (0.5 * math.log(2 * math.pi) if full else 0.0), reduction)


def hinge_embedding_loss(
    input: Any, target: Any, margin: float = 1.0, size_average: bool | None = None,
    reduce: bool | None = None, reduction: str = "mean",
) -> Any:  # fmt: skip
    """Distances as they are for targets 1; for −1 as far as they are below a margin."""
    reduction = older_reduction(reduction, size_average, reduce)
    check_reduction(reduction)
    zero = Tensor.wrap(np.zeros((), input.array.dtype))
    far = call("where", target != 1, _clipped(margin - input, 0), zero)
    near = call("where", target != -1, input, zero)
    return reduced(far + near, reduction)


def margin_ranking_loss(
    input1: Any, input2: Any, target: Any, margin: float = 0, size_average: bool | None = None,
    reduce: bool | None = None, reduction: str = "mean",
) -> Any:  # fmt: skip
    """How much a pair lacks of being in the order that ``target`` (1 or −1) says."""
    reduction = older_reduction(reduction, size_average, reduce)
    ranks = [v.array.ndim for v in (input1, input2, target)]
    if len(set(ranks)) > 1:
        shown = [f"torch.Size({list(v.array.shape)})" for v in (input1, input2, target)]
        raise RuntimeError(
            "margin_ranking_loss : All input tensors should have same dimension but got sizes: "
            f"input1: {shown[0]}, input2: {shown[1]}, target: {shown[2]} "
        )
    return reduced(_clipped(-target * (input1 - input2) + margin, 0), reduction)


def cosine_embedding_loss(
    input1: Any, input2: Any, target: Any, margin: float = 0, size_average: bool | None = None,
    reduce: bool | None = None, reduction: str = "mean",
) -> Any:  # fmt: skip
    """1 − cosine for targets 1; for −1 as far as the cosine is above a margin."""
    reduction = older_reduction(reduction, size_average, reduce)
    rank, wanted = target.array.ndim, input1.array.ndim - 1
    if rank not in (0, 1):
        raise RuntimeError("0D or 1D target tensor expected, multi-target not supported")
    if wanted != rank or input1.array.ndim != input2.array.ndim:
        shown = [list(v.array.shape) for v in (input1, input2, target)]
        words = "1D target tensor expects 2D" if rank else "0D target tensor expects 1D"
        raise RuntimeError(
            f"{words} input tensors, but found inputs with sizes {shown[0]} and {shown[1]}."
        )
    eps = 1e-12
    product = (input1 * input2).sum(-1)
    sizes = ((input1 * input1).sum(-1) + eps) * ((input2 * input2).sum(-1) + eps)
    cosine = product / call("sqrt", sizes)
    zeros = call("zeros_like", cosine)
    near = call("where", target == 1, 1 - cosine, zeros)
    far = call("where", target == -1, _clipped(cosine - margin, 0), zeros)
    return reduced(near + far, reduction)


def soft_margin_loss(
    input: Any, target: Any, size_average: bool | None = None, reduce: bool | None = None,
    reduction: str = "mean",
) -> Any:  # fmt: skip
    """The logistic loss of scores against targets 1 and −1."""
    reduction = older_reduction(reduction, size_average, reduce)
    return reduced(call("log1p", call("exp", call("mul", input, -target))), reduction)


def multilabel_soft_margin_loss(
    input: Any, target: Any, weight: Any = None, size_average: bool | None = None,
    reduce: bool | None = None, reduction: str = "mean",
) -> Any:  # fmt: skip
    """Binary cross entropy of scores of many labels, averaged over the labels."""
    reduction = older_reduction(reduction, size_average, reduce)
    positive, negative = call("logsigmoid", input), call("logsigmoid", -input)
    losses = -(target * positive + (1 - target) * negative)
    losses = losses if weight is None else losses * weight
    return reduced(losses.sum(-1) / input.array.shape[-1], reduction)


def _check_scores(shape: tuple[int, ...]) -> None:
    """Refuse scores that are neither a vector nor a matrix, or have no classes."""
    if len(shape) > 2 or (shape and not shape[-1]):
        raise RuntimeError(
            "Expected non-empty vector or matrix with optional 0-dim batch size, but got: "
            f"{list(shape)}"
        )


def _check_long(target: Any) -> None:
    """Refuse class numbers that are not of type int64."""
    if target.array.dtype != np.int64:
        raise RuntimeError(f"expected scalar type Long but found {target.dtype.legacy_name}")


def _rows(input: Any) -> tuple[Any, bool]:
    """Scores as rows of a matrix, and whether there was one row only."""
    single = input.array.ndim < 2
    return (call("reshape", input, (1, -1)) if single else input), single


def _check_classes(input: Any, target: Any, weight: Any) -> None:
    """Refuse targets and weights that do not fit scores of classes, in PyTorch's order."""
    shape = input.array.shape
    _check_scores(shape)
    rows = shape[0] if len(shape) == 2 else 1
    if target.array.ndim > 1 or target.array.size != rows:
        raise RuntimeError(
            "multi_margin_loss: target tensor should be 1-D with size equal to the number of input "
            f"samples (batch size). Expected target size [{rows}], but got "
            f"{list(target.array.shape)}. Input has shape {list(shape)}."
        )
    count = shape[-1] if shape else 1
    if weight is not None and weight.array.size != count:
        raise RuntimeError(
            f"inconsistent weight size, expected {count} but got {list(weight.array.shape)}"
        )
    _check_long(target)


def multi_margin_loss(
    input: Any, target: Any, p: int = 1, margin: float = 1.0, weight: Any = None,
    size_average: bool | None = None, reduce: bool | None = None, reduction: str = "mean",
) -> Any:  # fmt: skip
    """How far each wrong class's score comes within a margin of the right one's."""
    reduction = older_reduction(reduction, size_average, reduce)
    check_reduction(reduction)
    if p not in (1, 2):
        raise ValueError("only p == 1 and p == 2 supported")
    if weight is not None and weight.array.ndim != 1:
        raise ValueError("weight must be one-dimensional")
    refuse_gradient("multi_margin_loss", weight=weight)
    _check_classes(input, target, weight)
    scores, single = _rows(input)
    count = scores.array.shape[1]
    chosen = Tensor.wrap(target.array.reshape(-1, 1))
    own = call("gather", scores, 1, chosen)
    terms = _clipped(margin - own + scores, 0) ** p
    if weight is not None:
        terms = terms * call("take", weight, chosen)
    mask = Tensor.wrap(np.arange(count)[None] == chosen.array)
    losses = call("masked_fill", terms, mask, 0).sum(1) / count
    losses = call("reshape", losses, ()) if single and not target.array.ndim else losses
    return reduced(losses, reduction)


def _labels(target: Any) -> tuple[Any, Any]:
    """Which labels hold in each row (those before the first −1), and how many come there."""
    counted: Any = (target < 0).cumsum(1) == 0
    hold: Any = np.zeros(target.shape, bool)
    rows, places = counted.nonzero()
    hold[rows, target[rows, places]] = True
    return hold, counted


def multilabel_margin_loss(
    input: Any, target: Any, size_average: bool | None = None, reduce: bool | None = None,
    reduction: str = "mean",
) -> Any:  # fmt: skip
    """How far scores of labels that do not hold come within one of those that do."""
    reduction = older_reduction(reduction, size_average, reduce)
    check_reduction(reduction)
    _check_scores(input.array.shape)
    if target.array.shape != input.array.shape:
        raise RuntimeError(
            f"inconsistent target size: {list(target.array.shape)} for input of size: "
            f"{list(input.array.shape)}"
        )
    _check_long(target)
    scores, single = _rows(input)
    places = target.array.reshape(scores.array.shape)
    hold, counted = _labels(places)
    own = call("gather", scores, 1, Tensor.wrap(np.where(counted, places, 0)))
    gaps = _clipped(1 - (call("unsqueeze", own, 2) - call("unsqueeze", scores, 1)), 0)
    left_out = Tensor.wrap(~(counted[:, :, None] & ~hold[:, None, :]))
    losses = call("masked_fill", gaps, left_out, 0).sum((1, 2)) / places.shape[1]
    return reduced(call("reshape", losses, ()) if single else losses, reduction)


def _check_triplet(margin: float, anchor: Any, positive: Any, negative: Any) -> None:
    if margin <= 0:
        raise ValueError(f"margin must be greater than 0, got {margin}")
    a, p, n = (v.array.ndim for v in (anchor, positive, negative))
    if not a == p == n:
        raise RuntimeError(
            "The anchor, positive, and negative tensors are expected to have the same number of "
            f"dimensions, but got: anchor {a}D, positive {p}D, and negative {n}D inputs"
        )


def _triplet(
    distance: Callable[[Any, Any], Any], anchor: Any, positive: Any, negative: Any,
    margin: float, swap: bool, reduction: str,
) -> Any:  # fmt: skip
    near, far = distance(anchor, positive), distance(anchor, negative)
    if swap:
        far = call("minimum", far, distance(positive, negative))
    return reduced(_clipped(near - far + margin, 0), reduction)


def triplet_margin_loss(
    anchor: Any, positive: Any, negative: Any, margin: float = 1.0, p: float = 2,
    eps: float = 1e-6, swap: bool = False, size_average: bool | None = None,
    reduce: bool | None = None, reduction: str = "mean",
) -> Any:  # fmt: skip
    """How far an anchor's distance to what it matches is from a margin below that to another."""
    reduction = older_reduction(reduction, size_average, reduce)
    check_reduction(reduction)
    _check_triplet(margin, anchor, positive, negative)

    def distance(a: Any, b: Any) -> Any:
        return pairwise_distance(a, b, p, eps)

    return _triplet(distance, anchor, positive, negative, margin, swap, reduction)


def triplet_margin_with_distance_loss(
    anchor: Any, positive: Any, negative: Any, *,
    distance_function: Callable[[Any, Any], Any] | None = None, margin: float = 1.0,
    swap: bool = False, reduction: str = "mean",
) -> Any:  # fmt: skip
    """:func:`triplet_margin_loss` by a distance of one's own."""
    check_reduction(reduction)
    _check_triplet(margin, anchor, positive, negative)
    distance = pairwise_distance if distance_function is None else distance_function
    return _triplet(distance, anchor, positive, negative, margin, swap, reduction)
