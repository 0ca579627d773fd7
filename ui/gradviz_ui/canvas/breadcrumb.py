"""Where the canvas looks, once a group was entered: the groups around it, each to go out to."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from ..editor import Editor
from ..theme import current, source, ui_font
from ..widgets import text
from ..words import shortened

MOST_LETTERS = 26
HEIGHT = 30


class Breadcrumb(QFrame):
    """Document › group › group within; and where the pass is, when that is not in sight."""

    def __init__(self, editor: Editor, parent: QWidget) -> None:
        super().__init__(parent)
        self._editor = editor
        self.setObjectName("breadcrumb")
        self.setAccessibleName("Where the canvas looks")
        self.parts: list[QPushButton] = []
        """The groups to go out to, the document first."""
        self.here = QLabel()
        self.here.setFont(ui_font(13))
        self.elsewhere = QPushButton()
        self.elsewhere.setObjectName("elsewhere")
        self.elsewhere.setCursor(Qt.CursorShape.PointingHandCursor)
        self.elsewhere.clicked.connect(self._go_elsewhere)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(6, 2, 10, 2)
        self._row.setSpacing(2)
        self.setFixedHeight(HEIGHT)
        for signal in (editor.entering.changed, editor.replaced, editor.changed):
            signal.connect(self.refresh)
        for signal in (editor.moment_changed, editor.walk_changed, editor.workspace_changed):
            signal.connect(self._look_elsewhere)
        source().changed.connect(self._dress)
        self._dress()
        self.refresh()

    def _dress(self) -> None:
        theme = current()
        self.setStyleSheet(
            f"#breadcrumb {{ background: {theme.panel}; border: 1px solid {theme.line};"
            " border-radius: 8px; }"
            f"QPushButton {{ border: none; background: transparent; color: {theme.mute};"
            " padding: 2px 6px; border-radius: 5px; min-height: 18px; }"
            f"QPushButton:hover, QPushButton:focus {{ background: {theme.hover};"
            f" color: {theme.ink}; }}"
            f"QLabel {{ color: {theme.ink}; }}"
            f"#elsewhere {{ color: {theme.act}; margin-left: 8px; }}"
        )

    def refresh(self, *_: object) -> None:
        """Say anew what is around; nothing where the whole document is shown."""
        editor = self._editor
        groups, chain = editor.graph.groups, editor.entering.chain
        names = [self._document(), *(groups[i].name for i in chain if i in groups)]
        said = [part.text() for part in self.parts] + [self.here.text()]
        self.setVisible(bool(chain))
        if chain and said != [shortened(name, MOST_LETTERS) for name in names]:
            self._fill(names)
        self._look_elsewhere()

    def _document(self) -> str:
        path = self._editor.path
        return self._editor.graph.settings.title or (path.stem if path else "Document")

    def _fill(self, names: list[str]) -> None:
        while (item := self._row.takeAt(0)) is not None:
            widget = item.widget()
            if widget not in (None, self.here, self.elsewhere):
                widget.deleteLater()
        self.parts = []
        for depth, name in enumerate(names[:-1]):
            part = QPushButton(shortened(name, MOST_LETTERS))
            part.setFont(ui_font(13))
            part.setCursor(Qt.CursorShape.PointingHandCursor)
            part.setToolTip(f"Go out to {name}")
            part.setAccessibleName(f"Go out to {name}")
            part.clicked.connect(partial(self._go_out, depth))
            self.parts.append(part)
            self._row.addWidget(part)
            self._row.addWidget(text("›", "mute", 13))
        self.here.setText(shortened(names[-1], MOST_LETTERS))
        self.here.setToolTip(f"{names[-1]} · Esc or Alt+Up goes out")
        self.here.setContentsMargins(6, 0, 0, 0)
        self._row.addWidget(self.here)
        self._row.addWidget(self.elsewhere)
        # Qt would show what is new only later, and until then it would take no room.
        for child in self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            child.setVisible(child is not self.elsewhere)

    def _go_out(self, depth: int, *_checked: bool) -> None:
        self._editor.entering.go_out_to(depth)

    def _look_elsewhere(self, *_: object) -> None:
        editor = self._editor
        step = editor.step if editor.entering.group and editor.workspace == "backward" else None
        away = step is not None and not editor.entering.shows(step.node)
        self.elsewhere.setHidden(not away)
        if step is not None and away:
            name = shortened(editor.graph.node(step.node).name, MOST_LETTERS)
            self.elsewhere.setText(f"the step is at {name}")
            self.elsewhere.setToolTip("Go out to where the pass is")
        self.adjustSize()

    def _go_elsewhere(self, *_: object) -> None:
        step = self._editor.step
        if step is not None:
            self._editor.go_to(step.node)
