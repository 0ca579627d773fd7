"""Large documents as a whole: pasted, carried by half, saved, kept, and dressed in another theme.

Run as a script, best with nothing else running. Each row is what a person waits for, up to the
painted window: of the processor, but for saving, where the disk and another thread count too.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench_canvas import (
    COLUMNS,
    LEFT,
    PITCH,
    expression,
    look,
    mouse,
    row,
    typical,
    window,
)
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication

from gradviz.bundled import bundled
from gradviz.graph import Graph, compose
from gradviz_ui import edit_actions, file_actions, theme
from gradviz_ui.app import application
from gradviz_ui.main_window import MainWindow

FRAME = 0.016
TABS = "bowl", "mlp_xor", "attention", "himmelblau"
WORKSPACES = "build", "backward", "descend"


def once(act: Callable[[], None]) -> float:
    """Processor seconds of a call and the frame after it."""
    return typical(lambda _: act(), 1)


def pasting(made: MainWindow, count: int, goal: float) -> list[bool]:
    """The rows of copying so many nodes, and of adding them to themselves."""
    made.editor.stack.setClean()
    made.editor.show_graph(expression(count))
    made.canvas.fit()
    made.editor.select(made.editor.graph.nodes)
    QApplication.processEvents()
    missed = [row(f"{count:,}: copy", once(lambda: edit_actions.copy(made)), goal)]
    missed.append(row(f"{count:,}: paste", once(lambda: edit_actions.paste(made)), goal))
    made.editor.stack.undo()
    made.editor.select(made.editor.graph.nodes)
    missed.append(row(f"{count:,}: duplicate", once(lambda: edit_actions.duplicate(made)), goal))
    made.editor.stack.undo()
    return missed


def carrying(made: MainWindow, zoom: float) -> bool:
    """The row of dragging the upper half of every column, with wires to the lower half."""
    view, graph = made.canvas, made.editor.graph
    upper = [i for i, node in graph.nodes.items() if node.position[1] < COLUMNS / 2 * PITCH[1]]
    look(view, zoom)
    view.editor.select(upper)
    middle = graph.node(upper[len(upper) // 2]).position
    view.look(zoom, QPointF(*middle), QPointF(view.viewport().rect().center()))
    QApplication.processEvents()
    grip = view.viewportTransform().map(QPointF(*middle) + QPointF(60, 8)).toPoint()
    mouse(view, QEvent.Type.MouseButtonPress, grip, LEFT)
    mouse(view, QEvent.Type.MouseMove, grip + QPoint(12, 12), LEFT)

    def move(number: int) -> None:
        mouse(view, QEvent.Type.MouseMove, grip + QPoint(14 + 3 * number, 14 + number), LEFT)

    took = typical(move)
    mouse(view, QEvent.Type.MouseButtonRelease, grip, Qt.MouseButton.NoButton)
    view.editor.stack.undo()
    view.editor.select(())
    return row(f"10,000 at {zoom:.0%}: drag half of them, a frame", took, FRAME)


def keeping(made: MainWindow, folder: Path) -> list[bool]:
    """The rows of saving, and of the window's longest silence while a copy is written."""
    editor = made.editor
    editor.perform(compose.add(editor.graph, "sin", (0.0, -400.0)))
    settled = time.perf_counter() + 1.0
    while time.perf_counter() < settled:
        # What follows an edit a little later is not what is asked about.
        QApplication.processEvents()
    longest, last = 0.0, time.perf_counter()
    made.autosave.write_beside()
    end = last + 1.5
    while last < end:
        QApplication.processEvents()
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
    missed = [row("10,000: longest silence while a copy is written", longest, FRAME)]
    start = time.perf_counter()
    file_actions.save_to(made, folder / "large.gradviz")
    missed.append(row("10,000: save", time.perf_counter() - start, 0.1))
    return missed


def dressing(made: MainWindow) -> list[bool]:
    """The rows of another theme with several documents open, once they were seen everywhere too."""
    made.editor.stack.setClean()
    made.editor.show_graph(Graph())
    for name in TABS:
        file_actions.open_path(made, bundled("samples") / f"{name}.gradviz", sample=True)
        QApplication.processEvents()
    missed = [row(f"{len(TABS)} documents: another theme", other_theme(), 0.2)]
    for page in made.documents.pages:
        made.documents.show(page)
        for workspace in WORKSPACES:
            made.show_workspace(workspace)
            QApplication.processEvents()
    made.show_workspace("build")
    QApplication.processEvents()
    missed.append(row(f"{len(TABS)} documents seen in every workspace", other_theme(), 0.4))
    for page in made.documents.pages:
        if page.descend is not None:
            page.descend.close()
    return missed


def other_theme() -> float:
    """Processor seconds until the window is seen in the other theme."""
    return typical(lambda _: theme.source().toggle(), 4)


def main() -> int:
    """Print the table; 1 where a row misses its goal."""
    theme.apply(application(["gradviz"]), "light")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = window(folder)
        missed = pasting(made, 1000, 0.2) + pasting(made, 10_000, 2.0)
        missed += [carrying(made, zoom) for zoom in (0.05, 0.3, 1.0)]
        missed += keeping(made, folder)
        missed += dressing(made)
        for page in made.documents.pages:
            page.editor.stack.setClean()
        made.close()
    return int(any(missed))


if __name__ == "__main__":
    sys.exit(main())
