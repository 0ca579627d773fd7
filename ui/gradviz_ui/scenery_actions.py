"""What the actions on frames, notes, colours and dots of wires do."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from gradviz.graph import Wire, decorating
from gradviz.graph.scenery import COLOURS, boxes, dots

from .canvas import CanvasView, box_editing
from .canvas.box_gestures import add_dot
from .edit_actions import can_edit
from .swatches import colour_menu

if TYPE_CHECKING:
    from .main_window import MainWindow


def add_frame(window: "MainWindow") -> None:
    """Put a frame round what is selected, or where the canvas looks, and have it titled."""
    canvas = window.canvas
    seen = canvas.mapToScene(canvas.viewport().rect()).boundingRect()
    made = box_editing.add_frame(canvas.canvas, canvas.wanted_place(), seen)
    if made is not None:
        canvas.ensure_seen(canvas.canvas.scenery.items[made].handle())
        canvas.overlays.edit_box(made)


def add_note(window: "MainWindow") -> None:
    """Have a note typed near the pointer, or the middle of what is seen, over nothing."""
    box_editing.write_note(window.canvas, window.canvas.wanted_place())


def has_boxes(window: "MainWindow") -> bool:
    """Whether there is a frame or a note in sight of the canvas."""
    return can_edit(window) and bool(window.canvas.canvas.scenery.items)


def next_box(window: "MainWindow") -> None:
    """Select the next frame or note, round and round, and bring it into sight."""
    editor, items = window.editor, window.canvas.canvas.scenery.items
    ids = [i for i in boxes(editor.graph) if i in items]
    here = [place for place, i in enumerate(ids) if i in editor.boxes.ids]
    chosen = ids[(here[-1] + 1) % len(ids) if here else 0]
    editor.boxes.choose({chosen})
    window.canvas.ensure_seen(items[chosen].body())


def has_one_box(window: "MainWindow") -> bool:
    """Whether one frame or note is selected."""
    return can_edit(window) and len(window.editor.boxes.ids) == 1


def edit_box(window: "MainWindow") -> None:
    """Type another title or text of the selected frame or note."""
    window.canvas.overlays.edit_box(min(window.editor.boxes.ids))


# colours -----------------------------------------------------------------------------------------


def choose_colour(window: "MainWindow") -> None:
    """Open the colours beside what is selected."""
    editor, canvas = window.editor, window.canvas
    graph, chosen = editor.graph, editor.boxes.ids
    now = {graph.node(i).colour for i in editor.selection}
    now |= {decorating.box(graph, i).colour for i in chosen}
    bodies = [canvas.canvas.groups.card_of(i).body() for i in editor.selection]
    bodies += [canvas.canvas.scenery.items[i].handle() for i in chosen]
    room = canvas.viewport().rect().adjusted(8, 8, -8, -8)
    place = canvas.mapFromScene(bodies[0].bottomLeft())
    place.setX(min(max(place.x(), room.left()), room.right()))
    place.setY(min(max(place.y() + 4, room.top()), room.bottom()))

    def take(name: str) -> None:
        edit = decorating.colour(editor.graph, editor.selection, editor.boxes.ids, name)
        if edit.edits:
            editor.perform(edit)

    menu = colour_menu(canvas, COLOURS, now, take)
    menu.popup(canvas.viewport().mapToGlobal(place))


# dots of wires ---------------------------------------------------------------------------------


def meant_wires(window: "MainWindow") -> list[Wire]:
    """The wires a menu was asked for; else those among the selected nodes, or into them."""
    canvas, graph, chosen = window.canvas, window.editor.graph, window.editor.selection
    if canvas.aimed is not None and canvas.pointed:
        return [w for w in canvas.pointed if w in canvas.canvas.wires]
    into = [w for i in sorted(chosen) if i in graph.nodes for w in graph.inputs(i).values()]
    among = [w for w in into if w.source in chosen]
    return [w for w in among or into if w in canvas.canvas.wires]


def has_wires(window: "MainWindow") -> bool:
    """Whether there are wires to put dots on."""
    return can_edit(window) and bool(meant_wires(window))


def put_dots(window: "MainWindow") -> None:
    """Put a dot on each wire meant: where the menu was asked for, else half way."""
    canvas, wires = window.canvas, meant_wires(window)
    aimed = canvas.aimed if len(canvas.pointed) == 1 else None
    window.editor.stack.beginMacro("Add dots" if len(wires) > 1 else "Add a dot")
    for wire in wires:
        half = canvas.canvas.wires[wire].path.pointAtPercent(0.5)
        add_dot(canvas.canvas, wire, half if aimed is None else canvas.scene_point(QPointF(aimed)))
    window.editor.stack.endMacro()


def has_dots(window: "MainWindow") -> bool:
    """Whether any wire meant has dots."""
    graph = window.editor.graph
    return bool(graph.scenery) and any(dots(graph, wire) for wire in meant_wires(window))


def straighten(window: "MainWindow") -> None:
    """Take all dots of the wires meant away."""
    window.editor.perform(decorating.straighten(window.editor.graph, meant_wires(window)))


# dragging --------------------------------------------------------------------------------------


def is_on_grid(window: "MainWindow") -> bool:
    """Whether what is dragged goes to the dots of the ground."""
    return window.canvas.on_grid


def toggle_grid(window: "MainWindow") -> None:
    """Have what is dragged go to the dots of the ground, or no longer; next time too."""
    window.state.on_grid = wanted = not window.canvas.on_grid
    for canvas in window.findChildren(CanvasView):
        canvas.on_grid = wanted
