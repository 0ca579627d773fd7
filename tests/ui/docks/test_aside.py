"""Questions answered off the GUI thread: the last one is, those before are forgotten."""

from threading import Event, current_thread, main_thread

import pytest

from gradviz_ui.docks.aside import Aside


@pytest.fixture
def aside(qapp):
    made = Aside()
    yield made
    made.deleteLater()


def test_a_question_is_answered_on_another_thread(aside, qtbot):
    with qtbot.waitSignal(aside.answered) as told:
        aside.ask(current_thread)
    assert told.args[0] is not main_thread()
    assert not aside.busy


def test_only_the_last_question_is_answered(aside, qtbot):
    go_on = Event()
    found: list[object] = []
    aside.answered.connect(found.append)
    aside.ask(lambda: (go_on.wait(5), "first"))
    aside.ask(lambda: "second")
    aside.ask(lambda: "third")
    go_on.set()
    qtbot.waitUntil(lambda: not aside.busy)
    assert found == ["third"]


def test_what_was_dropped_is_not_told(aside, qtbot):
    found: list[object] = []
    aside.answered.connect(found.append)
    aside.ask(lambda: "dropped")
    aside.drop()
    assert not aside.busy
    qtbot.wait(60)
    aside.ask(lambda: "asked anew")
    qtbot.waitUntil(lambda: bool(found))
    assert found == ["asked anew"]


def test_why_there_is_no_answer_is_told(aside, qtbot):
    def refuse():
        raise ValueError("no second derivative here")

    with qtbot.waitSignal(aside.failed) as told:
        aside.ask(refuse)
    assert str(told.args[0]) == "no second derivative here"
