"""What the actions of the File menu do: documents come, are kept and go."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QProgressDialog

from gradviz.files import FileError, autosave
from gradviz.graph import Graph

from . import recovery
from .edit_actions import free_place
from .importing import KNOWN, ask_columns, import_files

if TYPE_CHECKING:
    from .main_window import MainWindow

DOCUMENTS: Final = "GradViz documents (*.gradviz)"


def is_open(window: "MainWindow") -> bool:
    """Whether a document is in front, rather than the welcome page."""
    return not window.welcoming


def has_nodes(window: "MainWindow") -> bool:
    """Whether the document in front has anything in it."""
    return is_open(window) and bool(window.editor.graph.nodes)


def can_save(window: "MainWindow") -> bool:
    """Whether there is anything to write that is not in the file yet."""
    editor = window.editor
    return is_open(window) and (editor.path is None or not editor.stack.isClean())


def new(window: "MainWindow") -> None:
    """Open an empty document."""
    if may_close(window):
        window.editor.show_graph(Graph())
        window.show_document()
        window.show_workspace("build")
        window.formula_bar.edit()


def open_file(window: "MainWindow") -> None:
    """Ask for a file and open it."""
    folder = str(window.editor.path.parent) if window.editor.path else ""
    name, _ = QFileDialog.getOpenFileName(window, "Open", folder, DOCUMENTS)
    if name:
        open_path(window, Path(name))


def import_data(window: "MainWindow") -> None:
    """Ask for files and put them into the open document, in the middle of what is seen."""
    folder = str(window.editor.path.parent) if window.editor.path else ""
    known = " ".join(f"*{ending}" for ending in KNOWN)
    names, _ = QFileDialog.getOpenFileNames(window, "Import", folder, f"Data and graphs ({known})")
    if names:
        ask = partial(ask_columns, window.canvas)
        import_files(window.editor, map(Path, names), free_place(window), ask)


def open_path(window: "MainWindow", path: Path, *, sample: bool = False) -> bool:
    """Open a file; where that fails, say why and keep what is open.

    A sample opens as a document without a file, so that saving never writes into the program.
    """
    if not may_close(window):
        return False
    try:
        window.editor.open(path)
    except FileError as problem:
        window.notice.show_problem(str(problem))
        return False
    window.notice.hide()
    window.show_document()
    if sample:
        window.editor.path = None
        window.editor.path_changed.emit()
    else:
        window.state.remember_file(path)
    return True


def recover(window: "MainWindow", copy: autosave.Recovery) -> None:
    """Open unsaved work that an earlier run left behind; it still is unsaved."""
    if not may_close(window):
        return
    try:
        graph = autosave.recover(copy)
    except FileError as problem:
        window.notice.show_problem(str(problem))
        return
    window.editor.show_graph(graph, copy.document)
    window.editor.stack.resetClean()
    window.autosave.write()
    recovery.discard(copy)
    window.show_document()


def discard(window: "MainWindow", copy: autosave.Recovery) -> None:
    """Give up work that an earlier run left behind."""
    recovery.discard(copy)
    window.show_welcome()


def save(window: "MainWindow") -> None:
    """Write the document to its file, or ask for one."""
    if window.editor.path is None:
        save_as(window)
    else:
        save_to(window, window.editor.path)


def save_as(window: "MainWindow") -> None:
    """Ask where to, and write the document there."""
    proposed = str(window.editor.path or f"{window.title() or 'untitled'}.gradviz")
    name, _ = QFileDialog.getSaveFileName(window, "Save As", proposed, DOCUMENTS)
    if name:
        path = Path(name)
        save_to(window, path if path.suffix else path.with_suffix(".gradviz"))


def save_to(window: "MainWindow", path: Path) -> bool:
    """Write the document; where that fails, say why."""
    try:
        window.editor.save(path)
    except FileError as problem:
        window.notice.show_problem(str(problem))
        return False
    window.state.remember_file(path)
    return True


def export_picture(window: "MainWindow") -> None:
    """Ask where to, and write there what is shown now: the graph, or in Descend the race."""
    from gradviz.export import EXPORTERS

    from .race_export import filters, with_ending

    proposed = window.title() or "graph"
    forms = ";;".join(f"{form.title} (*{ending})" for ending, form in EXPORTERS.items())
    racing = has_race(window)
    name, chosen = QFileDialog.getSaveFileName(
        window, "Export", proposed if racing else f"{proposed}.svg", filters() if racing else forms
    )
    if name and racing:
        export_race_to(window, chosen, with_ending(Path(name), chosen))
    elif name:
        path = Path(name)
        export_to(window, path if path.suffix else path.with_suffix(".svg"))


def has_race(window: "MainWindow") -> bool:
    """Whether Descend is in front with a race to draw."""
    descend = window.descend if window.shows("descend") else None
    return descend is not None and bool(descend.race.runners)


def export_to(window: "MainWindow", path: Path) -> bool:
    """Write the graph in the form the file's ending asks for; where that fails, say why."""
    from .film import export_shown

    return written(window, path, lambda progress: export_shown(window.editor, path, progress))


def export_race_to(window: "MainWindow", form: str, path: Path) -> bool:
    """Write the race in a form of `race_export`; where that fails, say why."""
    from .race_export import export_race

    descend = window.descend
    assert descend is not None, "asked only where there is a race"
    return written(window, path, lambda progress: export_race(descend, form, path, progress))


def written(
    window: "MainWindow", path: Path, write: Callable[[Callable[[int, int], bool]], None]
) -> bool:
    """Write a file, with a dialog that tells how far it is and calls it off; or say why not."""
    dialog = QProgressDialog(f"Writing {path.name}", "Cancel", 0, 0, window)
    dialog.setWindowModality(Qt.WindowModality.WindowModal)

    def progress(done: int, count: int) -> bool:
        dialog.setMaximum(count)
        dialog.setValue(done)
        QApplication.processEvents()
        return not dialog.wasCanceled()

    try:
        write(progress)
    except (ValueError, ImportError) as problem:
        window.notice.show_problem(str(problem))
        return False
    except OSError as problem:
        window.notice.show_problem(f"{path.name} was not written: {problem.strerror or problem}")
        return False
    finally:
        dialog.close()
        dialog.deleteLater()
    return True


def show_welcome(window: "MainWindow") -> None:
    """Show the samples and the recent files."""
    window.show_welcome()


def leave(window: "MainWindow") -> None:
    """Close the window, and with it the program."""
    window.close()


def may_close(window: "MainWindow") -> bool:
    """Whether the document may go: it is saved, or the person says so."""
    if window.editor.stack.isClean():
        return True
    answer = ask_to_save(window)
    if answer == QMessageBox.StandardButton.Save:
        save(window)
        return window.editor.stack.isClean()
    return answer == QMessageBox.StandardButton.Discard


def ask_to_save(window: "MainWindow") -> int:
    """Ask what becomes of unsaved changes: Save, Discard or Cancel."""
    box = QMessageBox(window)
    box.setIcon(QMessageBox.Icon.NoIcon)
    box.setText(f"Save the changes to “{window.title() or 'Untitled'}”?")
    box.setInformativeText("They are lost otherwise.")
    box.setStandardButtons(
        QMessageBox.StandardButton.Save
        | QMessageBox.StandardButton.Discard
        | QMessageBox.StandardButton.Cancel
    )
    box.setDefaultButton(QMessageBox.StandardButton.Save)
    return box.exec()
