"""Connectionist temporal classification: a loss over all ways to align labels with time.

Graves et al. 2006. Labels with a blank around each are walked through from left to right, a step
a unit of time; ``alpha`` and ``beta`` hold the logarithms of the probability of all walks that
come to a place, and of all that go on from it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from gradviz.ops.activations import FUNCTIONAL
from gradviz.ops.dims import whole_numbers
from gradviz.ops.dtypes import of_numpy
from gradviz.ops.losses import REDUCTION, check_reduction
from gradviz.ops.spec import Array, Attr, Op, Port, Saving, example

_LOGS = np.log([
    [[0.5, 0.3, 0.2], [0.2, 0.2, 0.6]], [[0.1, 0.6, 0.3], [0.5, 0.25, 0.25]],
    [[0.4, 0.2, 0.4], [0.3, 0.4, 0.3]], [[0.25, 0.25, 0.5], [0.6, 0.3, 0.1]],
])  # fmt: skip


class Alignment(NamedTuple):
    """Everything of a batch that the recursions need; lengths are one a sample."""

    logs: Array
    """``(T, N, C)``"""
    labels: Array
    """``(N, 2 S + 1)``: the targets with blanks around them."""
    steps: Array
    places: Array
    """How many of the labels, with the blanks, a sample has."""


def _check_lengths(name: str, lengths: Array, count: int) -> None:
    if lengths.dtype.kind not in "iu":
        raise RuntimeError(f"{name} must be integral")
    if lengths.size != count:
        raise RuntimeError(f"{name} must be of size batch_size")


def _refuse(text: str) -> None:
    raise RuntimeError(f"{text} (while checking arguments for ctc_loss_allocate_outputs)")


def _check(logs: Array, targets: Array, steps: Array, sizes: Array, blank: int) -> None:
    if logs.dtype.kind != "f" or logs.dtype == np.float16:
        name = of_numpy(logs.dtype).legacy_name
        raise NotImplementedError(f"\"ctc_loss_cpu\" not implemented for '{name}'")
    if not logs.size:
        raise RuntimeError("log_probs tensor must not be empty")
    if not 0 <= blank < logs.shape[-1]:
        raise RuntimeError("blank must be in label range")
    for name, lengths in (("input_lengths", steps), ("target_lengths", sizes)):
        if lengths.min(initial=0) < 0:
            _refuse(f"Expected {name} to have value at least 0, but got value {lengths.min()}")
    if steps.max() > len(logs):
        _refuse(f"Expected input_lengths to have value at most {len(logs)}, but got value "
                f"{steps.max()}")  # fmt: skip
    end = "argument #2 'targets'"
    if targets.ndim == 1 and targets.size != sizes.sum():
        _refuse(f"Expected tensor to have size {sizes.sum()} at dimension 0, but got size "
                f"{targets.size} for {end}")  # fmt: skip
    if targets.ndim == 2 and len(targets) != len(sizes):
        _refuse(f"Expected tensor to have size {len(sizes)} at dimension 0, but got size "
                f"{len(targets)} for {end}")  # fmt: skip
    if targets.ndim == 2 and targets.shape[1] < sizes.max():
        _refuse(f"Expected tensor to have size at least {sizes.max()} at dimension 1, but got "
                f"size {targets.shape[1]} for {end}")  # fmt: skip


def _alignment(
    log_probs: Array, targets: Array, input_lengths: Array, target_lengths: Array, blank: int
) -> Alignment:
    logs, wanted = np.asarray(log_probs), np.asarray(targets)
    steps, sizes = np.asarray(input_lengths), np.asarray(target_lengths)
    if logs.ndim == 2:
        logs = logs[:, None]
        steps, sizes = steps.reshape(-1), sizes.reshape(-1)
    if logs.ndim != 3:
        _refuse(f"Expected 3-dimensional tensor, but got {logs.ndim + 1}-dimensional tensor for "
                "argument #1 'log_probs'")  # fmt: skip
    count = logs.shape[1]
    _check_lengths("input_lengths", steps, count)
    _check_lengths("target_lengths", sizes, count)
    _check(logs, wanted, steps, sizes, blank)
    labels = np.full((count, 2 * int(sizes.max(initial=0)) + 1), blank, np.int64)
    starts = np.concatenate([[0], np.cumsum(sizes)])
    for row, size in enumerate(sizes):
        own = wanted[row] if wanted.ndim == 2 else wanted[starts[row] :]
        labels[row, 1 : 2 * size : 2] = own[:size]
    if labels.min() < 0 or labels.max() >= logs.shape[2]:
        raise RuntimeError(
            f"targets must be classes from 0 to {logs.shape[2] - 1}, but got "
            f"{labels.min() if labels.min() < 0 else labels.max()}"
        )
    return Alignment(logs, labels, steps, 2 * sizes + 1)


def _shifted(row: Array, by: int) -> Array:
    """Each row moved to the right, with nothing moved in."""
    result = np.full_like(row, -np.inf)
    result[:, by:] = row[:, :-by]
    return result


def _summed(*logs: Array) -> Array:
    """The logarithm of a sum, of which the logarithms are given; −∞ where there is nothing."""
    largest: Array = np.maximum.reduce(logs)
    finite = np.where(largest == -np.inf, 0, largest)
    return np.log(np.add.reduce([np.exp(x - finite) for x in logs])) + finite


def _skips(labels: Array) -> Array:
    """0 where a walk may come from two places before, −∞ where it may not."""
    apart: Array = np.full(labels.shape, False)
    apart[:, 2:] = (labels[:, 2:] != labels[:, :-2]) & (whole_numbers(2, labels.shape[1]) % 2 == 1)
    return np.where(np.asarray(apart), 0.0, -np.inf)


def _alpha(a: Alignment) -> Array:
    """``(T, N, 2 S + 1)``: the probability of coming to a place at a time, as a logarithm."""
    emitted = np.take_along_axis(a.logs, a.labels[None], 2)
    alpha = np.full(emitted.shape, -np.inf, a.logs.dtype)
    alpha[0, :, :2] = emitted[0, :, :2]
    skips = _skips(a.labels).astype(a.logs.dtype)
    for t in range(1, len(emitted)):
        before = alpha[t - 1]
        two = _shifted(before, 2) + skips if before.shape[1] > 2 else before * 0 - np.inf
        one = _shifted(before, 1) if before.shape[1] > 1 else two
        alpha[t] = _summed(before, one, two) + emitted[t]
    return alpha


def _losses(a: Alignment, alpha: Array) -> Array:
    """Minus the logarithm of the probability of each sample's labels."""
    rows = whole_numbers(len(a.steps))
    last = alpha[np.maximum(a.steps, 1) - 1, rows]
    blank_end = last[rows, a.places - 1]
    label_end = np.where(a.places > 1, last[rows, np.maximum(a.places - 2, 0)], -np.inf)
    found = -_summed(blank_end, label_end)
    nothing = np.where(a.places == 1, 0.0, np.inf)
    return np.where(a.steps == 0, nothing, found).astype(alpha.dtype)


def _ctc_loss(
    log_probs: Array, targets: Array, input_lengths: Array, target_lengths: Array, blank: int,
    zero_infinity: bool, reduction: str,
) -> Array:  # fmt: skip
    check_reduction(reduction)
    a = _alignment(log_probs, targets, input_lengths, target_lengths, blank)
    with np.errstate(all="ignore"):
        losses = _losses(a, _alpha(a))
    losses = np.where(np.isinf(losses), 0, losses) if zero_infinity else losses
    kind = a.logs.dtype
    if reduction == "mean":
        return (losses / np.maximum(a.places // 2, 1).astype(kind)).mean().astype(kind)
    losses = losses[0] if np.ndim(log_probs) == 2 else losses
    return np.asarray(losses.sum() if reduction == "sum" else losses).astype(kind)


def _reversed(rows: Array, count: Array) -> Array:
    """For each sample its first ``count`` entries backwards, then the others as they were."""
    numbers = whole_numbers(rows.shape[1])[None]
    order = np.where(numbers < count, count - 1 - numbers, numbers)
    return np.take_along_axis(rows, order, 1)


def _beta(a: Alignment) -> Array:
    """As :func:`_alpha` from the other end: time and labels turned around, and turned back."""
    times = whole_numbers(len(a.logs))[:, None]
    turn = np.where(times < a.steps, a.steps - 1 - times, times)
    rows = whole_numbers(len(a.steps))
    labels = _reversed(a.labels, a.places[:, None])
    turned = Alignment(a.logs[turn, rows], labels, a.steps, a.places)
    beta = _alpha(turned)[turn, rows]
    places = whole_numbers(a.labels.shape[1])[None]
    back = np.where(places < a.places[:, None], a.places[:, None] - 1 - places, places)
    return np.take_along_axis(beta, np.broadcast_to(back, beta.shape), 2)


def _ctc_loss_backward(
    input: Array, log_probs: Array, targets: Array, input_lengths: Array, target_lengths: Array,
    blank: int, zero_infinity: bool, reduction: str,
) -> Array:  # fmt: skip
    a = _alignment(log_probs, targets, input_lengths, target_lengths, blank)
    with np.errstate(all="ignore"):
        alpha = _alpha(a)
        losses = _losses(a, alpha)
        walks = alpha + _beta(a)
        inside = whole_numbers(a.labels.shape[1]) < a.places[:, None]
        walks = np.where(inside, walks, -np.inf)
        by_class = np.full(a.logs.shape, -np.inf, a.logs.dtype)
        where = np.broadcast_to(a.labels, walks.shape)
        times, rows = np.ogrid[: len(walks), : walks.shape[1]]
        np.logaddexp.at(by_class, (times[..., None], rows[..., None], where), walks)
        slopes = np.exp(a.logs) - np.exp(by_class + losses[:, None] - a.logs)
    live = whole_numbers(len(a.logs))[:, None] < a.steps
    live = live & ~np.isinf(losses) if zero_infinity else live
    share = np.broadcast_to(np.asarray(input), losses.shape)
    if reduction == "mean":
        share = share / (np.maximum(a.places // 2, 1) * len(losses))
    result = np.where(live[..., None], slopes * share[:, None], 0)
    return result.reshape(np.shape(log_probs)).astype(a.logs.dtype)


def _no_second_gradient() -> Any:
    raise RuntimeError("derivative for aten::_ctc_loss_backward is not implemented")


_PORTS = (
    Port(name="targets", doc="The classes of each sample, in order.", promote=False),
    Port(name="input_lengths", doc="How much time of each sample counts.", promote=False),
    Port(name="target_lengths", doc="How many targets each sample has.", promote=False),
)  # fmt: skip
_ATTRS = (
    Attr(name="blank", kind="int", default=0, low=0, doc="The class that stands for no label."),
    Attr(name="zero_infinity", kind="bool", default=False,
         doc="Count samples whose labels cannot fit as 0, without a gradient."),
    REDUCTION,
)  # fmt: skip
_CASE = (_LOGS, [[1, 2], [2, 0]], [4, 3], [2, 1])

ctc_loss = Op(
    name="ctc_loss", family="Losses", category="loss", symbol="ctc",
    doc="How surprised probabilities over time are by a row of labels, however these are spread.",
    ports=(
        Port(
            name="log_probs", doc="Logarithms of probabilities: (T, N, C) or (T, C).",
            grad="ctc_loss_backward(g, log_probs, targets, input_lengths, target_lengths, blank,"
            " zero_infinity, reduction)",
        ),
        *_PORTS,
    ),
    attrs=_ATTRS, forward=_ctc_loss, torch=f"{FUNCTIONAL}ctc_loss", promotion="none",
    meaning={"log_probs": "the pull is the probability of each class less the share of all "
             "alignments that pass through it"},
    examples=(example(*_CASE), example(*_CASE, reduction="none"),
              example(_LOGS[:, 0], [2, 1], [4], [2], reduction="sum")),
    search=("connectionist temporal classification", "speech loss", "alignment loss"),
    function=False, method=False,
    saving=Saving(copies={"log_probs": ("input_lengths", "target_lengths")}),
)  # fmt: skip

_PULL = (
    "sum(g * ctc_loss_backward(ones_like(input), log_probs, targets, input_lengths,"
    " target_lengths, blank, zero_infinity, reduction),"
    " tuple(d for d in range(len(log_probs_shape)) if not (len(input_shape) and d == 1)))"
)

ctc_loss_backward = Op(
    name="ctc_loss_backward", family="Gradients", category="loss", symbol="ctc′",
    doc="What each log-probability gets of the gradient of a loss over alignments.",
    ports=(
        Port(name="input", grad=_PULL),
        Port(name="log_probs", grad="not_implemented()", rule=_no_second_gradient),
        *_PORTS,
    ),
    attrs=(*_ATTRS[:2], replace(REDUCTION, keyword_only=False)),
    forward=_ctc_loss_backward, promotion="none",
    examples=(example(np.array(1.0), *_CASE, blank=0, zero_infinity=False, reduction="mean"),),
    method=False, function=False, addable=False, backward_name="CtcLossBackwardBackward0",
)  # fmt: skip
