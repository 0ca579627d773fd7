"""The pointer on the canvas: each press begins a gesture, which then has the pointer alone."""

from PySide6.QtCore import QEvent, QRect, QRectF, Qt
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QToolTip, QWidget

from gradviz.graph.checks import port_name

from ..editor import Editor
from ..theme import current
from .connecting import Connect, Plug
from .content import details
from .gestures import Gesture, Pan, Pointer, gesture_for
from .hits import Hit
from .navigation import NavigableView
from .overlays import Overlays


class PointedView(NavigableView):
    """A view whose cards and wires can be taken hold of."""

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(editor, parent)
        self.gesture: Gesture | None = None
        self.hand = False
        """Whether a drag pans, as while Space is held."""
        self.overlays = Overlays(self)
        editor.replaced.connect(self.drop_gesture)

    def navigated(self) -> None:
        # Fitting begins before there is anything to follow.
        if "overlays" in vars(self):
            self.overlays.follow()

    def steady(self) -> bool:
        return self.gesture is None or isinstance(self.gesture, Pan)

    def drop_gesture(self) -> None:
        """Forget what is in progress: what it held is gone."""
        if self.gesture is not None:
            self._end()

    def cancel_gesture(self) -> bool:
        """Take back what is in progress; False where nothing is."""
        gesture = self.gesture
        if gesture is None:
            return False
        self._end()
        gesture.cancel()
        return True

    def _pointer(self, event: QMouseEvent) -> Pointer:
        place = event.position()
        return Pointer(place, self.scene_point(place), event.modifiers())

    def _reach(self) -> float:
        return 9.0 / max(self.zoom, 0.5)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.gesture is not None:
            return
        at, button = self._pointer(event), event.button()
        if button == Qt.MouseButton.MiddleButton or (
            self.hand and button == Qt.MouseButton.LeftButton
        ):
            self._begin(Pan(self, at))
        elif button == Qt.MouseButton.LeftButton:
            hit = self.canvas.hit(at.scene, self._reach())
            self._begin(gesture_for(self, hit, at) or self._connecting(hit, at))

    def _connecting(self, hit: Hit, at: Pointer) -> Gesture:
        wire = None
        if hit.part == "input":
            wire = self.editor.graph.inputs(hit.node_id).get(hit.port)
        fixed = Plug(hit.node_id, hit.port, hit.part == "output")
        if wire is not None:
            fixed = Plug(wire.source, wire.output, True)
        return Connect(self, at, fixed, self.overlays.search_for, wire)

    def _begin(self, gesture: Gesture) -> None:
        self.gesture = gesture
        self.viewport().setCursor(gesture.cursor)

    def _end(self) -> None:
        self.gesture = None
        self.viewport().unsetCursor()
        self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = self._pointer(event)
        if self.gesture is not None:
            self.gesture.move(at)
            return
        hit = self.canvas.hit(at.scene, self._reach())
        shapes = {"slider": Qt.CursorShape.SizeHorCursor, "input": Qt.CursorShape.CrossCursor,
                  "output": Qt.CursorShape.CrossCursor}  # fmt: skip
        self.viewport().setCursor(shapes.get(hit.part, Qt.CursorShape.ArrowCursor))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        gesture = self.gesture
        if gesture is not None:
            self._end()
            gesture.finish(self._pointer(event))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        at = self._pointer(event)
        hit = self.canvas.hit(at.scene, self._reach())
        if hit.card is None:
            self.overlays.search_at(at.view.toPoint())
        elif not self.overlays.edit(hit):
            self.mousePressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            hit = self.canvas.hit(self.mapToScene(event.pos()), self._reach())
            QToolTip.showText(event.globalPos(), self.tip(hit), self)
            return True
        return super().viewportEvent(event)

    def tip(self, hit: Hit) -> str:
        """What is said of the part under the pointer."""
        if hit.card is None:
            return ""
        node = self.editor.graph.node(hit.node_id)
        if hit.part == "input":
            port = node.spec.ports[min(hit.port, len(node.spec.ports) - 1)]
            return f"{port_name(node.spec, hit.port)}: {port.doc}"
        if hit.part == "output" and len(node.spec.outputs) > 1:
            return node.spec.outputs[hit.port]
        return details(self.editor, hit.node_id)

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        super().drawForeground(painter, rect)
        if self.gesture is not None:
            self.gesture.paint(painter, current())
