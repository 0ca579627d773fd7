"""The forms a graph can be written in; a new one is one entry here.

The command line and the app's Export offer what stands in ``EXPORTERS``.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradviz.bundled import APP
from gradviz.export.dot import dot
from gradviz.export.mermaid import mermaid
from gradviz.export.tikz import tikz
from gradviz.graph import Graph

STEP = "{step}"
"""In a picture's name: write one for each moment of the backward pass, numbered there."""


class ExportError(ValueError):
    """Why a graph cannot be drawn as asked, in plain words."""


def always(_: int, __: int) -> bool:
    """Go on, however far it is."""
    return True


@dataclass(frozen=True, slots=True)
class Look:
    """What to show: the state after so many steps of the backward pass (None: values alone).

    ``sentence``: whether a step is explained in words below. ``seconds``: how long each step of
    an animation stands. ``progress`` is told how many of how many pictures are done, and answers
    whether to go on.
    """

    step: int | None = None
    theme: str = "light"
    sentence: bool = False
    seconds: float = 1.2
    progress: Callable[[int, int], bool] = always


@dataclass(frozen=True, slots=True)
class Exporter:
    """One form: what it is called, and how a graph is written to a file in it.

    ``write`` may raise :class:`ExportError`, OSError, and ImportError where the app is needed
    and its libraries are missing. ``series``: writes every moment of the pass as a file of its
    own, where the form can; ``moving``: whether one file shows them all.
    """

    title: str
    write: Callable[[Graph, Path, Look], None]
    series: Callable[[Graph, Path, Look], None] | None = None
    moving: bool = False


def app_pictures() -> Any:
    """The app's own drawing, on no screen."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return importlib.import_module(f"{APP}.pictures")


def app_figures() -> Any:
    """The app's way to turn a figure of the engine's into pixels or a page, on no screen."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return importlib.import_module(f"{APP}.figure")


def draw(graph: Graph, path: Path, look: Look) -> None:
    """Have the app's canvas draw the graph."""
    app_pictures().write_picture(graph, path, look)


def draw_series(graph: Graph, path: Path, look: Look) -> None:
    """Have the app's canvas draw every moment of the backward pass, numbered."""
    app_pictures().write_series(graph, numbered(path), look)


def numbered(path: Path) -> Callable[[int, int], Path]:
    """The file of each moment of a pass, by its number and the last one's."""

    def path_of(moment: int, last: int) -> Path:
        number = str(moment).rjust(len(str(last)), "0")
        return path.with_name(path.name.replace(STEP, number))

    return path_of


def film(graph: Graph, path: Path, look: Look) -> None:
    """Have the app's canvas draw the backward pass as an animation."""
    if look.step is not None:
        raise ExportError(f"a {path.suffix} file shows every step; leave out which one")
    if not 0.1 <= look.seconds <= 60:
        raise ExportError(f"{look.seconds:g} seconds a step: give from 0.1 to 60")
    try:
        app_pictures().write_film(graph, path, look)
    except ImportError as problem:
        if not (problem.name or "").startswith(("imageio", "PIL")):
            raise
        raise ExportError(
            f"a {path.suffix} file needs imageio and its ffmpeg: pip install 'gradviz[movies]'"
        ) from problem


def as_text(make: Callable[[Graph], str]) -> Callable[[Graph, Path, Look], None]:
    """A form that is text, and knows neither steps nor themes."""

    def write(graph: Graph, path: Path, look: Look) -> None:
        if look.step is not None:
            raise ExportError(f"a {path.suffix} file shows no steps; .svg, .pdf and .tex do")
        path.write_text(make(graph), encoding="utf-8")

    return write


def write_tikz(graph: Graph, path: Path, look: Look) -> None:
    """TikZ knows steps and themes."""
    path.write_text(tikz(graph, look.step, look.theme), encoding="utf-8")


EXPORTERS: Mapping[str, Exporter] = {
    ".svg": Exporter("Scalable picture", draw, draw_series),
    ".png": Exporter("Picture", draw, draw_series),
    ".pdf": Exporter("Page", draw, draw_series),
    ".tex": Exporter("TikZ figure", write_tikz),
    ".gif": Exporter("Animation of the backward pass", film, moving=True),
    ".mp4": Exporter("Video of the backward pass", film, moving=True),
    ".dot": Exporter("Graphviz graph", as_text(dot)),
    ".mmd": Exporter("Mermaid diagram", as_text(mermaid)),
}


def export(graph: Graph, path: Path, look: Look) -> None:
    """Write a graph in the form that a file's ending asks for.

    A ``{step}`` in the name stands for a picture of every moment of the backward pass. Raises
    :class:`ExportError` where there is no such form, and what :class:`Exporter` says.
    """
    exporter = EXPORTERS.get(path.suffix.lower())
    if exporter is None:
        raise ExportError(f"{path.name}: the name should end with one of {', '.join(EXPORTERS)}")
    if STEP not in path.name:
        exporter.write(graph, path, look)
        return
    if exporter.series is None:
        raise ExportError(f"{path.name}: pictures of every step are .svg, .png or .pdf")
    if look.step is not None:
        raise ExportError(f"{path.name} asks for every step, so leave out which one")
    exporter.series(graph, path, look)
