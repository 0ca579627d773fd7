"""Layouts, lines and words in one call each, so that docks read as what they show."""

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ..theme import SMALL, ui_font, value_font

Role = Literal["plain", "mute", "title", "value", "gradient", "now", "ok", "error", "parameter"]
Margins = tuple[int, int, int, int]


def thin_line(vertical: bool = False) -> QFrame:
    """A line of one logical pixel in the theme's line colour."""
    frame = QFrame()
    frame.setProperty("role", "column" if vertical else "line")
    return frame


def text(
    words: str = "", role: Role = "plain", size: float = SMALL, figures: bool = False
) -> QLabel:
    """A label in the colour of its role; `figures` sets it in the face of values.

    The text is taken as it is, never as HTML, and can be selected where it is a figure.
    """
    label = QLabel(words)
    label.setTextFormat(Qt.TextFormat.PlainText)
    weight = QFont.Weight.DemiBold if role == "title" else QFont.Weight.Normal
    label.setFont(value_font(size, weight) if figures else ui_font(size, weight))
    label.setProperty("role", role)
    if figures:
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def restyle(widget: QWidget, **properties: object) -> None:
    """Set what the style sheet goes by, such as the role; what is so already costs nothing."""
    changed = {name: to for name, to in properties.items() if widget.property(name) != to}
    for name, to in changed.items():
        widget.setProperty(name, to)
    if changed:
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def empty(layout: QLayout) -> None:
    """Take every widget out of a layout, and be done with it."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            # It lives until the event loop turns, and would be painted where it was.
            widget.hide()
            widget.deleteLater()


def _fill(layout: QBoxLayout, parts: tuple[QWidget | None, ...], spacing: int, around: Margins):
    layout.setContentsMargins(*around)
    layout.setSpacing(spacing)
    for part in parts:
        if part is None:
            layout.addStretch(1)
        else:
            layout.addWidget(part)


def row(*parts: QWidget | None, spacing: int = 8, margins: Margins = (0, 0, 0, 0)) -> QWidget:
    """Widgets side by side; None stretches."""
    widget = QWidget()
    _fill(QHBoxLayout(widget), parts, spacing, margins)
    return widget


def column(*parts: QWidget | None, spacing: int = 8, margins: Margins = (0, 0, 0, 0)) -> QWidget:
    """Widgets one below the other; None stretches."""
    widget = QWidget()
    _fill(QVBoxLayout(widget), parts, spacing, margins)
    return widget


def scroll_area(widget: QWidget | None = None) -> QScrollArea:
    """Room that scrolls up and down without a frame; Tab goes past it to what lies in it."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    if widget is not None:
        area.setWidget(widget)
    return area


def fact_row(name: str, value: QLabel | str, role: Role = "plain") -> QWidget:
    """A muted name at the left, a figure at the right: one line of an inspector."""
    shown = text(value, role, figures=True) if isinstance(value, str) else value
    shown.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return row(text(name, "mute", 13), None, shown, spacing=12)
