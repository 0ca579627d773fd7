"""How the selected runner ends with each pair of two settings, as a map."""

from gradviz.descent import DescentError, RunnerSpec
from gradviz.descent.number_settings import spans_of, value_of, with_value
from gradviz.descent.phase import PhaseMap, phase_map
from gradviz.descent.settings import Span
from gradviz.descent.swarm import Progress

from .contour_view import ContourView
from .phase_view import PhaseView
from .race import Race
from .span_editor import SpanEditor
from .start import ways_key
from .study import Job, Study
from .study_bar import Problem, StudyHeader
from .sweep_page import anonymous, rounded
from .view_page import ViewPage

SIDE = 24


class PhasePage(ViewPage):
    """See the module's text. Click a cell to give the runner its settings."""

    def __init__(self, race: Race, contour: ContourView) -> None:
        super().__init__(race, contour)
        self.study = Study(race, self._job)
        self.studies = [self.study]
        self.map = PhaseView()
        self.map.picked.connect(self.take)
        self.picture = self.map
        self.header = StudyHeader(race, "Phase map", self.study)
        self.editors = (SpanEditor("Across"), SpanEditor("Up"))
        for index, editor in enumerate(self.editors):
            editor.chosen.connect(lambda span, index=index: self._set_span(index, span))
        self.stand(self.header, *self.editors, Problem(self.study))
        self.study.changed.connect(self._show)
        for signal in (race.prepared, race.stepped):
            signal.connect(self._show_spans)
        self._show_spans()

    @property
    def spec(self) -> RunnerSpec:
        """The runner that is varied."""
        return self.race.specs[self.race.chosen]

    @property
    def spans(self) -> tuple[Span, Span]:
        """What is varied, and how far: across, and up."""
        across, up = spans_of(self.spec, self.race.settings.phase or (), (SIDE, SIDE))
        return across, up

    @property
    def result(self) -> PhaseMap | None:
        """The map, once it is there."""
        found = self.study.result
        return found if isinstance(found, PhaseMap) else None

    def take(self, row: int, column: int) -> None:
        """Give the runner the settings of a cell."""
        found = self.result
        if found is None or self._now() is None:
            return  # Another runner than the one that is mapped may have no such settings.
        across, up = found.names
        spec = with_value(self.spec, across, rounded(found.across, column))
        self.race.set_runner(self.race.chosen, with_value(spec, up, rounded(found.up, row)))

    def _set_span(self, index: int, span: Span) -> None:
        spans = list(self.spans)
        if span.name == spans[1 - index].name:
            # Both would be the same: the other takes what this one had.
            spans[1 - index] = spans[index]
        spans[index] = span
        self.race.set_settings("Choose what is mapped", phase=(spans[0], spans[1]))

    def _job(self) -> Job | None:
        descent = self.race.descent
        if descent is None:
            return None
        (across, up), steps, spec = self.spans, self.race.steps, anonymous(self.spec)
        names, values = (across.name, up.name), (across.values(), up.values())
        objective, start = descent.objective, descent.objective.start()

        def work(progress: Progress) -> PhaseMap | None:
            return phase_map(objective, spec, names, values, steps, start, progress)

        same = with_value(with_value(spec, names[0], values[0][0]), names[1], values[1][0])
        key = (ways_key(descent), descent.settings.batch, same, across, up, steps)
        return Job(key, work)

    def _show_spans(self) -> None:
        if self.race.descent is not None:
            for editor, span in zip(self.editors, self.spans, strict=True):
                editor.show_span(self.spec, span)
            self.map.show_now(self._now())

    def _now(self) -> tuple[float, float] | None:
        """Where the runner is on the map that is shown."""
        found = self.result
        try:
            if found is not None:
                return value_of(self.spec, found.names[0]), value_of(self.spec, found.names[1])
        except DescentError:
            pass  # Another runner than the one that is mapped has no such settings.
        return None

    def _show(self) -> None:
        name = ""
        if self.race.descent is not None:
            objective = self.race.descent.objective
            name = objective.graph.node(objective.output).name
        self.map.show_map(self.result, self.study.stale, name)
        self.map.show_now(self._now())
