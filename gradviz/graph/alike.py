"""Groups of the same structure: the same operations, wired among themselves the same way.

Values of leaves, names and places do not count, nor what is outside. Structures are told apart by
refining colours (Weisfeiler and Leman 1968): a node's colour becomes that of all it is wired to,
over and over, until no more are told apart. Two structures with the same colours that are still
different are known to mathematics, but are no graph that somebody would draw.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from gradviz.graph.document import Graph, Node
from gradviz.graph.groups import all_members, members_of
from gradviz.graph.guards import is_array
from gradviz.ops.creation import ORIGIN, SLIDER

Structure = tuple[tuple[int, int], ...]
"""How often each colour is there."""

NOT_STRUCTURE = frozenset(("data", "seed", *SLIDER, *ORIGIN))
"""Settings of leaves that say what a value is, and not what is done with it."""


def structure(graph: Graph, group_id: str) -> Structure:
    """What is the same for groups of the same structure, and for no others."""
    members = members_of(graph, group_id)
    colours = {i: hash(kind(graph.nodes_by_id[i])) for i in members}
    told = len(set(colours.values()))
    for _ in range(len(members)):
        colours = refined(graph, members, colours)
        now = len(set(colours.values()))
        if now == told:
            break
        told = now
    return tuple(sorted(Counter(colours.values()).items()))


def kind(node: Node) -> tuple[Any, ...]:
    """What a node is by itself."""
    left_out = frozenset[str]() if node.spec.ports else NOT_STRUCTURE
    settings = tuple(
        (name, described(value))
        for name, value in sorted(node.attrs.items())
        if name not in left_out
    )
    data = node.attrs.get("data")
    form = (data.dtype.str, data.shape) if is_array(data) else ()
    return node.op, settings, form, tuple(node.literals.items())


def described(value: object) -> object:
    """A setting as something that can be compared."""
    return (value.dtype.str, value.shape, value.tobytes()) if is_array(value) else repr(value)


def refined(graph: Graph, members: frozenset[str], colours: dict[str, int]) -> dict[str, int]:
    """Colours that tell of the neighbours' too."""
    found: dict[str, int] = {}
    for node_id, colour in colours.items():
        read = tuple(
            (w.port, w.output, colours.get(w.source, 0)) for w in graph.inputs(node_id).values()
        )
        read_by = sorted(
            (w.port, w.output, colours[w.target])
            for w in graph.outputs(node_id)
            if w.target in members
        )
        found[node_id] = hash((colour, read, tuple(read_by)))
    return found


def alike(graph: Graph, group_id: str, known: dict[str, Structure] | None = None) -> list[str]:
    """The other groups of the same structure; ``known`` keeps what was found for the next time."""
    kept: dict[str, Structure] = {} if known is None else known
    members = all_members(graph)
    own = members[group_id]

    def of(each: str) -> Structure:
        if each not in kept:
            kept[each] = structure(graph, each)
        return kept[each]

    # One that holds just the same nodes is around it, and no other.
    same_size = (i for i, m in members.items() if len(m) == len(own) and own.isdisjoint(m))
    return [i for i in same_size if of(i) == of(group_id)]
