"""A graph for Graphviz; see https://graphviz.org/doc/info/lang.html."""

from __future__ import annotations

import json

from gradviz.export.captions import captions
from gradviz.export.surroundings import outline, pale, tint
from gradviz.graph import Graph
from gradviz.graph.decorating import box
from gradviz.graph.scenery import Frame


def dot(graph: Graph) -> str:
    """The graph in DOT, in the direction of its wires, with values, frames, notes and colours.

    Graphviz leads the wires itself, so dots on them are left out.
    """
    way = "TB" if graph.settings.flow == "down" else "LR"
    head = '  node [shape=box, style=rounded, fontname="Inter"];'
    lines = ["digraph {", f"  rankdir={way};", head]
    said = captions(graph)
    for depth, kind, key in outline(graph):
        indent = "  " * (depth + 1)
        if kind == "close":
            lines.append(f"{indent}}}")
        elif kind == "node":
            title, state = said[key]
            extra = coloured(graph.node(key).colour)
            lines.append(f"{indent}{key} [label={quoted(title + chr(10) + state)}{extra}];")
        else:
            lines += [indent + line for line in box_lines(graph, key)]
    for wire in graph.wires:
        lines.append(f"  {wire.source} -> {wire.target};")
    return "\n".join([*lines, "}"]) + "\n"


def box_lines(graph: Graph, key: str) -> list[str]:
    """The beginning of a frame, or a note."""
    found = box(graph, key)
    ground = " style=rounded;"
    if found.colour:
        fill, edge = pale(found.colour), tint(found.colour)
        ground = f' style="rounded,filled"; fillcolor="{fill}"; color="{edge}";'
    if isinstance(found, Frame):
        return [f'subgraph "cluster_{key}" {{', f"  label={quoted(found.title)};{ground}"]
    extra = coloured(found.colour).replace("rounded,", "")
    return [f'"note_{key}" [shape=note, label={quoted(found.text)}{extra}];']


def coloured(colour: str) -> str:
    """What gives a node a colour; nothing for none."""
    if not colour:
        return ""
    return f', style="rounded,filled", fillcolor="{pale(colour)}", color="{tint(colour)}"'


def quoted(text: str) -> str:
    """Text as a DOT string."""
    return json.dumps(text, ensure_ascii=False)
