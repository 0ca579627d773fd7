"""Crossings: counted as they should be, and no more of them than Graphviz leaves."""

import random
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradviz.layout import Box, Link, Point, place
from gradviz.layout.metrics import straight_crossings

DOTS = [Box(name, 0, 0) for name in "abcd"]


def test_straight_lines_that_cross_are_counted_once() -> None:
    at = {"a": (0.0, 0.0), "b": (0.0, 10.0), "c": (10.0, 0.0), "d": (10.0, 10.0)}
    assert straight_crossings(at, DOTS, [Link("a", "d"), Link("b", "c")]) == 1
    assert straight_crossings(at, DOTS, [Link("a", "c"), Link("b", "d")]) == 0


def test_lines_from_one_box_do_not_cross() -> None:
    at = {"a": (0.0, 0.0), "b": (0.0, 10.0), "c": (10.0, 0.0), "d": (10.0, 10.0)}
    assert straight_crossings(at, DOTS, [Link("a", "c"), Link("a", "d"), Link("b", "d")]) == 0
    assert straight_crossings(at, DOTS, []) == 0


def test_lines_of_many_links_are_counted_across_chunks() -> None:
    count = 700
    boxes = [Box(f"{side}{i}", 0, 0) for side in "lr" for i in range(count)]
    at = {f"l{i}": (0.0, float(i)) for i in range(count)}
    at |= {f"r{i}": (1.0, float(-i)) for i in range(count)}
    links = [Link(f"l{i}", f"r{i}") for i in range(count)]
    assert straight_crossings(at, boxes, links) == count * (count - 1) // 2


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=30))
def test_trees_are_drawn_without_crossings(parents: list[int]) -> None:
    boxes = [Box(str(i), 100, 50) for i in range(len(parents) + 1)]
    links = [Link(str(i + 1), str(parent % (i + 1))) for i, parent in enumerate(parents)]
    assert place(boxes, links).crossings == 0


def test_crossing_that_cannot_be_avoided_is_counted() -> None:
    boxes = [Box(name, 100, 50) for name in "abcxyz"]
    links = [Link(source, target) for source in "abc" for target in "xyz"]
    assert place(boxes, links).crossings == 9


def layered(count: int, layers: int, seed: int) -> tuple[list[Box], list[Link]]:
    """A random graph of `layers` layers and 1.5 links a box, most of them short."""
    chance = random.Random(seed)
    layer = [chance.randrange(layers) for _ in range(count)]
    members: list[list[int]] = [[] for _ in range(layers)]
    for box, number in enumerate(layer):
        members[number].append(box)
    pairs: set[tuple[int, int]] = set()
    while len(pairs) < 1.5 * count:
        source, span = chance.randrange(count), 1
        while chance.random() < 0.5:
            span += 1
        if layer[source] + span < layers and members[layer[source] + span]:
            pairs.add((source, chance.choice(members[layer[source] + span])))
    boxes = [Box(str(box), 120, 60) for box in range(count)]
    return boxes, [Link(str(source), str(target)) for source, target in sorted(pairs)]


def graphviz_centres(dot: str, boxes: list[Box], links: list[Link]) -> dict[str, Point]:
    nodes = "".join(f"{box.key};" for box in boxes)
    edges = "".join(f"{link.source}->{link.target};" for link in links)
    style = "rankdir=LR;node[shape=box,fixedsize=true,width=1.667,height=0.833];"
    ran = subprocess.run(
        [dot, "-Tplain"],
        input=f"digraph{{{style}{nodes}{edges}}}",
        capture_output=True,
        text=True,
        check=True,
    )
    rows = [line.split() for line in ran.stdout.splitlines()]
    return {row[1]: (float(row[2]), float(row[3])) for row in rows if row[0] == "node"}


def expression(count: int, seed: int) -> tuple[list[Box], list[Link]]:
    """Operations on one or two of the last dozen or so results."""
    chance = random.Random(seed)
    pairs = {
        (max(0, box - 1 - int(chance.expovariate(1 / 12))), box)
        for box in range(1, count)
        if chance.random() > 0.3
        for _ in range(chance.choice((1, 2, 2)))
    }
    boxes = [Box(str(box), 120, 60) for box in range(count)]
    return boxes, [Link(str(source), str(target)) for source, target in sorted(pairs)]


@pytest.fixture
def dot() -> str:
    found = shutil.which("dot")
    if found is None:
        pytest.skip("Graphviz's dot, the oracle for crossings, is not on PATH")
    return found


def beside_graphviz(dot: str, boxes: list[Box], links: list[Link]) -> tuple[int, int]:
    """Our crossings and Graphviz's."""
    points = [Box(box.key, 0, 0) for box in boxes]
    theirs = straight_crossings(graphviz_centres(dot, boxes, links), points, links)
    return straight_crossings(place(boxes, links).positions, boxes, links), theirs


@pytest.mark.parametrize("layers", [10, 25], ids=["wide", "deep"])
def test_about_as_few_crossings_as_graphviz(dot: str, layers: int) -> None:
    found = [beside_graphviz(dot, *layered(100, layers, seed)) for seed in range(4)]
    assert sum(ours for ours, _ in found) <= 1.15 * sum(theirs for _, theirs in found)


@pytest.mark.parametrize("seed", range(2))
def test_long_expressions_cross_about_as_little_as_graphviz_draws_them(dot: str, seed: int) -> None:
    ours, theirs = beside_graphviz(dot, *expression(1000, seed))
    assert ours <= 1.15 * theirs
