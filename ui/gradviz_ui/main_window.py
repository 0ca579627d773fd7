"""The window: it assembles bars, documents and pages, and decides nothing of its own."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from . import edit_actions, file_actions, panels, view_actions
from .action_set import ActionSet
from .document_page import DocumentPage
from .documents import Documents, FrontWindow
from .editor import Editor, Workspace
from .notice import Notice
from .recovery import left_behind
from .state import State
from .top_bar import TopBar
from .widgets import thin_line

if TYPE_CHECKING:
    from .command_palette import CommandPalette
    from .finder import Finder
    from .views_list import ViewsList
    from .welcome import Welcome


class MainWindow(FrontWindow):
    """One window over the open documents, of which one is in front."""

    def __init__(self, editor: Editor, state: State | None = None) -> None:
        """A window on that editor; `state` is what is remembered, by default the person's own."""
        super().__init__()
        self.state = state or State()
        self.welcoming = False
        """Whether the welcome page is in front."""
        self.notice = Notice()
        self.top_bar = TopBar()
        self.pages = QStackedWidget()
        self._central = QWidget()
        self.documents = Documents(self.pages, self._make_page, editor)
        self.actions_by_name = ActionSet(self)
        self._welcome: Welcome | None = None
        self._palette: CommandPalette | None = None
        self._finder: Finder | None = None
        self._views: ViewsList | None = None
        self._assemble()
        self._listen(self.page)
        self.documents.added.connect(self._listen)
        self.documents.turned.connect(self._follow)
        self.documents.picked.connect(self.show_document)
        self.documents.close_wanted.connect(lambda page: file_actions.close_page(self, page))
        self._follow()

    def _assemble(self) -> None:
        layout = QVBoxLayout(self._central)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for part in (self.top_bar, thin_line(), self.notice, self.documents.strip):
            layout.addWidget(part)
        layout.addWidget(self.pages, 1)
        self.setCentralWidget(self._central)
        self.top_bar.fill(self.actions_by_name)
        self.top_bar.workspaces.chosen.connect(lambda name: self.editor.set_workspace(name))
        self.setMinimumSize(880, 560)
        self.resize(1440, 900)
        kept = self.state.arrangement("window")
        if kept is not None:
            self.restoreGeometry(kept)

    def _make_page(self, editor: Editor) -> DocumentPage:
        return DocumentPage(editor, self.state, self.top_bar.room, self._central)

    def _listen(self, page: DocumentPage) -> None:
        self.actions_by_name.serve(page)
        page.canvas.menu_wanted.connect(self._open_context_menu)
        page.formula_bar.problems_wanted.connect(lambda: view_actions.show_problems(self))
        page.editor.add_wanted.connect(lambda op: edit_actions.add(self, op))
        page.editor.workspace_changed.connect(lambda _name: page.canvas.setFocus())
        page.editor.typed.connect(page.canvas.setFocus)

    def _follow(self) -> None:
        """The document in front, or what the window shows of it, is another."""
        page = self.page
        self.top_bar.workspaces.choose(page.editor.workspace)
        mark = "" if page.saved else "• "
        self.setWindowTitle(f"{mark}{page.title} — GradViz" if page.title else f"{mark}GradViz")
        several = len(self.documents.pages) > 1
        self.documents.strip.setVisible(several or (self.welcoming and not page.blank))
        self.documents.strip.set_away(self.welcoming)
        self.actions_by_name.refresh()

    # what is in front ------------------------------------------------------------------------

    def shows(self, workspace: Workspace) -> bool:
        """Whether that workspace is in front."""
        return not self.welcoming and self.editor.workspace == workspace

    def show_workspace(self, workspace: Workspace) -> None:
        """Bring a workspace to the front."""
        self.show_document()
        self.editor.set_workspace(workspace)

    def show_document(self) -> None:
        """Bring the document to the front."""
        self._show_page(self.page)
        if not self.documents.strip.hasFocus():
            self.canvas.setFocus()

    def show_welcome(self) -> None:
        """Bring samples and recent files to the front."""
        if self._welcome is None:
            from .welcome import Welcome

            self._welcome = Welcome()
            self._welcome.chosen.connect(self._open_chosen)
            self._welcome.new_wanted.connect(lambda: file_actions.new(self))
            self._welcome.open_wanted.connect(lambda: file_actions.open_file(self))
            self._welcome.recover_wanted.connect(lambda copy: file_actions.recover(self, copy))
            self._welcome.discard_wanted.connect(lambda copy: file_actions.discard(self, copy))
            self.pages.addWidget(self._welcome)
        self._welcome.show_recent(self.state.recent)
        self._welcome.show_left_behind(left_behind(self.state.recovery))
        self._show_page(self._welcome)
        self._welcome.setFocus()

    def _open_context_menu(self, about: str, place: QPoint) -> None:
        self.actions_by_name.context_menu(about, self).popup(place)

    def _show_page(self, page: QWidget) -> None:
        self.pages.setCurrentWidget(page)
        showing = page is self.page
        self.welcoming = not showing
        self.top_bar.workspaces.setEnabled(showing)
        self.formula_bar.setVisible(showing)
        self._follow()

    def _open_chosen(self, path: Path, sample: bool) -> None:
        file_actions.open_path(self, path, sample=sample)

    # what actions ask for ----------------------------------------------------------------------

    def open_palette(self) -> None:
        """Open the list of every action."""
        if self._palette is None:
            from .command_palette import CommandPalette

            self._palette = CommandPalette(self)
        self._palette.open()

    @property
    def finder(self) -> "Finder":
        """The search for nodes, made when it is first asked for."""
        if self._finder is None:
            from .finder import Finder

            self._finder = Finder(self)
        return self._finder

    @property
    def views(self) -> "ViewsList":
        """The bookmarks of the document in front, as a list to choose from."""
        if self._views is None:
            from .views_list import ViewsList

            self._views = ViewsList(self)
        return self._views

    def open_shortcuts(self) -> None:
        """Open the page of every shortcut."""
        from .shortcuts_page import ShortcutsPage

        ShortcutsPage(self).open()

    def focusNextPrevChild(self, next: bool) -> bool:
        return panels.tab(self, 1 if next else -1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() or not panels.press(event):
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not all(file_actions.may_close(self, page) for page in self.documents.pages):
            event.ignore()
            return
        self.state.keep_arrangement("window", self.saveGeometry())
        self.state.write()
        for page in self.documents.pages:
            page.autosave.close()
        super().closeEvent(event)
