"""One choice among several, as text: the part `SegmentedControl` and `FlatTabs` have in common."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QWidget

from ..theme import current, qcolor, source, ui_font


class ChoiceButton(QAbstractButton):
    """A flat checkable text button, as wide as its text is when emphasised.

    Reached with Tab; the arrow keys move within its exclusive group.
    """

    def __init__(self, title: str, size: float, padding: float, parent: QWidget | None = None):
        super().__init__(parent)
        self.setText(title)
        self.setAccessibleName(title)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.size_px = size
        self.padding = padding
        source().changed.connect(self.update)

    def font_at(self, weight: QFont.Weight) -> QFont:
        """The button's face in that weight."""
        return ui_font(self.size_px, weight)

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(self.font_at(QFont.Weight.DemiBold))
        width = metrics.horizontalAdvance(self.text()) + 2 * self.padding
        return QSize(int(width) + 1, int(metrics.height()) + 12)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paint_text(self, painter: QPainter, weight: QFont.Weight) -> None:
        """Draw the text in the middle, and the focus ring."""
        theme = current()
        lit = self.isChecked() or self.underMouse()
        colour = theme.ink if lit else theme.mute
        painter.setPen(qcolor(colour if self.isEnabled() else theme.faint))
        painter.setFont(self.font_at(weight))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        if self.hasFocus():
            painter.setPen(QPen(qcolor(theme.sel), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            painter.drawRoundedRect(frame, 6, 6)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = QFont.Weight.DemiBold if self.isChecked() else QFont.Weight.Medium
        self.paint_text(painter, chosen)


class ChoiceGroup(QButtonGroup):
    """Exclusive buttons known by key."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._keys: list[str] = []
        self.idToggled.connect(self._lead)

    def _lead(self, *_: object) -> None:
        """Have Tab stop at the chosen one; Qt would have it stop where the focus was last."""
        for button in self.buttons():
            tab = Qt.FocusPolicy.TabFocus if button.isChecked() else Qt.FocusPolicy.NoFocus
            button.setFocusPolicy(tab)

    def add(self, key: str, button: QAbstractButton) -> None:
        """Add a button; the first one is chosen.

        Raises:
            ValueError: the key is taken.
        """
        if key in self._keys:
            raise ValueError(f"{key!r} is there already")
        self.addButton(button, len(self._keys))
        self._keys.append(key)
        if len(self._keys) == 1:
            button.setChecked(True)
        self._lead()

    def key(self, number: int) -> str:
        """The key of the button with that number."""
        return self._keys[number]

    def current(self) -> str:
        """The key of the chosen button; empty while there is none."""
        number = self.checkedId()
        return self._keys[number] if number >= 0 else ""

    def choose(self, key: str) -> None:
        """Check that button.

        Raises:
            KeyError: no such key.
        """
        self.of(key).setChecked(True)

    def of(self, key: str) -> QAbstractButton:
        """The button with that key; KeyError where there is none."""
        if key not in self._keys:
            raise KeyError(key)
        return self.button(self._keys.index(key))
