"""What the actions of the View and Help menus do."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMessageBox

import gradviz
from gradviz.graph.findings import Fix

from . import panels, theme
from .canvas.keys import step
from .canvas.moving import with_contents
from .motion import motion

if TYPE_CHECKING:
    from .main_window import MainWindow


def in_build(window: "MainWindow") -> bool:
    """Whether Build is in front."""
    return window.shows("build")


def in_backward(window: "MainWindow") -> bool:
    """Whether Backward is in front."""
    return window.shows("backward")


def in_descend(window: "MainWindow") -> bool:
    """Whether Descend is in front."""
    return window.shows("descend")


def show_build(window: "MainWindow") -> None:
    """Bring Build to the front."""
    window.show_workspace("build")


def show_backward(window: "MainWindow") -> None:
    """Bring Backward to the front."""
    window.show_workspace("backward")


def show_descend(window: "MainWindow") -> None:
    """Bring Descend to the front."""
    window.show_workspace("descend")


def compare(view: str) -> Callable[["MainWindow"], None]:
    """What turns Descend to one of its views, by key."""

    def show(window: "MainWindow") -> None:
        window.show_workspace("descend")
        if window.descend is not None:
            window.descend.centre.show_view(view)

    return show


def show_plan(window: "MainWindow") -> None:
    """Show the program that the document is compiled to."""
    if in_backward(window):
        window.show_workspace("build")
    window.workspaces.show_dock("plan")


def show_problems(window: "MainWindow") -> None:
    """Bring the list of problems to the front; in Build where the workspace has none."""
    window.editor.advice.refresh()
    if not window.workspaces.show_dock("problems"):
        window.show_workspace("build")
        window.workspaces.show_dock("problems")


def has_problems(window: "MainWindow") -> bool:
    """Whether anything is wrong, or probably is, with the document in front."""
    return not window.welcoming and bool(window.editor.advice.all)


def find(window: "MainWindow") -> None:
    """Search for a node, starting from what was last typed."""
    window.finder.open(window.finder.typed)


def find_next(window: "MainWindow") -> None:
    """Go to the next node that fits what was last searched for."""
    window.finder.step(1)


def find_previous(window: "MainWindow") -> None:
    """Go to the one before."""
    window.finder.step(-1)


def next_problem(window: "MainWindow") -> None:
    """Go to the next node that something is wrong with, round and round."""
    go_to_problem(window, 1)


def previous_problem(window: "MainWindow") -> None:
    """Go to the one before."""
    go_to_problem(window, -1)


def go_to_problem(window: "MainWindow", by: int) -> None:
    """Go so many problems on from the selected one; to the first where none is selected."""
    editor = window.editor
    show_problems(window)
    nodes = list(dict.fromkeys(finding.node for finding in editor.advice.all))
    if not nodes:
        return
    here = [place for place, node in enumerate(nodes) if node in editor.selection]
    start = here[0] if here else (-1 if by > 0 else 0)
    editor.go_to(nodes[(start + by) % len(nodes)])


def offered_fixes(window: "MainWindow") -> list[Fix]:
    """The ways out of what is found wrong with the one selected node."""
    editor = window.editor
    if window.welcoming or len(editor.selection) != 1:
        return []
    return [fix for found in editor.advice.about(min(editor.selection)) for fix in found.fixes]


def has_fix(window: "MainWindow") -> bool:
    """Whether any is offered."""
    return bool(offered_fixes(window))


def apply_fix(window: "MainWindow") -> None:
    """Carry out the first fix that is offered."""
    window.editor.advice.refresh()
    for fix in offered_fixes(window)[:1]:
        window.editor.advice.apply(fix)


def panel(by: int) -> Callable[["MainWindow"], None]:
    """What brings the focus so many panels on."""

    def turn(window: "MainWindow") -> None:
        panels.go(window, by)

    return turn


def along(way: str) -> Callable[["MainWindow"], None]:
    """What goes along a wire from the selected node: left, right, next or previous."""

    def go(window: "MainWindow") -> None:
        step(window.canvas, way)

    return go


def fit(window: "MainWindow") -> None:
    """Show the whole graph."""
    window.canvas.fit()


def zoom_in(window: "MainWindow") -> None:
    """Show less of the graph, larger."""
    window.canvas.zoom_in()


def zoom_out(window: "MainWindow") -> None:
    """Show more of the graph, smaller."""
    window.canvas.zoom_out()


def tidy(window: "MainWindow") -> None:
    """Lay the graph out the way its wires run."""
    window.canvas.tidy()


def tidy_selection(window: "MainWindow") -> None:
    """Lay out what is selected, and what lies in the frames that are."""
    editor, scene = window.editor, window.canvas.canvas
    nodes, _ = with_contents(scene, set(editor.selection), set(editor.boxes.ids))
    window.canvas.tidy(nodes)


def runs_down(window: "MainWindow") -> bool:
    """Whether wires run from the top down."""
    return window.editor.graph.settings.flow == "down"


def toggle_flow(window: "MainWindow") -> None:
    """Have wires run the other way, down or to the right, and lay the graph out so."""
    window.canvas.run_wires("right" if runs_down(window) else "down")


def is_dark(window: "MainWindow") -> bool:
    """Whether the dark theme is in use."""
    return theme.current().dark


def toggle_theme(window: "MainWindow") -> None:
    """Use the other theme, and next time too."""
    theme.source().toggle()
    window.state.theme = theme.current().name


def is_still(window: "MainWindow") -> bool:
    """Whether nothing moves by itself."""
    return motion().reduced


def toggle_motion(window: "MainWindow") -> None:
    """Have nothing move by itself, or let it again, and next time too."""
    motion().choose(not motion().reduced)
    window.state.reduced_motion = motion().reduced


def open_palette(window: "MainWindow") -> None:
    """Open the list of every action."""
    window.open_palette()


def show_shortcuts(window: "MainWindow") -> None:
    """Show every shortcut."""
    window.open_shortcuts()


def show_about(window: "MainWindow") -> None:
    """Say what this is."""
    box = QMessageBox(window)
    box.setWindowTitle("About GradViz")
    box.setText(f"GradViz {gradviz.__version__}")
    box.setInformativeText(
        "Build an expression as a graph, walk backwards through its gradients, "
        "watch an optimizer use them."
    )
    box.open()
