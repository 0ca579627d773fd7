"""What the actions of the Edit menu do; those on nodes act on the selection."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtGui import QGuiApplication

from gradviz.files import clipboard
from gradviz.graph import Batch, GraphError, Node, compose, pieces, scenery
from gradviz.graph.document import id_key
from gradviz.ops.table import OPS

from . import room
from .copying import put_on_clipboard
from .pasting import pasted

if TYPE_CHECKING:
    from .main_window import MainWindow


def can_edit(window: "MainWindow") -> bool:
    """Whether a document is in front with its canvas."""
    return not window.welcoming


def has_selection(window: "MainWindow") -> bool:
    """Whether any node is selected."""
    return can_edit(window) and bool(window.editor.selection)


def has_anything(window: "MainWindow") -> bool:
    """Whether any node, frame or note is selected."""
    return can_edit(window) and bool(window.editor.selection or window.editor.boxes.ids)


def has_one_selected(window: "MainWindow") -> bool:
    """Whether exactly one node is selected."""
    return can_edit(window) and len(window.editor.selection) == 1


def can_rename(window: "MainWindow") -> bool:
    """Whether there is one node, and an inspector to type its name in."""
    return has_one_selected(window) and window.shows("build")


def can_undo(window: "MainWindow") -> bool:
    """Whether there is an edit to take back."""
    return can_edit(window) and window.editor.stack.canUndo()


def can_redo(window: "MainWindow") -> bool:
    """Whether there is an edit to carry out again."""
    return can_edit(window) and window.editor.stack.canRedo()


def undo(window: "MainWindow") -> None:
    """Take the last edit back."""
    window.editor.stack.undo()


def redo(window: "MainWindow") -> None:
    """Carry the edit taken back out again."""
    window.editor.stack.redo()


def cut(window: "MainWindow") -> None:
    """Copy what is selected, and delete it."""
    copy(window)
    delete(window)


def copy(window: "MainWindow") -> None:
    """Put the selected nodes, frames and notes on the clipboard, as the text of a file."""
    editor = window.editor
    text = clipboard.copy(editor.graph, editor.selection, editor.boxes.ids)
    QGuiApplication.clipboard().setText(text)


def has_value(window: "MainWindow") -> bool:
    """Whether the one selected node shows a value."""
    editor = window.editor
    return has_one_selected(window) and editor.value(min(editor.selection)) is not None


def copy_value(window: "MainWindow") -> None:
    """Put the selected node's value on the clipboard, with every digit."""
    value = window.editor.value(min(window.editor.selection))
    if value is not None:
        put_on_clipboard(value.array)


def is_watched(window: "MainWindow") -> bool:
    """Whether every selected node is watched."""
    chosen = window.editor.selection
    return bool(chosen) and chosen <= set(window.editor.watches.ids)


def watch(window: "MainWindow") -> None:
    """Follow the values of the selected nodes under Watches; or no longer, where all are."""
    order = sorted(window.editor.selection, key=id_key)
    window.editor.watches.watch(order, not is_watched(window))


def has_gradient(window: "MainWindow") -> bool:
    """Whether the one selected node shows a gradient."""
    editor = window.editor
    return has_one_selected(window) and editor.gradient(min(editor.selection))[1] is not None


def copy_gradient(window: "MainWindow") -> None:
    """Put the selected node's gradient on the clipboard, with every digit."""
    _, gradient = window.editor.gradient(min(window.editor.selection))
    if gradient is not None:
        put_on_clipboard(gradient)


def paste(window: "MainWindow") -> None:
    """Add the nodes, formula, program or numbers on the clipboard where the canvas looks."""
    editor, written = window.editor, QGuiApplication.clipboard().text()
    x, y = free_place(window)
    try:
        edit = pasted(editor.graph, written, (x, y))
        if down := room.of_pasted(window, edit):
            edit = pasted(editor.graph, written, (x, y + down))
    except GraphError as problem:
        editor.refused.emit(str(problem))
        return
    add_all(window, edit)


def duplicate(window: "MainWindow") -> None:
    """Add the selected nodes, frames and notes once more, below themselves."""
    editor = window.editor
    offset = room.of_copies(window)
    edit = pieces.duplicate(editor.graph, editor.selection, offset, editor.boxes.ids)
    add_all(window, edit)


def add_all(window: "MainWindow", edit: Batch) -> None:
    """Carry out an edit that adds nodes, frames and notes, and select those."""
    editor = window.editor
    before, boxes = set(editor.graph.nodes), set(scenery.boxes(editor.graph))
    if edit.edits and editor.perform(edit):
        graph = editor.graph
        editor.boxes.choose(set(scenery.boxes(graph)) - boxes, set(graph.nodes) - before)


def add(window: "MainWindow", op: str) -> None:
    """Add an operation, or what else a key names, where the canvas looks."""
    if op not in OPS:
        window.canvas.overlays.put(op)
        return
    add_all(window, compose.add(window.editor.graph, op, free_place(window)))


def free_place(window: "MainWindow") -> tuple[float, float]:
    """A place in the middle of what is seen, on which no card's corner lies yet."""
    canvas = window.canvas
    middle = canvas.scene_point(QPointF(canvas.viewport().rect().center()))
    x, y = middle.x() - 74, middle.y() - 40
    corners = [node.position for node in window.editor.graph.nodes.values()]
    while any(abs(x - left) < 20 and abs(y - top) < 20 for left, top in corners):
        x, y = x + 28, y + 28
    return x, y


def delete(window: "MainWindow") -> None:
    """Delete the selected nodes, frames and notes."""
    editor = window.editor
    editor.perform(compose.delete(editor.graph, editor.selection, editor.boxes.ids))


def delete_and_reconnect(window: "MainWindow") -> None:
    """Delete what is selected; what read the nodes among it reads what they read."""
    editor = window.editor
    chosen = editor.selection, editor.boxes.ids
    editor.perform(compose.delete_and_reconnect(editor.graph, *chosen))


def use_as_output(window: "MainWindow") -> None:
    """Have Backward start from the selected node."""
    editor = window.editor
    (node_id,) = editor.selection
    edit = compose.set_output(editor.graph, node_id)
    if edit.edits:
        editor.perform(edit)


def has_pointed(window: "MainWindow") -> bool:
    """Whether a menu was asked for on wires that are still there."""
    graph = window.editor.graph
    pointed = window.canvas.pointed
    return bool(pointed) and all(
        w.target in graph.nodes and graph.inputs(w.target).get(w.port) == w for w in pointed
    )


def disconnect(window: "MainWindow") -> None:
    """Take away the wires that the menu was asked for."""
    window.canvas.disconnect_pointed()


def has_one_leaf(window: "MainWindow") -> bool:
    """Whether a leaf is selected, and nothing else."""
    nodes = window.editor.graph.nodes
    return has_one_selected(window) and not nodes[min(window.editor.selection)].spec.ports


def selected_leaves(window: "MainWindow") -> list[Node]:
    """The selected nodes of which it can be said whether they require a gradient."""
    nodes = window.editor.graph.nodes
    chosen = (nodes[i] for i in sorted(window.editor.selection, key=id_key))
    return [node for node in chosen if "requires_grad" in node.spec.defaults]


def has_leaves(window: "MainWindow") -> bool:
    """Whether a leaf is among what is selected."""
    return can_edit(window) and bool(selected_leaves(window))


def requires_grad(window: "MainWindow") -> bool:
    """Whether every selected leaf requires a gradient."""
    leaves = selected_leaves(window)
    return bool(leaves) and all(leaf.setting("requires_grad") for leaf in leaves)


def toggle_grad(window: "MainWindow") -> None:
    """Make the selected leaves parameters; or constants, where all are parameters."""
    graph, wanted = window.editor.graph, not requires_grad(window)
    changes = (
        compose.set_attr(graph, leaf.id, "requires_grad", wanted)
        for leaf in selected_leaves(window)
    )
    edits = tuple(edit for batch in changes for edit in batch.edits)
    window.editor.perform(Batch(edits, "Require a gradient" if wanted else "Require no gradient"))


def edit_value(window: "MainWindow") -> None:
    """Type another value in place."""
    window.canvas.edit_focused()


def select_all(window: "MainWindow") -> None:
    """Select every node, frame and note, of those that are shown."""
    editor = window.editor
    editor.boxes.choose(scenery.boxes(editor.graph), editor.entering.shown())


def rename(window: "MainWindow") -> None:
    """Type another name for the selected node."""
    window.page.rename_selected()


def add_operation(window: "MainWindow") -> None:
    """Search for an operation to add to the canvas."""
    window.canvas.search()


def edit_formula(window: "MainWindow") -> None:
    """Go to the formula."""
    window.formula_bar.edit()
