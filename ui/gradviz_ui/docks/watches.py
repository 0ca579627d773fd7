"""Watches: values followed by name, with how each went while sliders move, and its gradient."""

import numpy as np
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFont, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gradviz.explain.names import shown_name
from gradviz.graph.checks import many_outputs, output_name
from gradviz.graph.watched import watched_output
from gradviz.ops.spec import Array

from ..editor import Editor
from ..numbers import full, shape_text, short
from ..theme import ui_font
from ..watches import summary
from ..widgets import IconButton, Sparkline, empty, row, scroll_area, text
from .figure_table import Cell, Figure

MOST = 60
GAP = 8
ROOM = 130
"""For a name, in pixels."""
GRADIENTS = {"none": "no grad", "pending": "· · ·"}


class NameButton(QPushButton):
    """A node's name, which a click or Enter goes to; long names give way."""

    def __init__(self) -> None:
        super().__init__()
        self.setFlat(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFont(ui_font(13, QFont.Weight.DemiBold))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setStyleSheet(
            "QPushButton { border: none; background: transparent; text-align: left;"
            " padding: 2px 0; } QPushButton:focus { text-decoration: underline; }"
        )


class ValueFigure(Figure):
    """A number or a shape, which takes the room that a name leaves it."""

    def __init__(self) -> None:
        super().__init__(Cell(""))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def show_array(self, array: Array | None, missing: str, role: str = "value") -> None:
        """Say a value in short; ``missing`` where there is none."""
        if array is None:
            self.become(Cell(missing, role))
            return
        tip = full(array.reshape(-1)[0]) if array.ndim == 0 else ""
        self.become(Cell(said(array), role, tip, value=array))


def said(array: Array) -> str:
    """``−1.500``, or of a tensor ``(3, 4)  mean 0.250``."""
    plain = np.asarray(array)
    if plain.ndim == 0:
        return short(plain.reshape(-1)[0])
    mean = f"   mean {short(summary(plain))}" if plain.size else ""
    return f"{shape_text(plain.shape)}{mean}"


class WatchRow(QFrame):
    """One watched value."""

    removed = Signal(str)

    def __init__(self, editor: Editor, key: str) -> None:
        super().__init__()
        self._editor, self.key = editor, key
        self.node_id, self.output = watched_output(key)
        self.setProperty("role", "problem")
        self.name = NameButton()
        self.value = ValueFigure()
        self.close_button = IconButton("close", "Stop watching", size=14)
        # What lies below the value ends where that does, beside the button.
        under = (0, 0, self.close_button.sizeHint().width() + GAP, 0)
        self.curve = Sparkline("val")
        self.grad = ValueFigure()
        self.grad_row = row(text("grad", "gradient", 11.5), self.grad, margins=under)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 7, 8, 8)
        layout.setSpacing(2)
        layout.addWidget(row(self.name, self.value, self.close_button, spacing=GAP))
        layout.addWidget(row(self.curve, margins=under))
        layout.addWidget(self.grad_row)
        self.name.clicked.connect(lambda: editor.go_to(self.node_id))
        self.close_button.clicked.connect(lambda: self.removed.emit(self.key))
        self.refresh()

    def refresh(self) -> None:
        """Show the value as it is now."""
        editor = self._editor
        node = editor.graph.node(self.node_id)
        several = self.output or len(node.spec.outputs) > 1 or many_outputs(node.spec)
        which = f" {output_name(node.spec, self.output)}" if several else ""
        metrics, elide = self.name.fontMetrics(), Qt.TextElideMode.ElideRight
        room = ROOM - metrics.horizontalAdvance(which)
        self.name.setText(metrics.elidedText(shown_name(node.name), elide, room) + which)
        self.name.setToolTip(f"Go to {node.name}")
        self.name.setAccessibleName(f"{node.name}{which}")
        self.close_button.setAccessibleName(f"Stop watching {node.name}{which}")
        result = editor.evaluation.results.get(self.node_id)
        value, failed = editor.watches.value(self.key), result is not None and result.error
        role = "error" if value is None and failed else "value"
        self.value.show_array(value, "error" if failed else "—", role)
        self.curve.show_numbers(editor.watches.recent(self.key))
        self._show_gradient()
        self.setAccessibleName(f"{node.name}{which}, {self.value.text()}")

    def _show_gradient(self) -> None:
        # A pass knows what arrives at the first output.
        shown = self._editor.workspace != "build" and not self.output
        self.grad_row.setHidden(not shown)
        if shown:
            state, array = self._editor.gradient(self.node_id)
            role = "mute" if state == "none" else "gradient"
            self.grad.show_array(array, GRADIENTS.get(state, ""), role)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit(self.key)
        else:
            super().keyPressEvent(event)


class WatchesPanel(QWidget):
    """See the module's text."""

    def __init__(self, editor: Editor) -> None:
        super().__init__()
        self._editor = editor
        self.rows: tuple[WatchRow, ...] = ()
        self.none = text(
            "Nothing is watched. Press W with nodes selected, or choose Watch in a node's menu: "
            "their values are then followed here.", "mute", 13,
        )  # fmt: skip
        self.none.setWordWrap(True)
        self.none.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.none.setContentsMargins(14, 14, 14, 0)
        inside = QWidget()
        self._list = QVBoxLayout(inside)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(0)
        self._list.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._area = scroll_area(inside)
        self._area.setAccessibleName("Watches")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.none)
        layout.addWidget(self._area, 1)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.refresh)
        for signal in (
            editor.watches.changed, editor.watches.moved, editor.moment_changed,
            editor.walk_changed, editor.workspace_changed, editor.preview_changed,
        ):  # fmt: skip
            signal.connect(self._later)
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def _later(self, *_: object) -> None:
        if self.isVisible():
            self._soon.start()

    def refresh(self) -> None:
        """Show what is watched now; rows are made anew only where other nodes are."""
        keys = self._editor.watches.ids[:MOST]
        if tuple(each.key for each in self.rows) != keys:
            empty(self._list)
            self.rows = tuple(WatchRow(self._editor, key) for key in keys)
            for each in self.rows:
                each.removed.connect(lambda key: self._editor.watches.watch((key,), False))
                self._list.addWidget(each)
        else:
            for each in self.rows:
                each.refresh()
        self.none.setVisible(not keys)
        self._area.setVisible(bool(keys))
