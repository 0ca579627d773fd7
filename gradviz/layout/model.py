"""What goes into a layout and what comes out of it: plain values, so that a layout can be
computed on another thread, or with no window at all, and compared in tests."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Point = tuple[float, float]


class LayoutError(ValueError):
    """The boxes and links cannot be laid out; the message says which and why."""


class LayoutCancelled(Exception):
    """The caller's `cancelled()` said True; nothing was placed."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle to place, `width` by `height` pixels, known by its `key`."""

    key: str
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Link:
    """A wire from box `source` to box `target`.

    Ports are counted in the order in which they sit on the card's edge. `source_at` and
    `target_at` say where on that edge the wire is fastened, in pixels from its top (from its
    left when the flow runs down); None is the middle.
    """

    source: str
    target: str
    source_port: int = 0
    target_port: int = 0
    source_at: float | None = None
    target_at: float | None = None


@dataclass(frozen=True, slots=True)
class Placement:
    """Where everything goes, with the top-left corner of it all at (0, 0).

    positions: top-left corner of each box, by key, in whole pixels.
    routes: points a wire passes between its two ports, by the link's index; a link that is
        not named runs straight from port to port.
    size: width and height of the whole drawing.
    crossings: wires that cross between layers; wires that share a trunk count once.
    """

    positions: Mapping[str, Point]
    routes: Mapping[int, tuple[Point, ...]]
    size: Point
    crossings: int


def index_boxes(boxes: Iterable[Box]) -> dict[str, int]:
    """The number of each key. LayoutError for a key used twice or an impossible size."""
    index: dict[str, int] = {}
    for number, box in enumerate(boxes):
        if box.key in index:
            raise LayoutError(f"two boxes have the key {box.key!r}")
        if not (_is_length(box.width) and _is_length(box.height)):
            raise LayoutError(
                f"box {box.key!r} is {box.width} by {box.height}; sizes are finite, 0 or more"
            )
        index[box.key] = number
    return index


def _is_length(value: float) -> bool:
    return math.isfinite(value) and value >= 0


def index_links(links: Iterable[Link], index: Mapping[str, int]) -> list[tuple[int, int]]:
    """Source and target numbers of each link. LayoutError for a link to no box."""
    ends: list[tuple[int, int]] = []
    for link in links:
        for key in (link.source, link.target):
            if key not in index:
                raise LayoutError(
                    f"the link {link.source!r} → {link.target!r} names {key!r}, "
                    "which is not among the boxes"
                )
        ends.append((index[link.source], index[link.target]))
    return ends
