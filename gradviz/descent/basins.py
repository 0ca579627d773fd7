"""Basins of attraction: from where on the plane which lowest place is reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gradviz.descent.landscape import Range
from gradviz.descent.objective import Objective, Point
from gradviz.descent.settings import Axis, RunnerSpec
from gradviz.descent.swarm import Progress, Swarm, onward, swarm, usable_columns
from gradviz.ops.spec import Array

UNDER_WAY, DIVERGED = -1, -2
"""What ``Basins.reached`` says of a start that led to no lowest place."""
NEAR = 0.01
"""Ends closer than this share of the picture are one."""
ROUGH, FINE = (8, (0.015,)), (64, (0.015, 0.005, 0.0015))
"""In how many directions, and how far as shares of the picture, nothing may be lower."""


@dataclass(frozen=True, slots=True)
class End:
    """A lowest place that runners came to: where, the loss there, and from how many starts."""

    place: tuple[float, float]
    loss: float
    starts: int


@dataclass(frozen=True, slots=True, eq=False)
class Basins:
    """From where which lowest place is reached.

    ``reached[row, column]``: a place in ``ends``, which are sorted by how many starts lead there;
    else :data:`UNDER_WAY` (still moving, or stuck where it is flat) or :data:`DIVERGED`.
    ``losses``: the last loss from each start.
    """

    xs: Array
    ys: Array
    reached: Array
    ends: tuple[End, ...]
    losses: Array

    def share(self, index: int) -> float:
        """The share of the starts that end there; an index as in ``reached``."""
        return np.count_nonzero(self.reached == index) / self.reached.size


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
    last, scale = last.astype(float), np.array([high - low for low, high in ranges])
    corner = np.array([low for low, _ in ranges])
    lost = ~usable_columns(found.losses[-1], found.points)
    there = standing(objective, found, lost)
    there[there] = lowest(objective, axes, *of(found, there), scale, *ROUGH)
    groups = grouped((last - corner) / scale, there)
    best = np.array([g[found.losses[-1, g].argmin()] for g in groups], int)
    real = lowest(objective, axes, *of(found, best), scale, *FINE)
    reached = np.where(lost, DIVERGED, UNDER_WAY)
    ends: list[End] = []
    for index in np.flatnonzero(real).tolist():
        reached[groups[index]] = len(ends)
        place, loss = last[best[index]].tolist(), float(found.losses[-1, best[index]])
        ends.append(End((place[0], place[1]), loss, len(groups[index])))
    shape = (resolution, resolution)
    return Basins(xs, ys, reached.reshape(shape), tuple(ends), found.losses[-1].reshape(shape))


def standing(objective: Objective, found: Swarm, lost: Array) -> Array:
    """Which runners go no lower: no slope is left, or the last quarter brought next to nothing."""
    losses = found.losses
    _, slopes = objective.plan.gradients(found.points, objective.whole(objective.start()))
    with np.errstate(all="ignore"):
        steep = np.sqrt(sum((g.reshape(len(g), -1) ** 2).sum(axis=1) for g in slopes.values()))
        still = steep <= 1e-2 * (1.0 + np.abs(losses[-1]))
        begin = max(1, len(losses) * 3 // 4)
        before = losses[:begin].min(axis=0)
        gained = before - losses[begin:].min(axis=0) if begin < len(losses) else np.inf
        spent = gained <= 1e-4 * (1.0 + np.abs(before))
    return (still | spent) & ~lost


def of(found: Swarm, which: Array) -> tuple[Point, Array]:
    """Where some of the runners have come to, and the losses there."""
    return {i: a[which] for i, a in found.points.items()}, found.losses[-1, which]


def lowest(
    objective: Objective, axes: Sequence[Axis], points: Point, losses: Array, scale: Array,
    directions: int, reaches: Sequence[float],
) -> Array:  # fmt: skip
    """Which of many points have nothing lower around them along the axes, and something higher."""
    if not len(losses):
        return np.zeros(0, bool)
    least = 1e-6 * (1.0 + np.abs(losses))
    turns = np.linspace(0, 2 * np.pi, directions, endpoint=False)
    ring = np.stack([np.cos(turns), np.sin(turns)], axis=1) * scale
    good, higher = np.ones(len(losses), bool), np.zeros(len(losses), bool)
    base = objective.whole(objective.start())
    for step in np.concatenate([ring * reach for reach in reaches]):
        beside = {i: np.array(a) for i, a in points.items()}
        for axis, length in zip(axes, step, strict=True):
            beside[axis.node][(slice(None), *axis.index)] += length
        with np.errstate(all="ignore"):
            there = objective.plan.values(beside, base)
        good &= ~(there < losses - least)
        higher |= there > losses + least
    return good & higher


def grouped(shares: Array, good: Array) -> list[Array]:
    """Which of the ``good`` points lie together, the largest group first.

    ``shares``: places as shares of the picture; what lies a whole picture outside is left out.
    """
    inside = good & (np.abs(shares - 0.5) < 1.5).all(axis=1)
    chosen = np.flatnonzero(inside)
    cells: dict[tuple[int, int], list[int]] = {}
    columns = np.floor(shares[chosen] / NEAR).astype(int).tolist()
    for index, (x, y) in zip(chosen.tolist(), columns, strict=True):
        cells.setdefault((x, y), []).append(index)
    groups: list[Array] = []
    while cells:
        cell, members = cells.popitem()
        group, edge = list(members), [cell]
        while edge:
            x, y = edge.pop()
            for beside in [(x + i, y + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]:
                if beside in cells:
                    group += cells.pop(beside)
                    edge.append(beside)
        groups.append(np.array(sorted(group)))
    return sorted(groups, key=len, reverse=True)
