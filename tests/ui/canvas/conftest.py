"""What tests of the canvas share: a shown view of a small graph, and a hand for the mouse."""

import random
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, QSizeF, Qt
from PySide6.QtTest import QTest

from gradviz.graph import Graph, GraphError
from gradviz.graph.borders import border_of
from gradviz.program import update
from gradviz_ui import theme
from gradviz_ui.canvas import CanvasView
from gradviz_ui.canvas.pieces import box_of
from gradviz_ui.canvas.scene import CanvasScene
from gradviz_ui.editor import Editor
from gradviz_ui.motion import motion

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def graph_of(text: str) -> Graph:
    graph = Graph()
    graph.apply(update(graph, text))
    return graph


class Hand:
    """The mouse over a view, in scene coordinates and by the names of nodes."""

    def __init__(self, view: CanvasView) -> None:
        self.view = view

    def card(self, name: str):
        node = self.view.editor.graph.named(name)
        assert node is not None
        return self.view.canvas.cards[node.id]

    def at(self, point: QPointF) -> QPoint:
        return self.view.viewportTransform().map(point).toPoint()

    def title(self, name: str) -> QPointF:
        body = self.card(name).body()
        return QPointF(body.x() + 46, body.y() + 18)

    def output(self, name: str, index: int = 0) -> QPointF:
        return self.card(name).port(index, output=True)

    def input(self, name: str, index: int = 0) -> QPointF:
        return self.card(name).port(index, output=False)

    def press(self, point: QPointF, button=LEFT, keys=NONE) -> None:
        QTest.mousePress(self.view.viewport(), button, keys, self.at(point))

    def move(self, point: QPointF) -> None:
        QTest.mouseMove(self.view.viewport(), self.at(point))

    def release(self, point: QPointF, button=LEFT, keys=NONE) -> None:
        QTest.mouseRelease(self.view.viewport(), button, keys, self.at(point))

    def click(self, point: QPointF, keys=NONE) -> None:
        QTest.mouseClick(self.view.viewport(), LEFT, keys, self.at(point))

    def double_click(self, point: QPointF) -> None:
        QTest.mouseDClick(self.view.viewport(), LEFT, NONE, self.at(point))

    def drag(self, start: QPointF, end: QPointF, button=LEFT, keys=NONE) -> None:
        self.press(start, button, keys)
        self.move((start + end) / 2)
        self.move(end)
        self.release(end, button, keys)


@pytest.fixture
def editor(qapp):
    theme.apply(qapp, "light")
    made = Editor()
    made.show_graph(graph_of("J = theta1 ** 2 + theta2 ** 2"))
    yield made
    made.deleteLater()


@pytest.fixture
def view(qtbot, editor) -> Iterator[CanvasView]:
    made = CanvasView(editor)
    qtbot.addWidget(made)
    motion().choose(True)
    made.resize(1000, 640)
    made.show()
    qtbot.waitExposed(made)
    made.setFocus()
    made.zoom_reset()
    yield made
    motion().choose(None)


@pytest.fixture
def hand(view) -> Hand:
    return Hand(view)


@pytest.fixture
def showing(view, editor) -> Callable[[str], Graph]:
    """Shows the graph of another formula, at natural size."""

    def show(text: str) -> Graph:
        editor.show_graph(graph_of(text))
        view.zoom_reset()
        return editor.graph

    return show


@pytest.fixture
def assert_true(view, editor) -> Callable[..., None]:
    """Fails where the scene does not show the document as it is."""

    def check(*_: object) -> None:
        """Every node is shown once, by its card or a group's, and wires end where they should.

        Inside a group that was entered these are its own, and its ports stand round them.
        """
        graph, scene = editor.graph, view.canvas
        shown = [i for card in scene.cards.values() for i in card.ids]
        assert sorted(shown) == sorted(editor.entering.shown())
        for group in graph.groups.values():
            framed = any(frame.group_id == group.id for frame in scene.groups.frames)
            carded = any(getattr(c, "group_id", "") == group.id for c in scene.cards.values())
            assert not (framed and (carded or group.collapsed))
        inside = editor.entering.group
        ports = border_of(graph, inside) if inside else None
        wanted = 0 if ports is None else len(ports.inputs) + len(ports.outputs)
        assert len(scene.groups.pins) == wanted
        for pin in scene.groups.pins:
            assert scene.bounds().contains(pin.body())
            others = [p for p in scene.groups.pins if p is not pin]
            assert not any(pin.body().intersects(p.body()) for p in others)
        for wire in graph.wires:
            if not (editor.entering.shows(wire.source) and editor.entering.shows(wire.target)):
                assert wire not in scene.wires
                continue
            source, target = scene.groups.card_of(wire.source), scene.groups.card_of(wire.target)
            assert (wire in scene.wires) == (source is not target)
            if source is not target:
                start = source.port_of(wire.source, wire.output, output=True)
                end = target.port_of(wire.target, wire.port, output=False)
                assert scene.wires[wire].ends == (start, end)
        for card in scene.cards.values():
            assert card.pos() == card.home() == card.body().topLeft()
        for frame in scene.groups.frames:
            assert all(frame.body().contains(scene.groups.card_of(i).body()) for i in frame.ids)
        assert_shapes(scene)

    return check


def assert_shapes(scene: CanvasScene) -> None:
    """What is kept of where things are is what the items say."""
    shapes, cards = scene.shapes, scene.cards
    assert shapes.boxes == {i: card.body() for i, card in cards.items()}
    assert shapes.lines == {wire: item.lines[0] for wire, item in scene.wires.items()}
    bent = {wire: item.lines[1:] for wire, item in scene.wires.items() if item.lines[1:]}
    assert shapes.bent == bent
    marks = {(category, i): mark for category, m in shapes.marks.items() for i, mark in m.items()}
    assert marks == {(card.category(), i): card.mark() for i, card in cards.items()}
    around = QRectF()
    for box in shapes.boxes.values():
        around = around.united(box)
    assert shapes.bounds() == around
    ids, corners = shapes.corners.read()
    assert dict(zip(ids, map(tuple, corners.tolist()), strict=True)) == {
        i: box_of(box) for i, box in shapes.boxes.items()
    }
    for area in (
        QRectF(around.center(), around.bottomRight()),
        QRectF(around.center(), QSizeF(0, 0)),
    ):
        meeting = {i for i, box in shapes.boxes.items() if box.intersects(area)}
        assert set(shapes.corners.meeting(area)) == meeting


@pytest.fixture
def edit_at_random(view, editor) -> Callable[..., None]:
    """Makes edits, undoes and redoes them, in an order that a seed gives, and checks after each."""

    def go(seed: int, random_edit: Callable, check: Callable) -> None:
        rng = random.Random(seed)
        done = 0
        for _ in range(60):
            undone = rng.random()
            if undone < 0.15:
                editor.stack.undo()
            elif undone < 0.25:
                editor.stack.redo()
            else:
                try:
                    done += editor.perform(random_edit(editor.graph, rng))
                except (GraphError, IndexError):
                    continue
            check(view, editor)
        assert done > 15
        while editor.stack.canUndo():
            editor.stack.undo()
        check(view, editor)

    return go
