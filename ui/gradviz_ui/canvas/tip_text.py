"""Tips as they are shown: a title, figures in columns, values and gradients in their colours."""

from collections.abc import Mapping
from html import escape

from ..theme import Theme, current, value_font
from .hovering import BARS

SPREAD = ("min", "all")
"""What the lines of figures about a tensor begin with."""


def dressed(told: str) -> str:
    """Lines of a tip as rich text; nothing for nothing."""
    if not told:
        return ""
    theme = current()
    head, *rest = told.split("\n")
    name, dot, about = head.partition(" · ")
    lines = [f"<b>{escape(name)}</b>{coloured(dot + about, theme.mute)}" if dot else escape(head)]
    kinds = {"value": theme.val, "grad": theme.grad, ".grad": theme.grad, "tangent": theme.grad}
    now = ""
    for line in rest:
        now = kinds.get(line.partition(" ")[0], now)
        lines.append(dressed_line(line, now, kinds, theme) if dot else escape(line))
    # Qt breaks no line of such text, and keeps the spaces that make columns.
    return f'<div style="white-space: pre">{"<br>".join(lines)}</div>'


def dressed_line(line: str, now: str, kinds: Mapping[str, str], theme: Theme) -> str:
    """One line after the title; `now`: the colour of the value or gradient it may belong to."""
    word = line.partition(" ")[0]
    if line.endswith("not computed yet") or word == "from":
        return coloured(line, theme.mute)
    if word in kinds or line.lstrip().startswith("["):
        return figures(line, now)
    if word in SPREAD or any(bar in line for bar in BARS):
        return figures(line, theme.mute)
    return coloured(line, theme.warn) if line.startswith("\N{WARNING SIGN}") else escape(line)


def coloured(text: str, colour: str) -> str:
    """Words in a colour."""
    return f'<span style="color: {colour}">{escape(text)}</span>'


def figures(text: str, colour: str) -> str:
    """Figures in a colour, each digit as wide as another."""
    face = value_font().family()
    return f"<span style=\"color: {colour}; font-family: '{face}'\">{escape(text)}</span>"
