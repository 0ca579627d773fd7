"""The middle of Descend: which axes, the landscape, the transport, the update rule."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QProgressBar,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ..theme import ui_font
from ..widgets import FocusFrame, PanelHeader, column
from .axis_bar import AxisBar
from .buffer_layer import Buffers
from .contour_view import ContourView
from .curve_view import CurveView
from .problem import ProblemView
from .race import Race
from .rule_view import RuleView
from .transport import Transport
from .view_page import ViewPage
from .views import VIEWS, ViewBar
from .words import runner_title


class Centre(QWidget):
    """See the module's text; where nothing can be minimised, the reason instead."""

    def __init__(self, race: Race) -> None:
        super().__init__()
        self._race = race
        self.contour = ContourView(race)
        self.curve = CurveView(race)
        self.bar = AxisBar(race, self.contour)
        self.transport = Transport(race)
        self.rule = RuleView(race)
        self.problem = ProblemView(race)
        self.progress = QProgressBar()
        self.progress.setRange(0, 0)
        self.progress.setFixedHeight(3)
        self.progress.setVisible(False)
        race.busy.connect(self.progress.setVisible)
        self.pictures = QStackedWidget()
        self.pictures.addWidget(self.contour)
        self.pictures.addWidget(self.curve)
        self.at_point = QCheckBox("draw at the point")
        self.at_point.setFont(ui_font(12))
        self.at_point.setToolTip(
            "Draw the gradient and what the runner carries as arrows and squares"
        )
        self.buffers = Buffers(race)
        self.contour.layers.add(self.buffers)
        self.at_point.toggled.connect(self.buffers.set_shown)
        self._header = PanelHeader("Update rule", self.at_point, ruled=True)
        self.switch = ViewBar()
        self.below = QStackedWidget()
        self.pages: dict[str, ViewPage] = {}
        self.switch.group.idToggled.connect(self._show_view)
        self.stack = QStackedWidget()
        self.stack.addWidget(self._race_page())
        self.stack.addWidget(self.problem)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.stack, 1)
        race.prepared.connect(self._show)
        race.stepped.connect(self._name_runner)
        self.setMinimumWidth(430)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)

    def _race_page(self) -> QWidget:
        self._own = column(self.transport, self._header, self._scrolled(), spacing=0)
        self.below.addWidget(self._own)
        page, inner = QWidget(), QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.switch)
        layout.addWidget(inner, 1)
        self._room = QVBoxLayout(inner)
        self._room.setContentsMargins(16, 2, 16, 0)
        self._room.setSpacing(0)
        self._room.addWidget(self.bar)
        self._room.addWidget(self.pictures, 5)
        self._room.addWidget(self.progress)
        self._room.addWidget(self.below, 2)
        return page

    def show_view(self, key: str) -> None:
        """Show the race, or what compares many runners; a key of `VIEWS`."""
        self.switch.group.choose(key)

    def page(self, key: str) -> ViewPage | None:
        """The page of a view, made when it is first looked at; None for the race itself."""
        view = next(v for v in VIEWS if v.key == key)
        if view.make is not None and key not in self.pages:
            page = self.pages[key] = view.make(self._race, self.contour)
            self.below.addWidget(page)
            if page.picture is not None:
                self.pictures.addWidget(page.picture)
        return self.pages.get(key)

    def _show_view(self, number: int, chosen: bool) -> None:
        if chosen:
            page = self.page(VIEWS[number].key)
            self.below.setCurrentIndex(0 if page is None else self.below.indexOf(page))
            for one in (self._own, *self.pages.values()):
                # What is not looked at takes no room.
                shown = one is self.below.currentWidget()
                kind = QSizePolicy.Policy.Preferred if shown else QSizePolicy.Policy.Ignored
                one.setSizePolicy(kind, kind)
            self._room.setStretch(3, 2 if page is None else page.room)
            self._show_picture()
            self._race.show_view(VIEWS[number].key)

    def _show_picture(self) -> None:
        page = self.pages.get(self.switch.group.current())
        own = None if page is None else page.picture
        flat = self.contour if len(self._race.axes) == 2 else self.curve
        self.pictures.setCurrentWidget(flat if own is None else own)
        self.bar.setVisible(own is None)

    def _scrolled(self) -> QScrollArea:
        """The rule, to be scrolled where there is no room for all its lines."""
        area = QScrollArea()
        area.setAccessibleName("Update rule")
        FocusFrame(area)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setMinimumHeight(96)
        area.setWidget(self.rule)
        return area

    def end(self) -> None:
        """End all work that is under way."""
        for page in self.pages.values():
            page.end()

    def _show(self) -> None:
        self.stack.setCurrentIndex(0 if self._race.descent is not None else 1)
        if self._race.descent is not None:
            self.switch.group.choose(self._race.settings.view)
        self._show_picture()
        self._name_runner()

    def _name_runner(self) -> None:
        if self._race.chosen < len(self._race.specs):
            self._header.set_note(runner_title(self._race.specs[self._race.chosen]))
