"""Fonts: the bundled faces, loaded once, so that every machine shows the same figures."""

from functools import cache

from PySide6.QtGui import QFont, QFontDatabase

from .paths import resource

UI_FAMILIES = ("Inter", "Segoe UI Variable", "Segoe UI", "SF Pro Text", "Noto Sans", "DejaVu Sans")
VALUE_FAMILIES = ("JetBrains Mono", "Cascadia Mono", "SF Mono", "Noto Sans Mono", "monospace")

BODY = 13.0
SMALL = 12.0


@cache
def load_fonts() -> tuple[str, ...]:
    """Register every bundled font with Qt, once a process, and return the families added.

    Needs a QGuiApplication.

    Raises:
        OSError: a bundled font file cannot be read as a font.
    """
    families: dict[str, None] = {}
    for path in sorted(resource("fonts").glob("*.[ot]tf")):
        number = QFontDatabase.addApplicationFont(str(path))
        if number < 0:
            raise OSError(f"{path.name} is not a font Qt can read")
        families.update(dict.fromkeys(QFontDatabase.applicationFontFamilies(number)))
    return tuple(families)


@cache
def _font(families: tuple[str, ...], size: int, weight: QFont.Weight) -> QFont:
    font = QFont()
    font.setFamilies(families)
    font.setPixelSize(size)
    font.setWeight(weight)
    if families is UI_FAMILIES:
        font.setFeature(QFont.Tag("tnum"), 1)
        return font
    font.setStyleHint(QFont.StyleHint.Monospace)
    for ligature in ("calt", "liga"):
        font.setFeature(QFont.Tag(ligature), 0)
    return font


# Describing a font to Qt takes long; a copy of one described before costs next to nothing.


def ui_font(size: float = BODY, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The face of labels and text; `size` in logical pixels. Its figures share one width."""
    return QFont(_font(UI_FAMILIES, max(1, round(size)), weight))


def value_font(size: float = SMALL, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The face of values, shapes and source; `size` in logical pixels.

    Ligatures are off, because ``<=`` and ``->`` must be read as they are typed.
    """
    return QFont(_font(VALUE_FAMILIES, max(1, round(size)), weight))
