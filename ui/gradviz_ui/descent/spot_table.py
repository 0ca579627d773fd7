"""The list of critical points: kind, place, loss, curvatures, and from how many starts reached."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem

from ..numbers import short
from ..theme import source, ui_font, value_font
from .spots import Spot, paint_spot, percent

COLUMNS = ("kind", "place", "loss", "eigenvalues", "starts")
CURVED = COLUMNS.index("eigenvalues")
"""What gives way where there is little room; a row's tip has it whole."""
SIDE = 16
ROUNDING = 1e-14
"""The share of the largest loss below which one is nought but for rounding; a row's tip has it."""


class SpotTable(QTreeWidget):
    """See the module's text. The row chosen, or pointed at, is picked out in the picture."""

    pointed = Signal(object)
    """Sent with the `Spot` that is pointed at or chosen, or None."""

    def __init__(self) -> None:
        super().__init__()
        self._spots: tuple[Spot, ...] = ()
        self.setAccessibleName("Critical points")
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setMouseTracking(True)
        self.setIconSize(QSize(SIDE, SIDE))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setColumnCount(len(COLUMNS))
        self.setHeaderLabels(COLUMNS)
        self.setMinimumHeight(96)
        self.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.header().setSectionResizeMode(CURVED, QHeaderView.ResizeMode.Stretch)
        self.header().setMinimumSectionSize(24)
        self.header().setFont(ui_font(11))
        self.header().setStretchLastSection(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setStyleSheet(
            "QTreeView::item { padding: 4px 2px; } QHeaderView::section { padding: 5px 3px; }"
        )
        self.itemSelectionChanged.connect(self._point)
        self.itemEntered.connect(lambda item, _column: self.pointed.emit(self._spot(item)))
        source().changed.connect(self._show)

    def show_spots(self, found: Sequence[Spot]) -> None:
        """Show these; nothing happens where they are the same."""
        if tuple(found) != self._spots:
            self._spots = tuple(found)
            self._show()

    def _show(self) -> None:
        self.clear()
        none = ROUNDING * max((abs(s.loss) for s in self._spots), default=0.0)
        for spot in self._spots:
            curved = "" if spot.eigenvalues is None else ", ".join(map(short, spot.eigenvalues))
            share = "" if spot.basin is None else percent(spot.share)
            place, loss = (
                ", ".join(map(short, spot.place)),
                0.0 if abs(spot.loss) < none else spot.loss,
            )
            words = [spot.title, place, short(loss), curved, share]
            item = QTreeWidgetItem(words)
            item.setIcon(0, QIcon(icon(spot, self.devicePixelRatioF())))
            item.setFont(0, ui_font(12))
            for column in range(1, len(words)):
                item.setFont(column, value_font(11))
            for column in range(len(words)):
                item.setToolTip(column, spot.words("loss"))
            self.addTopLevelItem(item)

    def _spot(self, item: QTreeWidgetItem) -> Spot:
        return self._spots[self.indexOfTopLevelItem(item)]

    def _point(self) -> None:
        chosen = self.selectedItems()
        self.pointed.emit(self._spot(chosen[0]) if chosen else None)

    def leaveEvent(self, event) -> None:
        self._point()
        super().leaveEvent(event)


def icon(spot: Spot, ratio: float) -> QPixmap:
    """The mark of a place, as it is in the picture."""
    picture = QPixmap(round(SIDE * ratio), round(SIDE * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_spot(painter, spot, QPointF(SIDE / 2, SIDE / 2))
    painter.end()
    return picture
