"""The middle of Descend: which axes, the landscape, the transport, the update rule."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QProgressBar,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ..theme import ui_font
from ..widgets import IconButton, PanelHeader, column, text
from .contour_view import ContourView
from .curve_view import CurveView
from .problem import ProblemView
from .race import Race
from .rule_view import RuleView
from .transport import Transport
from .view_page import ViewPage
from .views import VIEWS, ViewBar
from .words import runner_title

MOST_CHOICES = 2000


class AxisBar(QWidget):
    """Choosers of the two axes, and what is drawn over the land."""

    def __init__(self, race: Race, contour: ContourView) -> None:
        super().__init__()
        self._race = race
        self.choosers = (QComboBox(), QComboBox())
        self.names = (text("across", "mute", 12), text("up", "mute", 12))
        self.arrows = QCheckBox("arrows")
        self.arrows.setToolTip("Show the direction downhill")
        self.arrows.setFont(ui_font(12))
        self.arrows.setChecked(contour.arrows.shown)
        self.arrows.toggled.connect(contour.arrows.set_shown)
        self.fit = IconButton("fit", "Fit the landscape", size=16)
        self.fit.clicked.connect(race.fit)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 5, 0, 5)
        layout.setSpacing(7)
        for name, chooser in zip(self.names, self.choosers, strict=True):
            chooser.setAccessibleName(f"Axis {name.text()}")
            chooser.setMaximumWidth(190)
            chooser.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            chooser.setMinimumContentsLength(7)
            chooser.activated.connect(self._choose)
            layout.addWidget(name)
            layout.addWidget(chooser)
        layout.addStretch(1)
        layout.addWidget(self.arrows)
        layout.addWidget(self.fit)
        race.prepared.connect(self._show)

    def _show(self) -> None:
        descent = self._race.descent
        axes = self._race.axes
        for index, (name, chooser) in enumerate(zip(self.names, self.choosers, strict=True)):
            shown = descent is not None and index < len(axes)
            name.setVisible(shown)
            chooser.setVisible(shown)
            if descent is not None and index < len(axes):
                choices = descent.objective.axis_choices()[:MOST_CHOICES]
                words = [descent.objective.axis_name(a) for a in choices]
                if words != [chooser.itemText(i) for i in range(chooser.count())]:
                    chooser.clear()
                    chooser.addItems(words)
                chooser.setCurrentIndex(choices.index(axes[index]))
        for widget in (self.arrows, self.fit):
            widget.setVisible(len(axes) == 2)

    def _choose(self) -> None:
        descent = self._race.descent
        if descent is None:
            return
        choices = descent.objective.axis_choices()
        axes = [choices[c.currentIndex()] for c in self.choosers[: len(self._race.axes)]]
        if len(set(axes)) < len(axes):
            # Both would be the same: the other takes what this one had.
            before = self._race.axes
            axes = [before[1], before[0]]
        self._race.set_axes(axes)


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
        self._header = PanelHeader("Update rule of the selected runner", ruled=True)
        self.switch = ViewBar()
        self.below = QStackedWidget()
        self.pages: dict[str, ViewPage] = {}
        self.switch.group.idToggled.connect(self._show_view)
        self.stack = QStackedWidget()
        self.stack.addWidget(self._race_page())
        self.stack.addWidget(self.problem)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.stack)
        race.prepared.connect(self._show)
        race.stepped.connect(self._name_runner)
        self.setMinimumWidth(430)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)

    def _race_page(self) -> QWidget:
        self.below.addWidget(column(self.transport, self._header, self.rule, spacing=0))
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
            self._room.setStretch(3, 2 if page is None else page.room)
            self._show_picture()

    def _show_picture(self) -> None:
        page = self.pages.get(self.switch.group.current())
        own = None if page is None else page.picture
        flat = self.contour if len(self._race.axes) == 2 else self.curve
        self.pictures.setCurrentWidget(flat if own is None else own)
        self.bar.setVisible(own is None)

    def end(self) -> None:
        """End all work that is under way."""
        for page in self.pages.values():
            page.end()

    def _show(self) -> None:
        self.stack.setCurrentIndex(0 if self._race.descent is not None else 1)
        self._show_picture()
        self._name_runner()

    def _name_runner(self) -> None:
        if self._race.chosen < len(self._race.specs):
            self._header.set_note(runner_title(self._race.specs[self._race.chosen]))
