"""The ports of a group seen from inside: named marks at its left and right, and what they join."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gradviz.graph import Wire
from gradviz.graph.borders import Border, border_of, input_name, output_name
from gradviz.graph.group_ports import Side
from gradviz.graph.groups import outward
from gradviz.ops.spec import Array

from ..editor import Editor
from ..theme import Theme, current, qcolor, ui_font
from .items import WIRE, wire_pens, wire_states
from .small import SMALL, font, measure
from .wire_paths import curve

if TYPE_CHECKING:
    from .group_layer import GroupLayer

HEIGHT, PITCH = 40.0, 50.0
LEAST, MOST = 96.0, 168.0
AWAY = 84.0
DOT = 4.0
CLEAR, BEND = 22.0, 44.0
"""How far a line stays from cards above and below it, and how wide it bends to a port."""


class PinItem(QGraphicsItem):
    """One port: ``index`` counts those of the group's card on that ``side``."""

    def __init__(
        self, editor: Editor, group_id: str, side: Side, index: int, found: Border
    ) -> None:
        super().__init__()
        self._editor = editor
        self.group_id = group_id
        self.side: Side = side
        self.index = index
        graph = editor.graph
        if side == "inputs":
            source, ends = found.inputs[index]
            self.name, self.ends = input_name(graph, found, index), ends
            self.source = source
            self.wires = [] if source is None else [Wire(source[0], n, p, source[1])
                                                    for n, p in ends]  # fmt: skip
            self.said = "not wired yet"
            if source is not None:
                self.said = f"from {shown_name(editor, source[0])}"
        else:
            self.name, self.ends = output_name(graph, found, index), (found.outputs[index],)
            self.source = self.ends[0]
            node_id, output = self.ends[0]
            inside = editor.entering.members or frozenset()
            self.wires = [
                w for w in graph.outputs(node_id) if w.output == output and w.target not in inside
            ]
            names = dict.fromkeys(shown_name(editor, w.target) for w in self.wires)
            self.said = f"to {', '.join(names)}" if names else "not read yet"
        letters = max(
            measure("name", 19.0).horizontalAdvance(self.name),
            measure("name", 11.0).horizontalAdvance(self.said),
        )
        self._body = QRectF(0, 0, min(MOST, max(LEAST, letters + 26)), HEIGHT)
        self.down = graph.settings.flow == "down"
        """Whether it stands above or below what is inside, for wires run down."""
        self._lines: list[QPainterPath] = []
        self.setZValue(WIRE)

    def body(self) -> QRectF:
        """The mark's rectangle in the scene; nobody may change it."""
        return self._body

    def holds(self, point: QPointF) -> bool:
        """Whether a point of the scene is one by which it is taken hold of."""
        edge = 2 * DOT
        return self._body.adjusted(-edge, -edge, edge, edge).contains(point)

    def dot(self) -> QPointF:
        """Where its wires begin or end."""
        body, inward = self._body, self.side == "inputs"
        if self.down:
            return QPointF(body.center().x(), body.bottom() if inward else body.top())
        return QPointF(body.right() if inward else body.left(), body.center().y())

    def title(self) -> QRectF:
        """Where the name stands."""
        return self._body.adjusted(10, 4, -10, -HEIGHT / 2)

    def put(self, corner: QPointF, ports: Sequence[QPointF]) -> None:
        """Lie there, joined to these ports."""
        self.prepareGeometryChange()
        self._body.moveTopLeft(corner)
        self._lines = [way(self.dot(), port, self.down) for port in ports]

    def boundingRect(self) -> QRectF:
        room = QRectF(self._body)
        for line in self._lines:
            room = room.united(line.controlPointRect())
        return room.adjusted(-6, -6, 6, 6)

    def state(self) -> str:
        """What has travelled its wires: see :func:`wire_states`."""
        states = {wire_states(self._editor)(wire) for wire in self.wires}
        return next((s for s in ("active", "path") if s in states), "") or max(
            states, key=lambda s: s != "idle", default="idle"
        )

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        theme = current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen in self._pens():
            painter.setPen(pen)
            for line in self._lines:
                painter.drawPath(line)
        painter.setPen(QPen(qcolor(theme.line), 1))
        painter.setBrush(qcolor(theme.panel))
        painter.drawRoundedRect(self._body, HEIGHT / 2, HEIGHT / 2)
        painter.setPen(QPen(qcolor(theme.mute), 1.2))
        painter.setBrush(qcolor(theme.card))
        painter.drawEllipse(self.dot(), DOT, DOT)
        self._write(painter, theme)

    def _write(self, painter: QPainter, theme: Theme) -> None:
        scale = painter.worldTransform().m11()
        right = self.side == "outputs"
        sides = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        body = self._body.adjusted(13, 0, -13, 0)
        rows = [
            (self.name, font("name", 12.0), theme.ink, body.adjusted(0, 4, 0, -19)),
            (self.said, ui_font(11), theme.mute, body.adjusted(0, 20, 0, -4)),
        ]
        if scale < SMALL:
            # From some way off only the name, as large as the mark can hold it.
            size = round(2 * min(19.0, 11.0 / scale)) / 2
            rows = [(self.name, font("name", size), theme.ink, body)]
        for text, letters, colour, area in rows:
            painter.setFont(letters)
            painter.setPen(qcolor(colour))
            shown = painter.fontMetrics().elidedText(
                text, Qt.TextElideMode.ElideRight, round(area.width())
            )
            painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | sides), shown)

    def _pens(self) -> tuple[QPen, ...]:
        if self.wires:
            return wire_pens(self.state(), 0.0)
        return (QPen(qcolor(current().faint), 1.2, Qt.PenStyle.DashLine),)


def shown_name(editor: Editor, node_id: str) -> str:
    """The name of a node, or of the outermost collapsed group around it that is not entered."""
    graph, entered = editor.graph, set(editor.entering.chain)
    around = [g for g in outward(graph.groups, graph.group_of.get(node_id)) if g.collapsed]
    names = [g.name for g in around if g.id not in entered]
    return names[-1] if names else graph.node(node_id).name


def pins_of(editor: Editor, group_id: str) -> list[PinItem]:
    """The ports of a group, the inputs first."""
    found = border_of(editor.graph, group_id)
    return [
        *(PinItem(editor, group_id, "inputs", n, found) for n in range(len(found.inputs))),
        *(PinItem(editor, group_id, "outputs", n, found) for n in range(len(found.outputs))),
    ]


def place_pins(pins: Sequence[PinItem], layer: GroupLayer, inside: QRectF) -> None:
    """Put the inputs at the left of what is inside and the outputs at the right.

    Each stands as near as can be to the height of what it joins, in the order of the card, and
    where a line from it meets no card on its way.
    """
    cards = np.array([box.getCoords() for box in layer.card_bodies()], float).reshape(-1, 4)
    for side in ("inputs", "outputs"):
        column = [pin for pin in pins if pin.side == side]
        joined = [ports_of(pin, layer) for pin in column]
        if column and column[0].down:
            put_across(column, joined, inside)
            continue
        edge = inside.left() - AWAY if side == "inputs" else inside.right() + AWAY
        wanted = [lane(ports, edge, cards) - HEIGHT / 2 for ports in joined]
        for pin, ports, top in zip(column, joined, spread(wanted), strict=True):
            left = edge - pin.body().width() if side == "inputs" else edge
            pin.put(QPointF(round(left), round(top)), ports)


def put_across(column: Sequence[PinItem], joined: Sequence[list[QPointF]], inside: QRectF) -> None:
    """Put ports side by side, above what is inside or below it."""
    wanted = [sum(p.x() for p in ports) / len(ports) - MOST / 2 for ports in joined]
    for pin, ports, left in zip(column, joined, spread(wanted, MOST + 12), strict=True):
        inward = pin.side == "inputs"
        top = inside.top() - AWAY - HEIGHT if inward else inside.bottom() + AWAY
        aside = (MOST - pin.body().width()) / 2
        pin.put(QPointF(round(left + aside), round(top)), ports)


def ports_of(pin: PinItem, layer: GroupLayer) -> list[QPointF]:
    """Where the ports are that a pin joins."""
    output = pin.side == "outputs"
    places = [layer.card_of(n).port_of(n, p, output=output) for n, p in pin.ends]
    return [QPointF(x, y) for x, y in dict.fromkeys((p.x(), p.y()) for p in places)]


def lane(ports: Sequence[QPointF], edge: float, cards: Array) -> float:
    """The height nearest to some ports at which a line from an edge to all of them is free.

    ``cards``: left, top, right and bottom of each.
    """
    middle = sum(p.y() for p in ports) / len(ports)
    heights = np.array([
        middle, *(p.y() for p in ports), *(cards[:, 1] - CLEAR), *(cards[:, 3] + CLEAR)
    ])  # fmt: skip
    blocked = np.zeros(len(heights), bool)
    level = (cards[:, 1] - CLEAR / 2 < heights[:, None]) & (
        heights[:, None] < cards[:, 3] + CLEAR / 2
    )
    for port in ports:
        ends = (edge, port.x() - BEND) if port.x() > edge else (port.x() + BEND, edge)
        blocked |= (level & (cards[:, 2] > ends[0]) & (cards[:, 0] < ends[1])).any(axis=1)
    free = heights[~blocked] if not blocked.all() else heights
    return float(free[np.abs(free - middle).argmin()])


def way(dot: QPointF, port: QPointF, down: bool) -> QPainterPath:
    """The line between a pin's dot and a port: level as far as can be, then a bend.

    ``down``: a plain wire from above, or to below.
    """
    if down:
        return curve(dot, port, True) if port.y() > dot.y() else curve(port, dot, True)
    inward = port.x() > dot.x()
    bend = QPointF(port.x() - BEND if inward else port.x() + BEND, dot.y())
    if abs(dot.y() - port.y()) < 1 or (bend.x() <= dot.x() if inward else bend.x() >= dot.x()):
        return curve(dot, port) if inward else curve(port, dot)
    path = QPainterPath(dot)
    path.lineTo(bend)
    half = (bend.x() + port.x()) / 2
    path.cubicTo(half, bend.y(), half, port.y(), port.x(), port.y())
    return path


def spread(heights: Sequence[float], pitch: float = PITCH) -> list[float]:
    """Places in the same order, none too near the next, and as near as can be to those wanted."""
    # Pool those that are too close about their mean, as isotonic regression does.
    blocks: list[tuple[float, int]] = []
    for number, height in enumerate(heights):
        blocks.append((height - number * pitch, 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (a, n), (b, m) = blocks[-2], blocks[-1]
            blocks[-2:] = [((a * n + b * m) / (n + m), n + m)]
    found = [mean for mean, count in blocks for _ in range(count)]
    return [base + number * pitch for number, base in enumerate(found)]
