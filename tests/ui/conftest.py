"""What tests of the window share: an editor with a small document, and a window over it."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSettings, Qt
from PySide6.QtWidgets import QApplication

from gradviz.graph import Graph
from gradviz.program import update
from gradviz_ui import theme
from gradviz_ui.editor import Editor
from gradviz_ui.garbage import clear_garbage, keep_to_gui_thread
from gradviz_ui.state import State

if TYPE_CHECKING:
    from gradviz_ui.main_window import MainWindow

BOWL = "J = theta1 ** 2 + theta2 ** 2"


def graph_of(text: str) -> Graph:
    """A graph of what a formula says."""
    graph = Graph()
    graph.apply(update(graph, text))
    return graph


@pytest.fixture(autouse=True)
def nothing_left_behind():
    """Delete what a test is done with.

    Where no event loop runs Qt would keep it to the end, and each change of theme would paint it.
    """
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    clear_garbage()


@pytest.fixture(scope="session", autouse=True)
def garbage_on_this_thread(qapp: QApplication) -> None:
    """Have threads leave garbage alone, as in the app."""
    keep_to_gui_thread(qapp)


@pytest.fixture(autouse=True)
def own_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library of groups of its own for the test, not the person's."""
    folder = tmp_path / "groups"
    monkeypatch.setattr("gradviz_ui.group_library.library_folder", lambda: folder)
    return folder


@pytest.fixture
def editor(qapp):
    """An editor with the bowl open."""
    made = Editor()
    made.show_graph(graph_of(BOWL))
    yield made
    made.deleteLater()


@pytest.fixture
def state(tmp_path: Path) -> State:
    """A memory of its own for the test."""
    return State(QSettings(str(tmp_path / "state.ini"), QSettings.Format.IniFormat))


def dress_light(app: QApplication) -> None:
    """Go back to the light theme; to dress a whole window anew for nothing takes a second."""
    if theme.current().name != "light" or not app.styleSheet():
        theme.apply(app, "light")


def give_up_all(window: "MainWindow") -> None:
    """Have nothing asked about changes when the window is closed."""
    for page in window.documents.pages:
        page.editor.stack.setClean()


@pytest.fixture
def window(qtbot, qapp, editor, state):
    """A window shown over the bowl."""
    from gradviz_ui.main_window import MainWindow

    dress_light(qapp)
    made = MainWindow(editor, state)
    qtbot.addWidget(made, before_close_func=give_up_all)
    made.resize(1280, 720)
    made.show()
    made.show_document()
    made.activateWindow()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    dress_light(qapp)


@pytest.fixture
def do(window, qtbot):
    """Trigger an action by name, once it can be done."""

    def trigger(name: str) -> None:
        action = window.actions_by_name[name]
        qtbot.waitUntil(action.isEnabled)
        action.trigger()

    return trigger


@pytest.fixture
def press(window, qtbot):
    """Press a key on the canvas, once what it stands for can be done."""

    def key(name: str, code: Qt.Key, held: Qt.KeyboardModifier) -> None:
        qtbot.waitUntil(window.actions_by_name[name].isEnabled)
        qtbot.keyClick(window.canvas, code, held)

    return key


@pytest.fixture
def chain(window, editor):
    """The window over a chain of operations, of which the two in the middle are selected."""
    graph = graph_of("a = sin(x)\nb = cos(a)\nJ = exp(b)")
    editor.show_graph(graph)
    editor.select(graph.ids_by_name[name] for name in ("a", "b"))
    window.canvas.setFocus()
    return window
