"""A graph drawn by the canvas with no window: what `gradviz render` and Export write."""

from collections.abc import Callable
from pathlib import Path

from gradviz.export import Look
from gradviz.graph import Graph

from . import theme
from .app import application
from .canvas.picture import save_picture
from .editor import Editor
from .film import film_of, go_to_step, series_of, words
from .theme import ThemeName


def write_picture(graph: Graph, path: Path, look: Look) -> None:
    """Write the graph as SVG or PNG, after some steps of its backward pass.

    Raises:
        ValueError: there is no such step.
        OSError: the file cannot be written.
    """
    editor = shown(graph, look)
    if look.step is not None:
        go_to_step(editor, look.step)
    save_picture(editor, path, words(editor) if look.step is not None and look.sentence else "")
    editor.deleteLater()


def write_series(graph: Graph, path_of: Callable[[int, int], Path], look: Look) -> None:
    """Write a picture of every moment of the backward pass, alike in size.

    `path_of` gives the file of a moment, from its number and the last one's. Raises as
    `write_picture` does.
    """
    editor = shown(graph, look)
    series_of(editor, path_of, look)
    editor.deleteLater()


def write_film(graph: Graph, path: Path, look: Look) -> None:
    """Write the backward pass as an animation: GIF, or MP4 with H.264.

    Raises:
        ValueError: there is no pass.
        ImportError: imageio, or its ffmpeg, is missing.
        OSError: the file cannot be written.
    """
    editor = shown(graph, look)
    film_of(editor, path, look)
    editor.deleteLater()


def shown(graph: Graph, look: Look) -> Editor:
    """An editor with the graph, in the wanted theme."""
    name: ThemeName = "dark" if look.theme == "dark" else "light"
    theme.apply(application(["gradviz"]), name)
    editor = Editor()
    editor.show_graph(graph)
    return editor
