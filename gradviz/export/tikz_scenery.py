r"""Frames, notes, colours and dots of wires in TikZ; see :mod:`gradviz.export.tikz`."""

from __future__ import annotations

from collections.abc import Iterator
from math import atan2, degrees

from gradviz.export.surroundings import frames, notes, tint
from gradviz.graph import Graph, Wire
from gradviz.graph.scenery import ANCHOR, COLOURS, Frame, Note, Point, dots


def colour_lines(graph: Graph, theme_name: str) -> Iterator[str]:
    """The definitions of the colours in use."""
    used = {node.colour for node in graph.nodes.values()}
    used |= {box.colour for box in (*frames(graph), *notes(graph))}
    for name in COLOURS:
        if name in used:
            yield rf"\definecolor{{{name}}}{{HTML}}{{{tint(name, theme_name).lstrip('#')}}}"


def frame_line(frame: Frame, points: float, escaped: str) -> str:
    """A frame with its title; ``points`` to a pixel."""
    left, top, width, height = (v * points for v in (*frame.at, *frame.size))
    look = f"draw={frame.colour}, fill={frame.colour}!10!card" if frame.colour else "draw=line"
    corner = f"({left:g}pt, {0 - top:g}pt)"
    title = (
        rf"\node[anchor=north west, text=ink, font=\sffamily\bfseries\footnotesize] at {corner} "
    )
    return (
        rf"\path[{look}, rounded corners=5pt] {corner} rectangle +({width:g}pt, {-height:g}pt);"
        f" {title}{{{escaped}}};"
    )


def note_line(note: Note, points: float, text: str) -> str:
    """A note; ``text``: as TeX."""
    left, top, width = (v * points for v in (*note.at, note.size[0]))
    look = "draw=line, fill=card"
    if note.colour:
        look = f"draw={note.colour}, fill={note.colour}!14!card"
    return (
        rf"\node[anchor=north west, {look}, text=ink, align=left, inner sep=6pt,"
        rf" text width={width - 12:g}pt, font=\sffamily\footnotesize]"
        f" at ({left:g}pt, {0 - top:g}pt) {{{text}}};"
    )


def path_of(graph: Graph, wire: Wire, points: float) -> str:
    """The way of a wire from its first end, which is before it, to its last, which comes after."""
    down = graph.settings.flow == "down"
    leave, arrive = (-90, 90) if down else (0, 180)
    through = dots(graph, wire)
    if not through:
        return f"to[out={leave}, in={arrive}]{{note}} "
    ends = [middle(graph, wire.source), *through, middle(graph, wire.target)]
    turns = [direction(a, c) for a, c in zip(ends, ends[2:], strict=False)]
    outs, ins = [leave, *turns], [*((t + 180) % 360 for t in turns), arrive]
    places = [f"({x * points:g}pt, {0 - y * points:g}pt) " for x, y in through] + [""]
    parts = [f"to[out={o}, in={i}]{{note}} {p}" for o, i, p in zip(outs, ins, places, strict=True)]
    return "".join(parts[:1]) + "".join(part.replace("{note}", "") for part in parts[1:])


def middle(graph: Graph, node_id: str) -> Point:
    """About the middle of a card."""
    x, y = graph.node(node_id).position
    return x + ANCHOR[0], y + ANCHOR[1]


def direction(start: Point, end: Point) -> int:
    """The way from one point to another in degrees, counted as TikZ does."""
    return round(degrees(atan2(start[1] - end[1], end[0] - start[0])))
