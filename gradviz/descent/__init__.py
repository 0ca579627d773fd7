"""Descending a loss: objectives from graphs, landscapes, runners, and kinds of points."""

from gradviz.descent.landscape import Landscape, fitting_ranges, landscape, levels
from gradviz.descent.objective import Objective, Point, State
from gradviz.descent.parsing import parse_runner
from gradviz.descent.plain import from_plain, to_plain
from gradviz.descent.point import PointReport, report
from gradviz.descent.runner import Runner, race
from gradviz.descent.settings import (
    Axis,
    DescentError,
    DescentSettings,
    Minima,
    RunnerSpec,
)
from gradviz.descent.setup import Descent, prepare_descent
from gradviz.descent.trajectory import Trajectory

__all__ = [
    "Axis", "Descent", "DescentError", "DescentSettings", "Landscape", "Minima", "Objective",
    "Point", "PointReport", "Runner", "RunnerSpec", "State", "Trajectory", "fitting_ranges",
    "from_plain", "landscape", "levels", "parse_runner", "prepare_descent", "race", "report",
    "to_plain",
]  # fmt: skip
