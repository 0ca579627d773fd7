"""Schedules that raise and lower the learning rate, some with the momentum against it."""

from __future__ import annotations

import math
import types
from collections.abc import Callable, Mapping
from typing import Any

from gradviz.optim.lr_scheduler.base import LRScheduler, check_optimizer, per_group, set_value
from gradviz.optim.optimizer import Optimizer
from gradviz.optim.setting import Setting

MAX_LR = Setting(name="max_lr", default=0.1, low=1e-4, high=1.0, log=True, doc="The highest rate.")
CYCLE_MOMENTUM = Setting(
    name="cycle_momentum", default=False, doc="Lower the momentum while the rate rises."
)
MODES = ("triangular", "triangular2", "exp_range")
ANNEALING: Mapping[str, Callable[[float, float, float], float]] = {
    "cos": lambda a, b, part: b + (a - b) / 2.0 * (math.cos(math.pi * part) + 1),
    "linear": lambda a, b, part: (b - a) * part + a,
}


class MomentumCycle(LRScheduler):
    """What the two that also move the momentum share."""

    cycle_momentum: bool
    use_beta1: bool

    def start_momentum(self, base: Any, highest: Any, fresh: bool) -> tuple[list[Any], list[Any]]:
        """Set the highest momentum, and note both bounds in the groups."""
        optimizer = self.optimizer
        if "momentum" not in optimizer.defaults and "betas" not in optimizer.defaults:
            raise ValueError(
                "optimizer must support momentum or beta1 with `cycle_momentum` option enabled"
            )
        self.use_beta1 = "betas" in optimizer.defaults
        bases = per_group("base_momentum", optimizer, base)
        tops = per_group("max_momentum", optimizer, highest)
        for group, low, top in zip(optimizer.param_groups, bases, tops, strict=True):
            if fresh:
                self.set_momentum(group, top)
                group["max_momentum"], group["base_momentum"] = top, low
        return bases, tops

    def set_momentum(self, group: dict[str, Any], value: float) -> None:
        """The momentum of a group, which for Adam and its kin is the first beta."""
        if self.use_beta1:
            group["betas"] = (value, *group["betas"][1:])
        else:
            group["momentum"] = value


class CyclicLR(MomentumCycle):
    """Smith 2017.

    https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CyclicLR.html.
    """

    doc = "Takes the learning rate up and down between two bounds, again and again."
    settings = (
        Setting(name="base_lr", default=0.01, low=1e-4, high=1.0, log=True,
                doc="The lowest rate."),
        MAX_LR,
        Setting(name="step_size_up", default=10, low=1, high=500, doc="Steps on the way up."),
        Setting(name="mode", default="triangular", choices=MODES,
                doc="Whether later cycles are as high, half as high each, or lower by gamma."),
        Setting(name="gamma", default=1.0, low=0.9, doc="The factor a step with exp_range."),
        CYCLE_MOMENTUM,
    )  # fmt: skip

    def __init__(
        self, optimizer: Optimizer, base_lr: Any, max_lr: Any, step_size_up: int = 2000,
        step_size_down: int | None = None, mode: str = "triangular", gamma: float = 1.0,
        scale_fn: Callable[[float], float] | None = None, scale_mode: str = "cycle",
        cycle_momentum: bool = True, base_momentum: Any = 0.8, max_momentum: Any = 0.9,
        last_epoch: int = -1,
    ) -> None:  # fmt: skip
        check_optimizer(optimizer)
        self.optimizer = optimizer
        base_lrs = per_group("base_lr", optimizer, base_lr)
        if last_epoch == -1:
            for rate, group in zip(base_lrs, optimizer.param_groups, strict=True):
                set_value(group, "lr", rate)
        self.max_lrs = per_group("max_lr", optimizer, max_lr)
        down = step_size_up if step_size_down is None else step_size_down
        self.total_size = float(step_size_up) + float(down)
        self.step_ratio = float(step_size_up) / self.total_size
        if mode not in MODES and scale_fn is None:
            raise ValueError("mode is invalid and scale_fn is None")
        self.mode = mode
        self.gamma = gamma
        self._scale_fn_custom = scale_fn
        self.scale_mode = scale_mode
        if scale_fn is None:
            self.scale_mode = "iterations" if mode == "exp_range" else "cycle"
        self.cycle_momentum = cycle_momentum
        if cycle_momentum:
            momenta = self.start_momentum(base_momentum, max_momentum, last_epoch == -1)
            self.base_momentums, self.max_momentums = momenta
        super().__init__(optimizer, last_epoch)
        self.base_lrs = base_lrs

    def scale_fn(self, x: float) -> float:
        """How high the cycle ``x`` is (or, with ``scale_mode`` iterations, that at step ``x``)."""
        if self._scale_fn_custom is not None:
            return self._scale_fn_custom(x)
        if self.mode == "triangular":
            return 1.0
        return 1 / (2.0 ** (x - 1)) if self.mode == "triangular2" else self.gamma**x

    def get_lr(self) -> list[Any]:
        """The triangle's height now, for the rates and upside down for the momenta."""
        self.warn_outside_step()
        cycle = math.floor(1 + self.last_epoch / self.total_size)
        x = 1.0 + self.last_epoch / self.total_size - cycle
        rising = x <= self.step_ratio
        height = x / self.step_ratio if rising else (x - 1) / (self.step_ratio - 1)
        scale = self.scale_fn(cycle if self.scale_mode == "cycle" else self.last_epoch)
        if self.cycle_momentum:
            bounds = zip(self.base_momentums, self.max_momentums, strict=True)
            for group, (low, top) in zip(self.optimizer.param_groups, bounds, strict=True):
                self.set_momentum(group, top - (top - low) * height * scale)
        pairs = zip(self.base_lrs, self.max_lrs, strict=True)
        return [low + (top - low) * height * scale for low, top in pairs]

    def state_dict(self) -> dict[str, Any]:
        """As of any schedule; of a function of one's own only the attributes of an object."""
        state = super().state_dict()
        rule = state["_scale_fn_custom"]
        plain = rule is None or isinstance(rule, types.FunctionType)
        state["_scale_fn_custom"] = None if plain else dict(vars(rule))
        return state

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take up where another left off; a function of one's own stays."""
        super().load_state_dict({k: v for k, v in state_dict.items() if k != "_scale_fn_custom"})
        attributes = state_dict["_scale_fn_custom"]
        if attributes is not None and self._scale_fn_custom is not None:
            vars(self._scale_fn_custom).update(attributes)


class CosineAnnealingWarmRestarts(LRScheduler):
    """Loshchilov and Hutter 2017.

    https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CosineAnnealingWarmRestarts.html.
    """

    doc = "Lowers the learning rate along half a cosine, then starts again from the top."
    settings = (
        Setting(name="T_0", default=20, low=1, high=200, doc="Steps to the first restart."),
        Setting(name="T_mult", default=1, low=1, high=4, doc="How many times longer each next is."),
        Setting(name="eta_min", default=0.0, doc="The lowest rate."),
    )

    def __init__(
        self, optimizer: Optimizer, T_0: int, T_mult: int = 1, eta_min: float = 0.0,
        last_epoch: int = -1,
    ) -> None:  # fmt: skip
        check_whole("Expected positive integer T_0", T_0)
        check_whole("Expected integer T_mult >= 1", T_mult)
        if not isinstance(eta_min, (float, int)):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ValueError(
                f"Expected float or int eta_min, but got {eta_min} of type {type(eta_min)}"
            )
        self.T_0 = self.T_i = T_0
        self.T_mult = T_mult
        self.eta_min = eta_min
        self.T_cur: float = last_epoch
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[Any]:
        """The point on the cosine since the last restart."""
        self.warn_outside_step()
        height = 1 + math.cos(math.pi * self.T_cur / self.T_i)
        return [self.eta_min + (base - self.eta_min) * height / 2 for base in self.base_lrs]

    def step(self, epoch: float | None = None) -> None:
        """Go on by one epoch, or to ``epoch``, which may be a fraction."""
        if epoch is None and self.last_epoch < 0:
            epoch = 0
        if epoch is None:
            epoch = self.last_epoch + 1
            self.T_cur += 1
            if self.T_cur >= self.T_i:
                self.T_cur %= self.T_i
                self.T_i *= self.T_mult
        elif epoch < 0:
            raise ValueError(f"Expected non-negative epoch, but got {epoch}")
        else:
            self.place(epoch)
        self.last_epoch = math.floor(epoch)
        self._get_lr_called_within_step = True
        try:
            self.set_rates(self.get_lr())
        finally:
            self._get_lr_called_within_step = False

    def place(self, epoch: float) -> None:
        """Find the cosine that ``epoch`` is on."""
        if epoch < self.T_0:
            self.T_i, self.T_cur = self.T_0, epoch
        elif self.T_mult == 1:
            self.T_cur = epoch % self.T_0
        else:
            grown = epoch / self.T_0 * (self.T_mult - 1) + 1
            passed = self.T_mult ** int(math.log(grown, self.T_mult))
            self.T_cur = epoch - self.T_0 * (passed - 1) / (self.T_mult - 1)
            self.T_i = self.T_0 * passed


class OneCycleLR(MomentumCycle):
    """Smith and Topin 2018.

    https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.OneCycleLR.html.
    """

    doc = "Raises the learning rate once, lowers it far below where it began, and is done."
    settings = (
        MAX_LR,
        Setting(name="total_steps", default=60, low=2, high=1000, doc="How many steps in all."),
        Setting(name="pct_start", default=0.3, low=0.05, high=0.95,
                doc="Which part of them goes up."),
        Setting(name="anneal_strategy", default="cos", choices=tuple(ANNEALING),
                doc="Along a cosine or a line."),
        CYCLE_MOMENTUM,
        Setting(name="div_factor", default=25.0, low=1.0, high=100.0,
                doc="How many times lower the first rate is than the highest."),
        Setting(name="final_div_factor", default=1e4, low=1.0, high=1e6, log=True,
                doc="How many times lower the last rate is than the first."),
        Setting(name="three_phase", default=False, doc="Down to the first rate, then to the last."),
    )  # fmt: skip

    def __init__(
        self, optimizer: Optimizer, max_lr: Any, total_steps: int | None = None,
        epochs: int | None = None, steps_per_epoch: int | None = None, pct_start: float = 0.3,
        anneal_strategy: str = "cos", cycle_momentum: bool = True, base_momentum: Any = 0.85,
        max_momentum: Any = 0.95, div_factor: float = 25.0, final_div_factor: float = 1e4,
        three_phase: bool = False, last_epoch: int = -1,
    ) -> None:  # fmt: skip
        check_optimizer(optimizer)
        self.optimizer = optimizer
        self.total_steps = steps_in_all(total_steps, epochs, steps_per_epoch)
        if not isinstance(pct_start, float) or not 0 <= pct_start <= 1:  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ValueError(f"Expected float between 0 and 1 pct_start, but got {pct_start}")
        if anneal_strategy not in ANNEALING:
            raise ValueError(
                f"anneal_strategy must be one of 'cos' or 'linear', instead got {anneal_strategy}"
            )
        self._schedule_phases = phases(self.total_steps, pct_start, three_phase)
        self._anneal_func_type = anneal_strategy
        tops = per_group("max_lr", optimizer, max_lr)
        if last_epoch == -1:
            for group, top in zip(optimizer.param_groups, tops, strict=True):
                group["initial_lr"], group["max_lr"] = top / div_factor, top
                group["min_lr"] = group["initial_lr"] / final_div_factor
        self.cycle_momentum = cycle_momentum
        if cycle_momentum:
            self.start_momentum(base_momentum, max_momentum, last_epoch == -1)
        super().__init__(optimizer, last_epoch)

    @property
    def finished(self) -> bool:
        """Whether all steps are taken: one more is refused."""
        return self.last_epoch >= self.total_steps

    def get_lr(self) -> list[Any]:
        """The point in the phase that the step is in."""
        self.warn_outside_step()
        if self.last_epoch > self.total_steps:
            raise ValueError(
                f"Tried to step {self.last_epoch} times. The specified number of total steps is "
                f"{self.total_steps}"
            )
        start, phase = 0.0, self._schedule_phases[0]
        for phase in self._schedule_phases:
            if self.last_epoch <= phase["end_step"] or phase is self._schedule_phases[-1]:
                break
            start = phase["end_step"]
        part = (self.last_epoch - start) / (phase["end_step"] - start)
        anneal = ANNEALING[self._anneal_func_type]
        rates: list[Any] = []
        for group in self.optimizer.param_groups:
            rates.append(anneal(group[phase["start_lr"]], group[phase["end_lr"]], part))
            if self.cycle_momentum:
                ends = group[phase["start_momentum"]], group[phase["end_momentum"]]
                self.set_momentum(group, anneal(*ends, part))
        return rates


def steps_in_all(total: int | None, epochs: int | None, each: int | None) -> int:
    """How many steps a one-cycle schedule has, from either way to say it."""
    if total is not None:
        check_whole("Expected positive integer total_steps", total)
        return total
    if epochs is None or each is None:
        raise ValueError("You must define either total_steps OR (epochs AND steps_per_epoch)")
    check_whole("Expected positive integer epochs", epochs)
    check_whole("Expected positive integer steps_per_epoch", each)
    return epochs * each


def check_whole(expected: str, value: Any) -> None:
    """Refuse what is not a whole number of at least one."""
    if value <= 0 or not isinstance(value, int):
        raise ValueError(f"{expected}, but got {value}")


def phases(total: int, part: float, three: bool) -> list[dict[str, Any]]:
    """Where each phase ends, and between which settings of a group it goes."""
    momenta = ("max_momentum", "base_momentum", "max_momentum", "max_momentum")
    rates = ("initial_lr", "max_lr", "initial_lr" if three else "min_lr", "min_lr")
    first = float(part * total) - 1
    ends = [first, float(2 * part * total) - 2, total - 1] if three else [first, total - 1]
    return [
        {"end_step": end, "start_lr": rates[i], "end_lr": rates[i + 1],
         "start_momentum": momenta[i], "end_momentum": momenta[i + 1]}
        for i, end in enumerate(ends)
    ]  # fmt: skip
