"""The key to wires drawn by the size of their gradients: widths and colours over powers of ten."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from ..editor import Editor
from ..theme import Theme, current, qcolor, source, ui_font, value_font

SIZE = QSize(228, 62)
NARROWEST, WIDEST = 1.2, 7.0
BAR = QRectF(16, 27, 196, 9)


def size_colour(place: float, theme: Theme) -> QColor:
    """From the colour of an idle wire to that of gradients, by the place on the scale."""
    low, high = qcolor(theme.wire), qcolor(theme.grad)
    parts = (QColor.redF, QColor.greenF, QColor.blueF, QColor.alphaF)
    mixed = [part(low) + (part(high) - part(low)) * place for part in parts]
    return QColor.fromRgbF(*mixed)


def size_pen(place: float | None, theme: Theme) -> QPen:
    """How a wire is drawn whose gradient lies there on the scale; dots for exactly zero."""
    if place is None:
        return QPen(qcolor(theme.faint), NARROWEST, Qt.PenStyle.DotLine)
    width = NARROWEST + (WIDEST - NARROWEST) * place
    return QPen(size_colour(place, theme), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)


class SizeLegend(QWidget):
    """Stands in the lower left corner of the canvas while wires are drawn by size."""

    def __init__(self, editor: Editor, parent: QWidget) -> None:
        super().__init__(parent)
        self._editor = editor
        self.setFixedSize(SIZE)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        for signal in (editor.passes.sizes_changed, editor.walk_changed, editor.workspace_changed):
            signal.connect(self.refresh)
        source().changed.connect(self.update)
        self.refresh()

    def refresh(self, *_: object) -> None:
        """Be there or not."""
        self.setVisible(self._editor.passes.sizes is not None)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        sizes, theme = self._editor.passes.sizes, current()
        if sizes is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(qcolor(theme.line), 1))
        painter.setBrush(qcolor(theme.card))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 7, 7)
        painter.setPen(qcolor(theme.mute))
        painter.setFont(ui_font(11))
        painter.drawText(QPointF(BAR.left(), 18), "Size of the gradient on a wire")
        self._paint_bar(painter, theme)
        painter.setFont(value_font(10))
        painter.setPen(qcolor(theme.mute))
        for place, words in sizes.scale.ticks:
            wide = painter.fontMetrics().horizontalAdvance(words)
            left = min(
                max(8.0, BAR.left() + place * BAR.width() - wide / 2), SIZE.width() - wide - 8
            )
            painter.drawText(QPointF(left, 53), words)

    @staticmethod
    def _paint_bar(painter: QPainter, theme: Theme) -> None:
        ramp = QLinearGradient(BAR.topLeft(), BAR.topRight())
        for part in range(11):
            ramp.setColorAt(part / 10, size_colour(part / 10, theme))
        thin, wide, middle = NARROWEST / 2, WIDEST / 2, BAR.center().y()
        corners = (
            (BAR.left(), middle - thin), (BAR.right(), middle - wide),
            (BAR.right(), middle + wide), (BAR.left(), middle + thin),
        )  # fmt: skip
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ramp)
        painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))
