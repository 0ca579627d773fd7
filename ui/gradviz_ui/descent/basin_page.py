"""From where the selected runner reaches which minimum, and the landscape's critical points."""

from gradviz.descent import AxesSlice, DescentError
from gradviz.descent.basins import Basins, basins
from gradviz.descent.critical import Critical, critical_points
from gradviz.descent.landscape import Range
from gradviz.descent.settings import BASIN_STEPS, MOST_BASIN_STEPS
from gradviz.descent.swarm import Progress

from ..widgets import NumberRule, ScrubField, row, text
from .basin_layers import BasinAreas, SpotMarks
from .basin_legend import BasinLegend
from .contour_view import ContourView
from .race import Race
from .spot_table import SpotTable
from .spots import Spot, spots
from .start import land_key
from .study import Job, Study
from .study_bar import Problem, StudyHeader
from .sweep_page import anonymous
from .view_page import ViewPage

SIDE = 128


class BasinPage(ViewPage):
    """See the module's text. Every place of a grid is a start; all go down together."""

    room = 3

    def __init__(self, race: Race, contour: ContourView) -> None:
        super().__init__(race, contour)
        self.basins, self.critical = Study(race, self._basin_job), Study(race, self._critical_job)
        self.studies = [self.basins, self.critical]
        self.areas, self.marks = BasinAreas(), SpotMarks()
        self.add_layer(self.areas)
        self.add_layer(self.marks)
        self.header = StudyHeader(race, "Basins of attraction", *self.studies)
        self.steps = ScrubField(
            "Steps from each start", BASIN_STEPS, step=1, rule=NumberRule(1, MOST_BASIN_STEPS, True)
        )
        self.steps.setFixedWidth(56)
        self.steps.committed.connect(self._set_steps)
        self.legend = BasinLegend()
        self.table = SpotTable()
        self.table.pointed.connect(self.marks.pick_out)
        line = row(text("steps", "mute", 12), self.steps, self.legend, margins=(14, 5, 0, 5))
        self.stand(self.header, line, Problem(*self.studies), self.table)
        for study in self.studies:
            study.changed.connect(self._show)
        race.prepared.connect(self._show_steps)
        self._show_steps()

    def _set_steps(self, steps: float) -> None:
        self.race.set_settings("Set the basins' steps", basin_steps=round(steps))

    def _show_steps(self) -> None:
        if self.race.descent is not None:
            self.steps.set_value(self.race.settings.basin_steps)

    def _set_shown(self, shown: bool) -> None:
        super()._set_shown(shown)
        # The minima that are found have marks of their own.
        self.contour.minima.set_shown(not shown)

    @property
    def found(self) -> Basins | None:
        """The basins, once they are there."""
        result = self.basins.result
        return result if isinstance(result, Basins) else None

    @property
    def spots(self) -> tuple[Spot, ...]:
        """All places that are known so far; of another landscape none."""
        result = () if self.critical.stale else self.critical.result
        points = [p for p in result if isinstance(p, Critical)] if isinstance(result, tuple) else []
        return spots(None if self.basins.stale else self.found, points)

    def _place(self) -> tuple[AxesSlice, tuple[Range, Range]] | None:
        """Where to look; DescentError where that is no plane of two parameters."""
        if self.race.descent is None:
            return None
        piece, ranges = self.race.picture.piece, self.race.descent.ranges
        if not isinstance(piece, AxesSlice):
            raise DescentError(
                "basins and critical points are found along two parameters, not in a plane: "
                "choose “two axes” above"
            )
        if len(piece.axes) != 2 or ranges is None:
            raise DescentError(
                "basins and critical points need two parameters, and this graph has one"
            )
        return piece, ranges

    def _basin_job(self) -> Job | None:
        where = self._place()
        if where is None:
            return None
        (piece, ranges), steps = where, self.race.settings.basin_steps
        spec = anonymous(self.race.specs[self.race.chosen])

        def work(progress: Progress) -> Basins | None:
            given = (piece.objective, spec, piece.axes, ranges, steps, SIDE)
            return basins(*given, progress=progress)

        batch = self.race.settings.batch
        return Job((land_key_of(piece, self.race), ranges, spec, steps, batch), work)

    def _critical_job(self) -> Job | None:
        where = self._place()
        if where is None:
            return None
        piece, ranges = where

        def work(progress: Progress) -> tuple[Critical, ...] | None:
            return critical_points(piece.objective, piece.axes, ranges, progress=progress)

        return Job((land_key_of(piece, self.race), ranges), work)

    def _show(self) -> None:
        found = self.found
        name = ""
        if self.race.descent is not None:
            objective = self.race.descent.objective
            name = objective.graph.node(objective.output).name
        self.areas.show_basins(found, self.basins.stale)
        self.legend.show_basins(found)
        self.marks.show_spots(self.spots, name)
        self.table.show_spots(self.spots)


def land_key_of(piece: AxesSlice, race: Race) -> object:
    """What the land depends on, wherever the start is."""
    assert race.descent is not None, "asked only where there is one"
    return land_key(race.descent, piece)
