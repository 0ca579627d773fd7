"""What is said of a card under the pointer: its value, figures about it, and where it is from."""

from textwrap import fill

import numpy as np

from gradviz.graph import Node, Result
from gradviz.ops.spec import Array

from ..editor import Editor
from ..numbers import full, shape_text, short
from ..spread import Spread, spread_of
from .content import message_of, slope_of
from .conversions import conversions
from .naming import scalar

LINE = 72
BARS = "▁▂▃▄▅▆▇█"
COLUMNS = 24


def details(editor: Editor, node_id: str) -> str:
    """A node's tooltip: the whole message, or values in full precision."""
    node = editor.graph.node(node_id)
    result = editor.evaluation.results.get(node_id, Result())
    head = f"{node.name} · {node.spec.public_path}"
    if result.error is not None:
        return f"{head}\n" + fill(f"{result.error.kind}: {result.error}", LINE)
    message = message_of(editor, result)
    if message:
        return f"{head}\n{message}"
    kind, grad = slope_of(editor, node_id)
    word = "tangent" if editor.passes.tangential else "grad"
    value = editor.value(node_id)
    lines = [head, *came_from(editor, node)]
    if value is None:
        lines.append("value —")
    else:
        lines.append(f"value {_whole(value.array)}  {value.dtype.name}")
        lines += figures(np.asarray(value.array))
    if kind in ("known", "partial"):
        lines.append(f"{word} {_whole(grad)}" + (" so far" if kind == "partial" else ""))
        kept = editor.passes.kept(node_id)
        if kept is not None:
            lines.append(f".grad {_whole(kept)} with the passes before")
    else:
        none = "the direction does not move it" if word == "tangent" else "no gradient comes here"
        lines.append(none if kind == "none" else f"{word} not computed yet")
    lines += [f"\N{WARNING SIGN} {warning}" for warning in editor.advice.warnings(node_id)]
    return "\n".join(lines)


def _whole(array: Array | None) -> str:
    if array is None:
        return "—"
    plain = np.asarray(array)
    if plain.ndim == 0:
        return full(scalar(plain))
    text = np.array2string(plain, threshold=40, edgeitems=3, max_line_width=LINE)
    return f"{shape_text(plain.shape)}\n{text}"


def came_from(editor: Editor, node: Node) -> list[str]:
    """What a node reads with its shapes, and what of its types changed on the way."""
    graph, results = editor.graph, editor.evaluation.results
    read = [
        f"{graph.node(w.source).name} {shape_text(results[w.source].outputs[w.output].array.shape)}"
        for w in graph.inputs(node.id).values()
        if w.output < len(results[w.source].outputs)
    ]
    types = conversions(editor, node).types
    lines = [f"from {', '.join(read)}"] if read else []
    if len(types) > 1:
        lines.append(f"{types[0].name} from {', '.join(each.name for each in types[1:])}")
    return lines


def figures(array: Array) -> list[str]:
    """Least, greatest, mean and spread of a tensor, how much of it is no number, and its course."""
    spread = spread_of(array)
    if spread is None:
        return []
    said = spread.said()
    return [said, course(array, spread)] if spread.finite.size else [said] if said else []


def course(array: Array, spread: Spread) -> str:
    """A vector's numbers as a line of bars, of other tensors how often which numbers occur."""
    low, high, finite = spread.low, spread.high, spread.finite
    if low == high:
        return f"all {short(low)}" if finite.size == array.size else ""
    if array.ndim == 1 and finite.size == array.size:
        parts = np.array_split(finite, min(COLUMNS, finite.size))
        return bars(np.array([part.mean() for part in parts]), low, high)
    counts = spread.counts()
    return f"{short(low)} {bars(counts, 0.0, float(counts.max()))} {short(high)}"


def bars(heights: Array, low: float, high: float) -> str:
    """Numbers as bars between the lowest and the highest."""
    steps = np.rint((heights - low) / (high - low) * (len(BARS) - 1)).astype(int)
    return "".join(BARS[step] for step in steps)
