"""The window: it assembles bars, workspaces and pages, and decides nothing of its own."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRectF
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from . import edit_actions, file_actions, view_actions
from .action_set import ActionSet
from .canvas import CanvasView, card_size
from .editor import Editor, Workspace
from .formula_bar import FormulaBar
from .notice import Notice
from .recovery import Autosave, left_behind
from .state import State
from .status import Status
from .top_bar import TopBar
from .widgets import thin_line
from .workspaces import ThreeParts, Workspaces

if TYPE_CHECKING:
    from .command_palette import CommandPalette
    from .descent import DescendWorkspace
    from .docks.backward import BackwardPanel
    from .finder import Finder
    from .welcome import Welcome


class MainWindow(QMainWindow):
    """One window over one document."""

    def __init__(self, editor: Editor, state: State | None = None) -> None:
        """A window on that editor; `state` is what is remembered, by default the person's own."""
        super().__init__()
        self.editor = editor
        self.state = state or State()
        self.welcoming = False
        """Whether the welcome page is in front."""
        self.descend: DescendWorkspace | None = None
        """Descend, from when it was first in front."""
        self.canvas = CanvasView(editor)
        self.actions_by_name = ActionSet(self)
        self.notice = Notice()
        self.top_bar = TopBar(editor, self.actions_by_name)
        self.status = Status(editor)
        self.autosave = Autosave(editor, self.state.recovery)
        self.workspaces = Workspaces(editor, self.state, self.canvas, self._make_descend)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.workspaces)
        self._welcome: Welcome | None = None
        self._palette: CommandPalette | None = None
        self._finder: Finder | None = None
        self._assemble()
        self.canvas.menu_wanted.connect(self._open_context_menu)
        editor.add_wanted.connect(lambda op: edit_actions.add(self, op))
        editor.reveal_wanted.connect(self._reveal)
        editor.workspace_changed.connect(lambda _name: self.canvas.setFocus())
        editor.path_changed.connect(self._retitle)
        editor.replaced.connect(self._retitle)
        editor.stack.cleanChanged.connect(self._retitle)
        self._retitle()
        self.actions_by_name.refresh()

    def _assemble(self) -> None:
        central = QWidget()
        layout = QVBoxLayout(central)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for part in (self.top_bar, thin_line(), self.notice):
            layout.addWidget(part)
        layout.addWidget(self.pages, 1)
        layout.addWidget(self.status)
        self.setCentralWidget(central)
        self.formula_bar = FormulaBar(self.editor, self.top_bar.room, central)
        self.formula_bar.problems_wanted.connect(lambda: view_actions.show_problems(self))
        self.setMinimumSize(880, 560)
        self.resize(1440, 900)
        kept = self.state.arrangement("window")
        if kept is not None:
            self.restoreGeometry(kept)

    def _make_descend(self) -> ThreeParts:
        from .descent import DescendWorkspace

        self.descend = DescendWorkspace(self.editor)
        return self.descend

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
        self._show_page(self.workspaces)
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

    def _reveal(self, node_id: str) -> None:
        size = card_size(self.editor.graph.node(node_id))
        corner = self.editor.graph.node(node_id).position
        self.canvas.ensure_seen(QRectF(*corner, *size))

    def _show_page(self, page: QWidget) -> None:
        self.pages.setCurrentWidget(page)
        showing = page is self.workspaces
        self.welcoming = not showing
        self.top_bar.workspaces.setEnabled(showing)
        self.formula_bar.setVisible(showing)
        self.status.setVisible(showing)
        self.actions_by_name.refresh()

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

    def open_shortcuts(self) -> None:
        """Open the page of every shortcut."""
        from .shortcuts_page import ShortcutsPage

        ShortcutsPage(self).open()

    def rename_selected(self) -> None:
        """Put the cursor in the inspector's name field."""
        from .docks.inspector import InspectorPanel

        self.workspaces.show_dock("inspector")
        panel = self.workspaces.shelf.widget("inspector")
        assert isinstance(panel, InspectorPanel)
        panel.edit_name()

    def type_stop(self) -> None:
        """Put the cursor where conditions to stop at are typed."""
        from .docks.backward_steps import StepList

        self.workspaces.show_dock("steps")
        panel = self.workspaces.shelf.widget("steps")
        assert isinstance(panel, StepList)
        panel.stops.field.setFocus()

    @property
    def backward(self) -> "BackwardPanel":
        """The panel that walks a pass."""
        from .docks.backward import BackwardPanel

        panel = self.workspaces.shelf.widget("backward")
        assert isinstance(panel, BackwardPanel)
        return panel

    # its own -------------------------------------------------------------------------------------

    def title(self) -> str:
        """The document's title, or its file's name; empty where it has neither."""
        path = self.editor.path
        return self.editor.graph.settings.title or (path.stem if path else "")

    def _retitle(self) -> None:
        mark = "" if self.editor.stack.isClean() else "• "
        name = self.title()
        self.setWindowTitle(f"{mark}{name} — GradViz" if name else f"{mark}GradViz")

    def closeEvent(self, event: QCloseEvent) -> None:
        if not file_actions.may_close(self):
            event.ignore()
            return
        self.state.keep_arrangement("window", self.saveGeometry())
        self.state.write()
        self.autosave.close()
        super().closeEvent(event)
