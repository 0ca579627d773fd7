"""Tabs as plain words, the chosen one bold; QTabBar would clip a bold title."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from .choice_button import ChoiceButton, ChoiceGroup
from .plain import thin_line

HEADER_HEIGHT = 36


class FlatTabs(QWidget):
    """Pages under a row of titles. Tab reaches the row, the arrow keys move within it."""

    chosen = Signal(str)
    """Sent with the key whenever another page is shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = ChoiceGroup(self)
        self._pages = QStackedWidget(self)
        self._bar = QHBoxLayout()
        self._bar.setContentsMargins(6, 0, 6, 0)
        self._bar.setSpacing(0)
        self._bar.addStretch(1)
        header = QWidget(self)
        header.setFixedHeight(HEADER_HEIGHT)
        header.setLayout(self._bar)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(header)
        layout.addWidget(thin_line())
        layout.addWidget(self._pages, 1)
        self._group.idToggled.connect(self._show)

    def add(self, key: str, title: str, page: QWidget) -> None:
        """Add a page at the end; the first is shown.

        Raises:
            ValueError: the key is taken.
        """
        button = ChoiceButton(title, 12, 8, self)
        self._bar.insertWidget(self._pages.count(), button)
        self._pages.addWidget(page)
        self._group.add(key, button)

    def current(self) -> str:
        """The key of the page shown; empty while there is none."""
        return self._group.current()

    def choose(self, key: str) -> None:
        """Show the page with that key.

        Raises:
            KeyError: no such page.
        """
        self._group.choose(key)

    def set_offered(self, key: str, offered: bool) -> None:
        """Whether there is something to be seen on a page; where not, the first is shown.

        Raises:
            KeyError: no such page.
        """
        self._group.of(key).setVisible(offered)
        if not offered and self.current() == key:
            self.choose(self._group.key(0))

    def offers(self, key: str) -> bool:
        """Whether a page can be chosen now."""
        return not self._group.of(key).isHidden()

    def _show(self, number: int, checked: bool) -> None:
        if checked:
            self._pages.setCurrentIndex(number)
            self.chosen.emit(self._group.key(number))
