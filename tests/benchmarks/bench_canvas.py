"""The canvas at 1,000 and 10,000 nodes: frames, edits, opening and memory; NodeGraphQt beside it.

Run as a script, best with nothing else running. Each row is what a person waits for, from the
event to the painted window; of the processor, since that says the same on a busy machine.

The peer needs an interpreter of its own, since it is no part of this project's environment:
``python -m venv peer``, ``peer/bin/pip install NodeGraphQt==0.6.44 Qt.py PySide6-Essentials
setuptools`` (PySide6 below 6.12 where Python is below 3.12), and its path in the environment
variable ``NODEGRAPHQT_PYTHON``. Without that its rows are left out.
"""

import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QPoint, QPointF, QSettings, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from gradviz.graph import AddNode, AddWire, Graph, Node, Wire, compose
from gradviz_ui import theme
from gradviz_ui.app import application
from gradviz_ui.canvas import CanvasView
from gradviz_ui.canvas.navigation import REST_MS
from gradviz_ui.canvas.onto_wire import OntoWire
from gradviz_ui.editor import Editor
from gradviz_ui.main_window import MainWindow
from gradviz_ui.state import State

FRAMES = 30
COLUMNS, PITCH = 40, (230.0, 130.0)
MEMORY = 400e6
FRAME, EDIT, REST, OPEN = 0.016, 0.05, 0.15, 2.0
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
FEW = 10
"""How many nodes may come after a wire that a card is dropped on: others cost their evaluation."""
CLOSE_UP = (1.0, 0.3)
"""Zooms at which cards are seen: as large as they are, and hundreds of them."""


def expression(count: int) -> Graph:
    """Operations on one or two of the results just before them, laid out in columns."""
    chance, graph = random.Random(count), Graph()
    for place in range(count):
        at = (place // COLUMNS * PITCH[0], place % COLUMNS * PITCH[1])
        op = "tensor" if place < COLUMNS else chance.choice(("sin", "mul", "add", "tanh"))
        attrs = {"data": 0.5, "requires_grad": True} if op == "tensor" else {}
        graph.apply(AddNode(Node(f"n{place}", op, f"v{place}", attrs, {}, at)))
        for port in range({"tensor": 0, "mul": 2, "add": 2}.get(op, 1)):
            source = place - 1 - chance.randrange(min(place, COLUMNS))
            graph.apply(AddWire(Wire(f"n{source}", f"n{place}", port)))
    return graph


def typical(act: Callable[[int], None], times: int = FRAMES) -> float:
    """Processor seconds of a typical call and the frame after it."""
    worked: list[float] = []
    for number in range(times):
        start = time.thread_time()
        act(number)
        QApplication.processEvents()
        worked.append(time.thread_time() - start)
    return sorted(worked)[times // 2]


def mouse(view: CanvasView, kind: QEvent.Type, place: QPoint, held: Qt.MouseButton) -> None:
    """Send the view a real mouse event."""
    button = LEFT if kind != QEvent.Type.MouseMove else Qt.MouseButton.NoButton
    spot = QPointF(place)
    event = QMouseEvent(kind, spot, view.viewport().mapToGlobal(spot), button, held, NONE)
    QApplication.sendEvent(view.viewport(), event)


def dragging_all(view: CanvasView) -> float:
    """Every card selected and dragged by one of them."""
    view.editor.select(view.editor.graph.nodes)
    nodes = list(view.editor.graph.nodes)
    # In the middle of the view, or the view would be moved along.
    card = view.canvas.cards[nodes[len(nodes) // 2 + COLUMNS // 2]]
    grip = view.viewportTransform().map(card.body().topLeft() + QPointF(60, 8)).toPoint()
    mouse(view, QEvent.Type.MouseButtonPress, grip, LEFT)
    mouse(view, QEvent.Type.MouseMove, grip + QPoint(12, 12), LEFT)

    def move(number: int) -> None:
        mouse(view, QEvent.Type.MouseMove, grip + QPoint(14 + 3 * number, 14 + number), LEFT)

    took = typical(move)
    mouse(view, QEvent.Type.MouseButtonRelease, grip + QPoint(100, 40), Qt.MouseButton.NoButton)
    view.editor.stack.undo()
    view.editor.select(())
    return took


def wheel(view: CanvasView, by: QPoint, held: Qt.KeyboardModifier = NONE) -> None:
    """Turn the wheel over the middle of the view; with Ctrl it zooms."""
    spot = QPointF(view.viewport().rect().center())
    event = QWheelEvent(
        spot, QPointF(view.viewport().mapToGlobal(spot)), QPoint() if held else by, by,
        Qt.MouseButton.NoButton, held, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view.viewport(), event)


def panning(view: CanvasView) -> float:
    """The view moved a little each frame, one way and back."""
    return typical(lambda number: wheel(view, QPoint(7, 7) * (1 if number % 20 < 10 else -1)))


def zooming(view: CanvasView) -> float:
    """The view zoomed a little each frame, out and in again."""
    return typical(lambda n: wheel(view, QPoint(0, 60 if n % 10 < 5 else -60), CONTROL))


def resting(view: CanvasView, move: Callable[[], None]) -> float:
    """From the last movement to the sharp frame: the time it waits, and the frame."""
    move()
    QApplication.processEvents()
    start = time.thread_time()
    view._set_moving(False)  # pyright: ignore[reportPrivateUsage]
    QApplication.processEvents()
    return REST_MS / 1000 + time.thread_time() - start


def look(view: CanvasView, zoom: float) -> None:
    """Look at the middle of the graph, at rest."""
    view.fitted = False
    view.look(zoom, view.canvas.bounds().center(), QPointF(view.viewport().rect().center()))
    QApplication.processEvents()


def frames(view: CanvasView, what: str) -> list[bool]:
    """The rows of moving about from where the view looks now, and of coming to rest."""
    missed = [row(f"{what}: pan, a frame", panning(view), FRAME)]
    rest = resting(view, lambda: wheel(view, QPoint(-300, -200)))
    missed.append(row(f"{what}: sharp after a pan", rest, REST))
    missed.append(row(f"{what}: zoom, a frame", zooming(view), FRAME))
    rest = resting(view, lambda: wheel(view, QPoint(0, -30), CONTROL))
    missed.append(row(f"{what}: sharp after a zoom", rest, REST))
    return missed


def edits(editor: Editor) -> dict[str, float]:
    """Insert, wire, undo and delete, each with its frame."""
    graph, far = editor.graph, (0.0, -400.0)
    last = list(graph.nodes)[-1]
    found = {"insert": typical(lambda _: print_refused(editor, compose.add(graph, "sin", far)), 9)}
    new = list(graph.nodes)[-1]
    found["wire"] = typical(
        lambda _: print_refused(editor, compose.connect(graph, last, 0, new, 0)), 1
    )
    found["undo"] = typical(lambda _: editor.stack.undo(), 5)
    found["delete"] = typical(
        lambda _: print_refused(editor, compose.delete(graph, [list(graph.nodes)[-1]])), 5
    )
    return found


def onto_wires(view: CanvasView, times: int = 9) -> float:
    """Cards dropped on wires in the middle of the graph, after which little comes; with a frame."""
    editor, graph = view.editor, view.editor.graph
    wires = list(graph.wires)
    middle = wires[len(wires) // 3 : -len(wires) // 3]
    few = [w for w in middle if len(graph.downstream({w.target})) <= FEW]
    chosen, before = few[:: len(few) // times], editor.stack.index()
    for _ in range(times):
        print_refused(editor, compose.add(graph, "sin", (0.0, -400.0)))
    new = list(graph.nodes)[-times:]

    def drop(number: int) -> None:
        card, wire = new[number], chosen[number]
        at = view.canvas.wires[wire].path.pointAtPercent(0.5) - QPointF(90, 40)
        onto = OntoWire(view.canvas, {card})
        onto.wire = wire
        onto.drop(compose.move(graph, {card: (round(at.x()), round(at.y()))}))
        if not graph.outputs(card):
            raise RuntimeError("the card was not put on the wire")

    took = typical(drop, times)
    editor.stack.setIndex(before)
    return took


def print_refused(editor: Editor, edit: object) -> None:
    """Carry an edit out; a benchmark of refusals would be none."""
    if not editor.perform(edit):  # pyright: ignore[reportArgumentType]
        raise RuntimeError("the edit was refused")


def window(folder: Path) -> MainWindow:
    """The whole window, with all its panels, remembering nothing of the person's."""
    settings = QSettings(str(folder / "state.ini"), QSettings.Format.IniFormat)
    made = MainWindow(Editor(), State(settings, folder / "recovery"))
    made.resize(1440, 900)
    made.show()
    made.show_document()
    QApplication.processEvents()
    return made


def opened(made: MainWindow, count: int) -> float:
    """Processor seconds from a graph of so many nodes to its first frame in the window."""
    graph = expression(count)
    made.editor.stack.setClean()
    start = time.thread_time()
    made.editor.show_graph(graph)
    made.canvas.fit()
    QApplication.processEvents()
    return time.thread_time() - start


def row(what: str, seconds: float, goal: float) -> bool:
    """Print a line; whether its goal was missed."""
    missed = seconds > goal
    mark = "   MISSED" if missed else ""
    print(f"{what:<44}{seconds * 1e3:9.1f} ms   goal {goal * 1e3:7.0f}{mark}", flush=True)
    return missed


def peer_rows() -> None:
    """The same of NodeGraphQt, where an interpreter has it."""
    python = os.environ.get("NODEGRAPHQT_PYTHON")
    if not python:
        print("NODEGRAPHQT_PYTHON names no interpreter that has NodeGraphQt: its rows are left out")
        return
    script = Path(__file__).with_name("canvas_peer.py")
    bare = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    for count in (500, 1000):
        subprocess.run([python, str(script), str(count)], env=bare, check=False)


def thousand(made: MainWindow) -> list[bool]:
    """The rows of 1,000 nodes, fitted."""
    opened(made, 1000)
    missed = frames(made.canvas, "1,000 fitted")
    made.canvas.fit()
    missed.append(row("1,000: select all and drag, a frame", dragging_all(made.canvas), FRAME))
    return missed


def ten_thousand(made: MainWindow) -> list[bool]:
    """The rows of 10,000 nodes."""
    missed = [row("10,000: open to the first frame", opened(made, 10_000), OPEN)]
    missed += frames(made.canvas, "10,000 fitted")
    for zoom in CLOSE_UP:
        look(made.canvas, zoom)
        missed += frames(made.canvas, f"10,000 at {zoom:.0%}")
    for name, prepare in (("fitted", made.canvas.fit), ("close up", lambda: look(made.canvas, 1))):
        prepare()
        QApplication.processEvents()
        for what, seconds in edits(made.editor).items():
            missed.append(row(f"10,000 {name}: {what}", seconds, EDIT))
        missed.append(row(f"10,000 {name}: drop a card on a wire", onto_wires(made.canvas), EDIT))
    made.canvas.fit()
    missed.append(row("10,000: select all and drag, a frame", dragging_all(made.canvas), FRAME))
    return missed


def main() -> int:
    """Print the table; 1 where a row misses its goal."""
    theme.apply(application(["gradviz"]), "light")
    with tempfile.TemporaryDirectory() as folder:
        made = window(Path(folder))
        missed = thousand(made)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        missed += ten_thousand(made)
        held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        missed.append(held > MEMORY)
        print(f"memory at most {held / 1e6:.0f} MB ({before:.0f} before)   goal {MEMORY / 1e6:.0f}")
        peer_rows()
        made.editor.stack.setClean()
        made.close()
    return int(any(missed))


if __name__ == "__main__":
    sys.exit(main())
