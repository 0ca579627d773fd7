"""Adding what the search, or the library, offers: a node, and the wire it was asked for."""

from typing import Any

import numpy as np
from PySide6.QtCore import QPointF

from gradviz.graph import AddNode, GraphError, Wire, compose
from gradviz.ops.dtypes import get_default_dtype

from ..editor import Editor
from .connecting import Plug, wire_between
from .metrics import PORT_TOP, WIDTH
from .search import Choice

Position = tuple[float, float]


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
    name = "c" if choice.op == "tensor" and not choice.parameter else ""
    try:
        batch = compose.add(
            editor.graph, choice.op, corner(place, link), name=name, attrs=settings_of(choice)
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


def corner(place: QPointF, link: Plug | None) -> Position:
    """Where the new card's corner goes, so that the wire let go arrives where it was let go."""
    if link is None:
        return round(place.x()), round(place.y())
    left = place.x() if link.output else place.x() - WIDTH
    return round(left), round(place.y() - PORT_TOP - 11)


def wire_up(editor: Editor, node_id: str, link: Plug) -> None:
    """Wire a new node's first port to the one that was let go."""
    wire = wire_between(link, Plug(node_id, 0, not link.output))
    if wire is not None and can_take(editor, wire):
        edit = compose.connect(editor.graph, wire.source, wire.output, wire.target, wire.port)
        editor.perform(edit)


def can_take(editor: Editor, wire: Wire) -> bool:
    """Whether that wire can be there; where it cannot, the reason is said."""
    reason = compose.why_not(editor.graph, wire, replacing=True)
    if reason:
        editor.refused.emit(reason)
    return reason is None
