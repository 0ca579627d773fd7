"""Descending a loss: objectives from graphs, landscapes, runners, and kinds of points."""

from gradviz.descent.convergence import foretold, largest_stable_rate, measured
from gradviz.descent.events import Event, events
from gradviz.descent.landscape import Landscape, fitting_ranges, landscape, levels
from gradviz.descent.methods import RUNNERS, settings_of
from gradviz.descent.minibatch import Minibatches, data_leaves, full_losses
from gradviz.descent.objective import Objective, Point, State
from gradviz.descent.parsing import parse_runner
from gradviz.descent.places import PLANES, PlaneSpec, SavedPoint, place_of
from gradviz.descent.plain import from_plain, to_plain
from gradviz.descent.point import PointReport, report
from gradviz.descent.runner import Runner, race
from gradviz.descent.settings import (
    BUDGETS,
    Axis,
    Batching,
    DescentError,
    DescentSettings,
    Minima,
    RunnerSpec,
    Segment,
)
from gradviz.descent.setup import Descent, pictured, prepare_descent
from gradviz.descent.slices import AxesSlice, PlaneSlice, Slice
from gradviz.descent.trajectory import Trajectory

__all__ = [
    "BUDGETS", "PLANES", "RUNNERS", "AxesSlice", "Axis", "Batching", "Descent", "DescentError",
    "DescentSettings", "Event", "Landscape", "Minibatches", "Minima", "Objective", "PlaneSlice",
    "PlaneSpec", "Point", "PointReport", "Runner", "RunnerSpec", "SavedPoint", "Segment", "Slice",
    "State", "Trajectory", "data_leaves", "events", "fitting_ranges", "foretold", "from_plain",
    "full_losses", "landscape", "largest_stable_rate", "levels", "measured", "parse_runner",
    "pictured", "place_of", "prepare_descent", "race", "report", "settings_of", "to_plain",
]  # fmt: skip
