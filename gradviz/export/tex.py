r"""Text and Markdown as TeX."""

from __future__ import annotations

import re

from gradviz.numbers import MINUS

_SPECIAL = str.maketrans(
    {c: f"\\{c}" for c in "&%$#_{}"}
    | {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\\": r"\textbackslash{}"}
    | {MINUS: "$-$", "∞": r"$\infty$"}
)
_PIECES = re.compile(
    r"\$\$(?P<apart>[^$]+)\$\$|(?<!\\)\$(?!\s)(?P<formula>[^$]+?)(?<!\s)\$(?!\d)"
    r"|\*\*(?P<strong>.+?)\*\*|\*(?P<slanted>[^*\s][^*]*?)\*|`(?P<code>[^`]+)`"
)
_WRAPPED = {
    "apart": r"\(\displaystyle %s\)", "formula": "$%s$", "strong": r"\textbf{%s}",
    "slanted": r"\emph{%s}", "code": r"\texttt{%s}",
}  # fmt: skip


def escaped(text: str) -> str:
    """Text as TeX shows it."""
    return text.translate(_SPECIAL)


def marked(text: str) -> str:
    """The simple parts of Markdown: emphasis, code, headings, lists, formulas, paragraphs."""
    lines = [line.strip() for line in text.strip().splitlines()]
    return r" \\ ".join(line_of(line) for line in lines if line)


def line_of(line: str) -> str:
    """One line of Markdown."""
    if heading := re.fullmatch(r"#+\s+(.*)", line):
        return rf"\textbf{{{inline(heading[1])}}}"
    if point := re.fullmatch(r"[-*+]\s+(.*)", line):
        return rf"\textbullet\ {inline(point[1])}"
    return inline(line)


def inline(line: str) -> str:
    """What stands within a line."""
    found, end = "", 0
    for match in _PIECES.finditer(line):
        found += escaped(line[end : match.start()])
        kind = str(match.lastgroup)
        inner = match[kind] if kind in ("apart", "formula") else escaped(match[kind])
        found += _WRAPPED[kind] % inner
        end = match.end()
    return found + escaped(line[end:])
