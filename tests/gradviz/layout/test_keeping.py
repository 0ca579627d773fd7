"""A tidy graph that has changed a little is tidied with few boxes moved."""

import itertools
import random
import statistics
import tracemalloc
from collections import Counter
from collections.abc import Mapping
from math import hypot

import pytest

from gradviz.layout import Box, LayoutError, Link, Point, place
from gradviz.layout.keeping import place_near
from gradviz.layout.metrics import straight_crossings

Graph = tuple[list[Box], list[Link], dict[str, Point]]
KINDS = ("wide", "deep", "expression")
CHANGES = ("add", "remove", "insert", "delete")
SIZES = (30, 60, 110)


def layered(count: int, layers: int, chance: random.Random) -> set[tuple[int, int]]:
    """1.5 links a box, most between neighbouring layers."""
    pairs: set[tuple[int, int]] = set()
    while len(pairs) < 1.5 * count:
        source, span = chance.randrange(count), 1 + (chance.random() < 0.5)
        members = [i for i in range(count) if i % layers == source % layers + span]
        if members:
            pairs.add((source, chance.choice(members)))
    return pairs


def expression(count: int, chance: random.Random) -> set[tuple[int, int]]:
    """Operations on one or two of the last results."""
    return {
        (max(0, box - 1 - int(chance.expovariate(1 / 12))), box)
        for box in range(1, count)
        for _ in range(chance.choice((0, 1, 2, 2)))
    }


def tidy(kind: str, count: int, seed: int) -> Graph:
    """A graph as it is tidied where nothing of it lies anywhere yet."""
    chance = random.Random(seed)
    if kind == "expression":
        pairs = expression(count, chance)
    else:
        pairs = layered(count, int(count**0.5) if kind == "wide" else count // 4, chance)
    boxes = [Box(str(i), chance.choice((120, 148)), chance.choice((60, 90))) for i in range(count)]
    links = [Link(str(source), str(target)) for source, target in sorted(pairs)]
    return boxes, links, place_near(boxes, links, {})


def changed(graph: Graph, change: str, chance: random.Random) -> Graph:
    """The graph with one wire or one box more or less; a new box lies in the middle of a wire."""
    boxes, links, at = list(graph[0]), list(graph[1]), dict(graph[2])
    match change:
        case "add":
            linked = {(link.source, link.target) for link in links}
            pairs = [
                (one, other)
                for one, other in itertools.permutations(at, 2)
                if (one, other) not in linked and abs(at[one][0] - at[other][0]) < 600
            ]
            links.append(Link(*forward(boxes, links, pairs, chance)))
        case "remove":
            links.pop(chance.randrange(len(links)))
        case "insert":
            link = links.pop(chance.randrange(len(links)))
            links += [Link(link.source, "new"), Link("new", link.target)]
            boxes.append(Box("new", 120, 60))
            (left, top), (right, bottom) = at[link.source], at[link.target]
            at["new"] = (left + right) / 2, (top + bottom) / 2
        case _:
            gone = boxes.pop(chance.randrange(len(boxes))).key
            links = [link for link in links if gone not in (link.source, link.target)]
            del at[gone]
    return boxes, links, at


def forward(
    boxes: list[Box], links: list[Link], pairs: list[tuple[str, str]], chance: random.Random
) -> tuple[str, str]:
    """One of the pairs that closes no circle."""
    while True:
        pair = chance.choice(pairs)
        try:
            place(boxes, [*links, Link(*pair)])
        except LayoutError:
            continue
        return pair


def share_moved(before: Mapping[str, Point], after: Mapping[str, Point]) -> float:
    """The share of boxes more than a few pixels away from where most of the rest went."""
    ways = {k: (after[k][0] - before[k][0], after[k][1] - before[k][1]) for k in after}
    (x, y), _ = Counter(ways.values()).most_common(1)[0]
    return sum(hypot(dx - x, dy - y) > 4 for dx, dy in ways.values()) / len(ways)


def check_tidy(boxes: list[Box], links: list[Link], at: Mapping[str, Point]) -> None:
    """Links run forward and no two boxes overlap."""
    width = {box.key: box.width for box in boxes}
    for link in links:
        assert at[link.target][0] >= at[link.source][0] + width[link.source] + 60
    for one, other in itertools.combinations(boxes, 2):
        (left, top), (right, bottom) = at[one.key], at[other.key]
        assert (
            left + one.width <= right or right + other.width <= left
            or top + one.height <= bottom or bottom + other.height <= top
        ), (one, other)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_after_a_small_change_few_boxes_move_and_it_is_tidy(kind: str) -> None:
    shares: list[float] = []
    for count, change in itertools.product(SIZES, CHANGES):
        boxes, links, at = changed(tidy(kind, count, count), change, random.Random(count))
        after = place_near(boxes, links, at)
        check_tidy(boxes, links, after)
        fresh = straight_crossings(place(boxes, links).positions, boxes, links)
        assert straight_crossings(after, boxes, links) <= 1.4 * fresh + 6
        assert place_near(boxes, links, after) == after
        shares.append(share_moved(at, after))
    assert statistics.median(shares) <= 0.15
    assert max(shares) <= 0.5


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_laid_out_from_nothing_stays(kind: str) -> None:
    boxes, links, at = tidy(kind, 80, 1)
    assert place_near(boxes, links, at) == at


def test_many_small_changes_do_not_add_up_to_a_mess_nor_does_one_of_them_move_much() -> None:
    ratios: list[float] = []
    for kind, seed in itertools.product(KINDS, (3, 4)):
        chance = random.Random(seed)
        boxes, links, at = tidy(kind, 80, seed)
        for _ in range(15):
            change = chance.choice(("add", "remove", "delete"))
            boxes, links, before = changed((boxes, links, at), change, chance)
            at = place_near(boxes, links, before)
            check_tidy(boxes, links, at)
            assert share_moved(before, at) <= 0.25
        fresh = straight_crossings(place(boxes, links).positions, boxes, links)
        ratios.append((straight_crossings(at, boxes, links) + 1) / (fresh + 1))
    assert statistics.geometric_mean(ratios) <= 1.4


def test_boxes_that_changed_places_go_back_where_their_wires_do_not_cross() -> None:
    boxes = [Box(name, 120, 60) for name in "abcdefghijklmno"]
    links = [Link(one, other) for one, other in itertools.pairwise("abcde")]
    links += [Link(one, other) for one, other in itertools.pairwise("fghij")]
    links += [Link(one, other) for one, other in itertools.pairwise("klmno")]
    links += [Link("a", "g"), Link("f", "l")]
    at = place_near(boxes, links, {})
    assert straight_crossings(at, boxes, links) == 0
    crossed = at | {"c": at["h"], "h": at["c"]}
    assert straight_crossings(crossed, boxes, links) > 0
    after = place_near(boxes, links, crossed)
    assert straight_crossings(after, boxes, links) == 0
    assert share_moved(crossed, after) <= 0.2


def test_columns_in_which_everything_is_shuffled_are_laid_out_anew() -> None:
    for count in (60, 450):
        boxes, links, at = tidy("expression", count, 1)
        chance = random.Random(0)
        columns: dict[float, list[str]] = {}
        for box in boxes:
            columns.setdefault(at[box.key][0] + box.width / 2, []).append(box.key)
        tops = {key: at[key][1] for key in at}
        for column in columns.values():
            swapped = dict(zip(column, chance.sample(column, len(column)), strict=True))
            tops |= {key: at[other][1] for key, other in swapped.items()}
        mess = {key: (at[key][0], tops[key]) for key in at}
        assert place_near(boxes, links, mess) == place_near(boxes, links, {})


def test_what_was_pulled_apart_comes_together_again() -> None:
    boxes, links, at = tidy("wide", 60, 2)
    wide = {key: (1.3 * x, y) for key, (x, y) in at.items()}
    tall = {key: (x, 6 * y) for key, (x, y) in at.items()}
    for loose in (wide, tall):
        assert place_near(boxes, links, loose) == place_near(boxes, links, {})


def test_scattered_boxes_are_laid_out_from_nothing() -> None:
    boxes, links, _ = tidy("wide", 60, 2)
    chance = random.Random(0)
    at = {box.key: (chance.uniform(0, 2000), chance.uniform(0, 2000)) for box in boxes}
    assert place_near(boxes, links, at) == place_near(boxes, links, {})


def test_a_chain_pulled_apart_or_out_of_line_is_laid_out_from_nothing() -> None:
    boxes = [Box(name, 120, 60) for name in "abc"]
    links = [Link("a", "b"), Link("b", "c")]
    fresh = place(boxes, links).positions
    assert place_near(boxes, links, {"a": (0, 0), "b": (184, 90), "c": (368, 0)}) == fresh
    assert place_near(boxes, links, {"a": (0, 0), "b": (900, 0), "c": (1084, 0)}) == fresh


def test_parts_far_from_each_other_are_brought_together() -> None:
    boxes = [Box(name, 120, 60) for name in "abcd"]
    links = [Link("a", "b"), Link("c", "d")]
    fresh = place(boxes, links).positions
    apart = {"a": (0, 0), "b": (184, 0), "c": (0, 4000), "d": (184, 4000)}
    assert place_near(boxes, links, apart) == fresh


def test_a_box_on_another_makes_way_and_the_others_stay() -> None:
    boxes, links, at = tidy("wide", 40, 5)
    boxes, here = [*boxes, Box("new", 120, 60)], at["7"]
    after = place_near(boxes, links, at | {"new": (here[0] + 10, here[1] + 10)})
    check_tidy(boxes, links, after)
    assert {key: after[key] for key in at} == at


def test_it_works_downwards_and_for_no_boxes() -> None:
    assert place_near([], [], {}) == {}
    boxes, links, _ = tidy("wide", 40, 6)
    at = place_near(boxes, links, {}, direction="down")
    assert place_near(boxes, links, at, direction="down") == at
    removed = links[:7] + links[8:]
    assert share_moved(at, place_near(boxes, removed, at, direction="down")) <= 0.15


def test_boxes_that_all_lie_in_one_heap_are_not_looked_at_pair_by_pair():
    boxes = [Box(f"b{number}", 160.0, 60.0) for number in range(1000)]
    heap = {box.key: (0.0, 0.0) for box in boxes}
    tracemalloc.start()
    found = place_near(boxes, [Link("b0", "b1")], heap)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(set(found.values())) == len(boxes) and peak < 30e6
