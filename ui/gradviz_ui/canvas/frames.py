"""How a frame of the canvas comes about: card by card, from far away in a few strokes, or, while
the view of many cards moves, from the last sharp picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QRegion

from gradviz.graph import Wire

from ..theme import current, source
from .carried_view import CarriedView
from .far import FAR, FAR_FOR_FEW, FarView, paint_grid
from .ground import Ground
from .partial import Partial, rectangles
from .sighting import seen_by
from .still import Still

if TYPE_CHECKING:
    from .navigation import NavigableView
    from .turns import Turn


class Frames:
    """Paints what Qt's own way would be too slow for."""

    def __init__(self, view: NavigableView) -> None:
        self._view, self._canvas = view, view.canvas
        self._far = FarView(view.canvas)
        self._ground = Ground()
        self._still = Still()
        self._carried = CarriedView(view, self._far, self._ground)
        self._partial = Partial(view)
        self._outdated = QRegion()
        """What the last picture, taken from far away, shows as it was some steps ago."""
        editor = view.editor
        # Whatever makes cards look different; the dashes that march along a wire do not.
        for signal in (
            editor.replaced, editor.changed, editor.evaluated, editor.selection_changed,
            editor.walk_changed, editor.preview_changed, editor.workspace_changed,
            editor.boxes.changed, editor.stops.changed, editor.spotlight.changed,
            editor.passes.sizes_changed,
            self._canvas.reshaped, self._canvas.shifted, source().changed,
        ):  # fmt: skip
            signal.connect(self._still.forget)
            signal.connect(self._carried.forget)
        self._canvas.turned.connect(self._turn)
        self._canvas.turned.connect(self._carried.forget)
        self._canvas.marched.connect(self._march)

    @property
    def _far_off(self) -> bool:
        many = self._canvas.pictures.worth
        return self._view.zoom < (FAR if many else FAR_FOR_FEW)

    def _turn(self, turn: Turn | None) -> None:
        """The pass stands at another moment: only what that changes is painted."""
        view = self._view
        if turn is not None and self._far_off and self._still.shows(view):
            part = self._far.region(turn, view.viewportTransform())
            self._outdated = self._outdated.united(part)
            view.viewport().update(part)
            return
        self._still.forget()
        if turn is None or self._far_off:
            view.viewport().update()
        else:
            view.viewport().update(self._partial.region(turn))

    def _march(self, turn: Turn) -> None:
        """Dashes have moved, where they can be seen."""
        if not self._far_off:
            self._view.viewport().update(self._partial.region(turn))

    def paint_part(self, region: QRegion, paint: Callable[[], None]) -> None:
        """Have Qt paint a part of the view; of the wires only those that it shows."""
        if not self._partial.wanted:
            paint()
            return
        self._canvas.pictures.wires = self._partial.wires_in(region)
        paint()
        self._canvas.pictures.wires = None
        self._partial.wanted = False

    def wires_in_sight(self) -> list[Wire] | None:
        """The wires that matter to the part being painted; None where any may."""
        carried = self._canvas.carried
        if carried is not None:
            return [w for w, item in self._canvas.wires.items() if item not in carried.apart]
        return None if self._canvas.pictures.wires is None else self._partial.in_sight()

    def paint(self, region: QRegion) -> bool:
        """Paint that part of the view; False where Qt had better paint the cards one by one."""
        view, pictures, far = self._view, self._canvas.pictures, self._far_off
        if self._canvas.carried is not None:
            self._carried.paint(self._canvas.carried, region, far)
            return True
        if not (far or pictures.worth):
            return False
        moving = pictures.moving and view.steady() and self._still.stands_for(view)
        moving = moving and self._outdated.isEmpty()
        whole = QRegion(view.viewport().rect()).subtracted(region).isEmpty()
        if not (moving or far or whole):
            return False
        if not (moving or (far and self._still.shows(view))):
            self._still.take(view, self._paint_far_off if far else self._paint_cards)
            self._outdated = QRegion()
        elif far and not self._outdated.isEmpty():
            self._still.renew(self._outdated, self._paint_far_off)
            self._outdated = QRegion()
        self._show(region)
        return True

    def _show(self, region: QRegion) -> None:
        painter = QPainter(self._view.viewport())
        bare = region.subtracted(self._still.covered(self._view))
        if not bare.isEmpty():
            painter.setClipRegion(bare)
            self._paint_bare(painter, bare)
            painter.resetTransform()
        painter.setClipRegion(region)
        self._still.draw(painter, self._view)
        painter.end()

    def _paint_bare(self, painter: QPainter, bare: QRegion) -> None:
        """Draw what has come into sight since the picture was taken, as it is seen from far."""
        inverse, _ = self._view.viewportTransform().inverted()
        seen = [inverse.mapRect(part) for part in rectangles(bare)]
        painter.setWorldTransform(self._view.viewportTransform())
        for part in seen:
            paint_grid(painter, part, self._view.zoom)
        self._far.paint_within(painter, current(), seen)

    def _paint_boxes(self, painter: QPainter) -> None:
        painter.setWorldTransform(self._view.viewportTransform())
        self._ground.draw(painter, self._view)
        self._far.paint(painter, current())

    def _paint_far_off(self, painter: QPainter) -> None:
        self._paint_boxes(painter)
        self._view.drawForeground(painter, seen_by(self._view))

    def _paint_cards(self, painter: QPainter) -> None:
        painter.setRenderHints(self._view.renderHints())
        room = self._view.viewport().rect()
        self._view.render(painter, QRectF(room), room)
