"""What the middle of Descend can show of the race: one entry a view, in the order of the switch."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ..widgets import thin_line
from ..widgets.choice_button import ChoiceButton, ChoiceGroup
from ..widgets.flat_tabs import HEADER_HEIGHT
from .contour_view import ContourView
from .race import Race
from .view_page import ViewPage


def sweep_page(race: Race, contour: ContourView) -> ViewPage:
    """The page of the sweep; each page is loaded when it is first looked at."""
    from .sweep_page import SweepPage

    return SweepPage(race, contour)


def phase_page(race: Race, contour: ContourView) -> ViewPage:
    """The page of the map of two settings."""
    from .phase_page import PhasePage

    return PhasePage(race, contour)


def basin_page(race: Race, contour: ContourView) -> ViewPage:
    """The page of the basins of attraction."""
    from .basin_page import BasinPage

    return BasinPage(race, contour)


@dataclass(frozen=True)
class View:
    """One view: its key, its title, a sentence about it, and what makes its page."""

    key: str
    title: str
    about: str
    make: Callable[[Race, ContourView], ViewPage] | None = None


RACE = "race"
VIEWS = (
    View(RACE, "Race", "Every runner's way, step by step"),
    View("sweep", "Sweep", "The selected runner with many values of one setting", sweep_page),
    View("phase", "Phase map", "How it ends with each pair of two settings", phase_page),
    View("basins", "Basins", "From where which minimum is reached; critical points", basin_page),
)


class ViewBar(QWidget):
    """The switch between the views, in line with the tabs of the columns beside it."""

    def __init__(self) -> None:
        super().__init__()
        self.group = ChoiceGroup(self)
        header = QWidget(self)
        header.setFixedHeight(HEADER_HEIGHT)
        bar = QHBoxLayout(header)
        bar.setContentsMargins(8, 0, 8, 0)
        bar.setSpacing(0)
        for view in VIEWS:
            button = ChoiceButton(view.title, 12, 8, self)
            button.setToolTip(view.about)
            self.group.add(view.key, button)
            bar.addWidget(button)
        bar.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(header)
        layout.addWidget(thin_line())

    def button(self, key: str) -> ChoiceButton:
        """The button of a view."""
        found = self.group.button([view.key for view in VIEWS].index(key))
        assert isinstance(found, ChoiceButton)
        return found
