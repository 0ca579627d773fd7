"""Predict first: what the next step will send is asked for before it is shown."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from gradviz.explain import Span, judge, label, next_contributions
from gradviz.graph import Sent, WalkStep

from ..editor import Editor
from ..fonts import value_font
from ..numbers import shape_text
from ..widgets import restyle, text
from .backward_story import Story
from .sentence_view import SentenceView


class PredictBar(QWidget):
    """The question, a field for the answer, and right or wrong with the reason."""

    toggled = Signal(bool)

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._story = Story.of(editor)
        self.on = False
        self._asked: tuple[WalkStep, Sent] | None = None
        self._place = 0
        self._about: object = None
        self.question = SentenceView(wrapped=False)
        self.field = QLineEdit()
        self.field.setFont(value_font(12))
        self.field.setFixedWidth(190)
        self.field.setAccessibleName("Your prediction")
        self.show_button = QPushButton("Show it")
        self.show_button.setToolTip("Take the step without an answer")
        self.verdict = text("", "mute", 13)
        self.verdict.setWordWrap(True)
        self._lay_out()
        self.field.returnPressed.connect(self._judge)
        self.show_button.clicked.connect(self._give_up)
        self._story.changed.connect(self.refresh)
        self.hide()

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(10)
        line.addWidget(self.question, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self.field)
        line.addWidget(self.show_button)
        line.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 6, 24, 4)
        layout.setSpacing(4)
        layout.addLayout(line)
        layout.addWidget(self.verdict)

    def toggle(self) -> None:
        """Ask before each contribution, or stop asking."""
        self.on = not self.on
        self._say("", "mute")
        self.refresh()
        if self.isVisible():
            self.field.setFocus()
        self.toggled.emit(self.on)

    def refresh(self) -> None:
        """Ask about the next contribution."""
        walk = self._story.walk
        reverse = self._editor.passes.reverse
        if not self.on or walk is None or not reverse:
            self.hide()
            return
        about = (walk, self._editor.moment)
        if about != self._about:
            self._about, self._place = about, 0
            self.field.clear()
        coming = next_contributions(walk, self._editor.moment)
        self._asked = None if coming is None else (coming[0], coming[1][self._place])
        for part in (self.field, self.show_button):
            part.setVisible(self._asked is not None)
        self.question.tell((self._words(),))
        self.show()

    def _words(self) -> tuple[Span, ...]:
        if self._asked is None:
            return (Span("Nothing is left to predict: every contribution is known.", "muted"),)
        step, sent = self._asked
        graph = self._editor.graph
        shape = sent.value.shape
        of = f", a tensor of shape {shape_text(shape)}" if sent.value.size > 1 else ""
        return (
            Span("Predict first. ", "strong"), Span("What will "),
            Span(label(graph, step.node), "name"), Span(" send to "),
            Span(label(graph, sent.to), "name"), Span(f"{of}?"),
        )  # fmt: skip

    def _judge(self) -> None:
        walk, asked = self._story.walk, self._asked
        if walk is None or asked is None or not self.field.text().strip():
            return
        step, sent = asked
        try:
            found = judge(self._editor.evaluation, walk, step, sent.port, self.field.text())
        except ValueError as problem:
            self._say(str(problem), "error")
            return
        assert found is not None, "asked only of what is sent"
        self._say(found.text, "ok" if found.right else "error")
        if found.right:
            self._go_on(step)

    def _give_up(self) -> None:
        if self._asked is not None:
            step, _ = self._asked
            self._say("", "mute")
            self._place = len(step.sent)
            self._go_on(step)

    def _go_on(self, step: WalkStep) -> None:
        """Ask for the next input of the step; after the last take the step."""
        self._place += 1
        self.field.clear()
        if self._place < len(step.sent):
            self.refresh()
        else:
            self._editor.set_moment(step.index + 1)

    def _say(self, words: str, role: str) -> None:
        self.verdict.setText(words)
        self.verdict.setVisible(bool(words))
        restyle(self.verdict, role=role)
