"""The backward pass as an iterator of steps: what ``backward()`` exhausts and the app walks.

Nodes are taken from the latest recorded to the earliest (PyTorch's order), so each is taken
once and only when all that flows into it has arrived. Reducing a gradient to its input's
broadcast shape, casting it to the input's type and adding it up happen here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import heappop, heappush
from typing import Any, NamedTuple

import numpy as np

from gradviz.autograd.anomaly import ANOMALY, examine
from gradviz.autograd.reading import running_rule
from gradviz.autograd.record import AccumulateGrad, Record
from gradviz.autograd.sending import fit_array
from gradviz.ops.dtypes import of_numpy
from gradviz.ops.dual import call, is_plain
from gradviz.ops.kinds import is_scalar
from gradviz.ops.table import OPS

Node = Record | AccumulateGrad
BEFORE, AFTER = -1, -2
"""Where, among the hooks on a record's outputs, those on the record itself are kept."""
Key = tuple[Node, int]
Sent = tuple[int, Key, Any, Any, Any]
"""What a :class:`Contribution` holds, before it has names."""
Stop = tuple[Node, list[Any], Sequence[Sent]]
"""What a :class:`Step` holds, before it has a number and names."""


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

    __slots__ = ("arrived", "leaves", "listed", "only", "queue", "recorded")

    def __init__(self, recorded: bool, only: frozenset[Node] | None, listed: bool) -> None:
        self.recorded = recorded
        self.listed = listed
        """Whether what each input is sent is told, not only delivered."""
        self.only = only
        self.arrived: dict[Node, list[Any]] = {}
        self.queue: list[tuple[int, Record]] = []
        """Records by when they were recorded, which no two share."""
        self.leaves: list[AccumulateGrad] = []
        """Leaves in the order in which they were reached; they come after all records."""

    def deliver(self, key: Key, value: Any) -> Any:
        """Add ``value`` to what has arrived at a node's output; the sum so far."""
        node, output = key
        slots = self.arrived.get(node)
        if slots is None:
            if isinstance(node, AccumulateGrad):
                self.arrived[node] = [value]
                self.leaves.append(node)
                return value
            slots = self.arrived[node] = [None] * len(node.out_shapes)
            heappush(self.queue, (-node.sequence, node))
            slots[output] = value
            return value
        before = slots[output]
        slots[output] = value if before is None else before + value
        return slots[output]


def named(stops: Iterable[Stop]) -> Iterator[Step]:
    """What :func:`walk` stops at, by number and with names to what each stop holds."""
    for number, (node, upstream, sent) in enumerate(stops):
        contributions = [Contribution(place, to, *map(shown, sums)) for place, to, *sums in sent]
        yield Step(number, node, tuple(map(shown, upstream)), tuple(contributions))


def shown(value: Any) -> Any:
    """A gradient as an array (where it is a NumPy number) or as it is."""
    return np.asarray(value) if is_scalar(value) else value


def walk(
    seeds: Iterable[tuple[Key, Any]],
    create_graph: bool,
    retain_graph: bool,
    only: frozenset[Node] | None,
    listed: bool = True,
) -> Iterator[Stop]:
    """Go back along the tape from ``seeds``, pairs of a node's output and its gradient.

    ``only`` restricts the pass to these nodes. Leaves are reported, not written to: what to do
    at a leaf is the caller's. Stops need not say what was sent if the caller wants it not
    ``listed``.
    """
    state = Pass(create_graph, only, listed or ANOMALY.enabled)
    for key, seed in seeds:
        if only is None or key[0] in only:
            state.deliver(key, seed)
    queue, arrived = state.queue, state.arrived
    ordinary = not create_graph and only is None
    while queue:
        record = heappop(queue)[1]
        upstream = arrived.pop(record)
        send = record.kept.send
        if ordinary and send is not None and record.hooks is None:
            sent = send(record, upstream, state)
        else:
            upstream, sent = send_at_length(record, upstream, state)
        if ANOMALY.enabled:
            examine(record, [(position, value) for position, _, _, value, _ in sent])
        if not retain_graph:
            record.release()
        yield record, upstream, sent
    # What the last record sent would count as held by someone.
    sent = ()
    for node in state.leaves:
        upstream = arrived.pop(node)
        hooks = node.leaf.gradient_hooks()
        yield node, [apply_hooks(hooks, upstream[0])] if hooks else upstream, ()


def send_at_length(
    record: Record, upstream: list[Any], state: Pass
) -> tuple[list[Any], Sequence[Sent]]:
    """What arrived at a record, after hooks on it, and what it sends on."""
    if record.hooks:
        upstream = after_hooks(record.hooks, upstream)
    sent = propagate(record, upstream, state)
    if record.hooks and AFTER in record.hooks:
        sent = deliver_changed(record.hooks[AFTER], record, upstream, sent, state)
    return upstream, sent


def propagate(record: Record, upstream: list[Any], state: Pass) -> Sequence[Sent]:
    """Apply the gradient rules of ``record`` and deliver what they give."""
    op, only, recorded = record.op, state.only, state.recorded
    if only is not None and not any(p is not None and p[0] in only for p in record.parents):
        return ()
    record.check_kept()
    several, deliver = op.variadic, state.deliver
    if record.hooks and AFTER in record.hooks:
        deliver = hold_back
    sent: list[Sent] = []
    last = -1
    results: Any = None
    for position, parent in enumerate(record.parents):
        if parent is None or (only is not None and parent[0] not in only):
            continue
        port = record.port_of(position) if several else position
        if port != last:
            run = running_rule(op, port, recorded)
            results, last = run(record, upstream) if run is not None else None, port
        raw = results[position - port] if several and op.ports[port].variadic else results
        if raw is None:
            continue
        kind, shape = record.dtypes[position], record.shapes[position]
        if type(raw) is np.ndarray and raw.dtype is kind and raw.shape == shape:
            value: Any = raw
        else:
            value = fit(raw, shape, kind) if recorded else fit_array(raw, shape, kind)
        sent.append((position, parent, raw, value, deliver(parent, value)))
    return sent


def fit(value: Any, shape: tuple[int, ...], kind: Any) -> Any:
    """Reduce a gradient to its input's broadcast shape and cast it to its type, once for all."""
    if is_plain(value):
        return fit_array(value, shape, kind)
    if tuple(value.shape) != shape:
        value = call(OPS["sum_to_size"], value, shape)
    if value.array.dtype != kind:
        value = call(OPS["to"], value, of_numpy(kind))
    return value


def after_hooks(hooks: Mapping[int, Sequence[Any]], upstream: list[Any]) -> list[Any]:
    """What arrived at a node's outputs, after hooks on them saw it, and maybe changed it."""
    seen = [
        g if g is None else apply_hooks(hooks.get(index, ()), g) for index, g in enumerate(upstream)
    ]
    for hook in hooks.get(BEFORE, ()):
        seen = hook(seen)
    return seen


def hold_back(_: Key, value: Any) -> Any:
    """Deliver nothing yet."""
    return value


def deliver_changed(
    hooks: Sequence[Any], record: Record, upstream: list[Any], sent: Sequence[Sent], state: Pass
) -> Sequence[Sent]:
    """Deliver what a record sends after hooks on it saw that, and maybe changed it."""
    values: list[Any] = [None] * len(record.parents)
    for position, _, _, value, _ in sent:
        values[position] = value
    for hook in hooks:
        values = hook(values, upstream)
    return [
        (position, to, raw, values[position], state.deliver(to, values[position]))
        for position, to, raw, _, _ in sent
        if values[position] is not None
    ]


def apply_hooks(hooks: Sequence[Any], gradient: Any) -> Any:
    """The gradient after each hook in turn; a hook that returns None changes nothing."""
    for hook in hooks:
        changed = hook(gradient)
        gradient = gradient if changed is None else changed
    return gradient
