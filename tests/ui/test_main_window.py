import json
import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QMessageBox, QSplitter

from gradviz_ui import app, file_actions, paths
from gradviz_ui.canvas import CanvasView
from gradviz_ui.main_window import MainWindow

CTRL = Qt.KeyboardModifier.ControlModifier


def segment(window, title):
    return next(b for b in window.top_bar.workspaces.children() if b.property("text") == title)


def test_the_segments_choose_the_workspace(window, qtbot):
    qtbot.mouseClick(segment(window, "Backward"), Qt.MouseButton.LeftButton)
    assert window.editor.workspace == "backward"
    qtbot.mouseClick(segment(window, "Build"), Qt.MouseButton.LeftButton)
    assert window.editor.workspace == "build"


def test_the_one_canvas_is_in_front_wherever_one_goes(window, qtbot):
    for key, name in ((Qt.Key.Key_2, "backward"), (Qt.Key.Key_1, "build")):
        qtbot.keyClick(window.canvas, key, CTRL)
        assert window.editor.workspace == name
        assert window.canvas.isVisible()
    assert len(window.findChildren(CanvasView)) == 1


def test_the_arrow_keys_walk_the_backward_pass_only_in_backward(window, qtbot):
    qtbot.keyClick(window.canvas, Qt.Key.Key_Right)
    assert window.editor.moment == 0
    window.show_workspace("backward")
    qtbot.waitUntil(window.actions_by_name["step"].isEnabled)
    qtbot.keyClick(window.canvas, Qt.Key.Key_Right)
    assert window.editor.moment == 1
    qtbot.keyClick(window.canvas, Qt.Key.Key_End)
    assert window.editor.moment == len(window.editor.walk)
    qtbot.waitUntil(window.actions_by_name["back"].isEnabled)
    qtbot.keyClick(window.canvas, Qt.Key.Key_Left)
    qtbot.keyClick(window.canvas, Qt.Key.Key_Home)
    assert window.editor.moment == 0


def test_a_text_field_keeps_the_arrow_keys(window, qtbot):
    window.show_workspace("backward")
    field = window.findChild(QLineEdit)
    qtbot.waitUntil(window.actions_by_name["step"].isEnabled)
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Right)
    assert window.editor.moment == 0


def test_undo_and_redo_by_keys(window, qtbot):
    theta = window.editor.graph.named("theta1")
    window.editor.select([theta.id])
    qtbot.waitUntil(window.actions_by_name["duplicate"].isEnabled)
    qtbot.keyClick(window.canvas, Qt.Key.Key_D, CTRL)
    assert len(window.editor.graph.nodes) == 6
    qtbot.waitUntil(window.actions_by_name["undo"].isEnabled)
    qtbot.keyClick(window.canvas, Qt.Key.Key_Z, CTRL)
    assert len(window.editor.graph.nodes) == 5
    qtbot.waitUntil(window.actions_by_name["redo"].isEnabled)
    qtbot.keyClick(window.canvas, Qt.Key.Key_Y, CTRL)
    assert len(window.editor.graph.nodes) == 6


def test_copy_and_paste_by_keys_select_what_came(window, qtbot):
    window.editor.select(window.editor.graph.nodes)
    qtbot.waitUntil(window.actions_by_name["copy"].isEnabled)
    qtbot.keyClick(window.canvas, Qt.Key.Key_C, CTRL)
    qtbot.keyClick(window.canvas, Qt.Key.Key_V, CTRL)
    assert len(window.editor.graph.nodes) == 10
    assert len(window.editor.selection) == 5


def test_copies_lie_on_no_card(window, qtbot):
    scene = window.canvas.canvas
    window.editor.select(window.editor.graph.nodes)
    qtbot.waitUntil(window.actions_by_name["copy"].isEnabled)
    qtbot.keyClick(window.canvas, Qt.Key.Key_D, CTRL)
    qtbot.keyClick(window.canvas, Qt.Key.Key_C, CTRL)
    qtbot.keyClick(window.canvas, Qt.Key.Key_V, CTRL)
    qtbot.keyClick(window.canvas, Qt.Key.Key_V, CTRL)
    bodies = [card.body() for card in scene.cards.values()]
    assert len(bodies) == 20
    assert not any(a.intersects(b) for i, a in enumerate(bodies) for b in bodies[:i])


def test_closing_with_changes_asks(window, monkeypatch, do):
    window.editor.select([window.editor.graph.named("J").id])
    do("duplicate")
    asked = []

    def answer(box):
        asked.append(box.text())
        return QMessageBox.StandardButton.Cancel

    monkeypatch.setattr(QMessageBox, "exec", answer)
    assert not window.close()
    assert window.isVisible() and len(asked) == 1
    monkeypatch.setattr(QMessageBox, "exec", lambda box: QMessageBox.StandardButton.Discard)
    assert window.close()


def test_saving_remembers_the_file_and_names_it(window, tmp_path, do):
    path = tmp_path / "mine.gradviz"
    assert file_actions.save_to(window, path)
    assert json.loads(path.read_text(encoding="utf-8"))["format"] == 1
    assert window.state.recent == (path,)
    assert window.status.file.text() == "mine.gradviz · saved"
    window.editor.select([window.editor.graph.named("J").id])
    do("duplicate")
    assert window.status.file.text() == "mine.gradviz · not saved"


def test_a_file_that_is_none_is_said_and_the_document_stays(window, tmp_path):
    path = tmp_path / "bad.gradviz"
    path.write_text("{", encoding="utf-8")
    before = window.editor.graph
    assert not file_actions.open_path(window, path)
    assert window.editor.graph is before
    assert window.notice.isVisible() and "bad.gradviz" in window.notice.words.text()


def test_saving_where_nothing_can_be_written_says_so(window, tmp_path):
    assert not file_actions.save_to(window, tmp_path / "none" / "x.gradviz")
    assert window.notice.isVisible() and "x.gradviz" in window.notice.words.text()


def test_a_sample_has_no_file_to_write_into(window):
    assert file_actions.open_path(window, paths.sample("bowl.gradviz"), sample=True)
    assert window.editor.path is None
    assert window.state.recent == ()


def test_a_failure_of_the_program_is_shown_and_the_window_lives(window, monkeypatch, capsys):
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    app.say_failures(window)
    try:
        raise RuntimeError("the moon fell down")
    except RuntimeError as failure:
        sys.excepthook(RuntimeError, failure, failure.__traceback__)
    assert window.notice.isVisible()
    assert "the moon fell down" in window.notice.words.text()
    assert "Traceback" in capsys.readouterr().err


def test_the_workspace_and_the_splitters_are_remembered(window, qtbot, state):
    window.show_workspace("backward")
    assert state.workspace == "backward"
    split = window.workspaces.currentWidget()
    handle = split.handle(1)
    qtbot.mousePress(handle, Qt.MouseButton.LeftButton)
    qtbot.mouseMove(handle, handle.rect().center())
    split.moveSplitter(300, 1)
    sizes = split.sizes()
    second = MainWindow(window.editor, state)
    qtbot.addWidget(second)
    second.resize(window.size())
    second.show()
    qtbot.waitExposed(second)
    found = second.workspaces.currentWidget()
    assert isinstance(found, QSplitter)
    assert found.sizes() == pytest.approx(sizes, abs=2)


def test_the_theme_is_toggled_by_its_button_and_remembered(window, qtbot, state):
    button = window.top_bar.findChild(object, "button-theme")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert state.theme == "dark"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert state.theme == "light"


def test_the_status_counts_and_times(window, qtbot):
    assert window.status.nodes.text() == "5 nodes"
    qtbot.waitUntil(lambda: "backward" in window.status.times.text())
    assert window.status.times.text().startswith("forward ")


def test_a_picture_is_written_or_it_is_said_why_not(window, tmp_path):
    assert file_actions.export_to(window, tmp_path / "x.svg")
    assert (tmp_path / "x.svg").read_text(encoding="utf-8").count("<svg") == 1
    assert not file_actions.export_to(window, tmp_path / "x.bmp")
    assert ".bmp" in window.notice.words.text()
    assert not file_actions.export_to(window, tmp_path / "none" / "x.png")
    assert "x.png" in window.notice.words.text()


def test_the_pass_is_exported_as_an_animation_and_the_window_stays_as_it_was(window, tmp_path):
    window.show_workspace("backward")
    window.editor.set_moment(2)
    assert file_actions.export_to(window, tmp_path / "pass.gif")
    assert (tmp_path / "pass.gif").read_bytes().startswith(b"GIF8")
    assert window.editor.moment == 2


def test_the_stepping_keys_go_down_the_landscape_in_descend(window, qtbot):
    window.show_workspace("descend")
    qtbot.waitUntil(window.actions_by_name["step"].isEnabled)
    reached = []
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Home):
        qtbot.keyClick(window.canvas, key)
        reached.append(window.descend.race.step)
    assert reached == [1, 2, 1, 0]


@pytest.mark.parametrize(
    ("name", "key"), [("sweep", "sweep"), ("phase_map", "phase"), ("basins", "basins")]
)
def test_what_compares_runners_is_an_action_away(window, do, name, key):
    do(name)
    assert window.shows("descend")
    assert window.descend.centre.switch.group.current() == key
    assert window.descend.centre.page(key).isVisible()
    window.descend.close()
