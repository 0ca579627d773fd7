"""The one table of colours: every view paints from it, so both themes stay complete and equal.

Blue is a value, orange a gradient, amber is now, violet a parameter. A view asks `current()` while
it paints and redraws when `source().changed` fires; it keeps no colour of its own.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Final, Literal, get_args

import msgspec
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from .dressing import Dressing
from .fonts import BODY, SMALL, load_fonts, ui_font, value_font
from .paths import resource
from .stylesheet import stylesheet

__all__ = [
    "BODY",
    "SMALL",
    "Theme",
    "ThemeName",
    "ThemeSource",
    "apply",
    "colours",
    "current",
    "qcolor",
    "ramp_colour",
    "source",
    "sweep_colour",
    "system_theme",
    "theme_named",
    "tinted",
    "ui_font",
    "value_font",
]

ThemeName = Literal["light", "dark"]


class Theme(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Every colour of one theme, as ``#RRGGBB``.

    A field goes wherever a style sheet takes a colour; `qcolor` makes the QColor a painter takes.
    """

    name: ThemeName
    bg: str
    """The canvas and the deepest ground."""
    panel: str
    """Docks, bars, menus."""
    line: str
    """Thin lines between things, and the borders of cards at rest."""
    ink: str
    """Text."""
    mute: str
    """Secondary text and icons."""
    faint: str
    """Disabled text, placeholders."""
    val: str
    """A value."""
    grad: str
    """A gradient."""
    act: str
    """Now: the step under way, the scrubbed position."""
    ok: str
    error: str
    warn: str
    parameter: str
    """A leaf that requires a gradient."""
    card: str
    grid: str
    """The dots of the canvas."""
    sel: str
    """Selection, focus."""
    sel_hover: str
    sel_pressed: str
    thumb: str
    """The moving part of a scroll bar."""
    chip: str
    """Ground behind a value."""
    gchip: str
    """Ground behind a gradient."""
    achip: str
    """Ground behind what is now."""
    echip: str
    """Ground behind an error."""
    pchip: str
    """Ground behind a parameter."""
    wire: str
    """A wire not travelled."""
    track: str
    """The groove of a slider, the part of a timeline not reached."""
    field: str
    """Ground of input fields."""
    hover: str
    pressed: str
    on_fill: str
    """Text and marks on a ground of `sel`."""
    glow: str
    """The soft ring round what is now."""
    categories: Mapping[str, str]
    """Ground of a node's glyph, by `Op.category`."""
    tints: Mapping[str, str]
    """What a person colours nodes, frames and notes with; none is like a colour with a meaning."""
    plot: tuple[str, ...]
    """Runners and series, in order; apart from each other for colour-blind readers too."""
    sweep: tuple[str, ...]
    """From the lowest value of a setting to the highest; apart by lightness or hue throughout."""
    outcomes: tuple[str, ...]
    """How a runner ends: converged, slow, oscillating, diverged."""
    ramp: tuple[str, ...]
    """Contour fill, from the lowest value to the highest."""
    contour: str
    """Contour lines."""

    @property
    def dark(self) -> bool:
        """Whether the ground is darker than the text."""
        return self.name == "dark"

    def category(self, name: str) -> str:
        """The ground of the glyph of an operation of that category (`Op.category`).

        Raises:
            KeyError: no such category.
        """
        return self.categories[name]

    def series(self, index: int) -> str:
        """The colour of the runner or curve with that number; the list repeats."""
        return self.plot[index % len(self.plot)]


@cache
def theme_named(name: ThemeName) -> Theme:
    """The theme with that name, read once.

    Raises:
        ValueError: no such theme.
        msgspec.ValidationError: the theme file lacks a colour or has an unknown one.
    """
    if name not in get_args(ThemeName):
        raise ValueError(f"no theme is called {name!r}; there are {get_args(ThemeName)}")
    theme = msgspec.json.decode(resource(f"themes/{name}.json").read_bytes(), type=Theme)
    fixed = {k: MappingProxyType(dict(getattr(theme, k))) for k in ("categories", "tints")}
    return msgspec.structs.replace(theme, **fixed)


class ThemeSource(QObject):
    """Which theme is in use, and the announcement that it changed."""

    changed = Signal(object)
    """Sent with the new `Theme`, after the application's palette and style sheet follow it."""

    def __init__(self, name: ThemeName = "light") -> None:
        """Start with that theme; nothing is announced."""
        super().__init__()
        self._theme = theme_named(name)

    @property
    def theme(self) -> Theme:
        """The theme in use."""
        return self._theme

    def set_theme(self, name: ThemeName) -> None:
        """Use that theme, and announce it if it is another than before.

        Raises:
            ValueError: no such theme.
        """
        theme = theme_named(name)
        if theme is self._theme:
            return
        self._theme = theme
        _dress(theme)
        self.changed.emit(theme)

    def toggle(self) -> None:
        """Use the other theme."""
        self.set_theme("light" if self._theme.dark else "dark")


_SOURCE: Final = ThemeSource()
_DRESSING: Final = Dressing()


def source() -> ThemeSource:
    """The application's one source of the theme."""
    return _SOURCE


def current() -> Theme:
    """The theme in use. Cheap enough to ask in every paint event."""
    return _SOURCE.theme


def colours(theme: Theme) -> dict[str, str]:
    """The single colours of a theme by field name, for filling in templates."""
    fields = ((field, getattr(theme, field)) for field in theme.__struct_fields__)
    return {field: value for field, value in fields if isinstance(value, str)}


@cache
def _opaque(colour: str) -> QColor:
    result = QColor(colour)
    if not result.isValid():
        raise ValueError(f"{colour!r} is not a colour")
    return result


def qcolor(colour: str, alpha: float = 1.0) -> QColor:
    """A QColor of its own for the caller; `alpha` from 0 to 1.

    Raises:
        ValueError: not a colour.
    """
    result = QColor(_opaque(colour))
    if alpha != 1.0:
        result.setAlphaF(alpha)
    return result


def tinted(ground: str, tint: str, part: float) -> QColor:
    """A ground with that part of one of the theme's `tints` in it; the ground itself for none."""
    if not tint:
        return qcolor(ground)
    return _mixed((ground, current().tints[tint]), part)


def ramp_colour(position: float, theme: Theme | None = None) -> QColor:
    """The contour fill at a position from 0 (lowest) to 1 (highest), clamped, mixed in sRGB."""
    return _mixed((theme or current()).ramp, position)


def sweep_colour(position: float, theme: Theme | None = None) -> QColor:
    """The colour of a setting's value, from 0 (lowest) to 1 (highest), clamped, mixed in sRGB."""
    return _mixed((theme or current()).sweep, position)


def _mixed(stops: Sequence[str], position: float) -> QColor:
    place = min(max(position, 0.0), 1.0) * (len(stops) - 1)
    index = min(int(place), len(stops) - 2)
    part = place - index
    low, high = _opaque(stops[index]), _opaque(stops[index + 1])
    return QColor.fromRgbF(
        low.redF() + (high.redF() - low.redF()) * part,
        low.greenF() + (high.greenF() - low.greenF()) * part,
        low.blueF() + (high.blueF() - low.blueF()) * part,
    )


def system_theme() -> ThemeName:
    """The desktop's preference; light where the desktop states none."""
    scheme = QGuiApplication.styleHints().colorScheme()
    return "dark" if scheme == Qt.ColorScheme.Dark else "light"


def apply(app: QApplication, name: ThemeName | None = None) -> None:
    """Dress the application: fonts, Fusion, palette, style sheet; later themes follow alone.

    With no name the desktop's preference decides.
    """
    load_fonts()
    app.setStyle(QStyleFactory.create("Fusion"))
    app.setFont(ui_font())
    before = current()
    _SOURCE.set_theme(name or system_theme())
    if current() is before:
        _dress(before)


def _dress(theme: Theme) -> None:
    app = QApplication.instance()
    if isinstance(app, QApplication):
        _DRESSING.dress(app, palette(theme), stylesheet(theme.name, colours(theme)))


_ROLES: Final = {
    QPalette.ColorRole.Window: "panel",
    QPalette.ColorRole.WindowText: "ink",
    QPalette.ColorRole.Base: "panel",
    QPalette.ColorRole.AlternateBase: "hover",
    QPalette.ColorRole.ToolTipBase: "card",
    QPalette.ColorRole.ToolTipText: "ink",
    QPalette.ColorRole.PlaceholderText: "faint",
    QPalette.ColorRole.Text: "ink",
    QPalette.ColorRole.Button: "panel",
    QPalette.ColorRole.ButtonText: "ink",
    QPalette.ColorRole.BrightText: "error",
    QPalette.ColorRole.Light: "panel",
    QPalette.ColorRole.Midlight: "hover",
    QPalette.ColorRole.Mid: "line",
    QPalette.ColorRole.Dark: "wire",
    QPalette.ColorRole.Shadow: "line",
    QPalette.ColorRole.Highlight: "sel",
    QPalette.ColorRole.HighlightedText: "on_fill",
    QPalette.ColorRole.Accent: "sel",
    QPalette.ColorRole.Link: "val",
    QPalette.ColorRole.LinkVisited: "parameter",
}


def palette(theme: Theme) -> QPalette:
    """The Qt palette of a theme."""
    result = QPalette()
    for role, field in _ROLES.items():
        result.setColor(role, qcolor(getattr(theme, field)))
    for role in (
        QPalette.ColorRole.Text,
        QPalette.ColorRole.WindowText,
        QPalette.ColorRole.ButtonText,
    ):
        result.setColor(QPalette.ColorGroup.Disabled, role, qcolor(theme.faint))
    return result
