"""What the actions of the Arrange menu do: line cards up, space them out, wire them."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from gradviz.graph import GraphError, chaining, compose
from gradviz.graph.moving import move
from gradviz.layout.aligning import Axis, Edge, Placed, aligned, distributed
from gradviz.layout.model import Point

from .edit_actions import can_edit, has_one_selected

if TYPE_CHECKING:
    from .main_window import MainWindow

EDGES: Final[tuple[tuple[Edge, str, str], ...]] = (
    ("left", "Left Edges", "Left"), ("centre", "Centres", "C"), ("right", "Right Edges", "Right"),
    ("top", "Top Edges", "Up"), ("middle", "Middles", "M"), ("bottom", "Bottom Edges", "Down"),
)  # fmt: skip
"""What can be brought into line, in the words of the menu, and the key that does it."""


def chosen(window: "MainWindow") -> dict[str, Placed]:
    """The cards of the selection, by the id of one node on each: a folded group is one card."""
    scene = window.canvas.canvas
    cards = {min(card.ids): card.body() for card in map(scene.groups.card_of, selected(window))}
    return {i: Placed(b.x(), b.y(), b.width(), b.height()) for i, b in cards.items()}


def selected(window: "MainWindow") -> list[str]:
    """The ids of the selected nodes that are there, in the document's order."""
    return [i for i in window.editor.graph.nodes if i in window.editor.selection]


def has_two(window: "MainWindow") -> bool:
    """Whether there is more than one node to line up or connect."""
    return can_edit(window) and len(window.editor.selection) > 1


def has_three(window: "MainWindow") -> bool:
    """Whether there is a node between others."""
    return can_edit(window) and len(window.editor.selection) > 2


def align(edge: Edge) -> Callable[["MainWindow"], None]:
    """Bring the selected cards into line at an edge, or by their middles."""
    return lambda window: put(window, aligned(chosen(window), edge), f"Align {edge}")


def distribute(axis: Axis) -> Callable[["MainWindow"], None]:
    """Make the gaps between the selected cards equal."""
    return lambda window: put(window, distributed(chosen(window), axis), f"Distribute {axis}")


def put(window: "MainWindow", corners: Mapping[str, Point], label: str) -> None:
    """Move cards until their corners are there, with all the nodes that are on them."""
    editor, scene = window.editor, window.canvas.canvas
    goals: dict[str, Point] = {}
    for one, (x, y) in corners.items():
        card = scene.groups.card_of(one)
        by = (round(x - card.body().x()), round(y - card.body().y()))
        for i in card.ids:
            left, top = editor.graph.node(i).position
            goals[i] = (left + by[0], top + by[1])
    edit = move(editor.graph, goals, editor.entering.group)
    if edit.edits:
        editor.perform(edit, label)


def connect(window: "MainWindow") -> None:
    """Wire each selected node into the next one that has room for it."""
    editor = window.editor
    try:
        edit = chaining.connect_all(editor.graph, editor.selection)
    except GraphError as problem:
        editor.refused.emit(f"{str(problem)[0].upper()}{str(problem)[1:]}.")
        return
    editor.perform(edit)


def can_swap(window: "MainWindow") -> bool:
    """Whether the one selected node has two inputs to exchange."""
    if not has_one_selected(window):
        return False
    node = window.editor.graph.nodes.get(min(window.editor.selection))
    if node is None:
        return False
    return len(window.editor.graph.inputs(node.id).keys() | node.literals.keys()) > 1


def swap(window: "MainWindow") -> None:
    """Exchange what the selected node's first two inputs have."""
    editor = window.editor
    editor.perform(compose.swap_inputs(editor.graph, min(editor.selection)))
