"""The backward pass as an iterator of steps: what ``backward()`` exhausts and the app walks.

Nodes are taken from the latest recorded to the earliest (PyTorch's order), so each is taken
once and only when all that flows into it has arrived. Reducing a gradient to its input's
broadcast shape, casting it to the input's type and adding it up happen here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from heapq import heappop, heappush
from typing import Any, NamedTuple

import numpy as np

from gradviz.autograd.anomaly import ANOMALY, examine
from gradviz.autograd.record import FREED, AccumulateGrad, Record, owner_text
from gradviz.ops.dtypes import of_numpy
from gradviz.ops.dual import call, is_plain, sum_to_shape
from gradviz.ops.rules import compiled_rule, name_sources
from gradviz.ops.spec import Array, Op
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
            if ANOMALY.enabled:
                examine(node, [(c.position, c.value) for c in sent])
            if not retain_graph:
                node.release()
        yield Step(index, node, tuple(upstream), sent)
        index += 1


def propagate(record: Record, upstream: list[Any], state: Pass) -> tuple[Contribution, ...]:
    """Apply the gradient rules of ``record`` and deliver what they give."""
    if state.only is not None and not any(map(state.wants, record.parents)):
        return ()
    if record.saved is None:
        raise RuntimeError(FREED)
    check_versions(record)
    values = RuleValues(record, upstream, state.create_graph)
    reduce = fit if state.create_graph else fit_array
    several = record.op.variadic
    sent: list[Contribution] = []
    last = -1
    results: Any = None
    for position, parent in enumerate(record.parents):
        if parent is None or (state.only is not None and parent[0] not in state.only):
            continue
        port = record.port_of(position) if several else position
        if port != last:
            results, last = values.apply(port), port
        raw = results[position - port] if several and record.op.ports[port].variadic else results
        if raw is None:
            continue
        value = reduce(raw, record.shapes[position], record.dtypes[position])
        sent.append(Contribution(position, parent, raw, value, state.deliver(parent, value)))
    return tuple(sent)


class RuleValues:
    """The values that a record's gradient rules name."""

    __slots__ = ("record", "recorded", "upstream")

    def __init__(self, record: Record, upstream: list[Any], recorded: bool) -> None:
        self.record = record
        self.upstream = upstream
        self.recorded = recorded

    def apply(self, port: int) -> Any:
        """What the rule of ``port`` gives: a gradient, or one for each variadic input."""
        found = reading_rule(self.record.op, port)
        if found is None:
            return None
        function, places = found
        return function(*[read(self, index) for read, index in places])

    def value(self, name: str) -> Any:
        """The array, number, setting or (where recorded) tensor behind a name of a rule."""
        read, index = place_of(self.record.op, name)
        return read(self, index)

    def filled(self, index: int) -> Any:
        """The gradient that arrived at an output, zeros where none did."""
        arrived = self.upstream[index]
        if arrived is not None:
            return arrived
        shape, kind = self.record.out_shapes[index]
        return np.zeros(shape, kind)

    def upstreams(self, _: int) -> Any:
        """What arrived at every output, None where nothing did."""
        return tuple(self.upstream)

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

    def setting(self, name: str) -> Any:
        """A setting's value."""
        return self.record.attrs[name]

    def shape(self, port: int) -> Any:
        """The shape of the input at a port."""
        return self.record.shapes[port]

    def shapes(self, port: int) -> Any:
        """The shapes of a variadic port's inputs."""
        return self.record.shapes[port:]

    def out_shape(self, _: int) -> Any:
        """The shape of the first output."""
        return self.record.out_shapes[0][0]

    def out_shapes(self, _: int) -> Any:
        """The shapes of all outputs."""
        return tuple(found for found, _ in self.record.out_shapes)


Place = tuple[Callable[[RuleValues, Any], Any], Any]
"""Where a rule's name is found: a reader, and what to give it."""

READERS: dict[str, Callable[[RuleValues, Any], Any]] = {
    "upstream": RuleValues.filled, "upstreams": RuleValues.upstreams, "saved": RuleValues.saved,
    "members": RuleValues.members, "output": RuleValues.output, "setting": RuleValues.setting,
    "shape": RuleValues.shape, "shapes": RuleValues.shapes, "out_shape": RuleValues.out_shape,
    "out_shapes": RuleValues.out_shapes,
}  # fmt: skip


def place_of(op: Op, name: str) -> Place:
    """How to read what a name of ``op``'s rules stands for."""
    kind, index = name_sources(op)[name]
    return READERS[kind], name if kind == "setting" else index


@cache
def reading_rule(op: Op, port: int) -> tuple[Callable[..., Any], tuple[Place, ...]] | None:
    """The rule of a port with the places of its names; None where no gradient flows."""
    rule = compiled_rule(op, port)
    return None if rule is None else (rule.function, tuple(place_of(op, n) for n in rule.names))


def fit(value: Any, shape: tuple[int, ...], kind: Any) -> Any:
    """Reduce a gradient to its input's broadcast shape and cast it to its type, once for all."""
    if is_plain(value):
        return fit_array(value, shape, kind)
    if tuple(value.shape) != shape:
        value = call(OPS["sum_to_size"], value, shape)
    if value.array.dtype != kind:
        value = call(OPS["to"], value, of_numpy(kind))
    return value


def fit_array(value: Any, shape: tuple[int, ...], kind: Any) -> Array:
    """:func:`fit` for a gradient that is an array or a number."""
    array: Array = np.asarray(value)
    if array.shape != shape:
        array = sum_to_shape(np.broadcast_to(array, np.broadcast_shapes(array.shape, shape)), shape)
    return array if array.dtype is kind or array.dtype == kind else array.astype(kind)


def check_versions(record: Record) -> None:
    """Refuse to use a saved tensor that was modified in place since (PyTorch's message)."""
    for counter, expected, owner in record.versions:
        if counter[0] != expected:
            raise RuntimeError(
                "one of the variables needed for gradient computation has been modified by an "
                f"inplace operation: {owner_text(record, owner)}, is at version {counter[0]}; "
                f"expected version {expected} instead. Hint: enable anomaly detection to find the "
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
