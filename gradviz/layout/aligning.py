"""Cards brought into line, or spread evenly, where a person has chosen them by hand.

Like the rest of the layout it knows boxes only: it says where they go, not what they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from gradviz.layout.model import Point

Edge = Literal["left", "centre", "right", "top", "middle", "bottom"]
Axis = Literal["across", "down"]


class Placed(NamedTuple):
    """A box where it lies: its top-left corner, width and height, in scene units."""

    x: float
    y: float
    width: float
    height: float


def aligned(boxes: Mapping[str, Placed], edge: Edge) -> dict[str, Point]:
    """Where the corners go so that all have this edge, or middle, in line.

    Edges go to the outermost one there is, middles to the middle of what all of them span.
    """
    left, top = min(b.x for b in boxes.values()), min(b.y for b in boxes.values())
    right = max(b.x + b.width for b in boxes.values())
    bottom = max(b.y + b.height for b in boxes.values())

    def corner(box: Placed) -> Point:
        match edge:
            case "left":
                return left, box.y
            case "centre":
                return (left + right - box.width) / 2, box.y
            case "right":
                return right - box.width, box.y
            case "top":
                return box.x, top
            case "middle":
                return box.x, (top + bottom - box.height) / 2
            case "bottom":
                return box.x, bottom - box.height

    return {name: corner(box) for name, box in boxes.items()}


def distributed(boxes: Mapping[str, Placed], axis: Axis) -> dict[str, Point]:
    """Where the corners go so that the gaps between neighbours are equal.

    The outermost two stay; where there is no room for gaps, boxes overlap by equal amounts.
    """
    start, size = (0, 2) if axis == "across" else (1, 3)
    # Boxes are taken in the order of their middles, which a wide one beside a small one keeps.
    order = sorted(boxes, key=lambda name: (boxes[name][start] + boxes[name][size] / 2, name))
    first, last = boxes[order[0]], boxes[order[-1]]
    room = last[start] - first[start] - first[size]
    between = [boxes[name][size] for name in order[1:-1]]
    gap = (room - sum(between)) / (len(order) - 1) if len(order) > 1 else 0.0
    place, corners = first[start], dict[str, Point]()
    for name in order:
        box = boxes[name]
        corners[name] = (place, box.y) if axis == "across" else (box.x, place)
        place += box[size] + gap
    return corners
