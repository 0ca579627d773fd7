"""What makes a node, a wire or the document's settings one that a graph can hold.

Each check gives the reason in plain words, or None where nothing is wrong: edits refuse with
it, files point at the place with it, and the canvas shows it beside a port before the wire is
let go.
"""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Collection
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from typing import Any

from gradviz.graph import values
from gradviz.graph.bookmarks import bookmarks_problem
from gradviz.graph.document import Graph, Node, Settings, Wire
from gradviz.graph.groups import cycle_through
from gradviz.graph.limits import (
    MAX_ID,
    MAX_NAME,
    MAX_NODES,
    MAX_POSITION,
    MAX_TEXT,
    MAX_TITLE,
)
from gradviz.graph.scenery import COLOURS, dots
from gradviz.graph.watched import key_problem, watched_output
from gradviz.ops.rules import names_in
from gradviz.ops.spec import Op
from gradviz.ops.table import OPS

ID = re.compile(rf"[A-Za-z0-9_.-]{{1,{MAX_ID}}}", re.ASCII)

FLOWS = ("right", "down")
"""The ways that wires can run."""

Place = tuple[str | int, ...]
Problem = tuple[Place, str]


def node_problem(node: Node) -> Problem | None:
    """Where in a node something is wrong (its field and what is in it), and what."""
    if node.op not in OPS:
        return ("op",), unknown_op(node.op)
    if not ID.fullmatch(node.id):
        return ("id",), f"an id is up to {MAX_ID} letters, digits, _ . and -"
    if bad := name_problem(node.name):
        return ("name",), bad
    if bad := position_problem(node):
        return bad
    if bad := colour_problem(node.colour):
        return ("colour",), bad
    return attrs_problem(node) or literals_problem(node)


def position_problem(node: Node) -> Problem | None:
    """Why a node's card cannot be where it is."""
    if values.finite_position(node.position, MAX_POSITION):
        return None
    return ("position",), f"a position is two numbers between ±{MAX_POSITION:g}"


def colour_problem(colour: str) -> str | None:
    """Why a node, a frame or a note cannot have this colour."""
    if not colour or colour in COLOURS:
        return None
    return f"{values.shown(colour)} is no colour here; use {', '.join(COLOURS)}"


def unknown_op(name: str) -> str:
    """That there is no such operation, and which one may be meant."""
    near = get_close_matches(name[:MAX_NAME], OPS, n=1)
    hint = f"; did you mean '{near[0]}'?" if near else ""
    return f"there is no operation {values.shown(name)}{hint}"


def name_problem(name: str) -> str | None:
    """Why formulas could not call a node ``name``."""
    if not name.isidentifier() or keyword.iskeyword(name):
        return f"{values.shown(name)} cannot be a name: use letters, digits and _"
    if len(name) > MAX_NAME:
        return f"a name has at most {MAX_NAME} characters"
    plain = unicodedata.normalize("NFKC", name)
    return None if plain == name else f"'{name}' reads as '{plain}' in a formula: call it that"


def attrs_problem(node: Node) -> Problem | None:
    """What is wrong with a node's settings."""
    known = {a.name: a for a in node.spec.attrs}
    for name, value in node.attrs.items():
        if name not in known:
            offered = ", ".join(known) or "none"
            return ("attrs", name), f"'{node.op}' has no such setting; it has {offered}"
        if bad := values.problem(known[name], value):
            return ("attrs", name), bad
    missing = [n for n in known if n not in node.attrs and n not in node.spec.defaults]
    if missing:
        return ("attrs",), f"'{node.op}' needs the setting '{missing[0]}'"
    return None


def literals_problem(node: Node) -> Problem | None:
    """What is wrong with the numbers typed on a node's ports."""
    for port, value in node.literals.items():
        if bad := port_problem(node.name, node.spec, port):
            return ("literals", port), bad
        if is_variadic(node.spec, port):
            return ("literals", port), f"'{node.op}' takes only tensors here, no typed numbers"
        if not values.is_number(value):
            return ("literals", port), f"must be a number, not {values.shown(value)}"
    return None


def is_variadic(op: Op, port: int) -> bool:
    """Whether ``port`` is one of the many that a variadic port stands for."""
    return bool(op.ports) and op.ports[-1].variadic and port >= len(op.ports) - 1


@cache
def many_outputs(op: Op) -> bool:
    """Whether it depends on the input how many outputs there are, as with ``split``.

    Such an operation describes one, and its gradient rule speaks of ``gs``, those of them all.
    """
    rules = [port.grad for port in op.ports if port.grad]
    return len(op.outputs) == 1 and any("gs" in names_in(rule) for rule in rules)


def port_name(op: Op, port: int) -> str:
    """How a message calls a port: its name, with a number where it is one of many."""
    last = len(op.ports) - 1
    name = op.ports[min(port, last)].name
    return f"{name}[{port - last}]" if is_variadic(op, port) else name


def output_name(op: Op, output: int) -> str:
    """How a message calls an output: its name, with a number where it is one of many."""
    listed = not many_outputs(op) and output < len(op.outputs)
    return op.outputs[output] if listed else f"{op.outputs[0]}[{output}]"


def port_problem(name: str, op: Op, port: int) -> str | None:
    """Why the node ``name`` has no input ``port``."""
    if not op.ports:
        return f"'{name}' takes no inputs"
    if port < 0 or (port >= len(op.ports) and not op.ports[-1].variadic):
        return f"'{name}' has no input {port + 1}: {op.name} takes {len(op.ports)}"
    return None


def place_problem(graph: Graph, wire: Wire) -> str | None:
    """Why ``wire`` has no two ends, whatever is on its port now."""
    source, target = graph.node(wire.source), graph.node(wire.target)
    spec, port = target.spec, wire.port
    if bad := port_problem(target.name, spec, port):
        return bad
    if wire.output < 0 or (
        wire.output >= len(source.spec.outputs) and not many_outputs(source.spec)
    ):
        return f"'{source.name}' has no output {wire.output + 1}"
    if port >= len(spec.ports) and port - 1 not in graph.incoming.get(target.id, {}):
        return f"the inputs of '{target.name}' before input {port + 1} must be wired first"
    return None


def taken_problem(graph: Graph, wire: Wire) -> str | None:
    """Why the port of ``wire``, which is there, is not free."""
    target = graph.node(wire.target)
    if wire.port in graph.incoming.get(target.id, {}):
        taken = "has a wire already"
    elif wire.port in target.literals:
        taken = "holds a number"
    else:
        return None
    return f"input '{port_name(target.spec, wire.port)}' of '{target.name}' {taken}"


def unwire_problem(graph: Graph, wire: Wire) -> str | None:
    """Why ``wire`` cannot be taken away: it is not there, has dots, or a gap would open behind."""
    taken = graph.incoming.get(wire.target, {})
    if taken.get(wire.port) != wire:
        return "there is no such wire"
    target = graph.node(wire.target)
    if dots(graph, wire):
        return f"the dots of the wire into '{target.name}' must go first"
    if is_variadic(target.spec, wire.port) and wire.port + 1 in taken:
        return f"the inputs of '{target.name}' after input {wire.port + 1} must go first"
    return None


def cycle_problem(graph: Graph, wire: Wire) -> str | None:
    """Why ``wire`` would close a cycle."""
    if not leads_to(graph, wire.target, wire.source):
        return cycle_through(graph, wire)
    source, target = graph.node(wire.source).name, graph.node(wire.target).name
    if source == target:
        return f"'{source}' cannot read its own result: that is a cycle"
    return (
        f"'{source}' already depends on '{target}': "
        "this wire would close a cycle, and a cycle has no order of evaluation"
    )


def leads_to(graph: Graph, start: str, end: str) -> bool:
    """Whether wires lead from ``start`` to ``end``; as cheap as the smaller side is.

    Both sides are searched by turns, so a new node costs next to nothing in a large graph.
    """
    if start == end:
        return True
    after, before = {start}, {end}
    forward, backward = [start], [end]
    while forward and backward:
        for wire in graph.outgoing.get(forward.pop(), ()):
            if wire.target in before:
                return True
            if wire.target not in after:
                after.add(wire.target)
                forward.append(wire.target)
        for wire in graph.incoming.get(backward.pop(), {}).values():
            if wire.source in after:
                return True
            if wire.source not in before:
                before.add(wire.source)
                backward.append(wire.source)
    return False


def cycle_in(graph: Graph) -> tuple[str, ...]:
    """The names round one cycle of the graph, the first again at the end; () where none is."""
    if len(graph.order()) == len(graph.nodes):
        return ()
    # Loaded only to name a cycle, which is rare: it would hold up every start.
    nx: Any = import_module("networkx")
    wired = nx.DiGraph((w.source, w.target) for w in graph.wires)
    edges: list[tuple[str, str]] = nx.find_cycle(wired)
    names = [graph.node(source).name for source, _ in edges]
    return (*names, names[0])


def replacement_problem(graph: Graph, before: Node, after: Node) -> str | None:
    """Why ``after`` cannot take the place of ``before`` among its wires."""
    if after.id != before.id:
        return "an edit may not change a node's id"
    for port in graph.incoming.get(before.id, {}):
        if bad := port_problem(after.name, after.spec, port):
            return f"{bad}, and one is wired there"
        if port in after.literals:
            name = port_name(after.spec, port)
            return f"input '{name}' of '{after.name}' has a wire, so it can hold no number"
    needed = max((w.output for w in graph.outgoing.get(before.id, ())), default=0)
    if needed >= len(after.spec.outputs) and not many_outputs(after.spec):
        return f"'{after.name}' is read at output {needed + 1}, which '{after.op}' does not have"
    return None


SETTINGS = ("title", "description", "output", "descent", "view", "flow", "watches", "bookmarks")


def settings_problem(
    graph: Graph, settings: Settings, names: Collection[str] = SETTINGS
) -> Problem | None:
    """What is wrong with these fields of the document's settings."""
    for name, limit in (("title", MAX_TITLE), ("description", MAX_TEXT)):
        text: str = getattr(settings, name)
        if name in names and (not values.is_text(text) or len(text) > limit):
            return (name,), f"must be text of at most {limit} characters"
    output = settings.output
    if "output" in names and output is not None and output not in graph.nodes_by_id:
        return ("output",), f"there is no node {values.shown(output)}"
    if "watches" in names and (bad := watches_problem(graph, settings.watches)):
        return bad
    if "bookmarks" in names and (bad := bookmarks_problem(settings.bookmarks)):
        return bad
    for name in ("descent", "view"):
        bad = values.plain_problem(getattr(settings, name)) if name in names else None
        if bad:
            return (name,), bad
    if "flow" in names and settings.flow not in FLOWS:
        return ("flow",), f"{values.shown(settings.flow)} is no way; use {' or '.join(FLOWS)}"
    return None


def watches_problem(graph: Graph, watches: tuple[str, ...]) -> Problem | None:
    """What is wrong with the list of watched nodes."""
    seen = set[str]()
    for place, key in enumerate(watches):
        if bad := key_problem(key):
            return ("watches", place), f"{values.shown(key)}: {bad}"
        if watched_output(key)[0] not in graph.nodes_by_id:
            return ("watches", place), f"there is no node {values.shown(key)}"
        if key in seen:
            return ("watches", place), f"{values.shown(key)} is watched already"
        seen.add(key)
    return None


def room_problem(graph: Graph) -> str | None:
    """Why no node can be added."""
    full = len(graph.nodes_by_id) >= MAX_NODES
    return f"a graph has at most {MAX_NODES:,} nodes" if full else None


def spelled(place: Place) -> str:
    """A place as a message shows it: ``nodes[3].attrs.dim``."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
    return "".join(parts).removeprefix(".")
