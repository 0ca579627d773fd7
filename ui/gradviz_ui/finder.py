"""Finding a node: Ctrl+F, then its name, operation, shape, value or state, and Return."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gradviz.graph.finding import Known, known, number_fits

from .chooser import Chooser, Row
from .editor import Editor
from .matching import match_score

if TYPE_CHECKING:
    from .main_window import MainWindow

MOST = 200
STARTS_A_NUMBER = "0123456789.-\N{MINUS SIGN}"


def score(typed: str, node: Known) -> int:
    """How well a node fits; 0: not at all. A name counts most, then its numbers, then the rest."""
    whole = typed.strip().casefold()
    found = [match_score(typed, node.name)]
    # Only what a word begins with: letters in any order would fit nearly every node.
    found += [300 for word in node.words if word.startswith(whole)]
    if whole.startswith("(") and node.shape.replace(" ", "").startswith(whole.replace(" ", "")):
        found.append(400)
    if whole[:1] in STARTS_A_NUMBER and whole and number_fits(whole, node.numbers):
        found.append(500)
    return max(found)


def index(editor: Editor) -> list[Known]:
    """What every node is found by now, in the document's order."""
    return [known(editor.evaluation, i) for i in editor.graph.order()]


def found(nodes: Sequence[Known], typed: str) -> list[Known]:
    """The nodes that fit what was typed, the best first; in their order for nothing."""
    scored = [(score(typed, node), -place, node) for place, node in enumerate(nodes)]
    fitting = sorted((s for s in scored if s[0] > 0), key=lambda s: s[:2], reverse=True)
    return [node for *_, node in fitting[:MOST]]


class Finder(Chooser):
    """Every node that fits; Return goes there."""

    def __init__(self, window: "MainWindow") -> None:
        hint = "Name, operation, (shape), value, “requires grad”, “has error” …"
        super().__init__(window, "Find a node", hint)
        self.typed = ""
        self._nodes: list[Known] = []

    def open(self, typed: str = "") -> None:
        # Nothing changes while the list is open, and of ten thousand nodes this takes a while.
        self._nodes = index(self._window.editor)
        super().open(typed)

    def offered(self, typed: str) -> list[Row]:
        """The nodes that fit, with what they are and their values."""
        self.typed = typed
        return [
            Row(
                node.node,
                node.name,
                " · ".join((*node.words, *([node.shape] if node.shape else ()))),
                node.value,
            )
            for node in found(self._nodes, typed)
        ]

    def take(self, value: str) -> None:
        """Go to the node."""
        self._window.editor.go_to(value)

    def step(self, by: int) -> None:
        """Go to the next node, that way round, that fits what was last typed."""
        editor = self._window.editor
        fitting = {node.node for node in found(index(editor), self.typed)}
        nodes = [i for i in editor.graph.order() if i in fitting]
        if nodes:
            here = [place for place, node in enumerate(nodes) if node in editor.selection]
            start = here[0] if here else (-1 if by > 0 else 0)
            editor.go_to(nodes[(start + by) % len(nodes)])
