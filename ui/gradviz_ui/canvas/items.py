"""Cards and wires as items of the scene: geometry, and paint handed on to the painters."""

from collections.abc import Callable
from math import isfinite

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gradviz.explain.names import category_of
from gradviz.graph import Node, Wire

from ..editor import Editor
from ..theme import current, qcolor
from .content import CardContent, content_for, form_of, same_look
from .legend import WIDEST, size_pen
from .metrics import CardPlan, Point, plan_of
from .painting import paint_card
from .pictures import CardPictures
from .wire_paths import DOT, straight, way

MARGIN, ABOVE = 12.0, 26.0
WIRE, CARD = 0.0, 1.0
THIN = 1.3
"""The width of a wire that nothing has travelled."""


def left_of(node: Node) -> float:
    """How far a card reaches to the left: numbers typed on its ports stand there."""
    return 90.0 if node.literals else MARGIN


class CardItem(QGraphicsItem):
    """One node's card. It asks the editor what to show when it is painted after a change."""

    def __init__(self, editor: Editor, node_id: str, pictures: CardPictures) -> None:
        super().__init__()
        self.node_id = node_id
        self.ids = frozenset((node_id,))
        """The nodes that the card stands for."""
        self._pictures = pictures
        self._age = -1
        self.report: Callable[[CardItem], None] | None = None
        """Told whenever it is put elsewhere, while it is in a scene."""
        self._editor = editor
        self._content: CardContent | None = None
        self._place = QPointF()
        node = editor.graph.node(node_id)
        self._form = node, form_of(editor, node)
        self.plan, self._left = self._wanted()
        self._frame()
        self.setZValue(CARD)

    def _wanted(self) -> tuple[CardPlan, float]:
        node, form = self._form
        return plan_of(node, *form), left_of(node)

    def _read(self) -> CardContent:
        return content_for(self._editor, self._editor.graph.node(self.node_id))

    def home(self) -> QPointF:
        """Where the document has it."""
        return at(self._editor.graph.node(self.node_id).position)

    @property
    def content(self) -> CardContent:
        """What the card shows now."""
        known = self._content
        if known is None or self._age != self._pictures.age:
            found = self._read()
            # The same object as long as it looks the same: its picture then stays good.
            self._content = known if known is not None and same_look(known, found) else found
            self._age = self._pictures.age
            return self._content
        return known

    def forget(self) -> None:
        """Read everything anew at the next painting."""
        self._age = -1

    def measure(self) -> bool:
        """Take the size that the node needs now; whether it is another than before."""
        self.forget()
        node = self._editor.graph.node(self.node_id)
        form = form_of(self._editor, node)
        if node is self._form[0] and form == self._form[1]:
            return False
        self._form = node, form
        return self._resize(self._wanted())

    def _resize(self, wanted: tuple[CardPlan, float]) -> bool:
        if wanted == (self.plan, self._left):
            return False
        self.prepareGeometryChange()
        self.plan, self._left = wanted
        self._frame()
        return True

    def body(self) -> QRectF:
        """The card's rectangle in the scene; nobody may change it."""
        return self._body

    def mark(self) -> QRectF:
        """The middle of the card, which has its category's colour from far away."""
        return self._mark

    def _frame(self) -> None:
        place, plan = self._place, self.plan
        self._body = QRectF(place.x(), place.y(), plan.width, plan.height)
        self._mark = self._body.adjusted(14, 14, -14, -14)
        if self.report is not None:
            self.report(self)

    def put(self, place: QPointF) -> None:
        """Move the card, in the scene only."""
        self._place = QPointF(place)
        self._frame()
        self.setPos(place)

    def port(self, index: int, *, output: bool) -> QPointF:
        """A port's place in the scene."""
        return QPointF(*self.spot(index, output=output))

    def spot(self, index: int, *, output: bool) -> Point:
        """The same, as plain numbers."""
        ports = self.plan.outputs if output else self.plan.inputs
        x, y = ports[min(index, len(ports) - 1)]
        return self._place.x() + x, self._place.y() + y

    def category(self) -> str:
        """The category whose colour it has."""
        return category_of(self._editor.graph.node(self.node_id))

    def port_of(self, node_id: str, port: int, *, output: bool) -> QPointF:
        """The place of a port of one of its nodes."""
        return self.port(port, output=output)

    def ends(self, index: int, *, output: bool) -> tuple[tuple[str, int], ...]:
        """The nodes, and their ports, that one of its ports stands for."""
        return ((self.node_id, index),)

    def index_of(self, node_id: str, port: int) -> int:
        """Which of its inputs stands for one of a node."""
        return port

    def boundingRect(self) -> QRectF:
        # Qt asks at any time, also once the node is gone: so it is not asked of the document.
        width = self.plan.width + self._left + MARGIN
        above = ABOVE if self.plan.down else MARGIN
        return QRectF(-self._left, -above, width, self.plan.height + above + MARGIN)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        selected = not self.ids.isdisjoint(self._editor.selection)
        device = painter.device()
        if not (self._pictures.worth and isinstance(device, QWidget | QPixmap)):
            scale = painter.worldTransform().m11()
            paint_card(painter, self.content, current(), selected, scale)
        else:
            self._pictures.draw(self, selected, painter, device.devicePixelRatio())


class WireItem(QGraphicsItem):
    """One wire; in Backward it shows whether a gradient has travelled it."""

    def __init__(self, editor: Editor, wire: Wire, pictures: CardPictures) -> None:
        super().__init__()
        self._pictures = pictures
        self.wire = wire
        self.report: Callable[[WireItem], None] | None = None
        """Told whenever it runs another way, while it is in a scene."""
        self._editor = editor
        self._path: QPainterPath | None = QPainterPath()
        self._down = False
        self.lines: list[QLineF] = []
        """Straight from one end to the other, by way of its dots."""
        self.dots: list[QPointF] = []
        self._bounds = QRectF()
        self.phase = 0.0
        self.hidden = False
        self.setZValue(WIRE)

    def route(self, start: QPointF, end: QPointF, dots: list[QPointF], down: bool) -> None:
        """Run from one port to another through some dots; ``down``: leaving below."""
        self.prepareGeometryChange()
        self.dots = dots
        self.lines = straight(start, end, dots)
        self._path, self._down = way(start, end, dots, down), down
        self._bounds = self._path.controlPointRect().adjusted(-6, -6, 6, 6)
        if self.report is not None:
            self.report(self)

    def lead(self, line: QLineF, around: QRectF, down: bool) -> None:
        """Run from end to end of a line, with no dots; for many at once, and telling nobody.

        ``around``: the rectangle round the way, which is worked out once somebody wants it.
        """
        self.dots, self.lines, self._path, self._down = [], [line], None, down
        self._bounds = around

    @property
    def path(self) -> QPainterPath:
        """The way it runs."""
        if self._path is None:
            self._path = way(*self.ends, self.dots, self._down)
        return self._path

    @property
    def ends(self) -> tuple[QPointF, QPointF]:
        """Where it leaves and where it arrives."""
        return self.lines[0].p1(), self.lines[-1].p2()

    def state(self) -> str:
        """What it shows now: see :func:`wire_states`."""
        return wire_states(self._editor)(self.wire)

    def _pens(self) -> tuple[QPen, ...]:
        state, sizes = self.state(), self._editor.passes.sizes
        if sizes is None or state != "grad":
            return wire_pens(state, self.phase)
        size = sizes.wires.get((self.wire.target, self.wire.port), 0.0)
        if not isfinite(size):
            return (QPen(qcolor(current().error), WIDEST),)
        return (size_pen(sizes.scale.at(size), current()),)

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        known = self._pictures.wires
        if not self.hidden and (known is None or self.wire in known):
            self.paint_along(painter, self.path)

    def paint_along(self, painter: QPainter, path: QPainterPath) -> None:
        """Draw it as it looks now, along that way."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        rough = self._pictures.moving
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, not rough)
        # A smooth line of a pixel's width is drawn ten times as fast as a wider one.
        hair = 1 / painter.worldTransform().m11() if self._pictures.worth else THIN
        for pen in self._pens():
            if rough:
                pen.setWidthF(0)
            elif hair < pen.widthF() <= THIN:
                pen.setWidthF(hair)
            painter.setPen(pen)
            painter.drawPath(path)
        if self.dots and not rough:
            self._paint_dots(painter)

    def _paint_dots(self, painter: QPainter) -> None:
        pen = QPen(self._pens()[-1].color(), 1.6)
        painter.setPen(pen)
        painter.setBrush(qcolor(current().bg))
        for dot in self.dots:
            painter.drawEllipse(dot, DOT, DOT)


def wire_states(editor: Editor) -> Callable[[Wire], str]:
    """What wires show now, as a function of one, for a painting of them all.

    ``idle``, ``active`` where the step just taken uses it, else the colour of what has travelled
    it (`Passes.role`). While a path is pointed at only that counts: ``path``.
    """
    pointed = editor.spotlight.wires
    if pointed:
        return lambda wire: "path" if (wire.target, wire.port) in pointed else "idle"
    track = editor.track if editor.workspace == "backward" else None
    if track is None:
        return lambda wire: "idle"
    travelled, moment = track.travelled, editor.moment
    brought = editor.passes.role

    def state(wire: Wire) -> str:
        since = travelled.get((wire.target, wire.port))
        if since is None or since > moment:
            return "idle"
        return "active" if since == moment else brought

    return state


def wire_pens(state: str, phase: float) -> tuple[QPen, ...]:
    """The strokes a wire is drawn with, the lowest first."""
    theme = current()
    if state == "idle":
        return (QPen(qcolor(theme.wire), THIN),)
    if state == "path":
        return QPen(qcolor(theme.gchip), 9), QPen(qcolor(theme.grad), 2.8)
    if state != "active":
        return (QPen(qcolor(getattr(theme, state)), 1.9),)
    dashes = QPen(qcolor(theme.act), 2.4)
    dashes.setDashPattern([3.2, 2.4])
    dashes.setDashOffset(phase)
    dashes.setCapStyle(Qt.PenCapStyle.FlatCap)
    return QPen(qcolor(theme.wire), 1.3), dashes


def at(point: Point) -> QPointF:
    """A plain point as Qt's."""
    return QPointF(*point)
