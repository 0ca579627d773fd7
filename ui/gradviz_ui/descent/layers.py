"""What is painted on the contour: a stack of layers, each with a file of its own.

To put something there, write a class and hand one to the view::

    class Fans(Layer):
        order = Order.WAYS
        def __init__(self, race):
            super().__init__()
            race.ran.connect(self.changed)
        def key(self):
            return self._fans                     # nothing is painted again while this is the same
        def paint(self, painter, frame):
            painter.drawPath(line_through(frame.pixels(points)))

    centre.contour.layers.add(Fans(race))

`paint` is given a smooth painter, clipped to the frame, in the widget's pixels; `frame` brings
coordinates to pixels and back. What does not move with the step looked at is kept as a picture
until its `key`, the frame, the theme or the screen's scale changes; what does move says
``moving = True`` and is painted at every step, so it must be quick.
"""

from collections.abc import Iterable, Iterator
from enum import IntEnum
from itertools import groupby

from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QPainter, QPixmap

from ..theme import current
from .frame import Frame


class Order(IntEnum):
    """From the ground upwards; of two at one height, the one added later lies above."""

    LAND = 0
    AREAS = 10
    FIELD = 20
    WAYS = 30
    MARKS = 40
    NOW = 50
    WORDS = 60


class Layer(QObject):
    """One thing that is painted; see the module's text."""

    changed = Signal()
    """It wants to be painted again; asks nothing where the view hears of the reason itself."""
    order: Order = Order.MARKS
    moving: bool = False

    def __init__(self) -> None:
        super().__init__()
        self._shown = True

    @property
    def shown(self) -> bool:
        """Whether it is painted at all."""
        return self._shown

    def set_shown(self, shown: bool) -> None:
        """Show or hide it."""
        if shown != self._shown:
            self._shown = shown
            self.changed.emit()

    def key(self) -> object:
        """What the picture depends on, besides frame and theme; None where there is nothing.

        Compared by ``==``, so best made of numbers, texts and objects that are replaced when
        they change (never of arrays). Not asked of what is moving.
        """
        return self

    def paint(self, painter: QPainter, frame: Frame) -> None:
        """Paint it in the widget's pixels."""
        raise NotImplementedError

    def told(self, place: QPointF, frame: Frame) -> str:
        """What to say while the mouse is there; empty where it has nothing to say."""
        return ""


Kept = tuple[tuple[tuple[Layer, object], ...], Frame, float, str]
"""What a kept picture shows: layers with their keys, the frame, the scale and the theme."""


class Layers(QObject):
    """The stack, with the pictures it keeps."""

    changed = Signal()
    """Some layer is to be painted again."""

    def __init__(self) -> None:
        super().__init__()
        self._layers: list[Layer] = []
        self._pictures: dict[int, tuple[Kept, QPixmap]] = {}

    def __iter__(self) -> Iterator[Layer]:
        return iter(self._layers)

    def add(self, layer: Layer) -> None:
        """Put a layer at its height, above those already there."""
        layer.setParent(self)
        layer.changed.connect(self.changed)
        self._layers.append(layer)
        self._layers.sort(key=lambda one: one.order)
        self._pictures.clear()
        self.changed.emit()

    def paint(self, painter: QPainter, frame: Frame, ratio: float) -> None:
        """Paint all that are shown, from the ground upwards; ``ratio``: the screen's scale."""
        for place, (moving, group) in enumerate(
            groupby((one for one in self._layers if one.shown), lambda one: one.moving)
        ):
            if moving:
                _paint_each(group, painter, frame)
                continue
            keys = tuple((one, key) for one in group if (key := one.key()) is not None)
            if keys:
                now = (keys, frame, ratio, current().name)
                picture = self._picture(place, now)
                painter.drawPixmap(frame.box.topLeft(), picture)

    def _picture(self, place: int, now: Kept) -> QPixmap:
        """The picture of a run of layers that do not move, painted anew where it must be."""
        known = self._pictures.get(place)
        if known is not None and known[0] == now:
            return known[1]
        keys, frame, ratio, _ = now
        size = (frame.box.size() * ratio).toSize()
        picture = QPixmap(max(1, size.width()), max(1, size.height()))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.translate(-frame.box.topLeft())
        _paint_each((one for one, _ in keys), painter, frame)
        painter.end()
        self._pictures[place] = now, picture
        return picture

    def told(self, place: QPointF, frame: Frame) -> str:
        """What the topmost layer that has something to say says of a place."""
        words = (one.told(place, frame) for one in reversed(self._layers) if one.shown)
        return next((w for w in words if w), "")


def _paint_each(layers: Iterable[Layer], painter: QPainter, frame: Frame) -> None:
    for layer in layers:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(frame.box)
        layer.paint(painter, frame)
        painter.restore()
