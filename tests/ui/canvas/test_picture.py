"""Pictures without a window, tidying up, what is dropped, and a large graph."""

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from gradviz.graph import AddNode, AddWire, Batch, Graph, Node, Wire, compose, decorating
from gradviz_ui.canvas.dropping import MIME
from gradviz_ui.canvas.picture import graph_pixmap, paint_scene, save_picture
from gradviz_ui.canvas.scene import CanvasScene
from gradviz_ui.motion import motion
from gradviz_ui.theme import current, qcolor


def colours(image: QImage) -> set[str]:
    return {
        image.pixelColor(x, y).name()
        for x in range(0, image.width(), 2)
        for y in range(0, image.height(), 2)
    }


def test_a_thumbnail_shows_the_cards_on_nothing(editor):
    pixmap = graph_pixmap(editor.graph, QSize(300, 160), 2.0)
    image = pixmap.toImage()
    assert (image.width(), image.height(), pixmap.devicePixelRatio()) == (600, 320, 2.0)
    assert image.pixelColor(1, 1).alpha() == 0
    assert qcolor(current().categories["leaf"]).name() in colours(image)


def test_an_empty_graphs_thumbnail_is_empty(qapp):
    image = graph_pixmap(Graph(), QSize(40, 30)).toImage()
    assert colours(image) == {"#000000"} and image.pixelColor(3, 3).alpha() == 0


def test_the_document_is_written_as_png_and_svg(editor, tmp_path):
    save_picture(editor, tmp_path / "graph.png")
    image = QImage(str(tmp_path / "graph.png"))
    assert qcolor(current().categories["elem"]).name() in colours(image)
    save_picture(editor, tmp_path / "graph.svg")
    text = (tmp_path / "graph.svg").read_text(encoding="utf-8")
    assert "theta1" in text and QSvgRenderer(str(tmp_path / "graph.svg")).isValid()


@pytest.mark.parametrize("flow", ["right", "down"])
def test_a_picture_says_what_wires_carry_as_the_canvas_does(editor, view, showing, tmp_path, flow):
    graph = showing("c = tensor([[1.0], [2.0]]) * tensor([[1, 2, 3]])\nJ = sum(c)")
    editor.perform(compose.set_flow(graph, flow))
    view.tidy()
    view.tidying.cancel()
    view.fit()
    seen = view.canvas.bounds()
    said = [words for _, words, _ in view.canvas.labels.placed(seen)]
    assert "(2, 3)" in said and any("→" in words for words in said)
    save_picture(editor, tmp_path / "graph.svg")
    text = (tmp_path / "graph.svg").read_text(encoding="utf-8")
    assert all(f">{words}</text>" in text for words in said)


def test_in_a_small_picture_nothing_is_written_on_wires(editor, showing, monkeypatch):
    showing("c = tensor([[1.0], [2.0]]) * 2\nJ = sum(c)")

    def painted(width: int, height: int) -> bool:
        image = QImage(width, height, QImage.Format.Format_RGB32)
        scene, found = CanvasScene(editor, whole=True), []
        monkeypatch.setattr(scene.labels, "paint", lambda *seen: found.append(seen))
        painter = QPainter(image)
        paint_scene(scene, painter, QRectF(image.rect()))
        painter.end()
        scene.deleteLater()
        return bool(found)

    assert painted(1600, 900) and not painted(240, 160)


def test_frames_and_notes_are_in_every_form_of_picture_and_formulas_are_not_bold(
    editor, view, tmp_path
):
    graph = editor.graph
    editor.perform(decorating.add_frame(graph, (-40, -60), (400, 300), "Both parameters"))
    editor.perform(decorating.add_note(graph, (0, 400), (300, 60), "a *bowl*: $J = x^2$"))
    for form in (".png", ".pdf", ".svg"):
        save_picture(editor, tmp_path / f"graph{form}")
        assert (tmp_path / f"graph{form}").stat().st_size > 5000
    text = (tmp_path / "graph.svg").read_text(encoding="utf-8")
    assert "Both parameters" in text and ">bowl<" in text
    assert "miterlimit" not in text


def test_a_picture_that_cannot_be_is_refused(editor, tmp_path):
    with pytest.raises(ValueError, match=r"\.gif"):
        save_picture(editor, tmp_path / "graph.gif")
    for name in ("graph.png", "graph.svg"):
        with pytest.raises(OSError):
            save_picture(editor, tmp_path / "missing" / name)


def mixed_up(count: int) -> Graph:
    graph, random = Graph(), np.random.default_rng(0)
    edits = []
    for i in range(count):
        place = (float(random.integers(0, 200)), float(random.integers(0, 200)))
        op = "tensor" if i < 8 else "mul"
        edits.append(AddNode(Node(f"n{i}", op, f"v{i}", {}, {}, place)))
        if i >= 8:
            edits += [
                AddWire(Wire(f"n{int(random.integers(i - 8, i))}", f"n{i}", p)) for p in (0, 1)
            ]
    graph.apply(Batch(tuple(edits)))
    return graph


@pytest.mark.parametrize("count", [30, 300])
def test_tidying_up_leaves_no_card_on_another_and_every_wire_running_right(
    view, editor, qtbot, count
):
    editor.show_graph(mixed_up(count))
    with qtbot.waitSignal(view.tidying.finished, timeout=60000):
        view.tidy()
    bodies = [card.body() for card in view.canvas.cards.values()]
    crowded = [(a, b) for i, a in enumerate(bodies) for b in bodies[i + 1 :] if a.intersects(b)]
    assert not crowded
    assert all(item.ends[0].x() < item.ends[1].x() for item in view.canvas.wires.values())
    assert editor.stack.count() == 1
    editor.stack.undo()
    card = view.canvas.cards["n9"]
    assert (card.pos().x(), card.pos().y()) == editor.graph.node("n9").position


def test_tidying_up_is_shown_where_movement_is_wanted(view, editor, qtbot):
    editor.show_graph(mixed_up(20))
    motion().choose(False)
    places = set()
    card = view.canvas.cards["n15"]
    view.canvas.changed.connect(lambda _areas: places.add(card.pos().toTuple()))
    with qtbot.waitSignal(view.tidying.finished):
        view.tidy()
    assert len(places) > 1
    assert card.pos().toTuple() == editor.graph.node("n15").position


def test_an_operation_dropped_from_the_library_is_added_there(view, editor):
    data = QMimeData()
    data.setData(MIME, b"tanh")
    place, copy, left = QPointF(120, 500), Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    keys = Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(place.toPoint(), copy, data, left, keys)
    QApplication.sendEvent(view.viewport(), entering)
    assert entering.isAccepted()
    QApplication.sendEvent(view.viewport(), QDropEvent(place, copy, data, left, keys))
    node = editor.graph.named("tanh")
    goal = view.scene_point(place)
    assert (QPointF(*node.position) - goal).manhattanLength() < 2


def test_a_thousand_cards_are_shown_far_and_near(view, editor, qtbot):
    graph = mixed_up(1000)
    editor.show_graph(graph)
    with qtbot.waitSignal(view.tidying.finished, timeout=60000):
        view.tidy()
    view.fit()
    assert view.zoom < 0.35
    far = colours(view.grab().toImage())
    assert qcolor(current().categories["elem"]).name() in far
    view.zoom_reset()
    near = view.grab().toImage()
    assert qcolor(current().card).name() in colours(near)


def test_a_few_cards_keep_their_looks_in_a_small_view(view, showing):
    showing("y = a * b\nz = exp(y)")
    view.zoom_by(0.3 / view.zoom)
    image = view.grab().toImage()
    body = view.canvas.cards[view.editor.graph.named("y").id].body()
    # From far away a box in the operation's colour would cover this place.
    place = view.viewport().mapTo(view, view.mapFromScene(body.right() - 20, body.bottom() - 20))
    assert image.pixelColor(place) == qcolor(current().card)
