"""Descend's three columns, and what the keys do in it."""

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from ..editor import Editor
from ..widgets import FlatTabs, FocusFrame, column, thin_line
from .batch_bar import BatchBar
from .boundary_view import BoundaryView
from .centre import Centre
from .curves import LossPanel, ParameterPanel
from .facts import Facts
from .gradient_pair import GradientPair
from .points_panel import PointsPanel
from .quantity_panel import QuantityPanel
from .race import Race
from .runner_panel import RunnerPanel
from .surface import SurfaceView

LOWER_HEIGHT = 254


class DescendWorkspace(QObject):
    """The parts a window puts in place: `left`, `centre` and `right`."""

    def __init__(self, editor: Editor) -> None:
        super().__init__(editor)
        self.race = Race(editor)
        self.runners = RunnerPanel(self.race)
        self.batches = BatchBar(self.race)
        self.left = column(self.runners, self.batches, spacing=0)
        self.centre = Centre(self.race)
        self.pair = GradientPair(self.race)
        self.centre.contour.layers.add(self.pair)
        self.batches.compared.connect(self.pair.set_shown)
        self.surface = SurfaceView(self.race)
        self.boundary = BoundaryView(self.race)
        self.loss = LossPanel(self.race)
        self.parameters = ParameterPanel(self.race)
        self.facts = Facts(self.race)
        self.points = PointsPanel(self.race)
        self.right: QWidget = self._right()
        application = QCoreApplication.instance()
        assert application is not None
        # A landscape under way must not report to what Qt has taken down.
        self._quitting = application.aboutToQuit.connect(self.close)
        if editor.workspace == "descend":
            self.race.refresh()

    def _right(self) -> QWidget:
        self.tabs = FlatTabs()
        self.tabs.add("surface", "Surface", self.surface)
        self.tabs.add("boundary", "Boundary", self.boundary)
        self.tabs.set_offered("boundary", False)
        self.boundary.found.connect(self._offer_boundary)
        self._wide = LossPanel(self.race, ruled=False)
        self.tabs.add("loss", "Loss", self._wide)
        self.tabs.add("parameters", "Parameters", self.parameters)
        self.quantities = QuantityPanel(self.race)
        self.tabs.add("quantities", "Steps", self.quantities)
        self.tabs.chosen.connect(lambda key: self.loss.setVisible(key != "loss"))
        side = QWidget()
        side.setProperty("role", "panel")
        side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        side.setMinimumWidth(340)
        layout = QVBoxLayout(side)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.tabs, 6)
        layout.addWidget(self.loss, 4)
        layout.addWidget(thin_line())
        layout.addWidget(self._lower(), 4)
        # A boundary is as wide as it is high, so it is the height that it wants.
        self.tabs.chosen.connect(lambda key: layout.setStretch(0, 11 if key == "boundary" else 6))
        return side

    def _lower(self) -> QWidget:
        self.lower = FlatTabs()
        self.lower.setMinimumHeight(LOWER_HEIGHT)
        for key, title, page in (
            ("here", "At this point", self.facts), ("points", "Saved points", self.points),
        ):  # fmt: skip
            scroll = QScrollArea()
            scroll.setAccessibleName(title)
            FocusFrame(scroll)
            scroll.setWidgetResizable(True)
            scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            scroll.setWidget(page)
            self.lower.add(key, title, scroll)
        return self.lower

    def _offer_boundary(self, found: bool) -> None:
        """A model of points in the plane is best looked at as such, once there is one."""
        self.tabs.set_offered("boundary", found)
        if found:
            self.tabs.choose("boundary")

    # what the keys ask for ---------------------------------------------------------------------

    def first(self) -> None:
        """Go to the start."""
        self.centre.transport.first()

    def back(self) -> None:
        """Go a step back."""
        self.centre.transport.back()

    def step(self) -> None:
        """Go a step on."""
        self.centre.transport.forward()

    def play_pause(self) -> None:
        """Go on by itself, or stop."""
        self.centre.transport.play_pause()

    def last(self) -> None:
        """Go to the end."""
        self.centre.transport.last()

    def close(self) -> None:
        """End all work that is under way."""
        # Quitting must not ask again for what a closed document has taken down.
        QObject.disconnect(self._quitting)
        self.centre.end()
        self.facts.end()
        self.race.close()
