"""A setting's name beside its control: what it means, and a click to its default."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton

from gradviz.optim import Setting

from ..theme import current, qcolor, source, ui_font
from .words import compact, written

WIDTH = 92


class SettingName(QAbstractButton):
    """Muted at the default, plain where it is set otherwise; a click goes back to the default."""

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self._changed = False
        self.setText(setting.name)
        self.setToolTip(described(setting))
        self.setAccessibleName(f"Default of {setting.name}")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFixedWidth(WIDTH)
        source().changed.connect(self.update)

    def show_changed(self, changed: bool) -> None:
        """Show whether the setting has another value than its default."""
        self._changed = changed
        self.setEnabled(changed)
        shape = Qt.CursorShape.PointingHandCursor if changed else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), current()
        painter.setFont(ui_font(12))
        painter.setPen(qcolor(theme.ink if self._changed else theme.mute))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        words = painter.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, self.width()
        )
        painter.drawText(self.rect(), flags, words)


def described(setting: Setting) -> str:
    """What it means, its default and the range of its control, a line each."""
    lines = [setting.doc, f"Default: {written(setting.default)}"]
    numeric = isinstance(setting.default, int | float) and not isinstance(setting.default, bool)
    if setting.choices:
        none = ["none"] if setting.default is None else []
        lines.append("One of " + ", ".join([*none, *setting.choices]))
    elif numeric or setting.default is None:
        lines.append(f"Slider: {compact(setting.low)} to {compact(setting.high)}")
    return "\n".join([*lines, "Click the name for the default"])
