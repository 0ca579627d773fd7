"""Python source in the theme's colours: one colouring for the formula and for the code shown."""

from collections.abc import Callable

from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Keyword, Name, Number, Operator, String, Token, _TokenType
from PySide6.QtGui import QFont, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from .theme import current, qcolor, source

COLOURS: tuple[tuple[_TokenType, str], ...] = (
    (Comment, "mute"),
    (String, "ok"),
    (Number, "val"),
    (Keyword, "parameter"),
    (Operator, "mute"),
    (Name.Function, "ink"),
    (Token, "ink"),
)


class PythonColours(QSyntaxHighlighter):
    """Colours a document's lines as Python; `parameters` are names shown in violet."""

    def __init__(
        self, document: QTextDocument, parameters: Callable[[], frozenset[str]] = frozenset
    ) -> None:
        super().__init__(document)
        self._lexer = PythonLexer(stripnl=False, ensurenl=False)
        self._parameters = parameters
        source().changed.connect(self.rehighlight)

    def highlightBlock(self, text: str) -> None:
        parameters = self._parameters()
        for start, kind, word in self._lexer.get_tokens_unprocessed(text):
            self.setFormat(start, len(word), style(kind, word in parameters))


def style(kind: _TokenType, parameter: bool) -> QTextCharFormat:
    """How a token looks."""
    result = QTextCharFormat()
    if parameter and kind in Name:
        field = "parameter"
    else:
        field = next(colour for family, colour in COLOURS if kind in family)
    result.setForeground(qcolor(getattr(current(), field)))
    if kind in Keyword:
        result.setFontWeight(QFont.Weight.Medium)
    return result
