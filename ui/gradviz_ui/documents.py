"""The open documents of a window, in the order of their tabs, and the one in front."""

from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMainWindow, QStackedWidget

from .canvas import CanvasView
from .document_page import DocumentPage
from .editor import Editor, Workspace
from .formula_bar import FormulaBar
from .recovery import Autosave
from .status import Status
from .tab_strip import TabStrip
from .workspaces import Workspaces

if TYPE_CHECKING:
    from .descent import DescendWorkspace


class Documents(QObject):
    """See the module's text. There always is a document, if only a blank one."""

    added = Signal(object)
    """Another document is open: its `DocumentPage`."""
    turned = Signal()
    """Another document is in front, or its title, workspace or mark is another."""
    picked = Signal()
    """Somebody asks for the document in front by its tab, whatever covers it."""
    close_wanted = Signal(object)
    """Somebody asks for a document to be closed: its `DocumentPage`."""

    def __init__(
        self, stack: QStackedWidget, make: Callable[[Editor], DocumentPage], editor: Editor
    ) -> None:
        """Documents shown on `stack`, each on a page that `make` makes, at first that editor's."""
        super().__init__(stack)
        self._stack, self._make = stack, make
        self.strip = TabStrip()
        self.pages: list[DocumentPage] = []
        self._numbers: dict[DocumentPage, int] = {}
        self.current = self._put_in(editor)
        self.strip.currentChanged.connect(self._show_tab)
        self.strip.tabMoved.connect(self._moved)
        self.strip.tabBarClicked.connect(self._clicked)
        self.strip.close_wanted.connect(lambda place: self.close_wanted.emit(self.pages[place]))

    def _put_in(self, editor: Editor) -> DocumentPage:
        page = self._make(editor)
        self.pages.append(page)
        self._stack.addWidget(page)
        self.strip.addTab("")
        page.told.connect(lambda: self._name(page))
        self._name(page)
        return page

    def _name(self, page: DocumentPage) -> None:
        if page in self.pages:
            path = page.editor.path
            place = self.pages.index(page)
            title = page.title or self._untitled(page)
            self.strip.name(place, title, str(path or ""), saved=page.saved)
        self.turned.emit()

    def _untitled(self, page: DocumentPage) -> str:
        """What tells a document without a title from others without: their numbers."""
        numbers = self._numbers = {p: n for p, n in self._numbers.items() if not p.title}
        taken = {n for p, n in numbers.items() if p is not page}
        number = numbers.setdefault(page, next(n for n in count(1) if n not in taken))
        return "Untitled" if number == 1 else f"Untitled {number}"

    def add(self, workspace: Workspace = "build") -> DocumentPage:
        """Open a blank document in that workspace, and bring it to the front."""
        editor = Editor()
        editor.set_workspace(workspace)
        page = self._put_in(editor)
        editor.setParent(page)
        self.added.emit(page)
        self.show(page)
        return page

    def place(self, workspace: Workspace) -> DocumentPage:
        """A page to open a document on: the one in front while that is blank, else another."""
        return self.current if self.current.blank else self.add(workspace)

    def holding(self, path: Path) -> DocumentPage | None:
        """The page of that file, where it is open already."""
        wanted = path.resolve()
        files = ((page, page.editor.path) for page in self.pages)
        return next((page for page, file in files if file and file.resolve() == wanted), None)

    def show(self, page: DocumentPage) -> None:
        """Bring a document to the front."""
        self.strip.setCurrentIndex(self.pages.index(page))

    def turn(self, by: int) -> None:
        """Bring the document so many tabs on to the front, round and round."""
        self.show(self.pages[(self.pages.index(self.current) + by) % len(self.pages)])

    def remove(self, page: DocumentPage) -> None:
        """Close a document that is not the last; its neighbour comes to the front."""
        place = self.pages.index(page)
        if page is self.current:
            self.show(self.pages[place + 1 if place + 1 < len(self.pages) else place - 1])
        del self.pages[place]
        self._numbers.pop(page, None)
        self.strip.removeTab(place)
        self._stack.removeWidget(page)
        page.end()
        self.turned.emit()

    def _show_tab(self, place: int) -> None:
        if not 0 <= place < len(self.pages) or self.pages[place] is self.current:
            return
        self.current.formula_bar.hide()
        self.current = self.pages[place]
        self.turned.emit()
        self.picked.emit()

    def _clicked(self, place: int) -> None:
        if place >= 0:
            self.picked.emit()

    def _moved(self, start: int, end: int) -> None:
        self.pages.insert(end, self.pages.pop(start))


class FrontWindow(QMainWindow):
    """A window whose parts are those of the document in front."""

    documents: Documents

    @property
    def page(self) -> DocumentPage:
        """The document in front, with all that shows it."""
        return self.documents.current

    @property
    def editor(self) -> Editor:
        """The editor of the document in front."""
        return self.page.editor

    @property
    def canvas(self) -> CanvasView:
        """The canvas of the document in front."""
        return self.page.canvas

    @property
    def workspaces(self) -> Workspaces:
        """The workspaces of the document in front."""
        return self.page.workspaces

    @property
    def formula_bar(self) -> FormulaBar:
        """The formula of the document in front."""
        return self.page.formula_bar

    @property
    def status(self) -> Status:
        """The status line of the document in front."""
        return self.page.status

    @property
    def autosave(self) -> Autosave:
        """What keeps a copy of the document in front while that is not saved."""
        return self.page.autosave

    @property
    def descend(self) -> "DescendWorkspace | None":
        """Descend of the document in front, from when it was first looked at; else None."""
        return self.page.descend
