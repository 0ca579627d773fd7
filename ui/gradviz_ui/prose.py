"""Sentences as HTML in the theme's colours: for panels, and for the captions of pictures."""

import html
from collections.abc import Iterable

from gradviz.explain import Sentence, Span

from .fonts import VALUE_FAMILIES
from .theme import Theme

_FIGURES = ", ".join(f"'{family}'" for family in VALUE_FAMILIES)


def span_html(span: Span, theme: Theme) -> str:
    """A span as HTML in the theme's colours."""
    words = html.escape(span.text)
    figures = f"font-family:{_FIGURES}; font-size:12px;"
    styles = {
        "plain": "",
        "strong": "font-weight:600;",
        "value": f"color:{theme.val}; {figures}",
        "gradient": f"color:{theme.grad}; {figures}",
        "tangent": f"color:{theme.parameter}; {figures}",
        "name": figures,
        "muted": f"color:{theme.mute};",
    }
    return f'<span style="{styles[span.kind]}">{words}</span>'


def sentences_html(sentences: Iterable[Sentence], theme: Theme) -> str:
    """Paragraphs of spans as HTML."""
    paragraphs = ("".join(span_html(span, theme) for span in spans) for spans in sentences)
    style = "margin:0 0 6px 0; line-height:135%;"
    return "".join(f'<p style="{style}">{inner}</p>' for inner in paragraphs)
