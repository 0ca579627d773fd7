"""Drawing a wire by hand, from an output or an input, or taking a wire's end elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from gradviz.graph import Wire, compose
from gradviz.graph.checks import port_name
from gradviz.ops.spec import Array

from ..editor import Editor
from ..theme import Theme, current, qcolor
from ..words import sentence
from .cutting import disconnect_all
from .far import FAR
from .gestures import Gesture, Pointer
from .group_frame import FrameItem
from .hits import Hit
from .items import CardItem
from .painting import fonts, measures, wrapped
from .sighting import seen_by
from .wire_paths import curve

if TYPE_CHECKING:
    from .navigation import NavigableView
    from .scene import CanvasScene

SNAP = 26.0
LABEL_WIDTH = 300.0


@dataclass(frozen=True, slots=True)
class Plug:
    """One end of a wire to be: an output (``output``), or else an input, of a node."""

    node: str
    port: int
    output: bool


def value_of(editor: Editor, plug: Plug | None) -> Array | None:
    """What comes out of an output; None for an input, or where there is no value."""
    if plug is None or not plug.output:
        return None
    result = editor.evaluation.results.get(plug.node)
    if result is None or plug.port >= len(result.outputs):
        return None
    return result.outputs[plug.port].array


def wire_between(one: Plug, other: Plug) -> Wire | None:
    """The wire between two ends; None where both are of the same kind."""
    if one.output == other.output:
        return None
    source, target = (one, other) if one.output else (other, one)
    return Wire(source.node, target.node, target.port, source.port)


def connect(editor: Editor, wires: Sequence[Wire], instead_of: Sequence[Wire] = ()) -> bool:
    """Add wires as one undoable step, taking others away; False where one was refused."""
    editor.stack.beginMacro("Connect")
    disconnect_all(editor, instead_of)
    done = True
    for wire in wires:
        edit = compose.connect(editor.graph, wire.source, wire.output, wire.target, wire.port)
        done = done and editor.perform(edit)
    editor.stack.endMacro()
    if not done:
        editor.stack.undo()
    return done


class Connect(Gesture):
    """Draws a wire: ports that fit light up, others say why they do not."""

    cursor = Qt.CursorShape.CrossCursor
    drags = True

    def __init__(
        self,
        view: NavigableView,
        start: Pointer,
        fixed: Plug,
        dropped: Callable[[Pointer, Plug], None],
        taken: Wire | None = None,
    ) -> None:
        """`dropped` is told where the wire was let go on empty ground; `taken` is the wire whose
        end was picked up."""
        super().__init__(view, start)
        self.fixed, self.taken, self._dropped = fixed, taken, dropped
        self._end = start.scene
        self._hit = Hit()
        self._target: Plug | None = None
        self._said = ""
        self._moved = False
        self._reasons: dict[Plug, str | None] = {}
        self._hide(True)
        if view.zoom >= FAR:
            self._look_about()

    def _hide(self, hidden: bool) -> None:
        if self.taken is not None and self.taken in self.canvas.wires:
            self.canvas.wires[self.taken].hidden = hidden
            self.canvas.wires[self.taken].update()

    def _look_about(self) -> None:
        """Ask of every port in sight whether it fits."""
        shown = seen_by(self.view)
        for node_id in {self.canvas.groups.shown_id(i) for i in self.canvas.within(shown)}:
            for plug in self._plugs(self.canvas.cards[node_id]):
                self.reason(plug)
        self.view.viewport().update()

    def _plugs(self, card: CardItem) -> list[Plug]:
        output = not self.fixed.output
        ports = card.plan.outputs if output else card.plan.inputs
        return [Plug(*card.ends(index, output=output)[0], output) for index in range(len(ports))]

    def reason(self, plug: Plug) -> str | None:
        """Why a wire may not end there; None where it may."""
        if plug not in self._reasons:
            wire = wire_between(self.fixed, plug)
            same = wire is not None and wire == self.taken
            self._reasons[plug] = (
                None if same or wire is None
                else compose.why_not(self.editor.graph, wire, replacing=True)
            )  # fmt: skip
        return self._reasons[plug]

    def place(self, plug: Plug) -> QPointF:
        """Where a port is."""
        card = self.canvas.groups.card_of(plug.node)
        return card.port_of(plug.node, plug.port, output=plug.output)

    def _bundle(self, wire: Wire) -> list[Wire]:
        """The wires that are drawn as one with this, into the card of a collapsed group."""
        card = self.canvas.groups.card_of(wire.target)
        index = card.index_of(wire.target, wire.port)
        ends = card.ends(index, output=False)
        return [replace(wire, target=node, port=port) for node, port in ends]

    def move(self, to: Pointer) -> None:
        self._moved |= (to.view - self.start.view).manhattanLength() >= 4
        self._end, self._target, self._said = to.scene, None, ""
        self._hit = self.canvas.hit(to.scene, SNAP / self.view.zoom)
        if isinstance(self._hit.card, FrameItem):
            self._hit = Hit()
        plugs = self._plugs(self._hit.card) if isinstance(self._hit.card, CardItem) else []
        plugs = [p for p in plugs if p != self.fixed]
        near = sorted(plugs, key=lambda p: (self.place(p) - to.scene).manhattanLength())
        fitting = [p for p in near if self.reason(p) is None]
        free = [p for p in fitting if p.output or p.port not in self.editor.graph.inputs(p.node)]
        at_port = self._hit.part in ("input", "output")
        choice = near if at_port and near and self.reason(near[0]) is None else free or fitting
        if choice:
            self._target = choice[0]
            self._said = self._name(choice[0])
        elif near:
            self._said = self.reason(near[0]) or ""
        self.view.viewport().update()

    def _name(self, plug: Plug) -> str:
        node = self.editor.graph.node(plug.node)
        if plug.output:
            return node.name if len(node.spec.outputs) == 1 else node.spec.outputs[plug.port]
        return f"{node.name}: {port_name(node.spec, plug.port)}"

    def finish(self, at: Pointer) -> None:
        self.move(at)
        self._hide(False)
        self.view.viewport().update()
        if not self._moved:
            self.editor.select(self.canvas.groups.card_of(self.start_node()).ids)
            return
        wire = None if self._target is None else wire_between(self.fixed, self._target)
        if wire is not None and wire != self.taken:
            connect(self.editor, self._bundle(wire), self._taken_bundle())
        elif self._hit.card is None and self.taken is not None:
            disconnect_all(self.editor, self._taken_bundle())
        elif self._hit.card is None:
            self._dropped(at, self.fixed)
        elif wire is None and self._said:
            self.editor.refused.emit(self._said)

    def _taken_bundle(self) -> list[Wire]:
        return [] if self.taken is None else self._bundle(self.taken)

    def start_node(self) -> str:
        """The card on which the gesture began."""
        return self.taken.target if self.taken is not None else self.fixed.node

    def cancel(self) -> None:
        self._hide(False)
        self.view.viewport().update()

    def paint(self, painter: QPainter, theme: Theme) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ports(painter, theme)
        end = self._end if self._target is None else self.place(self._target)
        colour = theme.error if self._said and self._target is None else theme.sel
        paint_wire(painter, self.canvas, self.fixed, end, colour)
        if self._said:
            paint_label(
                painter, self.view.mapFromScene(self._end), self._said, self._target is None
            )

    def _paint_ports(self, painter: QPainter, theme: Theme) -> None:
        fitting = {plug.node for plug, reason in self._reasons.items() if reason is None}
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(qcolor(theme.bg, 0.6))
        others = {plug.node for plug in self._reasons} - fitting - {self.fixed.node}
        for card in {self.canvas.groups.card_of(node_id) for node_id in others}:
            if card.ids.isdisjoint(fitting):
                painter.drawRoundedRect(card.body().adjusted(-5, -2, 5, 2), 8, 8)
        for plug, reason in self._reasons.items():
            if reason is None:
                chosen = plug == self._target
                painter.setPen(QPen(qcolor(theme.sel), 1.6))
                painter.setBrush(qcolor(theme.sel if chosen else theme.chip))
                radius = 7.0 if chosen else 5.0
                painter.drawEllipse(self.place(plug), radius, radius)


def paint_wire(
    painter: QPainter, canvas: CanvasScene, fixed: Plug, end: QPointF, colour: str
) -> None:
    """A wire that is being drawn, from its port to where its loose end is."""
    start = canvas.groups.card_of(fixed.node).port_of(fixed.node, fixed.port, output=fixed.output)
    down = canvas.editor.graph.settings.flow == "down"
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(qcolor(colour), 2))
    painter.drawPath(curve(*((start, end) if fixed.output else (end, start)), down))


def paint_label(painter: QPainter, at: QPoint, text: str, refused: bool) -> None:
    """A few words beside the pointer, in the same size at every zoom, on at most three lines."""
    theme = current()
    painter.save()
    painter.resetTransform()
    painter.setFont(fonts()["message"])
    room = min(LABEL_WIDTH, painter.viewport().width() - 40.0)
    lines = wrapped(sentence(text) if refused else text, room, 3)
    width = max(measures("message").horizontalAdvance(line) for line in lines) + 16
    left = min(at.x() + 14.0, painter.viewport().width() - width - 6)
    area = QRectF(max(6.0, left), at.y() + 16.0, width, 16.0 * len(lines) + 6)
    painter.setPen(QPen(qcolor(theme.error if refused else theme.line), 1))
    painter.setBrush(qcolor(theme.echip if refused else theme.card))
    painter.drawRoundedRect(area, 5, 5)
    painter.setPen(qcolor(theme.error if refused else theme.ink))
    for number, line in enumerate(lines):
        place = QRectF(area.x() + 8, area.y() + 3 + 16 * number, width, 16)
        painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), line)
    painter.restore()
