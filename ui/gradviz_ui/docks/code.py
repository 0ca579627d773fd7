"""Code: the graph as a PyTorch program, to read and to copy."""

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QVBoxLayout, QWidget

from gradviz.program import source as program_of

from ..editor import Editor
from ..highlight import PythonColours
from ..theme import value_font
from ..widgets import IconButton, row, text

LARGEST = 2000


class CodePanel(QWidget):
    """See the module's text. It is written anew when it is seen and the graph has changed."""

    def __init__(self, editor: Editor) -> None:
        super().__init__()
        self._editor, self._stale = editor, True
        self.view = QPlainTextEdit()
        self.view.setReadOnly(True)
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setFont(value_font(12))
        self.view.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.view.setAccessibleName("PyTorch program")
        self.view.setStyleSheet(
            "QPlainTextEdit { border: none; background: transparent; padding: 4px 10px; }"
        )
        self._colours = PythonColours(self.view.document())
        copy = IconButton("copy", "Copy the program")
        copy.clicked.connect(self.copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(row(text("PyTorch", "mute"), None, copy, margins=(14, 0, 8, 0)))
        layout.addWidget(self.view, 1)
        self._soon = QTimer(self, singleShot=True, interval=60)
        self._soon.timeout.connect(self._write)
        editor.replaced.connect(self._changed)
        editor.changed.connect(self._changed)

    def _changed(self, *_: object) -> None:
        self._stale = True
        if self.isVisible():
            self._soon.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._write()

    def _write(self) -> None:
        if not self._stale:
            return
        self._stale = False
        count = len(self._editor.graph.nodes)
        if count > LARGEST:
            written = f"# {count:,} nodes: too many to show; `gradviz convert` writes them out"
        else:
            written = program_of(self._editor.graph)
        if written != self.view.toPlainText():
            place = self.view.verticalScrollBar().value()
            self.view.setPlainText(written)
            self.view.verticalScrollBar().setValue(place)

    def copy(self) -> None:
        """Put the program on the clipboard."""
        self._write()
        QGuiApplication.clipboard().setText(self.view.toPlainText())
