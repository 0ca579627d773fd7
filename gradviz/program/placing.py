"""Where the cards of new nodes go: laid out among themselves, beside what they are wired to."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Mapping

from gradviz.graph.document import Node, Wire
from gradviz.layout import Box, Link, Point, place

WIDTH, HEIGHT, GAP = 176.0, 96.0, 28.0
NEAR = 8


def positions(
    new: Iterable[Node], old: Mapping[str, Node], wires: Iterable[Wire], flow: str = "right"
) -> Mapping[str, Point]:
    """The top-left corner of each new node; none lies on another card.

    ``flow``: the way that wires run, ``right`` or ``down``.
    """
    fresh = [node.id for node in new]
    if not fresh:
        return {}
    wanted = set(fresh)
    near = [w for w in wires if w.source in wanted or w.target in wanted]
    keys = dict.fromkeys([*fresh, *(k for w in near for k in (w.source, w.target))])
    boxes = [Box(key, WIDTH, HEIGHT) for key in keys]
    links = [Link(w.source, w.target, w.output, w.port) for w in near]
    ideal = place(boxes, links, direction="down" if flow == "down" else "right").positions
    anchors = sorted((ideal[key], key) for key in keys if key in old)
    taken = Occupied()
    for node in old.values():
        taken.add(node.position)
    below = taken.bottom + 2 * GAP if old else 0.0
    found: dict[str, Point] = {}
    for key in sorted(fresh, key=ideal.__getitem__):
        spot = beside(ideal, key, anchors, old, below)
        while taken.touches(spot):
            spot = (spot[0], spot[1] + HEIGHT + GAP)
        found[key] = spot
        taken.add(spot)
    return found


class Occupied:
    """The cards that lie on the canvas, in cells as large as a card, so that few need a look."""

    def __init__(self) -> None:
        self.cells: dict[tuple[int, int], list[Point]] = {}
        self.bottom = 0.0

    def add(self, spot: Point) -> None:
        """Put a card here."""
        self.cells.setdefault(cell(spot), []).append(spot)
        self.bottom = max(self.bottom, spot[1] + HEIGHT)

    def touches(self, spot: Point) -> bool:
        """Whether a card here would lie on another."""
        column, row = cell(spot)
        near = ((column + i, row + j) for i in (-1, 0, 1) for j in (-1, 0, 1))
        return any(overlap(spot, other) for c in near for other in self.cells.get(c, ()))


def cell(spot: Point) -> tuple[int, int]:
    """The cell in which a card's corner lies."""
    return int(spot[0] // WIDTH), int(spot[1] // HEIGHT)


def beside(
    ideal: Mapping[str, Point],
    key: str,
    anchors: list[tuple[Point, str]],
    old: Mapping[str, Node],
    below: float,
) -> Point:
    """Where ``key`` lies seen from a near card that stays; below all where there is none.

    ``anchors``: where the cards that stay ideally lie, sorted; only those next in line are
    looked at, or a long text beside a large graph would take long.
    """
    x, y = ideal[key]
    if not anchors:
        return x, y + below
    at = bisect(anchors, ((x, y), key))
    near = anchors[max(at - NEAR, 0) : at + NEAR]
    (u, v), nearest = min(near, key=lambda a: abs(a[0][0] - x) + abs(a[0][1] - y))
    left, top = old[nearest].position
    return left + x - u, top + y - v


def overlap(a: Point, b: Point) -> bool:
    """Whether two cards would touch."""
    return abs(a[0] - b[0]) < WIDTH and abs(a[1] - b[1]) < HEIGHT
