"""What all optimizers share: parameter groups, state, and the step over every parameter.

An optimizer is a class with its settings as data and one rule, :meth:`Optimizer.update`, on a
parameter's array and its gradient. See https://docs.pytorch.org/docs/stable/optim.html.
"""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, ClassVar, cast

import numpy as np

from gradviz.autograd.mode import enable_grad, no_grad
from gradviz.ops.dtypes import float64, get_default_dtype
from gradviz.ops.spec import Array
from gradviz.optim.hooks import Hooks
from gradviz.optim.setting import Setting
from gradviz.tensor.tensor import Tensor

State = dict[str, Any]
Closure = Callable[[], Any]
Assignment = tuple[str, str]
"""A name and the expression that it is set to."""


class Required:
    """The default of a setting that each parameter group must give."""

    def __repr__(self) -> str:
        return "<required parameter>"


required = Required()


class Optimizer(Hooks):
    """Base of all optimizers; see the module's text.

    ``params``: tensors, pairs of a name and a tensor, or dicts with ``params`` and settings of
    their own (parameter groups). A class without ``settings`` takes its defaults as one dict, as
    ``torch.optim.Optimizer`` does, and writes its own ``step``.
    """

    settings: ClassVar[tuple[Setting, ...]] = ()
    options: ClassVar[Mapping[str, Any]] = {}
    """Further arguments with their defaults, which no form shows: PyTorch's choices of kernel."""
    doc: ClassVar[str] = ""
    rule: ClassVar[tuple[str, ...]] = ()
    """The update in LaTeX, a line an assignment, in the symbols of the settings; for a class whose
    :meth:`lines` do not say it."""
    kept: ClassVar[Mapping[str, str]] = {}
    """Which entry of the state each further name in :meth:`lines` stands for."""
    needs_closure: ClassVar[bool] = False
    """Whether a step evaluates the loss several times, and must be given the means to."""

    def __init__(self, params: Iterable[Any], *positional: Any, **given: Any) -> None:
        self.keep_hooks()
        self.defaults = self.bind(positional, given)
        check_kernels(type(self).__name__, self.defaults)
        if self.settings:
            self.check(self.defaults)
        self.state: defaultdict[Any, State] = defaultdict(dict)
        self.param_groups: list[dict[str, Any]] = []
        for group in as_groups(params):
            self.add_param_group(group)

    @classmethod
    def bind(cls, positional: tuple[Any, ...], given: dict[str, Any]) -> dict[str, Any]:
        """The settings by name, from a constructor's arguments; TypeError in Python's words."""
        name = cls.__name__
        if not cls.settings and len(positional) == 1 and isinstance(positional[0], dict):
            return dict(cast("dict[str, Any]", positional[0]), **given)
        order = [s.name for s in cls.settings if not s.keyword_only]
        if len(positional) > len(order):
            raise TypeError(
                f"{name}.__init__() takes from 2 to {len(order) + 2} positional arguments but "
                f"{len(positional) + 2} were given"
            )
        values = {s.name: s.default for s in cls.settings} | dict(cls.options)
        bound = dict(zip(order, positional, strict=False))
        for key in given:
            if key not in values:
                raise TypeError(f"{name}.__init__() got an unexpected keyword argument '{key}'")
            if key in bound:
                raise TypeError(f"{name}.__init__() got multiple values for argument '{key}'")
        return values | bound | given

    def check(self, settings: Mapping[str, Any]) -> None:
        """Refuse settings that make no sense, in PyTorch's words."""
        rate = settings.get("lr")
        if isinstance(rate, Tensor) and rate.array.size != 1:
            raise ValueError("Tensor lr must be 1-element")
        for setting in self.settings:
            if setting.title and not settings[setting.name] >= 0.0:
                raise ValueError(f"Invalid {setting.title}: {settings[setting.name]}")
        for index, beta in enumerate(settings.get("betas", ())):
            if not 0.0 <= beta < 1.0:
                raise ValueError(f"Invalid beta parameter at index {index}: {beta}")

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Add parameters with settings of their own; the dict itself becomes the group."""
        if not isinstance(param_group, dict):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(f"param_group must be a dict, but got {type(param_group)}")
        take_params(param_group)
        for param in param_group["params"]:
            check_param(param)
        for name, default in self.defaults.items():
            if default is required and name not in param_group:
                raise ValueError(
                    "parameter group didn't specify a value of required optimization "
                    f"parameter {name}"
                )
            param_group.setdefault(name, default)
        check_membership(param_group, self.param_groups)
        self.param_groups.append(param_group)

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients, or (``set_to_none=False``) fill them with zeros."""
        for group in self.param_groups:
            for param in group["params"]:
                if set_to_none:
                    param.grad = None
                elif param.grad is not None:
                    param.grad = Tensor.wrap(np.zeros_like(param.grad.array))

    def parameters(self) -> Iterator[tuple[dict[str, Any], Tensor]]:
        """Each parameter with the group it is in."""
        return ((group, param) for group in self.param_groups for param in group["params"])

    def step(self, closure: Closure | None = None) -> Any:
        """Move every parameter that has a gradient; ``closure`` computes the loss anew first."""
        loss = None
        if closure is not None:
            with enable_grad():
                loss = closure()
        with no_grad(), np.errstate(all="ignore"):
            for group in self.param_groups:
                self.move_all(with_numbers(group), group["params"])
        return loss

    def move_all(self, group: Mapping[str, Any], params: Iterable[Tensor]) -> None:
        """The step of a group's parameters, of those that have a gradient."""
        for param in params:
            if param.grad is not None:
                self.move(group, param)

    def move(self, group: Mapping[str, Any], param: Tensor) -> None:
        """One parameter's step: turned and decayed as its group says, then :meth:`update`."""
        array = param.array
        gradient = -param.grad.array if group.get("maximize") else param.grad.array
        decay = group.get("weight_decay", 0.0)
        if decay:
            if group.get("decoupled_weight_decay"):
                array *= 1 - group["lr"] * decay
            else:
                gradient = gradient + decay * array
        held = self.state.get(param)
        state = {k: v.array for k, v in held.items()} if held else self.begin(array, group)
        self.update(array, gradient, state, group)
        if state:
            self.state[param] = {k: Tensor.wrap(v) for k, v in state.items()}
        param.bump_version()

    @classmethod
    def assignments(cls, group: Mapping[str, Any], first: bool) -> tuple[Assignment, ...]:
        """One parameter's step, as :meth:`move` takes it; () where :meth:`lines` are."""
        decay, gradient = group.get("weight_decay"), "-g" if group.get("maximize") else "g"
        before: list[Assignment] = []
        if decay and group.get("decoupled_weight_decay"):
            before.append(("theta", "(1 - lr * weight_decay) * theta"))
        elif decay:
            gradient = f"{gradient} + weight_decay * theta"
        if gradient != "g":
            before.append(("d", gradient))
            gradient = "d"
        lines = cls.lines(group, gradient, first)
        return (*before, *lines) if lines else ()

    @classmethod
    def lines(cls, group: Mapping[str, Any], g: str, first: bool) -> tuple[Assignment, ...]:
        """What :meth:`update` does, as assignments, the last to ``theta``; () where not written.

        The expressions use ``g`` (the gradient's name), ``theta``, ``t`` (the step's number), the
        names of settings (``beta1`` and ``beta2`` for ``betas``) and of :attr:`kept`, and ``sqrt``,
        ``abs`` and ``max``. ``first``: at a parameter's first step.
        """
        return ()

    def begin(self, param: Array, group: Mapping[str, Any]) -> State:
        """What :meth:`update` finds in ``state`` at a parameter's first step."""
        return {}

    def update(self, param: Array, gradient: Array, state: State, group: Mapping[str, Any]) -> None:
        """Change ``param`` in place; ``state``: what this parameter's last step left, as arrays.

        Entries of ``state`` are replaced, never written into: whoever keeps an old one keeps it.
        """
        raise NotImplementedError(f"{type(self).__name__} must say how it updates")

    def state_dict(self) -> dict[str, Any]:
        """Settings and state as plain data and tensors, parameters by number."""
        self.announce("before_state")
        numbers: dict[Tensor, int] = {}
        for _, param in self.parameters():
            numbers.setdefault(param, len(numbers))
        groups = [
            {**{k: v for k, v in g.items() if k != "params"},
             "params": [numbers[p] for p in g["params"]]}
            for g in self.param_groups
        ]  # fmt: skip
        state = {numbers.get(p, p): s for p, s in self.state.items()}
        return self.changed_by("after_state", {"state": state, "param_groups": groups})

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take settings and state from :meth:`state_dict` of an optimizer of the same form."""
        state_dict = self.changed_by("before_load", dict(state_dict))
        saved = state_dict["param_groups"]
        if len(saved) != len(self.param_groups):
            raise ValueError("loaded state dict has a different number of parameter groups")
        for mine, theirs in zip(self.param_groups, saved, strict=True):
            if len(mine["params"]) != len(theirs["params"]):
                raise ValueError(
                    "loaded state dict contains a parameter group that doesn't match the size of "
                    "optimizer's group"
                )
        numbers = chain.from_iterable(g["params"] for g in saved)
        params = dict(zip(numbers, (p for _, p in self.parameters()), strict=True))
        self.param_groups = [
            {**theirs, "params": mine["params"]}
            for mine, theirs in zip(self.param_groups, saved, strict=True)
        ]
        self.state = defaultdict(dict)
        for number, entries in state_dict["state"].items():
            param = params.get(number, number)
            self.state[param] = {k: fitted(v, param, k) for k, v in entries.items()}
        self.announce("after_load")

    def __repr__(self) -> str:
        lines = [f"{type(self).__name__} ("]
        for index, group in enumerate(self.param_groups):
            lines.append(f"Parameter Group {index}")
            lines += [f"    {key}: {group[key]}" for key in sorted(group) if key != "params"]
        return "\n".join([*lines, ")"])


def as_groups(params: Iterable[Any]) -> list[dict[str, Any]]:
    """The parameters as groups."""
    if isinstance(params, Tensor):
        raise TypeError(
            "params argument given to the optimizer should be an iterable of Tensors or dicts, "
            f"but got torch.{params.dtype.legacy_name}Tensor"
        )
    given = list(params)
    if not given:
        raise ValueError("optimizer got an empty parameter list")
    return given if isinstance(given[0], dict) else [{"params": given}]


def take_params(group: dict[str, Any]) -> None:
    """Make a group's ``params`` a list of tensors, and set their names apart."""
    given: Any = group["params"]
    if isinstance(given, set):
        raise TypeError(
            "optimizer parameters need to be organized in ordered collections, but the ordering "
            "of tensors in sets will change between runs. Please use a list instead."
        )
    members: list[Any] = [given] if isinstance(given, Tensor) else list(given)
    pairs = [cast("tuple[str, Any]", m) for m in members if isinstance(m, tuple)]
    if pairs and len(pairs) != len(members):
        raise ValueError(
            "all optimizer params should be with/without names. Some param names are missing"
        )
    group["params"] = [p for _, p in pairs] or members
    if pairs:
        group["param_names"] = [n for n, _ in pairs]


def check_kernels(name: str, settings: Mapping[str, Any]) -> None:
    """Refuse choices of kernels that exclude each other, and steps that are to be recorded."""
    if settings.get("fused") and settings.get("differentiable"):
        raise RuntimeError("`fused` does not support `differentiable`")
    if settings.get("fused") and settings.get("foreach"):
        raise RuntimeError("`fused` and `foreach` cannot be `True` together.")
    if settings.get("differentiable"):
        raise NotImplementedError(
            f"{name} does not offer differentiable=True: its steps are not recorded. Write the "
            "step in tensor operations (param - lr * grad) to differentiate through it"
        )


def check_param(param: Any) -> None:
    """Refuse what no optimizer can move."""
    if not isinstance(param, Tensor):
        raise TypeError(
            f"optimizer can only optimize Tensors, but one of the params is {type_name(param)}"
        )
    if not param.is_leaf:
        raise ValueError("can't optimize a non-leaf Tensor")


def type_name(value: object) -> str:
    """The type of a value, with its module where it is not Python's own."""
    kind = type(value)
    own = kind.__module__ == "builtins"
    return kind.__qualname__ if own else f"{kind.__module__}.{kind.__qualname__}"


def check_membership(group: Mapping[str, Any], others: list[dict[str, Any]]) -> None:
    """Refuse a parameter that is in another group already; warn where it is twice in its own."""
    params: list[Tensor] = group["params"]
    if len(params) != len(set(params)):
        warnings.warn(
            "optimizer contains a parameter group with duplicate parameters; in future, this will "
            "cause an error; see github.com/pytorch/pytorch/issues/40967 for more information",
            stacklevel=4,
        )
    for other in others:
        if ("param_names" in group) != ("param_names" in other):
            kind = "with names" if "param_names" in group else "without names"
            raise ValueError(
                "all optimizer param groups should be with/without names. cannot add param group "
                f"{kind} to the optimizer"
            )
    if not set(params).isdisjoint(chain.from_iterable(o["params"] for o in others)):
        raise ValueError("some parameters appear in more than one parameter group")


def with_numbers(group: dict[str, Any]) -> Mapping[str, Any]:
    """A group with the settings that were given as tensors turned into numbers."""
    for value in group.values():
        if isinstance(value, Tensor):
            break
    else:
        return group
    return {k: v.array.item() if isinstance(v, Tensor) else v for k, v in group.items()}


def fitted(value: Any, param: Any, key: str = "") -> Any:
    """A loaded value in the type of its parameter; counts of steps stay as they are."""
    if not isinstance(value, Tensor) or not isinstance(param, Tensor) or key == "step":
        return value
    kind = param.array.dtype
    return value if value.array.dtype == kind else Tensor.wrap(value.array.astype(kind))


def counter(value: float) -> Array:
    """A number kept between steps as PyTorch keeps it: 0-d, in single precision by default."""
    return np.array(value, np.float64 if get_default_dtype() is float64 else np.float32)


def lerp(start: Array, end: Array, weight: float) -> Array:
    """From ``start`` towards ``end``, from whichever end rounds less, as PyTorch does."""
    if weight < 0.5:
        between = end - start
        between *= weight
        between += start
        return between
    return end - (end - start) * (1 - weight)
