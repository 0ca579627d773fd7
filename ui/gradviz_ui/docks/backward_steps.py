"""The steps of a pass as a list: what arrives at each node, and what it sends on or reads."""

import numpy as np
from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QFont, QFontMetricsF, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QListView,
    QStackedWidget,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from gradviz.explain import label
from gradviz.graph import ForwardStep
from gradviz.graph.forward_mode import TangentStep
from gradviz.ops.spec import Array

from ..editor import Editor
from ..numbers import shape_text, short
from ..tangents import TrackStep
from ..theme import current, qcolor, source, ui_font, value_font
from ..widgets import text
from .backward_moments import step_name
from .backward_stops import StopsPanel
from .backward_story import Story
from .backward_timeline import is_breakpoint

HEIGHT = 44
SENT_MOST = 4
GUTTER = 14
"""How wide the left edge is where breakpoints stand."""
Index = QModelIndex | QPersistentModelIndex


def figure(value: Array) -> str:
    """A number, or a tensor's shape."""
    return short(np.asarray(value).item()) if np.size(value) == 1 else shape_text(np.shape(value))


def arriving(step: TrackStep) -> str:
    """The number a step is about: the gradient that arrived, or the value that was computed."""
    if isinstance(step, ForwardStep):
        return figure(step.outputs[0]) if step.outputs else "—"
    return figure(step.tangent if isinstance(step, TangentStep) else step.upstream)


def listed(parts: list[str], count: int) -> str:
    """Words one after the other, and how many more there are."""
    return ",  ".join(parts) + (f",  {count - len(parts)} more" if count > len(parts) else "")


class StepModel(QAbstractListModel):
    """A row for each step of the pass; row k is moment k + 1."""

    def __init__(self, editor: Editor) -> None:
        super().__init__(editor)
        self._editor = editor
        self._steps: tuple[TrackStep, ...] = ()

    def renew(self) -> None:
        """Take the steps of the present pass."""
        track = Story.of(self._editor).track
        steps: tuple[TrackStep, ...] = () if track is None else track.steps
        if steps is not self._steps:
            self.beginResetModel()
            self._steps = steps
            self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._steps)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        step = self._steps[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{step.index + 1}  {self.name(step)}  {arriving(step)}"
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return self.sent(step, most=12)
        return None

    def step(self, row: int) -> TrackStep:
        """The step of a row."""
        return self._steps[row]

    def name(self, step: TrackStep) -> str:
        """What a step is called: as on the timeline."""
        return step_name(self._editor, step)

    def sent(self, step: TrackStep, most: int = SENT_MOST) -> str:
        """What a step sends to which of its inputs, or on the forward pass reads from them."""
        if isinstance(step, ForwardStep):
            return self._read(step, most)
        if isinstance(step, TangentStep):
            return self._pushed(step, most)
        if step.kind == "seed":
            return f"placed at {self._editor.graph.node(step.node).name}"
        if step.kind == "leaf":
            return f"stays in {self._editor.graph.node(step.node).name}.grad"
        graph = self._editor.graph
        parts = [f"{label(graph, c.to)} {figure(c.value)}" for c in step.sent[:most]]
        return "→ " + listed(parts, len(step.sent))

    def _pushed(self, step: TangentStep, most: int) -> str:
        if step.kind == "leaf":
            return "the direction"
        graph = self._editor.graph
        parts = [f"{label(graph, t.source)} {figure(t.term)}" for t in step.terms[:most]]
        return "← " + listed(parts, len(step.terms))

    def _read(self, step: ForwardStep, most: int) -> str:
        if step.problem:
            return step.problem
        if step.kind == "leaf":
            return "given"
        graph = self._editor.graph
        parts = [f"{label(graph, r.source)} {figure(r.value)}" for r in step.reads[:most]]
        return "← " + listed(parts, len(step.reads)) if parts else "computed from nothing"


class StepPainter(QStyledItemDelegate):
    """Number, name and the gradient that arrives on one line, what is sent below."""

    def __init__(self, editor: Editor, model: StepModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._editor, self._model = editor, model

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, step = current(), self._model.step(index.row())
        moment = index.row() + 1
        now, done = moment == self._editor.moment, moment < self._editor.moment
        room = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if now:
            painter.fillRect(room, qcolor(theme.achip))
            painter.fillRect(QRectF(room.left(), room.top(), 3, room.height()), qcolor(theme.act))
        elif option.state & option.state.State_MouseOver:
            painter.fillRect(room, qcolor(theme.hover))
        inner = room.adjusted(14, 5, -14, -5)
        top = QRectF(inner.left(), inner.top(), inner.width(), inner.height() / 2)
        low = top.translated(0, inner.height() / 2)
        self._paint_top(painter, top, step, now, now or done)
        painter.setFont(ui_font(11))
        painter.setPen(qcolor(theme.mute if now or done else theme.faint))
        words = self._model.sent(step) if now or done else ""
        self._put(painter, low.adjusted(26, 0, 0, 0), words, Qt.AlignmentFlag.AlignLeft)
        painter.restore()

    def _paint_top(
        self,
        painter: QPainter,
        room: QRectF,
        step: TrackStep,
        now: bool,
        known: bool,
    ) -> None:
        theme = current()
        right = arriving(step) if known else "· · ·"
        painter.setFont(value_font(12))
        colour = getattr(theme, self._editor.passes.role)
        painter.setPen(qcolor(colour if known else theme.faint))
        self._put(painter, room, right, Qt.AlignmentFlag.AlignRight)
        width = QFontMetricsF(painter.font()).horizontalAdvance(right)
        self._paint_breakpoint(painter, room, step)
        painter.setFont(value_font(11))
        painter.setPen(qcolor(theme.warn if now else theme.faint))
        self._put(painter, room, str(step.index + 1), Qt.AlignmentFlag.AlignLeft)
        painter.setFont(ui_font(13, QFont.Weight.DemiBold if now else QFont.Weight.Normal))
        painter.setPen(qcolor(theme.ink if known else theme.mute))
        name = self._model.name(step)
        self._put(painter, room.adjusted(26, 0, -width - 10, 0), name, Qt.AlignmentFlag.AlignLeft)

    def _paint_breakpoint(self, painter: QPainter, room: QRectF, step: TrackStep) -> None:
        if is_breakpoint(self._editor, step):
            painter.save()
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(qcolor(current().error))
            painter.drawEllipse(QPointF(room.left() - 7, room.center().y()), 3.6, 3.6)
            painter.restore()

    @staticmethod
    def _put(painter: QPainter, room: QRectF, words: str, side: Qt.AlignmentFlag) -> None:
        metrics = QFontMetricsF(painter.font())
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter, shown)


class StepView(QListView):
    """The rows; a click at the left edge sets a breakpoint there, or takes it away."""

    def __init__(self, editor: Editor, model: StepModel) -> None:
        super().__init__()
        self._editor, self._model = editor, model
        self.setModel(model)
        self.setItemDelegate(StepPainter(editor, model, self))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.position().x() < GUTTER:
            self._editor.stops.toggle((self._model.step(index.row()).node,))
        else:
            super().mousePressEvent(event)


class StepList(QWidget):
    """Every step of the pass; a click goes there, the present one is amber and in view."""

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._story = Story.of(editor)
        self.model = StepModel(editor)
        self.view = StepView(editor, self.model)
        self.view.setUniformItemSizes(True)
        self.view.setMouseTracking(True)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setAccessibleName("Steps of the pass")
        self.view.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.view.clicked.connect(self._go)
        self.view.activated.connect(self._go)
        self.problem: QLabel = text("", "mute", 13)
        self.problem.setWordWrap(True)
        self.problem.setMargin(14)
        self.problem.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.view)
        self._pages.addWidget(self.problem)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._pages, 1)
        self.stops = StopsPanel(editor)
        layout.addWidget(self.stops)
        editor.stops.changed.connect(self.view.viewport().update)
        self._story.changed.connect(self.refresh)
        source().changed.connect(self.view.viewport().update)
        self.refresh()

    def refresh(self) -> None:
        """Show the present pass, and the present step in view."""
        if not self._story.told:
            return
        self.model.renew()
        self._pages.setCurrentIndex(0 if self._story.track is not None else 1)
        self.problem.setText(self._story.problem)
        row = max(0, self._editor.moment - 1)
        if self.model.rowCount():
            self.view.setCurrentIndex(self.model.index(row))
            self.view.scrollTo(self.model.index(row))
        self.view.viewport().update()

    def _go(self, index: QModelIndex) -> None:
        self._editor.set_moment(index.row() + 1)
