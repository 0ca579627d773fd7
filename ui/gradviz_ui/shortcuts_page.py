"""Every action with its shortcuts on one page: found by typing, changed by pressing others."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from .actions import ACTIONS, MENUS, Action, action_named
from .canvas.keys import FIXED
from .key_button import KeyButton
from .keymap import keymap
from .panels import press
from .widgets import IconButton, column, empty, row, text, thin_line

POINTER: Final = (
    ("Pan", "wheel, middle button, or Space and drag"),
    ("Zoom", "Ctrl + wheel"),
    ("Select several", "drag over the ground"),
    ("Connect", "drag from port to port"),
    ("Cut wires", "Alt and drag across them"),
    ("Add an operation", "double-click the ground"),
    ("Type a value or name", "double-click it"),
    ("What else can be done", "right button"),
    ("Ten times finer", "Shift while dragging a slider"),
)
ASKED: Final = "Press the keys. Esc keeps what is there, Backspace takes it away."


class ShortcutRow(QWidget):
    """One action: its name, its keys, a place to add some, and the way back to its own."""

    def __init__(self, action: Action, page: "ShortcutsPage") -> None:
        super().__init__()
        self.action, self._page = action, page
        name = text(action.text, size=13)
        self.buttons: list[KeyButton] = []
        """One for each shortcut, and one to add another."""
        self._keys = QHBoxLayout()
        self._keys.setSpacing(4)
        self.reset = IconButton("undo", f"Give {action.text} its own keys back", size=14)
        self.reset.clicked.connect(lambda: keymap().reset(action.id))
        kept = self.reset.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self.reset.setSizePolicy(kept)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        line.addWidget(name, 1)
        line.addLayout(self._keys)
        line.addWidget(self.reset)
        self._shown: tuple[str, ...] | None = None
        self.refresh()

    def refresh(self) -> None:
        """Show the keys that there are now."""
        keys = keymap().keys(self.action.id)
        self.reset.setVisible(keys != keymap().own(self.action.id))
        if keys == self._shown:
            return
        self._shown, focused = keys, any(button.hasFocus() for button in self.buttons)
        empty(self._keys)
        self.buttons = [KeyButton(key, self.action.text) for key in (*keys, "")]
        for button in self.buttons:
            button.pressed_anew.connect(self._change)
            button.recording.connect(self._page.ask)
            self._keys.addWidget(button)
        if focused:
            self.buttons[0].show()
            self.buttons[0].setFocus()

    def _change(self, before: str, after: str) -> None:
        keys = keymap().keys(self.action.id)
        if after in keys:
            return
        asked = keys if before else (*keys, "")
        wanted = (after if key == before else key for key in asked)
        self._page.give(self.action, after, tuple(key for key in wanted if key))

    def fits(self, typed: str) -> bool:
        """Whether it is what somebody looks for, by a part of its name or its keys."""
        words = f"{self.action.menu} {self.action.text} {self.action.words}".casefold()
        keys = [key.casefold() for key in keymap().keys(self.action.id)]
        return all(part in words for part in typed.casefold().split()) or typed.casefold() in keys


class ShortcutsPage(QDialog):
    """See the module's text; below the list stands what is asked, and whose keys are taken."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Keyboard Shortcuts")
        self.field = QLineEdit()
        self.field.setPlaceholderText("Find an action or a key")
        self.field.setAccessibleName("Find an action or a key")
        self.field.textChanged.connect(self._find)
        self.rows = {action.id: ShortcutRow(action, self) for action in ACTIONS}
        self._sections = [self._section(menu) for menu in MENUS]
        self._mouse = column(
            _heading("Mouse"),
            *(row(text(what, size=13), None, text(how, "mute", 13)) for what, how in POINTER),
        )
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(
            column(*self._sections, self._mouse, None, spacing=14, margins=(24, 4, 20, 20))
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 14, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(row(self.field, margins=(20, 0, 20, 10)))
        layout.addWidget(area, 1)
        layout.addWidget(thin_line())
        layout.addWidget(self._foot())
        self.resize(660, 700)
        keymap().changed.connect(self._refresh)
        self._refresh()

    def _section(self, menu: str) -> QWidget:
        rows = [self.rows[action.id] for action in ACTIONS if action.menu == menu]
        return column(_heading(menu), *rows, spacing=4)

    def _foot(self) -> QWidget:
        self.message = text("", "mute", 13)
        self.message.setWordWrap(True)
        self.take, self.leave = QPushButton("Use It"), QPushButton("Leave It")
        self.leave.clicked.connect(self._forget)
        self.reset_all = QPushButton("Reset All")
        self.reset_all.clicked.connect(keymap().reset_all)
        for button in (self.take, self.leave, self.reset_all):
            button.setAutoDefault(False)
        self.take.hide()
        self.leave.hide()
        self._taken: tuple[Action, tuple[str, ...]] | None = None
        self.take.clicked.connect(self._take)
        self.message.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        return row(self.message, self.take, self.leave, self.reset_all, margins=(20, 10, 20, 12))

    # finding ---------------------------------------------------------------------------------

    def _find(self, typed: str) -> None:
        for found in self.rows.values():
            found.setVisible(found.fits(typed.strip()))
        for menu, section in zip(MENUS, self._sections, strict=True):
            of_menu = (self.rows[a.id] for a in ACTIONS if a.menu == menu)
            section.setVisible(any(not found.isHidden() for found in of_menu))
        self._mouse.setVisible(not typed.strip())

    def _refresh(self) -> None:
        self._forget()
        for found in self.rows.values():
            found.refresh()
        self.reset_all.setEnabled(bool(keymap().chosen))

    # changing --------------------------------------------------------------------------------

    def ask(self, recording: bool) -> None:
        """Say what a button waits for, while it does."""
        self._forget()
        self.message.setText(ASKED if recording else "")

    def give(self, action: Action, key: str, keys: tuple[str, ...]) -> None:
        """Give an action these keys, of which `key` is new; where that is taken, say by what."""
        own = key in keymap().own(action.id)
        if key in FIXED and not own:
            self.message.setText(f"{key} {FIXED[key]} on the canvas, and cannot be anything else.")
            return
        holders = [action_named(name).text for name in keymap().holders(key, action.id)]
        if not key or not holders:
            keymap().choose(action.id, keys)
            return
        self.message.setText(f"{key} is the shortcut of {' and '.join(holders)}.")
        self._taken = (action, keys)
        self.take.setText(f"Use It for {action.text}")
        self.take.show()
        self.leave.show()
        self.take.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not press(event):
            super().keyPressEvent(event)

    def _take(self) -> None:
        if self._taken is not None:
            action, keys = self._taken
            keymap().choose(action.id, keys)

    def _forget(self) -> None:
        self._taken = None
        self.message.clear()
        self.take.hide()
        self.leave.hide()


def _heading(words: str) -> QWidget:
    heading = text(words, "title", 13)
    heading.setContentsMargins(0, 8, 0, 2)
    return heading
