"""Which node is minimised: any that is a single number and depends on a parameter."""

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from gradviz.descent.objective import no_number
from gradviz.graph import compose

from ..editor import Editor
from ..widgets import ElidedLabel, restyle, text
from .race import Race

MOST_OFFERED = 500
WIDEST = 88


class ObjectiveBar(QWidget):
    """A list of the nodes; of what cannot be minimised the reason is told beside it."""

    def __init__(self, race: Race) -> None:
        super().__init__()
        self._race = race
        self._nodes: list[str] = []
        self.chooser = QComboBox()
        self.chooser.setAccessibleName("What is minimised")
        self.chooser.setMaximumWidth(WIDEST)
        self.chooser.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.chooser.setMinimumContentsLength(1)
        self.chooser.activated.connect(self._choose)
        self.problem = ElidedLabel()
        restyle(self.problem, role="error")
        self.problem.hide()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(7)
        layout.addWidget(text("minimise", "mute", 12))
        layout.addWidget(self.chooser)
        layout.addWidget(self.problem, 1)
        race.prepared.connect(self._show)

    def _show(self) -> None:
        editor = self._race.editor
        output = editor.graph.output()
        self._nodes = offered(editor)
        words = [editor.graph.node(i).name for i in self._nodes]
        if words != [self.chooser.itemText(i) for i in range(self.chooser.count())]:
            self.chooser.clear()
            self.chooser.addItems(words)
        self.chooser.setCurrentIndex(self._nodes.index(output) if output in self._nodes else -1)
        self.setVisible(bool(self._nodes))
        self._say("")

    def _choose(self, index: int) -> None:
        editor, node = self._race.editor, self._nodes[index]
        problem = no_number(editor.graph, editor.evaluation, node)
        # What is refused stays in sight beside its reason, so that the keys can go on past it.
        if not problem and node != editor.graph.output():
            editor.perform(compose.set_output(editor.graph, node))
        self._say(problem)

    def _say(self, problem: str) -> None:
        self.problem.setText(problem)
        self.problem.setHidden(not problem)


def offered(editor: Editor) -> list[str]:
    """The nodes that depend on a parameter, the last computed first; and the output, if another."""
    graph = editor.graph
    parameters = [i for i in graph.order() if graph.node(i).is_parameter]
    moving = graph.downstream(parameters)
    found = [i for i in reversed(graph.order()) if i in moving and graph.node(i).spec.ports]
    output = graph.output()
    kept = found[:MOST_OFFERED]
    return kept if output is None or output in kept else [output, *kept]
