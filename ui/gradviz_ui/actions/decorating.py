"""The actions on frames, notes, colours and the dots of wires, in the menu Arrange."""

from typing import Final

from .. import edit_actions as edit
from .. import file_actions as file
from .. import scenery_actions as scenery
from .action import Action

DECORATE: Final[tuple[Action, ...]] = (
    Action(
        "add_frame", "Frame", "Arrange", scenery.add_frame, "frame", ("Shift+F",),
        when=edit.can_edit, gap=True, words="comment box title section around selection region",
        place="canvas", about=("canvas", "node"),
    ),
    Action(
        "add_note", "Note…", "Arrange", scenery.add_note, "note", ("N",), when=edit.can_edit,
        words="comment text markdown latex formula write sticky", place="canvas",
        about=("canvas",),
    ),
    Action(
        "edit_box", "Edit Note or Title", "Arrange", scenery.edit_box, "edit",
        when=scenery.has_one_box, words="frame rename text", about=("box",),
    ),
    Action(
        "next_box", "To the Next Frame or Note", "Arrange", scenery.next_box, "", ("Shift+N",),
        when=scenery.has_boxes, words="go select focus comment", place="canvas",
    ),
    Action(
        "colour", "Colour…", "Arrange", scenery.choose_colour, "", ("C",),
        when=edit.has_anything, words="color paint highlight tint node frame note",
        place="canvas", about=("node", "box"),
    ),
    Action(
        "add_dot", "Add Reroute Dot", "Arrange", scenery.put_dots, "", ("R",),
        when=scenery.has_wires, gap=True, words="waypoint wire bend knot reroute",
        place="canvas", about=("wire",),
    ),
    Action(
        "straighten", "Remove Reroute Dots", "Arrange", scenery.straighten, "", ("Shift+R",),
        when=scenery.has_dots, words="straighten wire waypoint", place="canvas",
        about=("wire",),
    ),
    Action(
        "grid", "Snap to Grid", "Arrange", scenery.toggle_grid, when=file.is_open,
        checked=scenery.is_on_grid, gap=True, words="guides align drag dots",
    ),
)  # fmt: skip
