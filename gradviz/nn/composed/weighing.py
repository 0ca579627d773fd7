"""Losses of the table with PyTorch's whole list of arguments: weights, and older switches.

Most weights take no gradient, and PyTorch refuses those that ask for one; so do these.
"""

from __future__ import annotations

from typing import Any

from gradviz.autograd.mode import is_grad_enabled
from gradviz.nn.composed.reducing import older_reduction, reduced
from gradviz.ops.classification import class_dim
from gradviz.tensor.composed import call

__all__ = [
    "binary_cross_entropy", "binary_cross_entropy_with_logits", "cross_entropy", "huber_loss",
    "l1_loss", "mse_loss", "nll_loss", "smooth_l1_loss",
]  # fmt: skip


def refuse_gradient(function: str, **given: Any) -> None:
    """Raise where an argument asks for a gradient and there is none for it."""
    for name, value in given.items():
        if getattr(value, "requires_grad", False) and is_grad_enabled():
            raise RuntimeError(
                f"The function '{function}' is not differentiable with respect to argument "
                f"'{name}'. This input cannot have requires_grad True."
            )


def _weighed(losses: Any, weight: Any, input: Any) -> Any:
    if weight.array.shape != input.array.shape:
        raise ValueError("Weights and input must have the same size.")
    return losses * weight


def _mean_by_weight(losses: Any, weight: Any, reduction: str) -> Any:
    """The mean divides by the weights' sum, not by how many there are."""
    return losses.sum() / weight.sum() if reduction == "mean" else reduced(losses, reduction)


def mse_loss(
    input: Any, target: Any, size_average: bool | None = None, reduce: bool | None = None,
    reduction: str = "mean", weight: Any = None,
) -> Any:  # fmt: skip
    """The mean squared error; see PyTorch's torch.nn.functional.mse_loss."""
    reduction = older_reduction(reduction, size_average, reduce)
    if weight is None:
        return call("mse_loss", input, target, reduction=reduction)
    losses = _weighed(call("mse_loss", input, target, reduction="none"), weight, input)
    return _mean_by_weight(losses, weight, reduction)


def l1_loss(
    input: Any, target: Any, size_average: bool | None = None, reduce: bool | None = None,
    reduction: str = "mean", weight: Any = None,
) -> Any:  # fmt: skip
    """The mean absolute error; see PyTorch's torch.nn.functional.l1_loss."""
    reduction = older_reduction(reduction, size_average, reduce)
    if weight is None:
        return call("l1_loss", input, target, reduction=reduction)
    losses = _weighed(call("l1_loss", input, target, reduction="none"), weight, input)
    return _mean_by_weight(losses, weight, reduction)


def smooth_l1_loss(
    input: Any, target: Any, size_average: bool | None = None, reduce: bool | None = None,
    reduction: str = "mean", beta: float = 1.0,
) -> Any:  # fmt: skip
    """The absolute error rounded off near zero; see torch.nn.functional.smooth_l1_loss."""
    reduction = older_reduction(reduction, size_average, reduce)
    return call("smooth_l1_loss", input, target, reduction=reduction, beta=beta)


def huber_loss(
    input: Any, target: Any, reduction: str = "mean", delta: float = 1.0, weight: Any = None
) -> Any:
    """Half the squared error straightened to a line; see torch.nn.functional.huber_loss."""
    if weight is None:
        return call("huber_loss", input, target, reduction, delta)
    losses = call("huber_loss", input, target, "none", delta)
    return reduced(_weighed(losses, weight, input), reduction)


def binary_cross_entropy(
    input: Any, target: Any, weight: Any = None, size_average: bool | None = None,
    reduce: bool | None = None, reduction: str = "mean",
) -> Any:  # fmt: skip
    """How surprised probabilities are; see torch.nn.functional.binary_cross_entropy."""
    reduction = older_reduction(reduction, size_average, reduce)
    refuse_gradient("binary_cross_entropy", weight=weight)
    return call("binary_cross_entropy", input, target, weight, reduction=reduction)


def binary_cross_entropy_with_logits(
    input: Any, target: Any, weight: Any = None, size_average: bool | None = None,
    reduce: bool | None = None, reduction: str = "mean", pos_weight: Any = None,
) -> Any:  # fmt: skip
    """The same of scores; see torch.nn.functional.binary_cross_entropy_with_logits."""
    reduction = older_reduction(reduction, size_average, reduce)
    name = "binary_cross_entropy_with_logits"
    refuse_gradient(name, weight=weight, pos_weight=pos_weight)
    return call(name, input, target, weight, pos_weight, reduction=reduction)


def cross_entropy(
    input: Any, target: Any, weight: Any = None, size_average: bool | None = None,
    ignore_index: int = -100, reduce: bool | None = None, reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Any:  # fmt: skip
    """How surprised a softmax of scores is; see torch.nn.functional.cross_entropy.

    The weights of classes take a gradient where targets are probabilities, and only there.
    """
    reduction = older_reduction(reduction, size_average, reduce)
    if getattr(weight, "requires_grad", False) and is_grad_enabled():
        if target.array.shape != input.array.shape:
            refuse_gradient("nll_loss_forward", weight=weight)
        return _learned_weights(input, target, weight, reduction, label_smoothing)
    return call(
        "cross_entropy", input, target, weight, ignore_index=ignore_index, reduction=reduction,
        label_smoothing=label_smoothing,
    )  # fmt: skip


def _learned_weights(input: Any, target: Any, weight: Any, reduction: str, smoothing: float) -> Any:
    """Cross entropy against probabilities in operations that let a gradient reach the weights."""
    shape = input.array.shape
    dim = class_dim(shape)
    counts = call("reshape", weight, tuple(-1 if i == dim else 1 for i in range(len(shape))))
    wanted = target * (1 - smoothing) + smoothing / shape[dim] if smoothing else target
    losses = -(call("log_softmax", input, dim) * wanted * counts).sum(dim)
    if reduction == "mean":
        return losses.sum() / (input.array.size / shape[dim])
    return reduced(losses, reduction)


def nll_loss(
    input: Any, target: Any, weight: Any = None, size_average: bool | None = None,
    ignore_index: int = -100, reduce: bool | None = None, reduction: str = "mean",
) -> Any:  # fmt: skip
    """The negative log-likelihood; see torch.nn.functional.nll_loss."""
    reduction = older_reduction(reduction, size_average, reduce)
    refuse_gradient("nll_loss_forward", weight=weight)
    return call("nll_loss", input, target, weight, ignore_index=ignore_index, reduction=reduction)
