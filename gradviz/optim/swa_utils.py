"""Averaging weights over the last part of a training (Izmailov et al. 2018).

See https://docs.pytorch.org/docs/stable/optim.html#weight-averaging-swa-and-ema.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from gradviz.autograd.mode import no_grad
from gradviz.nn.module import Module
from gradviz.nn.norm import BatchNorm
from gradviz.optim.lr_scheduler.base import LRScheduler, per_group
from gradviz.optim.optimizer import Optimizer, lerp
from gradviz.tensor.tensor import Tensor

Average = Callable[[Any, Any, Any], Any]
"""The new average, from the old one, what is added to it, and how many it is of."""
Averages = Callable[[Any, Any, Any], None]
"""The same written into a list of averages."""
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


def get_swa_multi_avg_fn() -> Averages:
    """:func:`get_swa_avg_fn` written into a list of tensors at a time."""

    def update(averaged: Any, current: Any, count: Any) -> None:
        for mean, value in zip(averaged, current, strict=True):
            mean.array[...] = lerp(mean.array, value.array, float(1 / (count + 1)))
            mean.bump_version()

    return update


def get_ema_multi_avg_fn(decay: float = 0.999) -> Averages:
    """:func:`get_ema_avg_fn` written into a list of tensors at a time."""
    get_ema_avg_fn(decay)

    def update(averaged: Any, current: Any, count: Any) -> None:
        for mean, value in zip(averaged, current, strict=True):
            mean.array[...] = lerp(mean.array, value.array, 1 - decay)
            mean.bump_version()

    return update


class AveragedModel(Module):
    """A copy of a model whose parameters are averages of those the model had.

    ``avg_fn`` (or ``multi_avg_fn``, of lists of tensors): how; by default all count alike.
    ``use_buffers``: average buffers too, which are copied otherwise.
    """

    n_averaged: Any

    def __init__(
        self, model: Any, device: Any = None, avg_fn: Average | None = None,
        multi_avg_fn: Averages | None = None, use_buffers: bool = False,
    ) -> None:  # fmt: skip
        super().__init__()
        if avg_fn is not None and multi_avg_fn is not None:
            raise AssertionError("Only one of avg_fn and multi_avg_fn should be provided")
        self.module = copy.deepcopy(model)
        self.register_buffer("n_averaged", Tensor.wrap(np.zeros((), np.int64)))
        self.avg_fn, self.multi_avg_fn, self.use_buffers = avg_fn, multi_avg_fn, use_buffers

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """What the averaged copy computes."""
        return self.module(*args, **kwargs)

    def update_parameters(self, model: Any) -> None:
        """Take the model's parameters as they are now into the averages."""
        mine = [*self.module.parameters()]
        theirs = [*model.parameters()]
        if self.use_buffers:
            mine, theirs = [*mine, *self.module.buffers()], [*theirs, *model.buffers()]
        count: Any = self.n_averaged
        pairs = [(a.detach(), b.detach()) for a, b in zip(mine, theirs, strict=True)]
        with no_grad():
            self._average(pairs, count.detach())
            if not self.use_buffers:
                for kept, value in zip(self.module.buffers(), model.buffers(), strict=True):
                    kept.detach().copy_(value.detach())
        count.array[...] += 1
        count.bump_version()

    def _average(self, pairs: list[tuple[Any, Any]], count: Any) -> None:
        if count.array == 0:
            for mean, value in pairs:
                mean.copy_(value)
        elif self.avg_fn is not None:
            for mean, value in pairs:
                mean.copy_(self.avg_fn(mean, value, count))
        else:
            average = self.multi_avg_fn or get_swa_multi_avg_fn()
            for kind in dict.fromkeys(mean.dtype for mean, _ in pairs):
                alike = [(mean, value) for mean, value in pairs if mean.dtype is kind]
                average([m for m, _ in alike], [v for _, v in alike], count.array.item())


def update_bn(loader: Iterable[Any], model: Any, device: Any = None) -> None:
    """Take the statistics of batch norms anew, over all that ``loader`` gives."""
    norms = [module for module in model.modules() if isinstance(module, BatchNorm)]
    if not norms:
        return
    momenta = [module.momentum for module in norms]
    was_training = model.training
    model.train()
    for module in norms:
        module.reset_running_stats()
        module.momentum = None
    for batch in loader:
        model(batch[0] if isinstance(batch, (list, tuple)) else batch)
    for module, momentum in zip(norms, momenta, strict=True):
        module.momentum = momentum
    model.train(was_training)


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
