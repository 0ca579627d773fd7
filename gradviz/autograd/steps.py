"""The backward pass as an iterator of steps: what ``backward()`` exhausts and the app walks.

Nodes are taken from the latest recorded to the earliest (PyTorch's order), so each is taken
once and only when all that flows into it has arrived. Reducing a gradient to its input's
broadcast shape, casting it to the input's type and adding it up happen here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import heappop, heappush
from typing import Any, NamedTuple

import numpy as np

from gradviz.autograd.record import FREED, AccumulateGrad, Record, owner_text
from gradviz.ops.dtypes import of_numpy
from gradviz.ops.dual import call, is_plain, sum_to_shape
from gradviz.ops.rules import compiled_rule, name_sources
from gradviz.ops.table import OPS

Node = Record | AccumulateGrad
Key = tuple[Node, int]


class Contribution(NamedTuple):
    """What one input of a record is sent.

    ``position`` counts the record's flat inputs; ``to`` is the node it goes to and the output
    it enters at. ``raw`` is the product as the rule gives it, ``value`` that reduced to the
    input's shape and type, ``accumulated`` the sum of all sent there so far.
    """

    position: int
    to: Key
    raw: Any
    value: Any
    accumulated: Any


class Step(NamedTuple):
    """One step of a backward pass: a node, the gradients that arrived, what it sends on.

    ``upstream`` has one gradient for each output of the node (None: nothing arrived). At a
    leaf (``AccumulateGrad``) there are no contributions: the gradient has come home. Gradients
    are arrays, or tensors where the pass itself is recorded (``create_graph``).
    """

    number: int
    node: Node
    upstream: tuple[Any, ...]
    contributions: tuple[Contribution, ...]


class Pass:
    """The state of one backward pass while it is iterated."""

    def __init__(
        self, create_graph: bool, retain_graph: bool, only: frozenset[Node] | None
    ) -> None:
        self.create_graph = create_graph
        self.retain_graph = retain_graph
        self.only = only
        self.arrived: dict[Node, list[Any]] = {}
        self.queue: list[tuple[int, int, Node]] = []
        self.reached = 0

    def deliver(self, key: Key, value: Any) -> Any:
        """Add ``value`` to what has arrived at a node's output; the sum so far."""
        node, output = key
        slots = self.arrived.get(node)
        if slots is None:
            count = len(node.out_shapes) if isinstance(node, Record) else 1
            slots = self.arrived[node] = [None] * count
            self.reached += 1
            heappush(self.queue, (-node.sequence, self.reached, node))
        before = slots[output]
        slots[output] = value if before is None else before + value
        return slots[output]

    def wants(self, parent: tuple[Node, int] | None) -> bool:
        """Whether a gradient is to be sent to this parent of a record."""
        return parent is not None and (self.only is None or parent[0] in self.only)


def backward_steps(
    seeds: Iterable[tuple[Key, Any]],
    *,
    create_graph: bool = False,
    retain_graph: bool = False,
    only: frozenset[Node] | None = None,
) -> Iterator[Step]:
    """Walk the tape back from ``seeds``, pairs of a node's output and its gradient.

    ``only`` restricts the pass to these nodes. Leaves are reported, not written to: what to do
    at a leaf is the caller's.
    """
    state = Pass(create_graph, retain_graph, only)
    for key, seed in seeds:
        if only is None or key[0] in only:
            state.deliver(key, seed)
    index = 0
    while state.queue:
        node = heappop(state.queue)[2]
        upstream = run_hooks(node, state.arrived.pop(node))
        sent: tuple[Contribution, ...] = ()
        if isinstance(node, Record):
            sent = propagate(node, upstream, state)
            if not retain_graph:
                node.release()
        yield Step(index, node, tuple(upstream), sent)
        index += 1


def propagate(record: Record, upstream: list[Any], state: Pass) -> tuple[Contribution, ...]:
    """Apply the gradient rules of ``record`` and deliver what they give."""
    wanted = [i for i, parent in enumerate(record.parents) if state.wants(parent)]
    if not wanted:
        return ()
    if record.saved is None:
        raise RuntimeError(FREED)
    check_versions(record)
    values = RuleValues(record, upstream, state.create_graph)
    sent: list[Contribution] = []
    last = -1
    results: Any = None
    for position in wanted:
        port = record.port_of(position)
        if port != last:
            results, last = values.apply(port), port
        variadic = record.op.ports[port].variadic
        raw = results[position - port] if variadic else results
        if raw is None:
            continue
        value = fit(raw, record.shapes[position], record.dtypes[position])
        parent: Any = record.parents[position]
        sent.append(Contribution(position, parent, raw, value, state.deliver(parent, value)))
    return tuple(sent)


class RuleValues:
    """The values that a record's gradient rules name."""

    def __init__(self, record: Record, upstream: list[Any], recorded: bool) -> None:
        self.record = record
        self.upstream = upstream
        self.recorded = recorded

    def apply(self, port: int) -> Any:
        """What the rule of ``port`` gives: a gradient, or one for each variadic input."""
        rule = compiled_rule(self.record.op, port)
        if rule is None:
            return None
        return rule.function(*[self.value(name) for name in rule.names])

    def value(self, name: str) -> Any:
        """The array, number, setting or (where recorded) tensor behind a name of a rule."""
        place, index = name_sources(self.record.op)[name]
        return PLACES[place](self, name, index)

    def filled(self, index: int) -> Any:
        """The gradient that arrived at an output, zeros where none did."""
        arrived = self.upstream[index]
        if arrived is not None:
            return arrived
        shape, kind = self.record.out_shapes[index]
        return np.zeros(shape, kind)

    def saved(self, port: int) -> Any:
        """What was kept of the input at a port."""
        kept: Any = self.record.saved
        value: Any = kept[port] if port < len(kept) else None
        return value if self.recorded else getattr(value, "array", value)

    def members(self, port: int) -> tuple[Any, ...]:
        """What was kept of a variadic port's inputs."""
        kept: Any = self.record.saved
        return tuple(v if self.recorded else getattr(v, "array", v) for v in kept[port:])

    def output(self, index: int) -> Any:
        """An output that was kept."""
        outputs: Any = self.record.out_arrays
        array, rebuild = outputs[index]
        return rebuild(array, self.record, index) if self.recorded else array


Place = Callable[[RuleValues, str, int], Any]


def _places() -> dict[str, Place]:
    """How to read each kind of place that a rule's name can stand for."""

    def setting(values: RuleValues, name: str, _: int) -> Any:
        return values.record.attrs[name]

    def upstreams(values: RuleValues, _: str, __: int) -> Any:
        return tuple(values.upstream)

    def shape(values: RuleValues, _: str, port: int) -> Any:
        return values.record.shapes[port]

    def shapes(values: RuleValues, _: str, port: int) -> Any:
        return values.record.shapes[port:]

    def out_shape(values: RuleValues, _: str, __: int) -> Any:
        return values.record.out_shapes[0][0]

    def out_shapes(values: RuleValues, _: str, __: int) -> Any:
        return tuple(found for found, _ in values.record.out_shapes)

    return {
        "upstream": by_index(RuleValues.filled),
        "saved": by_index(RuleValues.saved),
        "members": by_index(RuleValues.members),
        "output": by_index(RuleValues.output),
        "upstreams": upstreams,
        "setting": setting,
        "shape": shape,
        "shapes": shapes,
        "out_shape": out_shape,
        "out_shapes": out_shapes,
    }


def by_index(read: Callable[[RuleValues, int], Any]) -> Place:
    """A place that only its index is needed for."""

    def place(values: RuleValues, _: str, index: int) -> Any:
        return read(values, index)

    return place


PLACES = _places()


def fit(value: Any, shape: tuple[int, ...], kind: Any) -> Any:
    """Reduce a gradient to its input's broadcast shape and cast it to its type, once for all."""
    if is_plain(value):
        array = np.asarray(value)
        if array.shape != shape:
            array = sum_to_shape(
                np.broadcast_to(array, np.broadcast_shapes(array.shape, shape)), shape
            )
        return array if array.dtype == kind else array.astype(kind)
    if tuple(value.shape) != shape:
        value = call(OPS["sum_to_size"], value, shape)
    if value.array.dtype != kind:
        value = call(OPS["to"], value, of_numpy(kind))
    return value


def check_versions(record: Record) -> None:
    """Refuse to use a saved tensor that was modified in place since (PyTorch's message)."""
    for counter, expected, owner in record.versions:
        if counter[0] != expected:
            raise RuntimeError(
                "one of the variables needed for gradient computation has been modified by an "
                f"inplace operation: {owner_text(record, owner)}, is at version {counter[0]}; expected "
                f"version {expected} instead. Hint: enable anomaly detection to find the "
                "operation that failed to compute its gradient, with "
                "torch.autograd.set_detect_anomaly(True, check_nan=False)."
            )


def run_hooks(node: Node, upstream: list[Any]) -> list[Any]:
    """Let hooks on a node's outputs see, and change, the gradients that arrived."""
    hooks = node.hooks if isinstance(node, Record) else node.hooks_by_output()
    if not hooks:
        return upstream
    return [
        g if g is None else apply_hooks(hooks.get(index, ()), g) for index, g in enumerate(upstream)
    ]


def apply_hooks(hooks: Sequence[Any], gradient: Any) -> Any:
    """The gradient after each hook in turn; a hook that returns None changes nothing."""
    for hook in hooks:
        changed = hook(gradient)
        gradient = gradient if changed is None else changed
    return gradient
