"""The update rule of a runner as an expression with this step's numbers in it.

Each line is written once, as text; the numbers shown are what that text comes to, and a test
holds it against the step the optimizer really took.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from gradviz.descent.objective import Point
from gradviz.descent.runner import Runner
from gradviz.descent.settings import Axis, RunnerSpec
from gradviz.ops.spec import Array

Number = float | Array

SYMBOLS: Mapping[str, str] = {
    "theta": "θ", "g": "∇J(θ)", "d": "d", "alpha": "α", "mu": "μ", "tau": "τ", "decay": "λ",
    "beta1": "β₁", "beta2": "β₂", "t": "t", "eps": "ε", "rho": "ρ", "eta": "η", "m": "m",
    "v": "v", "s": "s", "mean": "ḡ", "b": "b", "top": "v̂",
}  # fmt: skip
"""How each name of a rule is written."""

BUFFERS: Mapping[str, Mapping[str, str]] = {
    "SGD": {"v": "momentum_buffer"},
    "Adam": {"m": "exp_avg", "v": "exp_avg_sq", "top": "max_exp_avg_sq"},
    "RMSprop": {"s": "square_avg", "mean": "grad_avg", "b": "momentum_buffer"},
    "Adagrad": {"s": "sum"},
}
"""Where an optimizer keeps what a rule calls by name."""

SETTINGS: Mapping[str, str] = {
    "momentum": "mu", "dampening": "tau", "weight_decay": "decay", "eps": "eps", "alpha": "rho",
    "lr_decay": "eta",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """``target ← expression``, in the names of :data:`SYMBOLS`."""

    target: str
    expression: str

    @property
    def tree(self) -> ast.expr:
        """The expression, parsed."""
        return ast.parse(self.expression, mode="eval").body


@dataclass(frozen=True, slots=True)
class Applied:
    """A line with the numbers that went in, by name, and what came out."""

    line: Line
    values: Mapping[str, Number]
    result: Number


def rule_of(spec: RunnerSpec, first: bool = False) -> tuple[Line, ...]:
    """The lines of a runner's update; ``first``: of its first step. None for some optimizers."""
    if spec.optimizer not in RULES:
        return ()
    lines: list[Line] = []
    gradient = "g"
    if spec.setting("maximize"):
        gradient = "-g"
    if spec.setting("weight_decay"):
        gradient = f"{gradient} + decay * theta"
    if gradient != "g":
        lines.append(Line("d", gradient))
        gradient = "d"
    return (*lines, *RULES[spec.optimizer](spec, gradient, first))


def sgd(spec: RunnerSpec, g: str, first: bool) -> list[Line]:
    """The first velocity is the gradient itself."""
    if not spec.setting("momentum"):
        return [Line("theta", f"theta - alpha * {g}")]
    fresh = f"(1 - tau) * {g}" if spec.setting("dampening") else g
    velocity = Line("v", g if first else f"mu * v + {fresh}")
    way = f"({g} + mu * v)" if spec.setting("nesterov") else "v"
    return [velocity, Line("theta", f"theta - alpha * {way}")]


def adam(spec: RunnerSpec, g: str, first: bool) -> list[Line]:
    """Both means are corrected for having started at zero."""
    lines = [
        Line("m", f"beta1 * m + (1 - beta1) * {g}"),
        Line("v", f"beta2 * v + (1 - beta2) * {g} ** 2"),
    ]
    square = "v"
    if spec.setting("amsgrad"):
        square = "top"
        lines.append(Line("top", "v" if first else "max(top, v)"))
    step = f"(m / (1 - beta1 ** t)) / (sqrt({square} / (1 - beta2 ** t)) + eps)"
    return [*lines, Line("theta", f"theta - alpha * ({step})")]


def rmsprop(spec: RunnerSpec, g: str, first: bool) -> list[Line]:
    """``eps`` is added outside the root."""
    lines = [Line("s", f"rho * s + (1 - rho) * {g} ** 2")]
    spread = "s"
    if spec.setting("centered"):
        lines.append(Line("mean", f"rho * mean + (1 - rho) * {g}"))
        spread = "s - mean ** 2"
    step = f"{g} / (sqrt({spread}) + eps)"
    if spec.setting("momentum"):
        return [*lines, Line("b", f"mu * b + {step}"), Line("theta", "theta - alpha * b")]
    return [*lines, Line("theta", f"theta - alpha * ({step})")]


def adagrad(spec: RunnerSpec, g: str, first: bool) -> list[Line]:
    """The sum of squares only grows, so steps only shrink."""
    rate = "alpha / (1 + (t - 1) * eta)" if spec.setting("lr_decay") else "alpha"
    return [
        Line("s", f"s + {g} ** 2"),
        Line("theta", f"theta - {rate} * ({g} / (sqrt(s) + eps))"),
    ]


RULES: Mapping[str, Callable[[RunnerSpec, str, bool], list[Line]]] = {
    "SGD": sgd, "Adam": adam, "RMSprop": rmsprop, "Adagrad": adagrad,
}  # fmt: skip


def applied_rule(runner: Runner, axes: Sequence[Axis], step: int) -> tuple[Applied, ...]:
    """The update from ``step`` to the step after it, in the numbers of ``axes``.

    Empty for an optimizer whose rule is not written in :data:`RULES`.
    """
    if runner.spec.optimizer not in RULES:
        return ()
    lines = rule_of(spec_at(runner, step), step == 0)
    values = numbers_at(runner, axes, step) if lines else {}
    found: list[Applied] = []
    for line in lines:
        before = dict(values)
        with np.errstate(all="ignore"):
            values[line.target] = evaluate(line.tree, values)
        found.append(Applied(line, before, values[line.target]))
    return tuple(found)


def spec_at(runner: Runner, step: int) -> RunnerSpec:
    """The runner's settings as its schedule has set them by ``step``."""
    path = runner.trajectory
    moved = path.settings[path.bounded(step)]
    return replace(runner.spec, settings=MappingProxyType({**runner.spec.settings, **moved}))


def numbers_at(runner: Runner, axes: Sequence[Axis], step: int) -> dict[str, Number]:
    """What each name of the rule stands for before the step is taken."""
    spec, path = spec_at(runner, step), runner.trajectory
    at = path.bounded(step)
    values: dict[str, Number] = {
        short: float(spec.setting(name))
        for name, short in SETTINGS.items()
        if spec.setting(name) is not None
    }
    values["alpha"], values["t"] = path.rates[at], float(at + 1)
    betas: tuple[float, ...] = spec.setting("betas") or ()
    values |= {f"beta{i}": beta for i, beta in enumerate(betas, start=1)}
    values["theta"] = picked(path.points[at], axes)
    values["g"] = picked(path.gradients[at], axes)
    start = float(spec.setting("initial_accumulator_value") or 0.0)
    for short, key in BUFFERS[spec.optimizer].items():
        fresh: Point = {i: np.full_like(a, start) for i, a in path.points[at].items()}
        kept = {i: state[key] for i, state in path.states[at].items() if key in state}
        values[short] = picked(fresh | kept, axes)
    return values


def picked(point: Mapping[str, Array], axes: Sequence[Axis]) -> Array:
    """The numbers on the axes, in double precision."""
    return np.array([float(point[a.node][a.index]) for a in axes])


def evaluate(tree: ast.expr, values: Mapping[str, Number]) -> Number:
    """What an expression of a rule comes to; ValueError for anything a rule does not use."""
    match tree:
        case ast.Name(id=name):
            return values[name]
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -evaluate(operand, values)
        case ast.BinOp(left=left, op=operator, right=right):
            return OPERATORS[type(operator)](evaluate(left, values), evaluate(right, values))
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return FUNCTIONS[name](*(evaluate(a, values) for a in arguments))
        case _:
            raise ValueError(f"a rule cannot hold {ast.unparse(tree)}")


OPERATORS: Mapping[type[ast.operator], Callable[[Any, Any], Number]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.Pow: lambda a, b: a**b,
}
FUNCTIONS: Mapping[str, Callable[..., Number]] = {"sqrt": np.sqrt, "max": np.maximum}
