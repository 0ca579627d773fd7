"""A graph for Graphviz; see https://graphviz.org/doc/info/lang.html."""

from __future__ import annotations

import json

from gradviz.export.captions import captions, plain_id
from gradviz.export.surroundings import outline, pale, tint
from gradviz.graph import Graph
from gradviz.graph.scenery import Box, Note


def dot(graph: Graph) -> str:
    """The graph in DOT, in the direction of its wires, with values, frames, notes and colours.

    Graphviz leads the wires itself, so dots on them are left out.
    """
    way = "TB" if graph.settings.flow == "down" else "LR"
    head = '  node [shape=box, style=rounded, fontname="Inter"];'
    said = captions(graph)

    def node(key: str) -> str:
        label = quoted("\n".join(said[key]))
        return f"{plain_id(key)} [label={label}{coloured(graph.node(key).colour)}];"

    wires = (f"  {plain_id(w.source)} -> {plain_id(w.target)};" for w in graph.wires)
    body = [*outline(graph, node, box_lines, "}"), *wires]
    return "\n".join(["digraph {", f"  rankdir={way};", head, *body, "}"]) + "\n"


def box_lines(box: Box) -> list[str]:
    """A note, or the beginning of a frame."""
    if isinstance(box, Note):
        extra = coloured(box.colour).replace("rounded,", "")
        return [f'"note_{box.id}" [shape=note, label={quoted(box.text)}{extra}];']
    ground = " style=rounded;"
    if box.colour:
        fill, edge = pale(box.colour), tint(box.colour)
        ground = f' style="rounded,filled"; fillcolor="{fill}"; color="{edge}";'
    return [f'subgraph "cluster_{box.id}" {{', f"  label={quoted(box.title)};{ground}"]


def coloured(colour: str) -> str:
    """What gives a node a colour; nothing for none."""
    if not colour:
        return ""
    return f', style="rounded,filled", fillcolor="{pale(colour)}", color="{tint(colour)}"'


def quoted(text: str) -> str:
    """Text as a DOT string."""
    return json.dumps(text, ensure_ascii=False)
