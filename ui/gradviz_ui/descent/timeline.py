"""The slider over all steps, with signs where runners are set otherwise, fork or go wrong."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QSize
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip

from ..theme import current, qcolor
from ..widgets import SliderScale, ValueSlider
from .glyphs import REACH, paint_glyph

INSET = 7.0
"""How far from its edges a slider's handle stays."""
NEAR = 6.0


@dataclass(frozen=True)
class Sign:
    """Something that happens at a position: its kind, a runner's colour, and what to say."""

    position: int
    kind: str
    colour: int
    words: str


class Timeline(ValueSlider):
    """See the module's text. A sign tells what it is while the mouse rests on it."""

    def __init__(self) -> None:
        super().__init__(SliderScale(0, 1, step=1), "Step")
        self._signs: tuple[Sign, ...] = ()
        self.set_colour("act")

    @property
    def signs(self) -> tuple[Sign, ...]:
        """What is marked."""
        return self._signs

    def show_signs(self, signs: Sequence[Sign]) -> None:
        """Mark other things."""
        if tuple(signs) != self._signs:
            self._signs = tuple(signs)
            self.update()

    def sizeHint(self) -> QSize:
        return super().sizeHint().expandedTo(QSize(0, 28))

    def minimumSizeHint(self) -> QSize:
        return super().minimumSizeHint().expandedTo(QSize(0, 28))

    def place_of(self, sign: Sign) -> QPointF:
        """Where a sign is painted: above the groove."""
        way = self.width() - 2 * INSET
        return QPointF(INSET + self.scale.place(sign.position) * way, REACH + 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for sign in self._signs:
            colour = qcolor(current().series(sign.colour))
            paint_glyph(painter, sign.kind, self.place_of(sign), colour)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            x = event.pos().x()
            told = [s.words for s in self._signs if abs(self.place_of(s).x() - x) <= NEAR]
            QToolTip.showText(event.globalPos(), "\n".join(told), self)
            return True
        return super().event(event)
