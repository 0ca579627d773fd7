"""A graph as the text of a file: the same graph always gives the same text.

Nodes stand in the order of their ids and wires in that of their targets, each setting on a
line of its own, so that a difference between two files reads as the edit that made it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from gradviz.files.encoding import encode, encode_number, encode_plain
from gradviz.files.schema import FORMAT
from gradviz.graph import scenery
from gradviz.graph.bookmarks import Bookmark
from gradviz.graph.document import Graph, Node, Wire, id_key
from gradviz.graph.groups import Group, GroupPort
from gradviz.graph.guards import is_list, is_mapping
from gradviz.graph.scenery import Box, Frame, Note, Point

ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)
WIDTH = 88
"""Lists and objects of workspaces longer than this are spread over several lines."""


def dumps(graph: Graph) -> str:
    """The text of a ``.gradviz`` file."""
    return "".join(parts(graph))


def parts(graph: Graph) -> Iterator[str]:
    """The text of a ``.gradviz`` file, a field, a node or a wire at a time."""
    start = "{\n"
    for name, texts in named_texts(graph):
        yield f'{start}  "{name}": '
        yield from texts
        start = ",\n"
    yield "\n}\n"


def named_texts(graph: Graph) -> list[tuple[str, Iterable[str]]]:
    """What stands under each name of a file, in pieces."""
    nodes = sorted(graph.nodes.values(), key=lambda n: id_key(n.id))
    settings = graph.settings
    output = settings.output if settings.output in graph.nodes else None
    groups = sorted(graph.groups.values(), key=lambda g: id_key(g.id))
    boxes = scenery.boxes(graph).values()
    # What few documents have is left out where there is none.
    rare = {
        "groups": [group_text(group) for group in groups],
        "frames": [box_text(box) for box in boxes if isinstance(box, Frame)],
        "notes": [box_text(box) for box in boxes if isinstance(box, Note)],
    }
    marks = [bookmark_text(graph, mark) for mark in settings.bookmarks]
    watches = list(graph.watches)
    return [
        ("format", (str(FORMAT),)),
        ("title", (line(settings.title),)),
        ("description", (line(settings.description),)),
        ("nodes", listed(node_text(node) for node in nodes)),
        ("wires", listed(wire_text(w, scenery.dots(graph, w)) for w in graph.wires)),
        *((name, listed(texts)) for name, texts in rare.items() if texts),
        *([("flow", (line(settings.flow),))] if settings.flow != "right" else []),
        ("output", (line(output),)),
        ("descent", (block(encode_plain(settings.descent)),)),
        ("view", (block(encode_plain(settings.view)),)),
        *([("watches", (line(watches),))] if watches else []),
        *([("bookmarks", listed(marks))] if marks else []),
    ]


def bookmark_text(graph: Graph, mark: Bookmark) -> str:
    """A bookmark, on one line; of a group that is gone meanwhile it says nothing."""
    entry: dict[str, Any] = {"name": mark.name, "at": list(mark.at), "zoom": mark.zoom}
    if mark.group in graph.groups:
        entry["group"] = mark.group
    return line(entry)


def line(value: Any) -> str:
    """JSON on one line."""
    return ENCODER.encode(value)


def block(value: Any, indent: str = "  ") -> str:
    """JSON on one line where it is short, else with each member on its own."""
    flat = line(value)
    if len(flat) + len(indent) <= WIDTH:
        return flat
    inner = indent + "  "
    if is_mapping(value):
        rows, ends = [f"{line(k)}: {block(v, inner)}" for k, v in value.items()], "{}"
    elif is_list(value):
        rows, ends = [block(v, inner) for v in value], "[]"
    else:
        return flat
    return f"{ends[0]}\n{inner}" + f",\n{inner}".join(rows) + f"\n{indent}{ends[1]}"


def listed(items: Iterable[str]) -> Iterator[str]:
    """A list with each item beginning a line, an item at a time."""
    start = "["
    for item in items:
        yield f"{start}\n    {item}"
        start = ","
    yield "[]" if start == "[" else "\n  ]"


def node_text(node: Node) -> str:
    """A node: what it is on the first line, then each setting."""
    named = ", ".join(
        f'"{k}": {line(v)}' for k, v in (("id", node.id), ("op", node.op), ("name", node.name))
    )
    lines = [f'  {named}, "at": {pair(node.position)}']
    if node.colour:
        lines.append(f'      "colour": {line(node.colour)}')
    if node.attrs:
        order = [a.name for a in node.spec.attrs if a.name in node.attrs]
        rows = [f"        {line(name)}: {line(encode(node.attrs[name]))}" for name in order]
        lines.append('      "attrs": {\n' + ",\n".join(rows) + "\n      }")
    if node.literals:
        numbers = {str(port): encode_number(v) for port, v in sorted(node.literals.items())}
        lines.append(f'      "literals": {line(numbers)}')
    return "{\n    " + ",\n".join(lines) + "\n    }"


def wire_text(wire: Wire, dots: Iterable[Point]) -> str:
    """A wire and the dots that it is led through, on one line."""
    text = f'{{"from": {line(wire.source)}, "to": {line(wire.target)}, "port": {wire.port}'
    if wire.output:
        text += f', "output": {wire.output}'
    if led := ", ".join(map(pair, dots)):
        text += f', "dots": [{led}]'
    return text + "}"


def box_text(box: Box) -> str:
    """A frame or a note, on one line."""
    said = {"title": box.title} if isinstance(box, Frame) else {"text": box.text}
    entry: dict[str, Any] = {"id": box.id, "at": short(box.at), "size": short(box.size), **said}
    if box.colour:
        entry["colour"] = box.colour
    if box.group is not None:
        entry["group"] = box.group
    return line(entry)


def short(point: Point) -> list[float]:
    """Two numbers, those that are whole without a point."""
    return [int(v) if v.is_integer() else v for v in point]


def pair(point: Point) -> str:
    """Two finite numbers as JSON."""
    x, y = short(point)
    return f"[{x!r}, {y!r}]"


def group_text(group: Group) -> str:
    """A group, on one line."""
    members = sorted(group.members, key=id_key)
    entry: dict[str, Any] = {"id": group.id, "name": group.name, "members": members}
    if group.parent is not None:
        entry["parent"] = group.parent
    if group.collapsed:
        entry["collapsed"] = True
    if group.colour:
        entry["colour"] = group.colour
    for side, ports in (("inputs", group.inputs), ("outputs", group.outputs)):
        if ports:
            entry[side] = [port_entry(port) for port in ports]
    return line(entry)


def port_entry(port: GroupPort) -> dict[str, Any]:
    """A port of a group as plain data."""
    entry: dict[str, Any] = {"name": port.name, "ends": [list(end) for end in port.ends]}
    return entry if port.shown else {**entry, "shown": False}
