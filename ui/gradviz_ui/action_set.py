"""The table of actions as Qt's own, kept up to date with what can be done now."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QComboBox,
    QLineEdit,
    QMenu,
    QWidget,
)

from gradviz.graph.findings import Fix

from .actions import ACTIONS, MENUS, Action
from .document_page import DocumentPage
from .icons import keep_icon
from .keymap import keymap
from .theme import source
from .widgets import ValueSlider

if TYPE_CHECKING:
    from .main_window import MainWindow

OWN_KEYS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QComboBox,
    QLineEdit,
    ValueSlider,
)
WALKING_KEYS = frozenset(
    (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Space)
)


class ActionSet(QObject):
    """A QAction for every entry of the table; `refresh` says again which can be done."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._actions = {entry.id: self._make(entry) for entry in ACTIONS}
        keymap().begin({entry.id: entry.keys for entry in ACTIONS}, window.state)
        keymap().changed.connect(self._show_keys)
        self._show_keys()
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.refresh)
        source().changed.connect(self._soon.start)
        window.installEventFilter(self)

    def serve(self, page: DocumentPage) -> None:
        """Follow that document too, and act on its canvas."""
        editor = page.editor
        for signal in (
            editor.replaced,
            editor.changed,
            editor.selection_changed,
            editor.boxes.changed,
            editor.workspace_changed,
            editor.walk_changed,
            editor.moment_changed,
            editor.entering.changed,
            editor.stops.changed,
            editor.passes.sizes_changed,
            editor.path_changed,
            editor.advice.changed,
            editor.stack.indexChanged,
            editor.stack.cleanChanged,
        ):
            signal.connect(self._soon.start)
        for entry in ACTIONS:
            if entry.place == "canvas":
                page.canvas.addAction(self._actions[entry.id])

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def _make(self, entry: Action) -> QAction:
        action = QAction(entry.text, self)
        action.setCheckable(entry.checked is not None)
        action.triggered.connect(partial(self.run, entry))
        if entry.place == "window":
            self._window.addAction(action)
        else:
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        return action

    def _show_keys(self) -> None:
        for name, action in self._actions.items():
            action.setShortcuts(keymap().sequences(name))

    def run(self, entry: Action, *_checked: bool) -> None:
        """Do it, if it can be done now."""
        if entry.when(self._window):
            entry.run(self._window)
        self._soon.start()

    def refresh(self) -> None:
        """Enable what can be done now, check what is on, and say what undo would take back."""
        for entry in ACTIONS:
            action = self._actions[entry.id]
            action.setEnabled(entry.when(self._window))
            if entry.checked is not None:
                action.setChecked(entry.checked(self._window))
        stack = self._window.editor.stack
        self["undo"].setText(f"Undo {stack.undoText()}".strip())
        self["redo"].setText(f"Redo {stack.redoText()}".strip())

    def menu(self, parent: QWidget) -> QMenu:
        """A menu of every action, one submenu a heading."""
        result = QMenu(parent)
        result.aboutToShow.connect(self._open_menu)
        for title in MENUS:
            self._fill(result.addMenu(title), title)
        return result

    def context_menu(self, about: str, parent: QWidget) -> QMenu:
        """A menu of what can be done with what was clicked, as the table says of each."""
        menu = QMenu(parent)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._open_menu()
        if about == "node":
            self._offer_fixes(menu)
        apart = False
        for entry in (entry for entry in ACTIONS if about in entry.about):
            apart |= entry.gap
            # What cannot be done with it would only make the menu long.
            if self[entry.id].isEnabled():
                if apart and not menu.isEmpty():
                    menu.addSeparator()
                menu.addAction(self[entry.id])
                apart = False
        return menu

    def _offer_fixes(self, menu: QMenu) -> None:
        """The ways out of what is found wrong with the one selected node, ahead of all else."""
        advice, selection = self._window.editor.advice, self._window.editor.selection
        advice.refresh()
        if len(selection) != 1:
            return
        for fix in (fix for found in advice.about(min(selection)) for fix in found.fixes):
            action = menu.addAction(f"Fix: {fix.label}")
            keep_icon(action, "check")
            action.triggered.connect(partial(self._apply, fix))
        menu.addSeparator()

    def _apply(self, fix: Fix, *_checked: bool) -> None:
        self._window.editor.advice.apply(fix)

    def _open_menu(self) -> None:
        # Icons only now: drawing all of them in every size would hold up the start.
        for entry in ACTIONS:
            if entry.icon and self[entry.id].icon().isNull():
                keep_icon(self[entry.id], entry.icon)
        self.refresh()

    def _fill(self, menu: QMenu, title: str) -> None:
        for entry in ACTIONS:
            if entry.menu == title:
                if entry.gap:
                    menu.addSeparator()
                menu.addAction(self._actions[entry.id])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = event.modifiers() in (
                Qt.KeyboardModifier.NoModifier,
                Qt.KeyboardModifier.KeypadModifier,
            )
            # Arrow keys and Space walk the backward pass, unless what has the focus uses them.
            used = isinstance(self._window.focusWidget(), OWN_KEYS)
            if plain and used and event.key() in WALKING_KEYS:
                event.accept()
                return True
        return False
