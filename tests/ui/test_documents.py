"""Several documents in one window: as tabs that are chosen, ordered and closed by mouse and key."""

import gc
import weakref

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtWidgets import QMessageBox, QTabBar

from gradviz.graph import Graph, compose
from gradviz_ui import file_actions, paths
from gradviz_ui.recovery import left_behind

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def titles(window):
    return [page.title for page in window.documents.pages]


def shown(window):
    """What is written on the tabs."""
    strip = window.documents.strip
    return [strip.tabText(i) for i in range(strip.count())]


def middle_of(window, place):
    return window.documents.strip.tabRect(place).center()


def rename(editor, name):
    editor.perform(compose.rename(editor.graph, editor.graph.output(), name))


@pytest.fixture
def answer(monkeypatch):
    """A function: answer the question about unsaved work so, and list what was asked."""

    def give(button):
        asked = []

        def reply(box):
            asked.append(box.text())
            return button

        monkeypatch.setattr(QMessageBox, "exec", reply)
        return asked

    return give


@pytest.fixture
def three(window, qtbot):
    """A window with the bowl, the saddle and a fan-out open, the last in front."""
    for name in ("saddle", "fan_out"):
        assert file_actions.open_path(window, paths.sample(f"{name}.gradviz"), sample=True)
    qtbot.waitUntil(window.documents.strip.isVisible)
    return window


def test_one_document_needs_no_strip_and_a_second_gets_a_tab(window, qtbot, do):
    assert not window.documents.strip.isVisible()
    bowl = window.editor
    do("new")
    assert window.documents.strip.isVisible() and len(window.documents.pages) == 2
    assert window.editor is not bowl and window.formula_bar.editing
    qtbot.keyClicks(window.formula_bar.field, "y = 3 * 4")
    qtbot.keyClick(window.formula_bar.field, Qt.Key.Key_Return)
    assert window.editor.graph.named("y") and not bowl.graph.named("y")


def test_a_document_that_nobody_touched_makes_room_for_the_one_opened(window, do):
    do("new")
    assert window.documents.current.blank
    assert file_actions.open_path(window, paths.sample("saddle.gradviz"), sample=True)
    assert len(window.documents.pages) == 2 and window.page.title == "Saddle"


def test_a_click_on_a_tab_brings_its_document_to_the_front(three, qtbot):
    pages = list(three.documents.pages)
    for place in (0, 1):
        qtbot.mouseClick(three.documents.strip, LEFT, pos=middle_of(three, place))
        assert three.page is pages[place]
        assert three.canvas.isVisible() and three.formula_bar.isVisible()
        assert [page.canvas.isVisible() for page in pages].count(True) == 1
        assert [page.formula_bar.isVisible() for page in pages].count(True) == 1
        qtbot.waitUntil(three.canvas.hasFocus)
    room = three.top_bar.room
    assert three.formula_bar.pos() == room.mapTo(three.centralWidget(), QPoint(0, 0))


def test_keys_go_round_the_tabs(three, qtbot):
    qtbot.waitUntil(three.actions_by_name["next_document"].isEnabled)
    first, second, third = three.documents.pages
    qtbot.keyClick(three.canvas, Qt.Key.Key_Tab, CTRL)
    assert three.page is first
    qtbot.keyClick(three.canvas, Qt.Key.Key_Tab, CTRL)
    assert three.page is second
    qtbot.keyClick(three.canvas, Qt.Key.Key_Backtab, CTRL | SHIFT)
    qtbot.keyClick(three.canvas, Qt.Key.Key_PageUp, CTRL)
    assert three.page is third


def test_each_has_its_own_undo_selection_and_workspace(three, qtbot):
    _, saddle, fan = three.documents.pages
    three.show_workspace("backward")
    fan.editor.set_moment(2)
    rename(fan.editor, "renamed")
    qtbot.mouseClick(three.documents.strip, LEFT, pos=middle_of(three, 1))
    assert three.top_bar.workspaces.current() == "build" == saddle.editor.workspace
    three.editor.select(three.editor.graph.nodes)
    assert not fan.editor.selection
    qtbot.waitUntil(lambda: not three.actions_by_name["undo"].isEnabled())
    qtbot.keyClick(three.canvas, Qt.Key.Key_Tab, CTRL)
    assert three.top_bar.workspaces.current() == "backward" and three.editor.moment == 2
    qtbot.waitUntil(three.actions_by_name["undo"].isEnabled)
    qtbot.keyClick(three.canvas, Qt.Key.Key_Z, CTRL)
    assert fan.editor.graph.named("renamed") is None
    # The keys of the canvas act on the one in front.
    qtbot.mouseClick(three.documents.strip, LEFT, pos=middle_of(three, 1))
    qtbot.waitUntil(three.actions_by_name["duplicate"].isEnabled)
    before = len(fan.editor.graph.nodes)
    qtbot.keyClick(three.canvas, Qt.Key.Key_D, CTRL)
    assert saddle.editor.stack.canUndo() and len(fan.editor.graph.nodes) == before


def test_what_is_not_saved_is_marked_and_said(three):
    rename(three.editor, "renamed")
    strip = three.documents.strip
    assert shown(three) == ["Untitled", "Saddle", f"\N{BULLET} {three.page.title}"]
    assert strip.accessibleTabName(2) == f"{three.page.title}, not saved"
    assert three.windowTitle().startswith("\N{BULLET} ")
    three.documents.show(three.documents.pages[1])
    assert not three.windowTitle().startswith("\N{BULLET} ")


def test_a_middle_click_closes_and_asks_about_what_is_not_saved(three, qtbot, answer):
    strip = three.documents.strip
    qtbot.mouseClick(strip, MIDDLE, pos=middle_of(three, 0))
    assert titles(three)[0] == "Saddle" and strip.count() == 2
    rename(three.documents.pages[0].editor, "renamed")
    asked = answer(QMessageBox.StandardButton.Cancel)
    qtbot.mouseClick(strip, MIDDLE, pos=middle_of(three, 0))
    assert strip.count() == 2 and "Saddle" in asked[0] and three.page.title == "Saddle"
    answer(QMessageBox.StandardButton.Discard)
    qtbot.mouseClick(strip, MIDDLE, pos=middle_of(three, 0))
    assert titles(three) == [three.page.title] and not strip.isVisible()


def test_the_cross_and_the_key_close_and_the_last_leaves_the_welcome_page(three, qtbot):
    strip = three.documents.strip
    cross = strip.tabButton(1, QTabBar.ButtonPosition.RightSide)
    assert cross.accessibleName() == "Close Saddle"
    qtbot.mouseClick(cross, LEFT)
    assert "Saddle" not in titles(three)
    for _ in range(2):
        qtbot.waitUntil(three.actions_by_name["close"].isEnabled)
        qtbot.keyClick(three.canvas, Qt.Key.Key_W, CTRL)
    assert three.welcoming and three.page.blank and len(three.documents.pages) == 1
    assert not strip.isVisible()


def test_tabs_are_ordered_by_dragging(three, qtbot):
    strip, before = three.documents.strip, list(three.documents.pages)
    start, goal = middle_of(three, 0), middle_of(three, 2)
    qtbot.mousePress(strip, LEFT, pos=start)
    for part in (0.2, 0.5, 0.8, 1.0):
        qtbot.mouseMove(strip, start + (goal - start) * part)
    qtbot.mouseRelease(strip, LEFT, pos=goal)
    assert three.documents.pages == [before[1], before[2], before[0]]
    assert three.page is before[0]
    assert shown(three) == [page.title or "Untitled" for page in three.documents.pages]


def test_the_welcome_page_lies_before_the_tabs_and_a_click_leads_back(window, qtbot, do):
    do("samples")
    strip = window.documents.strip
    qtbot.waitUntil(strip.isVisible)
    assert window.welcoming
    qtbot.mouseClick(strip, LEFT, pos=middle_of(window, 0))
    assert not window.welcoming and window.canvas.isVisible()


def test_a_file_that_is_open_is_shown_and_not_opened_twice(window, tmp_path, do):
    path = tmp_path / "mine.gradviz"
    assert file_actions.save_to(window, path)
    page = window.page
    do("new")
    assert file_actions.open_path(window, path)
    assert window.page is page and len(window.documents.pages) == 2


def test_leaving_asks_for_each_unsaved_document_with_it_in_front(three, answer):
    saddle = three.documents.pages[1]
    rename(saddle.editor, "renamed")
    asked = answer(QMessageBox.StandardButton.Cancel)
    assert not three.close()
    assert len(asked) == 1 and three.page is saddle


def test_work_in_every_tab_can_be_recovered(three, state):
    _, saddle, fan = three.documents.pages
    for page in (saddle, fan):
        rename(page.editor, "renamed")
        page.autosave.write()
        page.autosave._lock.unlock()
    copies = left_behind(state.recovery)
    assert len(copies) == 2
    for copy in copies:
        file_actions.recover(three, copy)
        assert three.editor.graph.named("renamed") and not three.page.saved
    assert len(three.documents.pages) == 5 and left_behind(state.recovery) == []


def test_what_plays_stops_when_another_document_comes_to_the_front(three, qtbot):
    three.show_workspace("backward")
    player = three.page.backward.player
    player.play()
    assert player.playing
    qtbot.mouseClick(three.documents.strip, LEFT, pos=middle_of(three, 1))
    assert not player.playing


def test_a_closed_document_leaves_nothing_in_memory(three):
    three.show_workspace("backward")
    three.show_workspace("build")
    page = three.page
    held = [page, page.editor, page.editor.graph, page.canvas, page.canvas.canvas, page.workspaces]
    refs = [weakref.ref(part) for part in held]
    file_actions.close(three)
    del page, held
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    assert [ref() for ref in refs] == [None] * len(refs)


def test_documents_without_a_title_are_told_apart_by_their_numbers(three, do):
    three.editor.show_graph(Graph())
    do("new")
    do("new")
    tabs = [text for text in shown(three) if text.startswith("Untitled")]
    assert len(tabs) > 1 and len(set(tabs)) == len(tabs)
