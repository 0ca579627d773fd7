"""The strip of tabs, one for each open document: click, drag to order, middle click to close."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QTabBar, QWidget

from .motion import motion
from .widgets import IconButton, restyle

HEIGHT = 32


class TabStrip(QTabBar):
    """See the module's text. Who owns it keeps documents in the order of the tabs."""

    close_wanted = Signal(int)
    """Somebody asks for a tab to be closed: its place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("documents")
        self.setAccessibleName("Open documents")
        self.setFixedHeight(HEIGHT)
        self.setMovable(True)
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setElideMode(Qt.TextElideMode.ElideMiddle)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        motion().changed.connect(self._settle)
        self._settle()

    def _settle(self) -> None:
        """Whether tabs glide into place."""
        restyle(self, still=motion().reduced)

    def tabInserted(self, index: int) -> None:
        close = IconButton("close", "Close", size=12)
        close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        close.clicked.connect(lambda: self.close_wanted.emit(self._holding(close)))
        self.setTabButton(index, QTabBar.ButtonPosition.RightSide, close)

    def _holding(self, button: QWidget) -> int:
        side = QTabBar.ButtonPosition.RightSide
        return next(i for i in range(self.count()) if self.tabButton(i, side) is button)

    def name(self, index: int, title: str, tip: str, *, saved: bool) -> None:
        """Show a document's title, and a dot where it is not saved."""
        shown = title or "Untitled"
        escaped = shown.replace("&", "&&")
        self.setTabText(index, escaped if saved else f"\N{BULLET} {escaped}")
        self.setTabToolTip(index, tip or shown)
        self.setAccessibleTabName(index, shown if saved else f"{shown}, not saved")
        close = self.tabButton(index, QTabBar.ButtonPosition.RightSide)
        close.setAccessibleName(f"Close {shown}")
        close.setToolTip(f"Close {shown}")

    def set_away(self, away: bool) -> None:
        """While something else than a document is in front, no tab looks chosen."""
        restyle(self, away=away)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = self.tabAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.MiddleButton and place >= 0:
            self.close_wanted.emit(place)
        else:
            super().mouseReleaseEvent(event)
