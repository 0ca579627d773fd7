"""A form opened over the window, above what was clicked, until a click elsewhere."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ..theme import current, source


class FormPopup(QFrame):
    """A form over the window; `refresh` makes it show how things stand, each time it opens."""

    def __init__(
        self, form: QWidget, refresh: Callable[[], None], width: int, parent: QWidget
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._refresh = refresh
        self.setObjectName("form")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 16)
        layout.addWidget(form)
        self.setFixedWidth(width)
        source().changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        theme = current()
        self.setStyleSheet(f"#form {{ background: {theme.card}; border: 1px solid {theme.line}; }}")

    def open_above(self, widget: QWidget) -> None:
        """Open with the lower left corner at a widget's upper one."""
        self._refresh()
        self.adjustSize()
        corner = widget.mapToGlobal(widget.rect().topLeft())
        self.move(corner.x(), corner.y() - self.height() - 4)
        self.show()
