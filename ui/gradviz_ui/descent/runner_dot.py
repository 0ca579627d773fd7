"""A runner's colour in its row: filled while its way is shown, a ring while it is hidden."""

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton

from ..theme import current, qcolor, source


class Dot(QAbstractButton):
    """See the module's text. A click hides or shows the way."""

    def __init__(self) -> None:
        super().__init__()
        self.colour = 0
        self.setCheckable(True)
        self.setFixedSize(QSize(18, 18))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("Shown")
        source().changed.connect(self.update)

    def show_state(self, colour: int, visible: bool) -> None:
        """Show a colour of the theme's list, and whether the way is shown."""
        self.colour = colour
        self.setChecked(visible)
        self.setToolTip("Hide its way" if visible else "Show its way")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = qcolor(current().series(self.colour))
        middle = QPointF(self.width() / 2, self.height() / 2)
        painter.setPen(colour)
        painter.setBrush(colour if self.isChecked() else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(middle, 5.5, 5.5)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(qcolor(current().sel))
            painter.drawEllipse(middle, 8.0, 8.0)
