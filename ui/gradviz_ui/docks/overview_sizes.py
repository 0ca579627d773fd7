"""Gradient sizes over the whole pass: wires drawn by size, and a plot by layer."""

from math import isfinite, log10

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from gradviz.explain.magnitudes import Layer, depth, power_of_ten

from ..editor import Editor
from ..theme import current, qcolor, source, ui_font, value_font
from ..widgets import column, text
from .inspector_parts import Section
from .overview_page import OverviewPage

HEIGHT = 190
EDGES = (44.0, 14.0, 14.0, 34.0)


class DepthPlot(QWidget):
    """Gradients and weights' gradients by layer, on a logarithmic scale."""

    def __init__(self) -> None:
        super().__init__()
        self.layers: tuple[Layer, ...] = ()
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        source().changed.connect(self.update)

    def show_layers(self, layers: tuple[Layer, ...]) -> None:
        """Plot these."""
        self.layers = layers
        self.setAccessibleName(
            "; ".join(f"layer {one.number}: {one.gradient:.3g}" for one in layers)
        )
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        sizes = [one.gradient for one in self.layers]
        sizes += [one.weights for one in self.layers if one.weights is not None]
        logs = [log10(s) for s in sizes if isfinite(s) and s > 0]
        if not logs:
            return
        low, high = int(min(logs) // 1), int(-(-max(logs) // 1))
        high = high if high > low else low + 1
        left, top, right, bottom = EDGES
        room = QRectF(self.rect()).adjusted(left, top, -right, -bottom)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_axes(painter, room, low, high)
        theme = current()
        gradients = [one.gradient for one in self.layers]
        weights = [one.weights for one in self.layers]
        self._paint_curve(painter, room, (low, high), weights, theme.parameter)
        self._paint_curve(painter, room, (low, high), gradients, theme.grad)

    def _paint_axes(self, painter: QPainter, room: QRectF, low: int, high: int) -> None:
        theme = current()
        painter.setFont(value_font(10))
        step = max(1, -(-(high - low) // 5))
        for exponent in range(low, high + 1, step):
            y = room.bottom() - (exponent - low) / (high - low) * room.height()
            painter.setPen(QPen(qcolor(theme.line), 1))
            painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))
            painter.setPen(qcolor(theme.mute))
            place = QRectF(0, y - 8, room.left() - 6, 16)
            middle = Qt.AlignmentFlag.AlignVCenter
            painter.drawText(place, Qt.AlignmentFlag.AlignRight | middle, power_of_ten(exponent))
        every = max(1, -(-len(self.layers) // 12))
        for index, one in list(enumerate(self.layers))[::every]:
            place = QRectF(self._x(room, index) - 20, room.bottom() + 3, 40, 14)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, str(one.number))
        painter.setFont(ui_font(11))
        place = QRectF(room.left(), room.bottom() + 17, room.width(), 15)
        painter.drawText(
            place, Qt.AlignmentFlag.AlignCenter, "layer, from the leaves to the output"
        )

    def _x(self, room: QRectF, index: int) -> float:
        return room.left() + (index + 0.5) / len(self.layers) * room.width()

    def _paint_curve(
        self,
        painter: QPainter,
        room: QRectF,
        ends: tuple[int, int],
        sizes: list[float | None] | list[float],
        colour: str,
    ) -> None:
        low, high = ends
        points: list[QPointF] = []
        for index, size in enumerate(sizes):
            if size is not None and isfinite(size) and size > 0:
                part = (log10(size) - low) / (high - low)
                points.append(QPointF(self._x(room, index), room.bottom() - part * room.height()))
        painter.setPen(QPen(qcolor(colour), 1.6))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(points))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(qcolor(colour))
        for point in points:
            painter.drawEllipse(point, 3, 3)


class SizesPage(OverviewPage):
    """Whether gradients keep their size on the way back."""

    def __init__(self, editor: Editor) -> None:
        super().__init__(editor)
        self.overlay = QCheckBox("Draw wires by the size of their gradients  O")
        self.overlay.toggled.connect(editor.passes.show_sizes)
        editor.passes.sizes_changed.connect(self.refresh)
        self.verdict = text("", "plain", 13)
        self.verdict.setWordWrap(True)
        self.plot = DepthPlot()
        words = "orange: gradients of the layer’s values; violet: of its weights"
        self.key = text(words, "mute", 11)
        self.key.setWordWrap(True)
        self.put(column(self.overlay, margins=(14, 12, 14, 6)))
        self.put(Section("Along the depth", self.verdict, self.plot, self.key))

    def refresh(self) -> None:
        """Plot the present pass."""
        self.overlay.setChecked(self.editor.passes.by_size)
        walk = self._story.walk
        self.plot.setVisible(walk is not None)
        self.key.setVisible(walk is not None)
        if walk is None:
            self.verdict.setText(self.editor.walk_problem)
            return
        found = depth(self.editor.evaluation, walk)
        self.verdict.setText(found.verdict)
        self.plot.show_layers(found.layers)
