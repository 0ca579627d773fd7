"""The order of the vertices within each layer, chosen so that few wires cross.

Many orders are swept at once and the best stretches of them joined (see `breeding`); what comes
out is sifted (Matuszewski, Schönfeld, Molitor 1999). One order to begin with is that in which
expressions read as they are written (inputs in port order), and large graphs have time for it
alone. How much is tried depends on the graph's size alone, so equal graphs get equal layouts on
every machine.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Callable, Sequence

from gradviz.layout.breeding import Orders, breed
from gradviz.layout.proper import Proper
from gradviz.layout.sifting import sift_layer

_SWEEP_WORK = 30_000
_SIFT_WORK = 6_000
_CHECK_EVERY = 64


class _Ranks:
    """The rank of every port among its layer's, kept in step with the layers' orders."""

    def __init__(self, proper: Proper, orders: Orders) -> None:
        self.proper = proper
        self.orders = [list(order) for order in orders]
        self.ranks = [0] * len(proper.owner)
        vertices = range(len(proper.layer))
        self.sources = [proper.sources(vertex) for vertex in vertices]
        self.targets = [proper.targets(vertex) for vertex in vertices]
        for number in range(len(orders)):
            self.refresh(number)

    def set_orders(self, orders: Orders) -> None:
        for number, order in enumerate(orders):
            self.set_order(number, order)

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
                if len(landing) == 1:
                    insort(passed, landing[0])
                else:
                    passed.extend(landing)
                    passed.sort()
        return found

    def crossings(self) -> int:
        return sum(self.crossings_after(number) for number in range(len(self.orders) - 1))


def order_layers(proper: Proper, share: float, check: Callable[[], None]) -> tuple[Orders, int]:
    """An order for each layer, and the crossings that are left.

    share: of all the boxes to be laid out, how many are here; effort is given out by it.
    check: called between steps; what it raises ends the work.
    """
    size = int(len(proper.owner) / share) + 1
    ranks = _Ranks(proper, _reading_order(proper, from_sinks=True))
    best, fewest = list(ranks.orders), ranks.crossings()
    if fewest == 0:
        return best, fewest
    starts = (best, _reading_order(proper, from_sinks=False))
    bred = breed(proper, starts, size, check)
    if not bred:
        fewest = _improve(ranks, size, check)
        return ranks.orders, fewest
    for orders in bred:
        ranks.set_orders(orders)
        found = _sift(ranks, _share(_SIFT_WORK, size, 2, 6), check)
        if found < fewest:
            best, fewest = list(ranks.orders), found
        if fewest == 0:
            break
    return best, fewest


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


def _improve(ranks: _Ranks, size: int, check: Callable[[], None]) -> int:
    """Bring the crossings down as far as a large graph's size allows; returns how many are left."""
    found = _sweep(ranks, _share(_SWEEP_WORK, size, 1, 2), check)
    return _exchange(ranks, check) if found else 0


def _share(work: int, size: int, least: int, most: int) -> int:
    return max(least, min(most, work // size))


def _sweep(ranks: _Ranks, rounds: int, check: Callable[[], None]) -> int:
    """Barycentre sweeps there and back; leaves the best order in `ranks`."""
    fewest = ranks.crossings()
    best = [list(order) for order in ranks.orders]
    last = len(ranks.orders) - 1
    for _ in range(rounds):
        check()
        for number in range(1, last + 1):
            _sort_by(ranks, number, ranks.sources)
        for number in range(last - 1, -1, -1):
            _sort_by(ranks, number, ranks.targets)
        found = ranks.crossings()
        if found < fewest:
            fewest = found
            best = [list(order) for order in ranks.orders]
    ranks.set_orders(best)
    return fewest


def _sort_by(ranks: _Ranks, number: int, near: Sequence[list[int]]) -> None:
    """Sort a layer by the mean rank of its neighbours on one side; the others keep their places."""
    at = ranks.ranks
    order = ranks.orders[number]
    moving = [vertex for vertex in order if near[vertex]]
    means = {
        vertex: sum([at[port] for port in near[vertex]]) / len(near[vertex]) for vertex in moving
    }
    moving.sort(key=means.__getitem__)
    if len(moving) == len(order):
        ranks.set_order(number, moving)
    else:
        ready = iter(moving)
        ranks.set_order(number, [next(ready) if near[vertex] else vertex for vertex in order])


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
            after = sift_layer(ranks.sources, ranks.targets, order, ranks.ranks)
            if after != order:
                ranks.set_order(number, after)
                for beside in (number - 1, number, number + 1):
                    if 0 <= beside <= last:
                        stirred[beside] = len(ranks.orders[beside]) > 1
    return ranks.crossings()


def _exchange(ranks: _Ranks, check: Callable[[], None]) -> int:
    """Exchange neighbours of a layer where that saves crossings: sifting's cheap relative."""
    for number, order in enumerate(ranks.orders):
        if number % _CHECK_EVERY == 0:
            check()
        if _exchange_layer(order, ranks):
            ranks.refresh(number)
    return ranks.crossings()


def _exchange_layer(order: list[int], ranks: _Ranks) -> bool:
    at, sources, targets = ranks.ranks, ranks.sources, ranks.targets
    before = [[at[port] for port in sources[vertex]] for vertex in order]
    after = [[at[port] for port in targets[vertex]] for vertex in order]
    changed = False
    for place in range(len(order) - 1):
        spot = place
        while spot >= 0 and (
            _excess(before[spot], before[spot + 1]) + _excess(after[spot], after[spot + 1]) > 0
        ):
            order[spot], order[spot + 1] = order[spot + 1], order[spot]
            for ranked in (before, after):
                ranked[spot], ranked[spot + 1] = ranked[spot + 1], ranked[spot]
            changed = True
            spot -= 1
    return changed


def _excess(one: list[int], other: list[int]) -> int:
    """Crossings with `one` first, less those with `other` first."""
    found = 0
    for rank in one:
        for against in other:
            if rank > against:
                found += 1
            elif rank < against:
                found -= 1
    return found
