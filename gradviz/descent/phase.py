"""The map of two settings: how a runner ends with each pair of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gradviz.descent.methods import own_settings, shared_settings
from gradviz.descent.number_settings import with_value
from gradviz.descent.objective import Objective, Point
from gradviz.descent.runner import Runner
from gradviz.descent.settings import RunnerSpec
from gradviz.descent.swarm import Progress, onward, together
from gradviz.ops.spec import Array
from gradviz.plan import PlanError

OUTCOMES = ("converged", "slow", "oscillating", "diverged")
SETTLED = 1e-6
"""The share of the fall so far that the last tenth may still bring where one has converged."""
SWAY = 1e-3
"""The share of the fall so far that one must have risen by, in sum, to be called oscillating."""


@dataclass(frozen=True, slots=True, eq=False)
class PhaseMap:
    """How a runner ends with two settings: ``outcomes[row, column]`` is a place in OUTCOMES.

    ``final``: the last loss. Columns are values of the first setting, rows of the second.
    """

    names: tuple[str, str]
    across: tuple[float, ...]
    up: tuple[float, ...]
    outcomes: Array
    final: Array


def outcome(losses: Array) -> Array:
    """How ways end, by their losses, a row a step and a column a way: a place in OUTCOMES.

    ``diverged``: the loss is no usable number, or above where it began. ``oscillating``: it rose
    in a quarter of the last half's steps or more, by a thousandth of the whole fall in sum.
    ``converged``: the last tenth brought less than :data:`SETTLED` of the whole fall. Else
    ``slow``.
    """
    count = len(losses) - 1
    first, last = losses[0], losses[-1]
    with np.errstate(all="ignore"):
        fall = first - losses.min(axis=0)
        rises = np.maximum(np.diff(losses[count // 2 :], axis=0), 0.0)
        rough = (rises > 0).mean(axis=0) >= 0.25
        swaying = rough & (rises.sum(axis=0) > SWAY * fall)
        recent = losses[count - max(1, count // 10)] - last
        settled = np.abs(recent) <= SETTLED * fall
        lost = ~(np.abs(losses).max(axis=0) < 1e12) | ~(last <= first)
    return np.select([lost, swaying, settled & (fall > 0)], [3, 2, 0], default=1)


def phase_map(
    objective: Objective, spec: RunnerSpec, names: tuple[str, str],
    values: tuple[Sequence[float], Sequence[float]], steps: int,
    start: Point | None = None, progress: Progress = onward,
) -> PhaseMap | None:  # fmt: skip
    """How a runner ends with each pair of settings; None where ``progress`` says stop.

    DescentError names a value that a setting cannot have.
    """
    begin = objective.start() if start is None else start
    columns = np.array(values[0], float)
    rows: list[Array] = []
    for done, value in enumerate(values[1], 1):
        each = with_value(spec, names[1], value)
        cells = [with_value(each, names[0], float(c)) for c in columns]
        rows.append(np.stack([lone(objective, cell, begin, steps) for cell in cells], axis=1))
        if not progress(done / len(values[1])):
            return None
    return PhaseMap(
        names, tuple(columns.tolist()), tuple(float(v) for v in values[1]),
        np.array([outcome(losses) for losses in rows]), np.array([r[-1] for r in rows]),
    )  # fmt: skip


def lone(objective: Objective, spec: RunnerSpec, start: Point, steps: int) -> Array:
    """The losses of one runner, held at the last where it has diverged."""
    if (
        objective.batches is None
        and together(spec)
        and spec.schedule is None
        and not shared_settings(spec.optimizer, spec.settings)
    ):
        # One compiled loop serves every learning rate where each step is given its own.
        own = own_settings(spec.optimizer, spec.settings)
        settings = {k: v for k, v in own.items() if k != "lr"}
        rates = [float(spec.setting("lr"))] * (steps + 1)
        try:
            return objective.plan.descend(
                spec.optimizer, settings, steps, start=objective.whole(start), rates=rates,
                history=False,
            ).losses  # fmt: skip
        except PlanError:
            pass  # A point on the way is refused; the runner says how far it came.
    runner = Runner(objective, spec, start)
    runner.advance(steps)
    losses = runner.trajectory.losses
    return np.array(losses + losses[-1:] * (steps + 1 - len(losses)))
