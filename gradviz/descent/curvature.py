"""Second derivatives by all parameters at once, and what squares make of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from gradviz.autograd.backward import grad
from gradviz.descent.objective import Call, Objective
from gradviz.descent.settings import DescentError
from gradviz.ops.spec import Array
from gradviz.tensor.tensor import Tensor

MOST = 400
"""The most parameters, or numbers squared, of which a whole matrix is made."""


def flattened(objective: Objective, point: Mapping[str, Array]) -> Array:
    """All parameters as one vector, in the objective's order, in double precision."""
    return np.concatenate(
        [np.asarray(point[i], np.float64).reshape(-1) for i in objective.parameters]
    )


def wide(point: Mapping[str, Array]) -> dict[str, Array]:
    """A point in double precision."""
    return {i: np.asarray(a, np.float64) for i, a in point.items()}


def check_size(count: int, what: str) -> None:
    """Refuse a matrix that would take too long."""
    if count > MOST:
        raise DescentError(
            f"{what} would be a matrix for {count} numbers, and {MOST} are the most that are quick"
        )


def hessian(objective: Objective, point: Mapping[str, Array]) -> Array:
    """The second derivatives of the loss by all parameters, flattened; DescentError if too many.

    In double precision, by a backward pass through the backward pass for each row.
    """
    size = sum(np.size(point[i]) for i in objective.parameters)
    check_size(size, "the second derivatives")
    found = objective.tensors(wide(point), wide=True)
    output = found[objective.output][0]
    leaves = [found[i][0] for i in objective.parameters]
    if not output.requires_grad:
        return np.zeros((size, size))
    with np.errstate(all="ignore"):
        seed = Tensor.wrap(np.ones_like(output.array))
        first = grad(output, leaves, seed, create_graph=True, allow_unused=True)
        pairs = zip(first, leaves, strict=True)
        rows = [row for g, leaf in pairs for row in rows_of(g, leaf.array.size, leaves)]
    matrix = np.array(rows).reshape(size, size)
    return (matrix + matrix.T) / 2


def rows_of(value: Tensor | None, size: int, leaves: Sequence[Tensor]) -> Iterator[Array]:
    """The derivative of each number of a tensor by all leaves, flattened."""
    width = sum(leaf.array.size for leaf in leaves)
    if value is None or not value.requires_grad:
        yield from (np.zeros(width) for _ in range(size))
        return
    for index in range(size):
        seed = np.zeros_like(value.array)
        seed.reshape(-1)[index] = 1.0
        found = grad(value, list(leaves), Tensor.wrap(seed), retain_graph=True, allow_unused=True)
        parts = zip(found, leaves, strict=True)
        yield np.concatenate(
            [(np.zeros(a.array.size) if g is None else g.array.reshape(-1)) for g, a in parts]
        )


def flat_of(value: Tensor | None, leaf: Tensor) -> Array:
    """A gradient, flattened; where there is none, zeros."""
    return np.zeros(leaf.array.size) if value is None else value.array.reshape(-1)


def curved(first: Sequence[Tensor | None], leaves: Sequence[Tensor], direction: Array) -> Array:
    """How the gradient changes along a direction, flattened: the Hessian times it.

    ``first``: the gradient by each of ``leaves``, recorded.
    """
    total, begin = None, 0
    for slope, leaf in zip(first, leaves, strict=True):
        end = begin + leaf.array.size
        part = Tensor.wrap(np.array(direction[begin:end]).reshape(leaf.array.shape))
        begin = end
        if slope is not None and slope.requires_grad:
            term = (slope * part).sum()
            total = term if total is None else total + term
    if total is None:
        return np.zeros(len(direction))
    rows = grad(total, list(leaves), retain_graph=True, allow_unused=True)
    return np.concatenate([flat_of(r, leaf) for r, leaf in zip(rows, leaves, strict=True)])


@dataclass(frozen=True, slots=True)
class Square:
    """A part of a loss that is ``weight`` times the sum of the squares of a node's numbers.

    ``minus``: a node that is taken away from it first, where there is one.
    """

    source: tuple[str, int]
    weight: float
    minus: tuple[str, int] | float | None = None


def squares(objective: Objective) -> tuple[Square, ...]:
    """The squares that a loss is a sum of; DescentError says where it is none."""
    calls = {c.node: c for c in objective.calls}
    size = int(np.size(objective.evaluation.results[objective.output].value.array))
    return tuple(parts(objective, calls, objective.output, 1.0, size))


def parts(
    objective: Objective, calls: Mapping[str, Call], node: str, weight: float, size: int
) -> Iterator[Square]:
    """The squares that a node is a sum of, each of whose numbers counts with ``weight``."""
    call = calls.get(node)
    name = objective.graph.node(node).name
    refusal = DescentError(
        f"Gauss–Newton needs a sum or mean of squares, and '{name}' is none; Newton needs no form"
    )
    if call is None or np.size(objective.evaluation.results[node].value.array) != size:
        raise refusal
    a, b = call.sources.get(0), call.sources.get(1)
    match call.op.name:
        case "add" if call.attrs.get("alpha", 1) == 1:
            for side in (a, b):
                if isinstance(side, tuple) and side[0] in calls:
                    yield from parts(objective, calls, side[0], weight, size)
        case "mul" | "div" if positive(a if not isinstance(a, tuple) else b):
            inner, factor = (b, a) if not isinstance(a, tuple) else (a, b)
            if not isinstance(inner, tuple) or (call.op.name == "div" and inner is b):
                raise refusal
            scale = float(factor) if call.op.name == "mul" else 1.0 / float(factor)  # pyright: ignore[reportArgumentType]
            yield from parts(objective, calls, inner[0], weight * scale, size)
        case "pow" if b == 2 and isinstance(a, tuple):
            yield Square(a, weight)
        case "square" if isinstance(a, tuple):
            yield Square(a, weight)
        case "mul" if a == b and isinstance(a, tuple):
            yield Square(a, weight)
        case "sum" | "mean" if not call.attrs.get("dim") and isinstance(a, tuple):
            count = int(np.size(objective.evaluation.results[a[0]].value.array))
            each = weight / count if call.op.name == "mean" else weight
            yield from parts(objective, calls, a[0], each, count)
        case "mse_loss" if call.attrs.get("reduction", "mean") in ("mean", "sum"):
            assert isinstance(a, tuple)
            count = int(np.size(objective.evaluation.results[a[0]].value.array))
            mean = call.attrs.get("reduction", "mean") == "mean"
            yield Square(a, weight / count if mean else weight, b)
        case _:
            raise refusal


def positive(factor: Any) -> bool:
    """Whether a factor is a number above 0."""
    return isinstance(factor, int | float) and factor > 0


def gauss_newton(
    objective: Objective, found: Sequence[Square], point: Mapping[str, Array]
) -> tuple[Array, int]:
    """Twice the weighted Jacobian of what is squared times itself, and how many rows it took."""
    tensors = objective.tensors(wide(point), wide=True)
    leaves = [tensors[i][0] for i in objective.parameters]
    width = sum(leaf.array.size for leaf in leaves)
    matrix, count = np.zeros((width, width)), 0
    with np.errstate(all="ignore"):
        for square in found:
            value = tensors[square.source[0]][square.source[1]]
            if square.minus is not None:
                minus = square.minus
                other = tensors[minus[0]][minus[1]] if isinstance(minus, tuple) else minus
                value = cast("Tensor", value - other)
            check_size(value.array.size, "the Jacobian of what is squared")
            rows = np.array(list(rows_of(value, value.array.size, leaves)))
            matrix += 2.0 * square.weight * rows.T @ rows
            count += len(rows)
    return matrix, count
