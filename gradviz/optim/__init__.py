"""Optimizers and schedules under PyTorch's names; ``OPTIMIZERS`` lists them."""

from __future__ import annotations

from collections.abc import Mapping

from gradviz.optim import lr_scheduler, swa_utils
from gradviz.optim.adafactor import Adafactor
from gradviz.optim.adam import Adam, Adamax, AdamW, NAdam, RAdam
from gradviz.optim.adaptive import Adadelta, Adagrad, RMSprop
from gradviz.optim.asgd import ASGD
from gradviz.optim.lbfgs import LBFGS
from gradviz.optim.muon import Muon
from gradviz.optim.optimizer import Optimizer
from gradviz.optim.rprop import Rprop
from gradviz.optim.setting import Setting
from gradviz.optim.sgd import SGD

OPTIMIZERS: Mapping[str, type[Optimizer]] = {
    o.__name__: o
    for o in (
        SGD, Adam, AdamW, NAdam, RAdam, Adamax, RMSprop, Adagrad, Adadelta, Rprop, ASGD, LBFGS,
    )
}  # fmt: skip
"""Those that can move any parameter: what a descent offers. ``Adafactor`` and ``Muon`` are for
matrices."""

__all__ = [
    "ASGD",
    "LBFGS",
    "OPTIMIZERS",
    "SGD",
    "Adadelta",
    "Adafactor",
    "Adagrad",
    "Adam",
    "AdamW",
    "Adamax",
    "Muon",
    "NAdam",
    "Optimizer",
    "RAdam",
    "RMSprop",
    "Rprop",
    "Setting",
    "lr_scheduler",
    "swa_utils",
]
