"""A form from an operation's settings: each kind of setting has its field, and no dock more."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gradviz.ops.dtypes import DTYPES
from gradviz.ops.spec import REQUIRED, Attr

from .settings_text import HINTS, SettingError, read, shown
from .theme import value_font
from .widgets import ProblemLine, restyle, text

Take = Callable[[str, Any], str]
"""Carries a changed setting out, by name; the reason where it is refused, else empty."""
STEPPED = ("int", "dim", "number", "float")


class Mixed:
    """Stands for the value of a setting that several nodes have each otherwise."""

    def __repr__(self) -> str:
        return "mixed"


MIXED = Mixed()


class Field(QWidget):
    """One setting: its editor, and below it what is wrong with what was typed."""

    def __init__(self, attr: Attr, value: Any, take: Take) -> None:
        super().__init__()
        self.attr, self._take = attr, take
        self.problem = ProblemLine()
        self.editor = make_editor(attr)
        self.editor.setAccessibleName(attr.name)
        self.editor.setAccessibleDescription(attr.doc)
        self.editor.setToolTip(attr.doc)
        self.editor.changed.connect(self._changed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addWidget(self.editor)
        layout.addWidget(self.problem)
        self.show_value(value)

    def show_value(self, value: Any) -> None:
        """Show the setting as it is now; what is being typed stays."""
        if not (self.editor.hasFocus() and not self.problem.isHidden()):
            self.editor.show_value(value)
            self._say("")

    def _changed(self, typed: Any) -> None:
        try:
            value = self.editor.value_of(typed)
        except SettingError as problem:
            self._say(str(problem))
            return
        self._say(self._take(self.attr.name, value))

    def _say(self, problem: str) -> None:
        self.problem.say(problem)
        restyle(self.editor, invalid=bool(problem))


class Switch(QCheckBox):
    """Yes or no."""

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.clicked.connect(lambda checked: self.changed.emit(checked))

    def show_value(self, value: Any) -> None:
        """Show that value."""
        mixed = value is MIXED
        self.setTristate(mixed)
        self.setCheckState(
            Qt.CheckState.PartiallyChecked
            if mixed
            else Qt.CheckState.Checked
            if value
            else Qt.CheckState.Unchecked
        )
        self.setText(str(MIXED) if mixed else "")

    def value_of(self, typed: Any) -> bool:
        """The value that was chosen."""
        return bool(typed)


class Choice(QComboBox):
    """One of a few; the first entry is the default where none is a choice too."""

    changed = Signal(object)

    def __init__(self, choices: Sequence[tuple[str, Any]]) -> None:
        super().__init__()
        self._values = [value for _, value in choices]
        self.addItems([title for title, _ in choices])
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.activated.connect(lambda number: self.changed.emit(number))

    def show_value(self, value: Any) -> None:
        """Show that value."""
        names = [str(each) for each in self._values]
        self.setPlaceholderText(str(MIXED) if value is MIXED else "")
        self.setCurrentIndex(names.index(str(value)) if str(value) in names else -1)

    def value_of(self, typed: Any) -> Any:
        """The value that was chosen."""
        return self._values[typed]

    def wheelEvent(self, e) -> None:
        # Scrolling the inspector must not change a setting under the pointer.
        e.ignore()


class Entry(QLineEdit):
    """Text that is read as the setting's kind; up and down step a number."""

    changed = Signal(object)

    def __init__(self, attr: Attr) -> None:
        super().__init__()
        self._attr, self._value = attr, None
        self.setFont(value_font(12))
        default = "" if attr.default in (REQUIRED, None) else shown(attr.default)
        self._hint = default or ("none" if attr.optional else HINTS[attr.kind])
        self.setPlaceholderText(self._hint)
        self.editingFinished.connect(self._finished)

    def show_value(self, value: Any) -> None:
        """Show that value."""
        self._value = value
        self.setPlaceholderText(str(MIXED) if value is MIXED else self._hint)
        self.setText(self._resting())
        self.setCursorPosition(0)

    def hint(self, words: str) -> None:
        """Say what holds where nothing is typed."""
        self._hint = words
        if self._value is not MIXED:
            self.setPlaceholderText(words)

    def _resting(self) -> str:
        return "" if self._value is MIXED else shown(self._value)

    def value_of(self, typed: Any) -> Any:
        """The value that was typed; SettingError where it is none."""
        return read(self._attr, typed)

    def _finished(self) -> None:
        if self.text() != self._resting():
            self.changed.emit(self.text())

    def keyPressEvent(self, arg__1: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
        step = steps.get(Qt.Key(arg__1.key()))
        held = self._value
        if step is not None and self._attr.kind in STEPPED and isinstance(held, (int, float)):
            self.changed.emit(shown(held + step))
        elif arg__1.key() == Qt.Key.Key_Escape:
            self.show_value(self._value)
            arg__1.accept()
        else:
            super().keyPressEvent(arg__1)


def make_editor(attr: Attr) -> Switch | Choice | Entry:
    """The field for a setting of that kind."""
    none = [("default", None)] if attr.optional else []
    if attr.kind == "bool" and not attr.optional:
        return Switch()
    if attr.kind == "bool":
        return Choice([*none, ("True", True), ("False", False)])
    if attr.kind == "dtype":
        return Choice([*none, *((name, dtype) for name, dtype in DTYPES.items())])
    if attr.kind == "choice":
        named = [("none", None)] if attr.optional else []
        return Choice([*named, *((choice, choice) for choice in attr.choices)])
    return Entry(attr)


class Form(QWidget):
    """A grid of names and fields."""

    def __init__(self, attrs: Sequence[Attr], values: Callable[[str], Any], take: Take) -> None:
        """`values` gives a setting's present value by name."""
        super().__init__()
        self._values = values
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(7)
        grid.setColumnStretch(1, 1)
        self.fields = [Field(attr, values(attr.name), take) for attr in attrs]
        for line, (attr, field) in enumerate(zip(attrs, self.fields, strict=True)):
            grid.addWidget(self._name(attr), line, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(field, line, 1)

    def _name(self, attr: Attr) -> QLabel:
        label = text(attr.name, "mute", 13)
        label.setToolTip(attr.doc)
        label.setMinimumWidth(84)
        label.setContentsMargins(0, 1 if attr.kind == "bool" else 6, 0, 0)
        return label

    def refresh(self) -> None:
        """Show every setting as it is now."""
        for field in self.fields:
            field.show_value(self._values(field.attr.name))
