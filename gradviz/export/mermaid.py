"""A graph as a Mermaid flowchart; see https://mermaid.js.org/syntax/flowchart.html."""

from __future__ import annotations

from html import escape

from gradviz.export.captions import captions
from gradviz.export.surroundings import outline, pale, tint
from gradviz.graph import Graph
from gradviz.graph.decorating import box
from gradviz.graph.scenery import Frame, boxes


def mermaid(graph: Graph) -> str:
    """The graph in Mermaid, in the direction of its wires, with values, frames, notes and colours.

    Mermaid leads the wires itself, so dots on them are left out.
    """
    lines = ["flowchart TB" if graph.settings.flow == "down" else "flowchart LR"]
    said = captions(graph)
    for depth, kind, key in outline(graph):
        indent = "  " * (depth + 1)
        if kind == "close":
            lines.append(f"{indent}end")
        elif kind == "node":
            title, state = said[key]
            lines.append(f'{indent}{key}["{escape(title)}<br/>{escape(state)}"]')
        else:
            lines.append(indent + box_line(graph, key))
    for wire in graph.wires:
        lines.append(f"  {wire.source} --> {wire.target}")
    colours = {node.id: node.colour for node in graph.nodes.values()}
    colours |= {f"box_{i}": b.colour for i, b in boxes(graph).items()}
    lines += [
        f"  style {key} fill:{pale(colour)},stroke:{tint(colour)}"
        for key, colour in colours.items()
        if colour
    ]
    return "\n".join(lines) + "\n"


def box_line(graph: Graph, key: str) -> str:
    """The beginning of a frame, or a note."""
    found = box(graph, key)
    if isinstance(found, Frame):
        return f'subgraph box_{key}["{escape(found.title) or " "}"]'
    return f'box_{key}>"{escape(found.text).replace(chr(10), "<br/>")}"]'
