"""A button that is an icon, and says its name to those who cannot see it."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QToolButton, QWidget

from ..icons import keep_icon


class IconButton(QToolButton):
    """An icon that follows the theme; its name is its tooltip and its accessible name."""

    def __init__(
        self,
        icon: str,
        name: str,
        *,
        shortcut: str = "",
        colour: str | None = None,
        size: int = 18,
        parent: QWidget | None = None,
    ) -> None:
        """Make one.

        Args:
            icon: a name `gradviz_ui.icons.icon` knows.
            name: what the button does, in a word or two.
            shortcut: keys that also click it, such as ``"Ctrl+Z"``; shown in the tooltip.
            colour: a field of `Theme` or ``#RRGGBB``; muted by default.
            size: of the picture, in logical pixels.

        Raises:
            KeyError: no icon has that name.
        """
        super().__init__(parent)
        self._colour = colour
        self.setIconSize(QSize(size, size))
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(name)
        self.setToolTip(f"{name}  {shortcut}" if shortcut else name)
        if shortcut:
            self.setShortcut(shortcut)
        keep_icon(self, icon, colour)

    def show_icon(self, icon: str, name: str) -> None:
        """Show another icon with another name: play becomes pause.

        Raises:
            KeyError: no icon has that name.
        """
        keep_icon(self, icon, self._colour)
        self.setAccessibleName(name)
        keys = self.shortcut().toString()
        self.setToolTip(f"{name}  {keys}" if keys else name)

    @classmethod
    def of(cls, action: QAction, icon: str, parent: QWidget | None = None) -> "IconButton":
        """A button for an action, whose state, tooltip and shortcut it follows."""
        button = cls(icon, action.iconText(), parent=parent)
        keep_icon(action, icon)
        button.setDefaultAction(action)
        return button
