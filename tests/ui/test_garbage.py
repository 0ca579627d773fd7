import gc
from threading import Thread, current_thread, main_thread

from PySide6.QtCore import QTimer

from gradviz_ui.garbage import MUCH, NAME, clear_garbage, keep_to_gui_thread


class Ring:
    """Garbage that only the collector finds; it notes on which thread it is cleared away."""

    cleared: list = []  # noqa: RUF012

    def __init__(self):
        self.itself = self

    def __del__(self):
        self.cleared.append(current_thread())


def churn():
    """Make so many objects that Python would look for garbage many times."""
    return [[k] for k in range(2 * MUCH)]


def test_a_thread_that_makes_much_clears_nothing_away():
    gc.collect()
    Ring.cleared.clear()
    Ring()
    thread = Thread(target=churn)
    thread.start()
    thread.join(20)
    assert Ring.cleared == [] and not gc.isenabled()
    kept = churn()
    clear_garbage()
    assert Ring.cleared == [main_thread()] and len(kept) == 2 * MUCH


def test_the_event_loop_clears_garbage_away(qtbot):
    gc.collect()
    Ring.cleared.clear()
    Ring()
    kept = churn()
    qtbot.waitUntil(lambda: Ring.cleared == [main_thread()])
    assert len(kept) == 2 * MUCH


def test_one_timer_is_enough(qapp):
    keep_to_gui_thread(qapp)
    keep_to_gui_thread(qapp)
    assert len(qapp.findChildren(QTimer, NAME)) == 1
