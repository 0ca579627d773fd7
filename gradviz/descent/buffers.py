"""What an optimizer carries from step to step, with its symbol and how it is to be drawn.

By the names that PyTorch gives the entries of an optimizer's state, so that any optimizer which
keeps one of them is drawn and told without a word more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from gradviz.descent.objective import Objective, Point
from gradviz.descent.rule import bound, spec_at
from gradviz.descent.runner import Runner
from gradviz.ops.spec import Array
from gradviz.optim import SGD

Form = Literal["arrow", "square", "number"]


@dataclass(frozen=True, slots=True)
class Kept:
    """What an entry of a state is: how it is written, what it is called, how it is drawn.

    ``form``: an arrow, a square whose half sides are its ``root``, or a mere number.
    ``steps``: it is a step itself, and no gradient. ``corrected``: how it is written divided by
    the share that it has gathered, ``1 - beta ** t`` with the beta of that number.
    """

    symbol: str
    title: str
    form: Form
    root: bool = False
    steps: bool = False
    corrected: tuple[str, int] | None = None


KEPT: Mapping[str, Kept] = {
    "momentum_buffer": Kept("v", "velocity", "arrow"),
    "exp_avg": Kept("m", "mean of gradients", "arrow", corrected=("m̂", 0)),
    "exp_avg_sq": Kept("v", "root of the mean square", "square", True, corrected=("v̂", 1)),
    "max_exp_avg_sq": Kept("v̂", "root of the largest mean square", "square", True),
    "exp_inf": Kept("u", "largest gradient", "square"),
    "square_avg": Kept("s", "root of the mean square", "square", True),
    "grad_avg": Kept("ḡ", "mean of gradients", "arrow"),
    "sum": Kept("s", "root of the sum of squares", "square", True),
    "acc_delta": Kept("u", "root of the mean square of steps", "square", True, steps=True),
    "prev": Kept("g′", "gradient before", "arrow"),
    "step_size": Kept("Δ", "length of steps", "square", steps=True),
    "prev_flat_grad": Kept("g′", "gradient before", "arrow"),
    "d": Kept("−d", "direction", "arrow"),
    "last_way": Kept("−d", "direction", "arrow"),
    "length": Kept("t", "length gone along it", "number"),
    "added": Kept("τ", "added to every curvature", "number"),
}
DIRECTIONS = ("d", "last_way")
"""Kept as they are gone, and not, as gradients are, against that."""
UNLIKE = ("NAdam",)
"""Optimizers that divide their mean of gradients otherwise."""


@dataclass(frozen=True, slots=True)
class Buffer:
    """One thing carried, at a step: the point's numbers of it, by node id, or a single number."""

    symbol: str
    title: str
    form: Form
    value: Point
    steps: bool = False
    corrected: bool = False

    @property
    def number(self) -> float:
        """What a mere number is."""
        return float(next(iter(self.value.values())))


def buffers(runner: Runner, step: int) -> tuple[Buffer, ...]:
    """What the step after ``step`` is taken with: the gradient first, then what is carried.

    As it is once the gradient has been taken into it; at a way's last step, as it was before.
    """
    path = runner.trajectory
    at = path.bounded(step)
    gradient = Buffer("∇J(θ)", "gradient", "arrow", path.gradients[at])
    state = path.states[path.bounded(at + 1)]
    spec, taken = spec_at(runner, at), path.bounded(at + 1) - runner.counted_from(at)
    return gradient, *carried(runner.objective, spec.optimizer, bound(spec), state, taken)


def carried(
    objective: Objective, optimizer: str, settings: Mapping[str, Any],
    state: Mapping[str, Mapping[str, Any]], taken: int,
) -> Iterator[Buffer]:  # fmt: skip
    """The entries of a state that are known, each with its corrected form behind it."""
    names = dict.fromkeys(name for entries in state.values() for name in entries)
    betas = settings.get("betas", ())
    for name in (n for n in names if n in KEPT):
        kept = KEPT[name]
        value = {i: np.asarray(s[name], float) for i, s in state.items() if name in s}
        if kept.form != "number":
            value = shaped(objective, value)
        if name in DIRECTIONS:
            value = {i: -a for i, a in value.items()}
        steps = kept.steps or (name == "momentum_buffer" and optimizer != SGD.__name__)
        yield Buffer(kept.symbol, kept.title, kept.form, rooted(value, kept), steps)
        if kept.corrected and len(betas) == 2 and taken > 0:
            symbol, number = kept.corrected
            if optimizer in UNLIKE and number == 0:
                continue
            share = 1.0 - float(betas[number]) ** taken
            whole = {i: a / share for i, a in value.items()}
            title = f"{kept.title}, corrected"
            yield Buffer(symbol, title, kept.form, rooted(whole, kept), steps, corrected=True)


def rooted(value: Mapping[str, Array], kept: Kept) -> Point:
    """What is drawn of an entry: itself, or its root where it is a mean of squares."""
    with np.errstate(invalid="ignore"):
        return {i: np.sqrt(a) if kept.root else a for i, a in value.items()}


def shaped(objective: Objective, value: Mapping[str, Array]) -> Point:
    """An entry by node id; some optimizers keep one vector for all with the first parameter."""
    sizes = {i: objective.start()[i].shape for i in objective.parameters}
    if all(np.shape(a) == sizes[i] for i, a in value.items()):
        return dict(value)
    (vector,) = value.values()
    found: Point = {}
    begin = 0
    for i, shape in sizes.items():
        end = begin + int(np.prod(shape))
        found[i] = vector[begin:end].reshape(shape)
        begin = end
    return found
