"""The update rule of the chosen runner, in symbols and in this step's numbers."""

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gradviz.descent.methods import RUNNERS
from gradviz.descent.rule import Applied, Number, applied_rule

from ..formulas import formula_drawing, formula_pixmap
from ..theme import current, qcolor, source, ui_font
from .race import Race
from .typeset import Box, Setter, row, space, words
from .words import compact, numbers

SIZE = 18.0
LEAST = 9.0
COLOURS: Mapping[str, str] = {"g": "grad", "d": "grad"}


class RuleView(QWidget):
    """See the module's text. Lines too long for the widget are broken before the numbers."""

    def __init__(self, race: Race) -> None:
        super().__init__()
        self._race = race
        self._lines: tuple[Applied, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Update rule")
        for signal in (race.prepared, race.stepped):
            signal.connect(self._read)
        source().changed.connect(self.update)

    @property
    def lines(self) -> tuple[Applied, ...]:
        """The lines shown, with their numbers."""
        return self._lines

    @property
    def _latex(self) -> tuple[str, ...]:
        runner = self._race.runner
        return () if runner is None else RUNNERS[runner.spec.optimizer].rule

    def _read(self) -> None:
        runner = self._race.runner
        if runner is None or not runner.trajectory.points:
            self._lines = ()
        else:
            step = self._race.at(runner.trajectory)
            self._lines = applied_rule(runner, self._race.axes, step)
        told = [f"{a.line.target} = {numbers(a.result)}" for a in self._lines]
        self.setAccessibleDescription("; ".join(told or self._latex))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(400, 190)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 96)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._race.runner is None:
            painter.setFont(ui_font(12))
            painter.setPen(qcolor(current().mute))
            painter.drawText(14, 26, "Nothing runs yet.")
            return
        size = SIZE
        rows = self._rows(size)
        while size > LEAST and not self._fits(rows, size):
            size -= 1.0
            rows = self._rows(size)
        y = 8.0
        for box, indent in rows:
            y += box.above + size * 0.3
            box.paint(painter, 14 + indent, y)
            y += box.below + size * 0.3

    def _fits(self, rows: list[tuple[Box, float]], size: float) -> bool:
        height = sum(box.above + box.below + size * 0.6 for box, _ in rows) + 8
        return height <= self.height() and all(
            box.width + indent + 24 <= self.width() for box, indent in rows
        )

    def _rows(self, size: float) -> list[tuple[Box, float]]:
        """Each line of the rule as one row, or as two where it is too wide for one.

        Where an optimizer says its rule in symbols alone, those.
        """
        if not self._lines:
            return [(formula(line, size, self.devicePixelRatioF()), 0.0) for line in self._latex]
        found: list[tuple[Box, float]] = []
        for applied in self._lines:
            symbols, figures = line_boxes(applied, size)
            whole = row([symbols, space(size * 0.9), figures])
            if whole.width + 24 <= self.width():
                found.append((whole, 0.0))
            else:
                found += [(symbols, 0.0), (figures, size * 1.6)]
        return found


def formula(latex: str, size: float, ratio: float) -> Box:
    """A line that is LaTeX."""
    drawing, pixmap = formula_drawing(latex, size), formula_pixmap(latex, size, None, ratio)

    def paint(painter: QPainter, x: float, y: float) -> None:
        painter.drawPixmap(QPointF(x, y - drawing.baseline), pixmap)

    return Box(drawing.width, drawing.baseline, drawing.height - drawing.baseline, paint)


def line_boxes(applied: Applied, size: float) -> tuple[Box, Box]:
    """``v ← μ v + ∇J(θ)`` and ``= 0.85 · (…) + (…) = (…)``."""
    theme, line = current(), applied.line
    letters = Setter(
        size, qcolor(theme.ink), lambda n: (applied.symbols[n], _colour(n)), dotted=False
    )
    digits = Setter(
        size, qcolor(theme.ink), lambda n: (_figure(applied.values[n]), _colour(n)), dotted=True
    )
    target = words(applied.symbols[line.target], size, qcolor(theme.ink))
    symbols = row([target, letters.text(" ← "), letters.set(line.tree)])
    colour = qcolor(theme.val) if line.target == "theta" else _colour(line.target)
    outcome = row([digits.text("= "), digits.text(numbers(applied.result), colour)])
    if line.expression.isidentifier():
        return symbols, outcome
    return symbols, row([digits.text("= "), digits.set(line.tree), space(size * 0.3), outcome])


def _figure(value: Number) -> str:
    """A setting as it was chosen; parameters and what is computed from them with all digits."""
    return compact(value) if isinstance(value, float) else numbers(value)


def _colour(name: str) -> QColor:
    return qcolor(getattr(current(), COLOURS.get(name, "ink")))
