"""Formulas: LaTeX set by ziamath, cached, because a formula is drawn far oftener than it changes.

Colours are written with the theme's own words, ``\\textcolor{val}{-1.5}``, so that one formula
serves both themes; any field of `Theme` may be named, or ``#RRGGBB``.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPixmap,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from .theme import Theme, current, qcolor, source

if TYPE_CHECKING:
    from ziamath.zmath import Latex

_COLOUR = re.compile(r"\\textcolor\{([^{}]*)\}")
_BOLD_NUMBER = re.compile(r"\\mathbf\{([-−]?[\d.]+)\}")
_SIGNED_NUMBER = re.compile(r"(^|[(\[,=])(\s*)[-−](\d+(?:\.\d+)?)")
_BOLD_DIGITS = str.maketrans("0123456789", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗")
_ALONE = Lock()


class FormulaError(ValueError):
    """The LaTeX cannot be set; the message says why."""


@dataclass(frozen=True)
class Drawing:
    """A formula as SVG; its size, and the baseline's distance from the top, in logical pixels."""

    svg: bytes
    width: float
    height: float
    baseline: float


def plain_latex(latex: str) -> str:
    """The formula without its colours, to paste elsewhere."""
    return _COLOUR.sub("", latex)


def _coloured(latex: str, theme: Theme) -> str:
    def hexadecimal(match: re.Match[str]) -> str:
        word = match[1]
        if not word.startswith("#"):
            word = getattr(theme, word, None)
        if not isinstance(word, str):
            raise FormulaError(f"the theme has no colour {match[1]!r}")
        return rf"\textcolor{{{word}}}"

    return _COLOUR.sub(hexadecimal, latex)


def _as_ziamath_needs(latex: str) -> str:
    """Spell out what TeX knows by itself: bold digits, and that a minus in ``(-2)`` is a sign."""
    bold = _BOLD_NUMBER.sub(lambda match: f"{{{match[1].translate(_BOLD_DIGITS)}}}", latex)
    return _SIGNED_NUMBER.sub(r"\1\2{-\3}", bold)


@cache
def _ziamath() -> "type[Latex]":
    """Its `Latex`, imported when the first formula is set: it takes a fifth of a second."""
    from ziafont.config import config as ziafont_config
    from ziamath.config import config as ziamath_config
    from ziamath.zmath import Latex

    from .formula_speed import speed_up

    # QtSvg ignores the <symbol> elements of SVG 2, and would show nothing.
    ziamath_config.svg2 = False
    ziafont_config.svg2 = False
    speed_up()
    return Latex


@lru_cache(maxsize=512)
def _set(latex: str, size_px: float, colour: str) -> Drawing:
    try:
        # It keeps things by the way, and formulas are set on several threads.
        with _ALONE:
            formula = _ziamath()(_as_ziamath_needs(latex), size=size_px, color=colour)
            svg = formula.svg()
    except Exception as error:  # ziamath and latex2mathml raise a dozen unrelated types
        raise FormulaError(f"cannot set {latex!r}: {error or type(error).__name__}") from error
    box = re.findall(r'viewBox="([^"]*)"', svg)[0]
    _left, top, width, height = (float(number) for number in box.split())
    return Drawing(svg.encode(), width, height, -top)


def formula_drawing(latex: str, size_px: float, colour: str | None = None) -> Drawing:
    """Set a formula in the theme's colours; the same formula again costs nothing.

    Args:
        latex: the formula, without dollar signs.
        size_px: the font's size in logical pixels.
        colour: of what is not coloured within it, ``#RRGGBB``; the theme's ink by default.

    Raises:
        FormulaError: the LaTeX is wrong, or names a colour the theme lacks.
    """
    theme = current()
    return _set(_coloured(latex, theme), float(size_px), colour or theme.ink)


@lru_cache(maxsize=256)
def _rendered(drawing: Drawing, ratio: float) -> QPixmap:
    size = QSize(-int(-drawing.width * ratio // 1), -int(-drawing.height * ratio // 1))
    pixmap = QPixmap(size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer = QSvgRenderer(QByteArray(drawing.svg))
    renderer.render(painter, QRectF(0, 0, drawing.width * ratio, drawing.height * ratio))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def formula_pixmap(
    latex: str, size_px: float, colour: str | None = None, device_pixel_ratio: float = 1.0
) -> QPixmap:
    """A formula as a transparent pixmap, sharp at that device pixel ratio. See `formula_drawing`.

    Raises:
        FormulaError: the LaTeX is wrong, or names a colour the theme lacks.
    """
    return _rendered(formula_drawing(latex, size_px, colour), device_pixel_ratio)


class FormulaLabel(QWidget):
    """Shows one formula; its LaTeX can be copied with the context menu or the copy key."""

    changed = Signal(str)
    """Sent with the new LaTeX."""

    def __init__(self, latex: str = "", size_px: float = 17.0, parent: QWidget | None = None):
        super().__init__(parent)
        self._latex = ""
        self._size_px = size_px
        self._drawing: Drawing | None = None
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        source().changed.connect(self._redraw)
        self.set_latex(latex)

    @property
    def latex(self) -> str:
        """The formula shown, with its colour words."""
        return self._latex

    def set_latex(self, latex: str) -> None:
        """Show another formula; an empty one shows nothing.

        Raises:
            FormulaError: the LaTeX is wrong; what was shown stays.
        """
        drawing = formula_drawing(latex, self._size_px) if latex else None
        different, self._latex, self._drawing = latex != self._latex, latex, drawing
        self.setAccessibleName(plain_latex(latex))
        self.updateGeometry()
        self.update()
        if different:
            self.changed.emit(latex)

    def show_formula(self, latex: str, size_px: float) -> None:
        """Show another formula, in that size."""
        self._size_px = size_px
        self.set_latex(latex)

    def copy(self) -> None:
        """Put the LaTeX on the clipboard, without colours."""
        QGuiApplication.clipboard().setText(plain_latex(self._latex))

    def _redraw(self) -> None:
        if self._latex:
            self._drawing = formula_drawing(self._latex, self._size_px)
        self.update()

    def sizeHint(self) -> QSize:
        if self._drawing is None:
            return QSize(0, 0)
        return QSize(int(self._drawing.width) + 1, int(self._drawing.height) + 1)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._drawing is None:
            return
        painter = QPainter(self)
        if self.hasFocus():
            painter.fillRect(self.rect(), qcolor(current().chip))
        pixmap = _rendered(self._drawing, self.devicePixelRatioF())
        painter.drawPixmap(0, round((self.height() - self._drawing.height) / 2), pixmap)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.addAction("Copy LaTeX", self.copy)
        menu.exec(event.globalPos())
        menu.deleteLater()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)
