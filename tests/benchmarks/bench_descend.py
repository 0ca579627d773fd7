"""Descend in the window: the land under a drag, races, the surface turning, scrubbing.

Run as a script; names of samples as arguments keep the first table to these. What counts is the
computing of the GUI thread alone, from the event to the painted window: on average, since not
every view follows every frame, and the least of several, which other work does not lengthen.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QSettings, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from gradviz.bundled import bundled
from gradviz.descent import RunnerSpec
from gradviz.files import load
from gradviz.graph import Graph, ReplaceNode
from gradviz.program import graph_from_source
from gradviz_ui.app import application, open_window
from gradviz_ui.descent import DescendWorkspace
from gradviz_ui.main_window import MainWindow
from gradviz_ui.state import State

TEST_FUNCTIONS = (
    "bowl", "ill_conditioned_bowl", "saddle", "monkey_saddle", "rosenbrock", "himmelblau",
    "beale", "booth", "goldstein_price", "rastrigin", "ackley", "styblinski_tang", "mccormick",
    "three_hump_camel", "six_hump_camel", "easom", "eggholder", "cliff",
)  # fmt: skip
SIX = (
    RunnerSpec("SGD", {"lr": 0.001}), RunnerSpec("SGD", {"lr": 0.001, "momentum": 0.9}),
    RunnerSpec("Adam", {"lr": 0.05}), RunnerSpec("RMSprop", {"lr": 0.01}),
    RunnerSpec("Adagrad", {"lr": 0.3}), RunnerSpec("AdamW", {"lr": 0.03}),
)  # fmt: skip
WITH_CONSTANT = """
import torch
x = torch.tensor(-1.2, requires_grad=True)
y = torch.tensor(1.0, requires_grad=True)
a = torch.tensor(100.0)
J = (1 - x) ** 2 + a * (y - x ** 2) ** 2
"""
FRAME = 0.016
GOALS = {"zoom": FRAME, "pan": FRAME, "constant": FRAME, "race": 0.050, "turn": 0.020,
         "scrub": FRAME}  # fmt: skip
FIRST_RACE = 0.150
MOVES = 30


def settle(seconds: float = 0.3) -> None:
    """Until timers at rest have fired and all is painted."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        QApplication.processEvents()
        time.sleep(0.01)


class Spent(NamedTuple):
    """Seconds of the GUI thread from an act to all that it has painted."""

    mean: float
    least: float


def computing(act: Callable[[int], None], count: int = MOVES) -> Spent:
    """What acts in a row take."""
    times: list[float] = []
    for index in range(count):
        begin = time.thread_time()
        act(index)
        QApplication.processEvents()
        times.append(time.thread_time() - begin)
    return Spent(sum(times) / len(times), min(times))


def opened(window: MainWindow, name: str) -> DescendWorkspace:
    """A sample in Descend, its runners and land all there."""
    return shown(window, load(bundled("samples") / f"{name}.gradviz"))


def shown(window: MainWindow, graph: Graph) -> DescendWorkspace:
    """A document in Descend, with all that is worked out there."""
    window.editor.show_graph(graph)
    window.show_workspace("descend")
    assert window.descend is not None, "the workspace is in front"
    window.descend.race.settle()
    settle()
    return window.descend


def mouse(widget: QWidget, kind: QMouseEvent.Type, place: QPointF) -> None:
    """Send a mouse event with the left button."""
    held = Qt.MouseButton.NoButton if kind == kind.MouseButtonRelease else Qt.MouseButton.LeftButton
    where = QPointF(widget.mapToGlobal(place))
    event = QMouseEvent(
        kind, place, where, Qt.MouseButton.LeftButton, held, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(widget, event)


def dragged(widget: QWidget, begin: QPointF, way: QPointF) -> Spent:
    """What a move takes while something is dragged."""
    mouse(widget, QMouseEvent.Type.MouseButtonPress, begin)
    found = computing(lambda k: mouse(widget, QMouseEvent.Type.MouseMove, begin + way * (k + 1)))
    mouse(widget, QMouseEvent.Type.MouseButtonRelease, begin + way * MOVES)
    settle()
    return found


def zoomed(widget: QWidget) -> Spent:
    """What a notch of the wheel takes."""
    place = QPointF(widget.rect().center()) + QPointF(40, 30)

    def turn(index: int) -> None:
        event = QWheelEvent(
            place, QPointF(widget.mapToGlobal(place)), QPoint(), QPoint(0, -30 + 60 * (index % 2)),
            Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase,
            False,
        )  # fmt: skip
        QApplication.sendEvent(widget, event)

    found = computing(turn)
    settle()
    return found


def lands(window: MainWindow, names: Sequence[str]) -> bool:
    """A row for each test function; whether all keep the goal."""
    good = True
    for name in names:
        contour = opened(window, name).centre.contour
        corner = QPointF(contour.rect().bottomRight()) - QPointF(60, 60)
        pan, zoom = dragged(contour, corner, QPointF(-4, -3)), zoomed(contour)
        good &= told(f"pan, {name}", pan, GOALS["pan"])
        good &= told(f"zoom, {name}", zoom, GOALS["zoom"])
    return good


def constant(window: MainWindow) -> bool:
    """A slider that is a constant of the objective: land, ways and graph follow."""
    graph = graph_from_source(WITH_CONSTANT)
    leaf = graph.named("a")
    assert leaf is not None
    slider = {"low": 50.0, "high": 150.0, "step": 1.0}
    graph.apply(ReplaceNode(leaf, leaf.changed(attrs={**leaf.attrs, **slider})))
    shown(window, graph)
    editor = window.editor

    def move(index: int) -> None:
        node = editor.graph.named("a")
        assert node is not None
        data = np.asarray(90.0 + index, node.attrs["data"].dtype)
        edit = ReplaceNode(node, node.changed(attrs={**node.attrs, "data": data}))
        editor.perform(edit, "Change a", f"slider {node.id}")

    return told("constant of the objective", computing(move), GOALS["constant"])


def raced(window: MainWindow) -> bool:
    """Six runners × 1,000 steps, from the setting to the painted curves."""
    race = opened(window, "rosenbrock").race
    race.set_settings("Set the steps", steps=1000)

    def run(index: int) -> None:
        rate = {"lr": 0.001 + 1e-6 * index}
        runners = [
            RunnerSpec(s.optimizer, {**s.settings, "lr": s.settings["lr"] + rate["lr"]})
            for s in SIX
        ]
        race.set_settings("Set runners", runners=tuple(runners))
        race.settle()

    told("six runners × 1,000 steps, loops to compile", computing(run, 1), FIRST_RACE)
    return told("six runners × 1,000 steps", computing(lambda k: run(k + 1), 10), GOALS["race"])


def turned(window: MainWindow) -> bool:
    """A move of the mouse that turns the surface."""
    good = True
    for name in ("rosenbrock", "eggholder"):
        surface = opened(window, name).surface
        middle = QPointF(surface.rect().center())
        seconds = dragged(surface, middle, QPointF(6, 1))
        good &= told(f"surface turning, {name}", seconds, GOALS["turn"])
        surface.turn_to(0.9, 0.6)
        settle()
        begin = time.thread_time()
        surface.turn_to(0.9, 0.61)
        settle()
        spent = time.thread_time() - begin
        told(f"surface settling, {name}", Spent(spent, spent), 0.05)
    return good


def scrubbed(window: MainWindow) -> bool:
    """A step along 10,000 recorded ones."""
    descend = opened(window, "rosenbrock")
    race = descend.race
    race.set_settings("Set the race", steps=10_000, runners=SIX)
    race.settle()
    settle(1.0)
    good = True
    for page in ("surface", "loss", "parameters"):
        descend.tabs.choose(page)
        settle()
        seconds = computing(lambda k: race.go_to(5000 + 37 * k))
        good &= told(f"scrubbing 10,000 steps, {page}", seconds, GOALS["scrub"])
    descend.tabs.choose("surface")
    return good


def told(name: str, spent: Spent, goal: float) -> bool:
    """Print a row; whether it keeps its goal on average."""
    good = spent.mean <= goal
    mark = "" if good else "   missed"
    figures = f"{spent.mean * 1e3:8.2f} ms   least {spent.least * 1e3:6.2f}"
    print(f"{name:<44} {figures}   goal {goal * 1e3:6.0f}{mark}", flush=True)
    return good


def main() -> int:
    """Print the tables; 1 where a goal is missed."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application(["gradviz"])
    with tempfile.TemporaryDirectory() as kept:
        settings = QSettings(str(Path(kept) / "bench.ini"), QSettings.Format.IniFormat)
        window = open_window(bundled("samples") / "bowl.gradviz", State(settings))
        window.resize(1440, 900)
        window.show()
        print("1440 × 900, computing of the GUI thread", flush=True)
        good = [lands(window, sys.argv[1:] or TEST_FUNCTIONS), constant(window)]
        good += [raced(window), turned(window), scrubbed(window)]
        window.editor.stack.setClean()
        window.close()
    return int(not all(good))


if __name__ == "__main__":
    sys.exit(main())
