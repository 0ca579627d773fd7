"""One open document: its editor, and all that shows it. A window has one for each tab."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gradviz.graph import Change

from .announcer import Announcer
from .canvas import CanvasView
from .canvas.settling import make_room
from .editor import Editor
from .formula_bar import FormulaBar
from .recovery import Autosave
from .state import State
from .status import Status
from .workspaces import ThreeParts, Workspaces

if TYPE_CHECKING:
    from .descent import DescendWorkspace
    from .docks.backward import BackwardPanel


class DocumentPage(QWidget):
    """See the module's text. The formula lies over the window's bar while the page is in front."""

    told = Signal()
    """Its title, whether it is saved, or the workspace in front is another."""

    def __init__(self, editor: Editor, state: State, room: QWidget, ground: QWidget) -> None:
        """`room` is the place of the formula, `ground` what holds that and this page."""
        super().__init__()
        self.editor = editor
        self.descend: DescendWorkspace | None = None
        """Descend, from when it was first in front."""
        self.canvas = CanvasView(editor)
        self.canvas.on_grid = state.on_grid
        self.announcer = Announcer(editor, self.canvas)
        self.status = Status(editor)
        self.autosave = Autosave(editor, state.recovery)
        self.workspaces = Workspaces(editor, state, self.canvas, self._make_descend)
        self.formula_bar = FormulaBar(editor, room, ground)
        self.formula_bar.hide()
        self.formula_bar.written.connect(self._make_room)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.workspaces, 1)
        layout.addWidget(self.status)
        for signal in (
            editor.path_changed,
            editor.replaced,
            editor.workspace_changed,
            editor.stack.cleanChanged,
        ):
            signal.connect(self._tell)
        editor.changed.connect(self._changed)
        editor.reveal_wanted.connect(self._reveal)

    def _make_descend(self) -> ThreeParts:
        from .descent import DescendWorkspace

        self.descend = DescendWorkspace(self.editor)
        return self.descend

    def _make_room(self, before: frozenset[str], merge_key: str) -> None:
        make_room(self.canvas.canvas, before, merge_key)
        if self.canvas.fitted:
            self.canvas.fit()

    def _tell(self, *_: object) -> None:
        self.told.emit()

    def _changed(self, change: Change) -> None:
        if "title" in change.settings:
            self.told.emit()

    def _reveal(self, node_id: str) -> None:
        self.editor.entering.bring(node_id)
        # In a folded group it is the group's card that shows it.
        self.canvas.ensure_seen(self.canvas.canvas.groups.card_of(node_id).body())

    @property
    def title(self) -> str:
        """The document's title, or its file's name; empty where it has neither."""
        path = self.editor.path
        return self.editor.graph.settings.title or (path.stem if path else "")

    @property
    def saved(self) -> bool:
        """Whether nothing would be lost with it."""
        return self.editor.stack.isClean()

    @property
    def blank(self) -> bool:
        """Whether nobody has put anything into it yet, so that another document may have it."""
        editor = self.editor
        untouched = self.saved and not editor.stack.count() and editor.path is None
        return untouched and not editor.graph.nodes

    @property
    def backward(self) -> "BackwardPanel":
        """The panel that walks a pass."""
        from .docks.backward import BackwardPanel

        panel = self.workspaces.shelf.widget("backward")
        assert isinstance(panel, BackwardPanel)
        return panel

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

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self.editor.left.emit()

    def end(self) -> None:
        """Close it for good: its work ends, its copy goes, and so does all it held."""
        if self.descend is not None:
            self.descend.close()
        self.autosave.close()
        self.hide()
        self.formula_bar.deleteLater()
        self.deleteLater()
