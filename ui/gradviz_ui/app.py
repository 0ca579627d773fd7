"""The start of the app, and nothing else: a window is on the screen as early as can be."""

import gc
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from PySide6.QtWidgets import QApplication

from . import file_actions, theme
from .editor import Editor
from .garbage import keep_to_gui_thread
from .icons import icon
from .main_window import MainWindow
from .motion import motion
from .state import State


def application(argv: Sequence[str]) -> QApplication:
    """The one QApplication, dressed."""
    found = QApplication.instance()
    app = found if isinstance(found, QApplication) else QApplication(list(argv))
    keep_to_gui_thread(app)
    app.setApplicationName("GradViz")
    app.setApplicationDisplayName("")
    app.setDesktopFileName("gradviz")
    return app


def say_failures(window: MainWindow) -> None:
    """Show a failure of the program in the window, which lives on, and write it on stderr."""

    def hook(
        kind: type[BaseException], failure: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, failure, trace)
            return
        details = "".join(traceback.format_exception(kind, failure, trace))
        sys.stderr.write(details)
        said = f"Something went wrong in GradViz: {failure or kind.__name__}"
        window.notice.show_problem(f"{said.rstrip('.')}. Your document is kept.", details)

    sys.excepthook = hook


def spare_what_stays() -> None:
    """Let Python look for garbage only among what is made from now on.

    All that the app has loaded by then stays, and to look through it takes several frames.
    """
    gc.freeze()


def open_window(path: Path | None = None, state: State | None = None, *others: Path) -> MainWindow:
    """A window on that file, or on the welcome page; not shown yet. Needs the application.

    ``others`` are opened in tabs behind it; of a file that cannot be opened it is said why.
    """
    remembered = state or State()
    theme.apply(application([]), remembered.theme)
    motion().choose(remembered.reduced_motion)
    editor = Editor()
    editor.set_workspace(remembered.workspace)
    window = MainWindow(editor, remembered)
    window.setWindowIcon(icon("app"))
    paths = () if path is None else (path, *others)
    if not file_actions.open_paths(window, paths):
        window.show_welcome()
    return window


def main(argv: Sequence[str] | None = None) -> int:
    """Open the app: ``argv`` is the program's arguments, files to open in tabs.

    Returns the exit code once the last window is closed.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    app = application(["gradviz", *arguments])
    first, *others = map(Path, arguments) if arguments else (None,)
    window = open_window(first, None, *others)
    say_failures(window)
    window.show()
    spare_what_stays()
    return app.exec()
