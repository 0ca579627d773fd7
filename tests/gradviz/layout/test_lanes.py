"""Wires led round boxes: free, apart from each other, the same whatever order things come in."""

import random
from itertools import pairwise

import pytest

from gradviz.layout import Box, Direction, LayoutCancelled, Link, place
from gradviz.layout.aligning import Placed
from gradviz.layout.curves import reach, through
from gradviz.layout.lanes import DETOUR, EFFORT, LANE, OUTSIDE, led
from gradviz.layout.meeting import Strand

SEEDS = range(8)
STEPS = 40


def tidy(seed, direction: Direction = "right", count=40, layers=7):
    """The boxes of a layered graph where a layout puts them, and the wires between them."""
    chance = random.Random(seed)
    boxes = [
        Box(f"n{n}", chance.choice((148, 148, 200)), chance.choice((76, 76, 120)))
        for n in range(count)
    ]
    layer = [chance.randrange(layers) for _ in boxes]
    pairs = [sorted(chance.sample(range(count), 2), key=lambda n: layer[n]) for _ in range(60)]
    pairs = [(a, b) for a, b in pairs if layer[a] < layer[b]]
    links = [Link(f"n{a}", f"n{b}", 0, n % 2) for n, (a, b) in enumerate(pairs)]
    at = place(boxes, links, direction=direction, gap_along=56).positions
    placed = {box.key: Placed(*at[box.key], box.width, box.height) for box in boxes}
    return placed, [strand(placed, link, direction) for link in links]


def strand(placed, link, direction="right"):
    out, into = placed[link.source], placed[link.target]
    if direction == "down":
        start = out.x + out.width / 2, out.y + out.height
        return Strand(
            link.source, link.target, 0, start, (into.x + 40 + 30 * link.target_port, into.y)
        )
    start = out.x + out.width, out.y + 46
    return Strand(link.source, link.target, 0, start, (into.x, into.y + 37 + 24 * link.target_port))


def way(one, dots=(), down=False):
    """Points along a wire, as it is drawn."""
    if dots:
        curves = through([one.start, *dots, one.end], down=down)
    else:
        (x, y), (u, v) = one.start, one.end
        far = reach(v - y, abs(u - x)) if down else reach(u - x, abs(v - y))
        lean = (0, far) if down else (far, 0)
        first, last = (x + lean[0], y + lean[1]), (u - lean[0], v - lean[1])
        curves = [(one.start, first, last, one.end)]
    for a, b, c, d in curves:
        for step in range(STEPS + 1):
            t = step / STEPS
            weights = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
            yield tuple(
                sum(w * p[axis] for w, p in zip(weights, (a, b, c, d), strict=True))
                for axis in (0, 1)
            )


def behind(placed, one, dots=(), down=False):
    """The boxes that a wire runs behind, other than those that it joins."""
    points = list(way(one, dots, down))
    return {
        key
        for key, box in placed.items()
        if key not in (one.source, one.target)
        and any(box.x < x < box.x + box.width and box.y < y < box.y + box.height for x, y in points)
    }


@pytest.mark.parametrize("direction", ["right", "down"])
def test_what_is_led_runs_behind_nothing_and_what_is_not_ran_behind_nothing(direction):
    down = direction == "down"
    before = after = 0
    for seed in SEEDS:
        placed, strands = tidy(seed, direction)
        found = led(placed, strands, direction)
        for place_in, dots in found.items():
            assert not behind(placed, strands[place_in], dots, down)
        before += sum(bool(behind(placed, one, (), down)) for one in strands)
        after += sum(
            bool(behind(placed, one, (), down)) for n, one in enumerate(strands) if n not in found
        )
    assert before > 60
    assert after < before / 10


def test_the_same_dots_come_out_whatever_order_things_come_in():
    for seed in SEEDS:
        placed, strands = tidy(seed)
        found = led(placed, strands)
        order = list(range(len(strands)))
        random.Random(seed).shuffle(order)
        again = led(dict(reversed(placed.items())), [strands[n] for n in order])
        assert {order[n]: dots for n, dots in again.items()} == found
        assert all(float(part).is_integer() or part in {s.start[1], s.end[1]}
                   for n, dots in found.items() for s in [strands[n]]
                   for dot in dots for part in dot)  # fmt: skip


def test_level_wires_of_different_outputs_keep_apart():
    for seed in SEEDS:
        placed, strands = tidy(seed)
        lanes = [
            (a[0], b[0], a[1], strands[n].source)
            for n, dots in led(placed, strands).items()
            for a, b in pairwise(dots)
            if a[1] == b[1]
        ]
        for first, last, level, owner in lanes:
            for other in lanes:
                if other[3] != owner and other[0] <= last and first <= other[1]:
                    assert abs(other[2] - level) >= LANE


def test_no_wire_makes_a_long_way_round():
    for seed in SEEDS:
        placed, strands = tidy(seed)
        top = min(box.y for box in placed.values())
        bottom = max(box.y + box.height for box in placed.values())
        for n, dots in led(placed, strands).items():
            levels = strands[n].start[1], strands[n].end[1]
            for _, y in dots:
                assert min(levels) - DETOUR <= y <= max(levels) + DETOUR
                assert top - OUTSIDE <= y <= bottom + OUTSIDE


ROW = {
    "a": Placed(0, 0, 148, 76),
    "b": Placed(204, 0, 148, 76),
    "c": Placed(408, 0, 148, 76),
    "d": Placed(612, 0, 148, 76),
}


def test_a_wire_past_cards_in_a_row_goes_level_below_or_above_all_of_them():
    one = strand(ROW, Link("a", "d"))
    ((first, level), (last, other)) = led(ROW, [one])[0]
    assert 148 < first < 204 and 556 < last < 612
    assert level == other and (level < 0 or level > 76)


def test_wires_of_one_output_share_their_lane():
    boxes = ROW | {"e": Placed(816, 0, 148, 76)}
    found = led(boxes, [strand(boxes, Link("a", "d")), strand(boxes, Link("a", "e"))])
    assert found[0][0] == found[1][0]
    assert found[0][1][1] == found[1][1][1]


def test_one_dot_is_enough_where_the_way_to_a_card_is_level():
    boxes = {
        "a": Placed(0, 0, 148, 76),
        "b": Placed(204, 90, 148, 76),
        "c": Placed(408, 150, 148, 76),
    }
    (dots,) = led(boxes, [strand(boxes, Link("a", "c"))]).values()
    assert len(dots) == 1
    assert dots[0][1] in (46, 187)


def test_a_wire_stays_as_it_is_where_no_way_is_free():
    wall = {f"w{n}": Placed(204, n * 80.0, 148, 78) for n in range(-8, 9)}
    boxes = {"a": ROW["a"], "d": ROW["d"], **wall}
    assert led(boxes, [strand(boxes, Link("a", "d"))]) == {}


def test_wires_that_run_behind_nothing_or_back_stay_as_they_are():
    assert led(ROW, [strand(ROW, Link(a, b)) for a, b in ("ab", "bc", "da", "cb")]) == {}
    assert led({}, []) == {}


def test_at_most_so_many_wires_are_led_the_short_ones_first():
    count = 150
    rows = {
        f"{key}{row}": box._replace(y=row * 200.0)
        for row in range(count)
        for key, box in ROW.items()
    }
    strands = [strand(rows, Link(f"a{row}", f"d{row}")) for row in range(count)]
    strands += [strand(rows, Link(f"a{row}", f"c{row}")) for row in range(count // 2)]
    found = led(rows, strands)
    assert len(found) == EFFORT // len(rows)
    assert found.keys() >= set(range(count, len(strands)))


def test_it_ends_when_it_is_no_longer_wanted():
    with pytest.raises(LayoutCancelled):
        led(ROW, [strand(ROW, Link("a", "d"))], cancelled=lambda: True)
