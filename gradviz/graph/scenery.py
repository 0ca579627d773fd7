"""What stands on the canvas round the graph and means nothing to it: frames, notes, dots on wires.

It is plain data of the document beside nodes and wires: values, gradients and plans know of none.
Which nodes lie in a frame is read from their places, so that moving a node is all it takes to
join one or to leave it. A frame or a note may itself belong to a group, as nodes do
(:mod:`gradviz.graph.belonging`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gradviz.graph.document import Graph, Wire

Point = tuple[float, float]

COLOURS = ("slate", "teal", "moss", "rose", "clay")
"""What a node, a frame or a note may be coloured, beside nothing (empty)."""
ANCHOR: Point = (74.0, 30.0)
"""From a card's corner to the point by which it lies in a frame: the middle of the smallest."""
LEAST = (60.0, 32.0)
"""The least width and height of a frame or a note, in scene units."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A titled rectangle round some nodes; they go along when it is moved.

    ``at``: its top left corner, and ``size``: width and height, in scene units. ``colour``: one
    of ``COLOURS``, or empty. ``group``: the id of the group that it lies in, None for none.
    """

    id: str
    title: str
    at: Point
    size: Point
    colour: str = ""
    group: str | None = None

    def __post_init__(self) -> None:
        to_floats(self)

    @property
    def key(self) -> str:
        """By what the document keeps it."""
        return self.id


@dataclass(frozen=True, slots=True)
class Note:
    """A text in Markdown, with LaTeX between dollar signs; fields as those of :class:`Frame`.

    It is shown at least as high as its text needs, whatever ``size`` says.
    """

    id: str
    text: str
    at: Point
    size: Point
    colour: str = ""
    group: str | None = None

    def __post_init__(self) -> None:
        to_floats(self)

    @property
    def key(self) -> str:
        """By what the document keeps it."""
        return self.id


@dataclass(frozen=True, slots=True)
class Route:
    """The ``dots`` through which a wire is led, from its source to its target, in scene units."""

    wire: Wire
    dots: tuple[Point, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "dots", tuple(point(dot) for dot in self.dots))

    @property
    def key(self) -> Wire:
        """By what the document keeps it."""
        return self.wire


Piece = Frame | Note | Route
Box = Frame | Note


def to_floats(box: Box) -> None:
    """Bring a rectangle's numbers into the one form that each is kept in."""
    object.__setattr__(box, "at", point(box.at))
    object.__setattr__(box, "size", point(box.size))


def point(pair: Iterable[float]) -> Point:
    """Two numbers as floats, a negative zero as the one zero."""
    x, y = pair
    return float(x) + 0.0, float(y) + 0.0


# reading ----------------------------------------------------------------------------------------


def boxes(graph: Graph) -> dict[str, Box]:
    """The frames and notes of a document by id, in the order in which they are saved."""
    found = [piece for piece in graph.scenery.values() if not isinstance(piece, Route)]
    return {box.id: box for box in sorted(found, key=lambda b: (len(b.id), b.id))}


def dots(graph: Graph, wire: Wire) -> tuple[Point, ...]:
    """The dots of a wire; none for most."""
    route = graph.scenery.get(wire)
    return route.dots if isinstance(route, Route) else ()


def new_id(graph: Graph, taken: Iterable[str] = ()) -> str:
    """An id that no frame and no note has."""
    used = {*taken, *(key for key in graph.scenery if isinstance(key, str))}
    return next(i for i in (f"s{n}" for n in range(1, len(used) + 2)) if i not in used)


def holds(box: Box, place: Point) -> bool:
    """Whether a point lies in a frame or a note."""
    (left, top), (width, height) = box.at, box.size
    return left <= place[0] <= left + width and top <= place[1] <= top + height


def holds_whole(frame: Box, box: Box) -> bool:
    """Whether a frame holds a frame or a note whole."""
    return holds(frame, box.at) and holds(frame, far_corner(box))


def nodes_within(graph: Graph, frame: Frame) -> set[str]:
    """Ids of the nodes that lie in a frame."""
    return {i for i, node in graph.nodes_by_id.items() if holds(frame, anchor(node.position))}


def boxes_within(graph: Graph, frame: Frame) -> set[str]:
    """Ids of the frames and notes that lie in a frame whole."""
    inner = (b for i, b in boxes(graph).items() if i != frame.id and holds_whole(frame, b))
    # Of two frames with one rectangle each would lie in the other.
    return {box.id for box in inner if not is_same_place(box, frame)}


def anchor(position: Point) -> Point:
    """The point by which a card at a position lies in a frame."""
    return position[0] + ANCHOR[0], position[1] + ANCHOR[1]


def far_corner(box: Box) -> Point:
    """The bottom right corner."""
    return box.at[0] + box.size[0], box.at[1] + box.size[1]


def is_same_place(piece: Piece, frame: Frame) -> bool:
    """Whether a piece is a frame with the very rectangle of another."""
    return isinstance(piece, Frame) and (piece.at, piece.size) == (frame.at, frame.size)


def along(graph: Graph, ids: Iterable[str]) -> set[Wire]:
    """The wires with dots both of whose ends are among some nodes: their dots go where these go."""
    chosen = set(ids)
    routes = (piece.wire for piece in graph.scenery.values() if isinstance(piece, Route))
    return {w for w in routes if w.source in chosen and w.target in chosen}


def shifted(piece: Piece, by: Point) -> Piece:
    """A piece as it is once moved."""
    if isinstance(piece, Route):
        return replace(piece, dots=tuple((x + by[0], y + by[1]) for x, y in piece.dots))
    return replace(piece, at=(piece.at[0] + by[0], piece.at[1] + by[1]))


def changed(box: Box, **changes: Any) -> Box:
    """A copy of a frame or a note with some fields replaced."""
    return replace(box, **changes)
