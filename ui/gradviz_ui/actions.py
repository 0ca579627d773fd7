"""Every action as data: menus, buttons, shortcuts, the command palette and help read this table.

An action is one entry here and one function that takes the window.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from PySide6.QtGui import QKeySequence

from . import arrange_actions as arrange
from . import edit_actions as edit
from . import file_actions as file
from . import group_actions as groups
from . import group_steps
from . import race_actions as race
from . import step_actions as steps
from . import view_actions as view

if TYPE_CHECKING:
    from .main_window import MainWindow

Menu = Literal["File", "Edit", "Arrange", "View", "Steps", "Help"]
MENUS: Final[tuple[Menu, ...]] = ("File", "Edit", "Arrange", "View", "Steps", "Help")

Pointed = Literal["canvas", "node", "wire"]


def always(window: "MainWindow") -> bool:
    """Nothing stands in the way."""
    return True


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a person can ask for.

    `keys`: in Qt's portable writing; the first is the one shown. `place`: where they act; keys
    of the canvas mean something else in a text field or a table. `gap`: the menu draws a line
    before it. `checked`: whether it shows as on. `words`: more words by which it is found.
    `about`: what a click with the right button must be on for it to be offered there.
    """

    id: str
    text: str
    menu: Menu
    run: Callable[["MainWindow"], None]
    icon: str = ""
    keys: tuple[str, ...] = ()
    when: Callable[["MainWindow"], bool] = always
    checked: Callable[["MainWindow"], bool] | None = None
    gap: bool = False
    place: Literal["window", "canvas"] = "window"
    words: str = ""
    about: tuple[Pointed, ...] = ()

    @property
    def sequences(self) -> list[QKeySequence]:
        """Its shortcuts."""
        return [QKeySequence(key) for key in self.keys]


ACTIONS: Final[tuple[Action, ...]] = (
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
    Action("quit", "Quit", "File", file.leave, "", ("Ctrl+Q",), gap=True, words="exit close"),
    Action("undo", "Undo", "Edit", edit.undo, "undo", ("Ctrl+Z",), when=edit.can_undo),
    Action(
        "redo", "Redo", "Edit", edit.redo, "redo", ("Ctrl+Shift+Z", "Ctrl+Y"), when=edit.can_redo,
    ),
    Action(
        "cut", "Cut", "Edit", edit.cut, "", ("Ctrl+X",),
        when=edit.has_selection, gap=True, place="canvas", about=("node",),
    ),
    Action(
        "copy", "Copy", "Edit", edit.copy, "copy", ("Ctrl+C",),
        when=edit.has_selection, place="canvas", about=("node",),
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
        when=edit.has_selection, place="canvas", about=("node",),
    ),
    Action(
        "delete", "Delete", "Edit", edit.delete, "delete", ("Del", "Backspace"),
        when=edit.has_selection, words="remove", place="canvas", about=("node",),
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
        "group", "Group", "Edit", groups.group, "group", ("Ctrl+G",), when=edit.has_selection,
        gap=True, words="frame module collect name", place="canvas", about=("node",),
    ),
    Action(
        "ungroup", "Ungroup", "Edit", groups.ungroup, "", ("Ctrl+Shift+G",),
        when=groups.has_group, words="dissolve", place="canvas", about=("node",),
    ),
    Action(
        "fold", "Collapse or Expand Group", "Edit", groups.fold, "", ("Ctrl+E",),
        when=groups.has_group, words="fold open close enter card", place="canvas",
        about=("node",),
    ),
    Action(
        "name_group", "Rename Group", "Edit", groups.rename, "", when=groups.has_one_group,
        words="title", about=("node",),
    ),
    Action(
        "take_out", "Take Out of Group", "Edit", groups.take_out, "", when=groups.in_group,
        words="remove member", about=("node",),
    ),
    Action(
        "output", "Use as Output", "Edit", edit.use_as_output, "target",
        when=edit.has_one_selected, words="result loss backward start", gap=True, about=("node",),
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
    Action(
        "tidy", "Tidy Up", "Arrange", view.tidy, "tidy", ("Ctrl+T",), when=file.has_nodes,
        words="layout arrange", about=("canvas",),
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
    Action(
        "build", "Build", "View", view.show_build, "", ("Ctrl+1",), when=file.is_open,
        checked=view.in_build, words="workspace",
    ),
    Action(
        "backward", "Backward", "View", view.show_backward, "", ("Ctrl+2",), when=file.is_open,
        checked=view.in_backward, words="workspace gradients",
    ),
    Action(
        "descend", "Descend", "View", view.show_descend, "", ("Ctrl+3",), when=file.is_open,
        checked=view.in_descend, words="workspace optimizer",
    ),
    Action(
        "sweep", "Sweep a Setting", "View", view.compare("sweep"), when=file.is_open,
        words="descend learning rate range fan compare runners",
    ),
    Action(
        "phase_map", "Phase Map", "View", view.compare("phase"), when=file.is_open,
        words="descend two settings learning rate momentum converged diverged",
    ),
    Action(
        "basins", "Basins of Attraction", "View", view.compare("basins"), when=file.is_open,
        words="descend minima saddle critical points",
    ),
    Action("plan", "View Plan", "View", view.show_plan, when=file.is_open),
    Action(
        "problems", "Problems", "View", view.show_problems, "warning", ("Ctrl+Shift+M",),
        when=file.is_open, gap=True, words="errors warnings fixes advice",
    ),
    Action(
        "next_problem", "Next Problem", "View", view.next_problem, "", ("F8",),
        when=view.has_problems, words="error warning go to fix",
    ),
    Action(
        "previous_problem", "Previous Problem", "View", view.previous_problem, "", ("Shift+F8",),
        when=view.has_problems, words="error warning go to fix",
    ),
    Action(
        "find", "Find…", "View", view.find, "search", ("Ctrl+F",), when=file.has_nodes, gap=True,
        words="search node name value shape operation go to",
    ),
    Action("find_next", "Find Next", "View", view.find_next, "", ("F3",), when=file.has_nodes),
    Action(
        "find_previous", "Find Previous", "View", view.find_previous, "", ("Shift+F3",),
        when=file.has_nodes,
    ),
    Action(
        "fit", "Fit Graph", "View", view.fit, "fit", ("Ctrl+0",), when=file.has_nodes,
        gap=True, words="zoom whole everything", about=("canvas",),
    ),
    Action("zoom_in", "Zoom In", "View", view.zoom_in, "zoom-in", ("Ctrl++", "Ctrl+="),
           when=file.is_open),
    Action("zoom_out", "Zoom Out", "View", view.zoom_out, "zoom-out", ("Ctrl+-",),
           when=file.is_open),
    Action(
        "theme", "Dark Theme", "View", view.toggle_theme, "theme", ("Ctrl+Shift+L",),
        checked=view.is_dark, gap=True, words="light colours night",
    ),
    Action(
        "palette", "Command Palette", "View", view.open_palette, "command",
        ("Ctrl+K", "Ctrl+Shift+P"), words="search actions commands",
    ),
    Action(
        "first", "To the Start", "Steps", steps.first, "first", ("Home",), when=steps.can_go_back,
    ),
    Action("back", "Step Back", "Steps", steps.back, "back", ("Left",), when=steps.can_go_back),
    Action("step", "Step", "Steps", steps.step, "step", ("Right",), when=steps.can_go_on,
           words="forward next gradient backward descend"),
    Action("play", "Play or Pause", "Steps", steps.play, "play", ("Space",), when=steps.has_steps,
           words="animate run backward descend"),
    Action("last", "To the End", "Steps", steps.last, "last", ("End",), when=steps.can_go_on),
    Action("add_runner", "Add a Runner", "Steps", race.add_runner, "plus", when=race.is_racing,
           gap=True, words="optimizer race descend"),
    Action("branch_runner", "Branch the Runner Here", "Steps", race.branch_runner,
           when=race.is_racing, words="fork from this step descend"),
    Action("reset_race", "Reset the Race", "Steps", race.reset_race, when=race.is_racing,
           words="rewind start descend"),
    Action(
        "forward", "Forward Pass", "Steps", steps.turn, "", ("D",), when=view.in_backward,
        checked=steps.is_forward, gap=True, words="direction values evaluate backward switch",
    ),
    Action(
        "tangents", "Forward Mode (Tangents)", "Steps", steps.push_tangents, "", ("Shift+D",),
        when=view.in_backward, checked=steps.is_tangential, words="jvp dual direction switch",
    ),
    Action(
        "go_to_selected", "To the Selected Node’s Step", "Steps", steps.go_to_selected, "target",
        ("G",), when=steps.has_own_step, gap=True, words="jump go step backward", about=("node",),
    ),
    Action(
        "over_group", "Step Over Group", "Steps", group_steps.over, "", ("Shift+Right",),
        when=group_steps.can_go_over, words="jump behind leave collapsed",
    ),
    Action(
        "back_over_group", "Step Back Over Group", "Steps", group_steps.back_over, "",
        ("Shift+Left",), when=group_steps.can_go_back_over, words="jump before enter collapsed",
    ),
    Action(
        "into_group", "Step Into Group", "Steps", group_steps.into, "", ("I",),
        when=group_steps.can_go_into, words="expand enter collapsed open",
    ),
    Action(
        "run_on", "Run to the Next Stop", "Steps", steps.run_on, "run-on", ("Ctrl+Right",),
        when=steps.can_run_on, words="continue breakpoint condition",
    ),
    Action(
        "run_back", "Run Back to the Previous Stop", "Steps", steps.run_back, "run-back",
        ("Ctrl+Left",), when=steps.can_run_back, words="reverse breakpoint condition",
    ),
    Action(
        "next_sum", "Run to the Next Accumulation", "Steps", steps.next_sum, "sum", ("A",),
        when=steps.can_sum_on, words="sum add fan-out",
    ),
    Action(
        "previous_sum", "Run Back to the Previous Accumulation", "Steps", steps.previous_sum, "",
        ("Shift+A",), when=steps.can_sum_back, words="sum add fan-out",
    ),
    Action(
        "sizes", "Gradient Sizes on Wires", "Steps", steps.toggle_sizes, "", ("O",),
        when=steps.walking, checked=steps.by_size,
        words="overlay magnitude vanishing exploding width legend",
    ),
    Action(
        "pin", "Pin This Pass", "Steps", steps.pin, "", ("Ctrl+P",), when=steps.walking,
        words="compare difference before after",
    ),
    Action(
        "differentiate", "Differentiate", "Steps", steps.differentiate, "formula",
        ("Ctrl+Shift+D",), when=steps.walking,
        words="gradient graph derivative backward pass document second order",
    ),
    Action(
        "predict", "Predict First", "Steps", steps.predict, "", ("P",), when=steps.walking,
        checked=steps.is_predicting, words="guess quiz exercise hide next contribution",
    ),
    Action(
        "start_here", "Start Backward Here", "Steps", steps.start_here, "target",
        when=edit.has_one_selected, gap=True, words="output seed from gradient loss",
        about=("node",),
    ),
    Action(
        "again", "Backward Again", "Steps", steps.again, "loop", ("Ctrl+Return",),
        when=steps.walking, words="accumulate repeat second call",
    ),
    Action(
        "zero_grad", "zero_grad", "Steps", steps.zero_grad, "", ("Shift+Z",),
        when=steps.has_earlier, words="reset clear empty gradients",
    ),
    Action(
        "breakpoint", "Breakpoint", "Steps", steps.toggle_breakpoint, "breakpoint", ("B",),
        when=steps.can_mark, checked=steps.is_marked, gap=True, words="stop mark halt",
        about=("node",),
    ),
    Action(
        "add_stop", "Stop When…", "Steps", steps.add_stop, "", ("Ctrl+B",), when=steps.stepping,
        words="condition breakpoint nan inf gradient changes",
    ),
    Action(
        "clear_stops", "Remove All Stops", "Steps", steps.clear_stops, "", ("Shift+B",),
        when=steps.has_stops, words="breakpoints conditions clear",
    ),
    Action("shortcuts", "Keyboard Shortcuts", "Help", view.show_shortcuts, "help", ("F1",),
           words="keys help"),
    Action("about", "About GradViz", "Help", view.show_about, "info", words="version"),
)  # fmt: skip

TOOLBAR: Final = ("new", "samples", "undo")
"""The buttons between the wordmark and the formula."""
AFTER_FORMULA: Final = ("palette", "theme")
"""The buttons at the right end of the top bar."""


def action_named(name: str) -> Action:
    """The entry with that id; KeyError where there is none."""
    for action in ACTIONS:
        if action.id == name:
            return action
    raise KeyError(name)
