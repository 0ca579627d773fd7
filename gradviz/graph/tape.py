"""From the tape to a document: the operations behind a tensor, as nodes that can be opened.

The tape knows its leaves and, of inputs that no gradient goes to, numbers for good and tensors
while they are still about; what it has let go of is said, never made up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from gradviz.autograd.record import AccumulateGrad, Record
from gradviz.autograd.steps import Key
from gradviz.autograd.steps import Node as TapeNode
from gradviz.graph.checks import is_variadic, port_name
from gradviz.graph.document import Graph, GraphError, Node, Wire, free_name, same_value
from gradviz.graph.edits import AddNode, SetSettings, link
from gradviz.graph.guards import unboxed
from gradviz.ops.table import OPS
from gradviz.tensor.tensor import Tensor

Place = Callable[[Iterable[Node], Mapping[str, Node], Iterable[Wire]], Mapping[str, Any]]
"""Finds where new cards go, beside the old ones, from the wires."""

GONE = (
    "the tape no longer holds the tensor on '{port}' of {op}, which needed no gradient: open the "
    "graph before backward(), or keep that tensor in a variable"
)
OVERWRITTEN = (
    "the tensor on '{port}' of {op} was overwritten after {op} had read it, so the tape no longer "
    "knows what it was; write into a copy instead"
)
NO_NODE = "{op} has no node in a document: it writes into part of another tensor"

LEFT_OUT = (
    "{op} has no input on '{port}' and others after it, which a document cannot hold; "
    "index the first dimensions only, or use index_select"
)


class TapeError(ValueError):
    """A tape that cannot be opened as a document: which operation, and what would be right."""


@dataclass
class Draft:
    """The nodes and wires found so far; ``keys`` gives each part of the tape its node's id."""

    graph: Graph = field(default_factory=Graph)
    names: set[str] = field(default_factory=set[str])
    nodes: list[Node] = field(default_factory=list[Node])
    wires: list[Wire] = field(default_factory=list[Wire])
    keys: dict[int, str] = field(default_factory=dict[int, str])

    def add(self, op: str, name: str, attrs: Any, literals: Any) -> str:
        """A node; its id."""
        name = free_name(name, self.names)
        self.names.add(name)
        node = Node(self.graph.new_id(), op, name, attrs, literals)
        self.nodes.append(node)
        return node.id

    def leaf(self, tensor: Tensor) -> str:
        """The node of a leaf or a constant, as it is now; the same one for the same tensor."""
        found = self.keys.get(id(tensor))
        if found is None:
            grad = {"requires_grad": True} if tensor.requires_grad else {}
            name = "parameter1" if grad else "constant1"
            found = self.add("tensor", name, {"data": tensor.array, **grad}, {})
            self.keys[id(tensor)] = found
        return found


def graph_of(tensor: Tensor, place: Place | None = None) -> Graph:
    """The document of all that ``tensor`` was computed from, with its node as the output.

    Leaves and constants have the values they have now. Nodes are called after their operations,
    for a tape knows no variables. ``place`` lays the cards out; without it all lie at one point.
    :class:`TapeError` says what the tape has not kept.
    """
    return graph_and_leaves(tensor, place)[0]


def graph_and_leaves(tensor: Tensor, place: Place | None = None) -> tuple[Graph, Mapping[int, str]]:
    """:func:`graph_of`, and for the ``id()`` of each leaf and record its node's id."""
    draft = draft_of(records_behind(tensor))
    output = output_node(draft, tensor)
    return finished(draft, output, place), draft.keys


def draft_of(records: Iterable[Record]) -> Draft:
    """The nodes of these records, and of the leaves and constants that they read."""
    draft = Draft()
    held = [(record, held_tensors(record)) for record in records]
    for record, tensors in held:
        draft.keys[id(record)] = add_record(draft, record, tensors)
    return draft


def records_behind(*tensors: Tensor) -> list[Record]:
    """Every record that tensors came from, in the order they were made."""
    found: dict[int, Record] = {}
    stack: list[TapeNode | None] = [tensor.tape_node() for tensor in tensors]
    while stack:
        node = stack.pop()
        if not isinstance(node, Record) or id(node) in found:
            continue
        found[id(node)] = node
        stack += [parent[0] for parent in node.parents if parent is not None]
        stack += [held.tape_node() for held in held_tensors(node).values()]
    return sorted(found.values(), key=lambda record: record.sequence)


def held_tensors(record: Record) -> dict[int, Tensor]:
    """The inputs, by position, that no gradient goes to; TapeError where one is lost."""
    found: dict[int, Tensor] = {}
    for position, value, version in record.constants:
        tensor: object = value() if callable(value) else value
        if not isinstance(tensor, Tensor):
            raise TapeError(said(GONE, record, position))
        if tensor.memory_version() != version:
            raise TapeError(said(OVERWRITTEN, record, position))
        found[position] = tensor
    return found


def said(message: str, record: Record, position: int) -> str:
    """A message with its operation and port."""
    return message.format(op=record.op.base_name, port=port_name(record.op, position))


def add_record(draft: Draft, record: Record, tensors: Mapping[int, Tensor]) -> str:
    """The node of a record and the wires into it; its id."""
    op = record.op
    if OPS.get(op.name) is not op:
        raise TapeError(said(NO_NODE, record, 0))
    if gap := left_out(record):
        raise TapeError(said(LEFT_OUT, record, gap))
    sources = {i: parent for i, parent in enumerate(record.parents) if parent is not None}
    sources |= {i: tensor.tape_key() for i, tensor in tensors.items()}
    known = {a.name for a in op.attrs}
    attrs = {
        name: value
        for name, value in record.attrs.items()
        if name in known
        and not (name in op.defaults and same_value(unboxed(value), op.defaults[name]))
    }
    literals = {i: unboxed(value) for i, value in record.numbers if value is not None}
    wires = [(position, *source_of(draft, key)) for position, key in sorted(sources.items())]
    node_id = draft.add(op.name, f"{op.base_name}1", attrs, literals)
    draft.wires += [Wire(source, node_id, position, out) for position, source, out in wires]
    return node_id


def left_out(record: Record) -> int | None:
    """The first of a variadic port's members that is absent, as in ``x[:, rows]``."""
    absent = (i for i, value in record.numbers if value is None)
    return next((i for i in absent if is_variadic(record.op, i)), None)


def source_of(draft: Draft, key: Key) -> tuple[str, int]:
    """The node and output that a place on the tape is."""
    node, output = key
    if isinstance(node, AccumulateGrad):
        return draft.leaf(node.leaf), 0
    return draft.keys[id(node)], output


def output_node(draft: Draft, tensor: Tensor) -> str:
    """The node whose first output ``tensor`` is; a copy where it is one of several others."""
    source, output = source_of(draft, tensor.tape_key())
    if not output:
        return source
    copy = draft.add("clone", "clone1", {}, {})
    draft.wires.append(Wire(source, copy, 0, output))
    return copy


def finished(draft: Draft, output: str, place: Place | None) -> Graph:
    """The document of a draft."""
    spots: Mapping[str, Any] = {} if place is None else place(draft.nodes, {}, draft.wires)
    graph = draft.graph
    try:
        for node in draft.nodes:
            graph.apply(AddNode(node.changed(position=spots.get(node.id, node.position))))
    except GraphError as problem:
        raise TapeError(f"this tape cannot be a document: {problem}") from None
    for wire in draft.wires:
        link(graph, wire)
    graph.apply(SetSettings(graph.settings, replace(graph.settings, output=output)))
    return graph
