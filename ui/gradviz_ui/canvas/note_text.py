"""The text of a note: Markdown with formulas, laid out once and then drawn at any size."""

from __future__ import annotations

import re
from functools import lru_cache

from PySide6.QtCore import QByteArray, QRect, QRectF, QSizeF, Qt, QUrl
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QFontMetricsF,
    QPainter,
    QPalette,
    QPyTextObject,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtSvg import QSvgRenderer

from ..formulas import Drawing, FormulaError, formula_drawing
from ..theme import Theme, current, qcolor, ui_font, value_font

LETTERS = 13.0
SET_APART = 16.0
"""The size of a formula in a paragraph of its own."""
_FORMULA = re.compile(
    r"(?<!\\)\$\$(?P<apart>[^$]+?)(?<!\\)\$\$"
    r"|(?<!\\)\$(?!\s)(?P<inline>[^$]+?)(?<![\s\\])\$(?!\d)"
)
_KIND = QTextFormat.ObjectTypes.UserObject.value + 1
_PLACE = QTextFormat.Property.UserProperty.value + 1
_FIRST = 0xE000
"""Formulas pass through Markdown as letters that no alphabet uses, from this one on."""
_MOST = 0xF8FF - _FIRST
_HEADINGS = {1: 1, 2: 0, 3: 0}
_APART = 6.0
"""Between two paragraphs."""


class NoteText(QTextDocument):
    """A note's text in lines of a width, in a theme's colours. It loads nothing from anywhere."""

    def __init__(self, text: str, width: float, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._set: list[Drawing] = []
        self._painter = _Formulas(self._set)
        self.setDocumentMargin(0)
        self.setIndentWidth(18)
        self.setDefaultFont(ui_font(LETTERS))
        self.setUndoRedoEnabled(False)
        marked, formulas = _set_aside(text)
        features = QTextDocument.MarkdownFeature
        self.setMarkdown(marked, features.MarkdownDialectGitHub | features.MarkdownNoHTML)
        self._dress()
        layout = self.documentLayout()
        layout.registerHandler(_KIND, self._painter)
        for letter, (latex, apart) in formulas.items():
            self._put(letter, latex, apart, width)
        self._space_out()
        self.setTextWidth(width)

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """Nothing: a file that is opened may not have others read."""
        return None

    def _dress(self) -> None:
        """Headings that suit a note, and code in the app's own letters."""
        block = self.begin()
        while block.isValid():
            level = block.blockFormat().headingLevel()
            pieces = [(f.position(), f.length(), f.charFormat()) for f in _fragments(block)]
            for start, length, known in pieces:
                wanted = QTextCharFormat()
                if level:
                    larger = _HEADINGS.get(level, 0)
                    wanted.setProperty(QTextFormat.Property.FontSizeAdjustment, larger)
                if known.fontFixedPitch():
                    wanted.setFont(value_font(LETTERS - 1))
                    wanted.setBackground(qcolor(self._theme.hover))
                cursor = QTextCursor(self)
                cursor.setPosition(start)
                cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
                cursor.mergeCharFormat(wanted)
            block = block.next()

    def _space_out(self) -> None:
        """Room between paragraphs, and less between the points of a list."""
        block = self.begin().next()
        while block.isValid():
            form = QTextBlockFormat()
            form.setTopMargin(2.0 if block.textList() else _APART)
            QTextCursor(block).mergeBlockFormat(form)
            block = block.next()

    def _put(self, letter: str, latex: str, apart: bool, width: float) -> None:
        """Put a formula in the place that was kept for it, no wider than the text."""
        cursor = self.find(letter)
        if cursor.isNull():
            return
        try:
            set_as = formula_drawing(latex.strip(), SET_APART if apart else LETTERS + 1)
            drawing = shrunk(set_as, min(1.0, width / set_as.width))
        except FormulaError:
            wrong = QTextCharFormat()
            wrong.setForeground(qcolor(self._theme.error))
            wrong.setFont(value_font(LETTERS - 1))
            cursor.insertText(f"${latex}$", wrong)
            return
        form = QTextCharFormat()
        form.setObjectType(_KIND)
        form.setProperty(_PLACE, len(self._set))
        form.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignBaseline)
        # What is inlined hangs as far below the line as letters of its font do.
        form.setFont(ui_font(_letters_reaching(drawing.height - drawing.baseline)))
        self._set.append(drawing)
        cursor.insertText("\N{OBJECT REPLACEMENT CHARACTER}", form)
        if apart:
            middle = QTextBlockFormat()
            middle.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            middle.setBottomMargin(_APART)
            cursor.mergeBlockFormat(middle)

    def draw(self, painter: QPainter) -> None:
        """Draw it from the painter's origin."""
        context = QAbstractTextDocumentLayout.PaintContext()
        context.palette.setColor(QPalette.ColorRole.Text, qcolor(self._theme.ink))
        context.palette.setColor(QPalette.ColorRole.Link, qcolor(self._theme.mute))
        self.documentLayout().draw(painter, context)


def _fragments(block):
    """The pieces of a block that look alike."""
    place = block.begin()
    while not place.atEnd():
        yield place.fragment()
        place += 1


class _Formulas(QPyTextObject):
    """Draws the formulas of one text where its layout has room for them."""

    def __init__(self, drawings: list[Drawing]) -> None:
        super().__init__()
        self._drawings = drawings

    def intrinsicSize(self, doc: QTextDocument, place: int, form: QTextFormat) -> QSizeF:
        drawing = self._drawings[int(form.property(_PLACE))]
        return QSizeF(drawing.width, drawing.baseline + _descent(form))

    def drawObject(
        self,
        painter: QPainter,
        rect: QRectF | QRect,
        doc: QTextDocument,
        place: int,
        form: QTextFormat,
    ) -> None:
        drawing = self._drawings[int(form.property(_PLACE))]
        room = QRectF(rect.x(), rect.y(), drawing.width, drawing.height)
        _renderer(drawing).render(painter, room)


@lru_cache(maxsize=256)
def _renderer(drawing: Drawing) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(drawing.svg))


def shrunk(drawing: Drawing, part: float) -> Drawing:
    """The same drawing in another size."""
    sizes = (drawing.width * part, drawing.height * part, drawing.baseline * part)
    return Drawing(drawing.svg, *sizes)


def _descent(form: QTextFormat) -> float:
    return QFontMetricsF(form.toCharFormat().font()).descent()


@lru_cache(maxsize=256)
def _letters_reaching(depth: float) -> float:
    """The size of letters that hang at least so far below the line."""
    sizes = (size / 2 for size in range(int(2 * LETTERS), 400))
    return next((s for s in sizes if QFontMetricsF(ui_font(s)).descent() >= depth), 200.0)


def _set_aside(text: str) -> tuple[str, dict[str, tuple[str, bool]]]:
    """The text with a letter in place of each formula, and the formulas by those letters."""
    formulas: dict[str, tuple[str, bool]] = {}

    def keep(match: re.Match[str]) -> str:
        if len(formulas) >= _MOST:
            return match[0]
        letter = chr(_FIRST + len(formulas))
        apart = match["apart"]
        formulas[letter] = (apart or match["inline"], apart is not None)
        return f"\n\n{letter}\n\n" if apart is not None else letter

    plain = re.sub(r"[\ue000-\uf8ff\ufffc]", "\N{REPLACEMENT CHARACTER}", text)
    return _FORMULA.sub(keep, plain), formulas


@lru_cache(maxsize=128)
def _laid_out(text: str, width: float, theme: str) -> NoteText:
    return NoteText(text, width, current())


def note_text(text: str, width: float) -> NoteText:
    """A note's text in lines of that width, in the present theme; laid out once."""
    return _laid_out(text, width, current().name)
