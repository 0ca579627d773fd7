"""How truly a plane shows each runner's way, worked out beside the window."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from gradviz.descent import PlaneSlice, Slice, Trajectory
from gradviz.descent.planes import Departure, departure

from .beside import Beside, Cancelled, Tell


class Way:
    """A way as it was: alike only itself with as many steps."""

    def __init__(self, path: Trajectory | None) -> None:
        self.path, self.count = path, 0 if path is None else len(path)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Way) and self.path is other.path and self.count == other.count

    def __hash__(self) -> int:
        return hash((id(self.path), self.count))


class Departures(QObject):
    """See the module's text."""

    told = Signal()
    """They are known, or no longer known."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.found: tuple[Departure, ...] = ()
        """One a runner; empty while they are not known."""
        self._key: object = None
        self.work = Beside(self)
        self.work.told.connect(self._take)

    def follow(self, piece: Slice | None, paths: Sequence[Trajectory]) -> None:
        """Tell of these ways in that plane; along axes there is nothing to tell."""
        if not isinstance(piece, PlaneSlice):
            self.forget()
            return
        key = piece.plane, tuple(Way(p) for p in paths)
        if key == self._key:
            return
        self._key = key

        def work(tell: Tell, cancelled: Cancelled) -> None:
            found = [departure(piece.objective, piece.plane, p) for p in paths if not cancelled()]
            tell(tuple(found))

        self.work.start(work)

    def drop(self) -> None:
        """Give up what is being worked out."""
        if self.work.running:
            self.work.drop()
            self._key = None

    def forget(self) -> None:
        """There is nothing known any more."""
        self.work.drop()
        self._key = None
        if self.found:
            self._take(())

    def _take(self, found: tuple[Departure, ...]) -> None:
        self.found = found
        self.told.emit()
