"""Problems: what has no value and why, one row a node; a click goes there."""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from gradviz.graph import Evaluation, Graph

from ..editor import Editor
from ..icons import icon
from ..theme import source
from ..widgets import text

NODE = Qt.ItemDataRole.UserRole
Kind = Literal["error", "missing", "waiting"]
LOOKS: dict[Kind, tuple[str, str]] = {
    "error": ("error", "error"),
    "missing": ("warning", "warn"),
    "waiting": ("pause", "faint"),
}
MOST = 500


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a node has no value."""

    node: str
    kind: Kind
    words: str


def problems(graph: Graph, evaluation: Evaluation) -> list[Problem]:
    """All of them: errors first, then what lacks an input, then what waits for either."""
    found = [p for node_id in graph.nodes for p in problem(graph, evaluation, node_id)]
    rank = {"error": 0, "missing": 1, "waiting": 2}
    return sorted(found, key=lambda each: rank[each.kind])


def problem(graph: Graph, evaluation: Evaluation, node_id: str) -> list[Problem]:
    """Why that node has no value; empty where it has one."""
    result = evaluation.results[node_id]
    name = graph.node(node_id).name
    if result.error is not None:
        return [Problem(node_id, "error", f"{name}: {result.error}")]
    if result.missing:
        ports = " and ".join(result.missing)
        return [Problem(node_id, "missing", f"{name} needs a wire or a number on {ports}")]
    if result.waiting:
        names = ", ".join(graph.node(other).name for other in result.waiting)
        return [Problem(node_id, "waiting", f"{name} waits for {names}")]
    return []


class ProblemsPanel(QWidget):
    """See the module's text."""

    def __init__(self, editor: Editor) -> None:
        super().__init__()
        self._editor = editor
        self.none = text("Every node has a value.", "mute", 13)
        self.none.setContentsMargins(14, 14, 14, 0)
        self.list = QListWidget()
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setWordWrap(True)
        self.list.setAccessibleName("Problems")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.none)
        layout.addWidget(self.list, 1)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._show)
        for signal in (editor.replaced, editor.evaluated, source().changed):
            signal.connect(self._stale)
        self.list.itemClicked.connect(self._go)
        self.list.itemActivated.connect(self._go)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show()

    def _stale(self, *_: object) -> None:
        if self.isVisible():
            self._soon.start()

    def _show(self) -> None:
        found = problems(self._editor.graph, self._editor.evaluation)
        self.list.clear()
        for each in found[:MOST]:
            name, colour = LOOKS[each.kind]
            item = QListWidgetItem(icon(name, colour), each.words)
            item.setData(NODE, each.node)
            item.setToolTip(each.words)
            self.list.addItem(item)
        self.none.setVisible(not found)
        self.list.setVisible(bool(found))

    def _go(self, item: QListWidgetItem) -> None:
        self._editor.go_to(item.data(NODE))
