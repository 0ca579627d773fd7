"""What the contour and the surface show: where they lie among all parameters, and the land there.

Along axes all is there at once. A plane is laid beside the window once every runner has come to
its end, since its directions, or its extent, follow from their ways.
"""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from gradviz.descent import AxesSlice, Descent, Landscape, PlaneSlice, Slice, Trajectory
from gradviz.descent.landscape import Range
from gradviz.descent.slices import fitted, laid

from .beside import Beside, Cancelled, Tell
from .departures import Departures, Way
from .land_worker import LandMaker
from .start import calls_key, land_key

REST_MS = 250
"""How long the ways must rest before a plane that follows from them is laid anew."""


class Picture(QObject):
    """See the module's text."""

    laid = Signal()
    """It lies elsewhere, or has another extent; or there can be none, and `problem` says why."""
    landed = Signal()
    """There is another landscape."""
    busy = Signal(bool)
    """Whether anything is being worked out."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.piece: Slice | None = None
        self.land: Landscape | None = None
        self.problem = ""
        self.departures = Departures(self)
        self._descent: Descent | None = None
        self._paths: tuple[Trajectory, ...] = ()
        self._fitted: tuple[Range, Range] | None = None
        self._laid_key: object = None
        self._land_key: object = None
        self._places: dict[int, tuple[Trajectory, np.ndarray]] = {}
        self._lands, self._layer = LandMaker(self), Beside(self)
        self._lands.found.connect(self._take_land)
        self._layer.told.connect(self._take_plane)
        self._layer.ended.connect(self._take_problem)
        for one in self._works():
            one.busy.connect(self._tell_busy)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._rested)

    # what there is ---------------------------------------------------------------------------

    @property
    def ranges(self) -> tuple[Range, Range] | None:
        """The extent; None along a single axis, and while no plane is laid."""
        if self._descent is None or self.piece is None:
            return None
        if isinstance(self.piece, AxesSlice):
            return self._descent.ranges
        return self._descent.settings.ranges or self._fitted

    def coordinates(self, path: Trajectory) -> np.ndarray:
        """A way's points in the picture, a row a step; each is worked out once."""
        piece, count = self.piece, len(path)
        if piece is None:
            return np.full((count, 2), np.nan)
        known, rows = self._places.get(id(path), (path, None))
        if known is not path or rows is None:
            rows = np.zeros((0, len(piece.names)))
        if len(rows) < count:
            rows = np.concatenate([rows, piece.coordinates(path.points[len(rows) :])])
            self._places[id(path)] = path, rows
        return rows[:count]

    # what it follows from ----------------------------------------------------------------------

    def follow(self, descent: Descent | None) -> None:
        """Show this descent; a plane of the same objective stays until another is laid."""
        before, self._descent = self.piece, descent
        if descent is None:
            self._forget()
            self._set_piece(None)
            self.land = self._land_key = None
        elif descent.settings.plane is None or len(descent.axes) < 2:
            self._forget()
            fresh = AxesSlice(descent.objective, descent.axes)
            same = isinstance(before, AxesSlice) and before.axes == fresh.axes
            self._set_piece(fresh, keep=same)
        elif isinstance(before, PlaneSlice) and before.sizes == _sizes(descent):
            # It stays in sight until another is laid, also where the data is what changes.
            self._set_piece(PlaneSlice(descent.objective, before.plane), keep=True)
        elif not self._same_objective(descent):
            self._forget()
            self._set_piece(None)

    def _same_objective(self, descent: Descent) -> bool:
        return isinstance(self._laid_key, tuple) and self._laid_key[0] == calls_key(descent)

    def _set_piece(self, piece: Slice | None, keep: bool = False) -> None:
        self.piece = piece
        if not keep:
            self._places = {}

    def _forget(self) -> None:
        self._layer.drop()
        self._rest.stop()
        self._laid_key, self._fitted, self.problem = None, None, ""
        self.departures.forget()

    def survey(self) -> None:
        """Work out the land where it has become another."""
        ranges, descent, piece = self.ranges, self._descent, self.piece
        key = None
        if descent is not None and piece is not None and ranges is not None:
            where = land_key(descent, piece) if isinstance(piece, AxesSlice) else self._laid_key
            key = where, ranges
        if key == self._land_key and key is not None:
            return
        self._land_key = key
        if piece is None or ranges is None:
            self._lands.drop()
            self.land = None
            self.landed.emit()
            return
        found = self._lands.make(piece, ranges)
        if found is not None:
            self._take_land(found)

    def lay(self, paths: Sequence[Trajectory], anew: bool = False) -> None:
        """Lay the plane that is asked for, where it follows from other ways or settings now.

        ``paths``: the runners' ways, all at their end. ``anew``: fit the extent again too.
        """
        self._paths = tuple(paths)
        kept = {id(p) for p in paths}
        self._places = {k: v for k, v in self._places.items() if k in kept}
        descent = self._descent
        if descent is None or isinstance(self.piece, AxesSlice):
            return
        key = self._plane_key(descent)
        if anew or key[:2] != _first(self._laid_key):
            self._laid_key = key
            self._lay_now(descent)
        elif key != self._laid_key:
            self._rest.start()
        else:
            self.departures.follow(self.piece, self._paths)

    def _plane_key(self, descent: Descent) -> tuple[object, ...]:
        settings = descent.settings
        spec = settings.plane
        assert spec is not None, "asked only of planes"
        points = tuple(p.place for p in settings.points if p.name in (spec.around, spec.to))
        path = None
        if spec.kind == "pca" and spec.runner < len(self._paths):
            path = self._paths[spec.runner]
        start = None
        if spec.origin is None and not spec.around and spec.kind != "pca":
            start = tuple(a.tobytes() for a in descent.objective.start().values())
        return calls_key(descent), (spec, points), Way(path), start

    def _rested(self) -> None:
        if QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton:
            # It would turn under the hand that moves what it follows from.
            self._rest.start()
        elif self._descent is not None and not isinstance(self.piece, AxesSlice):
            self._laid_key = self._plane_key(self._descent)
            self._lay_now(self._descent)

    def _lay_now(self, descent: Descent) -> None:
        paths = self._paths

        def work(tell: Tell, cancelled: Cancelled) -> None:
            piece = laid(descent.objective, descent.settings, paths)
            tell((piece, fitted(piece, descent.settings, paths)))

        self._layer.start(work)

    def _take_plane(self, found: tuple[PlaneSlice, tuple[Range, Range] | None]) -> None:
        piece, self._fitted = found
        self.problem = ""
        self._set_piece(piece)
        self._land_key = None
        self.laid.emit()
        self.survey()
        self.departures.follow(piece, self._paths)

    def _take_problem(self, problem: str) -> None:
        if problem:
            self.problem = problem
            self._set_piece(None)
            self.departures.forget()
            self.laid.emit()
            self.survey()

    def _take_land(self, land: Landscape) -> None:
        self.land = land
        self.landed.emit()

    # work --------------------------------------------------------------------------------------

    def _works(self) -> tuple[LandMaker | Beside, ...]:
        return self._lands, self._layer, self.departures.work

    @property
    def working(self) -> bool:
        """Whether anything is being worked out."""
        return any(one.running for one in self._works())

    def _tell_busy(self, _: bool) -> None:
        self.busy.emit(self.working)

    def drop(self) -> None:
        """Give up what is being worked out."""
        self._rest.stop()
        if self._layer.running:
            self._laid_key = None
        self.departures.drop()
        self._layer.drop()
        self._lands.drop()
        self._land_key = None

    def wait(self) -> None:
        """Until nothing runs any more: the engine must not be at work while Qt shuts down."""
        self._rest.stop()
        for one in self._works():
            one.wait()


def _sizes(descent: Descent) -> dict[str, int]:
    return {i: int(a.size) for i, a in descent.objective.start().items()}


def _first(key: object) -> object:
    return key[:2] if isinstance(key, tuple) else None
