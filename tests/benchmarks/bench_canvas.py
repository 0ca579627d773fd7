"""The canvas at 1,000 and 10,000 nodes: frames, edits, opening and memory; NodeGraphQt beside it.

Run as a script, best with nothing else running. Each row is what a person waits for, from the
event to the painted frame; of the processor, since that says the same on a busy machine. The
peer's rows are there where NodeGraphQt is installed.
"""

import os
import random
import resource
import sys
import time
from collections.abc import Callable

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from gradviz.graph import AddNode, AddWire, Graph, Node, Wire, compose
from gradviz_ui.app import application
from gradviz_ui.canvas import CanvasView
from gradviz_ui.editor import Editor

FRAMES = 30
COLUMNS, PITCH = 40, (230.0, 130.0)
MEMORY = 400e6
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


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
    card = view.canvas.cards[next(iter(view.editor.graph.nodes))]
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


def panning(view: CanvasView) -> float:
    """The view moved a little each frame."""
    bars = view.horizontalScrollBar(), view.verticalScrollBar()

    def pan(number: int) -> None:
        for bar in bars:
            bar.setValue(bar.value() + (7 if number % 20 < 10 else -7))

    return typical(pan)


def zooming(view: CanvasView) -> float:
    """The view zoomed a little each frame, out and in again."""
    return typical(lambda number: view.zoom_out() if number % 2 else view.zoom_in())


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


def print_refused(editor: Editor, edit: object) -> None:
    """Carry an edit out; a benchmark of refusals would be none."""
    if not editor.perform(edit):  # pyright: ignore[reportArgumentType]
        raise RuntimeError("the edit was refused")


def opened(count: int) -> tuple[CanvasView, float]:
    """A view of so many nodes, and the processor seconds to its first frame."""
    graph, editor = expression(count), Editor()
    view = CanvasView(editor)
    view.resize(1440, 900)
    view.show()
    QApplication.processEvents()
    start = time.thread_time()
    editor.show_graph(graph)
    view.fit()
    QApplication.processEvents()
    return view, time.thread_time() - start


def row(what: str, seconds: float, goal: float) -> bool:
    """Print a line; whether its goal was missed."""
    missed = seconds > goal
    mark = "   MISSED" if missed else ""
    print(f"{what:<44}{seconds * 1e3:9.1f} ms   goal {goal * 1e3:7.0f}{mark}", flush=True)
    return missed


def peer_rows() -> None:
    """How long NodeGraphQt takes for a frame and for dragging all, where it is installed."""
    try:
        from NodeGraphQt import BaseNode, NodeGraph  # pyright: ignore
    except ImportError:
        print("NodeGraphQt is not installed: its rows are left out")
        return

    class Operation(BaseNode):  # pyright: ignore
        __identifier__ = "bench"
        NODE_NAME = "operation"

        def __init__(self) -> None:
            super().__init__()
            for port in ("a", "b"):
                self.add_input(port)
            self.add_output("out")

    for count in (500, 1000):
        made = NodeGraph()
        made.register_node(Operation)
        made.widget.resize(1440, 900)
        made.widget.show()
        start = time.thread_time()
        nodes = [
            made.create_node(
                "bench.Operation",
                pos=[place // COLUMNS * PITCH[0], place % COLUMNS * PITCH[1]],
                push_undo=False,
            )
            for place in range(count)
        ]
        for place in range(COLUMNS, count):
            nodes[place].set_input(0, nodes[place - 1 - place % COLUMNS].output(0))
        QApplication.processEvents()
        view = made.viewer()
        view.fitInView(view.scene().itemsBoundingRect(), Qt.AspectRatioMode.KeepAspectRatio)
        QApplication.processEvents()
        print(f"NodeGraphQt, {count:,}: opened in {time.thread_time() - start:.2f} s", flush=True)
        frame = typical(lambda number, v=view: v.scale(*[1.01 if number % 2 else 1 / 1.01] * 2), 9)
        print(f"NodeGraphQt, {count:,}: a frame of zooming {frame * 1e3:.0f} ms", flush=True)
        made.widget.hide()


def main() -> int:
    """Print the table; 1 where a row misses its goal."""
    application(["gradviz"])
    missed: list[bool] = []
    view, first = opened(1000)
    missed += [
        row("1,000 fitted: pan, a frame", panning(view), 0.016),
        row("1,000 fitted: zoom, a frame", zooming(view), 0.016),
        row("1,000: select all and drag, a frame", dragging_all(view), 0.016),
    ]
    view.hide()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    view, first = opened(10_000)
    missed.append(row("10,000: open to the first frame", first, 2.0))
    missed.append(row("10,000: pan, a frame", panning(view), 0.016))
    missed.append(row("10,000: zoom, a frame", zooming(view), 0.016))
    for what, seconds in edits(view.editor).items():
        missed.append(row(f"10,000: {what}", seconds, 0.05))
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    over = held > MEMORY
    print(
        f"memory at most {held / 1e6:.0f} MB ({before / 1024:.0f} before)   goal {MEMORY / 1e6:.0f}"
    )
    view.hide()
    peer_rows()
    return int(any([*missed, over]))


if __name__ == "__main__":
    sys.exit(main())
