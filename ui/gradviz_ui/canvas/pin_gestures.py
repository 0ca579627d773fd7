"""What the pointer does with the ports of an entered group: join, name, move and hide them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QMenu

from gradviz.graph import Batch, GraphError, Wire, compose
from gradviz.graph.borders import End
from gradviz.graph.checks import port_name
from gradviz.graph.group_ports import (
    arranged,
    hide_port,
    move_port,
    rename_port,
    shown_ports,
)

from ..editor import Editor
from ..theme import Theme, qcolor
from .connecting import SNAP, paint_label
from .gestures import Gesture, Pointer
from .items import CardItem
from .pins import PinItem
from .wire_paths import curve

if TYPE_CHECKING:
    from .pointing import PointedView


class JoinPort(Gesture):
    """Leads an input of the entered group on to one more port of a card within."""

    cursor = Qt.CursorShape.CrossCursor
    drags = True

    def __init__(self, view: PointedView, start: Pointer, pin: PinItem) -> None:
        super().__init__(view, start)
        self._pin, self._end = pin, start.scene
        self._target: End | None = None
        self._said = ""

    def move(self, to: Pointer) -> None:
        self._end, self._target, self._said = to.scene, None, ""
        hit = self.canvas.hit(to.scene, SNAP / self.view.zoom)
        if hit.part == "input" and isinstance(hit.card, CardItem):
            end = hit.card.ends(hit.port, output=False)[0]
            source = self._pin.source
            reason = None
            if source is not None:
                wire = Wire(source[0], end[0], end[1], source[1])
                reason = compose.why_not(self.editor.graph, wire, replacing=True)
            elif end[1] in self.editor.graph.inputs(end[0]):
                reason = "this port has a wire already: take it away first"
            self._target = None if reason or end in self._pin.ends else end
            node = self.editor.graph.node(end[0])
            self._said = reason or f"{node.name}: {port_name(node.spec, end[1])}"
        self.view.viewport().update()

    def finish(self, at: Pointer) -> None:
        self.move(at)
        if self._target is not None:
            join(self.editor, self._pin, self._target)
        self.view.viewport().update()

    def cancel(self) -> None:
        self.view.viewport().update()

    def paint(self, painter: QPainter, theme: Theme) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        refused = bool(self._said) and self._target is None
        painter.setPen(QPen(qcolor(theme.error if refused else theme.sel), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(curve(self._pin.dot(), self._end, self._pin.down))
        if self._said:
            paint_label(painter, self.view.mapFromScene(self._end), self._said, refused)


def join(editor: Editor, pin: PinItem, end: End) -> None:
    """Have an input of a group go on to one more port, as one undoable step."""
    editor.stack.beginMacro(f"Connect {pin.name}")
    if pin.source is not None:
        source, output = pin.source
        editor.perform(compose.connect(editor.graph, source, output, *end))
    graph = editor.graph
    ports = shown_ports(graph, pin.group_id, "inputs")
    others = [replace(p, ends=tuple(e for e in p.ends if e != end)) for p in ports]
    wanted = [replace(p, ends=(*p.ends, end)) if set(pin.ends) & set(p.ends) else p for p in others]
    editor.perform(arranged(graph, pin.group_id, "inputs", [p for p in wanted if p.ends], "Join"))
    editor.stack.endMacro()


def take_port_name(editor: Editor, pin: PinItem, typed: str) -> str:
    """Call a port as typed; the reason where it cannot be called so."""
    if not typed.strip():
        return "a port needs a name"
    edit = rename_port(editor.graph, pin.group_id, pin.side, pin.index, typed)
    if edit.edits and not editor.perform(edit):
        return "this name is too long"
    return ""


def name_port(view: PointedView, pin: PinItem) -> None:
    """Type another name for a port, in place."""
    shown = view.mapFromScene(QRectF(pin.title())).boundingRect()
    view.overlays.field.open_over(
        shown, pin.name, "name", partial(take_port_name, view.editor, pin)
    )


def pin_menu(view: PointedView, pin: PinItem, place: QPoint) -> None:
    """Offer what can be done with a port."""
    graph, editor = view.editor.graph, view.editor
    count = len(shown_ports(graph, pin.group_id, pin.side))
    menu = QMenu(view)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.addAction("Rename").triggered.connect(lambda *_: name_port(view, pin))
    for words, by, there in (
        ("Move Up", -1, pin.index > 0),
        ("Move Down", 1, pin.index < count - 1),
    ):
        action = menu.addAction(words)
        action.setEnabled(there)
        action.triggered.connect(partial(moved, editor, pin, by))
    hide = menu.addAction("Hide")
    hide.setEnabled(not pin.wires and (pin.side == "inputs" or count > 1))
    hide.triggered.connect(partial(hidden, editor, pin))
    menu.popup(place)


def moved(editor: Editor, pin: PinItem, by: int, *_checked: bool) -> None:
    """Have a port stand farther up or down."""
    carry_out(editor, lambda: move_port(editor.graph, pin.group_id, pin.side, pin.index, by))


def hidden(editor: Editor, pin: PinItem, *_checked: bool) -> None:
    """Take a port off the group's card."""
    carry_out(editor, lambda: hide_port(editor.graph, pin.group_id, pin.side, pin.index))


def carry_out(editor: Editor, make: Callable[[], Batch]) -> None:
    """Perform what there is to perform."""
    try:
        edit = make()
    except GraphError as problem:
        editor.refused.emit(str(problem))
        return
    if edit.edits:
        editor.perform(edit)


def pin_tip(pin: PinItem) -> str:
    """What is said of a port under a resting pointer."""
    kind = "Input" if pin.side == "inputs" else "Output"
    return f"{kind} “{pin.name}” of the group, {pin.said}\nDouble-click to type another name"
