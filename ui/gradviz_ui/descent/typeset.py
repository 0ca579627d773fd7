"""Formulas set at once: small boxes for the few forms that update rules have.

`formulas` sets any LaTeX, at 20 ms and more a line; a rule changes its numbers with every step
scrubbed, sixty times a second.
"""

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QPainter, QPen

GAP = 0.26
RULE = 1.1


@dataclass(frozen=True)
class Box:
    """Something set on a baseline: its size in pixels, and how it is painted from there."""

    width: float
    above: float
    below: float
    paint: Callable[[QPainter, float, float], None]


@cache
def _family() -> str:
    # Where it lies is asked without importing ziamath, which takes a fifth of a second.
    found = find_spec("ziamath")
    if found is None or found.origin is None:
        raise OSError("ziamath, which brings the font of formulas, is not installed")
    file = Path(found.origin).parent / "fonts" / "STIXTwoMath-Regular.ttf"
    number = QFontDatabase.addApplicationFont(str(file))
    families = QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
    if not families:
        raise OSError(f"{file} is not a font Qt can read")
    return families[0]


@cache
def math_font(size: float) -> QFont:
    """The face other formulas are set in, in pixels."""
    font = QFont(_family())
    font.setPixelSize(max(6, round(size)))
    return font


def words(text: str, size: float, colour: QColor) -> Box:
    """A run of characters."""
    font = math_font(size)
    metrics = QFontMetricsF(font)

    def paint(painter: QPainter, x: float, y: float) -> None:
        painter.setFont(font)
        painter.setPen(colour)
        painter.drawText(QPointF(x, y), text)

    return Box(metrics.horizontalAdvance(text), size * 0.74, size * 0.24, paint)


def row(boxes: Sequence[Box]) -> Box:
    """Boxes side by side."""

    def paint(painter: QPainter, x: float, y: float) -> None:
        for box in boxes:
            box.paint(painter, x, y)
            x += box.width

    return Box(
        sum(b.width for b in boxes), max((b.above for b in boxes), default=0.0),
        max((b.below for b in boxes), default=0.0), paint,
    )  # fmt: skip


def space(width: float) -> Box:
    """Nothing, that wide."""
    return Box(width, 0.0, 0.0, lambda painter, x, y: None)


def fraction(over: Box, under: Box, size: float, colour: QColor) -> Box:
    """One box over another."""
    width = max(over.width, under.width) + 6
    axis = size * 0.27

    def paint(painter: QPainter, x: float, y: float) -> None:
        over.paint(painter, x + (width - over.width) / 2, y - axis - 3 - over.below)
        under.paint(painter, x + (width - under.width) / 2, y - axis + 3 + under.above)
        painter.setPen(QPen(colour, RULE))
        painter.drawLine(QPointF(x + 1, y - axis), QPointF(x + width - 1, y - axis))

    above = axis + 3 + over.below + over.above
    return Box(width, above, under.above + under.below + 3 - axis, paint)


def root(inside: Box, size: float, colour: QColor) -> Box:
    """A square root."""
    hook = size * 0.55

    def paint(painter: QPainter, x: float, y: float) -> None:
        top, bottom = y - inside.above - 3, y + inside.below
        painter.setPen(QPen(colour, RULE))
        points = [(0.05, 0.62), (0.2, 0.55), (0.5, 1.0), (0.9, 0.0)]
        places = [QPointF(x + hook * a, top + (bottom - top) * b) for a, b in points]
        painter.drawPolyline([*places, QPointF(x + hook + inside.width + 3, top)])
        inside.paint(painter, x + hook + 1, y)

    return Box(hook + inside.width + 4, inside.above + 5, inside.below, paint)


def raised(base: Box, power: Box, size: float) -> Box:
    """A power."""
    lift = size * 0.36

    def paint(painter: QPainter, x: float, y: float) -> None:
        base.paint(painter, x, y)
        power.paint(painter, x + base.width + 1, y - lift)

    above = max(base.above, power.above + lift)
    return Box(base.width + power.width + 1, above, base.below, paint)


@dataclass(frozen=True)
class Setter:
    """Sets the expressions of a rule: `leaf` says how a name reads and in what colour."""

    size: float
    ink: QColor
    leaf: Callable[[str], tuple[str, QColor]]
    dotted: bool
    """Whether factors are kept apart by a dot, as numbers must be."""

    def text(self, text: str, colour: QColor | None = None) -> Box:
        """A run of characters, in ink unless told otherwise."""
        return words(text, self.size, colour or self.ink)

    def set(self, tree: ast.expr, level: int = 0) -> Box:
        """An expression; in brackets where it binds less tightly than `level` asks."""
        match tree:
            case ast.Name(id=name):
                text, colour = self.leaf(name)
                box = self.text(text, colour)
                needs = text.startswith("−") and level > 1
                return self._bracketed(box) if needs else box
            case ast.Constant(value=value):
                return self.text(str(value))
            case ast.UnaryOp(operand=operand):
                return row([self.text("−"), self.set(operand, 2)])
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                return fraction(self.set(left), self.set(right), self.size, self.ink)
            case ast.BinOp(left=left, op=ast.Pow(), right=right):
                small = Setter(self.size * 0.7, self.ink, self.leaf, self.dotted)
                return raised(self.set(left, 3), small.set(right), self.size)
            case ast.BinOp(left=left, op=operator, right=right):
                return self._joined(left, operator, right, level)
            case ast.Call(func=ast.Name(id="sqrt"), args=[inside]):
                return root(self.set(inside), self.size, self.ink)
            case ast.Call(func=ast.Name(id="abs"), args=[inside]):
                return row([self.text("|"), self.set(inside), self.text("|")])
            case ast.Call(func=ast.Name(id=name), args=arguments):
                parts = [self.text(f"{name}(")]
                for index, argument in enumerate(arguments):
                    parts += [self.text(", ")] if index else []
                    parts.append(self.set(argument))
                return row([*parts, self.text(")")])
            case _:
                raise ValueError(f"a rule cannot hold {ast.unparse(tree)}")

    def _joined(self, left: ast.expr, operator: ast.operator, right: ast.expr, level: int) -> Box:
        product = isinstance(operator, ast.Mult)
        own = 2 if product else 1
        sign = SIGNS[type(operator)]
        gap = self.size * (GAP if self.dotted or not product else 0.12)
        between = self.text(sign) if self.dotted or not product else space(0)
        tight = 0 if isinstance(operator, ast.Add) else 1
        parts = [self.set(left, own), space(gap), between, space(gap), self.set(right, own + tight)]
        box = row(parts)
        return self._bracketed(box) if level > own else box

    def _bracketed(self, box: Box) -> Box:
        return row([self.text("("), box, self.text(")")])


SIGNS: Mapping[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "−", ast.Mult: "·"}
