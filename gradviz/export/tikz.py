r"""A graph as TikZ, for papers: cards and wires where the canvas has them, at any step of the pass.

The file stands alone (``\documentclass{standalone}``); the ``tikzpicture`` in it can be pasted
into any document with its colours. See https://tikz.dev.
"""

from __future__ import annotations

from collections.abc import Iterator

from gradviz.explain.names import latex_name
from gradviz.export.captions import plain_id, state
from gradviz.export.plot import theme
from gradviz.export.surroundings import frames, notes
from gradviz.export.tex import escaped, marked
from gradviz.export.tikz_scenery import colour_lines, frame_line, note_line, path_of
from gradviz.graph import Evaluation, Graph, Node, Walk, Wire, walk_back
from gradviz.numbers import shape_text, short
from gradviz.ops.spec import Array

POINTS = 0.75
"""TeX points (of 1/72 inch) to a pixel of the canvas."""
COLOURS = ("card", "line", "ink", "mute", "val", "grad", "act", "wire", "parameter")
_HEAD = r"""\documentclass[tikz,border=6pt]{standalone}
\usepackage{amsmath}
"""
_STYLES = r"""  card/.style={draw=line, fill=card, text=ink, rounded corners=4pt, inner sep=5pt,
    anchor=north west, font=\sffamily\footnotesize},
  reached/.style={draw=grad}, now/.style={draw=act, line width=1.2pt},
  wire/.style={draw=wire, -stealth}, sent/.style={draw=grad, stealth-}, active/.style={draw=act},
  note/.style={fill=card, text=grad, font=\sffamily\tiny, inner sep=1.5pt},"""


def tikz(graph: Graph, step: int | None = None, theme_name: str = "light") -> str:
    """The graph in TikZ with its values and, after so many steps of the pass, its gradients.

    Raises:
        ValueError: there is no pass, or no such step.
    """
    evaluation = Evaluation(graph)
    walk = None if step is None else walk_of(evaluation, step)
    moment = step or 0
    colours = theme(theme_name)
    lines = [
        *(rf"\definecolor{{{name}}}{{HTML}}{{{colours[name].lstrip('#')}}}" for name in COLOURS),
        *colour_lines(graph, theme_name),
        r"\begin{document}", r"\begin{tikzpicture}[", _STYLES, "]",
        *(frame_line(frame, POINTS, escaped(frame.title)) for frame in reversed(frames(graph))),
        *(card(evaluation, walk, graph.node(node), moment) for node in graph.order()),
        *(line for wire in graph.wires for line in wire_lines(graph, walk, wire, moment)),
        *(note_line(note, POINTS, marked(note.text)) for note in notes(graph)),
        r"\end{tikzpicture}", r"\end{document}",
    ]  # fmt: skip
    return _HEAD + "\n".join(lines) + "\n"


def walk_of(evaluation: Evaluation, step: int) -> Walk:
    """The pass from the document's output, which must have that many steps."""
    output = evaluation.graph.output()
    if output is None:
        raise ValueError("the graph is empty, so there is no backward pass")
    walk = walk_back(evaluation, output)
    if not 0 <= step <= len(walk):
        raise ValueError(f"the backward pass has {len(walk)} steps, so no step {step}")
    return walk


def card(evaluation: Evaluation, walk: Walk | None, node: Node, moment: int) -> str:
    """One node: its name and operation, its value, and its gradient where a pass is shown."""
    name = rf"$\boldsymbol{{{latex_name(node.name)}}}$"
    what = "" if not node.spec.ports else escaped(node.spec.base_name)
    rows = [
        rf"{name} & \textcolor{{mute}}{{{what}}}",
        rf"\textcolor{{val}}{{value}} & \textcolor{{val}}{{{escaped(state(evaluation, node.id))}}}",
    ]
    style = f"card, fill={node.colour}!14!card" if node.colour else "card"
    if walk is not None:
        gradient = walk.partial_at(node.id, moment)
        shown = grad_text(gradient) if node.id in walk.arrival else "no grad"
        rows.append(rf"\textcolor{{grad}}{{grad}} & \textcolor{{grad}}{{{shown}}}")
        if gradient is not None:
            style += ", reached"
        active = walk.active(moment)
        if active is not None and active.node == node.id:
            style += ", now"
    x, y = (round(place * POINTS, 1) for place in node.position)
    inner = r" \\ ".join(rows)
    table = rf"\begin{{tabular}}{{@{{}}l@{{\quad}}r@{{}}}} {inner} \end{{tabular}}"
    return rf"\node[{style}] ({plain_id(node.id)}) at ({x:g}pt, {0 - y:g}pt) {{{table}}};"


def grad_text(gradient: Array | None) -> str:
    """A gradient's number or shape, of what has arrived by now; dots before anything has."""
    if gradient is None:
        return r"$\cdot\;\cdot\;\cdot$"
    return escaped(amount(gradient))


def amount(value: Array) -> str:
    """A number, or a tensor's shape."""
    return short(value.item()) if value.size == 1 else shape_text(value.shape)


def wire_lines(graph: Graph, walk: Walk | None, wire: Wire, moment: int) -> Iterator[str]:
    """One wire, with what has been sent back along it."""
    place = wire.target, wire.port
    travelled = None if walk is None else walk.travelled.get(place)
    style, note = "wire", ""
    if walk is not None and travelled is not None and travelled <= moment:
        style = "sent, active" if travelled == moment else "sent"
        sent = escaped(amount(walk.contributions[place].value))
        note = rf" node[note, midway] {{{sent}}}"
    out, into = ("south", "north") if graph.settings.flow == "down" else ("east", "west")
    way = path_of(graph, wire, POINTS).replace("{note}", note)
    yield rf"\draw[{style}] ({plain_id(wire.source)}.{out}) {way}({plain_id(wire.target)}.{into});"
