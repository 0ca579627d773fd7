"""Watches: what is pinned stays in the document, and is followed while values move."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from gradviz.files import FileError
from gradviz.files.reading import loads
from gradviz.files.writing import dumps
from gradviz.graph import Graph, compose
from gradviz_ui.docks.inspector_node import NodePage
from gradviz_ui.docks.watches import WatchesPanel
from gradviz_ui.numbers import full, short

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def watches(qtbot, editor):
    panel = WatchesPanel(editor)
    qtbot.addWidget(panel)
    panel.resize(320, 500)
    with qtbot.waitExposed(panel):
        panel.show()
    return panel


def ident(editor, name):
    return editor.graph.named(name).id


def put(editor, name, value):
    editor.perform(compose.set_value(editor.graph, ident(editor, name), value))


def test_a_key_watches_the_selection_and_takes_it_back(window, qtbot, press):
    editor = window.editor
    chosen = {ident(editor, "theta1"), ident(editor, "J")}
    editor.select(chosen)
    press("watch", Qt.Key.Key_W, Qt.KeyboardModifier.NoModifier)
    assert set(editor.graph.watches) == chosen
    assert editor.stack.undoText() == "Watch 2 nodes"
    again = loads(dumps(editor.graph), "again")
    assert again.watches == editor.graph.watches
    assert window.canvas.canvas.cards[ident(editor, "J")].content.watched
    press("watch", Qt.Key.Key_W, Qt.KeyboardModifier.NoModifier)
    assert editor.graph.watches == ()
    editor.stack.undo()
    assert set(editor.graph.watches) == chosen


def test_the_curve_follows_the_values(watches, editor, qtbot):
    assert watches.none.isVisible()
    put(editor, "theta1", 1.0)
    editor.watches.watch([ident(editor, "J")])
    qtbot.waitUntil(lambda: len(watches.rows) == 1)
    (row,) = watches.rows
    start = float(editor.value(row.node_id).item())
    for value in (2.0, 3.0, 3.0):
        put(editor, "theta1", value)
    qtbot.waitUntil(lambda: row.curve.numbers == (start, start + 3, start + 8))
    assert row.value.text() == short(start + 8)
    row.grab()
    put(editor, "theta1", np.array(np.nan, np.float32))
    qtbot.waitUntil(lambda: row.value.text() == "nan")
    row.grab()


def test_every_digit_is_told_however_wide_the_panel_was(watches, editor, qtbot):
    put(editor, "theta1", 1 / 3)
    editor.watches.watch([ident(editor, "theta1")])
    qtbot.waitUntil(lambda: bool(watches.rows))
    figure = watches.rows[0].value
    for width in (20, 200):
        figure.resize(width, figure.height())
    assert figure.toolTip() == full(np.float32(1 / 3))


def test_of_a_tensor_shape_and_mean_are_said(watches, editor, qtbot):
    put(editor, "theta1", np.array([[1.0, 2.0], [3.0, 6.0]], np.float32))
    editor.watches.watch([ident(editor, "theta1")])
    qtbot.waitUntil(lambda: bool(watches.rows))
    assert watches.rows[0].value.text() == "(2, 2)   mean 3.000"
    put(editor, "theta1", np.zeros((0, 2), np.float32))
    qtbot.waitUntil(lambda: watches.rows[0].value.text() == "(0, 2)")


def test_gradients_are_there_in_backward_only(watches, editor, qtbot):
    editor.watches.watch([ident(editor, "theta1")])
    qtbot.waitUntil(lambda: bool(watches.rows))
    row = watches.rows[0]
    assert row.grad_row.isHidden()
    editor.set_workspace("backward")
    qtbot.waitUntil(lambda: row.grad_row.isVisible())
    assert row.grad.text() == "· · ·"
    editor.set_moment(len(editor.walk))
    qtbot.waitUntil(lambda: row.grad.text() == "2.000")


def test_a_row_goes_to_its_node_and_can_be_taken_away(watches, editor, qtbot):
    both = [ident(editor, "theta1"), ident(editor, "theta2")]
    editor.watches.watch(both)
    qtbot.waitUntil(lambda: len(watches.rows) == 2)
    with qtbot.waitSignal(editor.reveal_wanted):
        qtbot.mouseClick(watches.rows[1].name, LEFT)
    assert editor.selection == {both[1]}
    qtbot.mouseClick(watches.rows[0].close_button, LEFT)
    qtbot.waitUntil(lambda: len(watches.rows) == 1)
    qtbot.keyClick(watches.rows[0].name, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: watches.none.isVisible())
    assert editor.graph.watches == ()


def test_a_deleted_node_is_followed_again_once_it_is_back(watches, editor, qtbot):
    node = ident(editor, "theta1")
    editor.watches.watch([node])
    qtbot.waitUntil(lambda: len(watches.rows) == 1)
    editor.perform(compose.delete(editor.graph, [node]))
    qtbot.waitUntil(lambda: not watches.rows)
    assert "watches" not in dumps(editor.graph)
    editor.stack.undo()
    qtbot.waitUntil(lambda: len(watches.rows) == 1)


def test_a_file_that_watches_what_is_not_there_is_refused(editor):
    editor.watches.watch([ident(editor, "theta1")])
    text = dumps(editor.graph)
    watched = f'"watches": ["{editor.graph.watches[0]}"]'
    with pytest.raises(ValueError, match=r"watches\[0\]: there is no node 'n99'"):
        loads(text.replace(watched, '"watches": ["n99"]'), "a")
    with pytest.raises(ValueError, match="is watched already"):
        loads(text.replace(watched, watched.replace("]", f', "{editor.graph.watches[0]}"]')), "a")


def test_the_inspectors_eye_watches(qtbot, editor):
    from gradviz_ui.docks.inspector import InspectorPanel
    from gradviz_ui.docks.inspector_node import NodePage

    panel = InspectorPanel(editor)
    qtbot.addWidget(panel)
    panel.show()
    node = ident(editor, "theta1")
    editor.select([node])
    qtbot.waitUntil(lambda: getattr(panel.page, "node_id", None) == node)
    assert isinstance(panel.page, NodePage)
    qtbot.mouseClick(panel.page.header.pin, LEFT)
    assert editor.graph.watches == (node,)


@pytest.fixture
def greatest(editor):
    """A document of the greatest of some numbers, and where it is: two outputs."""
    graph = Graph()
    graph.apply(compose.add(graph, "tensor", attrs={"data": np.array([1.0, 5.0, 2.0])}))
    graph.apply(compose.add(graph, "max.dim", name="top"))
    graph.apply(compose.connect(graph, "n1", 0, "n2", 0))
    editor.show_graph(graph)
    return editor


def test_of_several_outputs_the_pinned_one_is_followed(greatest, watches, qtbot):
    editor = greatest
    page = NodePage(editor, "n2")
    qtbot.addWidget(page)
    page.resize(320, 900)
    with qtbot.waitExposed(page):
        page.show()
    assert [row.figure.text() for row in page.outputs.rows] == ["5.000", "1"]
    qtbot.mouseClick(page.outputs.rows[1].pin, LEFT)
    assert editor.graph.watches == ("n2:1",) and not page.header.pin.isChecked()
    qtbot.waitUntil(lambda: len(watches.rows) == 1)
    assert (watches.rows[0].name.text(), watches.rows[0].value.text()) == ("top indices", "1")
    editor.perform(compose.set_value(editor.graph, "n1", np.array([1.0, 5.0, 9.0])))
    qtbot.waitUntil(lambda: watches.rows[0].value.text() == "2")
    assert watches.rows[0].curve.numbers == (1.0, 2.0)
    page.refresh()
    assert page.outputs.rows[1].pin.isChecked()
    qtbot.mouseClick(page.header.pin, LEFT)
    qtbot.waitUntil(lambda: len(watches.rows) == 2)
    assert [row.name.text() for row in watches.rows] == ["top indices", "top values"]
    qtbot.mouseClick(watches.rows[0].close_button, LEFT)
    assert editor.graph.watches == ("n2",)


def test_a_watch_of_an_output_is_kept_in_the_file(greatest):
    greatest.watches.watch(["n2:1"])
    text = dumps(greatest.graph)
    assert loads(text, "again").watches == ("n2:1",)
    with pytest.raises(FileError, match="a node's id, with : and a number from 1 on"):
        loads(text.replace("n2:1", "n2:0"), "again")


def test_a_watched_output_that_is_there_no_more_has_no_value(greatest, watches, qtbot):
    greatest.watches.watch(["n2:1"])
    greatest.watches.watch(["n2:7"])
    qtbot.waitUntil(lambda: len(watches.rows) == 2)
    assert [row.value.text() for row in watches.rows] == ["1", "—"]
    greatest.perform(compose.delete(greatest.graph, ["n2"]))
    qtbot.waitUntil(lambda: not watches.rows)
