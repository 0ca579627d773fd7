"""Averaging weights over the last part of a training (Izmailov et al. 2018).

See https://docs.pytorch.org/docs/stable/optim.html#weight-averaging-swa-and-ema.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from gradviz.optim.lr_scheduler.base import LRScheduler, per_group
from gradviz.optim.optimizer import Optimizer

Average = Callable[[Any, Any, Any], Any]
"""The new average, from the old one, what is added to it, and how many it is of."""
ANNEALING: Mapping[str, Callable[[float], float]] = {
    "cos": lambda part: (1 - math.cos(math.pi * part)) / 2,
    "linear": lambda part: part,
}


def get_ema_avg_fn(decay: float = 0.999) -> Average:
    """An average in which what is older counts less, by ``decay`` a step."""
    if not 0.0 <= decay <= 1.0:
        raise ValueError(
            f"Invalid decay value {decay} provided. Please provide a value in [0,1] range."
        )
    return lambda averaged, current, count: decay * averaged + (1 - decay) * current


def get_swa_avg_fn() -> Average:
    """An average in which all count alike."""
    return lambda averaged, current, count: averaged + (current - averaged) / (count + 1)


class SWALR(LRScheduler):
    """https://docs.pytorch.org/docs/stable/generated/torch.optim.swa_utils.SWALR.html."""

    doc = "Takes the learning rate to a steady one, at which weights are averaged."

    def __init__(
        self, optimizer: Optimizer, swa_lr: Any, anneal_epochs: int = 10,
        anneal_strategy: str = "cos", last_epoch: int = -1,
    ) -> None:  # fmt: skip
        rates = per_group("swa_lr", optimizer, swa_lr)
        for rate, group in zip(rates, optimizer.param_groups, strict=True):
            group["swa_lr"] = rate
        if anneal_strategy not in ANNEALING:
            raise ValueError(
                f"anneal_strategy must be one of 'cos' or 'linear', instead got {anneal_strategy}"
            )
        if not isinstance(anneal_epochs, int) or anneal_epochs < 0:  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ValueError(f"anneal_epochs must be equal or greater than 0, got {anneal_epochs}")
        self._anneal_strategy = anneal_strategy
        self.anneal_epochs = anneal_epochs
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[Any]:
        """The rate before annealing is found back from the present one, and annealed further."""
        self.warn_outside_step()
        step = self._step_count - 1
        if self.anneal_epochs == 0:
            step = max(1, step)
        before, now = self.share(step - 1), self.share(step)
        rates: list[Any] = []
        for group in self.optimizer.param_groups:
            steady = group["swa_lr"]
            first = steady if before == 1 else (group["lr"] - before * steady) / (1 - before)
            rates.append(steady * now + first * (1 - now))
        return rates

    def share(self, step: int) -> float:
        """How much of the way to the steady rate is gone after ``step``."""
        part = max(0, min(1, step / max(1, self.anneal_epochs)))
        return ANNEALING[self._anneal_strategy](part)
