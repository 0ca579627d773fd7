"""From a text to the smallest edit that makes a graph say the same.

What stays keeps its id, place and values, so one undo takes back what was typed and nothing
else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import count
from typing import Any

import numpy as np

from gradviz.graph.checks import node_problem
from gradviz.graph.decorating import unled
from gradviz.graph.document import Edit, Graph, Node, Wire
from gradviz.graph.edits import (
    AddNode,
    AddWire,
    Batch,
    RemoveNode,
    RemoveWire,
    ReplaceNode,
    SetSettings,
)
from gradviz.graph.grouping import regrouped, without_nodes
from gradviz.ops.spec import Array, Op
from gradviz.ops.table import OPS
from gradviz.program.expressions import sketched
from gradviz.program.match import matched
from gradviz.program.placing import positions
from gradviz.program.sketch import LEAF, Draft, Sketch, effective_literals, is_generated
from gradviz.program.syntax import Text


def parse(text: str, graph: Graph | None = None) -> Batch:
    """The edit that makes ``graph`` (a new one, if none is given) what ``text`` says.

    FormulaError says what is wrong with a text, and where.
    """
    return update(Graph() if graph is None else graph, text)


def graph_from_source(text: str) -> Graph:
    """A new graph of what ``text``, a formula or a PyTorch program, says."""
    graph = Graph()
    graph.apply(parse(text))
    return graph


def update(graph: Graph, text: str) -> Batch:
    """The smallest edit that makes ``graph`` say what ``text`` says; not yet applied.

    Empty where it does so already. Leaves that nothing has ever read stay: a text does not
    show them.
    """
    return drawn(graph, text, sketched(text, graph))


def drawn(graph: Graph, text: str, sketch: Sketch) -> Batch:
    """:func:`update` for what a text asks for, which is known already."""
    node_of = matched(graph, sketch)
    ids = [node_of[i] if i in node_of else graph.new_id() for i in range(len(sketch.drafts))]
    nodes = finished(graph, sketch, node_of, ids)
    check(text, sketch, nodes)
    wires = {
        Wire(ids[ref.draft], ids[i], port, ref.output)
        for i, draft in enumerate(sketch.drafts)
        for port, ref in draft.inputs.items()
    }
    kept = set(ids)
    gone = [n for n in graph.nodes.values() if n.id not in kept and not shown_nowhere(graph, n)]
    nodes = placed(graph, nodes, gone, wires)
    return Batch(tuple(edits(graph, sketch, ids, nodes, wires, gone)), "Change formula")


def shown_nowhere(graph: Graph, node: Node) -> bool:
    """Whether a formula of the graph leaves this node out altogether."""
    return node.op == LEAF and not graph.outputs(node.id)


def check(text: str, sketch: Sketch, nodes: list[Node]) -> None:
    """Refuse what the graph would refuse, at its place in the text."""
    for draft, node in zip(sketch.drafts, nodes, strict=True):
        bad = node_problem(node)
        if bad:
            raise Text(text).error(bad[1], draft.at)


# nodes ---------------------------------------------------------------------------------


def finished(
    graph: Graph, sketch: Sketch, node_of: Mapping[int, str], ids: list[str]
) -> list[Node]:
    """Each draft as the node it will be, those that are new at the origin."""
    names = Names({d.name for d in sketch.drafts if d.name is not None} | set(graph.ids_by_name))
    result: list[Node] = []
    for place, draft in enumerate(sketch.drafts):
        before = graph.node(node_of[place]) if place in node_of else None
        name = draft.name or names.made_up(OPS[draft.op], before)
        if before is None:
            result.append(Node(ids[place], draft.op, name, draft.attrs, draft.literals))
        else:
            result.append(changed(draft, before, name))
    return result


class Names:
    """The names that are taken, and readable new ones for nodes that a text gives none."""

    def __init__(self, taken: set[str]) -> None:
        self.taken = taken
        self.numbers: dict[str, Iterator[int]] = {}

    def made_up(self, op: Op, before: Node | None) -> str:
        """A name for a node: the one it has, if that was made so too, or ``mul1``, ``mul2`` …"""
        if before is not None and is_generated(before.name, op):
            return before.name
        base = op.base_name
        tried = (f"{base}{n}" for n in self.numbers.setdefault(base, count(1)))
        name = next(n for n in tried if n not in self.taken)
        self.taken.add(name)
        return name


def changed(draft: Draft, before: Node, name: str) -> Node:
    """A node of the graph as a draft has it; the node itself where nothing differs."""
    if draft.op == LEAF == before.op:
        attrs = before.attrs if draft.free else leaf_attrs(draft, before)
        after = before.changed(name=name, attrs=attrs)
    else:
        op, wired = OPS[draft.op], set(draft.inputs)
        same = effective_literals(op, before.literals, wired) == effective_literals(
            op, draft.literals, wired
        )
        literals = before.literals if same and before.op == draft.op else draft.literals
        after = before.changed(op=draft.op, name=name, attrs=draft.attrs, literals=literals)
    return before if after == before else after


def leaf_attrs(draft: Draft, before: Node) -> Mapping[str, Any]:
    """A leaf's settings where a text gives its elements: those it does not speak of stay."""
    attrs = {n: v for n, v in draft.attrs.items() if n not in draft.kept}
    attrs |= {n: before.attrs[n] for n in draft.kept if n in before.attrs and n != "dtype"}
    if draft.exact is not None:
        attrs["data"] = in_type_of(draft, before.setting("data"))
        if np.asarray(attrs["data"]).dtype.kind != "f":
            attrs.pop("requires_grad", None)
    return attrs


def in_type_of(draft: Draft, before: Any) -> Any:
    """New elements in the type of the old ones, where that can hold them."""
    data = draft.attrs["data"]
    array: Array = np.asarray(draft.exact)
    kind = np.asarray(before).dtype
    whole = bool(np.all(array == np.trunc(array)))
    if array.dtype.kind == "b" or kind.kind == "b" or (kind.kind in "iu" and not whole):
        return data
    cast: Array = array.astype(kind)
    return cast if isinstance(before, np.ndarray) or cast.ndim else cast.item()


def placed(graph: Graph, nodes: list[Node], gone: list[Node], wires: Iterable[Wire]) -> list[Node]:
    """The nodes, those that are new with a place for their cards."""
    leaving = {n.id for n in gone}
    old = {n.id: n for n in graph.nodes.values() if n.id not in leaving}
    new = [n for n in nodes if n.id not in old]
    spots = positions(new, old, sorted(wires), graph.settings.flow)
    return [n.changed(position=spots[n.id]) if n.id in spots else n for n in nodes]


# edits ---------------------------------------------------------------------------------


def edits(
    graph: Graph,
    sketch: Sketch,
    ids: list[str],
    nodes: list[Node],
    wires: set[Wire],
    gone: list[Node],
) -> Iterable[Edit]:
    """The edits, in an order in which each is allowed, and so is the reverse of each."""
    cut, laid = rewired(graph, nodes, wires)
    free, led = unled(graph, cut, laid)
    yield from free.edits
    yield from (RemoveWire(w) for w in cut)
    for node in nodes:
        before = graph.nodes.get(node.id)
        if before is not None and before is not node:
            yield ReplaceNode(before, node)
    yield from (AddNode(node) for node in nodes if node.id not in graph.nodes)
    yield from (AddWire(w) for w in laid)
    yield from led.edits
    output = output_after(graph, sketch, ids, {n.id for n in gone})
    if output != graph.settings.output:
        yield SetSettings(graph.settings, replace(graph.settings, output=output))
    left = without_nodes(graph.groups_by_id, {n.id for n in gone})
    yield from regrouped(graph, left, "").edits
    yield from (RemoveNode(node) for node in gone)


def rewired(graph: Graph, nodes: list[Node], wires: set[Wire]) -> tuple[list[Wire], list[Wire]]:
    """Wires to cut, the last inputs first, and wires to lay, the first inputs first.

    Inputs of a variadic port have no gaps, before the edit, after it, or on the way back: where
    one changes, those after it are cut and laid again.
    """
    before = set(graph.wires)
    all_nodes = (*graph.nodes.values(), *nodes)
    listing = {n.id for n in all_nodes if n.spec.ports and n.spec.ports[-1].variadic}
    first: dict[str, int] = {}
    for wire in before ^ wires:
        first[wire.target] = min(wire.port, first.get(wire.target, wire.port))
    again = {
        w for w in before & wires if w.target in listing and w.port > first.get(w.target, w.port)
    }
    cut, laid = before - wires | again, wires - before | again
    return (
        sorted(cut, key=lambda w: (w.target, -w.port)),
        sorted(laid, key=lambda w: (w.target, w.port)),
    )


def output_after(graph: Graph, sketch: Sketch, ids: list[str], gone: set[str]) -> str | None:
    """The document's output: as it was, or the last line's where there was none or it is gone."""
    before = graph.settings.output
    wanted = ids[sketch.output] if sketch.output is not None else None
    if sketch.explicit:
        return wanted
    if before is not None and before in graph.nodes and before not in gone:
        return before
    return None if before is None and wanted == graph.output() else wanted
