"""Pictures of the real window: welcome and the three workspaces in both themes, and five stories.

README's pictures are made by this, so they show what is, not what was once meant.
"""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QEvent, QEventLoop, QSettings
from PySide6.QtWidgets import QApplication

from gradviz.bundled import bundled

from . import step_actions
from .app import application, open_window
from .docks.overview import OverviewPanel
from .editor import Workspace
from .main_window import MainWindow
from .state import State
from .theme import ThemeName

SIZE = (1440, 900)
SETTLE_MS = 700
DESCENT_STEPS = 12


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture: its name, the sample it shows, where, and what is done before it is taken."""

    name: str
    sample: str
    workspace: Workspace
    prepare: Callable[[MainWindow], None]


def nothing(window: MainWindow) -> None:
    """Take the picture as the window opens."""


def some_way_down(window: MainWindow) -> None:
    """Take some steps of the descent."""
    for _ in range(DESCENT_STEPS):
        step_actions.step(window)


def select_last(window: MainWindow) -> None:
    """Select the output, so that the inspector has something to say."""
    output = window.editor.graph.output()
    window.editor.select(() if output is None else (output,))


def at_moment(moment: int) -> Callable[[MainWindow], None]:
    """Walk so many steps of the backward pass."""
    return lambda window: window.editor.set_moment(moment)


def at_the_end_of(name: str) -> Callable[[MainWindow], None]:
    """Walk the whole pass and select a node, so that the inspector says what became of it."""

    def prepare(window: MainWindow) -> None:
        last_step(window)
        node = window.editor.graph.named(name)
        window.editor.select(() if node is None else (node.id,))

    return prepare


def last_step(window: MainWindow) -> None:
    """Walk the whole backward pass."""
    window.editor.set_moment(len(window.editor.walk or ()))


def twice_back(window: MainWindow) -> None:
    """Run the pass, run it again without zero_grad, and walk to its end."""
    last_step(window)
    window.editor.passes.again()
    last_step(window)


def where_nan_began(window: MainWindow) -> None:
    """Walk the whole pass, and ask what is wrong with it."""
    last_step(window)
    window.workspaces.show_dock("overview")
    for panel in window.findChildren(OverviewPanel):
        panel.tabs.choose("health")


def half_way_back(window: MainWindow) -> None:
    """Walk half the backward pass."""
    walk = window.editor.walk
    window.editor.set_moment(0 if walk is None else (len(walk) + 1) // 2)


SCENES = (
    Scene("build", "linear_regression", "build", select_last),
    Scene("backward", "product_and_sum", "backward", half_way_back),
    Scene("descend", "himmelblau", "descend", some_way_down),
)
STORIES = (
    Scene("fan-out", "fan_out", "backward", at_moment(4)),
    Scene("broadcast", "broadcast", "backward", at_moment(3)),
    Scene("detach", "detach", "backward", at_the_end_of("squared")),
    Scene("accumulation", "product_and_sum", "backward", twice_back),
    Scene("nan", "masked_nan", "backward", where_nan_began),
)
"""What people are most often puzzled by: a picture each, for the page about it."""
THEMES: tuple[ThemeName, ...] = ("light", "dark")


def take_tour(folder: Path) -> list[Path]:
    """Write every picture into ``folder``; the files written. OSError where that fails."""
    app = application(["gradviz"])
    app.setQuitOnLastWindowClosed(False)
    with tempfile.TemporaryDirectory() as kept:
        settings = QSettings(str(Path(kept) / "tour.ini"), QSettings.Format.IniFormat)
        # The pictures are nobody's own: no recent files, and no unsaved work of an earlier day.
        return list(pictures(folder, State(settings, Path(kept) / "recovery")))


def pictures(folder: Path, state: State) -> Iterator[Path]:
    """Take each picture in turn, from one window for each scene and theme."""
    # Welcome first: it lists the files that were opened, and where they are on this machine.
    for name in THEMES:
        state.theme = name
        yield take(folder / f"welcome-{name}.png", open_window(None, state), nothing)
    for name in THEMES:
        state.theme = name
        for scene in SCENES:
            window = open_window(bundled("samples") / f"{scene.sample}.gradviz", state)
            window.show_workspace(scene.workspace)
            yield take(folder / f"{scene.name}-{name}.png", window, scene.prepare)
    state.theme = "light"
    for scene in STORIES:
        window = open_window(bundled("samples") / f"{scene.sample}.gradviz", state)
        window.show_workspace(scene.workspace)
        yield take(folder / f"{scene.name}.png", window, scene.prepare)


def take(path: Path, window: MainWindow, prepare: Callable[[MainWindow], None]) -> Path:
    """Show the window, let it settle, and write what it looks like."""
    window.resize(*SIZE)
    window.show()
    window.canvas.setFocus()
    settle()
    prepare(window)
    settle()
    picture = window.grab()
    window.hide()
    window.deleteLater()
    # No event loop does it here, and each theme that follows would dress the window anew.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    if not picture.save(str(path)):
        raise OSError(f"cannot write {path}")
    return path


def settle() -> None:
    """Let the window lay itself out, draw, and finish what it computes beside."""
    deadline = QDeadlineTimer(SETTLE_MS)
    while not deadline.hasExpired():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
