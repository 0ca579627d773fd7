"""The page of a view: what stands below the picture, what lies on it, and what works meanwhile."""

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from .contour_view import ContourView
from .layers import Layer
from .race import Race
from .study import Study


class ViewPage(QWidget):
    """What stands below the picture in one view.

    `picture` stands in place of the contour where it is given; `room` is the share of the height
    that the page takes where the picture takes five. `layers` lie on the contour and `studies`
    work while the page is looked at; the race's own ways are hidden then, unless it says so.
    """

    picture: QWidget | None = None
    room = 0
    shows_ways = False

    def __init__(self, race: Race, contour: ContourView) -> None:
        super().__init__()
        self.race, self.contour = race, contour
        self.layers: list[Layer] = []
        self.studies: list[Study] = []

    def stand(self, *parts: QWidget) -> None:
        """Put the page's parts one below the other; the last takes what room there is."""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for part in parts:
            layout.addWidget(part)
        if self.room:
            layout.setStretch(len(parts) - 1, 1)

    def add_layer(self, layer: Layer) -> None:
        """Put a layer on the contour, to be seen with this page."""
        layer.set_shown(self.isVisible())
        self.layers.append(layer)
        self.contour.layers.add(layer)

    def end(self) -> None:
        """End all work that is under way."""
        for study in self.studies:
            study.end()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._set_shown(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._set_shown(False)

    def _set_shown(self, shown: bool) -> None:
        for layer in self.layers:
            layer.set_shown(shown)
        for layer in self.contour.runners:
            layer.set_shown(self.shows_ways or not shown)
        for study in self.studies:
            study.set_shown(shown)
