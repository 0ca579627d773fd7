"""A menu of the colours that nodes, frames and notes may have, each with its name."""

from collections.abc import Callable, Collection, Iterable
from functools import partial

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QActionGroup, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QMenu, QWidget

from .theme import current, qcolor

SIDE = 16
NONE = "No Colour"


def swatch(name: str, ratio: float) -> QIcon:
    """A square of a colour; an empty one for none."""
    theme = current()
    pixmap = QPixmap(round(SIDE * ratio), round(SIDE * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(qcolor(theme.wire), 1))
    painter.setBrush(qcolor(theme.tints[name] if name else theme.card))
    painter.drawRoundedRect(QRectF(1.5, 1.5, SIDE - 3, SIDE - 3), 3, 3)
    painter.end()
    return QIcon(pixmap)


def colour_menu(
    parent: QWidget, names: Iterable[str], now: Collection[str], take: Callable[[str], None]
) -> QMenu:
    """The menu; `take` is told the name chosen, empty for none. ``now``: those in use."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.setAccessibleName("Colour")
    group = QActionGroup(menu)
    for name in ("", *names):
        action = menu.addAction(swatch(name, parent.devicePixelRatioF()), name.title() or NONE)
        action.setCheckable(True)
        action.setChecked(set(now) == {name})
        group.addAction(action)
        action.triggered.connect(partial(lambda chosen, *_: take(chosen), name))
    chosen = group.checkedAction() or menu.actions()[0]
    menu.setActiveAction(chosen)
    return menu
