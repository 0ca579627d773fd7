"""What all optimizers share: parameter groups, state, and the step over every parameter.

An optimizer is a class with its settings as data (a form, a command line and the help are made
from them) and one rule, :meth:`Optimizer.update`, on a parameter's array and its gradient.
See https://docs.pytorch.org/docs/stable/optim.html.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, cast

import numpy as np

from gradviz.autograd.mode import enable_grad, no_grad
from gradviz.ops.spec import Array
from gradviz.tensor.tensor import Tensor

State = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting of an optimizer or schedule: its default, bounds, and what it does.

    ``low`` and ``high`` bound a control, not what may be given by hand; ``log``: the control
    runs through powers of ten. A default that is a tuple is as many numbers.
    """

    name: str
    default: Any
    doc: str
    low: float = 0.0
    high: float = 1.0
    log: bool = False
    symbol: str = ""


LR = Setting(
    name="lr", default=1e-3, low=1e-4, high=1.0, log=True, symbol=r"\alpha",
    doc="Learning rate: how far a step goes.",
)  # fmt: skip
WEIGHT_DECAY = Setting(
    name="weight_decay", default=0.0, high=0.5, symbol=r"\lambda",
    doc="Adds this much of the parameter itself to its gradient.",
)  # fmt: skip
MAXIMIZE = Setting(name="maximize", default=False, doc="Climb instead of descend.")


class Optimizer:
    """Base of all optimizers; see the module's text.

    ``params``: tensors, or dicts with ``params`` and settings of their own (parameter groups).
    """

    settings: ClassVar[tuple[Setting, ...]] = ()
    doc: ClassVar[str] = ""
    rule: ClassVar[tuple[str, ...]] = ()
    """The update in LaTeX, a line an assignment, in the symbols of the settings."""

    def __init__(self, params: Iterable[Any], *positional: Any, **given: Any) -> None:
        self.defaults = {s.name: s.default for s in self.settings}
        given.update(zip(self.defaults, positional, strict=False))
        unknown = given.keys() - self.defaults.keys()
        if unknown:
            raise TypeError(
                f"{type(self).__name__} has no setting '{min(unknown)}'; "
                f"it has {', '.join(self.defaults)}"
            )
        self.defaults.update(given)
        self.check(self.defaults)
        self.state: dict[Tensor, State] = {}
        self.param_groups: list[dict[str, Any]] = []
        for group in as_groups(params):
            self.add_param_group(group)

    def check(self, settings: Mapping[str, Any]) -> None:
        """Refuse settings that make no sense, in PyTorch's words."""
        for name, title in (("lr", "learning rate"), ("weight_decay", "weight_decay value"),
                            ("eps", "epsilon value"), ("momentum", "momentum value")):  # fmt: skip
            value = settings.get(name, 0.0)
            if value < 0.0:
                raise ValueError(f"Invalid {title}: {value}")

    def add_param_group(self, group: Mapping[str, Any]) -> None:
        """Add parameters with settings of their own."""
        given = group["params"]
        params = [given] if isinstance(given, Tensor) else list(cast(Iterable[Any], given))
        for param in params:
            if not isinstance(param, Tensor):
                kind = type(param).__name__
                raise TypeError(
                    f"optimizer can only optimize Tensors, but one of the params is {kind}"
                )
            if not param.is_leaf:
                raise ValueError("can't optimize a non-leaf Tensor")
        self.param_groups.append({**self.defaults, **group, "params": params})

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients, or (``set_to_none=False``) fill them with zeros."""
        for _, param in self.parameters():
            if set_to_none or param.grad is None:
                param.grad = None
            else:
                param.grad = Tensor.wrap(np.zeros_like(param.grad.array))

    def parameters(self) -> Iterator[tuple[dict[str, Any], Tensor]]:
        """Each parameter with the group it is in."""
        return ((group, param) for group in self.param_groups for param in group["params"])

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Move every parameter that has a gradient; ``closure`` computes the loss anew first."""
        loss = None
        if closure is not None:
            with enable_grad():
                loss = closure()
        with no_grad(), np.errstate(all="ignore"):
            for group, param in self.parameters():
                if param.grad is not None:
                    self.move(group, param)
        return loss

    def move(self, group: Mapping[str, Any], param: Tensor) -> None:
        """One parameter's step."""
        gradient = -param.grad.array if group.get("maximize") else param.grad.array
        decay = group.get("weight_decay", 0.0)
        if decay:
            gradient = gradient + decay * param.array
        self.update(param.array, gradient, self.state.setdefault(param, {}), group)
        param.bump_version()

    def update(self, param: Array, gradient: Array, state: State, group: Mapping[str, Any]) -> None:
        """Change ``param`` in place; ``state`` is what this parameter's last step left."""
        raise NotImplementedError(f"{type(self).__name__} must say how it updates")

    def state_dict(self) -> dict[str, Any]:
        """Settings and state as plain data, parameters by number."""
        numbers = {param: i for i, (_, param) in enumerate(self.parameters())}
        groups = [
            {
                **{k: v for k, v in g.items() if k != "params"},
                "params": [numbers[p] for p in g["params"]],
            }
            for g in self.param_groups
        ]
        return {
            "state": {numbers[p]: dict(s) for p, s in self.state.items()},
            "param_groups": groups,
        }

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take settings and state from :meth:`state_dict` of an optimizer of the same form."""
        saved: Sequence[Mapping[str, Any]] = state_dict["param_groups"]
        if [len(g["params"]) for g in saved] != [len(g["params"]) for g in self.param_groups]:
            raise ValueError("loaded state dict has a different number of parameter groups")
        for group, new in zip(self.param_groups, saved, strict=True):
            group.update({k: v for k, v in new.items() if k != "params"})
        numbered = [param for _, param in self.parameters()]
        self.state = {numbered[i]: dict(s) for i, s in state_dict["state"].items()}

    def __repr__(self) -> str:
        settings = ", ".join(f"{k}={v}" for k, v in self.defaults.items())
        return f"{type(self).__name__}({settings})"


def as_groups(params: Iterable[Any]) -> list[Mapping[str, Any]]:
    """The parameters as groups."""
    if isinstance(params, Tensor):
        raise TypeError(
            "params argument given to the optimizer should be an iterable of Tensors or dicts, "
            "but got torch.FloatTensor"
        )
    given = list(params)
    if not given:
        raise ValueError("optimizer got an empty parameter list")
    return given if isinstance(given[0], dict) else [{"params": given}]
