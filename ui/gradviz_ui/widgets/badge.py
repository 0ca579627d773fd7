"""A few words on a tinted ground: a contribution on a wire, a count, a reason."""

from typing import Literal, get_args

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ..theme import current, qcolor, source, value_font

BadgeKind = Literal["neutral", "value", "gradient", "now", "parameter", "error", "ok"]
_COLOURS = {
    "neutral": ("hover", "mute"),
    "value": ("chip", "val"),
    "gradient": ("gchip", "grad"),
    "now": ("achip", "warn"),
    "parameter": ("pchip", "parameter"),
    "error": ("echip", "error"),
    "ok": ("hover", "ok"),
}


class Badge(QWidget):
    """Words in the colour of what they mean."""

    def __init__(
        self, words: str = "", kind: BadgeKind = "neutral", parent: QWidget | None = None
    ) -> None:
        """Make one.

        Raises:
            ValueError: no such kind.
        """
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._words = words
        self._kind: BadgeKind = kind
        self.show_words(words, kind)
        source().changed.connect(self.update)

    @property
    def words(self) -> str:
        """What it says."""
        return self._words

    @property
    def kind(self) -> BadgeKind:
        """What its colour means."""
        return self._kind

    def show_words(self, words: str, kind: BadgeKind | None = None) -> None:
        """Say something else, as the same kind of thing unless another is given.

        Raises:
            ValueError: no such kind.
        """
        if kind is not None and kind not in get_args(BadgeKind):
            raise ValueError(f"no kind of badge is called {kind!r}")
        self._words = words
        self._kind = kind or self._kind
        self.setAccessibleName(words)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(value_font(11))
        width = metrics.horizontalAdvance(self._words) + 12
        return QSize(int(width) + 1, int(metrics.height()) + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground, words = (getattr(current(), field) for field in _COLOURS[self._kind])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(qcolor(ground))
        painter.drawRoundedRect(QRectF(self.rect()), 5, 5)
        painter.setPen(qcolor(words))
        painter.setFont(value_font(11))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._words)
