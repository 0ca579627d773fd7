"""The program's name, as drawn at the left end of the top bar."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ..theme import current, qcolor, source, ui_font

NAME = "∇ GradViz"


class Wordmark(QWidget):
    """∇ GradViz, in ink."""

    def __init__(self, size_px: float = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._font = ui_font(size_px, QFont.Weight.Bold)
        self._font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, -0.02 * size_px)
        self.setAccessibleName("GradViz")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        source().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(self._font)
        return QSize(int(metrics.horizontalAdvance(NAME)) + 2, int(metrics.height()) + 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(qcolor(current().ink))
        painter.setFont(self._font)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, NAME)
