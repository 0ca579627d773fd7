"""The title line of a panel's part, with its few buttons."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from .flat_tabs import HEADER_HEIGHT
from .plain import text, thin_line


class PanelHeader(QWidget):
    """A bold title, an optional note beside it, buttons at the right, a thin line below.

    A widget may stand in place of the title. With `ruled` there is a line above too, for a part
    that follows another.
    """

    def __init__(
        self,
        title: str | QWidget,
        *buttons: QWidget,
        ruled: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._title = text(title if isinstance(title, str) else "", "title")
        self._note = text("", "mute")
        self._note.setContentsMargins(8, 0, 0, 0)
        self._note.hide()
        self._line = QHBoxLayout()
        self._line.setContentsMargins(14, 0, 8, 0)
        self._line.setSpacing(4)
        self._line.addWidget(self._title if isinstance(title, str) else title)
        self._line.addWidget(self._note)
        self._line.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        if ruled:
            layout.addWidget(thin_line())
        layout.addLayout(self._line, 1)
        layout.addWidget(thin_line())
        self.setFixedHeight(HEADER_HEIGHT + 1 + ruled)
        for button in buttons:
            self.add(button)

    def add(self, widget: QWidget) -> None:
        """Put a widget at the right end."""
        self._line.addWidget(widget)

    def add_beside(self, widget: QWidget) -> None:
        """Put a widget after the note, before what stands at the right end."""
        stretch = next(i for i in range(self._line.count()) if self._line.stretch(i))
        self._line.insertWidget(stretch, widget)

    def set_title(self, title: str) -> None:
        """Show another title."""
        self._title.setText(title)

    def set_note(self, note: str) -> None:
        """Show muted words beside the title, such as ``step 5 of 8``."""
        self._note.setText(note)
        self._note.setHidden(not note)
