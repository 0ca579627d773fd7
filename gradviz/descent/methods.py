"""Every optimizer of a race, and the settings that all of them share; a new one is one entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gradviz.descent.newton import GaussNewton, Newton
from gradviz.descent.searching import Backtracking, ConjugateGradient
from gradviz.nn.utils import clip_grad_norm_, clip_grad_value_
from gradviz.optim import OPTIMIZERS, Optimizer, Setting
from gradviz.optim.setting import WEIGHT_DECAY
from gradviz.tensor.tensor import Tensor

RUNNERS: Mapping[str, type[Optimizer]] = {
    **OPTIMIZERS,
    **{o.__name__: o for o in (Backtracking, ConjugateGradient, Newton, GaussNewton)},
}
"""PyTorch's, and those that PyTorch has not."""

CLIP_NORM = Setting(
    name="clip_norm", default=0.0, high=10.0, title="clip_norm",
    doc="Scale the gradient down to this length where it is longer; 0: never.",
)  # fmt: skip
CLIP_VALUE = Setting(
    name="clip_value", default=0.0, high=10.0, title="clip_value",
    doc="Bring each number of the gradient between ± this; 0: never.",
)  # fmt: skip
SHARED = (CLIP_NORM, CLIP_VALUE, WEIGHT_DECAY)


def settings_of(optimizer: str) -> tuple[Setting, ...]:
    """The settings of a runner: its optimizer's own, and the shared ones that it has not."""
    return (*RUNNERS[optimizer].settings, *shared_of(optimizer))


def shared_of(optimizer: str) -> tuple[Setting, ...]:
    """The shared settings that an optimizer has not itself."""
    own = {s.name for s in RUNNERS[optimizer].settings}
    return tuple(s for s in SHARED if s.name not in own)


def own_settings(optimizer: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the settings that the optimizer itself takes."""
    shared = {s.name for s in shared_of(optimizer)}
    return {k: v for k, v in settings.items() if k not in shared}


def shared_settings(optimizer: str, settings: Mapping[str, Any]) -> dict[str, float]:
    """The shared settings that do something, by name."""
    shared = {s.name for s in shared_of(optimizer)}
    return {k: float(v) for k, v in settings.items() if k in shared and v}


def clip(params: Sequence[Tensor], shared: Mapping[str, float]) -> None:
    """Clip gradients in place, as the shared settings say: by value first, then by norm."""
    if "clip_value" in shared:
        clip_grad_value_(params, shared["clip_value"])
    if "clip_norm" in shared:
        clip_grad_norm_(params, shared["clip_norm"])
