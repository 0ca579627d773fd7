"""What the inspector says of a node in a line each: its forward run, shapes and type."""

import string
from collections.abc import Sequence
from types import MappingProxyType
from typing import Final

from gradviz.graph import Evaluation, Graph, Node
from gradviz.ops.indexing import index_text
from gradviz.ops.spec import Array, Op

from ..numbers import shape_text, short

CATEGORIES: Final = MappingProxyType(
    {
        "leaf": "leaf",
        "const": "constant",
        "elem": "elementwise",
        "reduce": "reduction",
        "linalg": "linear algebra",
        "loss": "loss",
        "shape": "shape",
        "index": "indexing",
    }
)
SIGNS: Final = ((" * ", " × "), (" - ", " − "), (" / ", " ÷ "))


def subtitle(node: Node) -> str:
    """``elementwise · torch.mul``."""
    return f"{CATEGORIES[node.spec.category]} · {node.spec.public_path}"


def operands(graph: Graph, evaluation: Evaluation, node: Node) -> list[tuple[str, Array | None]]:
    """What a node reads, in order of ports: how it is called, and its value where there is one.

    A number typed on a port is called by itself.
    """
    wires, found = graph.inputs(node.id), []
    for port in sorted({*wires, *node.literals}):
        wire = wires.get(port)
        if wire is None:
            found.append((short(node.literals[port]), None))
            continue
        result = evaluation.results[wire.source]
        source = graph.node(wire.source)
        several = len(source.spec.outputs) > 1
        name = f"{source.name}.{source.spec.outputs[wire.output]}" if several else source.name
        found.append((name, result.outputs[wire.output].array if result.ok else None))
    return found


def expression(op: Op, parts: Sequence[str]) -> str:
    """An operation on these operands as it is read: ``w × x``, ``sin(x)``."""
    names = [name for _, name, _, _ in string.Formatter().parse(op.source) if name]
    ports = [port.name for port in op.ports]
    if op.source and names == ports and len(parts) == len(ports):
        written = op.source.format(**dict(zip(ports, parts, strict=True)))
        for typed, read in SIGNS:
            written = written.replace(typed, read)
        return written
    return f"{op.base_name}({', '.join(parts)})"


def forward_text(graph: Graph, evaluation: Evaluation, node: Node) -> str:
    """``w × x = 2.000 × −1.500 = −3.000``; with tensors only what is done; "" for a leaf."""
    parts = operands(graph, evaluation, node)
    if not parts:
        return ""
    named = expression(node.spec, [name for name, _ in parts])
    if node.spec.name in ("getitem", "setitem"):
        part = f"{parts[0][0]}[{index_text(node.setting('index'))}]"
        return part if len(parts) == 1 else f"{part} ← {parts[1][0]}"
    result = evaluation.value(node.id)
    arrays = [array for _, array in parts if array is not None]
    if result is None or result.array.size != 1 or any(array.size != 1 for array in arrays):
        return named
    figures = [name if array is None else short(array.reshape(-1)[0]) for name, array in parts]
    counted = expression(node.spec, figures)
    said = [named, counted, short(result.array.reshape(-1)[0])]
    return " = ".join(dict.fromkeys(said))


def shape_line(graph: Graph, evaluation: Evaluation, node: Node) -> str:
    """``( ) ← ( ), ( )``: what comes out of what goes in."""
    result = evaluation.results[node.id]
    out = ", ".join(shape_text(each.array.shape) for each in result.outputs) or "—"
    wired = [array for _, array in operands(graph, evaluation, node) if array is not None]
    return f"{out} ← {', '.join(shape_text(array.shape) for array in wired)}" if wired else out
