"""A step of the backward pass in the whole window at 1,000 nodes: canvas, line, list and words.

Run as a script, best with nothing else running. The goal: 16 ms on and back, typical step.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from bench_stepping import GOAL, chain, fan_out
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from gradviz.program import graph_from_source
from gradviz_ui.app import application
from gradviz_ui.editor import Editor
from gradviz_ui.main_window import MainWindow
from gradviz_ui.state import State
from gradviz_ui.tour import settle

STEPS = 60


def typical(window: MainWindow, by: int) -> tuple[float, float]:
    """Seconds of a typical step from the middle of the pass, until everything is painted.

    By the clock, and of the processor: the latter says the same on a machine that is busy.
    """
    editor, times, worked = window.editor, list[float](), list[float]()
    editor.set_moment(len(editor.walk or ()) // 2)
    settle()
    for _ in range(STEPS):
        start, begun = time.perf_counter(), time.thread_time()
        editor.set_moment(editor.moment + by)
        QApplication.processEvents()
        times.append(time.perf_counter() - start)
        worked.append(time.thread_time() - begun)
    return sorted(times)[STEPS // 2], sorted(worked)[STEPS // 2]


def measure(name: str, text: str, window: MainWindow) -> float:
    """Print a line for one graph; the processor's seconds of the slower way."""
    window.editor.show_graph(graph_from_source("x = tensor(0.5, requires_grad=True)\n" + text))
    window.show_workspace("backward")
    settle()
    on, back = typical(window, 1), typical(window, -1)
    nodes = len(window.editor.graph.nodes)
    print(
        f"{name:<10}{nodes:>7} nodes   a step on {on[0] * 1e3:6.1f} ms ({on[1] * 1e3:.1f} ms of "
        f"the processor)   back {back[0] * 1e3:6.1f} ms ({back[1] * 1e3:.1f})",
        flush=True,
    )
    return max(on[1], back[1])


def main() -> int:
    """Print the table; 1 where a typical step takes longer than its goal."""
    application(["gradviz"])
    with tempfile.TemporaryDirectory() as kept:
        settings = QSettings(str(Path(kept) / "bench.ini"), QSettings.Format.IniFormat)
        window = MainWindow(Editor(), State(settings))
        window.resize(1440, 900)
        window.show()
        window.show_document()
        times = [measure("chain", chain(1000), window), measure("fan-out", fan_out(1000), window)]
        window.hide()
    return int(max(times) > GOAL)


if __name__ == "__main__":
    sys.exit(main())
