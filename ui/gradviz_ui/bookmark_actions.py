"""What the actions on bookmarks of views do."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from gradviz.graph.bookmark_edits import add_bookmark
from gradviz.graph.bookmarks import Bookmark

if TYPE_CHECKING:
    from .main_window import MainWindow

NUMBERED = range(1, 10)
"""The bookmarks that have a key."""


def bookmark(window: "MainWindow") -> None:
    """Name what the canvas shows now, or find what was named before."""
    window.views.open()


def keep(window: "MainWindow", name: str) -> bool:
    """Bookmark what the canvas shows now; False where the name is refused."""
    canvas, editor = window.canvas, window.editor
    middle = canvas.scene_point(QPointF(canvas.viewport().rect().center()))
    at = (round(middle.x(), 1), round(middle.y(), 1))
    mark = Bookmark(name, at, round(canvas.zoom, 4), editor.entering.group)
    edit = add_bookmark(editor.graph, mark)
    return not edit.edits or editor.perform(edit)


def go(window: "MainWindow", mark: Bookmark) -> None:
    """Look where a bookmark says; at the whole document where its group is gone."""
    canvas, entering = window.canvas, window.editor.entering
    if mark.group != entering.group:
        if mark.group is not None and mark.group in window.editor.graph.groups:
            entering.enter(mark.group)
        else:
            entering.go_out_to(0)
    canvas.fitted = False
    canvas.look(mark.zoom, QPointF(*mark.at), QPointF(canvas.viewport().rect().center()))
    canvas.setFocus()


def has_bookmark(number: int) -> Callable[["MainWindow"], bool]:
    """Whether there are so many bookmarks."""

    def there(window: "MainWindow") -> bool:
        marks = () if window.welcoming else window.editor.graph.settings.bookmarks
        return len(marks) >= number

    return there


def go_to(number: int) -> Callable[["MainWindow"], None]:
    """What goes to a bookmark by its number in the list, the first being 1."""

    def look(window: "MainWindow") -> None:
        go(window, window.editor.graph.settings.bookmarks[number - 1])

    return look
