"""Schedules that lower the learning rate, or raise it at first, by a rule of the step alone.

Each goes from the present rate to the next, so that a rate set by hand is followed.
See https://docs.pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from typing import Any

from gradviz.optim.lr_scheduler.base import LRScheduler
from gradviz.optim.optimizer import Optimizer
from gradviz.optim.setting import Setting

GAMMA = Setting(name="gamma", default=0.1, doc="What the rate is multiplied by.")


def _steps(name: str, default: int, doc: str) -> Setting:
    return Setting(name=name, default=default, low=1, high=500, doc=doc)


class StepLR(LRScheduler):
    """https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.StepLR.html."""

    doc = "Multiplies the learning rate by gamma every so many steps."
    settings = (
        Setting(name="step_size", default=10, low=1, high=100, doc="How many steps between."),
        GAMMA,
    )

    def __init__(
        self, optimizer: Optimizer, step_size: int, gamma: float = 0.1, last_epoch: int = -1
    ) -> None:
        self.step_size = step_size
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[Any]:
        """Lower where the epoch is a multiple."""
        self.warn_outside_step()
        if self.last_epoch == 0 or self.last_epoch % self.step_size != 0:
            return self.in_groups("lr")
        return self.scaled(self.gamma)

    def closed_form(self, epoch: int) -> list[Any]:
        """One factor for each time passed."""
        return [base * self.gamma ** (epoch // self.step_size) for base in self.base_lrs]


class MultiStepLR(LRScheduler):
    """https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.MultiStepLR.html."""

    doc = "Multiplies the learning rate by gamma at each of the given steps."
    settings = (
        Setting(name="milestones", default=(20, 40), low=1, high=500, doc="At which steps."),
        GAMMA,
    )

    def __init__(
        self, optimizer: Optimizer, milestones: Iterable[int], gamma: float = 0.1,
        last_epoch: int = -1,
    ) -> None:  # fmt: skip
        self.milestones = Counter(milestones)
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[Any]:
        """Lower at a milestone, as often as it is named."""
        self.warn_outside_step()
        if self.last_epoch not in self.milestones:
            return self.in_groups("lr")
        return self.scaled(self.gamma ** self.milestones[self.last_epoch])

    def closed_form(self, epoch: int) -> list[Any]:
        """One factor for each milestone passed."""
        passed = bisect_right(sorted(self.milestones.elements()), epoch)
        return [base * self.gamma**passed for base in self.base_lrs]


class ConstantLR(LRScheduler):
    """https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ConstantLR.html."""

    doc = "Multiplies the learning rate by a factor for the first steps only."
    settings = (
        Setting(name="factor", default=1.0 / 3, low=0.01, doc="What the rate is multiplied by."),
        _steps("total_iters", 5, "For how many steps."),
    )

    def __init__(
        self, optimizer: Optimizer, factor: float = 1.0 / 3, total_iters: int = 5,
        last_epoch: int = -1,
    ) -> None:  # fmt: skip
        if not 0 <= factor <= 1.0:
            raise ValueError("Constant multiplicative factor expected to be between 0 and 1.")
        self.factor = factor
        self.total_iters = total_iters
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[Any]:
        """Down at the start, and up again once."""
        self.warn_outside_step()
        if self.last_epoch == 0:
            return self.scaled(self.factor)
        if self.last_epoch != self.total_iters:
            return self.in_groups("lr")
        return self.scaled(1.0 / self.factor)

    def closed_form(self, epoch: int) -> list[Any]:
        """The factor or one."""
        factor = self.factor + (epoch >= self.total_iters) * (1 - self.factor)
        return [base * factor for base in self.base_lrs]


class LinearLR(LRScheduler):
    """https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LinearLR.html."""

    doc = "Warms up: takes the learning rate from a part of it to all of it in equal steps."
    settings = (
        Setting(name="start_factor", default=1.0 / 3, low=0.01, doc="The part at the start."),
        Setting(name="end_factor", default=1.0, doc="The part at the end."),
        _steps("total_iters", 5, "In how many steps."),
    )

    def __init__(
        self, optimizer: Optimizer, start_factor: float = 1.0 / 3, end_factor: float = 1.0,
        total_iters: int = 5, last_epoch: int = -1,
    ) -> None:  # fmt: skip
        if not 0 < start_factor <= 1.0:
            raise ValueError(
                "Starting multiplicative factor expected to be greater than 0 and less or equal "
                "to 1."
            )
        if not 0 <= end_factor <= 1.0:
            raise ValueError("Ending multiplicative factor expected to be between 0 and 1.")
        self.start_factor = start_factor
        self.end_factor = end_factor
        self.total_iters = total_iters
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[Any]:
        """From each rate to the next on the line."""
        self.warn_outside_step()
        if self.last_epoch == 0:
            return self.scaled(self.start_factor)
        if self._is_initial or self.last_epoch > self.total_iters:
            return self.in_groups("lr")
        rise = self.end_factor - self.start_factor
        run = self.total_iters * self.start_factor + (self.last_epoch - 1) * rise
        return self.scaled(1.0 + rise / run)

    def closed_form(self, epoch: int) -> list[Any]:
        """The point on the line."""
        rise = self.end_factor - self.start_factor
        part = min(self.total_iters, epoch)
        factor = self.start_factor + rise * part / self.total_iters
        return [base * factor for base in self.base_lrs]


class ExponentialLR(LRScheduler):
    """https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ExponentialLR.html."""

    doc = "Multiplies the learning rate by gamma at every step."
    settings = (
        Setting(name="gamma", default=0.95, low=0.5, doc="What the rate is multiplied by."),
    )

    def __init__(self, optimizer: Optimizer, gamma: float, last_epoch: int = -1) -> None:
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[Any]:
        """A factor less each time."""
        self.warn_outside_step()
        return self.in_groups("lr") if self._is_initial else self.scaled(self.gamma)

    def closed_form(self, epoch: int) -> list[Any]:
        """The factor to the power of the epoch."""
        return [base * self.gamma**epoch for base in self.base_lrs]


class PolynomialLR(LRScheduler):
    """https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.PolynomialLR.html."""

    doc = "Lowers the learning rate to zero along a power of what is left of the steps."
    settings = (
        Setting(name="total_iters", default=60, low=1, high=500, doc="Steps until it is zero."),
        Setting(name="power", default=1.0, low=0.25, high=4.0, doc="The power."),
    )

    def __init__(
        self, optimizer: Optimizer, total_iters: int = 5, power: float = 1.0, last_epoch: int = -1
    ) -> None:
        self.total_iters = total_iters
        self.power = power
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[Any]:
        """From each rate to the next on the curve."""
        self.warn_outside_step()
        if self._is_initial or self.last_epoch > self.total_iters:
            return self.in_groups("lr")
        left = 1.0 - self.last_epoch / self.total_iters
        before = 1.0 - (self.last_epoch - 1) / self.total_iters
        return self.scaled((left / before) ** self.power)

    def closed_form(self, epoch: int) -> list[Any]:
        """The point on the curve."""
        left = 1.0 - min(self.total_iters, epoch) / self.total_iters
        return [base * left**self.power for base in self.base_lrs]


class CosineAnnealingLR(LRScheduler):
    """Loshchilov and Hutter 2017, without restarts.

    https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CosineAnnealingLR.html.
    """

    doc = "Lowers the learning rate along half a cosine, and raises it again after T_max."
    settings = (
        _steps("T_max", 50, "Steps to the lowest rate."),
        Setting(name="eta_min", default=0.0, doc="The lowest rate."),
    )

    def __init__(
        self, optimizer: Optimizer, T_max: float, eta_min: float = 0.0, last_epoch: int = -1
    ) -> None:
        self.T_max = T_max
        self.eta_min = eta_min
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[Any]:
        """From each rate to the next on the cosine; anew from the first after a resumption."""
        self.warn_outside_step()
        period, low, now = self.T_max, self.eta_min, self.last_epoch
        if self._is_initial:
            return self.in_groups("lr")
        if self._step_count == 1 and now > 0:
            return self.closed_form(now)
        if (now - 1 - period) % (2 * period) == 0:
            rise = (1 - math.cos(math.pi / period)) / 2
            pairs = zip(self.in_groups("lr"), self.base_lrs, strict=True)
            return [rate + (base - low) * rise for rate, base in pairs]
        ratio = (1 + math.cos(math.pi * now / period)) / (
            1 + math.cos(math.pi * (now - 1) / period)
        )
        return [ratio * (rate - low) + low for rate in self.in_groups("lr")]

    def closed_form(self, epoch: int) -> list[Any]:
        """The point on the cosine."""
        height = (1 + math.cos(math.pi * epoch / self.T_max)) / 2
        return [self.eta_min + (base - self.eta_min) * height for base in self.base_lrs]
