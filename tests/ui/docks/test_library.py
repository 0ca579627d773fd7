import pytest
from PySide6.QtCore import Qt

from gradviz.layers import LAYERS
from gradviz.ops.table import OPS
from gradviz_ui.additions import FILES
from gradviz_ui.docks.library import MIME, OP, LibraryPanel
from gradviz_ui.docks.operations import families, search


@pytest.fixture
def library(qtbot, editor):
    panel = LibraryPanel(editor)
    qtbot.addWidget(panel)
    panel.resize(280, 600)
    panel.show()
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    return panel


def listed(panel):
    items = [panel.list.item(row) for row in range(panel.list.count())]
    return [item.data(OP).name for item in items if item.data(OP)]


def test_every_operation_that_can_be_added_is_listed_once(library):
    names = [op.name for op in OPS.values() if op.addable]
    assert sorted(listed(library)) == sorted([*names, *LAYERS, *(each.name for each in FILES)])
    assert sum(len(family.ops) for family in families()) == len(names)


@pytest.mark.parametrize(
    ("typed", "first"), [("sin", "sin"), ("parameter", "tensor"), ("matmul", "matmul")]
)
def test_search_finds_by_name_and_other_names(typed, first):
    assert search(typed)[0].name == first


def test_typing_and_enter_add_the_first_found(library, qtbot, editor):
    qtbot.mouseClick(library.field, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(library.field, "tanh")
    assert listed(library)[0] == "tanh"
    with qtbot.waitSignal(editor.add_wanted) as asked:
        qtbot.keyClick(library.field, Qt.Key.Key_Return)
    assert asked.args == ["tanh"]


def test_down_goes_into_the_list_and_enter_adds_from_there(library, qtbot, editor):
    library.field.setFocus()
    qtbot.keyClick(library.field, Qt.Key.Key_Down)
    chosen = library.list.currentItem().data(OP).name
    with qtbot.waitSignal(editor.add_wanted) as asked:
        qtbot.keyClick(library.list, Qt.Key.Key_Return)
    assert asked.args == [chosen]


def test_a_double_click_adds(library, qtbot, editor):
    view = library.list
    place = view.visualItemRect(view.item(1)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    with qtbot.waitSignal(editor.add_wanted) as asked:
        qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert asked.args == [view.item(1).data(OP).name]


def test_nothing_found_is_said(library, qtbot):
    qtbot.keyClicks(library.field, "qqqzzz")
    assert library.none.isVisible() and library.list.count() == 0


def test_what_is_dragged_carries_the_name(library):
    data = library.list.mimeData([library.list.item(1)])
    assert bytes(data.data(MIME)).decode() == library.list.item(1).data(OP).name


def test_asked_for_in_the_window_it_is_added_and_selected(window):
    window.editor.add_wanted.emit("tanh")
    (chosen,) = window.editor.selection
    assert window.editor.graph.node(chosen).op == "tanh"
