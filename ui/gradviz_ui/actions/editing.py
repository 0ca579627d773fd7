"""The actions of the menus File, Edit and Arrange."""

from typing import Final

from .. import arrange_actions as arrange
from .. import edit_actions as edit
from .. import file_actions as file
from .. import group_actions as groups
from .. import view_actions as view
from .action import Action

FILE: Final[tuple[Action, ...]] = (
    Action("new", "New", "File", file.new, "new", ("Ctrl+N",), words="empty document graph"),
    Action("open", "Open…", "File", file.open_file, "open", ("Ctrl+O",), words="load file"),
    Action(
        "samples", "Samples and Recent Files", "File", file.show_welcome, "library",
        ("Ctrl+Shift+O",), words="welcome start page examples open sample",
    ),
    Action(
        "save", "Save", "File", file.save, "save", ("Ctrl+S",), when=file.can_save, gap=True,
        words="write file",
    ),
    Action("save_as", "Save As…", "File", file.save_as, "", ("Ctrl+Shift+S",), when=file.is_open),
    Action(
        "import_data", "Import into Document…", "File", file.import_data, "import",
        ("Ctrl+Shift+I",), when=file.is_open, gap=True,
        words="data csv npy npz safetensors png image table insert graph",
    ),
    Action(
        "export_picture", "Export Picture…", "File", file.export_picture, "export",
        ("Ctrl+Shift+E",), when=file.has_nodes, words="svg png figure image",
    ),
    Action("close", "Close", "File", file.close, "close", ("Ctrl+W",), when=file.is_open, gap=True,
           words="document tab"),
    Action("quit", "Quit", "File", file.leave, "", ("Ctrl+Q",), words="exit close"),
)  # fmt: skip

EDIT: Final[tuple[Action, ...]] = (
    Action("undo", "Undo", "Edit", edit.undo, "undo", ("Ctrl+Z",), when=edit.can_undo),
    Action(
        "redo", "Redo", "Edit", edit.redo, "redo", ("Ctrl+Shift+Z", "Ctrl+Y"), when=edit.can_redo,
    ),
    Action(
        "cut", "Cut", "Edit", edit.cut, "", ("Ctrl+X",),
        when=edit.has_anything, gap=True, place="canvas", about=("node", "box"),
    ),
    Action(
        "copy", "Copy", "Edit", edit.copy, "copy", ("Ctrl+C",),
        when=edit.has_anything, place="canvas", about=("node", "box"),
    ),
    Action(
        "copy_value", "Copy Value", "Edit", edit.copy_value, "", when=edit.has_value,
        words="number tensor digits full precision", about=("node",),
    ),
    Action(
        "copy_gradient", "Copy Gradient", "Edit", edit.copy_gradient, "", when=edit.has_gradient,
        words="number tensor digits full precision", about=("node",),
    ),
    Action(
        "paste", "Paste", "Edit", edit.paste, "paste", ("Ctrl+V",),
        when=edit.can_edit, place="canvas", about=("canvas",),
    ),
    Action(
        "duplicate", "Duplicate", "Edit", edit.duplicate, "duplicate", ("Ctrl+D",),
        when=edit.has_anything, place="canvas", about=("node", "box"),
    ),
    Action(
        "delete", "Delete", "Edit", edit.delete, "delete", ("Del", "Backspace"),
        when=edit.has_anything, words="remove", place="canvas", about=("node", "box"),
    ),
    Action(
        "bridge", "Delete and Reconnect", "Edit", edit.delete_and_reconnect, "", ("Ctrl+Del",),
        when=edit.has_selection, words="remove bridge bypass", place="canvas", about=("node",),
    ),
    Action(
        "select_all", "Select All", "Edit", edit.select_all, "", ("Ctrl+A",), when=file.has_nodes,
        gap=True, place="canvas", about=("canvas",),
    ),
    Action(
        "rename", "Rename", "Edit", edit.rename, "edit", ("F2",),
        when=edit.can_rename, place="canvas", about=("node",),
    ),
    Action(
        "edit_value", "Edit Value", "Edit", edit.edit_value, "", when=edit.has_one_leaf,
        words="change number type", about=("node",),
    ),
    Action(
        "group", "Group", "Group", groups.group, "group", ("Ctrl+G",), when=edit.has_selection,
        gap=True, words="frame module collect name", place="canvas", about=("node",),
    ),
    Action(
        "ungroup", "Ungroup", "Group", groups.ungroup, "", ("Ctrl+Shift+G",),
        when=groups.has_group, words="dissolve", place="canvas", about=("node",),
    ),
    Action(
        "fold", "Collapse or Expand Group", "Group", groups.fold, "", ("Ctrl+E",),
        when=groups.has_group, words="fold open close card", place="canvas",
        about=("node",),
    ),
    Action(
        "enter_group", "Go Into Group", "Group", groups.enter, "", ("Alt+Down",),
        when=groups.has_one_group, words="open inside enter breadcrumb", place="canvas",
        about=("node",),
    ),
    Action(
        "leave_group", "Go Out of Group", "Group", groups.leave, "", ("Alt+Up",),
        when=groups.is_inside, words="leave up parent breadcrumb", place="canvas",
        about=("canvas",),
    ),
    Action(
        "group_ports", "Ports of Group…", "Group", groups.change_ports, "",
        when=groups.has_one_meant, words="expose hide name order inputs outputs border",
        about=("node", "canvas"),
    ),
    Action(
        "keep_group", "Keep in My Library", "Group", groups.keep, "library",
        when=groups.has_one_meant, words="save group reuse own personal template",
        about=("node",),
    ),
    Action(
        "select_alike", "Select Identical Groups", "Group", groups.select_alike, "",
        when=groups.has_alike, words="same structure equal copies", about=("node",),
    ),
    Action(
        "name_group", "Rename Group", "Group", groups.rename, "", when=groups.has_one_group,
        words="title", about=("node",),
    ),
    Action(
        "add_to_group", "Add to Group", "Group", groups.add_in, "", when=groups.has_addition,
        words="join member into", about=("node", "box"),
    ),
    Action(
        "take_out", "Take Out of Group", "Group", groups.take_out, "", when=groups.in_group,
        words="remove member", about=("node", "box"),
    ),
    Action(
        "output", "Use as Output", "Edit", edit.use_as_output, "target",
        when=edit.has_one_selected, words="result loss backward start", gap=True, about=("node",),
    ),
    Action(
        "requires_grad", "Requires a Gradient", "Edit", edit.toggle_grad, "", ("T",),
        when=edit.has_leaves, checked=edit.requires_grad, place="canvas",
        words="parameter constant trainable freeze leaf", about=("node",),
    ),
    Action(
        "watch", "Watch", "Edit", edit.watch, "eye", ("W",), when=edit.has_selection,
        checked=edit.is_watched, words="pin follow value probe monitor", place="canvas",
        about=("node",),
    ),
    Action(
        "add_operation", "Add Operation…", "Edit", edit.add_operation, "plus", ("Tab",),
        when=edit.can_edit, words="insert node search library", place="canvas",
        about=("canvas", "wire"),
    ),
    Action(
        "disconnect", "Disconnect", "Edit", edit.disconnect, "delete", when=edit.has_pointed,
        words="remove wire cut", about=("wire",),
    ),
    Action(
        "formula", "Edit Formula", "Edit", edit.edit_formula, "formula", ("Ctrl+L",),
        when=file.is_open, words="expression bar type",
    ),
)  # fmt: skip

ARRANGE: Final[tuple[Action, ...]] = (
    Action(
        "tidy", "Tidy Up", "Arrange", view.tidy, "tidy", ("Ctrl+T",), when=file.has_nodes,
        words="layout arrange", about=("canvas",),
    ),
    Action(
        "tidy_selection", "Tidy Selection", "Arrange", view.tidy_selection, "", ("Shift+T",),
        when=edit.has_anything, words="layout arrange part", place="canvas",
        about=("node", "box"),
    ),
    Action(
        "flow", "Top-Down Layout", "Arrange", view.toggle_flow, when=file.is_open,
        checked=view.runs_down, words="direction vertical horizontal left right wires flow",
    ),
    Action(
        "connect", "Connect", "Arrange", arrange.connect, "", ("J",), when=arrange.has_two,
        gap=True, words="wire join link chain selection", place="canvas", about=("node",),
    ),
    Action(
        "swap_inputs", "Swap Inputs", "Arrange", arrange.swap, "", ("X",), when=arrange.can_swap,
        words="exchange operands order", place="canvas", about=("node",),
    ),
    *(
        Action(
            f"align_{edge}", f"Align {words}", "Arrange", arrange.align(edge), "",
            (f"Ctrl+Alt+{key}",), when=arrange.has_two, gap=edge == "left",
            words="line up edge cards", place="canvas",
        )
        for edge, words, key in arrange.EDGES
    ),
    Action(
        "distribute_across", "Distribute Across", "Arrange", arrange.distribute("across"), "",
        ("Ctrl+Alt+H",), when=arrange.has_three, gap=True, words="space evenly gaps horizontally",
        place="canvas",
    ),
    Action(
        "distribute_down", "Distribute Down", "Arrange", arrange.distribute("down"), "",
        ("Ctrl+Alt+V",), when=arrange.has_three, words="space evenly gaps vertically",
        place="canvas",
    ),
)  # fmt: skip
