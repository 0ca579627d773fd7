"""The facts of a point in figures and words."""

import numpy as np

from gradviz.descent import PointReport, Runner, foretold, largest_stable_rate, measured

from ..numbers import short
from .words import compact, numbers

OF_WAY = ("loss", "norm")
"""What is known of a point without looking around it."""
KEYS = (
    "loss", "gradient", "norm", "hessian", "eigenvalues", "eigenvectors", "condition", "kind",
    "rate", "convergence",
)  # fmt: skip
SHOWN = 4
"""How many numbers of many are written out."""


def told_of_way(runner: Runner, step: int) -> dict[str, str]:
    """What is known at once; where steps see batches, still of all data."""
    path, loss = runner.trajectory, float(runner.trajectory.losses[step])
    slopes = path.gradients[step]
    if runner.objective.batches is not None:
        loss, slopes = runner.objective.gradient(path.points[step])
    norm = sum(float((np.asarray(g, float) ** 2).sum()) for g in slopes.values()) ** 0.5
    return {"loss": short(float(loss)), "norm": short(norm)}


def told(report: PointReport, runner: Runner, step: int) -> dict[str, str]:
    """What follows from the gradient and the curvature."""
    return {
        "gradient": some(report.gradient),
        "hessian": matrix(report.hessian),
        "eigenvalues": some(report.eigenvalues, bracketed=False),
        "eigenvectors": directions(report),
        "condition": short(report.condition),
        "kind": report.kind,
        "rate": rate_text(report, runner, step),
        "convergence": convergence(report, runner, step),
    }


def some(values: np.ndarray, bracketed: bool = True) -> str:
    """A few numbers as they are, of many the ends and how many there are."""
    if len(values) <= SHOWN:
        return numbers(values) if bracketed else ", ".join(short(float(v)) for v in values)
    ends = [short(float(v)) for v in (*values[:2], *values[-1:])]
    return f"{ends[0]}, {ends[1]}, … {ends[2]}  ({len(values)})"


def matrix(values: np.ndarray) -> str:
    """A small matrix row by row, of a large one its size."""
    if len(values) > 2:
        return f"{len(values)} × {len(values)}"
    return ", ".join(numbers(line) for line in values)


def directions(report: PointReport) -> str:
    """The eigenvectors of a small Hessian, in the order of its eigenvalues."""
    if not np.isfinite(report.eigenvectors).all():
        return "—"
    columns = report.eigenvectors.T
    if len(columns) > 2:
        return f"{len(columns)} of length 1"
    return ", ".join(numbers(column) for column in columns)


def rate_text(report: PointReport, runner: Runner, step: int) -> str:
    """The largest stable learning rate, and with the runner's own momentum where it has some.

    None where the loss curves downwards some way.
    """
    if not np.isfinite(report.eigenvalues).all():
        return "—"
    if report.largest_rate is None:
        return "none" if (report.eigenvalues < 0).any() else "any"
    plain = short(report.largest_rate)
    spec = runner.spec.at(step)
    momentum = spec.setting("momentum") if spec.optimizer == "SGD" else 0.0
    own = largest_stable_rate(spec, report.eigenvalues) if momentum else None
    return plain if own is None else f"{plain}, {short(own)} with momentum {compact(momentum)}"


def convergence(report: PointReport, runner: Runner, step: int) -> str:
    """The rate of convergence foretold, beside the measured one."""
    path = runner.trajectory
    found = measured(path, step)
    seen = "—" if found is None else short(found)
    bowl = bool(np.isfinite(report.eigenvalues).all() and (report.eigenvalues > 0).all())
    rate = float(path.rates[step])
    ahead = foretold(runner.spec.at(step), report.eigenvalues, rate) if bowl else None
    return f"foretold {'—' if ahead is None else short(ahead)} · measured {seen}"
