"""The actions of the menus View, Go and Help."""

from typing import Final

from .. import bookmark_actions as marks
from .. import file_actions as file
from .. import view_actions as view
from .action import Action

VIEW: Final[tuple[Action, ...]] = (
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
    Action("motion", "Reduced Motion", "View", view.toggle_motion, checked=view.is_still,
           words="animation accessibility still calm"),
    Action(
        "palette", "Command Palette", "View", view.open_palette, "command",
        ("Ctrl+K", "Ctrl+Shift+P"), words="search actions commands",
    ),
)  # fmt: skip

GO: Final[tuple[Action, ...]] = (
    Action(
        "find", "Find…", "Go", view.find, "search", ("Ctrl+F",), when=file.has_nodes,
        words="search node name value shape operation go to",
    ),
    Action("find_next", "Find Next", "Go", view.find_next, "", ("F3",), when=file.has_nodes),
    Action(
        "find_previous", "Find Previous", "Go", view.find_previous, "", ("Shift+F3",),
        when=file.has_nodes,
    ),
    Action(
        "next_problem", "Next Problem", "Go", view.next_problem, "", ("F8",),
        when=view.has_problems, gap=True, words="error warning go to fix",
    ),
    Action(
        "previous_problem", "Previous Problem", "Go", view.previous_problem, "", ("Shift+F8",),
        when=view.has_problems, words="error warning go to fix",
    ),
    Action(
        "fix", "Apply the First Fix", "Go", view.apply_fix, "check", ("Ctrl+.",),
        when=view.has_fix, words="error warning problem quick repair transpose cast reshape",
    ),
    Action(
        "to_input", "To Its Input", "Go", view.along("left"), "", ("Alt+Left",),
        when=file.has_nodes, gap=True, words="along wire go read focus", place="canvas",
    ),
    Action(
        "to_reader", "To What Reads It", "Go", view.along("right"), "", ("Alt+Right",),
        when=file.has_nodes, words="along wire go output focus", place="canvas",
    ),
    Action(
        "next_input", "To the Next Input Beside It", "Go", view.along("next"), "",
        ("Alt+Shift+Down",), when=file.has_nodes, words="along wire go sibling focus",
        place="canvas",
    ),
    Action(
        "previous_input", "To the Input Before It", "Go", view.along("previous"), "",
        ("Alt+Shift+Up",), when=file.has_nodes, words="along wire go sibling focus",
        place="canvas",
    ),
    Action("next_panel", "Next Panel", "Go", view.panel(1), "", ("F6",), when=file.is_open,
           gap=True, words="focus keyboard go pane"),
    Action("previous_panel", "Previous Panel", "Go", view.panel(-1), "", ("Shift+F6",),
           when=file.is_open, words="focus keyboard go pane"),
    Action("next_document", "Next Document", "Go", file.next_document, "",
           ("Ctrl+Tab", "Ctrl+PgDown"), when=file.has_several, words="tab switch"),
    Action("previous_document", "Previous Document", "Go", file.previous_document, "",
           ("Ctrl+Shift+Tab", "Ctrl+PgUp"), when=file.has_several, words="tab switch"),
    Action("bookmark", "Views…", "Go", marks.bookmark, "", ("Ctrl+Alt+B",), when=file.has_nodes,
           gap=True, words="bookmark name this view place list"),
    *(
        Action(f"view_{n}", f"To View {n}", "Go", marks.go_to(n), "", (f"Alt+{n}",),
               when=marks.has_bookmark(n), words="bookmark place")
        for n in marks.NUMBERED
    ),
)  # fmt: skip

HELP: Final[tuple[Action, ...]] = (
    Action("shortcuts", "Keyboard Shortcuts", "Help", view.show_shortcuts, "help", ("F1",),
           words="keys help"),
    Action("about", "About GradViz", "Help", view.show_about, "info", words="version"),
)  # fmt: skip
