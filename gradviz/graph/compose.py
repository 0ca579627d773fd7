"""What people do to a graph, as batches of edits.

Each function looks at the graph, changes nothing, and gives a :class:`Batch` to apply (or, one
at a time, several: each is made for the graph as it is). What cannot be done is refused
with :class:`GraphError`, here or when the batch is applied, and then nothing has changed.
Pieces of a graph (duplicates, copies) are in :mod:`gradviz.graph.pieces`, nodes put on wires in
:mod:`gradviz.graph.splicing`, groups in :mod:`gradviz.graph.grouping`, frames, notes and colours
in :mod:`gradviz.graph.decorating`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from gradviz.graph.belonging import boxes_of
from gradviz.graph.checks import cycle_problem, is_variadic, place_problem, unknown_op
from gradviz.graph.decorating import delete_boxes, unled
from gradviz.graph.document import Edit, Graph, GraphError, Node, Settings, Wire, same_value
from gradviz.graph.edits import (
    AddNode,
    AddWire,
    Batch,
    RemoveNode,
    RemoveWire,
    ReplaceNode,
    SetSettings,
    refusal,
)
from gradviz.graph.elements import type_for
from gradviz.graph.grouping import regrouped, without_nodes
from gradviz.graph.guards import is_array
from gradviz.graph.values import canonical, is_number, problem
from gradviz.graph.watched import watched_output
from gradviz.ops.dtypes import get_default_dtype
from gradviz.ops.spec import Op
from gradviz.ops.table import OPS

SLIDER = {"low": -5.0, "high": 5.0, "step": 0.01}
"""The range that the slider of a new number has."""


# wires ---------------------------------------------------------------------------------


def connect(graph: Graph, source: str, output: int, target: str, port: int) -> Batch:
    """Wire an output to a port; a wire or number that is on the port already gives way.

    On a variadic port a ``port`` beyond the next free one means the next free one.
    """
    node = graph.node(target)
    wires = graph.inputs(target)
    if is_variadic(node.spec, port):
        port = min(port, max(len(node.spec.ports) - 1, max(wires, default=-1) + 1))
    wire = Wire(source, target, port, output)
    if wires.get(port) == wire:
        return Batch((), "Connect")
    edits: list[Edit] = []
    if port in node.literals:
        edits.append(ReplaceNode(node, node.changed(literals=without(node.literals, port))))
    kept = [w for p, w in wires.items() if p != port]
    return Batch((*edits, *rewire(graph, target, [*kept, wire])), "Connect")


def disconnect(graph: Graph, wire: Wire) -> Batch:
    """Take a wire away; on a variadic port those after it move up."""
    return Batch(tuple(rewire(graph, wire.target, other_wires(graph, wire))), "Disconnect")


def other_wires(graph: Graph, wire: Wire) -> list[Wire]:
    """The wires into the node that a wire ends at, but for that; GraphError if there is none."""
    wires = graph.inputs(wire.target)
    if wires.get(wire.port) != wire:
        raise GraphError("there is no such wire")
    return [w for w in wires.values() if w != wire]


def why_not(graph: Graph, wire: Wire, *, replacing: bool = False) -> str | None:
    """Why ``wire`` cannot be added (a cycle, a taken or missing port), or None where it can.

    With ``replacing`` it may take the place of what is on its port, as :func:`connect` does.
    """
    try:
        if not replacing:
            return refusal(graph, wire)
        if graph.inputs(wire.target).get(wire.port) == wire:
            return f"'{graph.node(wire.source).name}' is connected here already"
        return place_problem(graph, wire) or cycle_problem(graph, wire)
    except GraphError as unknown:
        return str(unknown)


def swap_inputs(graph: Graph, node_id: str, first: int = 0, second: int = 1) -> Batch:
    """Exchange what two ports of a node have, wires and typed numbers alike."""
    node = graph.node(node_id)
    other = {first: second, second: first}
    literals = {other.get(p, p): v for p, v in node.literals.items()}
    wires = [replace(w, port=other.get(w.port, w.port)) for w in graph.inputs(node_id).values()]
    wired = {w.port for w in wires}
    bare = node.changed(literals={p: v for p, v in node.literals.items() if p not in other})
    swapped = node.changed(literals={p: v for p, v in literals.items() if p not in wired})
    edits = rewire(graph, node_id, wires)
    return Batch((ReplaceNode(node, bare), *edits, ReplaceNode(bare, swapped)), "Swap inputs")


def rewire(graph: Graph, target: str, wanted: Iterable[Wire]) -> list[Edit]:
    """The edits after which ``wanted`` are the wires into ``target``.

    Gaps among the wires of a variadic port are closed, in the order of their ports.
    """
    spec = graph.node(target).spec
    after = closed_up(spec, wanted)
    before = list(graph.inputs(target).values())
    kept = set(before) & set(after)
    differing = [w.port for w in (*before, *after) if w not in kept and is_variadic(spec, w.port)]
    if differing:
        # A variadic port is filled from its start, so all after the first difference move.
        kept = {w for w in kept if w.port < min(differing)}
    gone = [w for w in reversed(before) if w not in kept]
    new = [w for w in after if w not in kept]
    free, led = unled(graph, gone, new)
    removed = (RemoveWire(w) for w in gone)
    return [*free.edits, *removed, *(AddWire(w) for w in new), *led.edits]


def closed_up(spec: Op, wires: Iterable[Wire]) -> list[Wire]:
    """Wires into one node by port, those of its variadic port without gaps."""
    ordered = sorted(wires, key=lambda w: w.port)
    fixed = [w for w in ordered if not is_variadic(spec, w.port)]
    many = [w for w in ordered if is_variadic(spec, w.port)]
    start = len(spec.ports) - 1
    return fixed + [replace(w, port=start + i) for i, w in enumerate(many)]


def without(literals: Mapping[int, Any], port: int) -> dict[int, Any]:
    """Typed numbers but for that of one port."""
    return {p: v for p, v in literals.items() if p != port}


# nodes ---------------------------------------------------------------------------------


def add(
    graph: Graph,
    op: str,
    position: tuple[float, float] = (0.0, 0.0),
    *,
    name: str = "",
    attrs: Mapping[str, Any] | None = None,
    literals: Mapping[int, float | int | bool] | None = None,
) -> Batch:
    """Add a node with a fresh id and a free name.

    Settings that must be given and are not take those of the operation's first example; a new
    leaf is a number 1 that requires a gradient and has a slider. The id is that of
    ``graph.apply(batch).added[0]``.
    """
    node = new_node(graph, op, position, name, attrs or {}, literals or {})
    return Batch((AddNode(node),), f"Add {op}")


def new_node(
    graph: Graph,
    op: str,
    position: tuple[float, float],
    name: str,
    attrs: Mapping[str, Any],
    literals: Mapping[int, float | int | bool],
) -> Node:
    """The node that :func:`add` adds."""
    if op not in OPS:
        raise GraphError(unknown_op(op))
    settings = {**starting_attrs(OPS[op]), **attrs} if not attrs or op != "tensor" else dict(attrs)
    wish = name or ("x" if op == "tensor" else OPS[op].base_name)
    return Node(graph.new_id(), op, graph.free_name(wish), settings, literals, position)


def starting_attrs(spec: Op) -> dict[str, Any]:
    """The settings a new node begins with, beside the defaults."""
    if spec.name == "tensor":
        one = np.array(1.0, get_default_dtype().numpy)
        return {"data": one, "requires_grad": True, **SLIDER}
    shown: Mapping[str, Any] = spec.examples[0].attrs if spec.examples else {}
    needed = [a for a in spec.attrs if a.name not in spec.defaults and a.name in shown]
    # An example's dimension 1 is its last one, and -1 is that of any other tensor too.
    return {a.name: -1 if a.kind == "dim" and shown[a.name] == 1 else shown[a.name] for a in needed}


def delete(graph: Graph, ids: Collection[str], boxes: Collection[str] = ()) -> Batch:
    """Delete nodes and all wires on them; what read from them has a free port then.

    Groups with nothing left in them go, and the frames and notes of these. ``boxes``: ids of
    others to delete too.
    """
    return removal(graph, ids, {}, boxes)


def delete_and_reconnect(graph: Graph, ids: Collection[str], boxes: Collection[str] = ()) -> Batch:
    """Delete nodes, and let what read them read their first wired input instead."""
    gone = set(ids)
    return removal(graph, ids, {i: stand_in(graph, i, gone) for i in gone}, boxes)


def stand_in(graph: Graph, node_id: str, gone: set[str]) -> Wire | None:
    """The wire that reaches a node's first input from a node that stays."""
    wire: Wire | None = None
    while node_id in gone:
        wires = graph.inputs(node_id)
        if not wires:
            return None
        wire = wires[min(wires)]
        node_id = wire.source
    return wire


def removal(
    graph: Graph,
    ids: Collection[str],
    instead: Mapping[str, Wire | None],
    boxes: Collection[str],
) -> Batch:
    """Delete ``ids``; what read the first output of one reads what ``instead`` says."""
    gone = dict.fromkeys(ids)
    readers = {w.target: None for i in gone for w in graph.outputs(i) if w.target not in gone}
    edits: list[Edit] = []
    for reader in readers:
        wires = (redirected(w, gone, instead) for w in graph.inputs(reader).values())
        edits += rewire(graph, reader, [w for w in wires if w is not None])
    for node_id in gone:
        edits += rewire(graph, node_id, ())
    if graph.settings.output in gone:
        stays = instead.get(graph.settings.output or "")
        edits += set_output(graph, stays.source if stays else None).edits
    groups = without_nodes(graph.groups_by_id, gone)
    lost = [box.id for box in boxes_of(graph, graph.groups_by_id.keys() - groups.keys())]
    astray = delete_boxes(graph, (*boxes, *lost))
    edits += astray.edits
    edits += regrouped(graph, groups, "", gone={*boxes, *lost}).edits
    edits += [RemoveNode(graph.node(i)) for i in gone]
    return Batch(tuple(edits), f"Delete {counted(gone)}" if gone else astray.label)


def redirected(
    wire: Wire, gone: Collection[str], instead: Mapping[str, Wire | None]
) -> Wire | None:
    """A wire as it is once its source is gone."""
    if wire.source not in gone:
        return wire
    other = instead.get(wire.source)
    if other is None or wire.output:
        return None
    return replace(wire, source=other.source, output=other.output)


def set_attr(graph: Graph, node_id: str, name: str, value: Any) -> Batch:
    """Set a setting of a node; one that is the operation's default is not kept."""
    node = graph.node(node_id)
    attr = next((a for a in node.spec.attrs if a.name == name), None)
    if attr is None:
        raise GraphError(f"'{node.op}' has no setting '{name}'")
    value = canonical(attr, value)
    if bad := problem(attr, value):
        raise GraphError(f"{name} of '{node.name}' {bad}")
    attrs = {**node.attrs, name: value}
    if name in node.spec.defaults and same_value(value, node.spec.defaults[name]):
        del attrs[name]
    return replaced(node, f"Change {name}", attrs=attrs)


def set_literal(graph: Graph, node_id: str, port: int, value: float | int | bool | None) -> Batch:
    """Type a number on a port that has no wire; None takes it away."""
    node = graph.node(node_id)
    literals = without(node.literals, port)
    return replaced(
        node, "Change a number", literals=literals if value is None else {**literals, port: value}
    )


def set_value(graph: Graph, node_id: str, value: Any) -> Batch:
    """Give a leaf new data: an array as it is, a number in the type the leaf has.

    GraphError where that type cannot hold the number.
    """
    node = graph.node(node_id)
    if not any(a.name == "data" for a in node.spec.attrs):
        raise GraphError(f"'{node.name}' is computed by {node.op}: only a leaf's value can be set")
    held = node.setting("data")
    if is_number(value) and is_array(held):
        value = np.asarray(value).astype(type_for(node, value))
    return set_attr(graph, node_id, "data", value)


def set_element(graph: Graph, node_id: str, place: tuple[int, ...], number: float) -> Batch:
    """Give one element of a leaf another number; GraphError where its type cannot hold that."""
    node = graph.node(node_id)
    array = np.array(node.setting("data"), type_for(node, number))
    array[place] = number
    return set_attr(graph, node_id, "data", array)


def rename(graph: Graph, node_id: str, name: str) -> Batch:
    """Call a node ``name``; refused when applied if it is no identifier or is taken."""
    return replaced(graph.node(node_id), "Rename", name=name)


def move(graph: Graph, positions: Mapping[str, tuple[float, float]]) -> Batch:
    """Put cards in other places, by id."""
    pairs = ((node := graph.node(i), node.moved(at)) for i, at in positions.items())
    moves = (ReplaceNode(node, after) for node, after in pairs if after.position != node.position)
    return Batch(tuple(moves), f"Move {counted(positions)}")


def replaced(node: Node, label: str, **changes: Any) -> Batch:
    """A node with some fields replaced; an empty batch where that makes no difference."""
    after = node.changed(**changes)
    return Batch((ReplaceNode(node, after),) if after != node else (), label)


def counted(ids: Collection[Any]) -> str:
    """``3 nodes``, for the undo list."""
    return "a node" if len(ids) == 1 else f"{len(ids)} nodes"


# the document --------------------------------------------------------------------------


def set_title(graph: Graph, title: str) -> Batch:
    """Give the document a title."""
    return settings_changed(graph, "Change the title", title=title)


def set_description(graph: Graph, description: str) -> Batch:
    """Say what to look at in the document."""
    return settings_changed(graph, "Change the description", description=description)


def set_output(graph: Graph, node_id: str | None) -> Batch:
    """Choose the node that Backward starts from; None for the last that nothing reads."""
    if node_id is not None:
        graph.node(node_id)
    return settings_changed(graph, "Choose the output", output=node_id)


def set_descent(graph: Graph, descent: Mapping[str, Any]) -> Batch:
    """Keep the state of the Descend workspace, as plain data."""
    return settings_changed(graph, "Change the descent", descent=descent)


def set_view(graph: Graph, view: Mapping[str, Any]) -> Batch:
    """Keep where the canvas looks, as plain data."""
    return settings_changed(graph, "Move the view", view=view)


def set_flow(graph: Graph, flow: str) -> Batch:
    """Choose the way that wires run: ``right`` or ``down``."""
    return settings_changed(graph, f"Run wires {flow}", flow=flow)


def watch(graph: Graph, ids: Iterable[str], watched: bool = True) -> Batch:
    """Follow the values of nodes, which are listed after those watched before; or no longer.

    ``ids``: of nodes, for their first outputs; for others see :mod:`gradviz.graph.watched`.
    """
    before, chosen = graph.watches, dict.fromkeys(ids)
    for key in chosen:
        graph.node(watched_output(key)[0])
    after = dict.fromkeys((*before, *chosen)) if watched else (i for i in before if i not in chosen)
    label = f"{'Watch' if watched else 'Stop watching'} {counted(chosen)}"
    return settings_changed(graph, label, watches=tuple(after))


def settings_changed(graph: Graph, label: str, **changes: Any) -> Batch:
    """The document's settings with some fields replaced."""
    before: Settings = graph.settings
    after = replace(before, **changes)
    return Batch((SetSettings(before, after),) if after != before else (), label)
