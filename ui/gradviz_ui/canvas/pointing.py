"""The pointer on the canvas: each press begins a gesture, which then has the pointer alone."""

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QHelpEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QToolTip, QWidget

from gradviz.graph import Wire

from ..editor import Editor
from ..theme import current
from .asking import asked_about
from .box_gestures import cursor_at, near
from .connecting import Connect, Plug, paint_wire
from .cutting import Cut
from .edge_pan import EdgePan
from .folding import enter_or_name, toggle
from .gestures import Gesture, Pan, Pointer
from .group_frame import FrameItem
from .hits import Hit
from .items import CardItem
from .navigation import NavigableView
from .overlays import Overlays
from .pin_gestures import JoinPort, name_port, pin_menu, pin_tip
from .pressing import gesture_for, open_on_ground
from .tip_text import dressed
from .tips import tip_of

TIP_ROOM, TIP_BELOW = 80, 14
"""What a tip needs below a card, and how far above its place Qt is told to put it."""


class PointedView(NavigableView):
    """A view whose cards and wires can be taken hold of."""

    menu_wanted = Signal(str, object)
    """Somebody asks what can be done with what is ``canvas``, ``node``, ``wire`` or ``box`` (a
    frame or a note), at a point of the screen."""

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(editor, parent)
        self.gesture: Gesture | None = None
        self.pointed: tuple[Wire, ...] = ()
        """The wires that a menu was last asked for."""
        self.aimed: QPoint | None = None
        """Where, until the pointer does something else."""
        self._edge_pan = EdgePan(self)
        self.under = Hit()
        """What the pointer was last seen to rest on."""
        self.hand = False
        """Whether a drag pans, as while Space is held."""
        self.panned = False
        """Whether one did since Space was pressed."""
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

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.gesture is not None:
            return
        self.aimed = None
        at, button = self._pointer(event), event.button()
        left = button == Qt.MouseButton.LeftButton
        if button == Qt.MouseButton.MiddleButton or (self.hand and left):
            self.panned = True
            self._begin(Pan(self, at))
        elif left and at.keys & Qt.KeyboardModifier.AltModifier:
            self._begin(Cut(self, at))
        elif left and (pin := self.canvas.groups.pin_at(at.scene)) is not None:
            self._begin(JoinPort(self, at, pin) if pin.side == "inputs" else Gesture(self, at))
        elif left:
            hit = self.canvas.hit(at.scene, near(self))
            if isinstance(hit.card, FrameItem) and hit.card.fold().contains(at.scene):
                toggle(self.canvas, hit.group_id)
                return
            self._begin(gesture_for(self, hit, at) or self._connecting(hit, at))

    def _connecting(self, hit: Hit, at: Pointer) -> Gesture:
        assert isinstance(hit.card, CardItem), "only cards have ports"
        node_id, port = hit.card.ends(hit.port, output=hit.part == "output")[0]
        wire = None
        if hit.part == "input":
            wire = self.editor.graph.inputs(node_id).get(port)
        fixed = Plug(node_id, port, hit.part == "output")
        if wire is not None:
            fixed = Plug(wire.source, wire.output, True)
        return Connect(self, at, fixed, self.overlays.search_for, wire)

    def _begin(self, gesture: Gesture) -> None:
        self.gesture = gesture
        self.viewport().setCursor(gesture.cursor)

    def _end(self) -> None:
        self.gesture = None
        self._edge_pan.stop()
        self.viewport().unsetCursor()
        self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.aimed = None
        at = self._pointer(event)
        if self.gesture is not None:
            if self.gesture.drags:
                self._edge_pan.watch(at.view)
            self.gesture.move(at)
            return
        hit = self.under = self.canvas.hit(at.scene, near(self))
        self.editor.alike.point_at(hit.group_id)
        shapes = {"slider": Qt.CursorShape.SizeHorCursor, "input": Qt.CursorShape.CrossCursor,
                  "output": Qt.CursorShape.CrossCursor}  # fmt: skip
        shape = cursor_at(self, at.scene) if hit.card is None else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shapes.get(hit.part, shape))

    def dragged_to(self, place: QPointF) -> None:
        """What is under a resting pointer is another: the gesture goes on from there."""
        if self.gesture is not None:
            self.gesture.move(Pointer(place, self.scene_point(place)))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.gesture is not None:
            return
        pin = self.canvas.groups.pin_at(self.scene_point(QPointF(event.pos())))
        if pin is not None:
            pin_menu(self, pin, event.globalPos())
            return
        asked = asked_about(self, event)
        self.pointed, self.aimed = asked.wires, asked.place
        self.menu_wanted.emit(asked.about, self.viewport().mapToGlobal(asked.place))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        gesture = self.gesture
        if gesture is not None:
            self._end()
            gesture.finish(self._pointer(event))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        at = self._pointer(event)
        pin = self.canvas.groups.pin_at(at.scene)
        hit = self.canvas.hit(at.scene, near(self))
        if pin is not None:
            name_port(self, pin)
        elif hit.card is None:
            open_on_ground(self, at)
        elif hit.group_id and hit.part not in ("input", "output"):
            enter_or_name(self, hit)
        elif not self.overlays.edit(hit):
            self.mousePressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self.editor.alike.point_at("")
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            point = self.mapToScene(event.pos())
            pin = self.canvas.groups.pin_at(point)
            hit = self.canvas.hit(point, near(self))
            told = self.tip(hit) if pin is None else pin_tip(pin)
            QToolTip.showText(self._below(hit, event), dressed(told), self)
            return True
        return super().viewportEvent(event)

    def _below(self, hit: Hit, event: QHelpEvent) -> QPoint:
        """Where to say something of a card: below it, so that it can still be read."""
        place = event.pos()
        if isinstance(hit.card, CardItem) and hit.part not in ("input", "output"):
            bottom = self.mapFromScene(hit.card.body().bottomLeft()).y()
            if bottom < self.viewport().height() - TIP_ROOM:
                place.setY(max(place.y(), bottom - TIP_BELOW))
        return self.viewport().mapToGlobal(place)

    def tip(self, hit: Hit) -> str:
        """What is said of the part under the pointer."""
        return tip_of(self.editor, hit)

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        super().drawForeground(painter, rect)
        if self.gesture is not None:
            self.gesture.paint(painter, current())
        elif (pulled := self.overlays.pulled) is not None:
            paint_wire(painter, self.canvas, *pulled, current().sel)
