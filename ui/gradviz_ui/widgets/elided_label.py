"""A label that gives way: long names end in an ellipsis rather than widen a panel."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget


class ElidedLabel(QLabel):
    """One line of plain text; while it is cut, the tooltip shows all of it."""

    def __init__(
        self,
        words: str = "",
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(words, parent)
        self._mode = mode
        self.setTextFormat(Qt.TextFormat.PlainText)

    def shown(self) -> str:
        """The text as it fits now."""
        return self.fontMetrics().elidedText(self.text(), self._mode, self.contentsRect().width())

    # Qt lays out text that can be selected several times to measure it: of one line all is known.

    def sizeHint(self) -> QSize:
        return self._measured(self.text())

    def minimumSizeHint(self) -> QSize:
        return self._measured("…" + self.text()[:2])

    def _measured(self, words: str) -> QSize:
        metrics, around = self.fontMetrics(), self.contentsMargins()
        width = metrics.horizontalAdvance(words) + around.left() + around.right()
        return QSize(width, metrics.height() + around.top() + around.bottom())

    def setText(self, arg__1: str) -> None:
        # Another text has the layouts round it measured again, which takes a good part of a frame.
        if arg__1 != self.text():
            super().setText(arg__1)
            self._tell()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell()

    def _tell(self) -> None:
        words = "" if self.shown() == self.text() else self.text()
        if words != self.toolTip():
            self.setToolTip(words)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        alignment = self.alignment() | Qt.TextFlag.TextSingleLine
        painter.drawText(self.contentsRect(), int(alignment), self.shown())
