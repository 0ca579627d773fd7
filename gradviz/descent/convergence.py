"""How fast a runner closes in, foretold by the curvature and measured on its way.

Polyak, Some methods of speeding up the convergence of iteration methods (1964); Lessard, Recht
and Packard (2016) for Nesterov's momentum on a parabola.
"""

from __future__ import annotations

import numpy as np

from gradviz.descent.history import lengths
from gradviz.descent.settings import RunnerSpec
from gradviz.descent.trajectory import Trajectory
from gradviz.ops.spec import Array

TAIL = 20
"""Over how many steps a rate is measured."""


def largest_stable_rate(spec: RunnerSpec, eigenvalues: Array) -> float | None:
    """The learning rate above which a runner leaves the bottom of a parabola.

    ``eigenvalues``: of its Hessian. None where no rate keeps it there (the loss curves downwards
    some way), where any does (it is flat), and for an optimizer of which it is not known: all but
    SGD without dampening.
    """
    top, low = float(np.max(eigenvalues)), float(np.min(eigenvalues))
    if spec.optimizer != "SGD" or spec.setting("dampening") or spec.setting("maximize"):
        return None
    decay = float(spec.setting("weight_decay") or 0.0)
    top, low = top + decay, low + decay
    if top <= 0.0 or low < -1e-9 * top:
        return None
    momentum = float(spec.setting("momentum"))
    if spec.setting("nesterov"):
        return (2.0 + 2.0 * momentum) / ((1.0 + 2.0 * momentum) * top)
    return (2.0 + 2.0 * momentum) / top


def foretold(spec: RunnerSpec, eigenvalues: Array, rate: float | None = None) -> float | None:
    """By what the distance to the bottom of a parabola shrinks each step, in the long run.

    Above 1 it grows. ``rate``: the learning rate, where a schedule has moved it. None for an
    optimizer of which it is not known, as for :func:`largest_stable_rate`, and Newton's.
    """
    if spec.setting("maximize") or spec.setting("dampening"):
        return None
    if spec.optimizer == "Newton" and np.min(eigenvalues) > 0 and not spec.setting("damping"):
        return abs(1.0 - float(spec.setting("lr") if rate is None else rate))
    if spec.optimizer != "SGD":
        return None
    lr = float(spec.setting("lr") if rate is None else rate)
    momentum = float(spec.setting("momentum"))
    decay = float(spec.setting("weight_decay") or 0.0)
    curvatures = np.asarray(eigenvalues, float) + decay
    return float(max(radius(lr * c, momentum, bool(spec.setting("nesterov"))) for c in curvatures))


def radius(step: float, momentum: float, nesterov: bool) -> float:
    """The largest eigenvalue in size of a step of momentum along one curvature.

    ``step``: learning rate times curvature.
    """
    shrunk = (1.0 - step) if nesterov else 1.0
    trace = 1.0 + momentum - step - (momentum * step if nesterov else 0.0)
    return float(np.abs(np.roots([1.0, -trace, momentum * shrunk])).max())


def measured(path: Trajectory, step: int | None = None, tail: int = TAIL) -> float | None:
    """By what steps have shrunk of late, each against the one before: their geometric mean.

    On the way to a bottom that is the rate at which the distance to it shrinks. ``step``: by
    default the last. None where there are too few steps, or one had no length.
    """
    end = path.bounded(len(path) - 1 if step is None else step)
    lengths = step_lengths(path, max(0, end - tail - 1), end)
    if len(lengths) < 2 or not np.all(np.isfinite(lengths)) or not np.all(lengths > 0):
        return None
    return float((lengths[-1] / lengths[0]) ** (1.0 / (len(lengths) - 1)))


def step_lengths(path: Trajectory, begin: int = 0, end: int | None = None) -> Array:
    """How far each step has moved all parameters together."""
    return lengths(path.points[begin : None if end is None else end + 1], apart=True)
