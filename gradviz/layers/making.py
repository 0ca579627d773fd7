"""A layer as a piece of a graph: the module is made and called, and its tape becomes the nodes.

So what is computed is just what the module computes. Modules within it become groups within its
group, parameters have their names, and the tensors it was called with become its inputs.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import prod
from typing import Any

import numpy as np

from gradviz.graph import Graph, GraphError, Group, Node, Wire
from gradviz.graph.checks import is_variadic
from gradviz.graph.edits import AddNode, link
from gradviz.graph.group_edits import put
from gradviz.graph.grouping import showable
from gradviz.graph.groups import GroupPort
from gradviz.graph.limits import MAX_ELEMENTS
from gradviz.graph.tape import Draft, TapeError, draft_of, records_behind, source_of
from gradviz.layers.arranging import arranged
from gradviz.layers.spec import Layer, Values
from gradviz.layers.table import LAYERS
from gradviz.ops.dtypes import get_default_dtype
from gradviz.ops.spec import Shape
from gradviz.tensor import Tensor
from gradviz.tensor.dispatch import SEQUENCE
from gradviz.tensor.random import fork_rng, manual_seed

ROOT = ""
MOST_NODES = 2000
"""How many operations one layer may have: more of them nobody can look at."""


@dataclass
class Call:
    """One call of a layer: what it was given and gave, and when each module within it ran."""

    inputs: dict[str, Tensor]
    outputs: list[Tensor]
    names: dict[int, str]
    """The name of each parameter, by the tensor's ``id()``."""
    spans: dict[str, tuple[int, int]] = field(default_factory=dict[str, "tuple[int, int]"])
    """From which record to which each module within it ran, by its path."""
    kinds: dict[str, str] = field(default_factory=dict[str, str])

    def path(self, sequence: int) -> str:
        """The inmost module that made a record."""
        around = [p for p, (start, end) in self.spans.items() if start < sequence < end]
        return max(around, key=len, default=ROOT)


def make_layer(layer: Layer, values: Values) -> Graph:
    """The graph of a layer: one collapsed group, with its inputs open and its parameters drawn.

    ``values`` are all settings of the layer. :class:`GraphError` says what cannot be.
    """
    shapes = {name: shape(values) for name, shape in layer.inputs.items()}
    check_sizes(layer, values, shapes)
    with warnings.catch_warnings(), fork_rng():
        warnings.simplefilter("ignore")
        manual_seed(values.get("seed", 0))
        try:
            called = call_layer(layer, values, shapes)
            draft = draft_of(records_behind(*called.outputs))
        except TapeError as lost:
            raise GraphError(f"{layer.name} has no graph: {lost}") from None
        except (RuntimeError, ValueError, TypeError, IndexError, AssertionError) as wrong:
            raise GraphError(f"{layer.name}: {wrong}") from None
        except MemoryError:
            raise GraphError(
                f"{layer.name} needs more memory than there is: choose smaller sizes"
            ) from None
    check_count(layer, len(draft.nodes))
    return Assembly(layer, called, draft).graph()


def call_layer(layer: Layer, values: Values, shapes: Mapping[str, Shape]) -> Call:
    """Make a layer and call it once, with tensors of these shapes."""
    making, calling = layer.arguments
    module = layer.kind(**{name: values[name] for name in making})
    module.train(values.get("training", True))
    inputs = {name: example(layer, shape) for name, shape in shapes.items()}
    called = Call(inputs, [], {id(p): name for name, p in module.named_parameters()})
    called.names |= {id(b): name for name, b in module.named_buffers()}
    watch(module, called)
    given = list(inputs.values())
    if layer.packed:
        given = [given[0], tuple(given[1:])]
    result = module(*given, **{name: values[name] for name in calling - making})
    called.outputs += list(tensors_in(result))
    return called


def check_sizes(layer: Layer, values: Values, shapes: Mapping[str, Shape]) -> None:
    """Refuse what is larger than a document may be, before any of it is made."""
    sizes = sorted(v for v in values.values() if isinstance(v, int) and not isinstance(v, bool))
    elements = max(prod(sizes[-2:]), *(prod(shape) for shape in shapes.values()))
    if elements > MAX_ELEMENTS and layer.settings:
        raise GraphError(
            f"{layer.name} would hold a tensor of some {elements:,} elements; a document holds "
            f"{MAX_ELEMENTS:,} in one"
        )
    check_count(layer, layer.steps(values))


def check_count(layer: Layer, count: int) -> None:
    """Refuse more operations than can be put in at once."""
    if count > MOST_NODES:
        raise GraphError(
            f"this {layer.name} has at least {count:,} operations, and no more than "
            f"{MOST_NODES:,} can be put in at once: choose a shorter sequence or fewer layers"
        )


def example(layer: Layer, shape: Shape) -> Tensor:
    """A tensor to call a layer with."""
    if layer.numbers:
        return Tensor.wrap(np.zeros(shape, np.int64))
    return Tensor.wrap(np.ones(shape, get_default_dtype().numpy), True)


def watch(module: Any, called: Call) -> None:
    """Have every module within one note when it runs."""
    begun: dict[str, int] = {}
    for path, inner in module.named_modules():
        if path == ROOT:
            continue
        called.kinds[path] = type(inner).__name__

        def before(_module: Any, _args: Any, path: str = path) -> None:
            begun[path] = next(SEQUENCE)

        def after(_module: Any, _args: Any, _result: Any, path: str = path) -> None:
            called.spans[path] = begun[path], next(SEQUENCE)

        inner.register_forward_pre_hook(before)
        inner.register_forward_hook(after)


def tensors_in(result: Any) -> Iterator[Tensor]:
    """The tensors of what a call gave, in order."""
    if isinstance(result, Tensor):
        yield result
    elif isinstance(result, tuple | list):
        for each in result:  # pyright: ignore[reportUnknownVariableType]
            yield from tensors_in(each)


class Assembly:
    """Puts nodes, wires and groups of a call together."""

    def __init__(self, layer: Layer, called: Call, draft: Draft) -> None:
        self.layer, self.called, self.draft = layer, called, draft
        self.given = {draft.leaf(tensor): name for name, tensor in called.inputs.items()}
        """The nodes of the tensors that the layer was called with, which are not in its graph."""
        for node_id, name in self.given.items():
            self.pass_on(node_id, name)
        self.outputs = [self.output(tensor) for tensor in called.outputs]
        self.paths = self.paths_of_nodes()

    def pass_on(self, node_id: str, name: str) -> None:
        """Read an input by a node that passes it on, where a port must have its wire at once."""
        specs = {node.id: node.spec for node in self.draft.nodes}
        wires = [w for w in self.draft.wires if w.source == node_id]
        if not any(is_variadic(specs[w.target], w.port) for w in wires):
            return
        passing = self.draft.add("clone", name, {}, {})
        self.draft.wires = [
            replace(w, source=passing) if w.source == node_id else w for w in self.draft.wires
        ]
        self.draft.wires.append(Wire(node_id, passing, 0))

    def output(self, tensor: Tensor) -> tuple[str, int]:
        """The node and output that a result is, of an operation: another is copied."""
        source, output = source_of(self.draft, tensor.tape_key())
        leaves = {node.id for node in self.draft.nodes if not node.spec.ports}
        if source not in leaves:
            return source, output
        copied = self.draft.add("clone", "clone1", {}, {})
        self.draft.wires.append(Wire(source, copied, 0, output))
        return copied, 0

    def paths_of_nodes(self) -> dict[str, str]:
        """The module that each node belongs to; a leaf belongs where all that read it do."""
        records = records_behind(*self.called.outputs)
        found = {self.draft.keys[id(r)]: self.called.path(r.sequence) for r in records}
        for node in self.draft.nodes:
            if node.id not in found:
                readers = [found[w.target] for w in self.draft.wires
                           if w.source == node.id and w.target in found]  # fmt: skip
                found[node.id] = shared_path(readers)
        return found

    def graph(self) -> Graph:
        """All of it, laid out."""
        graph = Graph()
        for node in self.named(graph):
            AddNode(node).apply(graph)
        for wire in self.draft.wires:
            if wire.source not in self.given:
                link(graph, wire)
        groups = self.groups(graph)
        put(graph, (), tuple(showable(graph, groups).values()))
        for node_id, corner in arranged(graph, "g1").items():
            graph.nodes_by_id[node_id] = graph.nodes_by_id[node_id].changed(position=corner)
        return graph

    def named(self, graph: Graph) -> Iterator[Node]:
        """The nodes, parameters under the names that the module gives them.

        Each is to be added to ``graph`` before the next is asked for.
        """
        tensors = {node_id: key for key, node_id in self.draft.keys.items()}
        for node in self.draft.nodes:
            if node.id in self.given:
                continue
            full = self.called.names.get(tensors.get(node.id, 0), "")
            wish = full.rpartition(".")[2] or ("mask" if self.masks(node) else node.name)
            yield node.changed(name=graph.free_name(wish))

    def masks(self, node: Node) -> bool:
        """Whether a constant is what a dropout drew."""
        path = self.paths[node.id]
        kind = self.layer.name if path == ROOT else self.called.kinds[path]
        return not node.spec.ports and kind == "Dropout"

    def groups(self, graph: Graph) -> dict[str, Group]:
        """The layer's group, and in it one for each module that is more than a single node."""
        counts = {path: [i for i in graph.nodes if within(self.paths[i], path)]
                  for path in {ROOT, *self.called.spans}}  # fmt: skip
        kept = [path for path, nodes in sorted(counts.items()) if path == ROOT or len(nodes) > 1]
        ids = {path: f"g{number}" for number, path in enumerate(kept, 1)}
        made: dict[str, Group] = {}
        for path, group_id in ids.items():
            direct = [i for i in counts[path] if home(self.paths[i], ids) == path]
            outer = None if path == ROOT else ids[home(path.rpartition(".")[0], ids)]
            made[group_id] = Group(
                group_id, self.layer.name if path == ROOT else path.rpartition(".")[2],
                frozenset(direct), outer, True, self.colour(path),
                tuple(self.inputs(set(counts[path]))),
                tuple(self.results()) if path == ROOT else (),
            )  # fmt: skip
        return made

    def colour(self, path: str) -> str:
        """The category of a module, if it is a layer by itself."""
        kind = self.layer.name if path == ROOT else self.called.kinds[path]
        return LAYERS[kind].category if kind in LAYERS else ""

    def inputs(self, members: set[str]) -> Iterator[GroupPort]:
        """The inputs by name, each with all that reads it among some nodes."""
        for node_id, name in self.given.items():
            ends = [(w.target, w.port) for w in self.draft.wires
                    if w.source == node_id and w.target in members]  # fmt: skip
            if ends:
                yield GroupPort(name, tuple(ends))

    def results(self) -> Iterator[GroupPort]:
        """The outputs by name."""
        known = set[tuple[str, int]]()
        for name, end in zip(self.layer.outputs, self.outputs, strict=False):
            if end not in known:
                known.add(end)
                yield GroupPort(name, (end,))


def within(path: str, outer: str) -> bool:
    """Whether a module is another one, or lies in it."""
    return not outer or path == outer or path.startswith(f"{outer}.")


def home(path: str, kept: Mapping[str, str]) -> str:
    """The inmost module of those kept that a path lies in."""
    while path not in kept:
        path = path.rpartition(".")[0]
    return path


def shared_path(paths: list[str]) -> str:
    """The inmost module that all of ``paths`` lie in."""
    parts = [path.split(".") if path else [] for path in paths]
    shared: list[str] = []
    for level in zip(*parts, strict=False):
        if len(set(level)) > 1:
            break
        shared.append(level[0])
    return ".".join(shared)
