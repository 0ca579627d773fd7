"""A label that gives way: long names end in an ellipsis rather than widen a panel."""

from PySide6.QtCore import QEvent, QSize, Qt
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
        self._widths: dict[str, int] = {}
        self._cut = False
        self.shorter = ""
        """What says the same in fewer letters, for where the text does not fit."""
        self.setTextFormat(Qt.TextFormat.PlainText)

    def shown(self) -> str:
        """The text as it fits now."""
        words, room = self.text(), self.contentsRect().width()
        for fitting in (words, self.shorter or words):
            if self._width(fitting) <= room:
                return fitting
        # The end of the shorter form is what it comes to.
        mode = Qt.TextElideMode.ElideLeft if self.shorter else self._mode
        return self.fontMetrics().elidedText(self.shorter or words, mode, room)

    # Qt lays out text that can be selected several times to measure it: of one line all is known.

    def sizeHint(self) -> QSize:
        return self._measured(self.text())

    def minimumSizeHint(self) -> QSize:
        return self._measured("…" + self.text()[:2])

    def _measured(self, words: str) -> QSize:
        around = self.contentsMargins()
        width = self._width(words) + around.left() + around.right()
        return QSize(width, self.fontMetrics().height() + around.top() + around.bottom())

    def _width(self, words: str) -> int:
        if words not in self._widths:
            self._widths[words] = self.fontMetrics().horizontalAdvance(words)
        return self._widths[words]

    def setText(self, arg__1: str) -> None:
        # Another text has the layouts round it measured again, which takes a good part of a frame.
        if arg__1 != self.text():
            self._widths = {}
            super().setText(arg__1)
            self._tell()

    def changeEvent(self, arg__1: QEvent) -> None:
        super().changeEvent(arg__1)
        if arg__1.type() == QEvent.Type.FontChange:
            self._widths = {}

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell()

    def _tell(self) -> None:
        before, self._cut = self._cut, self.shown() != self.text()
        if self._cut or before:
            self.setToolTip(self.text() if self._cut else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        alignment = self.alignment() | Qt.TextFlag.TextSingleLine
        painter.drawText(self.contentsRect(), int(alignment), self.shown())
