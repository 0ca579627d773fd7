"""A graph as a Mermaid flowchart; see https://mermaid.js.org/syntax/flowchart.html."""

from __future__ import annotations

from html import escape

from gradviz.export.captions import captions
from gradviz.graph import Graph


def mermaid(graph: Graph) -> str:
    """The graph in Mermaid, nodes left to right with their values."""
    lines = ["flowchart LR"]
    for node_id, (title, state) in captions(graph).items():
        lines.append(f'  {node_id}["{escape(title)}<br/>{escape(state)}"]')
    for wire in graph.wires:
        lines.append(f"  {wire.source} --> {wire.target}")
    return "\n".join(lines) + "\n"
