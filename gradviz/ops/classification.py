"""Losses over classes: cross entropy and negative log-likelihood.

Both are a weighted sum of log-probabilities. The weights (which class is the target, how much
its class counts, what label smoothing spreads to the others, what is ignored, what a mean
divides by) are one operation, ``target_weights``, so that a loss and its gradients cannot
disagree about them.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from gradviz.ops.activations import FUNCTIONAL
from gradviz.ops.dtypes import int64, of_numpy, uint8
from gradviz.ops.dual import dual
from gradviz.ops.losses import REDUCTION, check_reduction
from gradviz.ops.reductions import EXACT, spread, sum
from gradviz.ops.softmax import log_softmax, softmax
from gradviz.ops.spec import Array, Attr, Op, Port, Saving, Shape, example

_LOGITS = [[1.5, -0.5, 0.25], [0.1, 2.0, -1.0]]
IGNORE_INDEX = Attr(
    name="ignore_index", kind="int", default=-100, keyword_only=True,
    doc="Targets of this class are left out.",
)  # fmt: skip
LABEL_SMOOTHING = Attr(
    name="label_smoothing", kind="number", default=0.0, keyword_only=True, low=0, high=1,
    doc="Which part of the target is spread evenly over all classes.",
)  # fmt: skip
_spread = dual(spread)


def class_dim(shape: Shape) -> int:
    """The dimension of classes: the second, or the only one."""
    return 1 if len(shape) > 1 else 0


def over_classes(g: Any, shape: Shape, reduction: str) -> Any:
    """A gradient of single losses for each class of them; that of a whole as it is."""
    return _spread(g, shape, class_dim(shape), False) if reduction == "none" else g


def one_class_each(
    shape: Shape, target: Any, weight: Any, ignore_index: int, label_smoothing: float
) -> bool:
    """Whether rows of such scores have a class each, and all of them count the same."""
    wanted = np.asarray(target)
    alike = weight is None and not label_smoothing and wanted.dtype == np.int64
    rows = len(shape) < 3 and wanted.ndim == len(shape) - 1 and bool(wanted.size)
    return alike and rows and bool((wanted != ignore_index).all())


def _check_classes(shape: Shape, target: Array) -> None:
    """Raise PyTorch's errors where class indices do not fit predictions of this shape."""
    if not shape:
        raise ValueError("Expected 1 or more dimensions (got 0)")
    if len(shape) <= 2 and target.ndim > 1:
        raise RuntimeError("0D or 1D target tensor expected, multi-target not supported")
    if len(shape) > 1 and (not target.ndim or shape[0] != target.shape[0]):
        size = target.shape[0] if target.ndim else 0
        raise ValueError(
            f"Expected input batch_size ({shape[0]}) to match target batch_size ({size})."
        )
    expected = (shape[0], *shape[2:]) if len(shape) > 1 else ()
    if target.shape != expected and (len(shape) > 1 or target.size != 1):
        raise RuntimeError(f"Expected target size {list(expected)}, got {list(target.shape)}")
    if of_numpy(target.dtype) not in (int64, uint8):
        raise RuntimeError(
            "expected target dtype to be Long or Byte, but got "
            f"{of_numpy(target.dtype).legacy_name}"
        )


def _class_weights(weight: Array | None, shape: Shape, kind: Any) -> Array:
    """How much each class counts, in as many dimensions as the predictions have."""
    classes = shape[class_dim(shape)]
    given = np.ones(classes, kind) if weight is None else np.asarray(weight)
    if given.shape != (classes,):
        raise RuntimeError(
            f"weight tensor should be defined either for all {classes} classes or no classes but "
            f"got weight tensor of shape: {list(given.shape)}"
        )
    dim = class_dim(shape)
    return given.astype(kind).reshape([-1 if i == dim else 1 for i in range(len(shape))])


def _index_weights(
    shape: Shape, kind: Any, target: Array, counts: Array, ignored: int, smoothing: float
) -> tuple[Array, Array]:
    """The weights for targets that are class indices, and what a mean divides them by."""
    _check_classes(shape, target)
    dim = class_dim(shape)
    target = target.reshape((*shape[:dim], *shape[dim + 1 :]))
    valid = target != ignored
    wrong = target[valid & ((target < 0) | (target >= shape[dim]))]
    if wrong.size:
        raise IndexError(f"Target {wrong.reshape(-1)[0]} is out of bounds.")
    chosen = np.expand_dims(np.where(valid, target, 0).astype(np.int64), dim)
    valid = np.expand_dims(valid, dim)
    own = np.take_along_axis(np.broadcast_to(counts, shape), chosen, dim) * valid
    weights = np.broadcast_to(counts * valid * (smoothing / shape[dim]), shape).astype(kind)
    before = np.take_along_axis(weights, chosen, dim)
    np.put_along_axis(weights, chosen, before + (1 - smoothing) * own, dim)
    return weights, np.add.reduce(own, axis=None)


def _weights_and_total(
    input: Array, target: Array, weight: Array | None, ignore_index: int, label_smoothing: float
) -> tuple[Array, Any]:
    """How much each log-probability counts, and what a mean divides by."""
    shape, kind = input.shape, input.dtype
    counts = _class_weights(weight, shape, kind) if shape else np.ones((), kind)
    if shape != target.shape or target.dtype.kind != "f":
        return _index_weights(shape, kind, target, counts, ignore_index, label_smoothing)
    classes = shape[class_dim(shape)]
    weights = ((1 - label_smoothing) * target + label_smoothing / max(classes, 1)) * counts
    return weights, kind.type(input.size / max(classes, 1))


def _target_weights(
    input: Array, target: Array, weight: Array | None, ignore_index: int, label_smoothing: float,
    reduction: str,
) -> Array:  # fmt: skip
    weights, total = _weights_and_total(
        np.asarray(input), np.asarray(target), weight, ignore_index, label_smoothing
    )
    if reduction != "mean":
        return weights
    # What does not count pulls at nothing, even where nothing counts and the mean is nan.
    return np.where(weights == 0, weights, weights / total)


_PORTS = (
    Port(name="target", doc="The class of each, or the probabilities of all classes.",
         promote=False),
    Port(name="weight", doc="How much each class counts.", optional=True, promote=False),
)  # fmt: skip

target_weights = Op(
    name="target_weights", family="Gradients", category="loss", symbol="w",
    doc="How much the log-probability of each class counts in a loss.",
    ports=(
        Port(name="input", grad="zeros_like(g)"),
        Port(
            name="target", promote=False,
            grad="g * (1 - label_smoothing) * target_weights(input, ones_like(target), weight,"
            " ignore_index, 0.0, reduction)",
        ),
        _PORTS[1],
    ),
    attrs=(IGNORE_INDEX, LABEL_SMOOTHING, REDUCTION), forward=_target_weights,
    examples=(example(_LOGITS, [0, 2], None, label_smoothing=0.1),
              example(_LOGITS, [[0.2, 0.3, 0.5], [1.0, 0.0, 0.0]], [1.0, 0.5, 2.0])),
    promotion="none", method=False, function=False, addable=False,
)  # fmt: skip


def _weighed(logs: Array, weights: Array, total: Any, reduction: str) -> Array:
    """Minus the weighted log-probabilities; a weight of zero leaves even an infinite one out."""
    check_reduction(reduction)
    terms = np.where(weights == 0, 0, -logs * weights)
    axis = class_dim(logs.shape) if reduction == "none" else None
    loss = np.asarray(np.add.reduce(terms, axis=axis))
    return np.asarray(loss / total if reduction == "mean" else loss).astype(terms.dtype)


def _cross_entropy(
    input: Array, target: Array, weight: Array | None, ignore_index: int, label_smoothing: float,
    reduction: str,
) -> Array:  # fmt: skip
    return _cross_entropy_aside(
        input, target, weight, ignore_index, label_smoothing, reduction
    )[0]  # fmt: skip


def _cross_entropy_aside(
    input: Array, target: Array, weight: Array | None, ignore_index: int, label_smoothing: float,
    reduction: str,
) -> tuple[Array, Powers | None]:  # fmt: skip
    if not 0 <= label_smoothing <= 1:
        raise RuntimeError(f"label_smoothing must be between 0.0 and 1.0. Got: {label_smoothing}")
    scores, wanted = np.asarray(input), np.asarray(target)
    if weight is None and not label_smoothing and _is_simple(scores, wanted, ignore_index):
        return _surprise(scores, wanted, reduction)
    if scores.shape == wanted.shape:
        if wanted.dtype.kind != "f":
            raise RuntimeError(
                "Expected floating point type for target with class probabilities, got "
                f"{of_numpy(wanted.dtype).legacy_name}"
            )
        if ignore_index >= 0:
            raise RuntimeError("ignore_index is not supported for floating point target")
    weights, total = _weights_and_total(scores, wanted, weight, ignore_index, label_smoothing)
    logs = log_softmax.forward(scores, class_dim(scores.shape), None)
    return _weighed(logs, weights, total, reduction), None


SHORT = 64
"""Up to how many classes make short rows."""


def _is_simple(scores: Any, wanted: Any, ignored: int) -> bool:
    """Whether these are rows of scores with a class each, none of them left out or wrong."""
    if type(scores) is not np.ndarray or type(wanted) is not np.ndarray:
        return False
    if scores.ndim != 2 or wanted.dtype != np.int64 or wanted.shape != scores.shape[:1]:
        return False
    count = scores.shape[1]
    if scores.dtype not in EXACT or not wanted.size or 0 <= ignored < count:
        return False
    # Read without a sign, a negative class is larger than any.
    whole = wanted if wanted.flags.c_contiguous else wanted.copy()
    return bool(np.maximum.reduce(whole.view(np.uint64)) < count)


def _shifted(scores: Array) -> Array:
    """A row for each class: its scores less the largest of all, so that no exponential overflows.

    NumPy goes along short rows one by one, but takes long ones together.
    """
    by_class = scores.T
    if scores.shape[1] > SHORT:
        return np.subtract(by_class, np.maximum.reduce(by_class, axis=0))
    by_class = by_class.copy()
    return np.subtract(by_class, np.maximum.reduce(by_class, axis=0), out=by_class)


class Powers(NamedTuple):
    """What the cross entropy of rows with a class each comes from, and its gradient too.

    ``values``: e to each score, a row for each class, of which ``totals`` are the sums over the
    classes; ``places``: where in it the right classes are.
    """

    values: Array
    totals: Array
    places: tuple[Array, Array]


def _powers(scores: Array, wanted: Array) -> tuple[Powers, Array]:
    """The powers, and the scores of the right classes less the largest."""
    values, places = _shifted(scores), (wanted, np.arange(len(wanted)))
    own = values[places]
    np.exp(values, out=values)
    return Powers(values, np.add.reduce(values, axis=0), places), own


def _surprise(scores: Array, wanted: Array, reduction: str) -> tuple[Array, Powers]:
    """The cross entropy of rows with a class each."""
    check_reduction(reduction)
    powers, own = _powers(scores, wanted)
    losses = np.log(powers.totals) - own
    if reduction == "none":
        return losses, powers
    total = np.add.reduce(losses)
    if reduction == "mean":
        total /= losses.dtype.type(len(losses))
    return np.asarray(total), powers


def _scores_gradient(
    g: Any, input: Any, target: Any, weight: Any, ignore_index: int, label_smoothing: float,
    reduction: str, aside: Any,
) -> Any:  # fmt: skip
    simple = weight is None and not label_smoothing
    if aside is None and simple and _is_simple(input, target, ignore_index):
        aside = _powers(input, target)[0]
    if aside is not None:
        values, totals, places = aside
        weight_of_each = g / len(totals) if reduction == "mean" else g
        pull = values * (weight_of_each / totals)
        pull[places] -= weight_of_each
        return pull.T
    shape = tuple(input.shape)
    dim = class_dim(shape)
    share = _share(input, target, weight, ignore_index, label_smoothing, reduction)
    pull = dual(softmax)(input, dim) * dual(sum)(share, dim, True) - share
    return over_classes(g, shape, reduction) * pull


_share = dual(target_weights)
_SHARE = "target_weights(input, target, weight, ignore_index, label_smoothing, reduction)"
_ONE_EACH = "one_class_each(input_shape, target, weight, ignore_index, label_smoothing)"
_SOFTMAX = "softmax(input, class_dim(input_shape))"
_LESS_TARGET = f"({_SOFTMAX} - one_hot(target, input_shape[-1])) / terms(reduction, target)"
_LESS_WEIGHTS = f"{_SOFTMAX} * sum({_SHARE}, class_dim(input_shape), True) - {_SHARE}"
_ALL = _SHARE.replace("target,", "ones_like(target),").replace("label_smoothing", "0.0")

cross_entropy = Op(
    name="cross_entropy", family="Losses", category="loss", symbol="ce",
    doc="How surprised a softmax of scores is by the right classes: −log of their probability.",
    ports=(
        Port(
            name="input", doc="A score for each class.",
            grad="over_classes(g, input_shape, reduction) * "
            f"({_LESS_TARGET} if {_ONE_EACH} else {_LESS_WEIGHTS})", rule=_scores_gradient,
        ),
        Port(
            name="target", doc=_PORTS[0].doc, promote=False,
            grad="-over_classes(g, input_shape, reduction) * (1 - label_smoothing)"
            f" * log_softmax(input, class_dim(input_shape)) * {_ALL}",
        ),
        _PORTS[1],
    ),
    attrs=(IGNORE_INDEX, LABEL_SMOOTHING, REDUCTION), forward=_cross_entropy,
    torch=f"{FUNCTIONAL}cross_entropy", promotion="none", backward_name="NllLossBackward0",
    meaning={"input": "the pull is the softmax of {input} less the target: scores of wrong classes "
             "push the loss up by their probability, that of the right one holds it down",
             "target": "the target weighs the log-probabilities"},
    examples=(
        example(_LOGITS, [0, 2], None),
        example(_LOGITS, [0, 2], [1.0, 0.5, 2.0], label_smoothing=0.1),
        example(_LOGITS, [1, -100], None, reduction="sum"),
        example([1.0, 2.0, 0.5], np.array(1), None),
        example(_LOGITS, [[0.2, 0.3, 0.5], [0.8, 0.1, 0.1]], None, reduction="none"),
    ),
    search=("classification loss", "softmax loss", "log loss of classes"), function=False,
    method=False,
    saving=Saving(
        copies={"input": ("input",), "target": ("input", "target")}, aside=_cross_entropy_aside,
    ),
)  # fmt: skip


def _nll_loss(
    input: Array, target: Array, weight: Array | None, ignore_index: int, reduction: str
) -> Array:
    logs, wanted = np.asarray(input), np.asarray(target)
    _check_classes(logs.shape, wanted)
    return _weighed(logs, *_weights_and_total(logs, wanted, weight, ignore_index, 0.0), reduction)


nll_loss = Op(
    name="nll_loss", family="Losses", category="loss", symbol="nll",
    doc="The negative log-likelihood: minus the log-probabilities of the right classes.",
    ports=(
        Port(
            name="input", doc="A log-probability for each class.",
            grad="-over_classes(g, input_shape, reduction) * target_weights(input, target, weight,"
            " ignore_index, 0.0, reduction)",
        ),
        *_PORTS,
    ),
    attrs=(IGNORE_INDEX, REDUCTION), forward=_nll_loss, torch=f"{FUNCTIONAL}nll_loss",
    promotion="none",
    meaning={"input": "only the log-probability of the right class counts, with a minus"},
    examples=(
        example(_LOGITS, [0, 2], None),
        example(_LOGITS, [0, 2], [1.0, 0.5, 2.0], reduction="none"),
    ),
    search=("negative log-likelihood", "NLL loss"), function=False, method=False,
)  # fmt: skip
