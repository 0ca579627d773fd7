"""Optimizers and schedules under PyTorch's names; ``OPTIMIZERS`` lists them."""

from __future__ import annotations

from collections.abc import Mapping

from gradviz.optim import lr_scheduler
from gradviz.optim.adaptive import Adagrad, Adam, RMSprop
from gradviz.optim.optimizer import Optimizer, Setting
from gradviz.optim.sgd import SGD

OPTIMIZERS: Mapping[str, type[Optimizer]] = {o.__name__: o for o in (SGD, Adam, RMSprop, Adagrad)}

__all__ = [
    "OPTIMIZERS",
    "SGD",
    "Adagrad",
    "Adam",
    "Optimizer",
    "RMSprop",
    "Setting",
    "lr_scheduler",
]
