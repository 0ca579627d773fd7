"""Icons: our own line drawings, coloured by the theme and sharp at every scaling."""

from functools import cache

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QAction, QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton

from .paths import resource
from .theme import Theme, current, qcolor, source

# One picture per size in device pixels: 16 to 32 logical pixels, at scalings from 100 to 200 %.
_SIZES = (16, 18, 20, 24, 27, 32, 36, 40, 48)

IconTarget = QAction | QAbstractButton


@cache
def icon_names() -> tuple[str, ...]:
    """Every name `icon` knows, in alphabetical order."""
    return tuple(sorted(path.stem for path in resource("icons").glob("*.svg")))


@cache
def _drawing(name: str) -> str:
    if name not in icon_names():
        raise KeyError(f"no icon is called {name!r}")
    return resource(f"icons/{name}.svg").read_text(encoding="utf-8")


def icon_pixmap(name: str, size: float, colour: str, ratio: float = 1.0) -> QPixmap:
    """One icon in one colour, square, `size` logical pixels wide, for painting by hand.

    Raises:
        KeyError: no icon has that name.
        ValueError: not a colour.
    """
    return _pixmap(name, round(size * ratio), qcolor(colour).name(), ratio)


@cache
def _renderer(name: str, colour: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_drawing(name).replace("currentColor", colour).encode()))


@cache
def _pixmap(name: str, pixels: int, colour: str, ratio: float) -> QPixmap:
    renderer = _renderer(name, colour)
    picture = QImage(QSize(pixels, pixels), QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    renderer.render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    pixmap = QPixmap.fromImage(picture)
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def icon(name: str, colour: str | None = None) -> QIcon:
    """An icon in the theme's colours: muted at rest, ink under the mouse, faint where disabled.

    `colour` is a field of `Theme` (``"val"``) or ``#RRGGBB``. The icon keeps the colours of the
    theme in use now; `keep_icon` follows later changes.

    Raises:
        KeyError: no icon has that name.
        ValueError: not a colour.
    """
    theme = current()
    if name == "app":
        return _icon(name, "", "", "")
    rest = _colour(theme, colour) if colour else theme.mute
    return _icon(name, rest, rest if colour else theme.ink, theme.faint)


def _colour(theme: Theme, colour: str) -> str:
    return colour if colour.startswith("#") else getattr(theme, colour)


@cache
def _icon(name: str, rest: str, over: str, disabled: str) -> QIcon:
    result = QIcon()
    modes = {
        QIcon.Mode.Normal: rest,
        QIcon.Mode.Active: over,
        QIcon.Mode.Selected: over,
        QIcon.Mode.Disabled: disabled,
    }
    for mode, colour in modes.items():
        for size in _SIZES if name != "app" else (*_SIZES, 64, 128, 256):
            result.addPixmap(_pixmap(name, size, colour or "#000000", 1.0), mode)
    return result


class _Keeper(QObject):
    """A child of the target: it renews the icon while the target lives, and dies with it."""

    def __init__(self, target: IconTarget) -> None:
        super().__init__(target)
        self._target = target
        self.name = ""
        self.colour: str | None = None
        source().changed.connect(self.renew)

    @Slot()
    def renew(self) -> None:
        self._target.setIcon(icon(self.name, self.colour))


def keep_icon(target: IconTarget, name: str, colour: str | None = None) -> None:
    """Give an action or button an icon that follows the theme from now on.

    Called again for the same target, it replaces what was asked before.

    Raises:
        KeyError: no icon has that name.
        ValueError: not a colour.
    """
    icon(name, colour)
    keepers = [child for child in target.children() if isinstance(child, _Keeper)]
    keeper = keepers[0] if keepers else _Keeper(target)
    keeper.name, keeper.colour = name, colour
    keeper.renew()
