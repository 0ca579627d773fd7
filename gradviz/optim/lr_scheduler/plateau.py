"""The schedule that lowers the learning rate where the loss no longer falls."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from typing import Any, cast

from gradviz.optim.lr_scheduler.base import EPOCH, LRScheduler, check_optimizer, set_value
from gradviz.optim.optimizer import Optimizer
from gradviz.optim.setting import Setting


class ReduceLROnPlateau(LRScheduler):
    """https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ReduceLROnPlateau.html."""

    doc = "Lowers the learning rate where the loss has not fallen for more than so many steps."
    settings = (
        Setting(name="factor", default=0.1, high=0.99, doc="What the rate is multiplied by."),
        Setting(name="patience", default=10, high=100, doc="How many steps without a fall pass."),
        Setting(name="threshold", default=1e-4, low=1e-8, high=0.1, log=True,
                doc="By which part the loss must fall to count."),
        Setting(name="cooldown", default=0, high=100, doc="Steps to wait after lowering it."),
        Setting(name="min_lr", default=0.0, high=0.1, doc="The lowest rate."),
    )  # fmt: skip

    def __init__(
        self, optimizer: Optimizer, mode: str = "min", factor: float = 0.1, patience: int = 10,
        threshold: float = 1e-4, threshold_mode: str = "rel", cooldown: int = 0,
        min_lr: float | Sequence[float] = 0, eps: float = 1e-8,
    ) -> None:  # fmt: skip
        if factor >= 1.0:
            raise ValueError("Factor should be < 1.0.")
        self.factor = factor
        check_optimizer(optimizer)
        self.optimizer = optimizer
        count = len(optimizer.param_groups)
        if isinstance(min_lr, (list, tuple)):
            given = cast("Sequence[float]", min_lr)
            if len(given) != count:
                raise ValueError(f"expected {count} min_lrs, got {len(given)}")
            self.default_min_lr = None
            self.min_lrs = list(given)
        else:
            self.default_min_lr = cast(float, min_lr)
            self.min_lrs = [self.default_min_lr] * count
        self.patience = patience
        self.cooldown = cooldown
        self.eps = eps
        self.last_epoch = 0
        self._last_lr = self.in_groups("lr")
        if mode not in {"min", "max"}:
            raise ValueError(f"mode {mode} is unknown!")
        if threshold_mode not in {"rel", "abs"}:
            raise ValueError(f"threshold mode {threshold_mode} is unknown!")
        self.mode_worse = math.inf if mode == "min" else -math.inf
        self.mode = mode
        self.threshold = threshold
        self.threshold_mode = threshold_mode
        self.best = self.mode_worse
        self.cooldown_counter = 0
        self.num_bad_epochs = 0

    def step(self, metrics: Any = None, epoch: int | None = None) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Go on by one epoch, at which the loss is ``metrics``."""
        if metrics is None:
            raise TypeError(
                "ReduceLROnPlateau.step() missing 1 required positional argument: 'metrics'"
            )
        current = float(metrics)
        if epoch is not None:
            warnings.warn(EPOCH, UserWarning, stacklevel=2)
        self.last_epoch = self.last_epoch + 1 if epoch is None else epoch
        if self.better(current):
            self.best = current
            self.num_bad_epochs = 0
        else:
            self.num_bad_epochs += 1
        if self.in_cooldown:
            self.cooldown_counter -= 1
            self.num_bad_epochs = 0
        if self.num_bad_epochs > self.patience:
            self.reduce()
            self.cooldown_counter = self.cooldown
            self.num_bad_epochs = 0
        self._last_lr = self.in_groups("lr")

    @property
    def in_cooldown(self) -> bool:
        """Whether it waits after lowering the rate."""
        return self.cooldown_counter > 0

    def better(self, value: float) -> bool:
        """Whether a loss is enough of a gain on the best."""
        sign = -1 if self.mode == "min" else 1
        if self.threshold_mode == "rel":
            bound = self.best * (1.0 + sign * self.threshold)
        else:
            bound = self.best + sign * self.threshold
        return value < bound if self.mode == "min" else value > bound

    def reduce(self) -> None:
        """Lower every rate, no lower than its least."""
        groups = self.optimizer.param_groups
        if len(groups) != len(self.min_lrs):
            if self.default_min_lr is None:
                raise RuntimeError(
                    f"The number of param groups in the `optimizer` ({len(groups)}) differs from "
                    f"when `ReduceLROnPlateau` was initialized ({len(self.min_lrs)}), usually due "
                    "to a new param group being added to the optimizer. Please modify the "
                    "`min_lrs` field to match the length of the `optimizer` param groups."
                )
            self.min_lrs = [self.default_min_lr] * len(groups)
        for group, least in zip(groups, self.min_lrs, strict=True):
            old = float(group["lr"])
            new = max(old * self.factor, least)
            if old - new > self.eps:
                set_value(group, "lr", new)

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take up where another left off."""
        super().load_state_dict(state_dict)
        self.mode_worse = math.inf if self.mode == "min" else -math.inf
