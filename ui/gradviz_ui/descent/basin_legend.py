"""What the patterns of a basin map mean, with the share of the starts they cover."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gradviz.descent.basins import DIVERGED, UNDER_WAY, Basins

from ..theme import current, qcolor, source, ui_font
from .basin_layers import ground, pattern
from .spots import percent

WORDS = ((UNDER_WAY, "on its way or stuck"), (DIVERGED, "diverged"))
BOX = 14.0


class BasinLegend(QWidget):
    """A swatch, a word and a share each."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[tuple[int, str]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        source().changed.connect(self.update)

    def show_basins(self, found: Basins | None) -> None:
        """Show what leads nowhere."""
        self._parts = [] if found is None else [
            (index, f"{word} {percent(found.share(index))}") for index, word in WORDS
            if found.share(index) > 0
        ]  # fmt: skip
        self.setAccessibleName(", ".join(words for _, words in self._parts))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, 22)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        painter.setFont(ui_font(12))
        x, middle = float(self.width()), self.height() / 2
        for index, words in reversed(self._parts):
            width = painter.fontMetrics().horizontalAdvance(words)
            x -= width + 2
            painter.setPen(qcolor(theme.mute))
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            painter.drawText(QRectF(x, 0, width + 4, self.height()), flags, words)
            x -= BOX + 6
            swatch = QRectF(x, middle - BOX / 2, BOX, BOX)
            painter.fillRect(swatch, qcolor(theme.ramp[2]))
            painter.fillRect(swatch, ground(index))
            painter.setPen(QPen(qcolor(theme.line), 1))
            painter.setBrush(pattern(index))
            painter.drawRect(swatch)
            x -= 14
