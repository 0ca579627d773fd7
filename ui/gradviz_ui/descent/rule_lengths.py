"""Of which numbers a rule is told, where there are more than it can show, and how long all are."""

from collections.abc import Mapping

import numpy as np

from gradviz.descent import Objective, Runner
from gradviz.descent.buffers import buffers
from gradviz.ops.spec import Array

from ..numbers import short
from .race import Race
from .rule_figures import Figure


def lengths(race: Race) -> tuple[Figure, ...]:
    """Which numbers stand in the rule, and the length of each whole vector at this step.

    None where the rule shows all numbers there are.
    """
    runner, descent = race.runner, race.descent
    if runner is None or descent is None or runner.problem or not runner.trajectory.points:
        return ()
    count = sum(np.size(a) for a in runner.trajectory.points[0].values())
    if count <= len(race.axes):
        return ()
    return said(descent.objective, race, count), *whole(runner, race.at(runner.trajectory))


def said(objective: Objective, race: Race, count: int) -> Figure:
    """Which numbers those in the rule are."""
    names = ", ".join(objective.axis_name(a) for a in race.axes)
    return Figure("", f"numbers of {names}; lengths of all {count}:", "mute", "")


def whole(runner: Runner, step: int) -> list[Figure]:
    """The length of the point, the gradient, all that is carried, and the step."""
    path = runner.trajectory
    at = path.bounded(step)
    gradient, *carried = buffers(runner, step)
    found = [
        Figure("‖θ‖", short(length(path.points[at]))),
        Figure(f"‖{gradient.symbol}‖", short(length(gradient.value)), "grad"),
    ]
    for buffer in carried:
        if buffer.form != "number" and not buffer.corrected:
            root = "√" if buffer.title.startswith("root") else ""
            found.append(Figure(f"‖{root}{buffer.symbol}‖", short(length(buffer.value))))
    if at + 1 < len(path):
        here, there = path.points[at], path.points[at + 1]
        step_taken = {
            i: np.asarray(there[i], float) - np.asarray(a, float) for i, a in here.items()
        }
        found.append(Figure("‖Δθ‖", short(length(step_taken)), "val"))
    return found


def length(vector: Mapping[str, Array]) -> float:
    """The length of all numbers of a vector together."""
    with np.errstate(all="ignore"):
        squares = (float(np.square(a, dtype=np.float64).sum()) for a in vector.values())
        return float(np.sqrt(sum(squares)))
