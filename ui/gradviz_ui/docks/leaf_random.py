"""The inspector's section of a random leaf: its distribution, and a button for another seed."""

import secrets

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QPushButton, QVBoxLayout, QWidget

from gradviz.graph import Node, compose
from gradviz.graph.leaves import DISTRIBUTIONS, is_random, set_distribution
from gradviz.ops.table import OPS

from ..editor import Editor
from ..icons import keep_icon
from ..widgets import row, text
from .inspector_parts import Section

SEEDS = 1_000_000
"""Seeds are drawn below this, so that one can be said and typed."""


class RandomSection(QWidget):
    """Shown for a leaf whose numbers are drawn from a seed."""

    def __init__(self, editor: Editor, node_id: str) -> None:
        super().__init__()
        self._editor, self._node_id = editor, node_id
        self.distribution = QComboBox()
        self.distribution.setAccessibleName("Distribution")
        for name in DISTRIBUTIONS:
            self.distribution.addItem(name)
            last = self.distribution.count() - 1
            self.distribution.setItemData(last, OPS[name].doc, Qt.ItemDataRole.ToolTipRole)
        self.distribution.activated.connect(self._choose)
        self.new_seed = QPushButton("New seed")
        self.new_seed.setToolTip("Draw other numbers: the same ones come again with the same seed")
        keep_icon(self.new_seed, "random")
        self.new_seed.clicked.connect(self._draw)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        named = row(text("distribution", "mute", 13), None, self.distribution)
        layout.addWidget(Section("Random numbers", named, row(None, self.new_seed)))

    def _node(self) -> Node:
        return self._editor.graph.node(self._node_id)

    def refresh(self) -> None:
        """Show the distribution; nothing where the leaf is not random."""
        node = self._node()
        self.setHidden(not is_random(node))
        if is_random(node):
            self.distribution.setCurrentText(node.op)

    def _choose(self, place: int) -> None:
        edit = set_distribution(self._editor.graph, self._node_id, DISTRIBUTIONS[place])
        if edit.edits:
            self._editor.perform(edit)

    def _draw(self) -> None:
        held = self._node().setting("seed")
        seed = (held + 1 + secrets.randbelow(SEEDS - 1)) % SEEDS
        edit = compose.set_attr(self._editor.graph, self._node_id, "seed", seed)
        self._editor.perform(edit, "Draw a new seed")
