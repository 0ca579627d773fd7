"""The document: nodes, wires and groups, and nothing that can be derived from them.

A :class:`Graph` is changed only by applying edits (:mod:`gradviz.graph.edits`), each of which
is reversible, and announces what changed to whoever listens. Views keep no second copy.
"""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from heapq import heapify, heappop, heappush
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from gradviz.graph.bookmarks import Bookmark
from gradviz.graph.changes import Change
from gradviz.graph.groups import Group
from gradviz.graph.guards import is_array, is_tuple
from gradviz.graph.limits import MAX_NAME
from gradviz.graph.values import canonical, plain_position
from gradviz.graph.watched import watched_output
from gradviz.ops.spec import Op
from gradviz.ops.table import OPS

if TYPE_CHECKING:
    from gradviz.graph.evaluate import Evaluation
    from gradviz.graph.scenery import Piece
    from gradviz.tensor import Tensor


class GraphError(ValueError):
    """An edit that the document refuses, with the reason in plain words."""


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One operation or leaf of a graph.

    ``id`` is stable for the document's life; ``name`` is a Python identifier, unique in it,
    by which formulas call the node. ``attrs`` are settings that differ from the operation's
    defaults, in canonical form whatever was given (:func:`gradviz.graph.values.canonical`):
    arrays as read-only NumPy arrays, sizes as tuples, types as ``dtype``. ``literals`` are
    numbers typed on ports that have no wire. ``position`` is the card's top-left corner in
    scene units; ``colour`` one of :data:`gradviz.graph.scenery.COLOURS`, or empty.
    """

    id: str
    op: str
    name: str
    attrs: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    literals: Mapping[int, float | int | bool] = field(default_factory=lambda: MappingProxyType({}))
    position: tuple[float, float] = (0.0, 0.0)
    colour: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "attrs", canonical_attrs(self.op, self.attrs))
        if type(self.literals) is not MappingProxyType:
            ordered = dict(sorted(self.literals.items()))
            object.__setattr__(self, "literals", MappingProxyType(ordered))
        object.__setattr__(self, "position", plain_position(self.position))

    @property
    def spec(self) -> Op:
        """The description of this node's operation."""
        return OPS[self.op]

    def setting(self, name: str) -> Any:
        """The value of a setting: the node's own, or the operation's default."""
        return self.attrs[name] if name in self.attrs else self.spec.defaults[name]

    @property
    def is_parameter(self) -> bool:
        """Whether it is a leaf that requires a gradient."""
        return not self.spec.ports and bool(self.setting("requires_grad"))

    def changed(self, **changes: Any) -> Node:
        """A copy with some fields replaced."""
        return replace(self, **changes)

    def moved(self, position: tuple[float, float]) -> Node:
        """A copy elsewhere: as `changed` makes it, without looking through all the rest."""
        copy, keep = object.__new__(Node), object.__setattr__
        for name in KEPT_WHEN_MOVED:
            keep(copy, name, getattr(self, name))
        keep(copy, "position", plain_position(position))
        return copy

    def stands_for(self, other: Node) -> bool:
        """Whether both are the same but for where their cards are."""
        names = (self.id, self.name, self.colour)
        return names == (other.id, other.name, other.colour) and self.computes_as(other)

    def computes_as(self, other: Node) -> bool:
        """Whether both give the same values from the same inputs."""
        return (
            self.op == other.op
            and same_attrs(self.attrs, other.attrs)
            and same_attrs(self.literals, other.literals)
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Node):
            return NotImplemented
        return self.position == other.position and self.stands_for(other)

    def __hash__(self) -> int:
        return hash(self.id)


KEPT_WHEN_MOVED = tuple(f.name for f in fields(Node) if f.name != "position")


def canonical_attrs(op: str, attrs: Mapping[str, Any]) -> Mapping[str, Any]:
    """Settings in the form each is kept in; the same mapping where it is so already."""
    spec = OPS.get(op)
    kinds = {} if spec is None else {a.name: a for a in spec.attrs}
    kept = {n: canonical(kinds[n], v) if n in kinds else v for n, v in attrs.items()}
    frozen = isinstance(attrs, MappingProxyType)
    if frozen and all(value is attrs[name] for name, value in kept.items()):
        return attrs
    return MappingProxyType(kept)


def same_attrs(a: Mapping[Any, Any], b: Mapping[Any, Any]) -> bool:
    """Whether two nodes' settings agree; arrays by type, shape and every element."""
    if a is b:
        return True
    return a.keys() == b.keys() and all(same_value(a[k], b[k]) for k in a)


def same_value(a: Any, b: Any) -> bool:
    """Whether two settings agree, nan being itself and 1 not being 1.0."""
    if a is b:
        return True
    if is_array(a) or is_array(b):
        return (
            is_array(a)
            and is_array(b)
            and (a.dtype, a.shape) == (b.dtype, b.shape)
            and a.tobytes() == b.tobytes()
        )
    if isinstance(a, float) and isinstance(b, float):
        return repr(a) == repr(b)
    if is_tuple(a) and is_tuple(b):
        members = zip(a, b, strict=False)
        return len(a) == len(b) and all(same_value(x, y) for x, y in members)
    return type(a) is type(b) and a == b


@dataclass(frozen=True, slots=True, order=True)
class Wire:
    """A connection from an output of ``source`` to the input ``port`` of ``target``.

    A variadic port (always an operation's last) takes its own index and those after it, one
    for each wire and without gaps: the wires into ``cat`` are on ports 0, 1, 2 …. The flat
    inputs of a record of the tape therefore count as the ports do.
    """

    source: str
    target: str
    port: int
    output: int = 0


@dataclass(frozen=True, slots=True)
class Settings:
    """What belongs to the document as a whole.

    ``output``: the id of the node that Backward starts from and Descend minimises (None: the
    last node of the graph that nothing reads). ``descent``: the axes, start and runners of the
    Descend workspace, as plain data (see :mod:`gradviz.descent`). ``view``: where the canvas
    was looking. Both are plain data: numbers, text, lists, objects with names. ``flow``: the way
    that wires run, ``right`` or ``down``; cards have their ports accordingly. ``watches``: the
    ids of the nodes whose values are followed, in the order they are listed, with the number of
    an output that is not the first (:mod:`gradviz.graph.watched`). ``bookmarks``: named
    places of the canvas.
    """

    title: str = ""
    description: str = ""
    output: str | None = None
    descent: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    view: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    flow: str = "right"
    watches: tuple[str, ...] = ()
    bookmarks: tuple[Bookmark, ...] = ()


class Edit(Protocol):
    """A reversible change: what it does, and the edit that undoes it."""

    def apply(self, graph: Graph) -> Change:
        """Carry the edit out, or raise :class:`GraphError` with nothing changed."""
        ...

    def inverse(self) -> Edit:
        """The edit that takes this one back."""
        ...


Listener = Callable[[Change], object]


class Graph:
    """A directed acyclic graph of operations; see the module's text."""

    def __init__(self) -> None:
        self.nodes_by_id: dict[str, Node] = {}
        self.ids_by_name: dict[str, str] = {}
        self.incoming: dict[str, dict[int, Wire]] = {}
        self.outgoing: dict[str, set[Wire]] = {}
        self.groups_by_id: dict[str, Group] = {}
        self.group_of: dict[str, str] = {}
        self.scenery: dict[str | Wire, Piece] = {}
        self.settings = Settings()
        self.last: str | None = None
        """What `last_unread` found; None once nodes or wires are others."""
        self.edition = 0
        """Counts the changes, so that what is worked out from a document can be kept till one."""
        self._listeners: list[Listener] = []
        self._next_id = 1
        self._next_group = 1

    # reading ---------------------------------------------------------------------------

    @property
    def nodes(self) -> Mapping[str, Node]:
        """Every node by id; in what order is no part of the document (see :meth:`order`)."""
        return MappingProxyType(self.nodes_by_id)

    @property
    def watches(self) -> tuple[str, ...]:
        """What is watched; of nodes that are gone meanwhile it is left out."""
        known, watches = self.nodes_by_id, self.settings.watches
        return tuple(key for key in watches if watched_output(key)[0] in known)

    @property
    def wires(self) -> Iterator[Wire]:
        """Every wire, ordered by target and port."""
        targets = sorted(self.incoming.items(), key=lambda item: id_key(item[0]))
        return (w for _, ports in targets for w in ports.values())

    @property
    def groups(self) -> Mapping[str, Group]:
        """Every group by id (see :mod:`gradviz.graph.groups`)."""
        return MappingProxyType(self.groups_by_id)

    def node(self, node_id: str) -> Node:
        """The node with this id; GraphError where there is none."""
        try:
            return self.nodes_by_id[node_id]
        except KeyError:
            raise GraphError(f"there is no node '{node_id}' in this graph") from None

    def named(self, name: str) -> Node | None:
        """The node that formulas call ``name``, if there is one."""
        found = self.ids_by_name.get(name)
        return None if found is None else self.nodes_by_id[found]

    def inputs(self, node_id: str) -> Mapping[int, Wire]:
        """The wires into a node by port, in the order of ports."""
        return MappingProxyType(self.incoming.get(node_id, {}))

    def outputs(self, node_id: str) -> tuple[Wire, ...]:
        """The wires out of a node, sorted."""
        return tuple(sorted(self.outgoing.get(node_id, ())))

    def order(self) -> list[str]:
        """Node ids so that each comes after all it reads; otherwise by :func:`id_key`.

        A graph with a cycle, which no edit makes, gives fewer ids than it has nodes.
        """
        waiting = {
            i: len({w.source for w in self.incoming.get(i, {}).values()}) for i in self.nodes_by_id
        }
        ready = [(id_key(i), i) for i, count in waiting.items() if not count]
        heapify(ready)
        found: list[str] = []
        while ready:
            found.append(heappop(ready)[1])
            for target in {w.target for w in self.outgoing.get(found[-1], ())}:
                waiting[target] -= 1
                if not waiting[target]:
                    heappush(ready, (id_key(target), target))
        return found

    def downstream(self, start: Iterable[str]) -> set[str]:
        """``start`` and every node that reads from it, directly or not."""
        return reached(start, lambda i: (w.target for w in self.outgoing.get(i, ())))

    def upstream(self, start: Iterable[str]) -> set[str]:
        """``start`` and every node that it reads, directly or not."""
        return reached(start, lambda i: (w.source for w in self.inputs(i).values()))

    def output(self) -> str | None:
        """The id of the node to minimise: as set, or the last one that nothing reads."""
        if self.settings.output in self.nodes_by_id:
            return self.settings.output
        if self.last is None:
            self.last = last_unread(self)
        return self.last

    # for programs: a document knows neither values nor tapes, so these load what does ----

    @classmethod
    def from_tensor(cls, tensor: Tensor) -> Graph:
        """All that ``tensor`` was computed from as a document, laid out, with it as the output.

        TapeError (a ValueError) says what the tape has not kept: see :mod:`gradviz.graph.tape`.
        """
        place = import_module("gradviz.program.placing").positions
        return import_module("gradviz.graph.tape").graph_of(tensor, place)

    def evaluate(self) -> Evaluation:
        """The value of every node, or why it has none."""
        return import_module("gradviz.graph.evaluate").Evaluation(self)

    # changing --------------------------------------------------------------------------

    def apply(self, edit: Edit) -> Change:
        """Carry out ``edit`` and announce what changed; nothing changes where it is refused."""
        change = edit.apply(self)
        if change:
            self.edition += 1
            for listener in tuple(self._listeners):
                listener(change)
        return change

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Have ``listener`` told of every change; call the result to stop."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def new_id(self) -> str:
        """An id that no node of this document has had."""
        while f"n{self._next_id}" in self.nodes_by_id:
            self._next_id += 1
        self._next_id += 1
        return f"n{self._next_id - 1}"

    def new_group_id(self) -> str:
        """An id that no group of this document has had."""
        while f"g{self._next_group}" in self.groups_by_id:
            self._next_group += 1
        self._next_group += 1
        return f"g{self._next_group - 1}"

    def free_name(self, wish: str) -> str:
        """``wish`` or, where a node has it, wish1, wish2 …; always an identifier."""
        return free_name(wish, self.ids_by_name)


def last_unread(graph: Graph) -> str | None:
    """What nothing reads, the last by :func:`id_key` of the computed, or where none is, of all."""
    ends = [i for i in graph.nodes_by_id if not graph.outgoing.get(i)]
    computed = [i for i in ends if graph.nodes_by_id[i].spec.ports]
    return max(computed or ends, key=id_key, default=None)


def reached(start: Iterable[str], following: Callable[[str], Iterable[str]]) -> set[str]:
    """``start`` and all that is come upon from there, one link after another."""
    found: set[str] = set()
    stack = list(start)
    while stack:
        node_id = stack.pop()
        if node_id not in found:
            found.add(node_id)
            stack.extend(following(node_id))
    return found


def id_key(node_id: str) -> tuple[int, str]:
    """Sorts ids as people count: n2 before n10. Ties between nodes are settled by this."""
    return len(node_id), node_id


def free_name(wish: str, taken: Container[str]) -> str:
    """``wish`` made an identifier, and with another number where it is one of ``taken``.

    The number is found by doubling and halving: quickly, and the first free one unless there
    are gaps among those taken.
    """
    base = re.sub(r"\W", "_", unicodedata.normalize("NFKC", wish))[:MAX_NAME]
    if not base.isidentifier() or keyword.iskeyword(base):
        base = f"_{base}" if base[:1].isdigit() else f"{base}_"
    if base not in taken:
        return base
    stem = base.rstrip("0123456789")[: MAX_NAME - 10]
    low, high = 0, 1
    while f"{stem}{high}" in taken:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if f"{stem}{middle}" in taken else (low, middle)
    return f"{stem}{high}"
