"""The small form that asks how large a layer is to be, over the canvas where it is to lie."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gradviz.graph import Graph, GraphError
from gradviz.layers import Layer, make_layer, settings_for
from gradviz.layers.spec import Values
from gradviz.ops.spec import Shape

from ..forms import Form
from ..numbers import shape_text
from ..theme import current, source
from ..widgets import ProblemLine, scroll_area, text
from ..words import sentence
from .floating import lie_at, room_over

WIDTH = 324
FEW = 8
"""How many settings are shown without scrolling."""
Take = Callable[[Layer, Graph], None]


class LayerForm(QFrame):
    """Asks for the settings of one layer at a time. Enter puts it in, Esc does not."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._ground = parent
        self._take: Take = lambda layer, graph: None
        self._layer: Layer | None = None
        self._shape: Shape | None = None
        self._given: dict[str, Any] = {}
        self.form: Form | None = None
        self.setObjectName("layer")
        self.title = text("", "title", 14)
        self.about = text("", "mute", 12)
        self.about.setWordWrap(True)
        self.source = text("", "mute", 12)
        self.problem = ProblemLine(12)
        self.room = scroll_area()
        self.insert = QPushButton("Insert")
        self.insert.setDefault(True)
        self.cancel = QPushButton("Cancel")
        self.insert.clicked.connect(self._finish)
        self.cancel.clicked.connect(self.leave)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.insert)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.setSpacing(8)
        for part in (self.title, self.about, self.source, self.room, self.problem):
            layout.addWidget(part)
        layout.addLayout(buttons)
        source().changed.connect(self._dress)
        self._dress()
        self.hide()

    def _dress(self) -> None:
        theme = current()
        self.setStyleSheet(
            f"#layer {{ background: {theme.panel}; border: 1px solid {theme.line};"
            " border-radius: 10px; }"
            "QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; }"
        )

    def open_at(self, place: QPoint, layer: Layer, given: tuple[str, Shape] | None, take: Take):
        """Ask near a point of the parent; `given` is what will be wired to it: a name, a shape."""
        self._layer, self._take, self._given = layer, take, {}
        self._shape = None if given is None else given[1]
        self.title.setText(f"Add {layer.name}")
        self.about.setText(layer.doc)
        self.source.setHidden(given is None)
        if given is not None:
            self.source.setText(f"Sized for {given[0]} {shape_text(given[1])}")
        self._say("")
        self.form = Form(layer.settings, lambda name: self.values()[name], self._change)
        self.room.setWidget(self.form)
        for field in self.form.fields:
            field.editor.installEventFilter(self)
        self._lie(place)
        self.show()
        self.raise_()
        self.form.fields[0].editor.setFocus(Qt.FocusReason.PopupFocusReason)

    def _lie(self, place: QPoint) -> None:
        assert self.form is not None
        ground = room_over(self._ground)
        self.setFixedWidth(min(WIDTH, ground.width()))
        wanted = self.form.sizeHint().height() + 4
        above = self.sizeHint().height() - self.room.sizeHint().height()
        self.room.setFixedHeight(max(60, min(wanted, ground.height() - above - 40)))
        self.adjustSize()
        lie_at(self, self._ground, place)

    def values(self) -> Values:
        """All settings as they are now."""
        assert self._layer is not None
        return settings_for(self._layer, self._shape, self._given)

    def _change(self, name: str, value: Any) -> str:
        self._given[name] = value
        self._say("")
        if self.form is not None:
            # What follows from the input may depend on this.
            self.form.refresh()
        return ""

    def _say(self, problem: str) -> None:
        self.problem.say(sentence(problem) if problem else "")

    def _finish(self) -> None:
        assert self._layer is not None and self.form is not None
        # What is being typed counts, and what is wrong with it is said at its field.
        self.insert.setFocus()
        if any(not field.problem.isHidden() for field in self.form.fields):
            return
        try:
            graph = make_layer(self._layer, self.values())
        except GraphError as problem:
            self._say(str(problem))
            self._lie(self.pos())
            return
        self.leave()
        self._take(self._layer, graph)

    def leave(self) -> None:
        """Close, with nothing put in."""
        self.hide()
        self._ground.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        pressed = event.type() == QEvent.Type.KeyPress
        if pressed and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            self.leave()
            return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._finish()
        elif event.key() == Qt.Key.Key_Escape:
            self.leave()
        # Whatever is pressed here means nothing on the canvas below.
        event.accept()
