"""What is out of sight is brought up to date when it is looked at, not before."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget


class WhenSeen(QObject):
    """Has a widget read anew: at once where it is seen, else once when it is shown next."""

    def __init__(self, widget: QWidget, read: Callable[[], None]) -> None:
        super().__init__(widget)
        self._widget, self._read = widget, read
        self._due = False
        widget.installEventFilter(self)

    def ask(self) -> None:
        """What the widget shows has changed."""
        self._due = not self._widget.isVisible()
        if not self._due:
            self._read()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._due and event.type() == QEvent.Type.Show:
            self._due = False
            self._read()
        return False
