"""A formula or program put into a graph as nodes of its own, beside what is there."""

from __future__ import annotations

from dataclasses import replace

from gradviz.graph.compose import counted
from gradviz.graph.document import Graph, id_key
from gradviz.graph.edits import AddWire, Batch
from gradviz.graph.pieces import added
from gradviz.program.errors import FormulaError
from gradviz.program.expressions import sketched
from gradviz.program.sketch import Sketch
from gradviz.program.update import drawn


def insertion(graph: Graph, text: str, position: tuple[float, float]) -> Batch:
    """The edit that adds what ``text`` says, its top left corner at ``position``.

    A name that the text only reads means the graph's node of that name, where there is one;
    names that it gives and that are taken get another number. FormulaError says what is wrong
    with a text, and where.
    """
    piece, sketch = Graph(), sketched(text)
    piece.apply(drawn(piece, text, sketch))
    known = meant(graph, piece, sketch)
    nodes = [node for node in piece.nodes.values() if node.id not in known]
    if not nodes:
        names = ", ".join(f"'{node.name}'" for node in piece.nodes.values())
        raise FormulaError(f"it names {names or 'nothing'}, and adds nothing to that")
    left, top = (min(node.position[axis] for node in nodes) for axis in (0, 1))
    edits, fresh = added(graph, nodes, (), (position[0] - left, position[1] - top))
    for wire in sorted(piece.wires, key=lambda w: (id_key(w.target), w.port)):
        source = known.get(wire.source) or fresh[wire.source]
        edits.append(AddWire(replace(wire, source=source, target=fresh[wire.target])))
    return Batch(tuple(edits), f"Paste {counted(nodes)}")


def meant(graph: Graph, piece: Graph, sketch: Sketch) -> dict[str, str]:
    """The nodes of ``piece`` that stand for nodes of the graph, and those nodes' ids."""
    found: dict[str, str] = {}
    for draft in sketch.drafts:
        there = graph.named(draft.name) if draft.free and draft.name is not None else None
        stand_in = None if there is None else piece.named(there.name)
        if there is not None and stand_in is not None:
            found[stand_in.id] = there.id
    return found
