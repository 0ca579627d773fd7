"""Landscapes that take a while are computed beside the window, and dropped when outdated."""

from functools import partial

from PySide6.QtCore import QObject, Signal

from gradviz.descent import Landscape, Slice
from gradviz.descent.landscape import Range

from .beside import Beside, Cancelled, Tell

COARSE = 17


def survey(piece: Slice, ranges: tuple[Range, Range], tell: Tell, cancelled: Cancelled) -> None:
    """The land coarse, then fine."""
    for resolution in (COARSE, None):
        found = piece.landscape(ranges, resolution, cancelled)
        if found is None or cancelled():
            return
        tell(found)


class LandMaker(QObject):
    """Gives the landscape of a slice: at once where that is quick, else coarse, then fine."""

    found = Signal(object)
    """Sent with a `Landscape` that was worked out beside the window."""
    busy = Signal(bool)
    """Whether one is being worked out."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._beside = Beside(self)
        self._beside.told.connect(self.found)
        self._beside.busy.connect(self.busy)

    @property
    def running(self) -> bool:
        """Whether one is being worked out."""
        return self._beside.running

    def make(self, piece: Slice, ranges: tuple[Range, Range]) -> Landscape | None:
        """The landscape, or None where `found` will bring it."""
        if piece.quick:
            self.drop()
            return piece.landscape(ranges)
        self._beside.start(partial(survey, piece, ranges))
        return None

    def drop(self) -> None:
        """Give up what is being worked out."""
        self._beside.drop()

    def wait(self) -> None:
        """Until nothing runs any more: the engine must not be at work while Qt shuts down."""
        self._beside.wait()
