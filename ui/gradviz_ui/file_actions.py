"""What the actions of the File menu do: documents come, are kept and go."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QProgressDialog

from gradviz import files
from gradviz.files import FileError, autosave
from gradviz.graph import Graph

from . import recovery
from .document_page import DocumentPage
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
    place(window)
    window.show_workspace("build")
    window.formula_bar.edit()


def place(window: "MainWindow") -> DocumentPage:
    """Bring a page to the front on which a document can be opened: its own tab."""
    page = window.documents.place(window.state.workspace)
    window.show_document()
    return page


def show_graph(window: "MainWindow", graph: Graph, path: Path | None = None) -> None:
    """Open a document in a tab of its own."""
    place(window).editor.show_graph(graph, path)


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
    """Open a file in a tab, its own where it has one; where that fails, say why.

    A sample opens as a document without a file, so that saving never writes into the program.
    """
    problem = opened(window, path, sample=sample)
    if problem:
        window.notice.show_problem(problem)
        return False
    window.notice.hide()
    return True


def open_paths(window: "MainWindow", paths: Sequence[Path]) -> bool:
    """Open each file in a tab, the first in front; whether any could be.

    Where some cannot be, say of each why not.
    """
    problems = [opened(window, path) for path in paths]
    good = [path for path, problem in zip(paths, problems, strict=True) if not problem]
    if len(good) > 1:
        opened(window, good[0])
    said = "\n".join(problem for problem in problems if problem)
    if said:
        window.notice.show_problem(said)
    return bool(good)


def opened(window: "MainWindow", path: Path, *, sample: bool = False) -> str:
    """Bring a file to the front in a tab; why that cannot be, or nothing."""
    there = None if sample else window.documents.holding(path)
    if there is None:
        try:
            graph = files.load(path)
        except FileError as problem:
            return str(problem)
        show_graph(window, graph, None if sample else path)
    else:
        window.documents.show(there)
        window.show_document()
    if not sample:
        window.state.remember_file(path)
    return ""


def recover(window: "MainWindow", copy: autosave.Recovery) -> None:
    """Open unsaved work that an earlier run left behind; it still is unsaved."""
    try:
        graph = autosave.recover(copy)
    except FileError as problem:
        window.notice.show_problem(str(problem))
        return
    show_graph(window, graph, copy.document)
    window.editor.stack.resetClean()
    window.autosave.write()
    recovery.discard(copy)


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
    proposed = str(window.editor.path or f"{window.page.title or 'untitled'}.gradviz")
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

    proposed = window.page.title or "graph"
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


def close(window: "MainWindow") -> None:
    """Close the document in front."""
    close_page(window, window.page)


def close_page(window: "MainWindow", page: DocumentPage) -> None:
    """Close a document, unless the person would rather save it and does not."""
    if not may_close(window, page):
        return
    if len(window.documents.pages) == 1:
        window.documents.add()
        window.show_welcome()
    window.documents.remove(page)


def has_several(window: "MainWindow") -> bool:
    """Whether more than one document is open."""
    return len(window.documents.pages) > 1


def next_document(window: "MainWindow") -> None:
    """Bring the document of the next tab to the front."""
    window.documents.turn(1)


def previous_document(window: "MainWindow") -> None:
    """Bring the document of the tab before to the front."""
    window.documents.turn(-1)


def may_close(window: "MainWindow", page: DocumentPage) -> bool:
    """Whether the document may go: it is saved, or the person says so, with it in front."""
    if page.saved:
        return True
    window.documents.show(page)
    window.show_document()
    answer = ask_to_save(window)
    if answer == QMessageBox.StandardButton.Save:
        save(window)
        return page.saved
    return answer == QMessageBox.StandardButton.Discard


def ask_to_save(window: "MainWindow") -> int:
    """Ask what becomes of unsaved changes: Save, Discard or Cancel."""
    box = QMessageBox(window)
    box.setIcon(QMessageBox.Icon.NoIcon)
    box.setText(f"Save the changes to “{window.page.title or 'Untitled'}”?")
    box.setInformativeText("They are lost otherwise.")
    box.setStandardButtons(
        QMessageBox.StandardButton.Save
        | QMessageBox.StandardButton.Discard
        | QMessageBox.StandardButton.Cancel
    )
    box.setDefaultButton(QMessageBox.StandardButton.Save)
    return box.exec()
