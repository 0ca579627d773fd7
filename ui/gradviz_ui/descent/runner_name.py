"""A runner's name, written over in place."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QFont, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from ..theme import ui_font
from ..widgets import ElidedLabel


class NameField(QLineEdit):
    """Return or leaving takes the name, Escape gives it up."""

    taken = Signal(str)
    given_up = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFont(ui_font(13, QFont.Weight.DemiBold))
        self.setAccessibleName("Name of the runner")
        self.setPlaceholderText("named after its settings")
        self.setMaxLength(60)
        self.setTextMargins(0, 0, 0, 0)
        self.setFixedHeight(24)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.taken.emit(self.text())
        elif event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        # A menu borrows the focus; hidden, it has been dealt with.
        if self.isVisible() and event.reason() != Qt.FocusReason.PopupFocusReason:
            self.taken.emit(self.text())


class RunnerName(QWidget):
    """The name as a label, or the field to write it in."""

    named = Signal(str)
    """Sent with the name a person has given."""

    def __init__(self) -> None:
        super().__init__()
        self.label = ElidedLabel("")
        self.label.setFont(ui_font(13, QFont.Weight.DemiBold))
        self.field = NameField()
        self.field.hide()
        self.field.taken.connect(self._take)
        self.field.given_up.connect(self.close_field)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.label, 1)
        layout.addWidget(self.field, 1)

    def show_name(self, name: str) -> None:
        """Show a name; what is being written stays."""
        self.label.setText(name)

    def edit(self) -> None:
        """Start writing, with the whole name selected."""
        self.field.setText(self.label.text())
        self.label.hide()
        self.field.show()
        self.field.selectAll()
        self.field.setFocus()

    def close_field(self) -> None:
        """Show the label again."""
        self.field.hide()
        self.label.show()

    def _take(self, name: str) -> None:
        self.close_field()
        self.named.emit(name)
