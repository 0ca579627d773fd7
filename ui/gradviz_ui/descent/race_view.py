"""What Descend shows: the descent, its runners' ways, and the step one looks at."""

import numpy as np
from PySide6.QtCore import QObject, Signal

from gradviz.descent import (
    Axis,
    Descent,
    DescentSettings,
    Event,
    Landscape,
    Runner,
    RunnerSpec,
    State,
    Trajectory,
)
from gradviz.descent.budget import Budget
from gradviz.descent.landscape import Range

from ..editor import Editor
from .graph_preview import GraphPreview
from .picture import Picture
from .pointer import Pointer
from .told import Told


class RaceView(QObject):
    """What every view of Descend reads, with the signals it follows."""

    prepared = Signal()
    """There is another objective, or other axes, runners or ranges; or none can be had now."""
    moved = Signal()
    """The picture has another extent, and nothing else is different; `landed` follows."""
    landed = Signal()
    """There is another landscape."""
    ran = Signal()
    """Ways became longer or others; `stepped` follows where another point is looked at then."""
    stepped = Signal()
    """Another step, or another runner's, is looked at."""
    busy = Signal(bool)
    """Whether a landscape is being worked out."""

    def __init__(self, editor: Editor) -> None:
        super().__init__(editor)
        self.editor = editor
        self.descent: Descent | None = None
        self.problem = ""
        self.runners: list[Runner] = []
        self.picture = Picture(self)
        self.pointer = Pointer(self)
        self.step = 0
        self.chosen = 0
        self.from_now = False
        """Whether settings change from the step looked at on, or from the start."""
        self._drags = 0
        self.told = Told()
        self.graph = GraphPreview(editor, self.state, self)

    # what there is ---------------------------------------------------------------------------

    @property
    def settings(self) -> DescentSettings:
        """What the document keeps, with what it does not say chosen."""
        return self.descent.settings if self.descent else DescentSettings()

    @property
    def specs(self) -> tuple[RunnerSpec, ...]:
        """The runners as they are set."""
        return self.settings.runners

    @property
    def axes(self) -> tuple[Axis, ...]:
        """Along what one looks where it is no plane: two numbers, one, or none at all."""
        return self.settings.axes

    @property
    def land(self) -> Landscape | None:
        """The land in the picture, once it is known."""
        return self.picture.land

    @property
    def ranges(self) -> tuple[Range, Range] | None:
        """The picture's extent; None along a single axis, and while no plane is laid."""
        return self.picture.ranges

    @property
    def steps(self) -> int:
        """How much each runner has, of steps or of what else the race counts; 0 where none runs."""
        return self.settings.steps if self.descent else 0

    @property
    def budget(self) -> Budget:
        """How far each runner goes."""
        return Budget(self.settings.budget, self.steps)

    @property
    def runner(self) -> Runner | None:
        """The runner chosen, once it has a way."""
        return self.runners[self.chosen] if self.chosen < len(self.runners) else None

    def at(self, path: Trajectory) -> int:
        """The step of a way that is looked at, held within one that ended sooner."""
        return self.budget.at(path, self.step)

    def step_of(self, index: int) -> int:
        """The step of a runner that is looked at; any that is wished for while it has no way."""
        return self.at(self.runners[index].trajectory) if index < len(self.runners) else self.step

    def colour(self, index: int) -> int:
        """A runner's colour, as a number in the theme's list."""
        chosen = self.specs[index].colour if index < len(self.specs) else None
        return index if chosen is None else chosen

    def coordinates(self, path: Trajectory) -> np.ndarray:
        """A way's points in the picture, a row a step."""
        return self.picture.coordinates(path)

    def state(self) -> State | None:
        """Values and gradients of the whole graph at the chosen runner's step."""
        runner, descent = self.runner, self.descent
        if runner is None or descent is None:
            return None
        return descent.objective.at(runner.trajectory.points[self.at(runner.trajectory)])

    def events(self, index: int) -> tuple[Event, ...]:
        """What is to be said of a runner's way, each where it begins."""
        return self.told.of(self.runners[index].trajectory) if index < len(self.runners) else ()

    # where one looks ---------------------------------------------------------------------------

    def go_to(self, step: int) -> None:
        """Look at that step, held within the race."""
        bounded = max(0, min(step, self.steps))
        if bounded != self.step:
            self.step = bounded
            self._tell()

    def choose(self, index: int) -> None:
        """Look at that runner."""
        bounded = max(0, min(index, len(self.specs) - 1))
        if bounded != self.chosen:
            self.chosen = bounded
            self._tell()

    def set_from_now(self, from_now: bool) -> None:
        """Let settings change from the step looked at on, or from the start."""
        if from_now != self.from_now:
            self.from_now = from_now
            self.stepped.emit()

    def _tell(self) -> None:
        self.stepped.emit()
        self.graph.follow()
