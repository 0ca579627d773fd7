"""The bar at the top: name, first actions, room for the formula, workspaces, palette, theme."""

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from .action_set import ActionSet
from .actions import AFTER_FORMULA, TOOLBAR, action_named
from .keymap import say_keys
from .widgets import IconButton, SegmentedControl, Wordmark

HEIGHT = 47
WORKSPACES = (("build", "Build"), ("backward", "Backward"), ("descend", "Descend"))


class TopBar(QWidget):
    """See the module's text. The formula lies over `room`, because it may grow downwards."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(HEIGHT)
        self.room = QWidget()
        self.room.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.room.setFixedHeight(32)
        self.room.setMinimumWidth(160)
        self.workspaces = SegmentedControl(WORKSPACES)
        self.menu_button = IconButton("menu", "Menu")

    def fill(self, actions: ActionSet) -> None:
        """Put everything in place, the buttons for these actions among it."""
        # Set as the button's own menu, keys of the canvas would act while the button has the focus.
        self._menu = actions.menu(self.menu_button)
        self.menu_button.clicked.connect(self._open_menu)
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 0, 10, 0)
        line.setSpacing(6)
        line.addWidget(Wordmark())
        line.addSpacing(6)
        for name in TOOLBAR:
            line.addWidget(self._button(name, actions[name]))
        line.addSpacing(6)
        line.addWidget(self.room, 1)
        line.addSpacing(6)
        line.addWidget(self.workspaces)
        line.addSpacing(4)
        for name in AFTER_FORMULA:
            line.addWidget(self._button(name, actions[name]))
        line.addWidget(self.menu_button)

    def _open_menu(self) -> None:
        button = self.menu_button
        corner = button.mapToGlobal(button.rect().bottomRight())
        self._menu.popup(corner - QPoint(self._menu.sizeHint().width(), 0))

    def _button(self, name: str, action: QAction) -> IconButton:
        entry = action_named(name)
        button = IconButton(entry.icon, entry.text, parent=self)
        say_keys(button, entry.text, name)
        button.setEnabled(action.isEnabled())
        action.enabledChanged.connect(button.setEnabled)
        button.clicked.connect(action.trigger)
        button.setObjectName(f"button-{name}")
        return button
