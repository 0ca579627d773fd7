"""Where the cards of new nodes go: laid out among themselves, beside what they are wired to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gradviz.graph.document import Node, Wire
from gradviz.layout import Box, Link, Point, place

WIDTH, HEIGHT, GAP = 176.0, 96.0, 28.0


def positions(
    new: Iterable[Node], old: Mapping[str, Node], wires: Iterable[Wire]
) -> Mapping[str, Point]:
    """The top-left corner of each new node; none lies on another card."""
    fresh = [node.id for node in new]
    if not fresh:
        return {}
    wanted = set(fresh)
    near = [w for w in wires if w.source in wanted or w.target in wanted]
    keys = dict.fromkeys([*fresh, *(k for w in near for k in (w.source, w.target))])
    boxes = [Box(key, WIDTH, HEIGHT) for key in keys]
    links = [Link(w.source, w.target, w.output, w.port) for w in near]
    ideal = place(boxes, links, direction="right").positions
    anchors = [key for key in keys if key in old]
    taken = [node.position for node in old.values()]
    below = (
        max((y for _, y in taken), default=-HEIGHT - 2 * GAP) + HEIGHT + 2 * GAP if taken else 0.0
    )
    found: dict[str, Point] = {}
    for key in sorted(fresh, key=ideal.__getitem__):
        spot = beside(ideal, key, anchors, old, below)
        while any(overlap(spot, other) for other in taken):
            spot = (spot[0], spot[1] + HEIGHT + GAP)
        found[key] = spot
        taken.append(spot)
    return found


def beside(
    ideal: Mapping[str, Point], key: str, anchors: list[str], old: Mapping[str, Node], below: float
) -> Point:
    """Where ``key`` lies seen from the nearest card that stays; below all where there is none."""
    x, y = ideal[key]
    if not anchors:
        return x, y + below
    nearest = min(anchors, key=lambda a: (abs(ideal[a][0] - x) + abs(ideal[a][1] - y), a))
    left, top = old[nearest].position
    return left + x - ideal[nearest][0], top + y - ideal[nearest][1]


def overlap(a: Point, b: Point) -> bool:
    """Whether two cards would touch."""
    return abs(a[0] - b[0]) < WIDTH and abs(a[1] - b[1]) < HEIGHT
