"""NodeGraphQt 0.6.44 on the graph of `bench_canvas`, run by an interpreter that has it.

`bench_canvas` starts it; by hand: ``PYTHON canvas_peer.py 500``. It takes the parts of a frame, an
edit and a drag as that does: of the processor, from the event to the painted window. What it
cannot do within a minute it says.
"""

import os
import random
import sys
import time
from collections.abc import Callable
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_PREFERRED_BINDING", "PySide6")

from NodeGraphQt import BaseNode, NodeGraph  # pyright: ignore
from Qt import QtCore, QtWidgets  # pyright: ignore

COLUMNS, PITCH = 40, (230.0, 130.0)
PATIENCE = 60.0


class Operation(BaseNode):  # pyright: ignore
    """A card with two inputs and an output."""

    __identifier__ = "bench"
    NODE_NAME = "operation"

    def __init__(self) -> None:
        super().__init__()
        for port in ("a", "b"):
            self.add_input(port)
        self.add_output("out")


def typical(act: Callable[[int], Any], times: int = 5) -> float:
    """Processor seconds of a typical call and the frame after it."""
    worked: list[float] = []
    begun = time.monotonic()
    for number in range(times):
        start = time.thread_time()
        act(number)
        QtWidgets.QApplication.processEvents()
        worked.append(time.thread_time() - start)
        if time.monotonic() - begun > PATIENCE:
            break
    return sorted(worked)[len(worked) // 2]


def opened(count: int) -> tuple[Any, list[Any], float]:
    """A shown graph of so many cards, the cards, and the seconds to its first frame."""
    graph: Any = NodeGraph()
    graph.register_node(Operation)
    graph.widget.resize(1440, 900)
    graph.widget.show()
    start, chance = time.thread_time(), random.Random(count)
    nodes: list[Any] = []
    for place in range(count):
        at = [place // COLUMNS * PITCH[0], place % COLUMNS * PITCH[1]]
        nodes.append(graph.create_node("bench.Operation", pos=at, push_undo=False, selected=False))
    for place in range(COLUMNS, count):
        source = place - 1 - chance.randrange(COLUMNS)
        nodes[place].input(0).connect_to(nodes[source].output(0), push_undo=False)
    QtWidgets.QApplication.processEvents()
    view = graph.viewer()
    view.fitInView(view.scene().itemsBoundingRect(), QtCore.Qt.KeepAspectRatio)
    QtWidgets.QApplication.processEvents()
    return graph, nodes, time.thread_time() - start


def main(count: int) -> None:
    """Print a line for each thing measured."""
    application = QtWidgets.QApplication([])
    graph, nodes, first = opened(count)
    view = graph.viewer()

    def say(what: str, seconds: float) -> None:
        print(f"NodeGraphQt, {count:,}: {what:<30}{seconds * 1e3:10.1f} ms", flush=True)

    def pan(number: int) -> None:
        view.translate(7, 7)
        view.viewport().update()

    def zoom(number: int) -> None:
        view.scale(*[1.01 if number % 2 else 1 / 1.01] * 2)

    def drag(number: int) -> None:
        # What its view does to what is selected while the mouse moves.
        for item in view.selected_nodes():
            item.setPos(item.x() + 3, item.y() + 1)

    say("open to the first frame", first)
    say("pan, a frame", typical(pan))
    say("zoom, a frame", typical(zoom))
    graph.select_all()
    say("select all and drag, a frame", typical(drag))
    graph.clear_selection()
    say("insert", typical(lambda _: nodes.append(graph.create_node("bench.Operation"))))
    say("wire", typical(lambda _: nodes[-1].set_input(0, nodes[0].output(0)), 1))
    say("delete", typical(lambda _: graph.delete_node(nodes.pop())))
    application.quit()


if __name__ == "__main__":
    main(int(sys.argv[1]))
    # Its own teardown takes minutes, and can crash.
    os._exit(0)
