"""Looking about: pan, zoom, fit, the dotted ground, and the picture from far away."""

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import (
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QGestureEvent, QGraphicsView, QWidget

from ..editor import Editor
from ..theme import source
from .chips import paint_chip
from .far import paint_grid
from .frames import Frames
from .partial import CHIPS_FROM
from .scene import CanvasScene
from .sighting import seen_by, way
from .touching import native, pinched, scrolled
from .wire_labels import FROM

LEAST, MOST = 0.005, 4.0
ROOM = 50_000.0
REST_MS = 60


class NavigableView(QGraphicsView):
    """A view that is panned by wheel or fingers, zoomed at the cursor, and fits what it shows.

    Once fitted it stays so, however it is resized, until somebody pans or zooms.
    """

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.editor = editor
        self.fitted = True
        self.corner: QWidget | None = None
        """What lies over a corner of the view, and may hide what is there."""
        self.on_grid = False
        """Whether what is dragged goes to the dots of the ground."""
        self._count = 0
        self.canvas = CanvasScene(editor, self)
        self._frames = Frames(self)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(lambda: self._set_moving(False))
        self.setScene(self.canvas)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.BoundingRectViewportUpdate)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
        self.setMouseTracking(True)
        self.viewport().grabGesture(Qt.GestureType.PinchGesture)
        self.setSceneRect(-ROOM, -ROOM, 2 * ROOM, 2 * ROOM)
        self.canvas.reshaped.connect(self._reshaped)
        self.canvas.rebuilt.connect(self.fit)
        source().changed.connect(self.viewport().update)

    def steady(self) -> bool:
        """Whether only the view moves, and nothing within it."""
        return True

    @property
    def zoom(self) -> float:
        """How large the scene is shown; 1 is natural size."""
        return self.transform().m11()

    def look(self, zoom: float, point: QPointF, at: QPointF) -> None:
        """Zoom so that a point of the scene lies at a point of the viewport."""
        bounded = min(max(zoom, LEAST), MOST)
        self.setTransform(QTransform.fromScale(bounded, bounded))
        self.horizontalScrollBar().setValue(round(point.x() * bounded - at.x()))
        self.verticalScrollBar().setValue(round(point.y() * bounded - at.y()))
        self.navigated()

    def navigated(self) -> None:
        """Called after the view was moved; overlays follow."""

    def _set_moving(self, moving: bool) -> None:
        """While the view of many cards moves, it may be rough; at rest it is sharp again."""
        if moving and self.canvas.pictures.worth:
            self.canvas.pictures.moving = True
            self._rest.start()
        elif self.canvas.pictures.moving:
            self.canvas.pictures.moving = False
            self.viewport().update()

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom with a point of the viewport held still: by default its middle."""
        place = QPointF(self.viewport().rect().center()) if at is None else at
        self.fitted = False
        self._set_moving(True)
        self.look(self.zoom * factor, self.scene_point(place), place)

    def scene_point(self, place: QPointF) -> QPointF:
        """The point of the scene at a point of the viewport, without rounding."""
        inverse, _ = self.viewportTransform().inverted()
        return inverse.map(place)

    def pan(self, by: QPointF) -> None:
        """Move what is seen by that many pixels."""
        self.fitted = False
        self._set_moving(True)
        self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() - round(by.x()))
        self.verticalScrollBar().setValue(self.verticalScrollBar().value() - round(by.y()))
        self.navigated()

    def fit(self) -> None:
        """Show everything, at natural size where there is room for it."""
        area = self.shown_area()
        room = QRectF(self.viewport().rect()).adjusted(*self._margins())
        zoom = 1.0
        if not area.isEmpty() and not room.isEmpty():
            zoom = min(1.0, room.width() / area.width(), room.height() / area.height())
        self.look(zoom, area.center(), room.center())
        self.fitted = True

    def shown_area(self) -> QRectF:
        """What `fit` shows: the cards and what stands beside them."""
        return self.canvas.bounds().adjusted(-6, -6, 6, 6)

    def _margins(self) -> tuple[float, float, float, float]:
        edge = 12.0 if self.viewport().width() < 480 else 26.0
        # A breadcrumb stands at the top of what was entered.
        return edge, edge + (34.0 if self.canvas.groups.inside else 0.0), -edge, -edge

    def _reshaped(self) -> None:
        count = len(self.canvas.cards)
        grown, self._count = count > self._count, count
        if grown and self.fitted:
            self.fit()
        bounds = self.canvas.bounds().adjusted(-ROOM, -ROOM, ROOM, ROOM)
        if not self.sceneRect().contains(self.canvas.bounds().adjusted(-5000, -5000, 5000, 5000)):
            self.setSceneRect(bounds)
        self.navigated()

    def ensure_seen(self, area: QRectF) -> None:
        """Move just so far that a rectangle of the scene is in sight, and nothing lies over it."""
        by = way(self.mapFromScene(area).boundingRect(), self.viewport().rect(), self.corner)
        if not by.isNull():
            self.pan(QPointF(by))

    # Qt's events --------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.fitted:
            self.fit()
        self.navigated()

    def wheelEvent(self, event: QWheelEvent) -> None:
        scrolled(self, event)
        event.accept()

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent) and native(self, event):
            return True
        if isinstance(event, QGestureEvent) and pinched(self, event):
            return True
        return super().viewportEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._frames.paint(event.region()):
            # Only Qt's own way tells the scene that it was painted: else no update comes again.
            super().paintEvent(QPaintEvent(QRegion()))
        else:
            paint = super().paintEvent
            self._frames.paint_part(event.region(), lambda: paint(event))

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        if not rect.isEmpty():
            paint_grid(painter, QRectF(rect), self.zoom)

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        if self.zoom < CHIPS_FROM:
            return
        if self.zoom >= FROM and not self.canvas.pictures.moving:
            seen = seen_by(self)
            self.canvas.labels.paint(painter, seen, QRectF(rect))
        among = self._frames.wires_in_sight()
        for area, text, active in self.canvas.chips.placed(QRectF(rect), among):
            paint_chip(painter, area, text, self.canvas.editor.passes.role, active)
