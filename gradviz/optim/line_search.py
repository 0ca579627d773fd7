"""A line search for the strong Wolfe conditions, as L-BFGS uses it.

Nocedal and Wright, Numerical Optimization, algorithms 3.5 and 3.6, with the safeguards of
minFunc (Schmidt 2005) that PyTorch's has: where it stops decides the whole path after it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from gradviz.ops.spec import Array

SUFFICIENT = 1e-4
FLAT = 0.9


class Probe(NamedTuple):
    """One point on the line: how far along, the loss there, its gradient and slope."""

    t: Any
    loss: float
    gradient: Array
    slope: Any


Evaluate = Callable[[Any], Probe]


class Found(NamedTuple):
    """Where the search ended, and how often it evaluated the loss."""

    probe: Probe
    evaluations: int


@dataclass
class Search:
    """One search from ``start``; ``width``: the largest change of a number per unit of t."""

    evaluate: Evaluate
    start: Probe
    width: Any
    tolerance: float
    limit: int
    tried: int = 0
    evaluations: int = 0

    def probe(self, t: Any) -> Probe:
        """The point at ``t``, counted."""
        self.evaluations += 1
        return self.evaluate(t)

    def too_high(self, probe: Probe) -> bool:
        """Whether the loss did not fall enough for how far the point is."""
        return bool(probe.loss > self.start.loss + SUFFICIENT * probe.t * self.start.slope)

    def flat_enough(self, probe: Probe) -> bool:
        """Whether the slope is small enough beside the first."""
        return bool(abs(probe.slope) <= -FLAT * self.start.slope)

    def run(self, t: Any) -> Found:
        """Bracket a good point, then close in on it."""
        ends = self.bracket(t)
        best = ends[0] if len(ends) == 1 else self.zoom(list(ends))
        return Found(best, self.evaluations)

    def bracket(self, t: Any) -> tuple[Probe, ...]:
        """A point that will do, or two with one between them."""
        before, now = self.start, self.probe(t)
        while self.tried < self.limit:
            if self.too_high(now) or (self.tried > 1 and now.loss >= before.loss):
                return before, now
            if self.flat_enough(now):
                return (now,)
            if now.slope >= 0:
                return before, now
            nearest, farthest = now.t + 0.01 * (now.t - before.t), now.t * 10
            before, now = now, self.probe(cubic_minimum(before, now, nearest, farthest))
            self.tried += 1
        return self.start, now

    def zoom(self, ends: list[Probe]) -> Probe:
        """The lower end once the bracket is closed in on a point that will do."""
        low = 0 if ends[0].loss <= ends[1].loss else 1
        stuck = False
        while self.tried < self.limit:
            near, far = sorted((ends[0].t, ends[1].t))
            if abs(ends[1].t - ends[0].t) * self.width < self.tolerance:
                break
            t, stuck = guarded(cubic_minimum(ends[0], ends[1], near, far), near, far, stuck)
            now = self.probe(t)
            self.tried += 1
            if self.too_high(now) or now.loss >= ends[low].loss:
                ends[1 - low] = now
                low = 0 if ends[0].loss <= ends[1].loss else 1
                continue
            done = self.flat_enough(now)
            if not done and now.slope * (ends[1 - low].t - ends[low].t) >= 0:
                ends[1 - low] = ends[low]
            ends[low] = now
            if done:
                break
        return ends[low]


def guarded(t: Any, near: Any, far: Any, stuck: bool) -> tuple[Any, bool]:
    """``t`` kept a tenth away from the ends where it would hug them, and whether it does."""
    margin = 0.1 * (far - near)
    if not min(far - t, t - near) < margin:
        return t, False
    if not (stuck or t >= far or t <= near):
        return t, True
    return (far - margin if abs(t - far) < abs(t - near) else near + margin), False


def cubic_minimum(a: Probe, b: Probe, low: Any, high: Any) -> Any:
    """Where the cubic through two points and their slopes is least, within ``low`` … ``high``."""
    with np.errstate(all="ignore"):
        lean = a.slope + b.slope - over(3 * (a.loss - b.loss), a.t - b.t)
        square = lean * lean - a.slope * b.slope
    if not square >= 0:
        return (low + high) / 2.0
    root = np.sqrt(square)
    first, last = (a, b) if a.t <= b.t else (b, a)
    gap = (last.slope + root - lean) / (last.slope - first.slope + 2 * root)
    return min(max(last.t - (last.t - first.t) * gap, low), high)


def over(number: float, by: Any) -> Any:
    """``number / by``; PyTorch divides a number by a tensor through the tensor's reciprocal."""
    return number / by if type(by) in (int, float) else 1 / by * number
