"""Points where a slope is not one number: kinks, ties and jumps, found by trying both sides."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradviz.autograd.mode import no_grad
from gradviz.explain.model import amount, scalar
from gradviz.graph.document import Node
from gradviz.graph.evaluate import Evaluation, gather, run_op
from gradviz.numbers import short
from gradviz.ops.spec import Array
from gradviz.tensor.tensor import Tensor

STEP = 1e-6
FARTHEST = 1e7
"""Beyond this a step small enough to show a kink is lost in rounding."""


def kink(evaluation: Evaluation, node: Node, port: int, local: Array) -> str:
    """What slopes meet at a single number's place, and which PyTorch takes; empty where smooth."""
    inputs = inputs_of(evaluation, node)
    at = inputs.get(port)
    if not isinstance(at, Tensor) or at.array.size != 1 or not scalar(local):
        return ""
    slopes = side_slopes(node, inputs, port)
    if slopes is None:
        return ""
    left, right = slopes
    if abs(left - right) <= 1e-3 * max(1.0, abs(left), abs(right)):
        return ""
    taken = amount(local)
    if max(abs(left), abs(right)) > 1e-2 / STEP:
        return f"There is a jump here, where no slope exists: PyTorch's convention is {taken}"
    return (
        f"There is a kink here: the slope is {short(left)} just below and {short(right)} just "
        f"above; PyTorch's convention is {taken}"
    )


def inputs_of(evaluation: Evaluation, node: Node) -> dict[int, Any]:
    """What stands at each port of a node, numbers of floating type in double precision."""
    found: dict[int, Any] = dict(node.literals)
    for port, wire in evaluation.graph.inputs(node.id).items():
        value = evaluation.results[wire.source].outputs[wire.output]
        array = value.array
        found[port] = Tensor.wrap(array.astype(np.float64) if array.dtype.kind == "f" else array)
    return found


def side_slopes(node: Node, inputs: dict[int, Any], port: int) -> tuple[float, float] | None:
    """The slopes just below and just above; None where they cannot be told."""
    at = float(inputs[port].array.reshape(-1)[0])
    if not np.isfinite(at) or abs(at) > FARTHEST:
        return None
    step = STEP * min(1.0, abs(at)) or STEP
    low, here, high = (value_at(node, inputs, port, at + d * step) for d in (-1, 0, 1))
    slopes = ((here - low) / step, (high - here) / step)
    return slopes if np.isfinite(slopes).all() else None


def value_at(node: Node, inputs: dict[int, Any], port: int, at: float) -> float:
    """The node's value with another number at one port, summed if there are several."""
    moved = Tensor.wrap(np.full(inputs[port].array.shape, at))
    given, _ = gather(node.spec, {**inputs, port: moved})
    with no_grad():
        output = run_op(node, given)[0]
    return float(np.sum(output.array))
