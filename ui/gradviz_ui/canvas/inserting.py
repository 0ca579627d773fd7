"""Adding what the search, or the library, offers: a node, and the wire it was asked for."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from math import ceil
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF

from gradviz.graph import AddNode, GraphError, Wire, compose, splicing
from gradviz.graph.groups import hidden_in
from gradviz.ops.dtypes import get_default_dtype

from ..editor import Editor
from .choices import Choice
from .connecting import Plug, wire_between
from .content import plan_for
from .metrics import PORT_TOP, WIDTH

Position = tuple[float, float]
BREADTH, ROOM, GAP = 200.0, 90.0, 14.0
"""The size of a new card, about, which mostly waits for inputs, and how far from others it is."""


def settings_of(choice: Choice) -> dict[str, Any]:
    """The settings a chosen leaf begins with; none where the operation's own will do."""
    if choice.op != "tensor" or (choice.parameter and choice.value is None):
        return {}
    number = np.array(1.0 if choice.value is None else choice.value, get_default_dtype().numpy)
    if not choice.parameter:
        return {"data": number}
    reach = max(5.0, 2 * abs(float(number)))
    return {"data": number, "requires_grad": True, "low": -reach, "high": reach, "step": 0.01}


def insert(editor: Editor, choice: Choice, place: QPointF, link: Plug | None = None) -> str | None:
    """Add a node as one undoable step and select it; its id, or None where it was refused.

    ``link`` is the port whose wire was let go here: the new node is wired to it.
    """
    name = choice.name or ("c" if choice.op == "tensor" and not choice.parameter else "")
    try:
        batch = compose.add(
            editor.graph,
            choice.op,
            corner(editor, place, link),
            name=name,
            attrs=settings_of(choice),
        )
    except GraphError as problem:
        editor.refused.emit(str(problem))
        return None
    added = batch.edits[0]
    assert isinstance(added, AddNode)
    editor.stack.beginMacro(batch.label)
    done = editor.perform(batch)
    if done and link is not None:
        wire_up(editor, added.node.id, link)
    editor.stack.endMacro()
    if not done:
        return None
    editor.select({added.node.id})
    return added.node.id


def corner(editor: Editor, place: QPointF, link: Plug | None) -> Position:
    """Where the new card's corner goes, so that the wire let go arrives where it was let go."""
    if link is None:
        return clear_of_cards(editor, round(place.x()), round(place.y()))
    if editor.graph.settings.flow == "down":
        top = place.y() if link.output else place.y() - ROOM
        return clear_of_cards(editor, round(place.x() - WIDTH / 2), round(top))
    left = place.x() if link.output else place.x() - WIDTH
    return clear_of_cards(editor, round(left), round(place.y() - PORT_TOP - 11))


def clear_of_cards(
    editor: Editor, x: float, y: float, wide: float = BREADTH, high: float = ROOM
) -> Position:
    """That place, or the next one below it where new cards so wide and high lie on no other."""
    beside = [
        (top - high, top + height + GAP)
        for left, top, width, height in card_bodies(editor)
        if left - wide - GAP < x < left + width + GAP
    ]
    for above, below in sorted(beside):
        if above < y < below:
            y = round(below)
    return x, y


def card_bodies(editor: Editor) -> Iterator[tuple[float, float, float, float]]:
    """Where cards lie, and how large they are: those of nodes, and of collapsed groups about."""
    hidden = hidden_in(editor.entering.groups)
    inside: dict[str, list[Position]] = {}
    for node in map(editor.graph.node, editor.entering.shown()):
        if node.id in hidden:
            inside.setdefault(hidden[node.id], []).append(node.position)
        else:
            plan = plan_for(editor, node)
            yield *node.position, plan.width, plan.height
    for places in inside.values():
        columns, rows = zip(*places, strict=True)
        middle = (min(columns) + max(columns)) / 2, (min(rows) + max(rows)) / 2
        yield *middle, WIDTH + GAP, ROOM


def move_apart(editor: Editor, ids: Collection[str]) -> None:
    """Move new cards down where they lie on each other: only now is known how large they are."""
    graph = editor.graph
    lying: dict[str | None, dict[str, QRectF]] = {}
    for node in map(graph.node, ids):
        plan, home = plan_for(editor, node), graph.group_of.get(node.id)
        lying.setdefault(home, {})[node.id] = QRectF(*node.position, plan.width, plan.height)
    goals: dict[str, Position] = {}
    for bodies in lying.values():
        goals |= {i: corner.toTuple() for i, corner in moved_down(bodies).items()}
    if goals:
        editor.perform(compose.move(graph, goals))


def moved_down(bodies: Mapping[str, QRectF], rest: Iterable[QRectF] = ()) -> dict[str, QPointF]:
    """Where cards go that are moved down until each lies on none, those that stay left out."""
    lying = list(rest)
    goals: dict[str, QPointF] = {}
    for i in sorted(bodies, key=lambda i: (bodies[i].top(), bodies[i].left(), i)):
        spot = QRectF(bodies[i])
        while below := [o.bottom() for o in lying if spot.intersects(o.adjusted(0, -GAP, 0, GAP))]:
            spot.moveTop(ceil(max(below) + GAP))
        lying.append(spot)
        if spot != bodies[i]:
            goals[i] = spot.topLeft()
    return goals


def insert_on(editor: Editor, choice: Choice, place: QPointF, wire: Wire) -> None:
    """Add a node in the middle of a wire as one undoable step, and select it."""
    x, y = place.x() - WIDTH / 2, place.y() - ROOM / 2
    try:
        batch = splicing.insert_on_wire(editor.graph, wire, choice.op, (round(x), round(y)))
    except GraphError as problem:
        editor.refused.emit(str(problem))
        return
    before = set(editor.graph.nodes)
    if editor.perform(batch):
        editor.select(set(editor.graph.nodes) - before)


def wire_up(editor: Editor, node_id: str, link: Plug) -> None:
    """Wire a new node's first port to the one that was let go."""
    wire = wire_between(link, Plug(node_id, 0, not link.output))
    if wire is not None:
        lay(editor, wire)


def lay(editor: Editor, wire: Wire) -> bool:
    """Lay a wire, in place of what is on its port; False where it cannot be, and why is said."""
    reason = compose.why_not(editor.graph, wire, replacing=True)
    if reason:
        editor.refused.emit(reason)
        return False
    editor.perform(compose.connect(editor.graph, wire.source, wire.output, wire.target, wire.port))
    return True
