"""The person's own library of groups: kept, listed, put in again, renamed, deleted."""

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QLineEdit, QMenu, QMessageBox

from gradviz.files import dumps, load
from gradviz.graph import Graph, group_ports, grouping
from gradviz.graph.borders import border_of
from gradviz.program import update
from gradviz_ui.additions import additions
from gradviz_ui.docks.library import OP, LibraryPanel

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def grouped(window, editor):
    """A document with a group ``wave`` of two nodes, selected, whose input is called ``angle``."""
    graph = Graph()
    graph.apply(update(graph, "a = sin(x)\nb = a * x\nJ = exp(b)"))
    editor.show_graph(graph)
    ids = [graph.ids_by_name[name] for name in ("a", "b")]
    editor.perform(grouping.make_group(graph, ids, "wave"))
    editor.perform(group_ports.rename_port(graph, "g1", "inputs", 0, "angle"))
    editor.select(ids)
    window.canvas.setFocus()
    return graph


def library_of(window) -> LibraryPanel:
    panel = window.page.workspaces.shelf.widget("library")
    assert isinstance(panel, LibraryPanel)
    return panel


def kept_rows(panel) -> list[str]:
    entries = [panel.list.item(row).data(OP) for row in range(panel.list.count())]
    return [e.name for e in entries if getattr(e, "heading", "") == "My groups"]


def test_a_group_is_kept_shown_in_the_library_and_put_in_elsewhere_by_search(
    window, editor, grouped, do, qtbot, own_library
):
    do("keep_group")
    panel = library_of(window)
    assert panel.isVisible() and kept_rows(panel) == ["wave"]
    assert panel.list.currentItem().text() == "wave"
    assert str(own_library) in panel.list.currentItem().toolTip()
    assert "angle" in panel.list.currentItem().toolTip()
    assert not editor.stack.isClean()
    editor.show_graph(Graph())
    canvas = window.canvas
    canvas.overlays.search_at(QPoint(200, 200))
    qtbot.keyClicks(canvas.overlays.popup.field, "wave")
    qtbot.keyClick(canvas.overlays.popup.field, Qt.Key.Key_Return)
    graph = editor.graph
    (group,) = graph.groups.values()
    assert group.name == "wave" and group.collapsed and editor.selection == group.members
    assert canvas.hasFocus()
    found = border_of(graph, group.id)
    assert found.names[0] == ("angle",) and found.inputs[0][0] is None
    assert len(found.inputs[0][1]) == 2
    editor.stack.undo()
    assert not graph.nodes and not editor.stack.canUndo()


def test_kept_twice_it_has_a_number_and_a_name_that_no_file_can_have_is_made_one(
    editor, grouped, own_library
):
    assert [editor.library.keep(editor.graph, "g1") for _ in range(2)] == ["wave", "wave 2"]
    editor.perform(grouping.rename_group(editor.graph, "g1", "a/b: c?"))
    assert editor.library.keep(editor.graph, "g1") == "a_b_ c_"
    editor.perform(grouping.rename_group(editor.graph, "g1", "con"))
    assert editor.library.keep(editor.graph, "g1") == "con_"
    assert sorted(p.name for p in own_library.iterdir()) == [
        "a_b_ c_.gradviz", "con_.gradviz", "wave 2.gradviz", "wave.gradviz",
    ]  # fmt: skip
    assert load(own_library / "wave.gradviz").groups["g1"].collapsed


def test_a_broken_file_is_listed_with_what_is_wrong_and_never_put_in(
    window, editor, own_library, qtbot
):
    own_library.mkdir()
    (own_library / "torn.gradviz").write_text('{"format": 1, "nodes": [{"id"')
    (own_library / "empty.gradviz").write_text('{"format": 1}')
    entries = {a.name: a for a in additions(editor.library) if a.heading == "My groups"}
    assert "torn.gradviz" in entries["torn"].problem and "cut off" in entries["torn"].problem
    before, reasons = dumps(editor.graph), []
    editor.refused.connect(reasons.append)
    for name in ("torn", "empty", "not there"):
        editor.add_wanted.emit(f"kept/{name}")
    assert len(reasons) == 3 and "cut off" in reasons[0] and "nothing in it" in reasons[1]
    assert dumps(editor.graph) == before
    panel = library_of(window)
    panel.field.setText("torn")
    assert panel.list.item(0).text() == "torn" and "cut off" in panel.list.item(0).toolTip()


def menu_line(panel, words: str) -> None:
    """Take a line of the menu of the marked row."""
    place = panel.list.visualItemRect(panel.list.currentItem()).center()
    panel.list.customContextMenuRequested.emit(place)
    menu = next(m for m in panel.findChildren(QMenu) if m.isVisible())
    line = next(a for a in menu.actions() if a.text() == words)
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(line).center())


def test_a_kept_group_is_renamed_and_deleted_from_its_row(
    window, editor, grouped, do, qtbot, own_library
):
    do("keep_group")
    panel = library_of(window)

    def answer_name() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QInputDialog)
        field = dialog.findChild(QLineEdit)
        assert field is not None
        field.setText("swell")
        qtbot.keyClick(field, Qt.Key.Key_Return)

    QTimer.singleShot(0, answer_name)
    menu_line(panel, "Rename…")
    assert kept_rows(panel) == ["swell"]
    panel.show_kept("swell")

    def answer_yes() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QMessageBox) and str(own_library) in dialog.text()
        qtbot.mouseClick(dialog.button(QMessageBox.StandardButton.Yes), Qt.MouseButton.LeftButton)

    QTimer.singleShot(0, answer_yes)
    menu_line(panel, "Delete…")
    assert kept_rows(panel) == [] and not list(own_library.iterdir())
    assert grouped.groups["g1"].name == "wave"


def test_a_name_that_is_taken_and_a_folder_that_cannot_be_written_are_told(
    window, editor, grouped, do, own_library
):
    editor.library.keep(editor.graph, "g1")
    editor.library.keep(editor.graph, "g1")
    assert "already" in editor.library.rename("wave", "wave 2")
    assert editor.library.rename("wave", "  ") and editor.library.rename("wave", "Wave") == ""
    editor.library.folder = own_library / "Wave.gradviz"
    reasons = []
    editor.refused.connect(reasons.append)
    do("keep_group")
    assert len(reasons) == 1 and str(editor.library.folder) in reasons[0]


def test_another_documents_panel_lists_what_was_kept_meanwhile(window, editor, grouped):
    panel = library_of(window)
    panel.hide()
    other = type(editor.library)()
    other.keep(editor.graph, "g1")
    panel.show()
    assert kept_rows(panel) == ["wave"]


def test_a_layer_is_put_in_from_the_command_palette(window, editor, qtbot):
    editor.show_graph(Graph())
    qtbot.keyClick(window.canvas, Qt.Key.Key_K, CTRL)
    palette = window._palette
    qtbot.keyClicks(palette.field, "Add LSTMCell")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    form = window.canvas.overlays.layer_form
    assert form.isVisible() and form.title.text() == "Add LSTMCell"
    qtbot.mouseClick(form.insert, Qt.MouseButton.LeftButton)
    (group,) = editor.graph.groups.values()
    found = border_of(editor.graph, group.id)
    assert found.names == (("input", "hx", "cx"), ("h_1", "c_1"))
