import threading

import pytest

from gradviz.files import autosave
from gradviz.graph import compose
from gradviz_ui.recovery import Autosave, discard, left_behind


@pytest.fixture
def saver(editor, tmp_path):
    return Autosave(editor, tmp_path)


def rename(editor, name):
    editor.perform(compose.rename(editor.graph, editor.graph.output(), name))


def test_a_copy_is_left_when_the_run_ends_badly(editor, saver, tmp_path):
    rename(editor, "K")
    saver.write()
    # Another run finds nothing while this one lives.
    assert left_behind(tmp_path) == []
    saver._lock.unlock()
    (found,) = left_behind(tmp_path)
    assert autosave.recover(found).named("K") is not None
    discard(found)
    assert left_behind(tmp_path) == [] and list(tmp_path.iterdir()) == []


def test_saving_and_undoing_and_closing_remove_the_copy(editor, saver, tmp_path):
    rename(editor, "K")
    saver.write()
    assert list(saver.folder.glob("*.gradviz"))
    editor.stack.undo()
    assert not list(saver.folder.glob("*.gradviz"))
    rename(editor, "K")
    saver.write()
    editor.save(tmp_path / "x.gradviz")
    assert not list(saver.folder.glob("*.gradviz"))
    saver.close()
    assert not saver.folder.exists()


def test_where_no_copy_can_be_kept_it_is_said(editor, tmp_path, qtbot):
    blocked = tmp_path / "file"
    blocked.write_text("")
    saver = Autosave(editor, blocked)
    rename(editor, "K")
    with qtbot.waitSignal(editor.refused):
        saver.write()


def test_another_thread_writes_the_copy_of_what_was_there(editor, saver, qtbot, monkeypatch):
    threads, write = [], autosave.write

    def told(*given):
        threads.append(threading.current_thread())
        return write(*given)

    monkeypatch.setattr(autosave, "write", told)
    rename(editor, "K")
    saver.write_beside()
    rename(editor, "L")
    qtbot.waitUntil(lambda: bool(list(saver.folder.glob("*.gradviz"))))
    saver._lock.unlock()
    (found,) = left_behind(saver.folder.parent)
    assert autosave.recover(found).named("K") and threads[0] is not threading.main_thread()


def test_a_copy_that_is_being_written_goes_with_the_changes(editor, saver, qtbot):
    rename(editor, "K")
    saver.write_beside()
    editor.stack.undo()
    assert not list(saver.folder.glob("*.gradviz"))
    # Another is written as ever.
    rename(editor, "K")
    saver.write_beside()
    qtbot.waitUntil(lambda: bool(list(saver.folder.glob("*.gradviz"))))
    saver.close()
    assert not saver.folder.exists()


def test_a_copy_wanted_while_one_is_written_comes_after_it(editor, saver, qtbot, monkeypatch):
    go, write = threading.Event(), autosave.write

    def held(*given):
        go.wait(5)
        return write(*given)

    monkeypatch.setattr(autosave, "write", held)
    rename(editor, "K")
    saver.write_beside()
    rename(editor, "L")
    saver.write_beside()
    go.set()
    saver.write()
    saver._lock.unlock()
    (found,) = left_behind(saver.folder.parent)
    assert autosave.recover(found).named("L")
