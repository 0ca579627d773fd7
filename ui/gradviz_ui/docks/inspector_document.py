"""The inspector's page of the document itself: its title, what to look at, its output."""

from itertools import islice

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from gradviz.graph import Batch, Change, compose

from ..editor import Editor
from ..theme import ui_font
from ..widgets import column, text
from .inspector_parts import Section

MOST_OUTPUTS = 400
LEAST_LINES, MOST_LINES = 3, 10


class Paragraph(QPlainTextEdit):
    """A few lines of text, as high as they are up to ten; told once they are left."""

    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setFont(ui_font(13))
        self.textChanged.connect(self.fit)

    def fit(self) -> None:
        """Be as high as the text is, in whole lines."""
        # A plain text document counts its height in lines, as they are wrapped.
        written = round(self.document().size().height())
        lines = min(max(written, LEAST_LINES), MOST_LINES)
        margins = 2 * round(self.document().documentMargin())
        around = self.height() - self.viewport().height() + margins
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + around)
        # While it grows there is no bar, which would wrap the text anew.
        bar, bars = written > MOST_LINES, Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(bars.ScrollBarAlwaysOn if bar else bars.ScrollBarAlwaysOff)

    def resizeEvent(self, e: QResizeEvent) -> None:
        super().resizeEvent(e)
        self.fit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


class DocumentPage(QWidget):
    """Shown while no node is selected."""

    def __init__(self, editor: Editor) -> None:
        super().__init__()
        self._editor = editor
        self.title = QLineEdit()
        self.title.setPlaceholderText("Untitled")
        self.title.setAccessibleName("Title")
        self.title.setFont(ui_font(13))
        self.about = Paragraph()
        self.about.setPlaceholderText("What is there to see?")
        self.about.setAccessibleName("Description")
        self.output = QComboBox()
        self._offered: list[tuple[str, str | None]] = [("", None)]
        self.output.setAccessibleName("Output")
        self.output.setToolTip("The node that Backward starts from and Descend minimises")
        form = column(
            text("Title", "mute"), self.title, text("Description", "mute"), self.about,
            spacing=5, margins=(14, 14, 14, 6),
        )  # fmt: skip
        outputs = Section("Output", self.output)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for part in (form, outputs):
            layout.addWidget(part)
        layout.addStretch(1)
        self.title.editingFinished.connect(self._set_title)
        self.about.left.connect(self._set_about)
        self.output.activated.connect(self._set_output)
        self.refresh()

    def follow(self, change: Change) -> None:
        """Show what an edit changed here."""
        renamed = any(before.name != after.name for before, after in change.replaced)
        wires = change.wired or change.unwired
        if change.settings or change.added or change.removed or renamed or wires:
            self.refresh()

    def refresh(self) -> None:
        """Show the document as it is now."""
        graph, settings = self._editor.graph, self._editor.graph.settings
        if not self.title.hasFocus():
            self.title.setText(settings.title)
            self.title.setCursorPosition(0)
        if not self.about.hasFocus() and self.about.toPlainText() != settings.description:
            self.about.setPlainText(settings.description)
        last = graph.output() if settings.output is None else None
        name = f" ({graph.node(last).name})" if last else ""
        offered: list[tuple[str, str | None]] = [(f"the last result{name}", None)]
        for node in islice(graph.nodes.values(), MOST_OUTPUTS):
            if node.spec.ports or node.id == settings.output:
                offered.append((node.name, node.id))
        if offered[1:] != self._offered[1:] or not self.output.count():
            self.output.clear()
            for text, node_id in offered:
                self.output.addItem(text, node_id)
        elif offered[0] != self._offered[0]:
            self.output.setItemText(0, offered[0][0])
        self._offered = offered
        self.output.setCurrentIndex(max(0, self.output.findData(settings.output)))

    def _set_title(self) -> None:
        self._perform(compose.set_title(self._editor.graph, self.title.text().strip()))

    def _set_about(self) -> None:
        words = self.about.toPlainText().strip()
        self._perform(compose.set_description(self._editor.graph, words))

    def _set_output(self, number: int) -> None:
        self._perform(compose.set_output(self._editor.graph, self.output.itemData(number)))

    def _perform(self, edit: Batch) -> None:
        if edit.edits:
            self._editor.perform(edit)
