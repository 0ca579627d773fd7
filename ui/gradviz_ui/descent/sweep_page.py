"""One setting of the selected runner over a range: a fan of ways, and the curve of final losses."""

from dataclasses import replace

import numpy as np

from gradviz.descent import RunnerSpec
from gradviz.descent.number_settings import spans_of, value_of, with_value
from gradviz.descent.settings import DescentError, Span
from gradviz.descent.swarm import Progress, Sweep, sweep

from .contour_view import ContourView
from .fan import Fan
from .phase_view import is_log
from .race import Race
from .span_editor import SpanEditor
from .start import ways_key
from .study import Job, Study
from .study_bar import Problem, StudyHeader
from .sweep_curve import SweepCurve
from .view_page import ViewPage

COUNT = 20


class SweepPage(ViewPage):
    """See the module's text. Point at the curve to pick out a way, click to take its setting."""

    room = 4

    def __init__(self, race: Race, contour: ContourView) -> None:
        super().__init__(race, contour)
        self.study = Study(race, self._job)
        self.studies = [self.study]
        self.header = StudyHeader(race, "Sweep", self.study)
        self.editor = SpanEditor("Sweep")
        self.editor.chosen.connect(self._set_span)
        self.problem = Problem(self.study)
        self.curve = SweepCurve()
        self.curve.hovered.connect(self._pick_out)
        self.curve.picked.connect(self.take)
        self.fan = Fan(race)
        self.add_layer(self.fan)
        self.stand(self.header, self.editor, self.problem, self.curve)
        self.study.changed.connect(self._show)
        for signal in (race.prepared, race.stepped):
            signal.connect(self._show_span)
        self._show_span()

    @property
    def spec(self) -> RunnerSpec:
        """The runner that is varied."""
        return self.race.specs[self.race.chosen]

    @property
    def span(self) -> Span:
        """What is varied, and how far."""
        kept = self.race.settings.sweep
        return spans_of(self.spec, () if kept is None else (kept,), (COUNT,))[0]

    @property
    def result(self) -> Sweep | None:
        """The runs, once they are there."""
        found = self.study.result
        return found if isinstance(found, Sweep) else None

    def take(self, index: int) -> None:
        """Give the runner the setting of one of the runs."""
        found = self.result
        if found is not None and self._now() is not None:
            spec = with_value(self.spec, found.name, rounded(found.values, index))
            self.race.set_runner(self.race.chosen, spec)

    def _set_span(self, span: Span) -> None:
        self.race.set_settings("Choose a sweep", sweep=span)

    def _job(self) -> Job | None:
        descent = self.race.descent
        if descent is None:
            return None
        span, steps, unit = self.span, self.race.steps, self.race.settings.budget
        spec = anonymous(self.spec)
        values, objective, start = span.values(), descent.objective, descent.objective.start()

        def work(progress: Progress) -> Sweep | None:
            return sweep(objective, spec, span.name, values, steps, start, progress, unit)

        same = with_value(spec, span.name, values[0])
        return Job((ways_key(descent), descent.settings.batch, same, span, steps, unit), work)

    def _show_span(self) -> None:
        if self.race.descent is not None:
            self.editor.show_span(self.spec, self.span)
            self.curve.show_now(self._now())

    def _now(self) -> float | None:
        """Where the runner is in the range that is shown."""
        found = self.result
        try:
            return None if found is None else value_of(self.spec, found.name)
        except DescentError:
            return None

    def _show(self) -> None:
        found = self.result
        log = found is not None and is_log(found.values)
        name = self._name_of_loss()
        self.curve.show_sweep(found, log, self.study.stale, name)
        self.curve.show_now(self._now())
        self.fan.show_sweep(found, self.study.stale)

    def _name_of_loss(self) -> str:
        descent = self.race.descent
        return (
            "" if descent is None else descent.objective.graph.node(descent.objective.output).name
        )

    def _pick_out(self, index: int) -> None:
        self.fan.pick_out(index)


def anonymous(spec: RunnerSpec) -> RunnerSpec:
    """A runner without what makes no difference to its way."""
    return replace(spec, name="", visible=True, colour=None)


def rounded(values: tuple[float, ...], index: int) -> float:
    """A value with as many digits as tell it from its neighbours, and one more."""
    beside = [abs(values[index] - v) for v in values if v != values[index]]
    digits = 1 - int(np.floor(np.log10(min(beside)))) if beside else 6
    return round(values[index], max(0, digits))
