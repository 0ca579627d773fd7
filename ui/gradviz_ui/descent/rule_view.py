"""The update rule of the chosen runner, in symbols and in this step's numbers."""

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gradviz.descent.methods import RUNNERS
from gradviz.descent.rule import Applied, Number, applied_rule

from ..formulas import formula_drawing, formula_pixmap
from ..theme import current, qcolor, source, ui_font
from .race import Race
from .rule_figures import Figure, figure_rows, figures
from .rule_lengths import lengths
from .typeset import Box, Setter, row, space, words
from .words import compact, numbers

SIZE = 18.0
READABLE, LEAST = 11.0, 9.0
"""The smallest that lines are set for want of height, beyond which one scrolls; and of width."""
COLOURS: Mapping[str, str] = {"g": "grad", "d": "grad"}
Rows = list[tuple[Box, float]]
"""Lines that are set, each with how far it is moved in."""


class RuleView(QWidget):
    """See the module's text. Lines too long for the widget are broken before the numbers."""

    def __init__(self, race: Race) -> None:
        super().__init__()
        self._race = race
        self._lines: tuple[Applied, ...] = ()
        self._figures: tuple[Figure, ...] = ()
        self._lengths: tuple[Figure, ...] = ()
        self._laid: tuple[object, float, Rows] | None = None
        self._fitting: tuple[object, float] = (None, SIZE)
        self._asked: tuple[object, ...] | None = None
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
        if runner is None:
            return ()
        return RUNNERS[runner.spec.at(self._race.at(runner.trajectory)).optimizer].rule

    def _read(self) -> None:
        runner = self._race.runner
        if runner is None or not runner.trajectory.points:
            self._lines, self._figures = (), ()
        else:
            step = self._race.at(runner.trajectory)
            self._lines = applied_rule(runner, self._race.axes, step)
            self._figures = () if self._lines else figures(runner, self._race.axes, step)
        told = [f"{a.line.target} = {numbers(a.result)}" for a in self._lines]
        self._lengths = lengths(self._race)
        told += [f"{f.symbol} {f.sign} {f.words}" for f in (*self._figures, *self._lengths)]
        self.setAccessibleDescription("; ".join([*(() if self._lines else self._latex), *told]))
        self._laid = None
        self._demand()
        self.update()

    def _demand(self) -> None:
        """Ask for as much height as the smallest setting takes, unless it takes no more.

        Asked anew only where the lines are others or broken otherwise: numbers alone must not
        have the window laid out again at every step.
        """
        if self._race.runner is None:
            self._asked = None
            self.setMinimumHeight(0)
            return
        size, rows = self._layout()
        asked = self._shape(), self.width(), len(rows), min(size, READABLE)
        if asked != self._asked:
            before, self._asked = self._asked, asked
            size, rows = self._fitted(READABLE)
            height = round(_height(rows, size))
            same = before is not None and before[:2] == asked[:2]
            self.setMinimumHeight(max(height, self.minimumHeight()) if same else height)

    def _shape(self) -> object:
        """What is shown but for its numbers."""
        lines = tuple(a.line for a in self._lines)
        return (
            lines,
            () if lines else self._latex,
            tuple(f.symbol for f in (*self._figures, *self._lengths)),
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._laid = None
        if event.size().width() != event.oldSize().width():
            self._demand()

    def _layout(self) -> tuple[float, Rows]:
        """The size it is set at, and its rows; worked out once for the same numbers.

        Other numbers are set no larger than those before: a size that changed with the digits
        would flicker.
        """
        ratio = self.devicePixelRatioF()
        shape = self._shape(), self.size(), ratio
        key = shape, current().name
        if self._laid is None or self._laid[0] != key:
            begin = self._fitting[1] if self._fitting[0] == shape else SIZE
            size, rows = self._fitted(begin)
            while size > READABLE and _height(rows, size) > self.height():
                size -= 1.0
                rows = self._rows(size)
            self._fitting = shape, size
            self._laid = key, size, rows
        return self._laid[1:]

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
        size, rows = self._layout()
        y = 8.0
        for box, indent in rows:
            y += box.above + size * 0.3
            box.paint(painter, 14 + indent, y)
            y += box.below + size * 0.3

    def _fitted(self, size: float) -> tuple[float, Rows]:
        """The largest up to `size` at which every row is as wide as the widget at most."""
        rows = self._rows(size)
        while size > LEAST and any(b.width + indent + 24 > self.width() for b, indent in rows):
            size -= 1.0
            rows = self._rows(size)
        return size, rows

    def _rows(self, size: float) -> Rows:
        """Each line of the rule as one row, or as two where it is too wide for one.

        Where an optimizer says its rule in symbols alone, those.
        """
        room = self.width() - 30
        whole = figure_rows(self._lengths, size, room)
        if not self._lines:
            ratio = self.devicePixelRatioF()
            symbols = [(formula(line, size, ratio), 0.0) for line in self._latex]
            return [*whole, *symbols, *figure_rows(self._figures, size, room)]
        return [*whole, *self._line_rows(size)]

    def _line_rows(self, size: float) -> Rows:
        found: Rows = []
        for applied in self._lines:
            symbols, figures, outcome = line_boxes(applied, size)
            numbered = row([*figures, *([space(size * 0.3)] if figures else []), outcome])
            whole = row([symbols, space(size * 0.9), numbered])
            if whole.width + 24 <= self.width():
                found.append((whole, 0.0))
                continue
            # What is small already is broken once more before it is set smaller still.
            small = size <= READABLE and numbered.width + size * 1.6 + 24 > self.width()
            parts = [*figures, outcome] if small else [numbered]
            found += [(symbols, 0.0), *((part, size * 1.6) for part in parts)]
        return found


def _height(rows: Rows, size: float) -> float:
    return sum(box.above + box.below + size * 0.6 for box, _ in rows) + 8


def formula(latex: str, size: float, ratio: float) -> Box:
    """A line that is LaTeX."""
    drawing, pixmap = formula_drawing(latex, size), formula_pixmap(latex, size, None, ratio)

    def paint(painter: QPainter, x: float, y: float) -> None:
        painter.drawPixmap(QPointF(x, y - drawing.baseline), pixmap)

    return Box(drawing.width, drawing.baseline, drawing.height - drawing.baseline, paint)


def line_boxes(applied: Applied, size: float) -> tuple[Box, tuple[Box, ...], Box]:
    """``v ← μ v + ∇J(θ)``, ``= 0.85 · (…) + (…)`` where there is more than a name, ``= (…)``."""
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
        return symbols, (), outcome
    return symbols, (row([digits.text("= "), digits.set(line.tree)]),), outcome


def _figure(value: Number) -> str:
    """A setting as it was chosen; parameters and what is computed from them with all digits."""
    return compact(value) if isinstance(value, float) else numbers(value)


def _colour(name: str) -> QColor:
    return qcolor(getattr(current(), COLOURS.get(name, "ink")))
