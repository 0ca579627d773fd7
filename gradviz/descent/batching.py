"""Many points in one run: what moves gets an axis of its own in front of its own axes.

Only operations with a rule here can be run so; a graph with another one is computed point by
point. A rule must give, at each index of the new axis, what the operation gives there alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradviz.descent.objective import Call, Objective, resolve
from gradviz.descent.settings import Axis
from gradviz.graph.evaluate import gather
from gradviz.ops.spec import Array
from gradviz.ops.table import OPS
from gradviz.tensor.dispatch import prepare, run_forward

MOST_NUMBERS = 2_000_000
"""Numbers held at once for the largest value on the way; more points are taken in parts."""


@dataclass(frozen=True, slots=True)
class Operand:
    """An input of a call: an array, a number or None; ``many``: with the axis of points."""

    value: Any
    many: bool

    @property
    def rank(self) -> int:
        """How many axes of its own it has."""
        return int(np.ndim(self.value)) - self.many

    def raised(self, rank: int) -> Any:
        """With axes of length 1 put before its own, so that it broadcasts as it would alone."""
        if not self.many or self.rank == rank:
            return self.value
        shape = self.value.shape
        return self.value.reshape(shape[0], *(1,) * (rank - self.rank), *shape[1:])


Rule = Callable[[Call, Sequence[Operand], int], Array]


def each_element(call: Call, operands: Sequence[Operand], count: int) -> Array:
    """Operations that work element by element."""
    rank = max(o.rank for o in operands if o.value is not None)
    inputs = tuple(o.raised(rank) for o in operands)
    return np.asarray(run_forward(call.op, prepare(call.op, inputs), call.attrs))


def loss(call: Call, operands: Sequence[Operand], count: int) -> Array:
    """Losses of elements, reduced over all axes but that of the points."""
    rank = max(o.rank for o in operands if o.value is not None)
    raised = [None if o.value is None else o.raised(rank) for o in operands]
    shapes = [np.shape(r) for r in raised if r is not None]
    shape = np.broadcast_shapes((count, *(1,) * rank), *shapes)
    full = tuple(None if r is None else np.broadcast_to(r, shape) for r in raised)
    single = run_forward(call.op, prepare(call.op, full), {**call.attrs, "reduction": "none"})
    reduction = call.attrs["reduction"]
    if reduction == "none":
        return np.asarray(single)
    flat = np.asarray(single).reshape(count, -1)
    return flat.mean(axis=1) if reduction == "mean" else flat.sum(axis=1)


def total(call: Call, operands: Sequence[Operand], count: int) -> Array:
    """Sums and means over some or all axes."""
    (operand,) = operands
    dims = call.attrs["dim"]
    chosen = range(operand.rank) if dims is None or dims == () else np.atleast_1d(dims).tolist()
    axes = tuple(d % max(operand.rank, 1) + 1 for d in chosen) if operand.rank else ()
    reduce = np.sum if call.op.name == "sum" else np.mean
    return np.asarray(reduce(operand.value, axis=axes, keepdims=bool(call.attrs["keepdim"])))


def product(call: Call, operands: Sequence[Operand], count: int) -> Array:
    """Matrix products; a vector is a row on the left and a column on the right."""
    left, right = operands
    a = left.value[..., None, :] if left.rank == 1 else left.value
    b = right.value[..., :, None] if right.rank == 1 else right.value
    result = np.matmul(a, b)
    if left.rank == 1:
        result = result[..., 0, :] if right.rank != 1 else result[..., 0]
    return result[..., 0] if right.rank == 1 else result


def along(call: Call, operands: Sequence[Operand], count: int) -> Array:
    """Operations along one axis, which now lies one further."""
    (operand,) = operands
    dim = int(call.attrs["dim"]) % max(operand.rank, 1) + 1
    return np.asarray(
        run_forward(call.op, prepare(call.op, (operand.value,)), {**call.attrs, "dim": dim})
    )


NOT_EACH = {"masked_select", "masked_scatter", "masked_fill", "copy"}
RULES: Mapping[str, Rule] = {
    **{n: each_element for n, op in OPS.items() if op.elementwise and n not in NOT_EACH},
    **dict.fromkeys(
        ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "binary_cross_entropy",
         "binary_cross_entropy_with_logits"), loss),
    "sum": total, "mean": total,
    **dict.fromkeys(("matmul", "mm", "mv", "dot"), product),
    **dict.fromkeys(("softmax", "log_softmax"), along),
}  # fmt: skip


def batchable(objective: Objective, axes: Sequence[Axis]) -> bool:
    """Whether every call that depends on the axes has a rule, and all works in one type.

    Types are asked for because a value without axes counts less in PyTorch's promotion than
    one with axes, which every value that moves has here.
    """
    kinds = {a.dtype for a in objective.start().values()}
    kinds |= {t.array.dtype for ts in objective.constants.values() for t in ts}
    kinds = {k for k in kinds if np.issubdtype(k, np.floating)}
    if len(kinds) != 1:
        return False
    moving = objective.graph.downstream(tuple(a.node for a in axes))
    return all(has_rule(objective, c, kinds) for c in objective.calls if c.node in moving)


def has_rule(objective: Objective, call: Call, kinds: set[np.dtype[Any]]) -> bool:
    """Whether one call can be run for many points."""
    if call.op.name not in RULES or len(call.op.outputs) > 1:
        return False
    if call.attrs.get("dtype") is not None:
        return False
    result = objective.evaluation.results[call.node]
    if not result.ok:
        return False
    kind = result.value.array.dtype
    return kind in kinds or not np.issubdtype(kind, np.floating)


def largest(objective: Objective, axes: Sequence[Axis]) -> int:
    """How many numbers the largest value that moves has."""
    nodes = objective.graph.downstream(tuple(a.node for a in axes))
    results = (objective.evaluation.results[i] for i in nodes if i in objective.evaluation.results)
    return max((r.value.array.size for r in results if r.ok), default=1)


def losses_at(
    objective: Objective, axes: Sequence[Axis], base: Mapping[str, Array], points: Array,
    cancelled: Callable[[], bool] | None = None,
) -> Array | None:  # fmt: skip
    """The loss at each row of ``points`` (coordinates on the axes), all else as in ``base``.

    Only where :func:`batchable`. None where ``cancelled`` said so.
    """
    part = max(1, MOST_NUMBERS // largest(objective, axes))
    found: list[Array] = []
    for begin in range(0, len(points), part):
        if cancelled is not None and cancelled():
            return None
        found.append(part_of(objective, axes, base, points[begin : begin + part]))
    return np.concatenate(found)


def part_of(
    objective: Objective, axes: Sequence[Axis], base: Mapping[str, Array], points: Array
) -> Array:
    """The losses at a few points, in one run of the graph."""
    count = len(points)
    found: dict[str, Any] = {i: (np.asarray(a),) for i, a in base.items()}
    found |= {i: tuple(t.array for t in ts) for i, ts in objective.constants.items()}
    many: set[str] = set()
    for axis, column in zip(axes, points.T, strict=True):
        if axis.node not in many:
            found[axis.node] = (np.repeat(found[axis.node][0][None], count, axis=0),)
            many.add(axis.node)
        found[axis.node][0][(slice(None), *axis.index)] = column
    for call in objective.calls:
        sources = [s[0] for s in call.sources.values() if isinstance(s, tuple)]
        inputs, _ = gather(call.op, resolve(call, found))
        if not many & set(sources):
            result: Any = run_forward(call.op, prepare(call.op, inputs), call.attrs)
            found[call.node] = result if isinstance(result, tuple) else (np.asarray(result),)
            continue
        operands = [Operand(v, is_many(call, p, many)) for p, v in enumerate(inputs)]
        found[call.node] = (RULES[call.op.name](call, operands, count),)
        many.add(call.node)
    values = found[objective.output][0].astype(np.float64)
    return np.array(np.broadcast_to(values.reshape(len(values), -1)[:, 0], (count,)))


def is_many(call: Call, port: int, many: set[str]) -> bool:
    """Whether what a port takes has the axis of points."""
    source = call.sources.get(port)
    return isinstance(source, tuple) and source[0] in many
