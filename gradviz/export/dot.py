"""A graph for Graphviz; see https://graphviz.org/doc/info/lang.html."""

from __future__ import annotations

import json

from gradviz.export.captions import captions
from gradviz.graph import Graph


def dot(graph: Graph) -> str:
    """The graph in DOT, nodes left to right with their values."""
    lines = ["digraph {", "  rankdir=LR;", '  node [shape=box, style=rounded, fontname="Inter"];']
    for node_id, (title, state) in captions(graph).items():
        lines.append(f"  {node_id} [label={quoted(title + chr(10) + state)}];")
    for wire in graph.wires:
        lines.append(f"  {wire.source} -> {wire.target};")
    return "\n".join([*lines, "}"]) + "\n"


def quoted(text: str) -> str:
    """Text as a DOT string."""
    return json.dumps(text, ensure_ascii=False)
