"""What becomes of an input on its way into a node: stretched to a shape, made another type."""

from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np

from gradviz.graph import Node
from gradviz.ops.dtypes import dtype, get_default_dtype
from gradviz.ops.spec import Op, Shape
from gradviz.tensor import Tensor

from ..editor import Editor
from ..numbers import shape_text


class Conversions(NamedTuple):
    """What a node does to its inputs before it computes.

    ``stretched``: the ports whose tensor is broadcast, with its shape and the one it is given.
    A single number is not among them: that it meets every element surprises nobody. ``types``:
    the node's type where it is another than one it reads, and those; a leaf's if it is unusual.
    """

    stretched: dict[int, tuple[Shape, Shape]]
    types: tuple[dtype, ...]


NONE = Conversions({}, ())


def conversions(editor: Editor, node: Node) -> Conversions:
    """What the node does; nothing where it has no value."""
    value = editor.evaluation.value(node.id)
    if value is None:
        return NONE
    inputs = inputs_of(editor, node)
    made = value.array
    if inputs and all(
        each.array.dtype == made.dtype and each.array.shape == made.shape
        for each in inputs.values()
    ):
        return NONE
    return Conversions(broadcasts(node.spec, inputs), new_type(node.spec, value.dtype, inputs))


def inputs_of(editor: Editor, node: Node) -> dict[int, Tensor]:
    """The values on the ports of a node that has one itself."""
    results = editor.evaluation.results
    wires = editor.graph.incoming.get(node.id, {})
    return {port: results[w.source].outputs[w.output] for port, w in wires.items()}


def broadcasts(spec: Op, inputs: dict[int, Tensor]) -> dict[int, tuple[Shape, Shape]]:
    """See :class:`Conversions`."""
    if len(inputs) < 2 or not spec.elementwise or spec.category not in ("elem", "loss"):
        return {}
    shapes = {port: each.array.shape for port, each in inputs.items()}
    together = set(shapes.values())
    if len(together) < 2:
        return {}
    wanted = _common_shape(frozenset(together))
    return {p: (s, wanted) for p, s in shapes.items() if s not in ((), wanted)}


@lru_cache(maxsize=1024)
def _common_shape(shapes: frozenset[Shape]) -> Shape:
    return np.broadcast_shapes(*shapes)


def stretched_text(shapes: tuple[Shape, Shape]) -> str:
    """``(3, 1) → (3, 4)``."""
    return f"{shape_text(shapes[0])} → {shape_text(shapes[1])}"


def new_type(spec: Op, made: dtype, inputs: dict[int, Tensor]) -> tuple[dtype, ...]:
    """See :class:`Conversions`."""
    if not inputs:
        return (made,) if made is not get_default_dtype() else ()
    others = [
        kind
        for port, each in inputs.items()
        if (kind := each.dtype) is not made and gives_type(spec, port)
    ]
    return (made, *dict.fromkeys(others)) if others else ()


@cache
def gives_type(spec: Op, port: int) -> bool:
    """Whether a port's type has a say in the result's, as that of an index has not."""
    return spec.port(port).promote and (port == 0 or spec.promotion != "none")
