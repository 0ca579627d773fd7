"""What kind of place a point of the landscape is: gradient, curvature, and what they mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gradviz.autograd.backward import grad
from gradviz.descent.objective import Objective
from gradviz.descent.settings import Axis
from gradviz.ops.spec import Array
from gradviz.tensor.tensor import Tensor

FLAT = 1e-3
"""A gradient below this counts as none, as does what it promises, relative to one plus the loss."""


@dataclass(frozen=True, slots=True)
class PointReport:
    """Gradient and Hessian along some directions, and what follows from them.

    ``eigenvectors``: of the Hessian, a column for each of the ``eigenvalues``, which rise.
    ``condition``: the ratio of the largest to the smallest curvature in size. ``largest_rate``:
    the learning rate below which plain gradient descent, on the parabola that fits here, stays
    near its bottom, and above which it leaves it; None where there is no such rate, because the
    loss curves upwards no way, or downwards some way, along which every rate leads off.
    """

    loss: float
    gradient: Array
    hessian: Array
    eigenvalues: Array
    condition: float
    kind: str
    largest_rate: float | None
    eigenvectors: Array


def report(objective: Objective, axes: Sequence[Axis], point: Mapping[str, Array]) -> PointReport:
    """What kind of place ``point`` is, seen along ``axes``."""
    return judged(*derivatives(objective, axes, point))


def judged(loss: float, gradient: Array, hessian: Array) -> PointReport:
    """What kind of place has this loss, gradient and Hessian, along whatever directions."""
    if not np.all(np.isfinite(hessian)):
        unknown = np.full(len(gradient), np.nan)
        return PointReport(
            loss, gradient, hessian, unknown, float("nan"), "not a number here", None,
            np.full(hessian.shape, np.nan),
        )  # fmt: skip
    eigenvalues, eigenvectors = np.linalg.eigh(hessian)
    sizes = np.abs(eigenvalues)
    condition = float(sizes.max() / sizes.min()) if sizes.min() > 0 else float("inf")
    top = float(eigenvalues.max())
    low = float(eigenvalues.min())
    rate = 2.0 / top if top > 0 and low >= -1e-9 * top else None
    kind = kind_of(loss, gradient, eigenvalues)
    return PointReport(loss, gradient, hessian, eigenvalues, condition, kind, rate, eigenvectors)


def derivatives(
    objective: Objective, axes: Sequence[Axis], point: Mapping[str, Array]
) -> tuple[float, Array, Array]:
    """The loss, and its first and second derivatives along the axes, both by autograd."""
    wide = {i: np.asarray(a, np.float64) for i, a in point.items()}
    found = objective.tensors(wide, wide=True)
    output = found[objective.output][0]
    leaves = [found[a.node][0] for a in axes]
    size = len(axes)
    if not output.requires_grad:
        return float(output.array.item()), np.zeros(size), np.zeros((size, size))
    seed = Tensor.wrap(np.ones_like(output.array))
    with np.errstate(all="ignore"):
        first = grad(output, leaves, seed, create_graph=True, allow_unused=True)
        slopes = np.array([picked(g, a) for g, a in zip(first, axes, strict=True)])
        rows = [second(g, a, leaves, axes) for g, a in zip(first, axes, strict=True)]
    hessian = np.array(rows)
    return float(output.array.reshape(-1)[0]), slopes, (hessian + hessian.T) / 2


def picked(gradient: Tensor | None, axis: Axis) -> float:
    """One element of a gradient."""
    return 0.0 if gradient is None else float(gradient.array[axis.index])


def second(
    gradient: Tensor | None, axis: Axis, leaves: Sequence[Tensor], axes: Sequence[Axis]
) -> list[float]:
    """One row of the Hessian: how one slope changes along each axis."""
    if gradient is None or not gradient.requires_grad:
        return [0.0] * len(axes)
    seed = np.zeros_like(gradient.array)
    seed[axis.index] = 1.0
    found = grad(gradient, list(leaves), Tensor.wrap(seed), retain_graph=True, allow_unused=True)
    return [picked(g, a) for g, a in zip(found, axes, strict=True)]


def is_steep(loss: float, slope: float, curvature: float) -> bool:
    """Whether there is far to go down from here: where the loss is large, a slope may be small
    beside it though nearly all of it can still be lost."""
    bound = FLAT * (1.0 + abs(loss))
    gain = slope**2 / (2.0 * curvature) if curvature > 0.0 else np.inf
    return slope > bound or (slope > FLAT and gain > bound)


def kind_of(loss: float, gradient: Array, eigenvalues: Array) -> str:
    """A point's kind in words: minimum, maximum, saddle, flat, or on a slope."""
    smallest, largest = float(eigenvalues.min()), float(eigenvalues.max())
    scale = max(abs(smallest), abs(largest))
    near_zero = 1e-9 * max(scale, 1.0)
    if is_steep(loss, float(np.linalg.norm(gradient)), scale):
        return "on the way down, valley-shaped" if smallest > near_zero else "on a slope"
    if scale <= near_zero:
        return "flat"
    if smallest > near_zero:
        return "minimum"
    if largest < -near_zero:
        return "maximum"
    if smallest < -near_zero and largest > near_zero:
        return f"saddle, {int((eigenvalues < 0).sum())} of {len(eigenvalues)} directions fall"
    return "flat valley" if largest > near_zero else "flat ridge"
