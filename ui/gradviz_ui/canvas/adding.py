"""Putting pieces in where the canvas was asked for them: layers, and groups that were kept."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QFileDialog

from gradviz.files import FileError
from gradviz.graph import Graph, Wire, compose, pieces
from gradviz.graph.borders import border_of
from gradviz.graph.grouping import free_label
from gradviz.layers import Layer
from gradviz.ops.spec import Shape

from ..additions import endings_of, kept_of, layer_of
from ..editor import Editor
from ..importing import ask_columns, import_files
from .connecting import Plug, value_of
from .inserting import corner, lay, move_apart
from .onto_wire import room_for_new
from .sighting import show_cards

if TYPE_CHECKING:
    from .navigation import NavigableView
    from .overlays import Overlays

Links = tuple[Plug, ...]
"""The ports whose wire was let go: several inputs that one port of a card stands for, or one."""


def put(
    overlays: Overlays,
    view: NavigableView,
    key: str,
    place: QPointF,
    links: Links,
    wire: Wire | None = None,
) -> bool:
    """Put in what a key names, asking for sizes where it has some; False where it names nothing.

    ``wire`` is one that it is put in the middle of.
    """
    if wire is not None:
        links = (Plug(wire.source, wire.output, True),)
    editor = view.editor
    layer, kept, endings = layer_of(key), kept_of(key), endings_of(key)
    if endings:
        names, _ = QFileDialog.getOpenFileNames(view, "Import", "", f"Data ({endings})")
        paths = [Path(name) for name in names]
        import_files(editor, paths, (place.x(), place.y()), partial(ask_columns, view))
        return True
    if layer is not None:

        def take(layer: Layer, graph: Graph) -> None:
            with room_for_new(view.canvas, "" if wire is None else f"Insert {layer.name}"):
                add_piece(editor, graph, place, links, wire, together=layer.together)
            show_cards(view, editor.selection)

        where = view.mapFromScene(place)
        overlays.layer_form.open_at(where, layer, given_by(editor, links), take)
        return True
    if kept is None:
        return False
    try:
        piece = editor.library.read(kept)
    except FileError as problem:
        editor.refused.emit(str(problem))
        return True
    with room_for_new(view.canvas, "" if wire is None else f"Insert {kept}"):
        add_piece(editor, piece, place, links, wire)
    show_cards(view, editor.selection)
    return True


def given_by(editor: Editor, links: Links) -> tuple[str, Shape] | None:
    """The name and shape of what comes by a wire that was let go."""
    given = value_of(editor, links[0]) if links else None
    return None if given is None else (editor.graph.node(links[0].node).name, given.shape)


def add_piece(
    editor: Editor,
    piece: Graph,
    place: QPointF,
    links: Links = (),
    wire: Wire | None = None,
    *,
    together: bool = False,
) -> bool:
    """Put a piece in at a place as one undoable step, wired to what was let go, and select it."""
    graph = editor.graph
    outer = [g for g in piece.groups.values() if g.parent is None]
    for group in outer:
        piece.groups_by_id[group.id] = group.changed(name=free_label(graph, group.name))
    link = links[0] if links else None
    x, y = corner(editor, place, link)
    if len(outer) == 1 and outer[0].collapsed:
        columns, rows = zip(*(n.position for n in piece.nodes.values()), strict=True)
        x, y = x - (max(columns) - min(columns)) / 2, y - (max(rows) - min(rows)) / 2
    before, groups = set(graph.nodes), set(graph.groups)
    name = outer[0].name if outer else compose.counted(piece.nodes)
    editor.stack.beginMacro(f"Add {name}")
    done = editor.perform(pieces.insert(graph, piece, (round(x), round(y))), f"Add {name}")
    made = [g for i, g in graph.groups.items() if i not in groups and g.parent is None]
    if done and links and made:
        wire_to(editor, made[0].id, links, together=together)
        if wire is not None:
            onward = Plug(wire.target, wire.port, False)
            wire_to(editor, made[0].id, (onward,), together=False)
    added = set(graph.nodes) - before
    move_apart(editor, added)
    editor.stack.endMacro()
    if done:
        editor.select(added)
    return done


def wire_to(editor: Editor, group_id: str, links: Links, *, together: bool) -> None:
    """Wire a new group to what was let go: its first input, or all of them, or its first output."""
    found = border_of(editor.graph, group_id)
    if not links[0].output:
        source, output = found.outputs[0]
        ends = [(plug.node, plug.port) for plug in links]
    else:
        source, output = links[0].node, links[0].port
        inputs = found.inputs if together else found.inputs[:1]
        ends = [end for _, open_ends in inputs for end in open_ends]
    for target, port in ends:
        if not lay(editor, Wire(source, target, port, output)):
            return
