"""Schedules made of others: one after the other, or all at once."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Any

from gradviz.optim.lr_scheduler.base import LRScheduler, set_value
from gradviz.optim.lr_scheduler.plateau import ReduceLROnPlateau
from gradviz.optim.optimizer import Optimizer


class Combined(LRScheduler):
    """What the two share: schedules of one optimizer, and their states within the state."""

    _schedulers: Sequence[LRScheduler]

    @property
    def parts(self) -> Sequence[LRScheduler]:
        """The schedules it is made of."""
        return self._schedulers

    def state_dict(self) -> dict[str, Any]:
        """Its own state, and under ``_schedulers`` that of each part."""
        return {**super().state_dict(), "_schedulers": [s.state_dict() for s in self._schedulers]}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take up where another left off."""
        super().load_state_dict({k: v for k, v in state_dict.items() if k != "_schedulers"})
        for part, state in zip(self._schedulers, state_dict["_schedulers"], strict=True):
            part.load_state_dict(state)

    @property
    def finished(self) -> bool:
        """Whether a part has no further step to take."""
        return any(part.finished for part in self._schedulers)


def check_parts(name: str, schedulers: Sequence[Any], optimizer: Any) -> None:
    """Refuse parts that cannot be stepped alike, or belong to different optimizers."""
    for index, part in enumerate(schedulers):
        if not hasattr(part, "optimizer"):
            raise TypeError(f"{name} at index {index} should have `optimizer` as its attribute.")
        if isinstance(part, ReduceLROnPlateau):
            raise ValueError(
                f"{name} does not support `ReduceLROnPlateau` scheduler as it requires additional "
                f"kwargs to be specified when calling `step`, but got one at index {index} in the "
                "given schedulers sequence."
            )
        if optimizer is not part.optimizer:
            raise ValueError(
                f"{name} expects all schedulers to belong to the same optimizer, but got scheduler "
                f"{type(part).__name__} at index {index} has {part.optimizer}, which is different "
                f"from {type(optimizer).__name__}."
            )


class SequentialLR(Combined):
    """https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.SequentialLR.html."""

    doc = "One schedule after the other, each from its own beginning."

    def __init__(
        self, optimizer: Optimizer, schedulers: Sequence[LRScheduler], milestones: list[int],
        last_epoch: int = -1,
    ) -> None:  # fmt: skip
        if not schedulers:
            raise ValueError("SequentialLR expects at least one scheduler, but got no scheduler.")
        check_parts("SequentialLR", schedulers, optimizer)
        if len(milestones) != len(schedulers) - 1:
            raise ValueError(
                "Sequential Schedulers expects number of schedulers provided to be one more than "
                f"the number of milestone points, but got number of schedulers {len(schedulers)} "
                f"and the number of milestones to be equal to {len(milestones)}"
            )
        self._schedulers = schedulers
        self._milestones = milestones
        self.last_epoch = last_epoch + 1
        self.optimizer = optimizer
        for group in optimizer.param_groups:
            set_value(group, "lr", group["initial_lr"])
        for part in schedulers:
            undo(part)
        first = schedulers[bisect_right(milestones, 0)]
        first.initial_step()
        self._last_lr = first.get_last_lr()

    def step(self, epoch: int | None = None) -> None:
        """Go on by one epoch, at a milestone to the start of the next schedule."""
        self.last_epoch += 1
        index = bisect_right(self._milestones, self.last_epoch)
        part = self._schedulers[index]
        if index > 0 and self._milestones[index - 1] == self.last_epoch:
            part.update_lr(0)
        else:
            part.step()
        self._last_lr = part.get_last_lr()


def undo(schedule: LRScheduler) -> None:
    """Take back the step that each schedule takes when it is made."""
    if isinstance(schedule, Combined):
        for part in schedule.parts:
            undo(part)
    elif hasattr(schedule, "last_epoch"):
        schedule.last_epoch -= 1


class ChainedScheduler(Combined):
    """https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ChainedScheduler.html."""

    doc = "Several schedules, each applied to what the one before has set."

    def __init__(
        self, schedulers: Sequence[LRScheduler], optimizer: Optimizer | None = None
    ) -> None:
        if not schedulers:
            raise ValueError(
                "ChainedScheduler expects at least one scheduler to be chained, but got no "
                "scheduler."
            )
        optimizer = optimizer or schedulers[0].optimizer
        check_parts("ChainedScheduler", schedulers, optimizer)
        self._schedulers = schedulers
        self.optimizer = optimizer
        self._last_lr = self.in_groups("lr")

    def step(self, epoch: int | None = None) -> None:
        """Go on by one epoch, each in turn."""
        for part in self._schedulers:
            part.step()
        self._last_lr = self.in_groups("lr")
