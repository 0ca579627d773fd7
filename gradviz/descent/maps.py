"""Maps: how runners with two settings end, from where which bottom is reached, critical points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gradviz.descent.landscape import Range
from gradviz.descent.methods import shared_settings
from gradviz.descent.newton import solved
from gradviz.descent.objective import Objective, Point
from gradviz.descent.point import derivatives, report
from gradviz.descent.runner import Runner
from gradviz.descent.settings import Axis, RunnerSpec
from gradviz.descent.swarm import Progress, onward, swarm, together, with_value
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
        together(spec)
        and spec.schedule is None
        and not shared_settings(spec.optimizer, spec.settings)
    ):
        # One compiled loop serves every learning rate where each step is given its own.
        settings = {k: v for k, v in spec.settings.items() if k != "lr"}
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


@dataclass(frozen=True, slots=True, eq=False)
class Basins:
    """From where which bottom is reached: ``reached[row, column]`` is a place in ``ends``, or −1.

    ``ends``: coordinates on the axes, the most reached first; −1 is where a runner diverged or
    was still on its way. ``losses``: the last loss from each start.
    """

    xs: Array
    ys: Array
    reached: Array
    ends: Array
    losses: Array


def basins(
    objective: Objective, spec: RunnerSpec, axes: Sequence[Axis], ranges: tuple[Range, Range],
    steps: int = 200, resolution: int = 128, progress: Progress = onward,
) -> Basins | None:  # fmt: skip
    """Where a runner ends from each place of a grid; None where ``progress`` says stop.

    DescentError for an optimizer whose many runners cannot take their steps together.
    """
    xs, ys = (np.linspace(low, high, resolution) for low, high in ranges)
    places = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    starts = {i: np.repeat(a[None], len(places), axis=0) for i, a in objective.start().items()}
    for column, axis in enumerate(axes):
        starts[axis.node][(slice(None), *axis.index)] = places[:, column]
    found = swarm(objective, spec, starts, steps, progress)
    if found is None:
        return None
    last = np.stack([found.points[a.node][(slice(None), *a.index)] for a in axes], axis=1)
    scale = np.array([high - low for low, high in ranges])
    _, slopes = objective.plan.gradients(found.points, objective.whole(objective.start()))
    still = np.sqrt(sum((g.reshape(len(g), -1) ** 2).sum(axis=1) for g in slopes.values()))
    settled = still <= 1e-2 * (1.0 + np.abs(found.losses[-1]))
    reached, ends = grouped(last / scale, settled & np.all(np.isfinite(last), axis=1))
    shape = (resolution, resolution)
    return Basins(xs, ys, reached.reshape(shape), ends * scale, found.losses[-1].reshape(shape))


def grouped(points: Array, good: Array, near: float = 0.02) -> tuple[Array, Array]:
    """Which of few ends each point is at, −1 for those not ``good``; ends by how many are there."""
    reached = np.full(len(points), -1)
    ends: list[Array] = []
    left = np.flatnonzero(good)
    while len(left) and len(ends) < 64:
        cells, counts = np.unique(np.round(points[left] / near), axis=0, return_counts=True)
        seed = cells[counts.argmax()] * near
        middle = np.median(points[left][np.abs(points[left] - seed).max(axis=1) <= near], axis=0)
        at = np.abs(points[left] - middle).max(axis=1) <= near
        reached[left[at]] = len(ends)
        ends.append(middle)
        left = left[~at] if at.any() else left[:0]
    return reached, np.array(ends).reshape(-1, points.shape[1])


@dataclass(frozen=True, slots=True)
class Critical:
    """A place where the slope along the axes is zero, and its kind in words."""

    place: tuple[float, float]
    loss: float
    kind: str


def critical_points(
    objective: Objective, axes: Sequence[Axis], ranges: tuple[Range, Range],
    starts: int = 9, progress: Progress = onward,
) -> tuple[Critical, ...] | None:  # fmt: skip
    """Where the slope along two axes is zero within ``ranges``, all else as in the document.

    By Newton's method for the slope from a grid of starts, ``starts`` a side; None where
    ``progress`` says stop. There may be others that no start led to.
    """
    base = objective.start()
    wide = {i: np.asarray(a, np.float64) for i, a in base.items()}
    (left, right), (low, high) = ranges
    scale = np.array([right - left, high - low])
    found: list[Array] = []
    for row, y in enumerate(np.linspace(low, high, starts)):
        for x in np.linspace(left, right, starts):
            place = levelled(objective, axes, wide, np.array([x, y]), scale)
            inside = place is not None and bool(
                np.all((place >= [left, low]) & (place <= [right, high]))
            )
            if (
                place is not None
                and inside
                and all(np.abs((place - other) / scale).max() > 1e-4 for other in found)
            ):
                found.append(place)
        if not progress((row + 1) / starts):
            return None
    reports = [(p, report(objective, axes, objective.moved(wide, axes, tuple(p)))) for p in found]
    points = [Critical((float(p[0]), float(p[1])), r.loss, r.kind) for p, r in reports]
    return tuple(sorted(points, key=lambda c: c.loss))


def levelled(
    objective: Objective, axes: Sequence[Axis], base: Point, place: Array, scale: Array
) -> Array | None:
    """The level place that Newton's method for the slope leads to from ``place``, if any."""
    for _ in range(40):
        _, slope, matrix = derivatives(objective, axes, objective.moved(base, axes, tuple(place)))
        step = solved(matrix, slope)
        if not np.all(np.isfinite(step)):
            return None
        longest = float(np.abs(step / scale).max())
        place = place - step * min(1.0, 0.1 / max(longest, 1e-300))
        if longest < 1e-9:
            return place
        if np.abs(place / scale).max() > 1e3:
            return None
    return None
