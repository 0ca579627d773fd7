"""A setting of an optimizer or schedule as data: forms, command lines and help are made from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting of an optimizer or schedule: its default, bounds, and what it does.

    ``low`` and ``high`` bound a control, not what may be given by hand; ``log``: the control
    runs through powers of ten. A default that is a tuple is as many numbers; ``choices``, where
    there are any, are the words it may be. ``title``: what PyTorch's error calls it where it is
    below zero; empty where any number may be given. ``keyword_only``: never bound by position.
    """

    name: str
    default: Any
    doc: str
    low: float = 0.0
    high: float = 1.0
    log: bool = False
    symbol: str = ""
    choices: tuple[str, ...] = ()
    title: str = ""
    keyword_only: bool = False


def learning_rate(default: float, high: float = 1.0) -> Setting:
    """The learning rate with an optimizer's own default."""
    return Setting(
        name="lr", default=default, low=1e-4, high=high, log=True, symbol=r"\alpha",
        title="learning rate", doc="Learning rate: how far a step goes.",
    )  # fmt: skip


def weight_decay(default: float) -> Setting:
    """Weight decay with an optimizer's own default."""
    return Setting(
        name="weight_decay", default=default, high=0.5, symbol=r"\lambda",
        title="weight_decay value", doc="Adds this much of the parameter itself to its gradient.",
    )  # fmt: skip


def epsilon(default: float) -> Setting:
    """The small number under a division."""
    return Setting(
        name="eps", default=default, low=1e-12, high=1e-1, log=True, symbol=r"\epsilon",
        title="epsilon value", doc="Keeps the division from blowing up.",
    )  # fmt: skip


WEIGHT_DECAY = weight_decay(0.0)
MOMENTUM = Setting(
    name="momentum", default=0.0, high=0.99, symbol=r"\mu", title="momentum value",
    doc="How much of the last step's velocity is kept.",
)  # fmt: skip
BETAS = Setting(
    name="betas", default=(0.9, 0.999), symbol=r"\beta",
    doc="How much of each running mean is kept.",
)  # fmt: skip
DECOUPLED = Setting(
    name="decoupled_weight_decay", default=False,
    doc="Shrink the parameter itself by the weight decay, apart from the gradient.",
)  # fmt: skip
MAXIMIZE = Setting(
    name="maximize", default=False, keyword_only=True, doc="Climb instead of descend."
)
