"""The pages about one node, one in sight at a time and only that one worked out."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ..widgets import thin_line
from ..widgets.choice_button import ChoiceButton, ChoiceGroup
from .backward_story import Shown


class NodePage(QWidget):
    """A page that says something about a node at a moment."""

    def tell(self, shown: Shown) -> None:
        """Say it of that node."""
        raise NotImplementedError

    def rest(self) -> None:
        """Nobody looks: stop what is worked out beside."""


class PageTabs(QWidget):
    """A row of titles over the page that is chosen; it is as high as that page."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = ChoiceGroup(self)
        self._pages: dict[str, NodePage] = {}
        self._shown: Shown | None = None
        header = QWidget()
        header.setFixedHeight(34)
        self._bar = QHBoxLayout(header)
        self._bar.setContentsMargins(6, 0, 6, 0)
        self._bar.setSpacing(0)
        self._bar.addStretch(1)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 6, 0, 0)
        self._layout.setSpacing(0)
        for part in (thin_line(), header, thin_line()):
            self._layout.addWidget(part)
        self._group.idToggled.connect(self._switch)

    def add(self, key: str, title: str, page: NodePage) -> None:
        """Add a page at the end; the first is chosen."""
        button = ChoiceButton(title, 12, 8, self)
        self._bar.insertWidget(len(self._pages), button)
        self._layout.addWidget(page)
        self._pages[key] = page
        page.setHidden(len(self._pages) > 1)
        self._group.add(key, button)

    @property
    def page(self) -> NodePage:
        """The page that is chosen."""
        return self._pages[self._group.current()]

    def choose(self, key: str) -> None:
        """Choose a page; KeyError where there is none such."""
        self._group.choose(key)

    def tell(self, shown: Shown) -> None:
        """Have the chosen page say what it says of that node; another when it is chosen."""
        self._shown = shown
        if shown.step is None:
            self.page.rest()
        else:
            self.page.tell(shown)

    def rest(self) -> None:
        """There is no node to say anything about."""
        self._shown = None
        self.page.rest()

    def _switch(self, number: int, checked: bool) -> None:
        page = self._pages[self._group.key(number)]
        page.setVisible(checked)
        if not checked:
            page.rest()
        elif self._shown is not None and self._shown.step is not None:
            page.tell(self._shown)
