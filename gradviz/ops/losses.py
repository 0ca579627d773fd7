"""Losses of values and probabilities against targets, element by element."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import Any

import numpy as np

from gradviz.ops.activations import FUNCTIONAL, check_floating
from gradviz.ops.dtypes import of_numpy, result_type_of
from gradviz.ops.reductions import mean, sum
from gradviz.ops.spec import Array, Attr, Op, Port, Saving, example

_INPUT = [[0.2, -1.5, 2.5], [0.9, 0.4, -0.3]]
_TARGET = [[1.0, -1.0, 0.5], [0.0, 1.75, -0.1]]
_PROBABILITIES = [[0.2, 0.7, 0.5], [0.9, 0.4, 0.3]]
_LABELS = [[0.0, 1.0, 1.0], [0.75, 0.0, 0.2]]
_WEIGHTS = [[1.0, 0.5, 2.0], [1.5, 1.0, 0.25]]
REDUCTION = Attr(
    name="reduction", kind="choice", default="mean", choices=("mean", "sum", "none"),
    keyword_only=True, doc="How the single losses become one: their mean, sum, or not at all.",
)  # fmt: skip


KERNELS = {"mse_loss": "mse_cpu", "smooth_l1_loss": "smooth_l1_cpu", "huber_loss": "huber_cpu"}


def reduce_loss(losses: Array, reduction: str) -> Array:
    """The mean or sum of single losses, or they themselves."""
    check_reduction(reduction)
    if reduction == "none":
        return losses
    return (mean if reduction == "mean" else sum).forward(losses, None, False, None)


def check_reduction(reduction: str) -> None:
    """Refuse any but the three ways to reduce."""
    if reduction not in REDUCTION.choices:
        raise ValueError(f"{reduction} is not a valid value for reduction")


def warn_of_broadcasting(input: Array, target: Array) -> None:
    """Warn as PyTorch does where prediction and target differ in shape."""
    mine, theirs = np.shape(input), np.shape(target)
    if mine != theirs:
        warnings.warn(
            f"Using a target size (torch.Size({list(theirs)})) that is different to the input "
            f"size (torch.Size({list(mine)})). This will likely lead to incorrect results due to "
            "broadcasting. Please ensure they have the same size.",
            UserWarning, stacklevel=2,
        )  # fmt: skip


def are_alike(input: Any, target: Any) -> bool:
    """Whether two arrays have one shape and one floating-point type."""
    if type(input) is not np.ndarray or type(target) is not np.ndarray:
        return False
    return input.dtype is target.dtype and input.dtype.kind == "f" and input.shape == target.shape


def _distance_loss(name: str, doc: str, losses: Any, slope: str, meaning: str, **more: Any) -> Op:
    """A loss of the difference of prediction and target, with the slope of one element's loss."""

    def forward(input: Array, target: Array, reduction: str, **settings: Any) -> Array:
        stretched: tuple[Array, ...] = (input, target)
        if are_alike(input, target):
            difference = np.subtract(input, target)
        else:
            warn_of_broadcasting(input, target)
            # PyTorch stretches both first, so that a single number's type counts like any other.
            stretched = np.broadcast_arrays(input, target)
            difference = np.subtract(*stretched, dtype=result_type_of(stretched).numpy)
        if name in KERNELS:
            check_floating(KERNELS[name], difference)
        single = losses(difference, **settings)
        if name == "huber_loss":
            single = single.astype(stretched[0].dtype, copy=False)
        return reduce_loss(single, reduction)

    attrs: tuple[Attr, ...] = more.pop("attrs", (REDUCTION,))
    return Op(
        name=name, family="Losses", category="loss", doc=doc, forward=forward,
        ports=(
            Port(name="input", doc="What was predicted.",
                 grad=f"g / terms(reduction, input, target) * ({slope})"),
            Port(name="target", doc="What it should be.",
                 grad=f"-g / terms(reduction, input, target) * ({slope})"),
        ),
        attrs=attrs, torch=FUNCTIONAL + name,
        meaning={"input": meaning, "target": "the target pulls the other way, just as much"},
        elementwise=True, function=False, method=False, promotion="none", **more,
    )  # fmt: skip


mse_loss = _distance_loss(
    "mse_loss", "The mean squared error: how far predictions lie from targets, squared.",
    np.square, "2 * (input - target)",
    "the loss grows with twice the distance between {input} and {target}",
    symbol="mse", search=("mean squared error", "L2 loss", "quadratic loss"),
    examples=(example(_INPUT, _TARGET), example(_INPUT, _TARGET, reduction="sum"),
              example(_INPUT, _TARGET, reduction="none")),
)  # fmt: skip

l1_loss = _distance_loss(
    "l1_loss", "The mean absolute error: how far predictions lie from targets.",
    np.abs, "sign(input - target)",
    "the loss grows one for one with the distance between {input} and {target}",
    symbol="mae", search=("mean absolute error", "MAE loss"),
    examples=(example(_INPUT, _TARGET), example(_INPUT, _TARGET, reduction="none")),
    saving=Saving(copies={"input": ("input", "target"), "target": ("input", "target")}),
)  # fmt: skip


def _smooth_l1(difference: Array, beta: float) -> Array:
    if beta < 0:
        raise RuntimeError("smooth_l1_loss does not support negative values for beta.")
    size = np.abs(difference)
    if beta == 0:
        return size
    return np.where(size < beta, 0.5 * np.square(size) / beta, size - 0.5 * beta)


smooth_l1_loss = _distance_loss(
    "smooth_l1_loss", "The absolute error, rounded off to a square where it is below beta.",
    _smooth_l1,
    "sign(input - target) if beta == 0 else where(abs(input - target) < beta,"
    " (input - target) / beta, sign(input - target))",
    "near the target the pull grows with the distance, further out it is one",
    symbol="sl1", search=("smooth absolute error",),
    attrs=(REDUCTION, Attr(name="beta", kind="number", default=1.0, keyword_only=True, low=0,
                           doc="Below which distance it is quadratic.")),
    examples=(example(_INPUT, _TARGET), example(_INPUT, _TARGET, beta=0.6, reduction="none")),
)  # fmt: skip


def _huber(difference: Array, delta: float) -> Array:
    if delta <= 0:
        raise RuntimeError("huber_loss does not support non-positive values for delta.")
    size = np.abs(difference)
    return np.where(size <= delta, 0.5 * np.square(size), delta * (size - 0.5 * delta))


huber_loss = _distance_loss(
    "huber_loss", "Half the squared error, straightened to a line where it is above delta.",
    _huber,
    "where(abs(input - target) < delta, input - target, delta * sign(input - target))",
    "near the target the pull grows with the distance, further out it stays at delta",
    symbol="huber", search=("robust loss",),
    attrs=(replace(REDUCTION, keyword_only=False),
           Attr(name="delta", kind="number", default=1.0, low=0,
                doc="Above which distance it is a line.")),
    examples=(example(_INPUT, _TARGET), example(_INPUT, _TARGET, delta=0.6, reduction="none")),
)  # fmt: skip


def _check_same_size(input: Array, target: Array) -> None:
    mine, theirs = np.shape(input), np.shape(target)
    if mine != theirs:
        raise ValueError(
            f"Using a target size (torch.Size({list(theirs)})) that is different to the input "
            f"size (torch.Size({list(mine)})) is deprecated. Please ensure they have the same size."
        )


def _check_same_type(input: Array, target: Array) -> None:
    mine, theirs = (of_numpy(np.asarray(v).dtype) for v in (input, target))
    if mine is not theirs:
        raise RuntimeError(f"Found dtype {theirs.legacy_name} but expected {mine.legacy_name}")


def _binary_cross_entropy(
    input: Array, target: Array, weight: Array | None, reduction: str
) -> Array:
    _check_same_size(input, target)
    _check_same_type(input, target)
    p = np.asarray(input)
    if not np.all((p >= 0) & (p <= 1) | np.isnan(p)):
        raise RuntimeError("all elements of input should be between 0 and 1")
    losses = (np.asarray(target) - 1) * np.maximum(np.log1p(-p), -100)
    losses = losses - target * np.maximum(np.log(p), -100)
    return reduce_loss(losses if weight is None else losses * weight, reduction)


_WEIGHTED = "g / terms(reduction, input, target) * (1.0 if weight is None else weight)"
WEIGHT = Port(name="weight", doc="How much each element counts.", optional=True)

binary_cross_entropy = Op(
    name="binary_cross_entropy", family="Losses", category="loss", symbol="bce",
    doc="How surprised probabilities are by targets between 0 and 1: −log of what was given them.",
    ports=(
        Port(name="input", doc="Probabilities.",
             grad=_WEIGHTED + " * ((input - target) / clamp(input * (1 - input), 1e-12))"),
        Port(name="target", doc="Between 0 and 1.",
             grad=_WEIGHTED + " * (clamp(log1p(-input), -100) - clamp(log(input), -100))"),
        WEIGHT,
    ),
    attrs=(REDUCTION,), forward=_binary_cross_entropy, torch=f"{FUNCTIONAL}binary_cross_entropy",
    promotion="none",
    meaning={"input": "the pull is the error {input} − {target}, the stronger the surer {input} is",
             "target": "the target pulls by the difference of the two logarithms"},
    examples=(example(_PROBABILITIES, _LABELS, None),
              example(_PROBABILITIES, _LABELS, _WEIGHTS, reduction="none")),
    search=("BCE loss", "log loss"), function=False, method=False,
)  # fmt: skip


def _with_logits(
    input: Array, target: Array, weight: Array | None, pos_weight: Array | None, reduction: str
) -> Array:
    mine, theirs = np.shape(input), np.shape(target)
    if mine != theirs:
        raise ValueError(
            f"Target size (torch.Size({list(theirs)})) must be the same as input size "
            f"(torch.Size({list(mine)}))"
        )
    x, t = np.asarray(input), np.asarray(target)
    if t.dtype.kind != "f":
        raise RuntimeError(
            f"result type {of_numpy(x.dtype).legacy_name} can't be cast to the desired output "
            f"type {of_numpy(t.dtype).legacy_name}"
        )
    ones = 1 if pos_weight is None else 1 + (np.asarray(pos_weight) - 1) * t
    losses = (1 - t) * x + ones * np.logaddexp(np.zeros((), x.dtype), -x)
    losses = losses if weight is None else losses * weight
    return reduce_loss(np.asarray(losses, t.dtype), reduction)


binary_cross_entropy_with_logits = Op(
    name="binary_cross_entropy_with_logits", family="Losses", category="loss", symbol="bce σ",
    doc="Binary cross entropy of the sigmoid of scores, computed without overflow.",
    ports=(
        Port(name="input", doc="Scores before the sigmoid.",
             grad=_WEIGHTED + " * (sigmoid(input) - target if pos_weight is None else"
             " 1 - target - (1 + (pos_weight - 1) * target) * sigmoid(-input))"),
        Port(name="target", doc="Between 0 and 1.",
             grad=_WEIGHTED + " * (-input if pos_weight is None else"
             " (pos_weight - 1) * -log(sigmoid(input)) - input)"),
        WEIGHT,
        Port(name="pos_weight", doc="How much a target of one counts.", optional=True),
    ),
    attrs=(REDUCTION,), forward=_with_logits,
    torch=f"{FUNCTIONAL}binary_cross_entropy_with_logits", promotion="none",
    meaning={"input": "the pull is the error itself: the sigmoid of {input} less {target}",
             "target": "the target pulls by the score, turned over"},
    examples=(example(_INPUT, _LABELS, None, None),
              example(_INPUT, _LABELS, None, [0.5, 2.0, 1.0]),
              example(_INPUT, _LABELS, _WEIGHTS, None, reduction="none")),
    search=("BCE with logits", "logistic loss"), function=False, method=False,
)  # fmt: skip
