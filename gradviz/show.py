"""Opens the app on a graph or a tensor's tape, from a program, a notebook or a prompt.

The window is a process of its own, so neither waits for the other and neither can take the
other down.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from gradviz.display import has_display
from gradviz.files import save
from gradviz.graph import Graph
from gradviz.tensor import Tensor


def show(what: Tensor | Graph) -> subprocess.Popen[bytes]:
    """Open the app on a graph, or on all that a tensor was computed from; the app's process.

    The document is written to a file among the system's temporary ones, where it stays: what is
    saved in the window is in it. RuntimeError where there is no display to open a window on;
    TapeError (a ValueError) where the tape has let go of something a document would need.
    """
    if not has_display():
        raise RuntimeError(
            "there is no display to open a window on; `gradviz tour -o DIR` writes pictures of "
            "the app instead, and gradviz.files.save(gradviz.Graph.from_tensor(t), 't.gradviz') "
            "a file to open elsewhere"
        )
    path = written(document(what))
    return subprocess.Popen(
        [sys.executable, "-m", "gradviz", str(path)], start_new_session=os.name == "posix"
    )


def document(what: Tensor | Graph) -> Graph:
    """``what`` as a document."""
    if isinstance(what, Graph):
        return what
    if isinstance(what, Tensor):  # pyright: ignore[reportUnnecessaryIsInstance]
        return Graph.from_tensor(what)
    raise TypeError(f"show() takes a tensor or a graph, not {type(what).__name__}")


def written(graph: Graph) -> Path:
    """A new temporary file with the document in it."""
    handle, name = tempfile.mkstemp(prefix="gradviz-", suffix=".gradviz")
    os.close(handle)
    save(graph, name)
    return Path(name)
