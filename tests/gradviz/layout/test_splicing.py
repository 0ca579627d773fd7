"""Orders put together from stretches of several cross as little as the best stretches do."""

import random
from collections.abc import Callable

import numpy as np
import pytest

from gradviz.layout.model import LayoutCancelled, Link
from gradviz.layout.proper import Proper, build_proper
from gradviz.layout.splicing import best_rows, count_crossings
from gradviz.layout.sweeping import Places, Stack


def go_on() -> None:
    """Nothing has cancelled."""


def ladder(layers: int) -> Proper:
    """Two chains side by side, and one line from the first to the second in every layer."""
    ends = [(2 * at + side, 2 * at + 2 + side) for at in range(layers - 1) for side in (0, 1)]
    ends += [(2 * at, 2 * at + 3) for at in range(layers - 1)]
    links = [Link(str(source), str(target), target_port=source % 2) for source, target in ends]
    return build_proper([box // 2 for box in range(2 * layers)], ends, links)


def joined(stack: Stack, *orders: list[list[int]]) -> Places:
    rows = [stack.places(order) for order in orders]
    return [np.concatenate(some) for some in zip(*rows, strict=True)]


def test_the_good_half_of_each_order_is_taken() -> None:
    stack = Stack(ladder(6))
    straight, twisted = [[2 * at, 2 * at + 1] for at in range(6)], []
    for at, order in enumerate(straight):
        twisted.append(order if at % 2 else order[::-1])
    early = [*twisted[:3], *straight[3:]]
    late = [*straight[:3], *twisted[3:]]
    places = joined(stack, early, late)
    crossings = count_crossings(stack, places, go_on)
    assert all(sum(step[row, row] for step in crossings) > 0 for row in (0, 1))
    rows = best_rows(crossings)
    assert stack.orders(places, rows) == straight
    assert sum(step[rows[at], rows[at + 1]] for at, step in enumerate(crossings)) == 0


def test_orders_that_are_equally_good_are_not_mixed() -> None:
    stack = Stack(ladder(5))
    order = [[2 * at, 2 * at + 1] for at in range(5)]
    places = joined(stack, order, order)
    assert best_rows(count_crossings(stack, places, go_on)) == [0] * 5


def count_one_by_one(proper: Proper, orders: list[list[int]]) -> int:
    rank: dict[int, int] = {}
    for ports in (proper.outs, proper.ins):
        for order in orders:
            sequence = [port for vertex in order for port in ports[vertex]]
            rank |= {port: place for place, port in enumerate(sequence)}
    found = 0
    for layer in proper.layers:
        outs = [out for vertex in layer for out in proper.outs[vertex]]
        lines = [(rank[out], rank[port]) for out in outs for port in proper.reached[out]]
        found += sum(a < c and b > d for a, b in lines for c, d in lines)
    return found


def test_crossings_are_counted_from_port_to_port() -> None:
    chance = random.Random(3)
    layer = sorted(chance.randrange(5) for _ in range(40))
    ends = [(s, t) for s in range(40) for t in range(40) if layer[s] < layer[t]]
    ends = chance.sample(ends, 60)
    ports = [(chance.randrange(2), chance.randrange(3)) for _ in ends]
    links = [
        Link(str(s), str(t), out, into) for (s, t), (out, into) in zip(ends, ports, strict=True)
    ]
    proper = build_proper(layer, ends, links)
    stack = Stack(proper)
    orders = [
        [chance.sample(vertices, len(vertices)) for vertices in proper.layers] for _ in range(3)
    ]
    crossings = count_crossings(stack, joined(stack, *orders), go_on)
    for row, order in enumerate(orders):
        assert sum(step[row, row] for step in crossings) == count_one_by_one(proper, order)


def cancelled_after(calls: int) -> Callable[[], None]:
    left = [calls]

    def check() -> None:
        left[0] -= 1
        if left[0] < 0:
            raise LayoutCancelled

    return check


def test_counting_can_be_cancelled() -> None:
    stack = Stack(ladder(5))
    places = stack.places([[2 * at, 2 * at + 1] for at in range(5)])
    with pytest.raises(LayoutCancelled):
        count_crossings(stack, places, cancelled_after(2))
