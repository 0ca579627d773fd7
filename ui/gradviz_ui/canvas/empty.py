"""What an empty canvas says: how to begin."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from ..widgets import text

WAYS = (
    "Type a formula above, such as  J = theta1 ** 2 + theta2 ** 2",
    "Double-click here, or press Space or Tab, to add an operation",
    "Drag an operation in from the library",
)


class EmptyHint(QWidget):
    """A few quiet lines in the middle; the pointer goes through them to the canvas."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._room = parent
        self._lines = layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._line(text("This graph is empty", size=15)))
        layout.addSpacing(4)
        for way in WAYS:
            layout.addWidget(self._line(text(way, "mute", 13)))

    def _line(self, label: QLabel) -> QLabel:
        label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        label.setWordWrap(True)
        return label

    def follow(self, empty: bool) -> None:
        """Stand in the middle of the parent while there is nothing else to see."""
        self.setVisible(empty)
        room = self._room.rect()
        width = max(120, min(460, room.width() - 40))
        height = self._lines.totalHeightForWidth(width)
        top = (room.height() - height) // 2
        self.setGeometry((room.width() - width) // 2, max(0, top), width, height)
