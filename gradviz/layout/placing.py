"""The layout as a whole: layers, orders, coordinates and routes of each connected part, and
the parts packed together."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from gradviz.collecting import uncollected
from gradviz.layout.coordinates import place_across
from gradviz.layout.layering import assign_layers, forward_order, read_flow
from gradviz.layout.model import (
    Box,
    LayoutCancelled,
    LayoutError,
    Link,
    Placement,
    Point,
    index_boxes,
    index_links,
)
from gradviz.layout.ordering import order_layers
from gradviz.layout.packing import group_connected, pack_rows, whole_size
from gradviz.layout.proper import Proper, build_proper
from gradviz.layout.routing import Router

Direction = Literal["right", "down"]
Ends = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class _Task:
    """One connected part: its boxes' extents along and across the flow, layers and links."""

    boxes: list[int]
    along: list[float]
    breadth: list[float]
    layer: list[int]
    ends: Ends
    links: list[Link]
    numbers: list[int]


@dataclass(frozen=True, slots=True)
class _Drawing:
    """A connected part laid out, in flow coordinates; corners in the order of its boxes."""

    boxes: list[int]
    corners: list[Point]
    routes: dict[int, tuple[Point, ...]]
    origin: Point
    size: Point
    crossings: int


def place(
    boxes: Sequence[Box],
    links: Sequence[Link],
    *,
    direction: Direction = "right",
    gap_along: float = 64.0,
    gap_across: float = 28.0,
    total: int = 0,
    cancelled: Callable[[], bool] | None = None,
) -> Placement:
    """Lay boxes out in layers, every link going forward and few of them crossing.

    Equal arguments give equal placements. Connected parts are packed below one another,
    boxes with no links last.

    Args:
        direction: the way links run, "right" or "down".
        gap_along: pixels between two layers.
        gap_across: pixels between two boxes of a layer; a line keeps three quarters of it
            from a box and half of it from another line.
        total: how many boxes are laid out in all, where these are only some of them; the more,
            the less effort goes into these.
        cancelled: asked now and then; once it says True the work ends.

    Raises:
        LayoutError: the links run in a circle or name no box, a key is used twice, or a
            size or gap is impossible.
        LayoutCancelled: `cancelled` said True.
    """
    _check_gaps(gap_along, gap_across)
    index = index_boxes(boxes)
    ends = index_links(links, index)
    check = checker(cancelled)
    check()
    flipped = direction == "down"
    with uncollected():
        tasks = _split(boxes, links, ends, check, flipped=flipped)
        drawings = [
            _draw(task, max(total, len(boxes)), gap_along, gap_across, check) for task in tasks
        ]
        gap = _turn((gap_along, gap_across), flipped=flipped)
        return _assemble([box.key for box in boxes], drawings, gap, flipped=flipped)


def _check_gaps(*gaps: float) -> None:
    for gap in gaps:
        if not (math.isfinite(gap) and gap >= 0):
            raise LayoutError(f"a gap is finite, 0 or more; got {gap}")


def checker(cancelled: Callable[[], bool] | None) -> Callable[[], None]:
    """What raises LayoutCancelled, once `cancelled` says True."""

    def check() -> None:
        if cancelled is not None and cancelled():
            raise LayoutCancelled

    return check


def _split(
    boxes: Sequence[Box],
    links: Sequence[Link],
    ends: Ends,
    check: Callable[[], None],
    *,
    flipped: bool,
) -> list[_Task]:
    """One task for each connected part, boxes without links last."""
    flow = read_flow(len(boxes), ends, links)
    order = forward_order(flow, [box.key for box in boxes])
    layer = assign_layers(order, flow, check)
    groups = group_connected(len(boxes), ends)
    groups.sort(key=lambda group: len(group) == 1)
    local = [0] * len(boxes)
    part = [0] * len(boxes)
    tasks: list[_Task] = []
    for number, group in enumerate(groups):
        start = min(layer[box] for box in group)
        for place_in_group, box in enumerate(group):
            local[box], part[box] = place_in_group, number
        along, breadth = zip(*(_extents(boxes[box], flipped=flipped) for box in group), strict=True)
        layers = [layer[box] - start for box in group]
        tasks.append(_Task(group, list(along), list(breadth), layers, [], [], []))
    for number, (source, target) in enumerate(ends):
        task = tasks[part[source]]
        task.ends.append((local[source], local[target]))
        task.links.append(links[number])
        task.numbers.append(number)
    return tasks


def _extents(box: Box, *, flipped: bool) -> Point:
    """Along and across the flow, in whole pixels, so that snapping never makes boxes overlap."""
    width, height = float(math.ceil(box.width)), float(math.ceil(box.height))
    return (height, width) if flipped else (width, height)


def _draw(
    task: _Task, boxes: int, gap_along: float, gap_across: float, check: Callable[[], None]
) -> _Drawing:
    """Lay one part of a graph of `boxes` boxes out."""
    if len(task.boxes) == 1:
        size = (task.along[0], task.breadth[0])
        return _Drawing(task.boxes, [(0.0, 0.0)], {}, (0.0, 0.0), size, 0)
    proper = build_proper(task.layer, task.ends, task.links)
    orders, crossings = order_layers(proper, len(task.boxes) / boxes, check)
    across = place_across(proper, orders, task.breadth, gap_across, crossings, check)
    near, far = _bands(proper, task.along, gap_along)
    router = Router(proper, across, (near, far), task.along, task.breadth)
    routes: dict[int, tuple[Point, ...]] = {}
    for place_in_task, link in enumerate(task.links):
        points = router.route(place_in_task, link, *task.ends[place_in_task])
        if points:
            routes[task.numbers[place_in_task]] = points
    corners = [
        (near[number] + (far[number] - near[number] - along) // 2, middle - breadth / 2)
        for number, along, middle, breadth in zip(
            task.layer, task.along, across, task.breadth, strict=False
        )
    ]
    origin, size = _bounds(task, corners, routes)
    return _Drawing(task.boxes, corners, routes, origin, size, crossings)


def _bands(proper: Proper, along: list[float], gap: float) -> tuple[list[float], list[float]]:
    """Where each layer begins and ends along the flow: as wide as its widest box."""
    widest = [0.0] * len(proper.layers)
    for box, extent in enumerate(along):
        widest[proper.layer[box]] = max(widest[proper.layer[box]], extent)
    near: list[float] = []
    reached = 0.0
    for breadth in widest:
        near.append(reached)
        reached += breadth + math.ceil(gap)
    return near, [start + breadth for start, breadth in zip(near, widest, strict=True)]


def _bounds(
    task: _Task, corners: list[Point], routes: dict[int, tuple[Point, ...]]
) -> tuple[Point, Point]:
    """Top-left corner and size of everything drawn, in whole pixels."""
    tops = np.array(corners)
    bottoms = tops + np.column_stack([task.along, task.breadth])
    points = np.array([point for route in routes.values() for point in route]).reshape(-1, 2)
    low = np.floor(np.concatenate([tops, points]).min(axis=0))
    size = np.ceil(np.concatenate([bottoms, points]).max(axis=0) - low)
    return (float(low[0]), float(low[1])), (float(size[0]), float(size[1]))


def _assemble(keys: list[str], drawings: list[_Drawing], gap: Point, *, flipped: bool) -> Placement:
    sizes = [_turn(drawing.size, flipped=flipped) for drawing in drawings]
    joined = sum(len(drawing.boxes) > 1 for drawing in drawings)
    corners = _pack(sizes, joined, gap)
    positions: dict[str, Point] = {}
    routes: dict[int, tuple[Point, ...]] = {}
    for drawing, (left, top) in zip(drawings, corners, strict=True):
        along, across = drawing.origin
        shift = _turn((-along, -across), flipped=flipped)
        shift = (shift[0] + left, shift[1] + top)
        for box, corner in zip(drawing.boxes, drawing.corners, strict=True):
            positions[keys[box]] = _add(_turn(corner, flipped=flipped), shift)
        for number, route in drawing.routes.items():
            routes[number] = tuple(_add(_turn(point, flipped=flipped), shift) for point in route)
    crossings = sum(drawing.crossings for drawing in drawings)
    ordered = {key: positions[key] for key in keys}
    return Placement(ordered, routes, whole_size(corners, sizes), crossings)


def _pack(sizes: list[Point], joined: int, gap: Point) -> list[Point]:
    """Corners of the parts: the first `joined` in rows, the single boxes in rows of their own."""
    gap = (float(math.ceil(gap[0])), float(math.ceil(gap[1])))
    wide = (2 * gap[0], 2 * gap[1])
    corners = pack_rows(sizes[:joined], wide)
    width, height = whole_size(corners, sizes[:joined])
    top = height + wide[1] if joined else 0.0
    singles = pack_rows(sizes[joined:], gap, width)
    return corners + [(left, top + down) for left, down in singles]


def _turn(point: Point, *, flipped: bool) -> Point:
    return (point[1], point[0]) if flipped else point


def _add(point: Point, shift: Point) -> Point:
    return point[0] + shift[0], point[1] + shift[1]
