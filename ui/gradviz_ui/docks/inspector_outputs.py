"""The inspector's section of a node with several outputs: each with its value, to be watched."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gradviz.graph.checks import output_name
from gradviz.graph.watched import watch_key

from ..editor import Editor
from ..widgets import IconButton, empty, row, text
from .inspector_parts import Section
from .watches import ValueFigure

MOST = 24
"""Outputs beyond these are not listed."""


class OutputRow(QWidget):
    """One output."""

    def __init__(self, editor: Editor, node_id: str, output: int) -> None:
        super().__init__()
        self._editor, self._node_id, self._output = editor, node_id, output
        self._key = watch_key(node_id, output)
        self.figure = ValueFigure()
        self.pin = IconButton("eye", "Watch", size=14)
        self.pin.setCheckable(True)
        self.pin.clicked.connect(lambda on: editor.watches.watch((self._key,), on))
        name = output_name(editor.graph.node(node_id).spec, output)
        self.pin.setAccessibleName(f"Watch {name}")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(row(text(name, "mute", 13), self.figure, self.pin))

    def refresh(self) -> None:
        """Show the value as it is now, and whether it is watched."""
        self.figure.show_array(self._editor.watches.value(self._key), "—")
        self.pin.setChecked(self._key in self._editor.watches.ids)


class OutputsSection(Section):
    """Every output; hidden where there is but one."""

    def __init__(self, editor: Editor, node_id: str) -> None:
        inside = QWidget()
        super().__init__("Outputs", inside)
        self._editor, self._node_id = editor, node_id
        self._list = QVBoxLayout(inside)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(4)
        self.rows: list[OutputRow] = []

    def refresh(self) -> None:
        """List the outputs as they are now."""
        count = min(len(self._editor.evaluation.results[self._node_id].outputs), MOST)
        self.setHidden(count < 2)
        if count != len(self.rows):
            empty(self._list)
            self.rows = [OutputRow(self._editor, self._node_id, k) for k in range(count)]
            for each in self.rows:
                self._list.addWidget(each)
        for each in self.rows:
            each.refresh()
