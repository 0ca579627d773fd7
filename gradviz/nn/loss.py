"""Losses as layers."""

from __future__ import annotations

from typing import Any

from gradviz.nn import functional
from gradviz.nn.composed.reducing import older_reduction
from gradviz.nn.module import Module
from gradviz.nn.registration import held_value
from gradviz.nn.shaping import PairwiseDistance
from gradviz.tensor import Tensor

__all__ = [
    "BCELoss", "BCEWithLogitsLoss", "CTCLoss", "CosineEmbeddingLoss", "CrossEntropyLoss",
    "GaussianNLLLoss", "HingeEmbeddingLoss", "HuberLoss", "KLDivLoss", "L1Loss", "MSELoss",
    "MarginRankingLoss", "MultiLabelMarginLoss", "MultiLabelSoftMarginLoss", "MultiMarginLoss",
    "NLLLoss", "PoissonNLLLoss", "SmoothL1Loss", "SoftMarginLoss", "TripletMarginLoss",
    "TripletMarginWithDistanceLoss",
]  # fmt: skip


class Loss(Module):
    """What all losses share: a function, its settings, and how single losses become one."""

    function = ""
    settings: tuple[tuple[str, Any], ...] = ()
    kept: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__()
        named = dict(zip([name for name, _ in self.settings], args, strict=False))
        if len(args) > len(self.settings):
            raise TypeError(
                f"{type(self).__name__}.__init__() takes at most {len(self.settings) + 1} "
                f"positional arguments but {len(args) + 1} were given"
            )
        given = {**dict(self.settings), **named, **kwargs}
        unknown = next((n for n in given if n not in dict(self.settings)), None)
        if unknown is not None:
            raise TypeError(
                f"{type(self).__name__}.__init__() got an unexpected keyword argument '{unknown}'"
            )
        self.reduction = given["reduction"] = reduction_of(given)
        for name, value in given.items():
            if name in self.kept:
                self.register_buffer(name, value)
            elif name not in ("size_average", "reduce"):
                setattr(self, name, value)

    def forward(self, *inputs: Tensor) -> Tensor:
        """The loss of predictions against targets."""
        names = [n for n, _ in self.settings if n not in ("size_average", "reduce")]
        given = {name: getattr(self, name) for name in names}
        return getattr(functional, self.function)(*inputs, **given)


def reduction_of(given: dict[str, Any]) -> str:
    """The way to reduce, also by PyTorch's two deprecated switches."""
    return older_reduction(given["reduction"], given.get("size_average"), given.get("reduce"))


_OLD: tuple[tuple[str, Any], ...] = (("size_average", None), ("reduce", None))
_REDUCTION: tuple[tuple[str, Any], ...] = (("reduction", "mean"),)


def loss(
    name: str, function: str, *before: tuple[str, Any], after: tuple[tuple[str, Any], ...] = (),
    kept: tuple[str, ...] = (), old: bool = True,
) -> Any:  # fmt: skip
    """The class of a loss; ``before`` and ``after``: its settings around the way to reduce."""
    settings = (*before, *(_OLD if old else ()), *_REDUCTION, *after)
    about = f"``nn.functional.{function}`` as a layer; see PyTorch's torch.nn.{name}."
    body = {"function": function, "settings": settings, "kept": kept, "__doc__": about,
            "__module__": "gradviz.nn"}  # fmt: skip
    return type(name, (Loss,), body)


_MARGIN_0, _MARGIN_1 = ("margin", 0.0), ("margin", 1.0)
_WEIGHT = ("weight", None)

MSELoss = loss("MSELoss", "mse_loss")
L1Loss = loss("L1Loss", "l1_loss")
SmoothL1Loss = loss("SmoothL1Loss", "smooth_l1_loss", after=(("beta", 1.0),))
KLDivLoss = loss("KLDivLoss", "kl_div", after=(("log_target", False),))
SoftMarginLoss = loss("SoftMarginLoss", "soft_margin_loss")
MultiLabelMarginLoss = loss("MultiLabelMarginLoss", "multilabel_margin_loss")
HingeEmbeddingLoss = loss("HingeEmbeddingLoss", "hinge_embedding_loss", _MARGIN_1)
CosineEmbeddingLoss = loss("CosineEmbeddingLoss", "cosine_embedding_loss", _MARGIN_0)
MarginRankingLoss = loss("MarginRankingLoss", "margin_ranking_loss", _MARGIN_0)
MultiMarginLoss = loss(
    "MultiMarginLoss", "multi_margin_loss", ("p", 1), _MARGIN_1, _WEIGHT, kept=("weight",)
)
MultiLabelSoftMarginLoss = loss(
    "MultiLabelSoftMarginLoss", "multilabel_soft_margin_loss", _WEIGHT, kept=("weight",)
)
TripletMarginLoss = loss(
    "TripletMarginLoss", "triplet_margin_loss", _MARGIN_1, ("p", 2.0), ("eps", 1e-6),
    ("swap", False),
)  # fmt: skip
BCELoss = loss("BCELoss", "binary_cross_entropy", _WEIGHT, kept=("weight",))


class HuberLoss(Module):
    """Half the squared error, a line where it is above ``delta``."""

    def __init__(self, reduction: str = "mean", delta: float = 1.0) -> None:
        super().__init__()
        self.reduction, self.delta = reduction, delta

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """The loss of predictions against targets."""
        return functional.huber_loss(input, target, reduction=self.reduction, delta=self.delta)


class CTCLoss(Module):
    """How surprised probabilities over time are by labels, however these are spread."""

    def __init__(
        self, blank: int = 0, reduction: str = "mean", zero_infinity: bool = False
    ) -> None:
        super().__init__()
        self.blank, self.reduction, self.zero_infinity = blank, reduction, zero_infinity

    def forward(
        self, log_probs: Tensor, targets: Tensor, input_lengths: Any, target_lengths: Any
    ) -> Tensor:
        """The loss of log-probabilities ``(T, N, C)`` against rows of labels."""
        return functional.ctc_loss(
            log_probs, targets, input_lengths, target_lengths, self.blank, self.reduction,
            self.zero_infinity,
        )  # fmt: skip


class PoissonNLLLoss(Module):
    """How surprised a Poisson distribution is by counts."""

    def __init__(
        self, log_input: bool = True, full: bool = False, size_average: bool | None = None,
        eps: float = 1e-8, reduce: bool | None = None, reduction: str = "mean",
    ) -> None:  # fmt: skip
        super().__init__()
        given = {"size_average": size_average, "reduce": reduce, "reduction": reduction}
        self.log_input, self.full, self.eps = log_input, full, eps
        self.reduction = reduction_of(given)

    def forward(self, log_input: Tensor, target: Tensor) -> Tensor:
        """The loss of rates (or their logarithms) against counts."""
        return functional.poisson_nll_loss(
            log_input, target, log_input=self.log_input, full=self.full, eps=self.eps,
            reduction=self.reduction,
        )  # fmt: skip


class GaussianNLLLoss(Module):
    """How surprised bell curves of given mean and variance are by targets."""

    def __init__(self, *, full: bool = False, eps: float = 1e-6, reduction: str = "mean") -> None:
        super().__init__()
        self.full, self.eps, self.reduction = full, eps, reduction

    def forward(self, input: Tensor, target: Tensor, var: Tensor | float) -> Tensor:
        """The loss of means and variances against targets."""
        return functional.gaussian_nll_loss(
            input, target, var, full=self.full, eps=self.eps, reduction=self.reduction
        )


class TripletMarginWithDistanceLoss(Module):
    """How far an anchor is from a margin nearer to its match than to another, by any distance."""

    def __init__(
        self, *, distance_function: Any = None, margin: float = 1.0, swap: bool = False,
        reduction: str = "mean",
    ) -> None:  # fmt: skip
        super().__init__()
        if margin <= 0:
            raise ValueError(f"TripletMarginWithDistanceLoss: expected margin to be greater than "
                             f"0, got {margin} instead")  # fmt: skip
        self.distance_function = (
            PairwiseDistance() if distance_function is None else distance_function
        )
        self.margin, self.swap, self.reduction = margin, swap, reduction

    def forward(self, anchor: Tensor, positive: Tensor, negative: Tensor) -> Tensor:
        """The loss of anchors, their matches and others."""
        return functional.triplet_margin_with_distance_loss(
            anchor, positive, negative, distance_function=self.distance_function,
            margin=self.margin, swap=self.swap, reduction=self.reduction,
        )  # fmt: skip


class WeighedLoss(Module):
    """Losses of classes and labels with weights that are part of the state."""

    weight: Tensor | None

    def __init__(self, weight: Tensor | None, reduction: str) -> None:
        super().__init__()
        self.register_buffer("weight", weight)
        self.reduction = reduction


class CrossEntropyLoss(WeighedLoss):
    """Minus the log-probability that a softmax of scores gives to the right classes."""

    def __init__(
        self, weight: Tensor | None = None, size_average: bool | None = None,
        ignore_index: int = -100, reduce: bool | None = None, reduction: str = "mean",
        label_smoothing: float = 0.0,
    ) -> None:  # fmt: skip
        given = {"size_average": size_average, "reduce": reduce, "reduction": reduction}
        super().__init__(weight, reduction_of(given))
        self.ignore_index, self.label_smoothing = ignore_index, label_smoothing

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """The loss of scores against classes, or against their probabilities."""
        return functional.cross_entropy(
            input, target, weight=held_value(self, "weight"), ignore_index=self.ignore_index,
            reduction=self.reduction, label_smoothing=self.label_smoothing,
        )  # fmt: skip


class NLLLoss(WeighedLoss):
    """Minus the log-probabilities of the right classes."""

    def __init__(
        self, weight: Tensor | None = None, size_average: bool | None = None,
        ignore_index: int = -100, reduce: bool | None = None, reduction: str = "mean",
    ) -> None:  # fmt: skip
        given = {"size_average": size_average, "reduce": reduce, "reduction": reduction}
        super().__init__(weight, reduction_of(given))
        self.ignore_index = ignore_index

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """The loss of log-probabilities against classes."""
        return functional.nll_loss(
            input, target, weight=self.weight, ignore_index=self.ignore_index,
            reduction=self.reduction,
        )  # fmt: skip


class BCEWithLogitsLoss(WeighedLoss):
    """Binary cross entropy of the sigmoid of scores."""

    pos_weight: Tensor | None

    def __init__(
        self, weight: Tensor | None = None, size_average: bool | None = None,
        reduce: bool | None = None, reduction: str = "mean", pos_weight: Tensor | None = None,
    ) -> None:  # fmt: skip
        given = {"size_average": size_average, "reduce": reduce, "reduction": reduction}
        super().__init__(weight, reduction_of(given))
        self.register_buffer("pos_weight", pos_weight)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """The loss of scores against labels between 0 and 1."""
        return functional.binary_cross_entropy_with_logits(
            input, target, self.weight, pos_weight=self.pos_weight, reduction=self.reduction
        )
