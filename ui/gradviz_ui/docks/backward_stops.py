"""The stops of the backward pass as a list under its steps, and the field that takes one more."""

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from gradviz.graph.groups import by_name
from gradviz.graph.stop_text import StopError, parse_stop, stop_text
from gradviz.graph.stops import AtNode, Stop, stop_moments

from ..editor import Editor
from ..fonts import value_font
from ..theme import current, qcolor, source
from ..widgets import (
    ElidedLabel,
    IconButton,
    PanelHeader,
    ProblemLine,
    column,
    empty,
    restyle,
    scroll_area,
    text,
)
from .backward_story import Story

WISH = "|grad| > 10   nan   w changes"
HELP = (
    "Stop where this begins to hold, running on or back:\n"
    "|grad| > 10, |grad w| > 10, grad w < 0, nan, inf, w changes, accumulation, at w"
)
ROW, MOST_SHOWN = 26, 4


class Dot(QWidget):
    """The mark of a stop as on the timeline: filled for a breakpoint, a ring for a condition."""

    def __init__(self, filled: bool) -> None:
        super().__init__()
        self._filled = filled
        self.setFixedSize(12, 12)
        source().changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(qcolor(current().error), 1.3))
        painter.setBrush(qcolor(current().error if self._filled else current().panel))
        painter.drawEllipse(QPointF(6, 6), 3.6, 3.6)


class StopsPanel(QWidget):
    """Every stop with how often it holds in this pass; Enter in the field sets another, and
    gives the keys back to the canvas, where the arrows step."""

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._clear = IconButton("delete", "Remove all stops", size=15)
        self._clear.clicked.connect(editor.stops.clear)
        self.field = QLineEdit()
        self.field.setFont(value_font(12))
        self.field.setPlaceholderText(WISH)
        self.field.setToolTip(HELP)
        self.field.setAccessibleName("Stop when")
        self.problem = ProblemLine()
        self._lay_out()
        self.field.returnPressed.connect(self._take)
        self.field.textEdited.connect(lambda _typed: self._say(""))
        for signal in (editor.stops.changed, Story.of(editor).changed, editor.changed):
            signal.connect(self.refresh)
        self._shown: tuple[object, ...] = ()
        self.refresh()

    def _lay_out(self) -> None:
        entry = QWidget()
        line = QGridLayout(entry)
        line.setContentsMargins(14, 8, 14, 6)
        line.setHorizontalSpacing(10)
        line.setVerticalSpacing(3)
        line.addWidget(text("stop when", "mute", 12), 0, 0)
        line.addWidget(self.field, 0, 1)
        line.addWidget(self.problem, 1, 1)
        self._rows = QWidget()
        self._grid = QGridLayout(self._rows)
        self._grid.setContentsMargins(14, 0, 8, 6)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(1, 1)
        self._area = scroll_area(self._rows)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        header = PanelHeader("Stops", self._clear, ruled=True)
        layout.addWidget(column(header, entry, self._area, spacing=0))

    def words(self) -> list[str]:
        """The stops as they are listed."""
        found = [self._grid.itemAtPosition(row, 1) for row in range(self._grid.rowCount())]
        labels = [item.widget() for item in found if item is not None]
        return [label.text() for label in labels if isinstance(label, ElidedLabel)]

    def removers(self) -> list[IconButton]:
        """The buttons that take a stop away, in the order of the list."""
        found = [self._grid.itemAtPosition(row, 3) for row in range(self._grid.rowCount())]
        buttons = [item.widget() for item in found if item is not None]
        return [button for button in buttons if isinstance(button, IconButton)]

    def refresh(self, *_: object) -> None:
        """List the stops as they are now."""
        walk, graph = Story.of(self._editor).walk, self._editor.graph
        stops = self._editor.stops.all
        counted = [None if walk is None else stop_moments(walk, stop) for stop in stops]
        shown = tuple(
            (stop, stop_text(graph, stop), held) for stop, held in zip(stops, counted, strict=True)
        )
        if shown == self._shown:
            return
        self._shown = shown
        empty(self._grid)
        for row in range(self._grid.rowCount()):
            self._grid.setRowMinimumHeight(row, 0)
        for row, (stop, words, held) in enumerate(shown):
            self._add_row(row, stop, words, held)
        self._clear.setEnabled(bool(shown))
        self._area.setVisible(bool(shown))
        self._area.setFixedHeight(min(MOST_SHOWN, len(shown)) * ROW + 8)

    def _add_row(self, row: int, stop: Stop, words: str, held: tuple[int, ...] | None) -> None:
        name = ElidedLabel(words)
        name.setFont(value_font(12))
        count = text(times(held), "mute", 11)
        remove = IconButton("close", f"Remove “{words}”", size=13)
        remove.clicked.connect(lambda: self._editor.stops.remove(stop))
        self._grid.setRowMinimumHeight(row, ROW)
        for place, widget in enumerate((Dot(isinstance(stop, AtNode)), name, count, remove)):
            self._grid.addWidget(widget, row, place)

    def _take(self) -> None:
        try:
            graph = self._editor.graph
            stop = parse_stop(graph, self.field.text(), by_name(graph))
        except StopError as problem:
            self._say(str(problem))
            return
        self.field.clear()
        self._say("")
        self._editor.stops.add(stop)
        self._editor.typed.emit()

    def _say(self, problem: str) -> None:
        self.problem.say(problem)
        restyle(self.field, invalid=bool(problem))


def times(moments: tuple[int, ...] | None) -> str:
    """How often a stop holds: ``never``, ``step 4``, ``5 steps``."""
    if moments is None:
        return ""
    if not moments:
        return "never"
    return f"step {moments[0]}" if len(moments) == 1 else f"{len(moments)} steps"
