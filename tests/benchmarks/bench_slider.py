"""Dragging a slider in a graph of 100 nodes: from the number to every card repainted.

Run as a script. The goal: 16 ms for the whole refresh, in Build and in Backward, where the pass
has come to its end and where it stands at a step.
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from gradviz.graph import ReplaceNode
from gradviz_ui.app import application, open_window
from gradviz_ui.editor import Workspace
from gradviz_ui.main_window import MainWindow
from gradviz_ui.state import State

SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "oscillator.gradviz"
GOAL = 0.016
MOVES = 60


def moved(window: MainWindow, name: str, value: float) -> tuple[float, float]:
    """Seconds from a leaf's new number to a window that shows all that follows from it.

    By the clock, and of the GUI thread's own computing, which other work does not lengthen.
    """
    editor = window.editor
    node = editor.graph.named(name)
    assert node is not None, "the sample has this leaf"
    data = np.asarray(value, node.attrs["data"].dtype)
    edit = ReplaceNode(node, node.changed(attrs={**node.attrs, "data": data}))
    start, computed = time.perf_counter(), time.thread_time()
    editor.perform(edit, f"Change {name}", f"slider {node.id}")
    QApplication.processEvents()
    return time.perf_counter() - start, time.thread_time() - computed


def measure(window: MainWindow, workspace: Workspace, part: float = 1.0) -> float:
    """Print a line for a workspace, after ``part`` of a pass; its median refresh in seconds."""
    window.show_workspace(workspace)
    if workspace == "backward" and window.editor.track is not None:
        window.editor.set_moment(round(part * len(window.editor.track)))
    for _ in range(10):
        QApplication.processEvents()
        time.sleep(0.05)
    values = 0.6 + 0.3 * np.sin(np.arange(MOVES) / 5)
    pairs = [moved(window, "stiffness", float(v)) for v in values][MOVES // 3 :]
    times, computed = (list(column) for column in zip(*pairs, strict=True))
    middle, slowest = statistics.median(times), max(times)
    place = workspace if part == 1 else f"{workspace}, within"
    print(f"{place:<18} refresh {middle * 1e3:6.2f} ms   slowest {slowest * 1e3:6.2f} ms   "
          f"computing {statistics.median(computed) * 1e3:6.2f} ms", flush=True)  # fmt: skip
    return middle


def main() -> int:
    """Print the table; 1 where a refresh takes longer than its goal."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application(["gradviz"])
    with tempfile.TemporaryDirectory() as kept:
        settings = QSettings(str(Path(kept) / "bench.ini"), QSettings.Format.IniFormat)
        window = open_window(SAMPLE, State(settings))
        window.resize(1440, 900)
        window.show()
        print(f"{len(window.editor.graph.nodes)} nodes, 1440 × 900")
        times = [measure(window, "build"), measure(window, "backward"),
                 measure(window, "backward", 0.55)]  # fmt: skip
        window.editor.stack.setClean()
        window.close()
    return int(max(times) > GOAL)


if __name__ == "__main__":
    sys.exit(main())
