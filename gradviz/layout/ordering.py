"""The order of the vertices within each layer, chosen so that few wires cross.

Starts from orders in which expressions read as they are written (inputs in port order), then
alternates barycentre sweeps (Sugiyama, Tagawa, Toda 1981) with sifting (Matuszewski,
Schönfeld, Molitor 1999), and keeps the best order seen. The number of rounds depends on the
graph's size alone, so equal graphs get equal layouts on every machine.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Callable, Iterable

from gradviz.layout.proper import Proper
from gradviz.layout.sifting import sift_layer

Orders = list[list[int]]

_SIFTED = 100_000


class _Ranks:
    """The rank of every port among its layer's, kept in step with the layers' orders."""

    def __init__(self, proper: Proper, orders: Orders) -> None:
        self.proper = proper
        self.orders = [list(order) for order in orders]
        self.ranks = [0] * len(proper.owner)
        for number in range(len(orders)):
            self.refresh(number)

    def refresh(self, number: int) -> None:
        ranks, outs, ins = self.ranks, self.proper.outs, self.proper.ins
        out_rank = in_rank = 0
        for vertex in self.orders[number]:
            for port in outs[vertex]:
                ranks[port] = out_rank
                out_rank += 1
            for port in ins[vertex]:
                ranks[port] = in_rank
                in_rank += 1

    def set_order(self, number: int, order: list[int]) -> None:
        self.orders[number] = order
        self.refresh(number)

    def crossings_after(self, number: int) -> int:
        """Crossings between layer `number` and the next."""
        ranks, reached, outs = self.ranks, self.proper.reached, self.proper.outs
        passed: list[int] = []
        found = 0
        for vertex in self.orders[number]:
            for out in outs[vertex]:
                landing = [ranks[port] for port in reached[out]]
                for rank in landing:
                    found += len(passed) - bisect_right(passed, rank)
                for rank in landing:
                    insort(passed, rank)
        return found

    def crossings(self) -> int:
        return sum(self.crossings_after(number) for number in range(len(self.orders) - 1))


def order_layers(proper: Proper, check: Callable[[], None]) -> tuple[Orders, int]:
    """An order for each layer, and the crossings that are left.

    `check` is called between steps; what it raises ends the work.
    """
    best: Orders = []
    fewest = -1
    for start in _starts(proper):
        ranks = _Ranks(proper, start)
        found = _improve(ranks, check)
        if fewest < 0 or found < fewest:
            best, fewest = [list(order) for order in ranks.orders], found
        if fewest == 0:
            break
    return best, fewest


def _starts(proper: Proper) -> Iterable[Orders]:
    yield _reading_order(proper, from_sinks=True)
    if len(proper.layer) <= 4000:
        yield _reading_order(proper, from_sinks=False)


def _reading_order(proper: Proper, *, from_sinks: bool) -> Orders:
    """Layers in the order in which a depth-first walk along the wires, ports in order, ends."""
    ports = proper.sources if from_sinks else proper.targets
    opposite = proper.targets if from_sinks else proper.sources
    orders: Orders = [[] for _ in proper.layers]
    met = [False] * len(proper.layer)
    for root in range(len(proper.layer)):
        if met[root] or opposite(root):
            continue
        met[root] = True
        stack = [(root, iter(ports(root)))]
        while stack:
            vertex, ahead = stack[-1]
            for port in ahead:
                following = proper.owner[port]
                if not met[following]:
                    met[following] = True
                    stack.append((following, iter(ports(following))))
                    break
            else:
                stack.pop()
                orders[proper.layer[vertex]].append(vertex)
    return orders


def _improve(ranks: _Ranks, check: Callable[[], None]) -> int:
    """Bring the crossings down as far as the graph's size allows; returns how many are left."""
    size = len(ranks.proper.owner)
    sweeps = max(4, min(16, 60_000 // (size + 1)))
    found = _sweep(ranks, sweeps, check)
    if found and size <= _SIFTED:
        found = _sift(ranks, max(1, min(6, 24_000 // size)), check)
    return found


def _sweep(ranks: _Ranks, sweeps: int, check: Callable[[], None]) -> int:
    """Alternating barycentre sweeps; leaves the best order in `ranks`."""
    fewest = ranks.crossings()
    best = [list(order) for order in ranks.orders]
    stale = 0
    last = len(ranks.orders) - 1
    for turn in range(sweeps):
        if fewest == 0 or stale >= 4:
            break
        check()
        if turn % 2 == 0:
            for number in range(1, last + 1):
                _sort_by(ranks, number, ranks.proper.sources)
        else:
            for number in range(last - 1, -1, -1):
                _sort_by(ranks, number, ranks.proper.targets)
        found = ranks.crossings()
        stale += 1
        if found < fewest:
            fewest, stale = found, 0
            best = [list(order) for order in ranks.orders]
    for number, order in enumerate(best):
        ranks.set_order(number, order)
    return fewest


def _sort_by(ranks: _Ranks, number: int, ports: Callable[[int], list[int]]) -> None:
    """Sort a layer by the mean rank of its neighbours on one side; the others keep their places."""
    at = ranks.ranks
    keys: list[tuple[float, int]] = []
    order = ranks.orders[number]
    moving: list[int] = []
    for place, vertex in enumerate(order):
        near = ports(vertex)
        if near:
            keys.append((sum([at[port] for port in near]) / len(near), place))
            moving.append(place)
    keys.sort()
    after = list(order)
    for place, (_, origin) in zip(moving, keys, strict=True):
        after[place] = order[origin]
    ranks.set_order(number, after)


def _sift(ranks: _Ranks, rounds: int, check: Callable[[], None]) -> int:
    """Sift every layer beside which something has moved, there and back, `rounds` times."""
    last = len(ranks.orders) - 1
    stirred = [len(order) > 1 for order in ranks.orders]
    for turn in range(2 * rounds):
        if not any(stirred):
            break
        for number in range(last, -1, -1) if turn % 2 else range(last + 1):
            if not stirred[number]:
                continue
            check()
            stirred[number] = False
            order = ranks.orders[number]
            after = sift_layer(ranks.proper, order, ranks.ranks)
            if after != order:
                ranks.set_order(number, after)
                for beside in (number - 1, number, number + 1):
                    if 0 <= beside <= last:
                        stirred[beside] = len(ranks.orders[beside]) > 1
    return ranks.crossings()
