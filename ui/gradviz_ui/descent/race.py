"""What Descend shows: the document's descent, its runners' ways, and the step looked at.

Every view of Descend reads this and follows its signals. What a person sets is written to the
document as an edit; what follows from the document is worked out here.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, Signal

from gradviz.descent import (
    Axis,
    Descent,
    DescentError,
    DescentSettings,
    Landscape,
    PointReport,
    Runner,
    RunnerSpec,
    State,
    Trajectory,
    prepare_descent,
    report,
    to_plain,
)
from gradviz.descent.landscape import Range
from gradviz.graph import Change, GraphError, compose

from ..editor import Editor, Preview
from .land_worker import LandMaker
from .pace import Pace
from .start import land_key, start_edit, ways_key


class Race(QObject):
    """See the module's text. It works only while Descend is in front."""

    prepared = Signal()
    """There is another objective, or other axes, runners or ranges; or none can be had now."""
    landed = Signal()
    """There is another landscape."""
    ran = Signal()
    """Ways became longer or others; `stepped` follows."""
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
        self.land: Landscape | None = None
        self.step = 0
        self.chosen = 0
        self._land_key: object = None
        self._ways_key: object = None
        self._look: object = None
        self._stale = True
        self._again = False
        self._drags = 0
        self._lands = LandMaker(self)
        self._pace = Pace(self)
        self._lands.found.connect(self._take_land)
        self._lands.busy.connect(self.busy)
        self._pace.further.connect(self._take_ways)
        self._pace.finished.connect(self._all_there)
        editor.replaced.connect(self._replaced)
        editor.changed.connect(self._changed)
        editor.workspace_changed.connect(self._workspace)

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
        """The picture's coordinates: two, one, or none where nothing can be minimised."""
        return self.settings.axes

    @property
    def steps(self) -> int:
        """How many steps each runner takes; none where nothing can be minimised."""
        return self.settings.steps if self.descent else 0

    @property
    def runner(self) -> Runner | None:
        """The runner chosen, once it has a way."""
        return self.runners[self.chosen] if self.chosen < len(self.runners) else None

    def at(self, path: Trajectory) -> int:
        """The step looked at, held within a way that ended sooner."""
        return path.bounded(self.step)

    def coordinates(self, path: Trajectory) -> np.ndarray:
        """A way's points on the axes, a row a step."""
        parts = [[float(p[a.node][a.index]) for p in path.points] for a in self.axes]
        return np.array(parts, dtype=float).T

    def state(self) -> State | None:
        """Values and gradients of the whole graph at the chosen runner's step."""
        runner, descent = self.runner, self.descent
        if runner is None or descent is None:
            return None
        return descent.objective.at(runner.trajectory.points[self.at(runner.trajectory)])

    def report(self) -> PointReport | None:
        """What kind of place the chosen runner is at; None where that cannot be worked out.

        Second derivatives are taken in double precision, which an operation that was told its
        type may refuse.
        """
        runner, descent = self.runner, self.descent
        if runner is None or descent is None:
            return None
        point = runner.trajectory.points[self.at(runner.trajectory)]
        try:
            return report(descent.objective, descent.axes, point)
        except (RuntimeError, NotImplementedError):
            return None

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

    def _tell(self) -> None:
        self.stepped.emit()
        state = self.state() if self.editor.workspace == "descend" else None
        if state is not None:
            self.editor.set_preview(Preview(state.values, state.gradients))
        elif self.editor.preview is not None:
            self.editor.set_preview(None)

    # what a person sets ---------------------------------------------------------------------------

    def set_settings(self, label: str, key: str = "", **changes: object) -> None:
        """Keep other settings in the document; `key` joins the edits of one drag."""
        settings = replace(self.settings, **changes)
        edit = compose.set_descent(self.editor.graph, to_plain(settings))
        self.editor.perform(edit, label, f"{key} {self._drags}" if key else "")

    def set_axes(self, axes: Sequence[Axis]) -> None:
        """Look along other coordinates; the extent is chosen anew."""
        self.set_settings("Choose axes", axes=tuple(axes), ranges=None)

    def set_runner(self, index: int, spec: RunnerSpec, key: str = "") -> None:
        """Set one runner otherwise."""
        runners = list(self.specs)
        runners[index] = spec
        self.set_settings("Set a runner", key and f"runner {index} {key}", runners=tuple(runners))

    def add_runner(self, spec: RunnerSpec, at: int | None = None) -> None:
        """Add a runner, at the end or behind another, and choose it."""
        place = len(self.specs) if at is None else at
        runners = (*self.specs[:place], spec, *self.specs[place:])
        self.set_settings("Add a runner", runners=runners)
        self.choose(place)

    def remove_runner(self, index: int) -> None:
        """Take a runner out of the race; the last one stays."""
        if len(self.specs) > 1:
            runners = (*self.specs[:index], *self.specs[index + 1 :])
            self.set_settings("Remove a runner", runners=runners)

    def set_start(self, to: Sequence[float]) -> None:
        """Start elsewhere: the parameters' values in the document change."""
        if self.descent is None:
            return
        try:
            edit = start_edit(self.editor.graph, self.descent, to)
        except GraphError as problem:
            self.editor.refused.emit(str(problem))
            return
        self.editor.perform(edit, "", f"start {self._drags}")

    def set_ranges(self, ranges: tuple[Range, Range] | None) -> None:
        """Show another extent."""
        self.set_settings("Zoom the landscape", "ranges", ranges=ranges)

    def end_drag(self) -> None:
        """What comes next is an undo step of its own."""
        self._drags += 1

    # what follows from the document --------------------------------------------------------

    def _workspace(self, name: str) -> None:
        if name == "descend":
            if self._stale:
                self.refresh()
            self._tell()
        else:
            self._pace.stop()
            self._lands.drop()
            self._stale = True
            self.editor.set_preview(None)

    def _replaced(self) -> None:
        self._stale = True
        self._land_key = self._ways_key = self._look = None
        self.step = self.chosen = 0
        if self.editor.workspace == "descend":
            self.refresh()

    def _changed(self, change: Change) -> None:
        if self.editor.workspace != "descend":
            self._stale = True
        elif change.touched() or change.settings or _renamed(change):
            self.refresh()

    def refresh(self) -> None:
        """Work out all that has become different."""
        self._stale = False
        before = self._look
        try:
            self.descent = prepare_descent(self.editor.graph, self.editor.evaluation)
            self.problem = ""
        except DescentError as problem:
            self.descent, self.problem = None, str(problem)
        if self.descent is None:
            self._nothing()
            return
        self.step = min(self.step, self.steps)
        self.chosen = min(self.chosen, len(self.specs) - 1)
        names = [node.name for node in self.editor.graph.nodes.values()]
        self._look = (self.settings, self.descent.ranges, names)
        if before != self._look:
            self.prepared.emit()
        self._run()
        self._map()

    def _nothing(self) -> None:
        self._pace.stop()
        self._lands.drop()
        self.runners, self.land = [], None
        self._land_key = self._ways_key = self._look = None
        self.prepared.emit()
        self.editor.set_preview(None)

    def _map(self) -> None:
        assert self.descent is not None
        key = land_key(self.descent)
        if key == self._land_key:
            return
        self._land_key = key
        if self.descent.ranges is None:
            self.land = None
            self.landed.emit()
            return
        found = self._lands.make(self.descent, self.descent.ranges)
        if found is not None:
            self._take_land(found)

    def _take_land(self, land: Landscape) -> None:
        self.land = land
        self.landed.emit()

    def _run(self) -> None:
        if self._pace.running:
            self._again = True
            return
        assert self.descent is not None
        self._again = False
        key = ways_key(self.descent)
        kept = self.runners if key == self._ways_key else []
        self._ways_key = key
        old = [r for r in kept if len(r.trajectory) <= self.steps + 1]
        objective = self.descent.objective
        fresh = [_taken(old, s) or Runner(objective, s, objective.start()) for s in self.specs]
        same = [id(r) for r in fresh] == [id(r) for r in self.runners]
        if same and not self._pace.waiting(fresh, self.steps):
            return
        self._pace.start(fresh, self.steps)

    def _take_ways(self, runners: list[Runner]) -> None:
        if [r.spec for r in runners] == list(self.specs):
            self.runners = runners
            self.ran.emit()
            self._tell()

    def _all_there(self) -> None:
        if self._again:
            self._run()

    def settle(self) -> None:
        """Finish what is under way at once, for pictures and tests."""
        self._pace.finish()

    def close(self) -> None:
        """End all work."""
        self._pace.stop()
        self._lands.wait()


def _renamed(change: Change) -> bool:
    return any(before.name != after.name for before, after in change.replaced)


def _taken(runners: list[Runner], spec: RunnerSpec) -> Runner | None:
    """Take out of `runners` the one that goes as `spec` says, whatever it is called."""
    for index, runner in enumerate(runners):
        if replace(runner.spec, name=spec.name, visible=spec.visible) == spec:
            runner.spec = spec
            return runners.pop(index)
    return None
