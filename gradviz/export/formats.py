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
from gradviz.graph import Graph


class ExportError(ValueError):
    """Why a graph cannot be drawn as asked, in plain words."""


@dataclass(frozen=True, slots=True)
class Look:
    """What to show: the state after so many steps of the backward pass (None: values alone)."""

    step: int | None = None
    theme: str = "light"


@dataclass(frozen=True, slots=True)
class Exporter:
    """One form: what it is called, and how a graph is written to a file in it.

    ``write`` may raise :class:`ExportError`, OSError, and ImportError where the app is needed
    and its libraries are missing.
    """

    title: str
    write: Callable[[Graph, Path, Look], None]


def draw(graph: Graph, path: Path, look: Look) -> None:
    """Have the app's canvas draw the graph, on no screen."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    pictures: Any = importlib.import_module(f"{APP}.pictures")
    pictures.write_picture(graph, path, look.step, look.theme)


def as_text(make: Callable[[Graph], str]) -> Callable[[Graph, Path, Look], None]:
    """A form that is text, and knows neither steps nor themes."""

    def write(graph: Graph, path: Path, look: Look) -> None:
        if look.step is not None:
            raise ExportError(f"a {path.suffix} file shows no steps; .svg and .png do")
        path.write_text(make(graph), encoding="utf-8")

    return write


EXPORTERS: Mapping[str, Exporter] = {
    ".svg": Exporter("Scalable picture", draw),
    ".png": Exporter("Picture", draw),
    ".dot": Exporter("Graphviz graph", as_text(dot)),
    ".mmd": Exporter("Mermaid diagram", as_text(mermaid)),
}
