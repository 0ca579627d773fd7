"""Typing in place: a leaf's value, a name, a number on a port, with what is wrong below it."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from gradviz.graph import GraphError, Node, compose, grouping
from gradviz.graph.checks import name_problem

from ..editor import Editor
from ..grids import fitted
from ..numbers import full
from ..settings_text import SettingError, read
from ..theme import current, source, ui_font, value_font
from ..words import sentence
from .naming import scalar

Take = Callable[[str], str]
"""Carries out what was typed; the reason where it is refused, else empty."""
MOST_ELEMENTS = 64


class InlineEdit(QLineEdit):
    """A field over a part of a card. Enter takes what was typed, Esc does not."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName("Value or name")
        self._ground = parent
        self._take: Take = lambda typed: ""
        self.problem = QLabel(parent)
        self.problem.setFont(ui_font(11))
        self.problem.setWordWrap(True)
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.hide()
        self.setFont(value_font(12))
        self.textEdited.connect(lambda _text: self.problem.hide())
        self.installEventFilter(self)
        source().changed.connect(self._dress)
        self._dress()
        self.hide()

    def _dress(self) -> None:
        theme = current()
        self.setStyleSheet(
            f"QLineEdit {{ background: {theme.card}; color: {theme.ink}; padding: 0 5px;"
            f" border: 2px solid {theme.sel}; border-radius: 5px; }}"
        )
        self.problem.setStyleSheet(
            f"background: {theme.echip}; color: {theme.error};"
            " border-radius: 5px; padding: 4px 6px;"
        )

    def open_over(self, area: QRect, text: str, name: str, take: Take) -> None:
        """Edit `text` over a rectangle of the parent; `name` says what it is."""
        self._take = take
        self.setAccessibleName(name)
        width, height = max(area.width(), 96), max(area.height(), 24)
        # A matrix is written wider than it is drawn.
        letters = self.fontMetrics().horizontalAdvance(text) + 28
        room = max(width, self._ground.width() - area.x() - 12)
        width = min(max(width, letters), room)
        self.setGeometry(area.x(), area.center().y() - height // 2, width, height)
        self.setText(text)
        self.problem.hide()
        self.show()
        self.raise_()
        self.selectAll()
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    def _accept(self) -> None:
        reason = self._take(self.text())
        if reason:
            self._say(reason)
        else:
            self._end()

    def _say(self, reason: str) -> None:
        self.problem.setText(sentence(reason))
        self.problem.setFixedWidth(max(self.width(), 220))
        self.problem.adjustSize()
        self.problem.move(self.x(), self.geometry().bottom() + 4)
        self.problem.show()
        self.problem.raise_()

    def _end(self) -> None:
        self.problem.hide()
        self.hide()
        self._ground.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            # Taken here, for a field lets Enter go on to the canvas, which would open it again.
            ends = {Qt.Key.Key_Escape: self._end, Qt.Key.Key_Return: self._accept,
                    Qt.Key.Key_Enter: self._accept}  # fmt: skip
            end = ends.get(Qt.Key(event.key()))
            if end is not None:
                end()
                return True
        if event.type() == QEvent.Type.FocusOut and self.isVisible():
            self.problem.hide()
            self.hide()
        return False


def value_text(editor: Editor, node_id: str) -> str | None:
    """A leaf's value as one would type it; None where it is no leaf or too large to type."""
    node = editor.graph.node(node_id)
    if node.op != "tensor":
        return None
    array = np.asarray(node.setting("data"))
    if array.size > MOST_ELEMENTS:
        return None
    return full(scalar(array)) if array.ndim == 0 else plain_text(array)


def plain_text(array: np.ndarray) -> str:
    """Nested lists on one line, each number as short as its type allows."""
    if array.ndim == 0:
        return full(scalar(array))
    return f"[{', '.join(plain_text(part) for part in array)}]"


def take_value(editor: Editor, node_id: str, typed: str) -> str:
    """Give a leaf the value typed; the reason where it is none."""
    node = editor.graph.node(node_id)
    attr = next(a for a in node.spec.attrs if a.name == "data")
    try:
        edit = compose.set_value(editor.graph, node_id, in_its_type(node, read(attr, typed)))
    except SettingError:
        return "Write a number such as −1.5, or numbers in brackets such as [[1, 2], [3, 4]]"
    except GraphError as problem:
        return str(problem)
    if edit.edits:
        editor.perform(edit, f"Change {node.name}")
    return ""


def in_its_type(node: Node, typed: object) -> object:
    """Fractions and lists as an array of the leaf's own type, where that can hold what was typed.

    SettingError for rows of several lengths, and for anything but numbers.
    """
    if not isinstance(typed, list | tuple | float):
        return typed
    try:
        array = np.asarray(typed)
    except ValueError:
        raise SettingError("rows must be equally long") from None
    if array.dtype.kind not in "biufc" and array.size:
        raise SettingError("an array holds numbers only")
    held = np.asarray(node.setting("data")).dtype
    # Whole numbers typed into a tensor of reals stay reals, or it could have no gradient.
    return fitted(array, held)


def take_name(editor: Editor, node_id: str, typed: str) -> str:
    """Call a node as typed; the reason where it cannot be called so."""
    name = typed.strip()
    other = editor.graph.named(name)
    if other is not None and other.id != node_id:
        return f"another node is called '{name}' already"
    reason = name_problem(name)
    if reason is None:
        edit = compose.rename(editor.graph, node_id, name)
        if edit.edits:
            editor.perform(edit)
    return reason or ""


def take_group_name(editor: Editor, group_id: str, typed: str) -> str:
    """Call a group as typed; the reason where it cannot be called so."""
    if not typed.strip():
        return "a group needs a name"
    edit = grouping.rename_group(editor.graph, group_id, typed)
    if edit.edits and not editor.perform(edit):
        return "this name is too long"
    return ""
