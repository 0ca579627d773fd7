"""Palette and style sheet of the whole application: at once for what is seen, else when shown."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QWidget

POLISHED: Final = Qt.WidgetAttribute.WA_WState_Polished


class Dressing(QObject):
    """Has the widgets follow a style sheet, each when it is next seen."""

    def dress(self, app: QApplication, palette: QPalette, sheet: str) -> None:
        """Have the application follow a palette and a style sheet.

        Another sheet in place of one has Qt restyle each widget once for every widget around it;
        a first sheet only once each, and only those that it believes polished.
        """
        hidden = [w for w in app.allWidgets() if not w.isVisible() and w.testAttribute(POLISHED)]
        for widget in hidden:
            widget.setAttribute(POLISHED, False)
        app.setStyleSheet("")
        app.setPalette(palette)
        app.setStyleSheet(sheet)
        for widget in hidden:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A widget that another sheet was put on while it was hidden is shown."""
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget):
            watched.removeEventFilter(self)
            watched.setAttribute(POLISHED)
            watched.style().polish(watched)
            QApplication.sendEvent(watched, QEvent(QEvent.Type.StyleChange))
        return False
