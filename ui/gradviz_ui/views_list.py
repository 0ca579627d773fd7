"""The bookmarks of a document: a name typed keeps what is seen, or goes to what was kept."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent

from gradviz.graph.bookmark_edits import free_title, remove_bookmark, rename_bookmark

from . import bookmark_actions
from .chooser import ROW, Chooser, Row
from .keymap import keymap
from .matching import match_score

if TYPE_CHECKING:
    from .main_window import MainWindow

KEEP, RENAME = "keep", "rename"
Choice = tuple[str, str] | int
"""Keep what is seen, or rename the bookmark taken up, each with a name; or go to one's place."""


class ViewsList(Chooser):
    """See the module's text. F2 takes a bookmark up to rename it, Ctrl+Delete takes it away."""

    def __init__(self, window: "MainWindow") -> None:
        hint = "Name this view, or go to another;  F2 renames, Ctrl+Delete removes"
        super().__init__(window, "Views", hint)
        self._renamed: int | None = None

    def open(self, typed: str = "") -> None:
        self._renamed = None
        super().open(typed)

    def offered(self, typed: str) -> list[Row]:
        """A new bookmark under the name typed, and those that are there and fit."""
        graph, name = self._window.editor.graph, typed.strip()
        marks = graph.settings.bookmarks
        if self._renamed is not None:
            return [Row((RENAME, name), f"Rename “{marks[self._renamed].name}” to “{name}”")]
        named = [mark.name for mark in marks]
        kept = [
            Row(
                place, mark.name, beside=f"{mark.zoom:.0%}",
                right=keymap().shown(f"view_{place + 1}"),
            )
            for place, mark in enumerate(marks)
            if not name or match_score(name, mark.name) > 0
        ]  # fmt: skip
        fresh = name or free_title(graph)
        words = "Move “{}” here" if fresh in named else "Bookmark this view as “{}”"
        new = Row((KEEP, fresh), words.format(fresh), icon="plus")
        return [*kept, new] if name and kept else [new, *kept]

    def take(self, value: Choice) -> None:
        """Keep, rename or go."""
        if isinstance(value, int):
            marks = self._window.editor.graph.settings.bookmarks
            bookmark_actions.go(self._window, marks[value])
        elif value[0] == KEEP:
            bookmark_actions.keep(self._window, value[1])
        elif self._renamed is not None:
            editor = self._window.editor
            editor.perform(rename_bookmark(editor.graph, self._renamed, value[1]))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            place = self._chosen()
            removing = event.modifiers() & Qt.KeyboardModifier.ControlModifier
            if place is not None and event.key() == Qt.Key.Key_F2:
                self._take_up(place)
                return True
            if place is not None and event.key() == Qt.Key.Key_Delete and removing:
                editor = self._window.editor
                editor.perform(remove_bookmark(editor.graph, place))
                super().open(self.field.text())
                return True
        return super().eventFilter(watched, event)

    def _chosen(self) -> int | None:
        """The place of the bookmark under the mark."""
        item = self.list.currentItem()
        value = item.data(ROW).value if item is not None else None
        return value if isinstance(value, int) else None

    def _take_up(self, place: int) -> None:
        self._renamed = place
        super().open(self._window.editor.graph.settings.bookmarks[place].name)
