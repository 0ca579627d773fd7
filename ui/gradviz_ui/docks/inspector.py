"""The inspector: everything about what is selected, or about the document."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gradviz.graph import Change
from gradviz.graph.document import id_key

from ..editor import Editor
from ..widgets import scroll_area
from .inspector_document import DocumentPage
from .inspector_node import NodePage
from .inspector_several import SeveralPage


class InspectorPanel(QWidget):
    """Shows the selected node, what several have in common, or the document while none is."""

    def __init__(self, editor: Editor) -> None:
        super().__init__()
        self._editor = editor
        self._page: QWidget | None = None
        self._area = scroll_area()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._area)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._show)
        for signal in (
            editor.selection_changed, editor.moment_changed, editor.workspace_changed,
            editor.preview_changed, editor.walk_changed,
        ):  # fmt: skip
            signal.connect(self._later)
        editor.replaced.connect(self._anew)
        editor.changed.connect(self._changed)
        self._show()

    @property
    def page(self) -> QWidget | None:
        """What is shown now."""
        return self._page

    def edit_name(self) -> None:
        """Put the cursor in the name of the selected node."""
        self._show()
        if isinstance(self._page, NodePage):
            self._page.header.name.setFocus()
            self._page.header.name.selectAll()

    def _later(self, *_: object) -> None:
        self._soon.start()

    def _anew(self) -> None:
        self._page = None
        self._soon.start()

    def _changed(self, change: Change) -> None:
        if isinstance(self._page, DocumentPage):
            self._page.follow(change)
        self._soon.start()

    def _node(self) -> str | None:
        chosen = self._editor.selection
        return next(iter(chosen)) if len(chosen) == 1 else None

    def _show(self) -> None:
        node_id, page = self._node(), self._page
        graph = self._editor.graph
        if len(self._editor.selection) > 1:
            self._show_several()
        elif node_id is None:
            if not isinstance(page, DocumentPage):
                self._put(DocumentPage(self._editor))
        elif (
            isinstance(page, NodePage)
            and page.node_id == node_id
            and page.op == graph.node(node_id).op
        ):
            page.refresh()
        else:
            self._put(NodePage(self._editor, node_id))

    def _show_several(self) -> None:
        ids = sorted(self._editor.selection, key=id_key)
        nodes = tuple(self._editor.graph.node(i) for i in ids)
        page = self._page
        if isinstance(page, SeveralPage) and page.suits(nodes):
            page.show_nodes(nodes)
        else:
            self._put(SeveralPage(self._editor, nodes))

    def _put(self, page: QWidget) -> None:
        self._page = page
        self._area.setWidget(page)
