"""Code: the graph as a PyTorch program, to read and to copy."""

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gradviz.program import FormulaError
from gradviz.program import source as program_of

from ..editor import Editor
from ..widgets import IconButton, row, text
from .source_view import SourceView

LARGEST = 2000


class CodePanel(QWidget):
    """See the module's text. It is written anew when it is seen and the graph has changed."""

    def __init__(self, editor: Editor) -> None:
        super().__init__()
        self._editor, self._stale = editor, True
        self.view = SourceView("PyTorch program")
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
            try:
                written = program_of(self._editor.graph)
            except FormulaError as unfinished:
                written = f"# {unfinished}"
        self.view.show_source(written)

    def copy(self) -> None:
        """Put the program on the clipboard."""
        self._write()
        QGuiApplication.clipboard().setText(self.view.toPlainText())
