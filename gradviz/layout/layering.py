"""Which layer each box stands in: every link goes forward, and links are kept short, since a
short wire is easier to follow and costs no bend points."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from gradviz.layout.model import LayoutError
from gradviz.layout.spans import shorten

Adjacency = Sequence[Sequence[int]]

_PASSES = 4
_ROUNDINGS = 4


def neighbours(count: int, ends: Sequence[tuple[int, int]]) -> tuple[list[list[int]], ...]:
    """Targets and sources of each of `count` boxes, in link order."""
    targets: list[list[int]] = [[] for _ in range(count)]
    sources: list[list[int]] = [[] for _ in range(count)]
    for source, target in ends:
        targets[source].append(target)
        sources[target].append(source)
    return targets, sources


def forward_order(
    targets: Adjacency, sources: Adjacency, names: Sequence[str]
) -> list[int]:
    """Boxes with every source before its targets.

    Raises:
        LayoutError: the links run in a circle; the message spells the circle out.
    """
    waiting = [len(into) for into in sources]
    order = [box for box, count in enumerate(waiting) if count == 0]
    for box in order:
        for target in targets[box]:
            waiting[target] -= 1
            if waiting[target] == 0:
                order.append(target)
    if len(order) < len(waiting):
        circle = " → ".join(names[box] for box in _find_cycle(sources, waiting))
        raise LayoutError(f"the links run in a circle: {circle}")
    return order


def _find_cycle(sources: Sequence[Sequence[int]], waiting: Sequence[int]) -> list[int]:
    """One cycle among the boxes still waiting: each of them has a source that waits too."""
    box = next(number for number, count in enumerate(waiting) if count)
    met: dict[int, int] = {}
    path: list[int] = []
    while box not in met:
        met[box] = len(path)
        path.append(box)
        box = next(source for source in sources[box] if waiting[source])
    cycle = path[met[box] :]
    return [box, *reversed(cycle)]


def assign_layers(
    order: Sequence[int],
    targets: Adjacency,
    sources: Adjacency,
    ends: Sequence[tuple[int, int]],
    check: Callable[[], None],
) -> list[int]:
    """Layer of each box, from 0, with every link going at least one layer forward.

    The links are together about as short as they can be; where two layers serve a box
    equally well it takes the later. Leaves thereby stand next to their first consumer, and
    a unary operation next to its own.
    """
    layer = [0] * len(order)
    for box in order:
        layer[box] = max([layer[source] + 1 for source in sources[box]], default=0)
    _settle(order, targets, sources, layer)
    if _length(layer, ends) > len(ends):
        wished = shorten(layer, ends, check)
        _make_room(order, targets, sources, wished)
        rounded = [_round_down(wished, part / _ROUNDINGS) for part in range(_ROUNDINGS)]
        layer = min([layer, *rounded], key=lambda some: _length(some, ends))
        _settle(order, targets, sources, layer)
    start = min(layer, default=0)
    return [number - start for number in layer]


def _length(layer: Sequence[int], ends: Sequence[tuple[int, int]]) -> int:
    return sum([layer[target] - layer[source] for source, target in ends])


def _round_down(wished: Sequence[float], offset: float) -> list[int]:
    """Whole layers; links at least one layer long stay so, whatever the offset."""
    return [math.floor(layer + offset + 1e-6) for layer in wished]


def _make_room(
    order: Sequence[int], targets: Adjacency, sources: Adjacency, layer: list[float]
) -> None:
    """Move boxes on until every link is one layer long, then leaves after them."""
    for box in order:
        if sources[box]:
            layer[box] = max(layer[box], max([layer[source] for source in sources[box]]) + 1)
    for box in reversed(order):
        if targets[box] and len(targets[box]) >= len(sources[box]):
            latest = min([layer[target] for target in targets[box]]) - 1
            layer[box] = max(layer[box], latest)


def _settle(
    order: Sequence[int], targets: Adjacency, sources: Adjacency, layer: list[int]
) -> None:
    """Move boxes within the room their neighbours leave them while that shortens links."""
    for _ in range(_PASSES):
        moved = _pull_forward(order, targets, sources, layer)
        moved = _pull_back(order, targets, sources, layer) or moved
        if not moved:
            break


def _pull_forward(
    order: Sequence[int], targets: Adjacency, sources: Adjacency, layer: list[int]
) -> bool:
    moved = False
    for box in reversed(order):
        out = targets[box]
        if out and len(out) >= len(sources[box]):
            latest = min([layer[target] for target in out]) - 1
            moved = moved or latest != layer[box]
            layer[box] = latest
    return moved


def _pull_back(
    order: Sequence[int], targets: Adjacency, sources: Adjacency, layer: list[int]
) -> bool:
    moved = False
    for box in order:
        into = sources[box]
        if len(into) > len(targets[box]):
            earliest = max([layer[source] for source in into]) + 1
            moved = moved or earliest != layer[box]
            layer[box] = earliest
    return moved
