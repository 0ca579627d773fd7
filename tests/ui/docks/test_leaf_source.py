"""Leaves from files, and random ones, in the inspector: chosen and drawn again later."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication, QFileDialog

import gradviz
from gradviz.files.data_files import Columns
from gradviz.graph import Graph, compose
from gradviz_ui.canvas.view import CanvasView
from gradviz_ui.docks.inspector import InspectorPanel
from gradviz_ui.importing import import_files

LEFT = Qt.MouseButton.LeftButton
TABLE = "size,town,price\n1,Bonn,10\n,Ulm,20\n3,Bonn,30\n"


@pytest.fixture
def page(qtbot, editor):
    """The page of a leaf, once it is selected."""
    editor.show_graph(Graph())
    panel = InspectorPanel(editor)
    qtbot.addWidget(panel)
    panel.resize(340, 1100)
    with qtbot.waitExposed(panel):
        panel.show()

    def show(name):
        node = editor.graph.named(name).id
        editor.select([node])
        qtbot.waitUntil(lambda: getattr(panel.page, "node_id", None) == node)
        return panel.page

    return show


def bring(editor, path, answer: Columns = "matrix"):
    def ask(name: str, columns: tuple[str, ...], take: Callable[[Columns], None]) -> None:
        take(answer)

    import_files(editor, [path], (0.0, 0.0), ask)


def data(editor, name):
    return np.asarray(editor.graph.named(name).setting("data"))


def click_column(source, qtbot, name):
    place = source.columns.names().index(name)
    area = source.columns.visualItemRect(source.columns.item(place))
    box = area.topLeft() + QPoint(14, area.height() // 2)
    qtbot.mouseClick(source.columns.viewport(), LEFT, pos=box)


def test_columns_are_chosen_again_from_the_file_that_is_named(page, editor, qtbot, tmp_path):
    path = tmp_path / "towns.csv"
    path.write_text(TABLE)
    bring(editor, path)
    source = page("towns").source
    assert source.isVisible() and source.file.text() == "towns.csv"
    assert data(editor, "towns").shape == (3, 4)
    told = source.told.text().replace("\N{ZERO WIDTH SPACE}", "")
    assert told == "size, town_Bonn, town_Ulm, price; missing values become the column's mean"
    qtbot.mouseClick(source.open_columns, LEFT)
    assert source.columns.names() == ("size", "town_Bonn", "town_Ulm", "price")
    click_column(source, qtbot, "town_Ulm")
    assert data(editor, "towns").tolist() == [[1, 1, 10], [2, 0, 20], [3, 1, 30]]
    assert editor.stack.undoText() == "Choose columns of towns.csv"
    editor.stack.undo()
    assert data(editor, "towns").shape == (3, 4)
    qtbot.waitUntil(lambda: len(source.columns.chosen()) == 4)


def test_missing_values_are_marked_when_asked_for(page, editor, qtbot, tmp_path):
    path = tmp_path / "towns.csv"
    path.write_text(TABLE)
    bring(editor, path)
    source = page("towns").source
    qtbot.mouseClick(source.open_columns, LEFT)
    source.missing.setFocus()
    qtbot.keyClick(source.missing, Qt.Key.Key_Down)
    source.missing.activated.emit(source.missing.currentIndex())
    assert editor.graph.named("towns").setting("missing") == "mark"
    qtbot.waitUntil(lambda: "size_missing" in source.columns.names())
    click_column(source, qtbot, "size_missing")
    assert data(editor, "towns").shape == (3, 5)
    assert data(editor, "towns")[:, 1].tolist() == [0, 1, 0]


def test_one_column_at_least_stays_and_a_file_that_is_gone_is_named(page, editor, qtbot, tmp_path):
    path = tmp_path / "towns.csv"
    path.write_text("size\n1\n2\n")
    bring(editor, path, "apart")
    source = page("size").source
    assert data(editor, "size").tolist() == [1, 2]
    qtbot.mouseClick(source.open_columns, LEFT)
    click_column(source, qtbot, "size")
    assert "there is no column chosen" in source.problem.text()
    assert source.columns.chosen() == ("size",)
    path.unlink()
    source.refresh()
    assert source.problem.isVisible() and "towns.csv" in source.problem.text()
    assert data(editor, "size").tolist() == [1, 2]


def picture(path, colour, width=6):
    image = QImage(width, 4, QImage.Format.Format_RGB888)
    image.fill(colour)
    assert image.save(str(path))
    return path


def test_an_image_is_shown_as_one_and_replaced(page, editor, qtbot, tmp_path, monkeypatch):
    bring(editor, picture(tmp_path / "red.png", Qt.GlobalColor.red))
    shown = page("red")
    source = shown.source
    assert source.picture.image.pixelColor(0, 0) == Qt.GlobalColor.red
    shown.grab()
    other = picture(tmp_path / "blue.png", Qt.GlobalColor.blue, 8)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(other), ""))
    qtbot.mouseClick(source.replace, LEFT)
    qtbot.waitUntil(lambda: source.picture.image.pixelColor(0, 0) == Qt.GlobalColor.blue)
    assert data(editor, "red").shape == (3, 4, 8) and source.file.text() == "blue.png"
    editor.stack.undo()
    assert data(editor, "red").shape == (3, 4, 6)


def test_a_picture_dropped_on_an_images_card_takes_its_place(editor, qtbot, tmp_path):
    editor.show_graph(Graph())
    bring(editor, picture(tmp_path / "red.png", Qt.GlobalColor.red))
    view = CanvasView(editor)
    qtbot.addWidget(view)
    view.resize(600, 400)
    with qtbot.waitExposed(view):
        view.show()
    held = QMimeData()
    path = picture(tmp_path / "green.png", Qt.GlobalColor.green)
    held.setUrls([QUrl.fromLocalFile(str(path))])
    (node,) = editor.graph.nodes
    place = view.mapFromScene(view.canvas.cards[node].body().center())
    assert view.canvas.cards[node].plan.look == "image"
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(place, Qt.DropAction.CopyAction, held, LEFT, none)
    QApplication.sendEvent(view.viewport(), enter)
    event = QDropEvent(place.toPointF(), Qt.DropAction.CopyAction, held, LEFT, none)
    QApplication.sendEvent(view.viewport(), event)
    assert len(editor.graph.nodes) == 1
    assert data(editor, "red")[:, 0, 0].tolist() == [0, 1, 0]
    view.grab()


def test_a_new_seed_draws_other_numbers_and_undo_brings_them_back(page, editor, qtbot):
    editor.perform(compose.add(editor.graph, "randn", name="z", attrs={"size": (2, 3)}))
    shown = page("z")
    node = editor.graph.named("z").id
    first = editor.evaluation.value(node).array
    gradviz.manual_seed(0)
    np.testing.assert_array_equal(first, gradviz.randn(2, 3).array)
    qtbot.mouseClick(shown.random.new_seed, LEFT)
    seed = editor.graph.named("z").setting("seed")
    assert seed != 0 and (editor.evaluation.value(node).array != first).any()
    gradviz.manual_seed(seed)
    np.testing.assert_array_equal(editor.evaluation.value(node).array, gradviz.randn(2, 3).array)
    editor.stack.undo()
    np.testing.assert_array_equal(editor.evaluation.value(node).array, first)


def test_another_distribution_keeps_shape_and_seed(page, editor, qtbot):
    attrs = {"size": (2, 3), "seed": 7}
    editor.perform(compose.add(editor.graph, "randn", name="z", attrs=attrs))
    shown = page("z")
    box = shown.random.distribution
    box.setFocus()
    qtbot.keyClicks(box, "randi")
    box.activated.emit(box.currentIndex())
    node = editor.graph.named("z")
    assert (node.op, node.setting("size"), node.setting("seed")) == ("randint", (2, 3), 7)
    assert (node.setting("low"), node.setting("high")) == (0, 10)
    assert editor.evaluation.value(node.id).dtype.name == "int64"


def test_the_search_offers_pictures_and_puts_one_where_it_was_opened(
    window, qtbot, tmp_path, monkeypatch
):
    path = picture(tmp_path / "red.png", Qt.GlobalColor.red)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(path)], ""))
    view = window.canvas
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Tab)
    field = view.overlays.popup.field
    qtbot.waitUntil(field.isVisible)
    qtbot.keyClicks(field, "image")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "red" in window.editor.graph.ids_by_name)
    assert data(window.editor, "red").shape == (3, 4, 6)
