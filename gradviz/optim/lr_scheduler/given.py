"""Schedules that are given a function of the step."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from gradviz.optim.lr_scheduler.base import LRScheduler
from gradviz.optim.optimizer import Optimizer

Rule = Callable[[int], float]


class GivenRule(LRScheduler):
    """What the two share: one function a group, kept out of the state unless it has its own."""

    def __init__(
        self, optimizer: Optimizer, lr_lambda: Rule | Sequence[Rule], last_epoch: int = -1
    ) -> None:
        self.optimizer = optimizer
        count = len(optimizer.param_groups)
        if isinstance(lr_lambda, (list, tuple)):
            given = cast("Sequence[Rule]", lr_lambda)
            if len(given) != count:
                raise ValueError(f"Expected {count} lr_lambdas, but got {len(given)}")
            self.lr_lambdas = list(given)
        else:
            self.lr_lambdas = [cast(Rule, lr_lambda)] * count
        self.check_rules()
        super().__init__(optimizer, last_epoch)

    def check_rules(self) -> None:
        """Refuse what cannot be called, where PyTorch does."""

    def factors(self) -> list[float]:
        """What each group's function says now."""
        return [rule(self.last_epoch) for rule in self.lr_lambdas]

    def state_dict(self) -> dict[str, Any]:
        """As of any schedule; of each function only the attributes, where it is an object."""
        state = super().state_dict()
        state["lr_lambdas"] = [
            None if isinstance(rule, types.FunctionType) else dict(vars(rule))
            for rule in self.lr_lambdas
        ]
        return state

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take up where another left off; the functions stay."""
        kept = {k: v for k, v in state_dict.items() if k != "lr_lambdas"}
        super().load_state_dict(kept)
        for rule, attributes in zip(self.lr_lambdas, state_dict["lr_lambdas"], strict=True):
            if attributes is not None:
                vars(rule).update(attributes)


class LambdaLR(GivenRule):
    """https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LambdaLR.html."""

    doc = "Multiplies the first learning rate by a function of the step."

    def get_lr(self) -> list[Any]:
        """The first rates times the factors."""
        self.warn_outside_step()
        return [base * by for base, by in zip(self.base_lrs, self.factors(), strict=True)]


class MultiplicativeLR(GivenRule):
    """https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.MultiplicativeLR.html."""

    doc = "Multiplies the present learning rate by a function of the step."

    def check_rules(self) -> None:
        """Each must be a function."""
        for rule in self.lr_lambdas:
            if not callable(rule):
                raise TypeError(f"lr_lambda should be a function, but got {type(rule).__name__}")

    def get_lr(self) -> list[Any]:
        """The present rates times the factors."""
        self.warn_outside_step()
        rates = self.in_groups("lr")
        if self._is_initial:
            return rates
        return [rate * by for rate, by in zip(rates, self.factors(), strict=True)]
