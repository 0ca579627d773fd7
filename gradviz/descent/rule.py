"""The update rule of a runner as an expression with this step's numbers in it.

Each line is written once, as text; the numbers shown are what that text comes to, and a test
holds it against the step the optimizer really took.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import Any

import numpy as np

from gradviz.descent.methods import RUNNERS, own_settings, settings_of, shared_settings
from gradviz.descent.runner import Runner
from gradviz.descent.settings import Axis, RunnerSpec
from gradviz.ops.spec import Array

Number = float | Array

SYMBOLS: Mapping[str, str] = {
    "theta": "θ", "g": "∇J(θ)", "beta1": "β₁", "beta2": "β₂", "mean": "ḡ", "top": "v̂", "delta": "Δ",
    "c": "ĝ", "norm": "‖ĝ‖",
}  # fmt: skip
"""How names of rules are written that are neither settings nor written as they are."""

LETTERS: Mapping[str, str] = {
    r"\alpha": "α", r"\epsilon": "ε", r"\eta": "η", r"\lambda": "λ", r"\mu": "μ", r"\rho": "ρ",
    r"\tau": "τ",
}  # fmt: skip
"""The symbols of settings, as characters."""


@cache
def parsed(expression: str) -> ast.expr:
    """An expression as a tree; there are few, and each is asked for at every step looked at."""
    return ast.parse(expression, mode="eval").body


@dataclass(frozen=True, slots=True)
class Line:
    """``target ← expression``, in the names of :meth:`gradviz.optim.Optimizer.lines`."""

    target: str
    expression: str

    @property
    def tree(self) -> ast.expr:
        """The expression, parsed."""
        return parsed(self.expression)


@dataclass(frozen=True, slots=True)
class Applied:
    """A line with the numbers that went in and the symbols, by name, and what came out."""

    line: Line
    values: Mapping[str, Number]
    result: Number
    symbols: Mapping[str, str]


def rule_of(spec: RunnerSpec, first: bool = False) -> tuple[Line, ...]:
    """The lines of a runner's update; ``first``: of its first step.

    None for an optimizer that does not write its own, and is shown by its LaTeX alone.
    """
    lines = tuple(Line(*pair) for pair in RUNNERS[spec.optimizer].assignments(bound(spec), first))
    before = prepared(shared_settings(spec.optimizer, spec.settings))
    if not lines or not before:
        return lines
    return (*before, *(Line(x.target, re.sub(r"\bg\b", "c", x.expression)) for x in lines))


def prepared(shared: Mapping[str, float]) -> tuple[Line, ...]:
    """What is done to the gradient before an optimizer gets it, as assignments to ``c``."""
    expressions: list[str] = []
    if "clip_value" in shared:
        expressions.append("min(max(g, -clip_value), clip_value)")
    if "clip_norm" in shared:
        expressions.append("g * min(1, clip_norm / (norm + 0.000001))")
    if "weight_decay" in shared:
        expressions.append("g + weight_decay * theta")
    later = [re.sub(r"\bg\b", "c", e) for e in expressions[1:]]
    return tuple(Line("c", e) for e in [*expressions[:1], *later])


def bound(spec: RunnerSpec) -> dict[str, Any]:
    """Every setting by name: as given, or the default."""
    return RUNNERS[spec.optimizer].bind((), own_settings(spec.optimizer, spec.settings))


def symbols_of(spec: RunnerSpec, lines: Sequence[Line]) -> dict[str, str]:
    """How each name in the lines is written."""
    letters = {s.name: LETTERS[s.symbol] for s in settings_of(spec.optimizer)
               if s.symbol in LETTERS}  # fmt: skip
    known = {**letters, **SYMBOLS}
    names = {n.id for line in lines for n in ast.walk(line.tree) if isinstance(n, ast.Name)}
    names.update(line.target for line in lines)
    return {n: known.get(n, n) for n in names - FUNCTIONS.keys()}


def applied_rule(runner: Runner, axes: Sequence[Axis], step: int) -> tuple[Applied, ...]:
    """The update from ``step`` to the step after it, in the numbers of ``axes``.

    Empty for an optimizer that does not write its lines.
    """
    at = runner.trajectory.bounded(step)
    spec, values = spec_at(runner, step), numbers_at(runner, axes, step)
    # What a setting changed on the way asks for may not be kept yet: then it is begun here.
    begins = any(n not in values for n in kept_names(spec))
    lines = rule_of(spec, begins or at == runner.counted_from(at))
    symbols = symbols_of(spec, lines)
    found: list[Applied] = []
    for line in lines:
        before = dict(values)
        with np.errstate(all="ignore"):
            values[line.target] = evaluate(line.tree, values)
        found.append(Applied(line, before, values[line.target], symbols))
    return tuple(found)


def kept_names(spec: RunnerSpec) -> set[str]:
    """The names in a rule of what its optimizer carries from step to step."""
    read = {n.id for x in rule_of(spec) for n in ast.walk(x.tree) if isinstance(n, ast.Name)}
    return read & set(RUNNERS[spec.optimizer].kept)


def spec_at(runner: Runner, step: int) -> RunnerSpec:
    """The runner's settings as its schedule has set them by ``step``."""
    path = runner.trajectory
    moved = path.settings[path.bounded(step)]
    spec = runner.spec.at(path.bounded(step))
    return replace(spec, settings=MappingProxyType({**spec.settings, **moved}))


def numbers_at(runner: Runner, axes: Sequence[Axis], step: int) -> dict[str, Number]:
    """What each name of the rule stands for before the step is taken."""
    spec, path = spec_at(runner, step), runner.trajectory
    kind, at = RUNNERS[spec.optimizer], path.bounded(step)
    settings = bound(spec)
    values: dict[str, Number] = {
        name: float(value) for name, value in settings.items() if isinstance(value, int | float)
    }
    values |= {f"beta{i}": beta for i, beta in enumerate(settings.get("betas", ()), start=1)}
    values |= {"lr": path.rates[at], "t": float(at + 1 - runner.counted_from(at))}
    shared = shared_settings(spec.optimizer, spec.settings)
    values |= shared
    values["theta"] = picked(path.points[at], axes)
    values["g"] = picked(path.gradients[at], axes)
    if "clip_norm" in shared:
        values["norm"] = clipped_norm(path.gradients[at], shared.get("clip_value", np.inf))
    optimizer = kind.__new__(kind)
    states = {
        i: optimizer.begin(array, settings) | path.states[at].get(i, {})
        for i, array in path.points[at].items()
    }
    for name, entry in kind.kept.items():
        if all(entry in state for state in states.values()):
            values[name] = picked({i: state[entry] for i, state in states.items()}, axes)
    return values


def clipped_norm(gradients: Mapping[str, Array], bound: float) -> float:
    """The length of all gradients together, each number between ± ``bound``."""
    return float(np.sqrt(sum((np.clip(g, -bound, bound) ** 2).sum() for g in gradients.values())))


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
FUNCTIONS: Mapping[str, Callable[..., Number]] = {
    "sqrt": np.sqrt,
    "abs": np.abs,
    "max": np.maximum,
    "min": np.minimum,
}
