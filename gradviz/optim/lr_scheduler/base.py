"""What all schedules share: they set each group's learning rate, at the start and every step.

A schedule's state is its own attributes, under PyTorch's names, as in PyTorch's ``state_dict``.
"""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, cast
from weakref import ref

from gradviz.optim.optimizer import Optimizer
from gradviz.optim.setting import Setting
from gradviz.tensor.tensor import Tensor

ORDER = "https://pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate"
EPOCH = (
    "The epoch parameter in `scheduler.step()` was not necessary and is being deprecated where "
    "possible. Please use `scheduler.step()` to step the scheduler. During the deprecation, if "
    "epoch is different from None, the closed form is used instead of the new chainable form, "
    "where available. Please open an issue if you are unable to replicate your use case: "
    "https://github.com/pytorch/pytorch/issues/new/choose."
)
WATCHED = "counted_by_schedules"


class LRScheduler:
    """Base of schedules; see the module's text. A subclass says the rates in ``get_lr``.

    ``settings``: those a form shows.
    """

    settings: ClassVar[tuple[Setting, ...]] = ()
    doc: ClassVar[str] = ""
    optimizer: Optimizer
    last_epoch: int
    base_lrs: list[Any]
    _last_lr: list[Any]
    _step_count: int = 0
    _is_initial: bool = False
    _get_lr_called_within_step: bool = False

    def __init__(self, optimizer: Optimizer, last_epoch: int = -1) -> None:
        check_optimizer(optimizer)
        self.optimizer = optimizer
        for index, group in enumerate(optimizer.param_groups):
            if last_epoch == -1:
                group.setdefault("initial_lr", group["lr"])
            elif "initial_lr" not in group:
                raise KeyError(
                    f"param 'initial_lr' is not specified in param_groups[{index}] when resuming "
                    "scheduler with last_epoch >= 0.\nThis typically happens when:\n1. You're "
                    "trying to resume training from a checkpoint but haven't properly loaded the "
                    "optimizer state\n2. You're using last_epoch >= 0 for a fresh training run "
                    "(not recommended)"
                )
        self.base_lrs = self.in_groups("initial_lr")
        self.last_epoch = last_epoch
        watch_steps(optimizer)
        self.initial_step()

    def initial_step(self) -> None:
        """Set the first rates."""
        self._step_count = 0
        self._is_initial = True
        try:
            self.step()
        finally:
            self._is_initial = False

    def in_groups(self, key: str) -> list[Any]:
        """A setting of each parameter group."""
        return [group[key] for group in self.optimizer.param_groups]

    def scaled(self, factor: float) -> list[Any]:
        """Each group's present rate times ``factor``."""
        return [group["lr"] * factor for group in self.optimizer.param_groups]

    def get_last_lr(self) -> list[Any]:
        """Each group's present learning rate."""
        return self._last_lr

    @property
    def finished(self) -> bool:
        """Whether there is no further step to take."""
        return False

    def get_lr(self) -> list[Any]:
        """Each group's rate at ``last_epoch``, most often from the present one."""
        raise NotImplementedError(f"{type(self).__name__} must say what the rates are")

    def closed_form(self, epoch: int) -> list[Any] | None:
        """Each group's rate at any epoch from the first rates alone; None where there is no way."""
        return None

    def step(self, epoch: int | None = None) -> None:
        """Go on by one epoch."""
        if self._step_count == 1:
            warn_of_order(self.optimizer)
        self._step_count += 1
        if epoch is not None:
            warnings.warn(EPOCH, UserWarning, stacklevel=2)
        self.update_lr(epoch)

    def update_lr(self, epoch: int | None = None) -> None:
        """Set the rates of the next epoch, or of ``epoch``."""
        self.last_epoch = self.last_epoch + 1 if epoch is None else epoch
        rates = None if epoch is None else self.closed_form(epoch)
        if rates is None:
            self._get_lr_called_within_step = True
            try:
                rates = self.get_lr()
            finally:
                self._get_lr_called_within_step = False
        self.set_rates(rates)

    def set_rates(self, rates: Sequence[Any]) -> None:
        """Give each group its rate."""
        for group, rate in zip(self.optimizer.param_groups, rates, strict=True):
            set_value(group, "lr", rate)
        self._last_lr = self.in_groups("lr")

    def warn_outside_step(self) -> None:
        """Warn where ``get_lr`` is called by hand."""
        if not self._get_lr_called_within_step:
            warnings.warn(
                "To get the last learning rate computed by the scheduler, please use "
                "`get_last_lr()`.",
                UserWarning, stacklevel=3,
            )  # fmt: skip

    def state_dict(self) -> dict[str, Any]:
        """All that the schedule has counted and was told, but the optimizer."""
        return {key: value for key, value in vars(self).items() if key != "optimizer"}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take up where another left off."""
        vars(self).update(state_dict)


def check_optimizer(optimizer: Any) -> None:
    """Refuse what is no optimizer."""
    if not isinstance(optimizer, Optimizer):
        raise TypeError(f"{type(optimizer).__name__} is not an Optimizer")


def set_value(group: dict[str, Any], key: str, value: Any) -> None:
    """Set a group's setting; into its tensor where it is one."""
    if isinstance(group[key], Tensor):
        group[key].array[...] = value.array if isinstance(value, Tensor) else value
    else:
        group[key] = value


def per_group(name: str, optimizer: Optimizer, given: Any) -> list[Any]:
    """One value a group, from as many or from one for all."""
    count = len(optimizer.param_groups)
    if not isinstance(given, (list, tuple)):
        return [given] * count
    values = cast("Sequence[Any]", given)
    if len(values) != count:
        raise ValueError(
            f"{name} must have the same length as optimizer.param_groups. {name} has "
            f"{len(values)} values, param_groups has {count}."
        )
    return list(values)


def watch_steps(optimizer: Optimizer) -> None:
    """Have the optimizer note that it has taken a step, so that a wrong order is noticed."""
    step: Callable[..., Any] = optimizer.step
    if hasattr(step, WATCHED):
        return
    function = getattr(step, "__func__", None)
    if function is None:
        return
    owner = ref(optimizer)

    @functools.wraps(function)
    def counted(*args: Any, **kwargs: Any) -> Any:
        found = owner()
        setattr(found, WATCHED, True)
        return function(found, *args, **kwargs)

    setattr(counted, WATCHED, True)
    vars(optimizer)["step"] = counted


def warn_of_order(optimizer: Optimizer) -> None:
    """Warn where the schedule goes on before the optimizer has taken a step."""
    if not hasattr(optimizer.step, WATCHED):
        warnings.warn(
            "Seems like `optimizer.step()` has been overridden after learning rate scheduler "
            "initialization. Please, make sure to call `optimizer.step()` before "
            f"`lr_scheduler.step()`. See more details at {ORDER}",
            UserWarning, stacklevel=3,
        )  # fmt: skip
    elif not hasattr(optimizer, WATCHED):
        warnings.warn(
            "Detected call of `lr_scheduler.step()` before `optimizer.step()`. In PyTorch 1.1.0 "
            "and later, you should call them in the opposite order: `optimizer.step()` before "
            "`lr_scheduler.step()`.  Failure to do this will result in PyTorch skipping the first "
            f"value of the learning rate schedule. See more details at {ORDER}",
            UserWarning, stacklevel=3,
        )  # fmt: skip
