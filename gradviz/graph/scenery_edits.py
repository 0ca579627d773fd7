"""The one edit of frames, notes and dots on wires: some become others, all at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gradviz.graph import checks, values
from gradviz.graph.changes import Change
from gradviz.graph.document import Edit, Graph, GraphError
from gradviz.graph.limits import MAX_DOTS, MAX_ID, MAX_NODES, MAX_POSITION, MAX_TEXT, MAX_TITLE
from gradviz.graph.scenery import LEAST, Frame, Note, Piece, Route


@dataclass(frozen=True, slots=True)
class ChangeScenery:
    """Put the pieces ``after`` in place of ``before``: added, removed or replaced by their keys."""

    before: tuple[Piece, ...]
    after: tuple[Piece, ...]

    def apply(self, graph: Graph) -> Change:
        """Replace them; refused where one has changed meanwhile or anything would be wrong."""
        for piece in self.before:
            if graph.scenery.get(piece.key) != piece:
                raise GraphError(f"{called(piece)} has changed meanwhile")
        gone = {piece.key for piece in self.before}
        for piece in self.after:
            if piece.key in graph.scenery and piece.key not in gone:
                raise GraphError(f"{called(piece)} is there already")
            if bad := piece_problem(graph, piece):
                raise GraphError(f"{called(piece)}: {bad[1]}")
        if len(graph.scenery) + len(self.after) - len(self.before) > MAX_NODES:
            raise GraphError(f"there are at most {MAX_NODES:,} frames, notes and wires with dots")
        put(graph, self.before, self.after)
        old = {piece.key: piece for piece in self.before}
        new = {piece.key: piece for piece in self.after}
        pairs = ((old.get(key), new.get(key)) for key in old | new)
        return Change(scenery=tuple((a, b) for a, b in pairs if a != b))

    def inverse(self) -> Edit:
        """Put ``before`` back."""
        return ChangeScenery(self.after, self.before)


def put(graph: Graph, before: Iterable[Piece], after: Iterable[Piece]) -> None:
    """Enter checked pieces in place of others."""
    for piece in before:
        del graph.scenery[piece.key]
    for piece in after:
        graph.scenery[piece.key] = piece


def called(piece: Piece) -> str:
    """What a message calls a piece."""
    if isinstance(piece, Frame):
        return f"the frame {values.shown(piece.title)}"
    return "the note" if isinstance(piece, Note) else "the way of the wire"


def piece_problem(graph: Graph, piece: Piece) -> tuple[str, str] | None:
    """Which field of a piece is wrong, and why."""
    if isinstance(piece, Route):
        return route_problem(graph, piece)
    if not checks.ID.fullmatch(piece.id):
        return "id", f"an id is up to {MAX_ID} letters, digits, _ . and -"
    if isinstance(piece, Frame):
        title = piece.title
        if not values.is_text(title) or len(title) > MAX_TITLE or title != " ".join(title.split()):
            return "title", f"a title is one line of at most {MAX_TITLE} characters"
    elif not values.is_text(piece.text) or len(piece.text) > MAX_TEXT:
        return "text", f"must be text of at most {MAX_TEXT} characters"
    if not values.finite_position(piece.at, MAX_POSITION):
        return "at", f"a position is two numbers between ±{MAX_POSITION:g}"
    large = values.finite_position(piece.size, MAX_POSITION)
    if not large or piece.size[0] < LEAST[0] or piece.size[1] < LEAST[1]:
        return "size", f"a size is at least {LEAST[0]:g} by {LEAST[1]:g}"
    if piece.group is not None and piece.group not in graph.groups_by_id:
        return "group", f"there is no group {values.shown(piece.group)}"
    bad = checks.colour_problem(piece.colour)
    return None if bad is None else ("colour", bad)


def route_problem(graph: Graph, route: Route) -> tuple[str, str] | None:
    """What is wrong with the way of a wire."""
    wire = route.wire
    if graph.inputs(wire.target).get(wire.port) != wire:
        return "dots", "there is no such wire"
    if not 0 < len(route.dots) <= MAX_DOTS:
        return "dots", f"a wire is led through 1 to {MAX_DOTS} dots"
    if not all(values.finite_position(dot, MAX_POSITION) for dot in route.dots):
        return "dots", f"a dot is two numbers between ±{MAX_POSITION:g}"
    return None
