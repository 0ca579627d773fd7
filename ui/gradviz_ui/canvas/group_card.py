"""The card of a collapsed group: what its outputs show, under the group's name."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from gradviz.graph.borders import border_of

from ..editor import Editor
from ..theme import current, qcolor
from .content import NO_GRAD, PENDING, CardContent, content_for, form_of
from .items import MARGIN, CardItem
from .metrics import CardPlan, group_plan
from .pictures import CardPictures
from .small import font

MARK = "▢"
QUIET = "const"
MOST_LETTERS = 16


class GroupCard(CardItem):
    """One card for all nodes of a group; ``node_id`` is that of its last output."""

    def __init__(
        self, editor: Editor, group_id: str, members: frozenset[str], pictures: CardPictures
    ) -> None:
        self.group_id, self._members = group_id, members
        self.border = border_of(editor.graph, group_id)
        super().__init__(editor, self.border.outputs[-1][0], pictures)
        self.ids = members

    def home(self) -> QPointF:
        """In the middle of where its nodes are."""
        nodes = self._editor.graph.nodes
        places = [nodes[i].position for i in self._members if i in nodes]
        columns, rows = zip(*places, strict=True)
        return QPointF((min(columns) + max(columns)) / 2, (min(rows) + max(rows)) / 2)

    def _wanted(self) -> tuple[CardPlan, float]:
        editor, outputs = self._editor, self.border.outputs
        shape, _, failed, graded, down = form_of(editor, editor.graph.node(self.node_id))
        name = editor.graph.groups[self.group_id].name
        counts = len(self.border.inputs), len(outputs)
        single = len(outputs) == 1 and not outputs[0][1]
        # Several values on one line need the room that a message does.
        wide = failed or not single
        plan = group_plan(name, shape if single else None, counts, wide, graded, down)
        return plan, MARGIN

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        super().paint(painter, option, widget)
        if self.group_id in self._editor.alike.marked:
            mark_alike(painter, QRectF(0, 0, self.plan.width, self.plan.height))

    def measure(self) -> bool:
        self.forget()
        return self.group_id in self._editor.graph.groups and self._resize(self._wanted())

    def _read(self) -> CardContent:
        return group_content(self._editor, self)

    def category(self) -> str:
        return self._editor.graph.groups[self.group_id].colour or QUIET

    def port_of(self, node_id: str, port: int, *, output: bool) -> QPointF:
        end, body = (node_id, port), self.body()
        if output and end in self.border.outputs:
            return self.port(self.border.outputs.index(end), output=True)
        if not output and any(end in ends for _, ends in self.border.inputs):
            return self.port(self.index_of(node_id, port), output=False)
        # A port of a group around this one may be of something that this card does not show.
        if self.plan.down:
            return QPointF(body.center().x(), body.bottom() if output else body.top())
        return QPointF(body.right() if output else body.left(), body.center().y())

    def index_of(self, node_id: str, port: int) -> int:
        places = (n for n, (_, ends) in enumerate(self.border.inputs) if (node_id, port) in ends)
        return next(places)

    def ends(self, index: int, *, output: bool) -> tuple[tuple[str, int], ...]:
        return (self.border.outputs[index],) if output else self.border.inputs[index][1]


def group_content(editor: Editor, card: GroupCard) -> CardContent:
    """What the card of a collapsed group shows now."""
    graph = editor.graph
    group = graph.groups[card.group_id]
    shown = content_for(editor, graph.node(card.node_id))
    step = editor.step if editor.workspace == "backward" else None
    common = {
        "title": group.name,
        "suffix": "",
        "mark": MARK,
        "category": card.category(),
        "plan": card.plan,
        "scale": None,
        "literals": (),
        "kept": "",
        "output": graph.output() in card.ids,
        "stacked": True,
        "active": step is not None and step.node in card.ids,
        "breakpoint": editor.workspace == "backward"
        and not editor.stops.breakpoints.isdisjoint(card.ids),
        "wired": frozenset(n for n, (source, _) in enumerate(card.border.inputs) if source),
    }
    if failed := failure(editor, card):
        return replace(shown, **common, message=failed, failed=True)
    if len(card.border.outputs) == 1 or shown.message:
        return replace(shown, **common)
    outputs = dict.fromkeys(node_id for node_id, _ in card.border.outputs)
    all_shown = [content_for(editor, graph.node(i)) for i in outputs]
    grads = [s.grad_text for s in all_shown]
    travelled = next((s.travelled for s in all_shown if s.travelled), "")
    return replace(
        shown, **common, value=None, grad=None, pointed=frozenset(),
        value_text=joined([s.value_text or "—" for s in all_shown]), grad_text=joined(grads),
        muted=all(s.muted for s in all_shown), travelled=travelled,
    )  # fmt: skip


def joined(texts: list[str]) -> str:
    """As many outputs' numbers as fit on a line; what none has yet is said once."""
    if len(set(texts)) == 1 and texts[0] in (PENDING, NO_GRAD):
        return texts[0]
    fitting = (n for n in range(len(texts), 1, -1) if len(", ".join(texts[:n])) <= MOST_LETTERS)
    shown = next(fitting, 1)
    return ", ".join(texts[:shown]) + (" …" if shown < len(texts) else "")


def failure(editor: Editor, card: GroupCard) -> str:
    """The first error within a group, with the name of the node that has it; empty for none."""
    results, graph = editor.evaluation.results, editor.graph
    errors = (
        f"{graph.node(i).name}: {results[i].error}"
        for i in sorted(card.ids, key=lambda i: (len(i), i))
        if i in results and results[i].error is not None
    )
    return next(chain(errors, ("",)))


def mark_alike(painter: QPainter, area: QRectF) -> None:
    """Mark a group of the same structure as the one that is meant: dashes, and a sign."""
    theme = current()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(qcolor(theme.sel), 1.6)
    pen.setDashPattern([4.0, 3.0])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(area.adjusted(-4, -4, 4, 4), 11, 11)
    sign = QRectF(area.right() - 10, area.top() - 11, 20, 18)
    painter.setPen(QPen(qcolor(theme.sel), 1.2))
    painter.setBrush(qcolor(theme.card))
    painter.drawRoundedRect(sign, 6, 6)
    painter.setPen(qcolor(theme.sel))
    painter.setFont(font("name", 13.0))
    painter.drawText(sign, Qt.AlignmentFlag.AlignCenter, "≅")


def group_details(editor: Editor, card: GroupCard) -> str:
    """The tooltip of the card: how many nodes it stands for, and each output."""
    group = editor.graph.groups[card.group_id]
    lines = [f"{group.name} · group of {len(card.ids)} nodes"]
    if failed := failure(editor, card):
        return f"{lines[0]}\n{failed}"
    for node_id in dict.fromkeys(node_id for node_id, _ in card.border.outputs):
        content = content_for(editor, editor.graph.node(node_id))
        said = content.message or f"{content.value_text}, grad {content.grad_text}"
        lines.append(f"{content.title}: {said}")
    if others := len(editor.alike.of(card.group_id)):
        lines.append(f"{others} other group{'s' * (others > 1)} of the same structure")
    told = "Double-click to go in, Ctrl+E to expand it here"
    return "\n".join([*lines, told])
