"""What becomes of an input on its way into a node: stretched to a shape, made another type."""

import numpy as np

from gradviz.graph import Node
from gradviz.ops.dtypes import dtype, get_default_dtype
from gradviz.ops.spec import Shape
from gradviz.tensor import Tensor

from ..editor import Editor
from ..numbers import shape_text


def inputs_of(editor: Editor, node: Node) -> dict[int, Tensor]:
    """The values on a node's ports, where there are any."""
    results, found = editor.evaluation.results, {}
    for port, wire in editor.graph.inputs(node.id).items():
        outputs = results[wire.source].outputs if wire.source in results else ()
        if wire.output < len(outputs):
            found[port] = outputs[wire.output]
    return found


def broadcasts(editor: Editor, node: Node) -> dict[int, tuple[Shape, Shape]]:
    """The ports whose tensor is stretched, with its shape and the one it is stretched to.

    A single number is not among them: that it meets every element surprises nobody.
    """
    spec = node.spec
    together = spec.elementwise and spec.category in ("elem", "loss") and len(spec.ports) > 1
    if not together or editor.evaluation.value(node.id) is None:
        return {}
    shapes = {port: each.array.shape for port, each in inputs_of(editor, node).items()}
    if len(set(shapes.values())) < 2:
        return {}
    wanted = np.broadcast_shapes(*shapes.values())
    return {p: (s, wanted) for p, s in shapes.items() if s not in ((), wanted)}


def stretched_text(shapes: tuple[Shape, Shape]) -> str:
    """``(3, 1) → (3, 4)``."""
    return f"{shape_text(shapes[0])} → {shape_text(shapes[1])}"


def gives_type(node: Node, port: int) -> bool:
    """Whether a port's type has a say in the result's, as that of an index has not."""
    spec = node.spec
    return spec.ports[min(port, len(spec.ports) - 1)].promote and (
        port == 0 or spec.promotion != "none"
    )


def new_type(editor: Editor, node: Node) -> tuple[dtype, ...]:
    """A node's type where it is another than one it reads, and those; a leaf's if unusual.

    Empty where nothing changes.
    """
    value = editor.evaluation.value(node.id)
    if value is None:
        return ()
    read = {
        each.dtype: None for port, each in inputs_of(editor, node).items() if gives_type(node, port)
    }
    if not read:
        return (value.dtype,) if value.dtype != get_default_dtype() else ()
    others = [each for each in read if each != value.dtype]
    return (value.dtype, *others) if others else ()
