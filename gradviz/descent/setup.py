"""A document's descent, ready to run: its objective, axes, runners and ranges filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from gradviz.descent.landscape import Range, fitting_ranges
from gradviz.descent.minibatch import Minibatches
from gradviz.descent.objective import Objective
from gradviz.descent.plain import from_plain
from gradviz.descent.settings import Axis, Batching, DescentError, DescentSettings, RunnerSpec
from gradviz.descent.slices import AxesSlice, Slice, fitted, laid
from gradviz.descent.trajectory import Trajectory
from gradviz.graph.document import Graph
from gradviz.graph.evaluate import Evaluation
from gradviz.plan import PlanKeeper

STARTERS = (
    RunnerSpec("SGD", MappingProxyType({"lr": 0.1})),
    RunnerSpec("SGD", MappingProxyType({"lr": 0.03, "momentum": 0.85})),
    RunnerSpec("Adam", MappingProxyType({"lr": 0.1})),
)


@dataclass(frozen=True)
class Descent:
    """What the Descend workspace and the command line work on.

    ``ranges``: the extent along the axes, chosen to fit where the document says none; in a plane
    the document's own, which may be None.
    """

    objective: Objective
    settings: DescentSettings
    ranges: tuple[Range, Range] | None
    batch_problem: str = ""
    """Why the data cannot be taken in batches as the settings have it; all is then taken."""

    @property
    def axes(self) -> tuple[Axis, ...]:
        """The picture's coordinates: two, or one where there is only one number to move."""
        return self.settings.axes


def prepare_descent(
    graph: Graph, evaluation: Evaluation | None = None, plans: PlanKeeper | None = None
) -> Descent:
    """The descent of a document, with what it does not say chosen; DescentError if impossible.

    ``plans``: where plans of this document are kept, so that a change of values compiles nothing.
    """
    objective = Objective(graph, evaluation, plans)
    settings = from_plain(graph.settings.descent)
    problem = take_batches(objective, settings.batch)
    choices = objective.axis_choices()
    kept = tuple(a for a in settings.axes if a in choices)
    axes = fill_axes(kept, choices)
    runners = settings.runners or STARTERS
    # An extent that was chosen for two axes says nothing once one of them has gone.
    ranges = settings.ranges if len(axes) == 2 else None
    if ranges is None and len(axes) == 2 and settings.plane is None:
        ranges = fitting_ranges(objective, axes)
    return Descent(objective, replace(settings, axes=axes, runners=runners), ranges, problem)


def take_batches(objective: Objective, batching: Batching | None) -> str:
    """Let each step see a batch of the data, or all of it; why that cannot be, if it cannot."""
    objective.batches = None
    try:
        objective.batches = None if batching is None else Minibatches(objective, batching)
    except DescentError as problem:
        return str(problem)
    return ""


def pictured(
    descent: Descent, paths: Sequence[Trajectory]
) -> tuple[Slice, tuple[Range, Range] | None]:
    """What the picture shows, and how much of it; DescentError where there is no such plane.

    ``paths``: the runners' ways, in their order. The extent is None along a single axis.
    """
    settings = descent.settings
    if settings.plane is None:
        return AxesSlice(descent.objective, descent.axes), descent.ranges
    piece = laid(descent.objective, settings, paths)
    return piece, settings.ranges or fitted(piece, settings, paths)


def fill_axes(kept: Sequence[Axis], choices: Sequence[Axis]) -> tuple[Axis, ...]:
    """Two different axes: those kept, then the first others there are."""
    if not choices:
        raise DescentError("there is no parameter to move")
    axes = list(dict.fromkeys(kept))[:2]
    axes += [a for a in choices if a not in axes][: 2 - len(axes)]
    return tuple(axes)
