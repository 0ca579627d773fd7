"""A graph as a Mermaid flowchart; see https://mermaid.js.org/syntax/flowchart.html."""

from __future__ import annotations

from html import escape

from gradviz.export.captions import captions, plain_id
from gradviz.export.surroundings import outline, pale, tint
from gradviz.graph import Graph
from gradviz.graph.scenery import Box, Note, boxes


def mermaid(graph: Graph) -> str:
    """The graph in Mermaid, in the direction of its wires, with values, frames, notes and colours.

    Mermaid leads the wires itself, so dots on them are left out.
    """
    way = "TB" if graph.settings.flow == "down" else "LR"
    said = captions(graph)

    def node(key: str) -> str:
        return f'{plain_id(key)}["{"<br/>".join(map(escape, said[key]))}"]'

    lines = [f"flowchart {way}", *outline(graph, node, box_lines, "end")]
    lines += [f"  {plain_id(w.source)} --> {plain_id(w.target)}" for w in graph.wires]
    colours = {plain_id(node.id): node.colour for node in graph.nodes.values()}
    colours |= {f"box_{i}": b.colour for i, b in boxes(graph).items()}
    lines += [
        f"  style {key} fill:{pale(colour)},stroke:{tint(colour)}"
        for key, colour in colours.items()
        if colour
    ]
    return "\n".join(lines) + "\n"


def box_lines(box: Box) -> list[str]:
    """A note, or the beginning of a frame."""
    if isinstance(box, Note):
        return [f'box_{box.id}>"{escape(box.text).replace(chr(10), "<br/>")}"]']
    return [f'subgraph box_{box.id}["{escape(box.title) or " "}"]']
