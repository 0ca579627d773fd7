"""A step in words and as formulas: coloured spans that can be selected, typeset lines that fit."""

import re
import time
from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from gradviz.explain import Sentence

from ..formulas import FormulaLabel, formula_drawing
from ..prose import sentences_html
from ..theme import current, source, ui_font
from ..widgets import empty

HURRY_MS = 120
SOON_MS = 8
NARROWEST = 60
SIZES = (18.0, 16.0, 14.0, 12.5)


def scrolled(widget: QWidget) -> QScrollArea:
    """A widget in a scroll area without a frame."""
    area = QScrollArea()
    area.setWidget(widget)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.viewport().setAutoFillBackground(False)
    widget.setAutoFillBackground(False)
    return area


class SentenceView(QLabel):
    """Sentences whose numbers have the colours of what they are; the text can be selected."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sentences: tuple[Sentence, ...] = ()
        self._heights: dict[int, int] = {}
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setFont(ui_font(13))
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        source().changed.connect(self._redraw)

    def tell(self, sentences: tuple[Sentence, ...]) -> None:
        """Show these sentences."""
        if sentences == self._sentences:
            return
        self._sentences = sentences
        self.setAccessibleName("\n".join("".join(s.text for s in p) for p in sentences))
        self._redraw()

    def _redraw(self) -> None:
        self._heights = {}
        self.setText(sentences_html(self._sentences, current()))

    # Qt lays text out anew for each of the many questions of a layout: a step asks once.

    def sizeHint(self) -> QSize:
        width = max(self.width(), NARROWEST)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(NARROWEST, self.fontMetrics().height())

    def heightForWidth(self, arg__1: int) -> int:
        if arg__1 not in self._heights:
            self._heights[arg__1] = super().heightForWidth(arg__1)
        return self._heights[arg__1]


def lines_of(latex: str, width: float, size: float) -> tuple[str, ...] | None:
    """A formula broken before its equals signs so that each line fits; None where none does."""
    if formula_drawing(latex, size).width <= width:
        return (latex,)
    parts = re.split(r" (?== )", latex)
    lines = [parts[0]]
    for part in parts[1:]:
        joined = f"{lines[-1]} {part}"
        if formula_drawing(joined, size).width <= width:
            lines[-1] = joined
        else:
            lines.append(rf"\quad {part}")
    fits = all(formula_drawing(line, size).width <= width for line in lines)
    return tuple(lines) if fits else None


class FormulaLines(QWidget):
    """Formulas one below the other, broken or made smaller where the room is narrow."""

    def __init__(self, sizes: tuple[float, ...] = SIZES, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sizes = sizes
        self._formulas: tuple[str, ...] = ()
        self._shown: tuple[tuple[float, str], ...] = ()
        self._told_at = 0.0
        self._rest = QTimer(self, singleShot=True)
        self._rest.timeout.connect(self._arrange)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(10)

    @property
    def formulas(self) -> tuple[str, ...]:
        """The formulas shown, unbroken."""
        return self._formulas

    def tell(self, formulas: Iterable[str]) -> None:
        """Show these formulas, in LaTeX.

        Setting one takes about a frame, so it is done after what else changes is painted; while
        they follow each other in a hurry, as in a scrub, none is shown until the last has stood
        for a moment.
        """
        formulas = tuple(formulas)
        if formulas == self._formulas:
            return
        self._formulas = formulas
        self.setAccessibleName("; ".join(self._formulas))
        before, self._told_at = self._told_at, time.monotonic()
        if self._told_at - before > HURRY_MS / 1000:
            self._rest.start(SOON_MS)
        else:
            self._clear()
            self._rest.start(HURRY_MS // 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._rest.isActive():
            self._arrange()

    def _fitted(self, latex: str) -> tuple[tuple[float, str], ...]:
        for size in self._sizes:
            lines = lines_of(latex, self.width() - 2, size)
            if lines is not None:
                return tuple((size, line) for line in lines)
        return ((self._sizes[-1], latex),)

    def _arrange(self) -> None:
        wanted = tuple(pair for latex in self._formulas for pair in self._fitted(latex))
        if wanted == self._shown:
            return
        self._clear()
        self._shown = wanted
        for size, latex in wanted:
            label = FormulaLabel(latex, size, self)
            self._layout.addWidget(label, 0, Qt.AlignmentFlag.AlignLeft)
        self._layout.addStretch(1)

    def _clear(self) -> None:
        self._shown = ()
        empty(self._layout)
