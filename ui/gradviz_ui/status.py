"""The thin line at the bottom: how large the graph is, how long it takes, where it is kept."""

import time
from collections import deque

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gradviz.autograd.backward import steps
from gradviz.graph import Evaluation

from .editor import Editor
from .widgets import ElidedLabel, text, thin_line
from .words import sentence

REST = 400
"""Milliseconds without a change before anything is measured."""
LARGEST = 3000
"""Nodes above which measuring would be felt."""
SHOWN_FOR = 6000
AFTERMATH = 400


def duration(seconds: float) -> str:
    """A time to read: ``31 µs``, ``4.2 ms``, ``1.3 s``."""
    if seconds < 1e-3:
        return f"{seconds * 1e6:.0f} µs"
    if seconds < 1:
        return f"{seconds * 1e3:.3g} ms"
    return f"{seconds:.3g} s"


def measure(editor: Editor) -> tuple[float, float | None]:
    """Seconds of one forward run of the document, and of one backward pass, the best of three.

    None where nothing can flow back.
    """
    forward, backward = [], []
    output = editor.graph.output()
    for _ in range(3):
        start = time.perf_counter()
        evaluation = Evaluation(editor.graph)
        forward.append(time.perf_counter() - start)
        value = None if output is None else evaluation.value(output)
        if value is not None and value.requires_grad and value.array.size == 1:
            start = time.perf_counter()
            deque(steps(value), maxlen=0)
            backward.append(time.perf_counter() - start)
    return min(forward), min(backward, default=None)


class Status(QWidget):
    """See the module's text. A refused edit is said here too, for a few seconds."""

    def __init__(self, editor: Editor) -> None:
        super().__init__()
        self._editor = editor
        self.nodes = text("", "mute", 11)
        self.times = text("", "mute", 11)
        self.message = ElidedLabel()
        self.message.setFont(self.nodes.font())
        self.message.setProperty("role", "error")
        self.file = text("", "mute", 11)
        self.setFixedHeight(25)
        figures = QWidget()
        line = QHBoxLayout(figures)
        line.setContentsMargins(14, 0, 14, 0)
        line.setSpacing(22)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(thin_line())
        whole.addWidget(figures)
        line.addWidget(self.nodes)
        line.addWidget(self.times)
        line.addWidget(self.message, 1)
        line.addWidget(self.file)
        self._rest = QTimer(self, singleShot=True, interval=REST)
        self._rest.timeout.connect(self._measure)
        self._forget = QTimer(self, singleShot=True, interval=SHOWN_FOR)
        self._forget.timeout.connect(self.message.clear)
        for signal in (editor.replaced, editor.evaluated):
            signal.connect(self._recount)
        for signal in (editor.path_changed, editor.replaced, editor.stack.cleanChanged):
            signal.connect(self._name)
        editor.changed.connect(self._changed)
        editor.refused.connect(self.say)

    def say(self, words: str) -> None:
        """Show a message for a few seconds."""
        self.message.setText(sentence(words))
        self._forget.start()

    def _changed(self, change) -> None:
        # What was refused is of yesterday, but for the edits that take the refused one back.
        if self.message.text() and self._forget.remainingTime() < SHOWN_FOR - AFTERMATH:
            self.message.clear()
        if "title" in change.settings:
            self._name()

    def _recount(self) -> None:
        count = len(self._editor.graph.nodes)
        self.nodes.setText(f"{count} node{'' if count == 1 else 's'}")
        self._rest.start()

    def _name(self) -> None:
        path = self._editor.path
        name = path.name if path else self._editor.graph.settings.title or "untitled"
        clean = self._editor.stack.isClean()
        said = ("saved" if clean else "not saved") if path or not clean else ""
        self.file.setText(" · ".join(part for part in (name, said) if part))
        self.file.setToolTip(str(path or ""))

    def _measure(self) -> None:
        if not 0 < len(self._editor.graph.nodes) <= LARGEST:
            self.times.setText("")
            return
        forward, backward = measure(self._editor)
        behind = f"      backward {duration(backward)}" if backward is not None else ""
        self.times.setText(f"forward {duration(forward)}{behind}")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._recount()
        self._name()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._rest.stop()
