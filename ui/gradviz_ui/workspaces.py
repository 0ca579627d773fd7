"""The three workspaces: one arrangement each of the same panels and the one canvas."""

from collections.abc import Callable
from typing import Final, Protocol, cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from .docks import DOCKS, Area, docks_of
from .editor import Editor, Workspace
from .state import State
from .widgets import FlatTabs

SIDES: Final = {
    "build": {"left": 236, "right": 312},
    "backward": {"right": 368, "bottom": 230},
    "descend": {"left": 340, "right": 440},
}
LEAST: Final = {"left": 200, "right": 300, "bottom": 150}


class ThreeParts(Protocol):
    """What Descend is made of."""

    @property
    def left(self) -> QWidget: ...
    @property
    def centre(self) -> QWidget: ...
    @property
    def right(self) -> QWidget: ...


class Shelf:
    """Every panel of which there is one, made when first asked for."""

    def __init__(self) -> None:
        self._makers: dict[str, Callable[[], QWidget]] = {}
        self._made: dict[str, QWidget] = {}

    def add(self, name: str, make: Callable[[], QWidget]) -> None:
        """Say how a panel is made."""
        self._makers[name] = make

    def widget(self, name: str) -> QWidget:
        """The panel with that name; KeyError where nobody said how to make it."""
        if name not in self._made:
            self._made[name] = self._makers[name]()
        return self._made[name]


class Slot(QWidget):
    """A place for a panel that several workspaces share: who is shown has it."""

    def __init__(self, shelf: Shelf, name: str) -> None:
        super().__init__()
        self._shelf, self.name = shelf, name
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)

    def fill(self) -> None:
        """Take the panel from wherever it stands now."""
        widget = self._shelf.widget(self.name)
        if widget.parentWidget() is not self:
            self._layout.addWidget(widget)
            widget.show()

    def showEvent(self, event: QShowEvent) -> None:
        self.fill()
        super().showEvent(event)


def splitter(
    name: str, state: State, orientation: Qt.Orientation, *parts: tuple[QWidget, int]
) -> QSplitter:
    """Parts side by side with their sizes at first; size 0 takes what is left.

    Moved lines are remembered under `name`.
    """
    result = QSplitter(orientation)
    result.setHandleWidth(1)
    result.setChildrenCollapsible(False)
    for index, (part, size) in enumerate(parts):
        result.addWidget(part)
        result.setStretchFactor(index, 0 if size else 1)
    result.setSizes([size or 4000 for _, size in parts])
    kept = state.arrangement(name)
    if kept is not None:
        result.restoreState(kept)
    result.splitterMoved.connect(lambda *_: state.keep_arrangement(name, result.saveState()))
    return result


def scrolled(across: QSplitter) -> QScrollArea:
    """Parts side by side that are moved along where the window is too narrow for all of them."""
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidgetResizable(True)
    # Each part gives way in height by itself.
    across.setMinimumHeight(1)
    area.setWidget(across)
    return area


class Workspaces(QStackedWidget):
    """The workspace in front; each is laid out when first shown."""

    def __init__(
        self, editor: Editor, state: State, canvas: QWidget, descend: Callable[[], ThreeParts]
    ) -> None:
        """`descend` makes what Descend shows, once it is first asked for."""
        super().__init__()
        self._editor, self._state, self._descend = editor, state, descend
        self._pages: dict[str, QWidget] = {}
        self._tabs: dict[tuple[str, str], FlatTabs] = {}
        self.shelf = Shelf()
        self.shelf.add("canvas", lambda: canvas)
        for dock in DOCKS:
            self.shelf.add(dock.name, lambda make=dock.make: make(editor))
        editor.workspace_changed.connect(self.show_workspace)
        self.show_workspace(editor.workspace)

    def show_workspace(self, name: str) -> None:
        """Bring a workspace to the front."""
        if name not in self._pages:
            make = {"build": self._build, "backward": self._backward, "descend": self._descent}
            self._pages[name] = make[name]()
            self.addWidget(self._pages[name])
        self.setCurrentWidget(self._pages[name])
        self._state.workspace = cast(Workspace, name)

    def show_dock(self, name: str) -> bool:
        """Bring a dock of the present workspace to the front; False where it has none such."""
        dock = next(d for d in DOCKS if d.name == name)
        tabs = self._tabs.get((self._editor.workspace, dock.area))
        if tabs is None or self._editor.workspace not in dock.workspaces:
            return False
        tabs.choose(name)
        return True

    def _slot(self, name: str, area: Area | None = None) -> Slot:
        slot = Slot(self.shelf, name)
        if area in ("left", "right"):
            slot.setMinimumWidth(LEAST[area])
        elif area == "bottom":
            slot.setMinimumHeight(LEAST[area])
        return slot

    def _area(self, workspace: Workspace, area: Area, *first: tuple[str, str]) -> FlatTabs:
        """A strip of tabs: `first`, as (panel, title), then the docks of that area."""
        tabs = FlatTabs()
        tabs.setProperty("role", "panel")
        tabs.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        for name, title in (*first, *((d.name, d.title) for d in docks_of(workspace, area))):
            tabs.add(name, title, self._slot(name, area))
        key = f"{workspace}/{area}"
        kept = self._state.tab(key)
        if kept in {d.name for d in docks_of(workspace, area)} | {name for name, _ in first}:
            tabs.choose(kept)
        tabs.chosen.connect(lambda chosen: self._state.keep_tab(key, chosen))
        self._tabs[workspace, area] = tabs
        return tabs

    def _across(self, name: str, *parts: tuple[QWidget, int]) -> QSplitter:
        return splitter(name, self._state, Qt.Orientation.Horizontal, *parts)

    def _down(self, name: str, *parts: tuple[QWidget, int]) -> QSplitter:
        return splitter(name, self._state, Qt.Orientation.Vertical, *parts)

    def _build(self) -> QWidget:
        return self._across(
            "build",
            (self._area("build", "left"), SIDES["build"]["left"]),
            (self._slot("canvas"), 0),
            (self._area("build", "right"), SIDES["build"]["right"]),
        )

    def _backward(self) -> QWidget:
        above = self._across(
            "backward",
            (self._slot("canvas"), 0),
            (self._area("backward", "right"), SIDES["backward"]["right"]),
        )
        below = self._slot(docks_of("backward", "bottom")[0].name, "bottom")
        return self._down("backward-bottom", (above, 0), (below, SIDES["backward"]["bottom"]))

    def _descent(self) -> QWidget:
        descend = self._descend()
        left = self._down(
            "descend-left",
            (self._area("descend", "left", ("canvas", "Graph")), 0),
            (descend.left, 400),
        )
        across = self._across(
            "descend",
            (left, SIDES["descend"]["left"]),
            (descend.centre, 0),
            (descend.right, SIDES["descend"]["right"]),
        )
        return scrolled(across)
