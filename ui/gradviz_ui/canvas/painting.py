"""Draws a card from its content; the one place that knows how a card looks."""

from functools import cache, lru_cache
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QPen,
    QTextLayout,
    QTextOption,
)

from ..icons import icon_pixmap
from ..theme import Theme, qcolor, tinted, ui_font, value_font
from .content import CardContent
from .metrics import GLYPH, LABEL, PAD, Box, CardPlan
from .small import SMALL, paint_small
from .tensor_painting import paint_pointed, paint_tensor, rect

RADIUS = 8.0
PORT = 3.5
GLOW = 4.0
TAB = 5.0
BREAKPOINT = 5.5
CELLS_FROM = 0.6
"""The zoom from which the numbers of small tensors can be read."""
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_CENTRE = int(Qt.AlignmentFlag.AlignCenter)


@cache
def fonts() -> dict[str, QFont]:
    """The fonts of a card, made once: making one costs more than drawing with it."""
    strong_weight = QFont.Weight.DemiBold
    return {
        "title": ui_font(13, strong_weight),
        "label": ui_font(11.5),
        "tangent": ui_font(10.5),
        "value": value_font(12, QFont.Weight.Medium),
        "small": value_font(11),
        "cell": value_font(9.5),
        "message": ui_font(11),
    }


@cache
def mark_font(text: str) -> QFont:
    """The largest font in which a glyph's text fits its square."""
    fitting = (
        font
        for font in (ui_font(size, QFont.Weight.DemiBold) for size in range(13, 5, -1))
        if QFontMetricsF(font).horizontalAdvance(text) <= GLYPH - 4
    )
    return next(fitting, ui_font(5, QFont.Weight.DemiBold))


@cache
def measures(name: str) -> QFontMetricsF:
    """The metrics of one of the card's fonts."""
    return QFontMetricsF(fonts()[name])


def outline(content: CardContent, theme: Theme, selected: bool) -> tuple[str, float]:
    """Colour and width of a card's edge: what is most urgent wins."""
    if content.active:
        return theme.act, 2.0
    if selected:
        return theme.sel, 2.0
    if content.failed:
        return theme.error, 1.3
    return (getattr(theme, content.travelled), 1.3) if content.travelled else (theme.line, 1.0)


def paint_card(
    painter: QPainter, content: CardContent, theme: Theme, selected: bool, scale: float
) -> None:
    """Draw a card with its top-left corner at the origin; ``scale`` is device pixels a unit."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint_body(painter, content, theme, selected)
    if scale < SMALL:
        paint_small(painter, content, theme, scale)
        paint_ports(painter, content, theme)
        _paint_breakpoint(painter, content, theme)
        return
    _paint_header(painter, content, theme)
    if content.message:
        _paint_message(painter, content, theme)
    else:
        _paint_rows(painter, content, theme, scale)
    if content.plan.slider is not None and content.scale is not None:
        _paint_slider(painter, content, theme)
    paint_ports(painter, content, theme)
    _paint_breakpoint(painter, content, theme)
    _paint_conversions(painter, content, theme)
    if content.kept:
        _paint_kept(painter, content, theme)


def _paint_body(painter: QPainter, content: CardContent, theme: Theme, selected: bool) -> None:
    body = QRectF(0, 0, content.plan.width, content.plan.height)
    painter.setPen(Qt.PenStyle.NoPen)
    if content.active:
        painter.setBrush(qcolor(theme.glow))
        spread = body.adjusted(-GLOW, -GLOW, GLOW, GLOW)
        painter.drawRoundedRect(spread, RADIUS + GLOW, RADIUS + GLOW)
    colour, width = outline(content, theme, selected)
    painter.setBrush(tinted(theme.card, content.colour, 0.14))
    painter.setPen(QPen(qcolor(colour), width))
    if content.stacked:
        # More cards than one lie here.
        edge = colour if colour != theme.line else theme.wire
        painter.setPen(QPen(qcolor(edge), width))
        for depth in (7.0, 3.5):
            painter.drawRoundedRect(body.adjusted(depth, depth, -depth, depth), RADIUS, RADIUS)
        painter.setPen(QPen(qcolor(colour), width))
    painter.drawRoundedRect(body, RADIUS, RADIUS)
    if content.colour:
        _paint_tab(painter, content, theme)
    if content.active and selected:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(qcolor(theme.sel), 1.5))
        painter.drawRoundedRect(body.adjusted(-5, -5, 5, 5), RADIUS + 5, RADIUS + 5)


def _paint_tab(painter: QPainter, content: CardContent, theme: Theme) -> None:
    """The colour that a person gave the card, in full, along its upper edge."""
    painter.fillPath(_tab(content.plan.width), qcolor(theme.tints[content.colour]))


@lru_cache(maxsize=256)
def _tab(width: float) -> QPainterPath:
    body, tab = QPainterPath(), QPainterPath()
    body.addRoundedRect(QRectF(0.5, 0.5, width - 1, 4 * RADIUS), RADIUS, RADIUS)
    tab.addRect(QRectF(0, 0, width, TAB))
    return body.intersected(tab)


def _paint_breakpoint(painter: QPainter, content: CardContent, theme: Theme) -> None:
    if content.breakpoint:
        painter.setPen(QPen(qcolor(theme.card), 1.5))
        painter.setBrush(qcolor(theme.error))
        painter.drawEllipse(QPointF(1.5, 1.5), BREAKPOINT, BREAKPOINT)


def _paint_kept(painter: QPainter, content: CardContent, theme: Theme) -> None:
    """What passes before left in ``.grad``: on the lower edge, apart from this pass's gradient."""
    width = measures("small").horizontalAdvance(content.kept) + 14
    middle = QPointF(content.plan.width / 2, content.plan.height)
    area = QRectF(middle.x() - width / 2, middle.y() - 8, width, 16)
    if content.plan.down:
        # The ports are on that edge.
        area.moveLeft(content.plan.width - 6)
        area.moveTop(content.plan.grad.y)
    painter.setPen(QPen(qcolor(theme.grad), 1))
    painter.setBrush(qcolor(theme.gchip))
    painter.drawRoundedRect(area, 8, 8)
    painter.setPen(qcolor(theme.grad))
    painter.setFont(fonts()["small"])
    painter.drawText(area, _CENTRE, content.kept)


def _paint_conversions(painter: QPainter, content: CardContent, theme: Theme) -> None:
    """A fork at ports whose tensor is stretched; on the upper edge the type, where it changed."""
    painter.setPen(QPen(qcolor(theme.mute), 1.2))
    for port in content.stretched:
        if port < len(content.plan.inputs):
            x, y = content.plan.inputs[port]
            for aside in (-4.0, 0.0, 4.0):
                start, end = QPointF(-11, 0), QPointF(-4, aside)
                if content.plan.down:
                    start, end = start.transposed(), end.transposed()
                painter.drawLine(QPointF(x, y) + start, QPointF(x, y) + end)
    if not content.new_type:
        return
    painter.setFont(fonts()["cell"])
    width = measures("cell").horizontalAdvance(content.new_type) + 10
    area = QRectF(content.plan.width - width - 9, -7, width, 14)
    if content.plan.down:
        area.moveTopLeft(QPointF(content.plan.width - width / 2, 12))
    painter.setPen(QPen(qcolor(theme.line), 1))
    painter.setBrush(qcolor(theme.card))
    painter.drawRoundedRect(area, 7, 7)
    painter.setPen(qcolor(theme.mute))
    painter.drawText(area, _CENTRE, content.new_type)


def _paint_header(painter: QPainter, content: CardContent, theme: Theme) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(qcolor(theme.category(content.category)))
    square = QRectF(PAD, 8, GLYPH, GLYPH)
    painter.drawRoundedRect(square, 5, 5)
    painter.setPen(QColor("white"))
    painter.setFont(mark_font(content.mark))
    painter.drawText(square, _CENTRE, content.mark)
    area = rect(content.plan.title)
    icons = (
        ("eye", theme.mute, content.watched),
        ("target", theme.mute, content.output),
        ("error", theme.error, content.failed),
        ("warning", theme.warn, content.warned),
    )
    for name, colour in ((name, colour) for name, colour, shown in icons if shown):
        _paint_icon(painter, name, area.right() - 14, 12, colour)
        area.setWidth(area.width() - 18)
    painter.setFont(fonts()["title"])
    painter.setPen(qcolor(theme.ink))
    room = area.width() - (measures("value").horizontalAdvance(content.suffix) + 8)
    title = measures("title").elidedText(content.title, Qt.TextElideMode.ElideRight, room)
    painter.drawText(area, _LEFT, title)
    if content.suffix:
        left = area.left() + measures("title").horizontalAdvance(title) + 6
        chip = QRectF(
            left, area.y() + 3, measures("small").horizontalAdvance(content.suffix) + 9, 16
        )
        _paint_literal(painter, chip, content.suffix, theme)


def _paint_icon(painter: QPainter, name: str, x: float, y: float, colour: str) -> None:
    ratio = max(1.0, painter.transform().m11() * painter.device().devicePixelRatio())
    pixmap = icon_pixmap(name, 14, colour, round(ratio * 2) / 2)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawPixmap(QRectF(x, y, 14, 14), pixmap, QRectF(pixmap.rect()))


def _paint_message(painter: QPainter, content: CardContent, theme: Theme) -> None:
    colour = theme.error if content.failed else theme.mute
    area = rect(content.plan.value)
    painter.setPen(qcolor(colour))
    painter.setFont(fonts()["message"])
    for number, line in enumerate(wrapped(content.message, area.width())):
        place = QRectF(area.x(), area.y() + number * 15, area.width(), 16)
        painter.drawText(place, _LEFT, line)


@cache
def wrapped(text: str, width: float, most: int = 2) -> tuple[str, ...]:
    """Text in at most ``most`` lines, the last shortened with an ellipsis."""
    layout = QTextLayout(text.replace("\n", " "), fonts()["message"])
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    starts: list[int] = []
    for _ in range(most):
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(width)
        starts.append(line.textStart())
    layout.endLayout()
    plain = layout.text()
    lines = [plain[a:b].rstrip() for a, b in pairwise(starts)]
    rest = plain[starts[-1] :] if starts else ""
    lines.append(measures("message").elidedText(rest, Qt.TextElideMode.ElideRight, width))
    return tuple(lines)


def _paint_rows(painter: QPainter, content: CardContent, theme: Theme, scale: float) -> None:
    plan = content.plan
    painter.setFont(fonts()["label"])
    painter.setPen(qcolor(theme.val, 0.85))
    painter.drawText(_first_row(plan.value), _LEFT, "value")
    role = content.role
    painter.setPen(qcolor(theme.mute if content.muted else getattr(theme, role), 0.85))
    painter.setFont(fonts()["tangent" if content.line == "tangent" else "label"])
    painter.drawText(_first_row(plan.grad), _LEFT, content.line)
    if plan.shape is None:
        _paint_number(painter, plan.value, content.value_text, theme.val)
        colour = theme.mute if content.muted else getattr(theme, role)
        _paint_number(painter, plan.grad, content.grad_text, colour)
        return
    if content.value is None:
        _paint_number(painter, plan.value, content.value_text, theme.val)
    else:
        painter.setFont(fonts()["small"])
        painter.setPen(qcolor(theme.mute))
        room = plan.shape.width
        said = measures("small").elidedText(content.value_text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(rect(plan.shape), _RIGHT, said)
        cells = fonts()["cell"] if scale > CELLS_FROM else None
        paint_tensor(painter, plan, plan.value, content.value, theme, "val", cells)
        paint_pointed(painter, content, plan.value, theme)
    grad, value = content.grad, content.value
    if grad is not None and value is not None and np.shape(grad) == value.shape:
        cells = fonts()["cell"] if scale > CELLS_FROM else None
        paint_tensor(painter, plan, plan.grad, grad, theme, role, cells)
        paint_pointed(painter, content, plan.grad, theme)
    else:
        colour = theme.mute if content.muted else getattr(theme, role)
        _paint_number(painter, plan.grad, content.grad_text, colour)


def _first_row(box: Box) -> QRectF:
    """Where a row's label stands: beside the first line of cells, or in the middle."""
    return QRectF(box.x, box.y, LABEL, box.height)


def _paint_number(painter: QPainter, box: Box, text: str, colour: str) -> None:
    painter.setFont(fonts()["value"])
    painter.setPen(qcolor(colour))
    painter.drawText(rect(box), _RIGHT, text)


def _paint_slider(painter: QPainter, content: CardContent, theme: Theme) -> None:
    groove, scale = content.plan.slider, content.scale
    assert groove is not None and scale is not None
    middle = groove.y + groove.height / 2
    painter.setPen(QPen(qcolor(theme.track), 4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawLine(QPointF(groove.x, middle), QPointF(groove.x + groove.width, middle))
    number = float("nan") if content.value is None else float(content.value)
    painter.setPen(QPen(qcolor(theme.card), 1.5))
    painter.setBrush(qcolor(theme.val))
    painter.drawEllipse(QPointF(groove.x + groove.width * scale.place(number), middle), 6, 6)


def paint_ports(painter: QPainter, content: CardContent, theme: Theme) -> None:
    """The small circles at a card's edges, and the numbers typed at them."""
    painter.setPen(QPen(qcolor(theme.wire), 1.2))
    for index, (x, y) in enumerate(content.plan.inputs):
        filled = index in content.wired
        painter.setBrush(qcolor(theme.wire if filled else theme.card))
        painter.drawEllipse(QPointF(x, y), PORT if not filled else 2.5, PORT if not filled else 2.5)
    painter.setBrush(qcolor(theme.card))
    for x, y in content.plan.outputs:
        painter.drawEllipse(QPointF(x, y), PORT, PORT)
    for port, text in content.literals:
        _paint_literal(painter, literal_rect(content.plan, port, text), text, theme)


def _paint_literal(painter: QPainter, area: QRectF, text: str, theme: Theme) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(qcolor(theme.chip))
    painter.drawRoundedRect(area, 4, 4)
    painter.setPen(qcolor(theme.val))
    painter.setFont(fonts()["small"])
    painter.drawText(area, _CENTRE, text)


def literal_rect(plan: CardPlan, port: int, text: str) -> QRectF:
    """Where the number typed on a port stands: before the port, outside the card."""
    width = max(18.0, measures("small").horizontalAdvance(text) + 10)
    x, y = plan.inputs[min(port, len(plan.inputs) - 1)]
    if plan.down:
        return QRectF(x - width / 2, y - PORT - 3 - 17, width, 17)
    return QRectF(x - PORT - 3 - width, y - 8.5, width, 17)
