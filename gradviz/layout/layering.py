"""Which layer each box stands in: every link goes forward, and links are kept short, since a
short wire is easier to follow and costs no bend points."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from gradviz.layout.model import LayoutError, Link
from gradviz.layout.spans import Springs, Vector, drift, shorten

_PASSES = 4
_ROUNDINGS = 4
_BRANCH = 0.8


@dataclass(frozen=True, slots=True)
class Flow:
    """What runs between boxes, which are numbers here.

    targets, sources: of each box, in link order.
    fans: for each port that something leaves, its box and the boxes it reaches.
    hold, draw: what moving a box one layer on costs in wire behind it and saves ahead.
    """

    targets: list[list[int]]
    sources: list[list[int]]
    fans: list[tuple[int, list[int]]]
    hold: list[float]
    draw: list[float]


def read_flow(count: int, ends: Sequence[tuple[int, int]], links: Sequence[Link]) -> Flow:
    """The flow between `count` boxes; `ends` are the numbers of the links' boxes."""
    flow = Flow(
        [[] for _ in range(count)], [[] for _ in range(count)], [], [0.0] * count, [0.0] * count
    )
    fans: dict[tuple[int, int], list[int]] = {}
    for link, (source, target) in zip(links, ends, strict=True):
        flow.targets[source].append(target)
        flow.sources[target].append(source)
        fans.setdefault((source, link.source_port), []).append(target)
    for (source, _), reached in fans.items():
        flow.fans.append((source, reached))
        weight = 1.0 if len(reached) == 1 else _BRANCH
        flow.draw[source] += weight * len(reached) + (1 - weight)
        for target in reached:
            flow.hold[target] += weight
    return flow


def forward_order(flow: Flow, names: Sequence[str]) -> list[int]:
    """Boxes with every source before its targets.

    Raises:
        LayoutError: the links run in a circle; the message spells the circle out.
    """
    waiting = [len(into) for into in flow.sources]
    order = [box for box, count in enumerate(waiting) if count == 0]
    for box in order:
        for target in flow.targets[box]:
            waiting[target] -= 1
            if waiting[target] == 0:
                order.append(target)
    if len(order) < len(waiting):
        circle = " → ".join(names[box] for box in _find_cycle(flow.sources, waiting))
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


def assign_layers(order: Sequence[int], flow: Flow, check: Callable[[], None]) -> list[int]:
    """Layer of each box, from 0, with every link going at least one layer forward.

    Trunks and their branches are together about as short as they can be; where two layers
    serve a box equally well it takes the later. Leaves thereby stand next to their first
    consumer, and a unary operation next to its own.
    """
    layer = [0] * len(order)
    for box in order:
        layer[box] = max([layer[source] + 1 for source in flow.sources[box]], default=0)
    _settle(order, flow, layer)
    if any(layer[target] > layer[box] + 1 for box, reached in flow.fans for target in reached):
        layer = _shortened(order, flow, layer, check)
    start = min(layer, default=0)
    return [number - start for number in layer]


def _shortened(
    order: Sequence[int], flow: Flow, layer: list[int], check: Callable[[], None]
) -> list[int]:
    """Layers in which trunks and branches are about as short as they can be."""
    count, ends = len(layer), _Ends(flow)
    springs = _springs(count, flow)
    wished = shorten(ends.after(layer), springs, check)[:count].tolist()
    _make_room(order, flow, wished)
    parts = [part / _ROUNDINGS for part in range(_ROUNDINGS)]
    # Links at least one layer long stay so, whatever is added before rounding down.
    rounded = [np.floor(np.array(wished) + part + 1e-6) for part in parts]
    tried = [ends.after(some) for some in (layer, *rounded)]
    best = min(tried, key=springs.length)
    found = best[:count].astype(int).tolist()
    _settle(order, flow, found)
    found = drift(ends.after(found).tolist(), springs, check)[:count]
    _settle(order, flow, found)
    return found


class _Ends:
    """Where the trunks with branches end: level with the last box that each reaches."""

    def __init__(self, flow: Flow) -> None:
        fans = [reached for _, reached in flow.fans if len(reached) > 1]
        self._reached = np.array([box for reached in fans for box in reached], np.intp)
        self._starts = np.cumsum([0, *(len(reached) for reached in fans)])[:-1]

    def after(self, layer: Sequence[float] | Vector) -> Vector:
        """The layers of the boxes, and after them those of the ends."""
        boxes = np.asarray(layer, np.float64)
        if not len(self._reached):
            return boxes
        return np.concatenate((boxes, np.maximum.reduceat(boxes[self._reached], self._starts)))


def _springs(count: int, flow: Flow) -> Springs:
    """One spring a link; a trunk's end is a box of its own, level with the last it reaches."""
    sources, targets = list[int](), list[int]()
    least, weight = list[float](), list[float]()
    end = count
    for box, reached in flow.fans:
        if len(reached) == 1:
            sources.append(box)
            targets.append(reached[0])
            least.append(1.0)
            weight.append(1.0)
            continue
        many = len(reached)
        sources += [box, *([box] * many), *reached]
        targets += [end, *reached, *([end] * many)]
        least += [1.0] * (many + 1) + [0.0] * many
        weight += [1 - _BRANCH, *([_BRANCH] * many), *([0.0] * many)]
        end += 1
    return Springs(
        end, np.array(sources, np.intp), np.array(targets, np.intp), np.array(least),
        np.array(weight),
    )  # fmt: skip


def _make_room(order: Sequence[int], flow: Flow, layer: list[float]) -> None:
    """Move boxes on until every link is one layer long, then what they leave behind after them."""
    for box in order:
        if flow.sources[box]:
            layer[box] = max(layer[box], max([layer[source] for source in flow.sources[box]]) + 1)
    for box in reversed(order):
        if flow.targets[box] and flow.draw[box] >= flow.hold[box]:
            latest = min([layer[target] for target in flow.targets[box]]) - 1
            layer[box] = max(layer[box], latest)


def _settle(order: Sequence[int], flow: Flow, layer: list[int]) -> None:
    """Move boxes within the room their neighbours leave them while that shortens wires."""
    for _ in range(_PASSES):
        moved = _pull_forward(order, flow, layer)
        moved = _pull_back(order, flow, layer) or moved
        if not moved:
            break


def _pull_forward(order: Sequence[int], flow: Flow, layer: list[int]) -> bool:
    moved = False
    for box in reversed(order):
        if flow.targets[box] and flow.draw[box] >= flow.hold[box]:
            latest = min([layer[target] for target in flow.targets[box]]) - 1
            moved = moved or latest != layer[box]
            layer[box] = latest
    return moved


def _pull_back(order: Sequence[int], flow: Flow, layer: list[int]) -> bool:
    moved = False
    for box in order:
        if flow.hold[box] > flow.draw[box]:
            earliest = max([layer[source] for source in flow.sources[box]]) + 1
            moved = moved or earliest != layer[box]
            layer[box] = earliest
    return moved
