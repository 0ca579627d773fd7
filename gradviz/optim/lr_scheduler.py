"""Schedules of the learning rate.

See https://docs.pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar

from gradviz.optim.optimizer import Optimizer, Setting


class LRScheduler:
    """Base of schedules: sets each group's ``lr`` at the start and after every ``step()``."""

    settings: ClassVar[tuple[Setting, ...]] = ()
    doc: ClassVar[str] = ""

    def __init__(self, optimizer: Optimizer, last_epoch: int = -1, **given: Any) -> None:
        self.optimizer = optimizer
        self.values: dict[str, Any] = {s.name: s.default for s in self.settings} | given
        for group in optimizer.param_groups:
            group.setdefault("initial_lr", group["lr"])
        self.base_lrs = [group["initial_lr"] for group in optimizer.param_groups]
        self.last_epoch = last_epoch
        self.step()

    def rate(self, group: Mapping[str, Any], base: float) -> float:
        """The learning rate of a group at ``last_epoch``."""
        raise NotImplementedError(f"{type(self).__name__} must say what the rate is")

    def step(self) -> None:
        """Go on by one epoch."""
        self.last_epoch += 1
        groups = self.optimizer.param_groups
        for group, base in zip(groups, self.base_lrs, strict=True):
            group["lr"] = self.rate(group, base)

    def get_last_lr(self) -> list[float]:
        """Each group's present learning rate."""
        return [group["lr"] for group in self.optimizer.param_groups]


class StepLR(LRScheduler):
    """https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.StepLR.html."""

    doc = "Multiplies the learning rate by gamma every so many steps."
    settings = (
        Setting(name="step_size", default=10, low=1, high=100, doc="How many steps between."),
        Setting(name="gamma", default=0.1, doc="What the rate is multiplied by."),
    )

    def __init__(
        self, optimizer: Optimizer, step_size: int, gamma: float = 0.1, last_epoch: int = -1
    ) -> None:
        super().__init__(optimizer, last_epoch, step_size=step_size, gamma=gamma)

    def rate(self, group: Mapping[str, Any], base: float) -> float:
        """Recursive, so that a rate set by hand is kept."""
        due = self.last_epoch > 0 and self.last_epoch % self.values["step_size"] == 0
        return group["lr"] * self.values["gamma"] if due else group["lr"]


class CosineAnnealingLR(LRScheduler):
    """Loshchilov and Hutter 2017, without restarts.

    https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CosineAnnealingLR.html.
    """

    doc = "Lowers the learning rate along half a cosine, and raises it again after T_max."
    settings = (
        Setting(name="T_max", default=50, low=1, high=500, doc="Steps to the lowest rate."),
        Setting(name="eta_min", default=0.0, doc="The lowest rate."),
    )

    def __init__(
        self, optimizer: Optimizer, T_max: float, eta_min: float = 0.0, last_epoch: int = -1
    ) -> None:
        super().__init__(optimizer, last_epoch, T_max=T_max, eta_min=eta_min)

    def rate(self, group: Mapping[str, Any], base: float) -> float:
        """Recursive as PyTorch's, so that a rate set by hand is followed."""
        period, low, now = self.values["T_max"], self.values["eta_min"], self.last_epoch
        if now == 0:
            return group["lr"]
        if (now - 1 - period) % (2 * period) == 0:
            return group["lr"] + (base - low) * (1 - math.cos(math.pi / period)) / 2
        ratio = (1 + math.cos(math.pi * now / period)) / (
            1 + math.cos(math.pi * (now - 1) / period)
        )
        return ratio * (group["lr"] - low) + low


SCHEDULES: Mapping[str, type[LRScheduler]] = {s.__name__: s for s in (StepLR, CosineAnnealingLR)}
