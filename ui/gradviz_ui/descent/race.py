"""What Descend shows: the document's descent, its runners' ways, and the step looked at.

Every view of Descend reads this and follows its signals. What a person sets is written to the
document as an edit; what follows from the document is worked out here.
"""

from dataclasses import replace

from gradviz.descent import (
    Descent,
    DescentError,
    Runner,
    prepare_descent,
)
from gradviz.graph import Change

from ..editor import Editor
from .entrants import entered
from .pace import Pace
from .runner_edits import RunnerEdits
from .start import ways_key


class Race(RunnerEdits):
    """See the module's text. It works only while Descend is in front."""

    def __init__(self, editor: Editor) -> None:
        super().__init__(editor)
        self._ways_key: object = None
        self._look: tuple[object, object] | None = None
        self._stale = True
        self._again = False
        self._pace = Pace(self)
        self.picture.laid.connect(self.prepared)
        self.picture.landed.connect(self.landed)
        self.picture.busy.connect(self.busy)
        self._pace.further.connect(self._take_ways)
        self.stepped.connect(self._pace.hold)
        self._pace.finished.connect(self._all_there)
        editor.replaced.connect(self._replaced)
        editor.changed.connect(self._changed)
        editor.workspace_changed.connect(self._workspace)

    def _workspace(self, name: str) -> None:
        if name == "descend":
            if self._stale:
                self.refresh()
            self._tell()
        else:
            self._pace.stop()
            self.picture.drop()
            self._stale = True
            self.editor.set_preview(None)

    def _replaced(self) -> None:
        self._stale = True
        self.runners = []
        self.picture.follow(None)
        self._ways_key = self._look = None
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
            editor = self.editor
            self.descent = prepare_descent(editor.graph, editor.evaluation, editor.plans)
            self.problem = ""
        except DescentError as problem:
            self.descent, self.problem = None, str(problem)
        if self.descent is None:
            self._nothing()
            return
        if any(not _fits(r, self.descent) for r in self.runners):
            self.runners = []
        self.step = min(self.step, self.steps)
        self.chosen = min(self.chosen, len(self.specs) - 1)
        names = [node.name for node in self.editor.graph.nodes.values()]
        self.picture.follow(self.descent)
        self._look = (replace(self.settings, ranges=None), names), self.descent.ranges
        if before is None or before[0] != self._look[0]:
            self.prepared.emit()
        elif before[1] != self._look[1]:
            self.moved.emit()
        self._run()
        if not self._pace.running:
            self._lay()
        self.picture.survey()

    def _nothing(self) -> None:
        self._pace.stop()
        self.picture.drop()
        self.picture.follow(None)
        self.picture.survey()
        self.runners = []
        self._ways_key = self._look = None
        self.prepared.emit()
        self.editor.set_preview(None)

    def _run(self) -> None:
        if self._pace.hurrying:
            self._again = True
            return
        assert self.descent is not None
        self._again = False
        key = ways_key(self.descent)
        kept = [*self._pace.runners, *self.runners] if key == self._ways_key else []
        self._ways_key = key
        shown = [r.spec for r in self.runners]
        fresh = entered(kept, self.specs, self.descent.objective, self.budget)
        same = [id(r) for r in fresh] == [id(r) for r in self.runners]
        if same and not self._pace.waiting(fresh, self.budget):
            if shown != list(self.specs):
                self._take_ways(fresh)
            return
        self._pace.start(fresh, self.budget)

    def _take_ways(self, runners: list[Runner]) -> None:
        if [r.spec for r in runners] == list(self.specs):
            before = _looked_at(self)
            self.runners = runners
            self.ran.emit()
            if _looked_at(self) != before:
                self._tell()

    def _all_there(self) -> None:
        if self._again:
            self._run()
        else:
            self._lay()

    def _lay(self, anew: bool = False) -> None:
        self.picture.lay([r.trajectory for r in self.runners], anew)

    def fit(self) -> None:
        """Choose the extent anew, so that it shows what there is."""
        self.set_ranges(None)
        self._lay(anew=True)

    @property
    def just_shown(self) -> bool:
        """Whether ways that grow were shown a moment ago, and may not be painted yet."""
        return self._pace.just_shown

    def settle(self) -> None:
        """Finish what is under way at once, for pictures and tests."""
        self._pace.finish()

    def close(self) -> None:
        """End all work."""
        self._pace.stop()
        self.picture.wait()


def _looked_at(race: RunnerEdits) -> tuple[int, int] | None:
    """Which way, and which of its steps; the same while runners only get further."""
    runner = race.runner
    return None if runner is None else (id(runner.trajectory), race.at(runner.trajectory))


def _fits(runner: Runner, descent: Descent) -> bool:
    """Whether a runner's way is one of these parameters still."""
    known = {i: a.shape for i, a in runner.trajectory.points[0].items()}
    return known == {i: a.shape for i, a in descent.objective.start().items()}


def _renamed(change: Change) -> bool:
    return any(before.name != after.name for before, after in change.replaced)
