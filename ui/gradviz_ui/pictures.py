"""A graph drawn by the canvas with no window: what `gradviz render` writes."""

from pathlib import Path

from gradviz.graph import Graph

from . import theme
from .app import application
from .canvas.picture import save_picture
from .editor import Editor
from .theme import ThemeName


def write_picture(graph: Graph, path: Path, step: int | None, theme_name: ThemeName) -> None:
    """Write the graph as SVG or PNG, after `step` steps of its backward pass.

    Raises:
        ValueError: there is no such step.
        OSError: the file cannot be written.
    """
    theme.apply(application(["gradviz"]), theme_name)
    editor = Editor()
    editor.show_graph(graph)
    if step is not None:
        go_to_step(editor, step)
    save_picture(editor, path)
    editor.deleteLater()


def go_to_step(editor: Editor, step: int) -> None:
    """Bring the backward pass to a step, or say why that cannot be."""
    editor.set_workspace("backward")
    if editor.walk is None:
        raise ValueError(editor.walk_problem)
    if not 0 <= step <= len(editor.walk):
        raise ValueError(f"the backward pass has {len(editor.walk)} steps, so no step {step}")
    editor.set_moment(step)
