"""What can be done with a group of the person's own library: the menu of its row."""

from functools import partial

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QInputDialog, QLineEdit, QMenu, QMessageBox, QWidget

from ..additions import Addition
from ..editor import Editor
from ..words import sentence


def kept_menu(parent: QWidget, editor: Editor, entry: Addition) -> QMenu:
    """The menu of one of the kept groups."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    insert = menu.addAction("Insert")
    insert.setEnabled(not entry.problem)
    insert.triggered.connect(partial(put_in, editor, entry))
    menu.addAction("Rename…").triggered.connect(partial(rename, parent, editor, entry))
    menu.addAction("Delete…").triggered.connect(partial(delete, parent, editor, entry))
    menu.addSeparator()
    menu.addAction("Show in Folder").triggered.connect(partial(show_folder, editor))
    return menu


def put_in(editor: Editor, entry: Addition, *_checked: bool) -> None:
    """Put it into the document."""
    editor.add_wanted.emit(entry.key)


def rename(parent: QWidget, editor: Editor, entry: Addition, *_checked: bool) -> None:
    """Ask for another name, and keep it under that."""
    name, taken = QInputDialog.getText(
        parent, "Rename Group", "Name in your library:", QLineEdit.EchoMode.Normal, entry.name
    )
    problem = editor.library.rename(entry.name, name) if taken else ""
    if problem:
        editor.refused.emit(sentence(problem))


def delete(parent: QWidget, editor: Editor, entry: Addition, *_checked: bool) -> None:
    """Take it out of the library, once somebody has said that it is meant."""
    asked = QMessageBox.question(
        parent,
        "Delete Group",
        f"Delete “{entry.name}” from your library?\n\n{entry.public_path}\n\n"
        "Documents in which it was put keep their copies.",
    )
    if asked == QMessageBox.StandardButton.Yes and (problem := editor.library.delete(entry.name)):
        editor.refused.emit(sentence(problem))


def show_folder(editor: Editor, *_checked: bool) -> None:
    """Open the folder that the library lies in."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(editor.library.folder)))
