"""From the text of a file to a graph, believing nothing.

Whatever the text is, the outcome is a graph or one :class:`FileError`; no part of a file is
ever run, and nothing of a size that a file merely declares is made.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from gradviz.files.encoding import decode, decode_number, decode_plain
from gradviz.files.errors import FileError, Misplaced
from gradviz.files.migrations import migrated
from gradviz.files.schema import Document, NodeEntry, PortEntry
from gradviz.graph import checks
from gradviz.graph.bookmarks import Bookmark
from gradviz.graph.document import Graph, GraphError, Node, Settings, Wire, id_key
from gradviz.graph.edits import check_name, check_room, enter, link
from gradviz.graph.group_edits import groups_problem, put
from gradviz.graph.groups import Group, GroupPort
from gradviz.graph.guards import is_mapping
from gradviz.graph.scenery import Frame, Note, Piece, Route
from gradviz.graph.scenery_edits import piece_problem
from gradviz.graph.values import shown
from gradviz.ops.table import OPS

MAX_BYTES = 512 * 1024 * 1024


def loads(text: str | bytes, name: str = "the file") -> Graph:
    """The graph that the text of a file describes; :class:`FileError` begins with ``name``."""
    try:
        return build(parse(text))
    except Misplaced as wrong:
        message = re.sub(r"\s+", " ", f"{name}: {wrong}")
        raise FileError(message) from None


def parse(text: str | bytes) -> Document:
    """The text as a document of the current format, its fields of the right types."""
    raw = decode_json(text)
    if not is_mapping(raw) or "format" not in raw:
        raise Misplaced((), 'this is JSON, but no GradViz graph: it has no "format"')
    try:
        return msgspec.convert(migrated(dict(raw)), Document)
    except msgspec.ValidationError as wrong:
        raise Misplaced((), validation_message(str(wrong))) from None


def decode_json(text: str | bytes) -> Any:
    """The JSON values of a text; what is not JSON is refused with the line."""
    try:
        data = text.encode("utf-8") if isinstance(text, str) else text
        data.decode("utf-8")
    except UnicodeError:
        raise Misplaced((), "this is no GradViz graph: it is not UTF-8 text") from None
    data = data.removeprefix(b"\xef\xbb\xbf")
    if len(data) > MAX_BYTES:
        raise Misplaced((), f"a file has at most {MAX_BYTES:,} bytes, not {len(data):,}")
    if not data.strip():
        raise Misplaced((), "the file is empty")
    try:
        return msgspec.json.decode(data)
    except msgspec.ValidationError:
        raise Misplaced((), "it has a number too large for 64 bits") from None
    except msgspec.DecodeError as wrong:
        raise Misplaced((), json_message(data, str(wrong))) from None
    except RecursionError:
        raise Misplaced((), "its lists and objects are nested too deeply") from None


def json_message(data: bytes, message: str) -> str:
    """A parser's complaint with the line in place of the byte."""
    if "truncated" in message:
        line = data.count(b"\n") + 1
        return f"it ends in the middle, at line {line}: the file was cut off"
    found = re.fullmatch(r"(?:JSON is malformed: )?(.*?) \(byte (\d+)\)", message)
    if found is None:
        return f"this is not JSON: {message}"
    line = data.count(b"\n", 0, int(found[2])) + 1
    if not data.lstrip().startswith(b"{"):
        return f"this is no GradViz graph, which is JSON: {found[1]} at line {line}"
    return f"line {line} is not JSON: {found[1]}"


def validation_message(message: str) -> str:
    """msgspec's ``Expected `int`, got `str` - at `$.nodes[0].at```, place first."""
    reason, _, place = message.partition(" - at ")
    where = place.strip("`").removeprefix("$").removeprefix(".")
    said = reason[:1].lower() + reason[1:]
    return f"{where}: {said}" if where else said


def build(document: Document) -> Graph:
    """The graph of a document, each part checked before it is put in."""
    graph = Graph()
    for place, entry in enumerate(document.nodes):
        try:
            add_node(graph, entry)
        except Misplaced as wrong:
            raise wrong.under("nodes", place) from None
    add_wires(graph, document)
    add_groups(graph, document)
    add_scenery(graph, document)
    set_settings(graph, document)
    return graph


def add_node(graph: Graph, entry: NodeEntry) -> None:
    """Put one node in."""
    node = Node(entry.id, entry.op, entry.name, decoded_attrs(entry), literals(entry), entry.at,
                entry.colour)  # fmt: skip
    if bad := checks.node_problem(node):
        place, reason = bad
        raise Misplaced(("at",) if place == ("position",) else place, reason)
    try:
        check_room(graph, node)
        check_name(graph, node)
    except GraphError as wrong:
        raise Misplaced((), str(wrong)) from None
    enter(graph, node)


def decoded_attrs(entry: NodeEntry) -> dict[str, Any]:
    """A node's settings; what the operation does not know is left for the check to name."""
    spec = OPS.get(entry.op)
    kinds = {} if spec is None else {a.name: a for a in spec.attrs}
    attrs: dict[str, Any] = {}
    for name, value in entry.attrs.items():
        try:
            attrs[name] = decode(kinds[name], value) if name in kinds else value
        except Misplaced as wrong:
            raise wrong.under("attrs", name) from None
    return attrs


def literals(entry: NodeEntry) -> dict[int, Any]:
    """The numbers typed on a node's ports."""
    found: dict[int, Any] = {}
    for port, value in entry.literals.items():
        if not re.fullmatch(r"0|[1-9][0-9]{0,5}", port, re.ASCII):
            raise Misplaced(("literals",), f"{shown(port)} is no port: ports count from 0")
        try:
            found[int(port)] = decode_number(value)
        except Misplaced as wrong:
            raise wrong.under("literals", port) from None
    return found


def add_wires(graph: Graph, document: Document) -> None:
    """Put the wires in, then look once for cycles, which is cheaper than at each of many."""
    wires = [Wire(e.source, e.target, e.port, e.output) for e in document.wires]
    places = sorted(range(len(wires)), key=lambda i: (id_key(wires[i].target), wires[i].port))
    for place in places:
        wire = wires[place]
        try:
            reason = checks.place_problem(graph, wire) or checks.taken_problem(graph, wire)
        except GraphError as unknown:
            reason = str(unknown)
        if reason:
            raise Misplaced(("wires", place), reason)
        link(graph, wire)
    if cycle := checks.cycle_in(graph):
        shortened = cycle if len(cycle) <= 8 else (*cycle[:4], "…", *cycle[-3:])
        raise Misplaced(("wires",), f"they close a cycle: {' → '.join(shortened)}")


def add_groups(graph: Graph, document: Document) -> None:
    """Put the groups in."""
    made = [
        Group(
            e.id,
            e.name,
            frozenset(e.members),
            e.parent,
            e.collapsed,
            e.colour,
            ports_of(e.inputs),
            ports_of(e.outputs),
        )
        for e in document.groups
    ]
    places = {group.id: place for place, group in enumerate(made)}
    if len(places) < len(made):
        repeated = next(p for p, group in enumerate(made) if places[group.id] != p)
        raise Misplaced(("groups", repeated, "id"), "another group has this id")
    if bad := groups_problem(graph, {group.id: group for group in made}, tuple(made)):
        group, name, reason = bad
        raise Misplaced(("groups", places[group.id], name), reason)
    put(graph, (), tuple(made))


def add_scenery(graph: Graph, document: Document) -> None:
    """Put in the frames, the notes, and the dots of wires."""
    pieces: list[tuple[tuple[str, int], Piece]] = []
    for place, e in enumerate(document.frames):
        pieces.append((("frames", place), Frame(e.id, e.title, e.at, e.size, e.colour, e.group)))
    for place, e in enumerate(document.notes):
        pieces.append((("notes", place), Note(e.id, e.text, e.at, e.size, e.colour, e.group)))
    for place, e in enumerate(document.wires):
        if e.dots:
            wire = Wire(e.source, e.target, e.port, e.output)
            pieces.append((("wires", place), Route(wire, tuple(e.dots))))
    for where, piece in pieces:
        if piece.key in graph.scenery:
            raise Misplaced((*where, "id"), "another frame or note has this id")
        if bad := piece_problem(graph, piece):
            raise Misplaced((*where, bad[0]), bad[1])
        graph.scenery[piece.key] = piece


def ports_of(entries: list[PortEntry]) -> tuple[GroupPort, ...]:
    """The named ports of a group."""
    return tuple(GroupPort(e.name, tuple(e.ends), e.shown) for e in entries)


def set_settings(graph: Graph, document: Document) -> None:
    """Put in what belongs to the document as a whole."""
    plain: dict[str, Any] = {}
    for name in ("descent", "view"):
        try:
            plain[name] = decode_plain(getattr(document, name))
        except Misplaced as wrong:
            raise wrong.under(name) from None
        if not is_mapping(plain[name]):
            raise Misplaced((name,), "must be an object with names")
    settings = Settings(
        document.title,
        document.description,
        document.output,
        **plain,
        flow=document.flow,
        watches=tuple(document.watches),
        bookmarks=tuple(Bookmark(e.name, e.at, e.zoom, e.group) for e in document.bookmarks),
    )
    for place, mark in enumerate(settings.bookmarks):
        if mark.group is not None and mark.group not in graph.groups:
            raise Misplaced(("bookmarks", place, "group"), f"there is no group '{mark.group}'")
    if bad := checks.settings_problem(graph, settings):
        raise Misplaced(*bad)
    graph.settings = settings
