"""The form in which the ports of a group are shown or hidden, named and put in order."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gradviz.graph import Graph
from gradviz.graph.borders import border_of
from gradviz.graph.checks import port_name
from gradviz.graph.group_ports import Side, ports, set_ports, shown_ports
from gradviz.graph.groups import GroupPort

from ..editor import Editor
from ..theme import current, source
from ..widgets import IconButton, ProblemLine, text
from ..words import sentence
from .floating import lie_at

WIDTH: Final = 340
ROW: Final = 30
MOST_ROWS: Final = 7
PORT = Qt.ItemDataRole.UserRole
SIDES: Final[tuple[tuple[Side, str], ...]] = (("inputs", "Inputs"), ("outputs", "Outputs"))


class PortList(QListWidget):
    """The ports of one side: a tick shows one, a double-click or F2 names it, dragging moves it."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setAccessibleName(title)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)

    def show_ports(self, editor: Editor, group_id: str, side: Side) -> None:
        """List every port that there is or could be."""
        self.clear()
        found = border_of(editor.graph, group_id)
        crossing = {end for start, ends in found.inputs if start is not None for end in ends}
        for port in ports(editor.graph, group_id, side):
            item = QListWidgetItem(port.name)
            flags = item.flags() | Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsUserCheckable
            item.setFlags(flags & ~Qt.ItemFlag.ItemIsDropEnabled)
            ticked = Qt.CheckState.Checked if port.shown else Qt.CheckState.Unchecked
            item.setCheckState(ticked)
            item.setData(PORT, port)
            told = described(editor, port, side)
            wired = side == "inputs" and not crossing.isdisjoint(port.ends)
            item.setToolTip(f"{told}\nA wire comes to it: it stays in sight" if wired else told)
            self.addItem(item)
        height = max(ROW, self.sizeHintForRow(0))
        self.setFixedHeight(max(1, min(self.count(), MOST_ROWS)) * height + 4)
        self.setCurrentRow(0)

    @property
    def typing(self) -> bool:
        """Whether a name is being typed."""
        return self.state() == QAbstractItemView.State.EditingState

    def wanted(self) -> list[GroupPort]:
        """The ports as they are listed now."""
        items = (self.item(row) for row in range(self.count()))
        return [
            replace(
                item.data(PORT),
                name=item.text(),
                shown=item.checkState() == Qt.CheckState.Checked,
            )
            for item in items
        ]

    def move_current(self, by: int) -> None:
        """Have the marked port stand farther up or down."""
        row = self.currentRow()
        goal = row + by
        if row >= 0 and 0 <= goal < self.count():
            self.insertItem(goal, self.takeItem(row))
            self.setCurrentRow(goal)


class PortForm(QFrame):
    """See the module's text. One undoable step takes all that was changed."""

    def __init__(self, editor: Editor, parent: QWidget) -> None:
        super().__init__(parent)
        self._editor, self._ground = editor, parent
        self._group = ""
        self.setObjectName("ports")
        self.title = text("", "title", 14)
        self.problem = ProblemLine(12)
        self.lists: dict[Side, PortList] = {side: PortList(title) for side, title in SIDES}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.setSpacing(8)
        layout.addWidget(self.title)
        for side, title in SIDES:
            layout.addLayout(self._heading(side, title))
            layout.addWidget(self.lists[side])
        layout.addWidget(self.problem)
        self.done, self.cancel = QPushButton("Done"), QPushButton("Cancel")
        self.done.setDefault(True)
        self.done.clicked.connect(self._finish)
        self.cancel.clicked.connect(self.leave)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.done)
        layout.addLayout(buttons)
        self.setFixedWidth(WIDTH)
        for listed in self.lists.values():
            listed.installEventFilter(self)
        source().changed.connect(self._dress)
        editor.replaced.connect(self.hide)
        self._dress()
        self.hide()

    def _heading(self, side: Side, title: str) -> QHBoxLayout:
        line = QHBoxLayout()
        line.addWidget(text(title, "mute", 12))
        line.addStretch(1)
        for icon, words, by in (("chevron-up", "up", -1), ("chevron-down", "down", 1)):
            button = IconButton(icon, f"Move {title[:-1].lower()} {words}")
            button.clicked.connect(partial(self._move, side, by))
            line.addWidget(button)
        return line

    def _move(self, side: Side, by: int, *_checked: bool) -> None:
        self.lists[side].move_current(by)

    def _dress(self) -> None:
        theme = current()
        self.setStyleSheet(
            f"#ports {{ background: {theme.panel}; border: 1px solid {theme.line};"
            " border-radius: 10px; }"
            f"QListWidget {{ background: {theme.field}; border-radius: 6px; }}"
            f"QListWidget::item {{ height: {ROW}px; padding-left: 6px; }}"
            f"QListWidget::item:selected {{ background: {theme.chip}; color: {theme.ink}; }}"
        )

    def open_at(self, place: QPoint, group_id: str) -> None:
        """List the ports of a group near a point of the parent."""
        self._group = group_id
        self.title.setText(f"Ports of {self._editor.graph.groups[group_id].name}")
        self.problem.hide()
        for side, listed in self.lists.items():
            listed.show_ports(self._editor, group_id, side)
        self.adjustSize()
        lie_at(self, self._ground, place)
        self.show()
        self.raise_()
        first = next((x for x in self.lists.values() if x.count()), self.done)
        first.setFocus(Qt.FocusReason.PopupFocusReason)

    def _finish(self) -> None:
        editor, group_id = self._editor, self._group
        if group_id not in editor.graph.groups:
            self.leave()
            return
        wanted: dict[Side, list[GroupPort]] = {
            side: listed.wanted() for side, listed in self.lists.items()
        }
        if any(not port.name.strip() for found in wanted.values() for port in found):
            self.problem.say(sentence("a port needs a name"))
            return
        self.leave()
        graph = editor.graph
        changed: list[Side] = [
            s for s, listed in wanted.items() if listed != ports(graph, group_id, s)
        ]
        if not changed:
            return
        editor.stack.beginMacro(f"Change ports of {graph.groups[group_id].name}")
        for side in changed:
            told = worth_saying(graph, group_id, side, wanted[side])
            edit = set_ports(graph, group_id, side, told)
            if edit.edits:
                editor.perform(edit)
        editor.stack.endMacro()

    def leave(self) -> None:
        """Close, with nothing changed."""
        self.hide()
        self._ground.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            held = event.modifiers() & Qt.KeyboardModifier.AltModifier
            steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
            step = steps.get(Qt.Key(event.key()))
            if held and step is not None and isinstance(watched, PortList):
                watched.move_current(step)
                return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            # What ends the typing of a name comes here too.
            if not any(listed.typing for listed in self.lists.values()):
                self._finish()
        elif event.key() == Qt.Key.Key_Escape:
            self.leave()
        # Whatever is pressed here means nothing on the canvas below.
        event.accept()


def worth_saying(
    graph: Graph, group_id: str, side: Side, wanted: list[GroupPort]
) -> list[GroupPort]:
    """Of some ports those to be kept: what could be shown, and never was, needs no word."""
    said = (*shown_ports(graph, group_id, side), *getattr(graph.groups[group_id], side))
    known = {end for port in said for end in port.ends}
    return [port for port in wanted if port.shown or not known.isdisjoint(port.ends)]


def described(editor: Editor, port: GroupPort, side: Side) -> str:
    """Which ports of nodes a port of the group stands for."""
    graph = editor.graph
    if side == "outputs":
        return f"the value of {graph.node(port.ends[0][0]).name}"
    named = (
        f"{graph.node(i).name}: {port_name(graph.node(i).spec, place)}" for i, place in port.ends
    )
    return ", ".join(named)
