"""The canvas of all three workspaces: what actions ask of it, keys, and what is dropped on it."""

from collections.abc import Collection

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
)
from PySide6.QtWidgets import QWidget

from gradviz.graph import compose, decorating

from ..editor import Editor
from ..widgets import FocusFrame
from . import keys
from .box_words import described_box
from .content import described
from .cutting import disconnect_all
from .dropping import drop, is_welcome
from .group_card import GroupCard
from .hits import Hit
from .looks import Looks
from .pointing import PointedView
from .pulse import Pulse
from .tidy import Tidying
from .touching import STEP
from .wanted import wanted_place


class CanvasView(PointedView):
    """The open document as cards and wires, and everything one does to it by hand."""

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(editor, parent)
        self.pulse = Pulse(self.canvas)
        self.tidying = Tidying(self.canvas)
        self._looks = Looks(self)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Graph canvas")
        FocusFrame(self)
        for signal in (
            editor.selection_changed, editor.evaluated, editor.moment_changed,
            editor.boxes.changed,
        ):  # fmt: skip
            signal.connect(self._describe)
        editor.replaced.connect(self._describe)
        editor.changed.connect(lambda change: self._describe() if change.scenery else None)
        self.tidying.finished.connect(self._refit)

    # what actions ask for ---------------------------------------------------------------------

    def zoom_in(self) -> None:
        """Show everything a notch larger."""
        self.zoom_by(STEP)

    def zoom_out(self) -> None:
        """Show everything a notch smaller."""
        self.zoom_by(1 / STEP)

    def zoom_reset(self) -> None:
        """Show everything in natural size."""
        self.zoom_by(1 / self.zoom)

    def tidy(self, chosen: Collection[str] | None = None) -> None:
        """Lay the cards out the way wires run, or those that show some nodes: one undoable step."""
        self.fitted |= chosen is None
        self.tidying.start(chosen)

    def run_wires(self, flow: str) -> None:
        """Have wires run ``right`` or ``down``, and lay the cards out so: one undoable step."""
        label = f"Run wires {flow}"
        self.editor.perform(compose.set_flow(self.editor.graph, flow), label, label)
        self.fitted = True
        self.tidying.start(merge_key=label)

    def search(self) -> None:
        """Open the search for operations where a menu was asked for, at the pointer, or beside
        the selected card; from a wire's menu, for what goes onto that wire."""
        aimed, self.aimed = self.aimed, None
        if aimed is not None and len(self.pointed) == 1:
            self.overlays.search_on(aimed, self.pointed[0])
            return
        if aimed is not None:
            self.overlays.search_at(aimed)
            return
        self.overlays.search_at(wanted_place(self))

    def wanted_place(self) -> QPointF:
        """The point of the scene where a menu was asked for, else the pointer's, or the middle."""
        aimed, self.aimed = self.aimed, None
        return self.scene_point(QPointF(wanted_place(self) if aimed is None else aimed))

    def disconnect_pointed(self) -> None:
        """Take away the wires that a menu was asked for."""
        disconnect_all(self.editor, self.pointed)
        self.pointed = ()

    def edit_focused(self) -> None:
        """Type another value for the selected leaf, or another name for another node."""
        boxes = self.editor.boxes.ids
        if len(boxes) == 1 and not self.editor.selection:
            self.overlays.edit_box(min(boxes))
            return
        node_id = keys.focused(self.editor)
        if node_id is not None:
            card = self.canvas.groups.card_of(node_id)
            if isinstance(card, GroupCard):
                self.editor.entering.enter(card.group_id)
            elif not self.overlays.edit(Hit("value", card)):
                self.overlays.edit(Hit("title", card))

    def escape(self) -> None:
        """Cancel what is in progress, else clear the selection, else go out of the group."""
        if self.cancel_gesture():
            return
        if self.editor.selection or self.editor.boxes.ids:
            self.editor.boxes.choose(())
        else:
            self.editor.entering.leave()

    # following ----------------------------------------------------------------------------------

    def _refit(self) -> None:
        if self.fitted:
            self.fit()

    def _describe(self, *_: object) -> None:
        """Say, for who cannot see it, which card, frame or note is chosen and what it holds."""
        node_id = keys.focused(self.editor)
        # They may have gone just now, with nodes that were selected too.
        boxes = [i for i in self.editor.boxes.ids if i in self.editor.graph.scenery]
        said = "Empty graph" if node_id is None else described(self.editor, node_id)
        if boxes and not self.editor.selection:
            last = max(boxes, key=lambda i: (len(i), i))
            said = described_box(self.canvas, decorating.box(self.editor.graph, last))
        if said != self.accessibleDescription():
            self.setAccessibleDescription(said)
            change = QAccessible.Event.DescriptionChanged
            QAccessible.updateAccessibility(QAccessibleEvent(self, change))

    # keys and drops -------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            self.panned &= event.isAutoRepeat()
            self.hand = True
        elif not keys.handle(self, event):
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Space or event.isAutoRepeat() or not self.hand:
            return
        self.hand = False
        if not self.panned and self.gesture is None:
            self.search()

    def event(self, event: QEvent) -> bool:
        # Tab is the search's; the shortcuts of panels lead away from here.
        pressed = event.type() == QEvent.Type.KeyPress
        if pressed and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Tab:
            self.search()
            return True
        return super().event(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if is_welcome(event.mimeData()):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if is_welcome(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if drop(self, event.mimeData(), self.scene_point(event.position())):
            self.fitted = False
            event.acceptProposedAction()
            self.setFocus()
