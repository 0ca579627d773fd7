"""Schedules of the learning rate under PyTorch's names; ``SCHEDULES`` lists those with a form.

See https://docs.pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate.
"""

from __future__ import annotations

from collections.abc import Mapping

from gradviz.optim.lr_scheduler.base import LRScheduler
from gradviz.optim.lr_scheduler.combined import ChainedScheduler, SequentialLR
from gradviz.optim.lr_scheduler.cycles import CosineAnnealingWarmRestarts, CyclicLR, OneCycleLR
from gradviz.optim.lr_scheduler.decay import (
    ConstantLR,
    CosineAnnealingLR,
    ExponentialLR,
    LinearLR,
    MultiStepLR,
    PolynomialLR,
    StepLR,
)
from gradviz.optim.lr_scheduler.given import LambdaLR, MultiplicativeLR
from gradviz.optim.lr_scheduler.plateau import ReduceLROnPlateau

SCHEDULES: Mapping[str, type[LRScheduler]] = {
    s.__name__: s
    for s in (
        StepLR, MultiStepLR, ExponentialLR, LinearLR, ConstantLR, PolynomialLR, CosineAnnealingLR,
        CosineAnnealingWarmRestarts, CyclicLR, OneCycleLR, ReduceLROnPlateau,
    )
}  # fmt: skip

__all__ = [
    "SCHEDULES",
    "ChainedScheduler",
    "ConstantLR",
    "CosineAnnealingLR",
    "CosineAnnealingWarmRestarts",
    "CyclicLR",
    "ExponentialLR",
    "LRScheduler",
    "LambdaLR",
    "LinearLR",
    "MultiStepLR",
    "MultiplicativeLR",
    "OneCycleLR",
    "PolynomialLR",
    "ReduceLROnPlateau",
    "SequentialLR",
    "StepLR",
]
