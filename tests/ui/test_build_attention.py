"""Two layers of attention built from an empty canvas, by the mouse and the keyboard alone.

With ``GRADVIZ_RECORD=FOLDER`` a picture of the window is left there after each thing done by hand.
"""

import os
from itertools import count
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

import gradviz
from gradviz.graph import Graph, Walk
from gradviz_ui.docks.inspector import InspectorPanel
from gradviz_ui.docks.inspector_node import NodePage

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
X = [[1.0, 0.5, -1.0, 0.0], [0.0, 2.0, 0.25, -0.5], [-1.5, 1.0, 0.0, 0.75]]
LEFT_EDGE, TOP, ACROSS, DOWN = -1350.0, -450.0, 240.0, 130.0


def weight(number: int) -> list[list[float]]:
    """Numbers for the ``number``-th matrix of weights, short enough to be typed."""
    return (np.random.default_rng(number).integers(-8, 9, (4, 4)) / 8).tolist()


WEIGHTS = {f"W_{letter}{layer}": weight(3 * layer + k)
           for layer in (1, 2) for k, letter in enumerate("qkv")}  # fmt: skip


class Person:
    """Builds a graph with a mouse and a keyboard."""

    def __init__(self, window, qtbot) -> None:
        self.window, self.qtbot = window, qtbot
        self.view, self.editor = window.canvas, window.editor
        self._pictures = count()

    def record(self) -> None:
        """Leave a picture of the window as it is now, where one is wanted."""
        folder = os.environ.get("GRADVIZ_RECORD")
        if folder:
            self.qtbot.wait(150)
            Path(folder).mkdir(parents=True, exist_ok=True)
            name = f"{next(self._pictures):04d}.png"
            assert self.window.grab().save(str(Path(folder) / name))

    def at(self, point: QPointF) -> QPoint:
        return self.view.viewportTransform().map(point).toPoint()

    def card(self, name: str):
        node = self.editor.graph.named(name)
        assert node is not None, name
        return self.view.canvas.cards[node.id]

    def drag(self, start: QPointF, end: QPointF) -> None:
        ground = self.view.viewport()
        QTest.mousePress(ground, LEFT, NONE, self.at(start))
        QTest.mouseMove(ground, self.at((start + end) / 2))
        QTest.mouseMove(ground, self.at(end))
        QTest.mouseRelease(ground, LEFT, NONE, self.at(end))

    def add(self, typed: str, name: str, column: float, row: float) -> None:
        """Double-click on the ground, type what is wanted, and give it a name with F2."""
        place = self.at(QPointF(LEFT_EDGE + column * ACROSS, TOP + row * DOWN))
        assert self.view.viewport().rect().contains(place)
        QTest.mouseDClick(self.view.viewport(), LEFT, NONE, place)
        self.choose(typed, name)

    def choose(self, typed: str, name: str) -> None:
        popup = self.view.overlays.popup
        assert popup.isVisible() and popup.field.hasFocus()
        self.qtbot.keyClicks(popup.field, typed)
        self.qtbot.keyClick(popup.field, Qt.Key.Key_Return)
        assert self.view.hasFocus() and len(self.editor.selection) == 1
        self.qtbot.waitUntil(self.window.actions_by_name["rename"].isEnabled)
        self.qtbot.keyClick(self.view, Qt.Key.Key_F2)
        field = self.page().header.name
        self.qtbot.waitUntil(field.hasFocus)
        self.qtbot.keyClicks(field, name)
        self.qtbot.keyClick(field, Qt.Key.Key_Return)
        assert self.editor.graph.named(name) is not None
        self.record()

    def page(self) -> NodePage:
        panel = self.window.workspaces.shelf.widget("inspector")
        assert isinstance(panel, InspectorPanel)
        (chosen,) = self.editor.selection
        self.qtbot.waitUntil(lambda: getattr(panel.page, "node_id", None) == chosen)
        assert isinstance(panel.page, NodePage)
        return panel.page

    def type_value(self, name: str, value: list[list[float]]) -> None:
        """Double-click the value on a card and type another one."""
        card = self.card(name)
        box, body = card.plan.value, card.body()
        middle = QPointF(body.x() + box.x + box.width / 2, body.y() + box.y + box.height / 2)
        QTest.mouseDClick(self.view.viewport(), LEFT, NONE, self.at(middle))
        field = self.view.overlays.field
        assert field.isVisible() and field.hasFocus()
        self.qtbot.keyClicks(field, str(value))
        self.qtbot.keyClick(field, Qt.Key.Key_Return)
        assert not field.isVisible()
        self.record()

    def leaf(self, kind: str, name: str, value: list[list[float]], column: float, row: float):
        self.add(kind, name, column, row)
        self.type_value(name, value)

    def wire(self, source: str, target: str, port: int = 0) -> None:
        """Drag from the output of a card to the input of another."""
        end = self.card(target).port(port, output=False)
        self.drag(self.card(source).port(0, output=True), end)
        node = self.editor.graph.named(target)
        wire = self.editor.graph.inputs(node.id).get(port)
        assert wire is not None and self.editor.graph.node(wire.source).name == source
        self.record()

    def operation(self, typed: str, name: str, inputs: list[str], column: float, row: float):
        self.add(typed, name, column, row)
        for port, source in enumerate(inputs):
            self.wire(source, name, port)

    def set_dim(self, typed: str) -> None:
        """Type the dimension in the inspector's form."""
        field = next(f for f in self.page().form.fields if f.attr.name == "dim").editor
        self.qtbot.mouseClick(field, LEFT)
        self.qtbot.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        self.qtbot.keyClicks(field, typed)
        self.qtbot.keyClick(field, Qt.Key.Key_Return)

    def layer(self, number: int, reads: str, left: float) -> None:
        for row, letter in enumerate("qkv"):
            weights = f"W_{letter}{number}"
            self.leaf("parameter", weights, WEIGHTS[weights], left, 1 + 2 * row)
            self.operation("@", f"{letter}{number}", [reads, weights], left + 1, 1 + 2 * row)
        self.operation("t", f"kT{number}", [f"k{number}"], left + 2, 3)
        self.operation("@", f"products{number}", [f"q{number}", f"kT{number}"], left + 2, 1)
        self.operation("/", f"scores{number}", [f"products{number}", "two"], left + 3, 0)
        self.operation("softmax", f"weights{number}", [f"scores{number}"], left + 3, 2)
        self.set_dim("-1")
        self.operation("@", f"y{number}", [f"weights{number}", f"v{number}"], left + 3, 4)


@pytest.fixture
def person(window, editor, qtbot) -> Person:
    editor.show_graph(Graph())
    window.resize(1900, 1100)
    made = Person(window, qtbot)
    window.canvas.setFocus()
    for _ in range(4):
        qtbot.keyClick(window.canvas, Qt.Key.Key_Minus)
    return made


def by_hand() -> tuple[float, dict[str, np.ndarray]]:
    """The loss and the gradients of all weights, from a program."""
    leaves = {n: gradviz.tensor(w, requires_grad=True) for n, w in WEIGHTS.items()}
    y = gradviz.tensor(X)
    for layer in (1, 2):
        q, k, v = (y @ leaves[f"W_{letter}{layer}"] for letter in "qkv")
        y = gradviz.softmax(q @ k.T / 2, -1) @ v
    loss = y.sum()
    loss.backward()
    return loss.item(), {n: leaf.grad.numpy() for n, leaf in leaves.items()}


def test_two_layers_of_attention_are_built_by_hand(person):
    graph, editor = person.editor.graph, person.editor
    person.leaf("constant", "x", X, 0, 3)
    person.add("2", "two", 0, 1)
    person.layer(1, "x", 1)
    person.layer(2, "y1", 5)
    person.operation("sum", "loss", ["y2"], 9, 4)
    assert all(editor.evaluation.results[i].ok for i in graph.nodes)

    loss, gradients = by_hand()
    assert editor.value(graph.named("loss").id).item() == pytest.approx(loss, rel=1e-6)
    walk = editor.walk
    assert isinstance(walk, Walk), editor.walk_problem
    for name, expected in gradients.items():
        found = walk.gradient_at(graph.named(name).id, len(walk))
        assert found is not None, name
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-7, err_msg=name)

    steps = editor.stack.count()
    for _ in range(steps):
        editor.stack.undo()
    assert not graph.nodes
