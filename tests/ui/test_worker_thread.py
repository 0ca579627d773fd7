import gc
from threading import Event, current_thread, main_thread

import pytest

from gradviz_ui.worker_thread import MUCH, WorkerThread, clear_garbage


class Ring:
    """Garbage that only the collector finds; it notes on which thread it is cleared away."""

    cleared: list = []  # noqa: RUF012

    def __init__(self):
        self.itself = self

    def __del__(self):
        self.cleared.append(current_thread())


class Churn(WorkerThread):
    """Makes so many objects that Python would look for garbage many times."""

    def __init__(self):
        super().__init__()
        self.made, self.end = Event(), Event()

    def work(self):
        kept = [[k] for k in range(100_000)]
        self.made.set()
        self.end.wait(20)
        del kept


@pytest.fixture
def churn():
    worker = Churn()
    yield worker
    worker.end.set()
    worker.join(20)


def test_garbage_is_cleared_on_the_gui_thread_alone(churn):
    gc.collect()
    Ring.cleared.clear()
    Ring()
    churn.start()
    assert churn.made.wait(20)
    assert Ring.cleared == []
    kept = [[k] for k in range(2 * MUCH)]
    clear_garbage()
    assert Ring.cleared == [main_thread()]
    assert len(kept) == 2 * MUCH


def test_afterwards_python_looks_for_garbage_as_before(churn):
    churn.start()
    assert churn.made.wait(20)
    assert not gc.isenabled()
    churn.end.set()
    churn.join(20)
    assert gc.isenabled()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_work_that_fails_leaves_all_as_it_was():
    class Failing(WorkerThread):
        def work(self):
            raise RuntimeError

    worker = Failing()
    worker.start()
    worker.join(20)
    assert gc.isenabled()
