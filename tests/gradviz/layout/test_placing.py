"""What a person sees of a layout: order, room, symmetry, straight lines, clear errors."""

import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradviz.layout import (
    Box,
    Direction,
    LayoutCancelled,
    LayoutError,
    Link,
    Placement,
    Point,
    place,
)

Graph = tuple[list[Box], list[Link]]


def boxes_of(names: str, width: float = 120, height: float = 60) -> list[Box]:
    return [Box(name, width, height) for name in names.split()]


def links_of(text: str) -> list[Link]:
    """`"a>b c>b"`; the wires into a box take its ports in turn."""
    links: list[Link] = []
    for pair in text.split():
        source, target = pair.split(">")
        port = sum(link.target == target for link in links)
        links.append(Link(source, target, 0, port))
    return links


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Acyclic graphs with boxes of all sizes, several ports, and links that repeat."""
    count = draw(st.integers(1, 25))
    size = st.floats(0, 300, allow_nan=False) | st.integers(1, 300)
    boxes = [Box(f"n{i}", draw(size), draw(size)) for i in range(count)]
    if count == 1:
        return boxes, []
    pair = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1))
    port = st.integers(0, 2)
    links = [
        Link(f"n{min(one, other)}", f"n{max(one, other)}", draw(port), draw(port))
        for one, other in draw(st.lists(pair, max_size=50))
        if one != other
    ]
    return boxes, links


def overlaps(one: Box, other: Box, at: Placement) -> bool:
    (left, top), (right, bottom) = at.positions[one.key], at.positions[other.key]
    apart = (
        left + one.width <= right
        or right + other.width <= left
        or top + one.height <= bottom
        or bottom + other.height <= top
    )
    return not apart


def centre(box: Box, at: Placement) -> Point:
    left, top = at.positions[box.key]
    return left + box.width / 2, top + box.height / 2


def centres(boxes: Sequence[Box], at: Placement) -> dict[str, Point]:
    return {box.key: centre(box, at) for box in boxes}


@settings(max_examples=60, deadline=None)
@given(graphs(), st.sampled_from(["right", "down"]), st.floats(0, 80), st.floats(0, 40))
def test_boxes_keep_apart_and_links_go_forward(
    graph: Graph, direction: Direction, along: float, across: float
) -> None:
    boxes, links = graph
    at = place(boxes, links, direction=direction, gap_along=along, gap_across=across)
    assert list(at.positions) == [box.key for box in boxes]
    for one, other in itertools.combinations(boxes, 2):
        assert not overlaps(one, other, at), (one, other)
    known = {box.key: box for box in boxes}
    for link in links:
        axis = 0 if direction == "right" else 1
        source = known[link.source]
        end = at.positions[link.source][axis] + (source.width, source.height)[axis]
        assert end + along <= at.positions[link.target][axis]


@settings(max_examples=20, deadline=None)
@given(graphs())
def test_equal_graphs_are_laid_out_equally(graph: Graph) -> None:
    boxes, links = graph
    assert place(boxes, links) == place(list(boxes), list(links))


@settings(max_examples=40, deadline=None)
@given(graphs(), st.sampled_from(["right", "down"]))
def test_everything_is_inside_the_size_and_on_whole_pixels(
    graph: Graph, direction: Direction
) -> None:
    boxes, links = graph
    at = place(boxes, links, direction=direction)
    points = [point for route in at.routes.values() for point in route]
    for box in boxes:
        left, top = at.positions[box.key]
        assert left == int(left) and top == int(top)
        points += [(left, top), (left + box.width, top + box.height)]
    for x, y in points:
        assert 0 <= x <= at.size[0] and 0 <= y <= at.size[1]


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_routes_run_forward_and_their_level_stretches_keep_off_boxes(graph: Graph) -> None:
    boxes, links = graph
    at = place(boxes, links)
    known = {box.key: box for box in boxes}
    for number, route in at.routes.items():
        link = links[number]
        start = at.positions[link.source][0] + known[link.source].width
        along = [start, *(x for x, _ in route), at.positions[link.target][0]]
        assert along == sorted(along)
        level = [(x1, x2, y1) for (x1, y1), (x2, y2) in itertools.pairwise(route) if y1 == y2]
        for (x1, x2, y), box in itertools.product(level, boxes):
            left, top = at.positions[box.key]
            assert not (x1 < left + box.width and left < x2 and top < y < top + box.height)


def test_bowl_is_symmetrical_with_straight_rows() -> None:
    boxes = boxes_of("theta1 theta2 pow1 pow2 add")
    at = place(boxes, links_of("theta1>pow1 theta2>pow2 pow1>add pow2>add"))
    mid = centres(boxes, at)
    assert mid["theta1"][1] == mid["pow1"][1] < mid["theta2"][1] == mid["pow2"][1]
    assert mid["add"][1] == (mid["pow1"][1] + mid["pow2"][1]) / 2
    assert mid["theta1"][0] == mid["theta2"][0]
    assert at.crossings == 0 and not at.routes


def test_chain_of_boxes_of_different_heights_is_straight() -> None:
    boxes = [Box("a", 100, 90), Box("b", 140, 60), Box("c", 80, 120), Box("d", 100, 60)]
    at = place(boxes, links_of("a>b b>c c>d"))
    assert {y for _, y in centres(boxes, at).values()} == {60.0}


def test_flow_down_is_flow_right_turned() -> None:
    boxes = boxes_of("a b c d e", 100, 100)
    links = links_of("a>c b>c c>d a>d d>e")
    right = place(boxes, links, gap_along=40, gap_across=40)
    down = place(boxes, links, direction="down", gap_along=40, gap_across=40)
    assert down.positions == {key: (y, x) for key, (x, y) in right.positions.items()}


def test_inputs_arrive_in_port_order() -> None:
    boxes = boxes_of("c b a out")
    links = [Link("a", "out", 0, 0), Link("b", "out", 0, 1), Link("c", "out", 0, 2)]
    at = place(boxes, links)
    assert at.positions["a"][1] < at.positions["b"][1] < at.positions["c"][1]


def test_leaf_stands_next_to_its_first_consumer() -> None:
    boxes = boxes_of("x sin cos exp b add")
    at = place(boxes, links_of("x>sin sin>cos cos>exp exp>add b>add"))
    assert at.positions["b"][0] == at.positions["exp"][0]


def test_long_wire_goes_round_the_boxes_between() -> None:
    boxes = boxes_of("x sin cos add")
    links = links_of("x>sin sin>cos cos>add x>add")
    at = place(boxes, links)
    (first, level), (last, same) = at.routes[3]
    assert level == same
    assert first <= at.positions["sin"][0] and last >= at.positions["cos"][0] + 120
    for name in ("sin", "cos"):
        top = at.positions[name][1]
        assert not top <= level <= top + 60


def test_links_of_one_port_share_their_trunk() -> None:
    boxes = boxes_of("x a b c d")
    at = place(boxes, links_of("a>b b>c c>d x>a x>c x>d"))
    assert at.routes[4][0] == at.routes[5][0]


def test_narrow_box_beside_wide_ones_sends_its_wire_clear_of_them() -> None:
    boxes = [Box("narrow", 40, 40), Box("wide", 200, 40), Box("sum", 100, 60)]
    links = [Link("narrow", "sum", 0, 0, 10.0, 20.0), Link("wide", "sum", 0, 1, None, 40.0)]
    at = place(boxes, links)
    assert at.routes[0] == ((200.0, at.positions["narrow"][1] + 10),)
    assert 1 not in at.routes


def test_parts_are_packed_below_one_another_with_single_boxes_last() -> None:
    boxes = boxes_of("alone a b c d e f")
    at = place(boxes, links_of("a>b b>c d>e e>f"))
    rows = [at.positions[name][1] for name in ("a", "d", "alone")]
    assert rows == sorted(set(rows))


def test_far_travelling_values_do_not_swamp_the_layout() -> None:
    count = 150
    boxes = [Box(str(i), 100, 40) for i in range(count)]
    chain = [Link(str(i), str(i + 1)) for i in range(count - 1)]
    sums = [Link(str(i), str(count - 1), 1, i) for i in range(count - 2)]
    at = place(boxes, [*chain, *sums])
    lowest = min(top for _, top in at.positions.values())
    outside = [route for route in at.routes.values() if route[0][1] < lowest]
    assert outside, "the longest wires are routed outside"
    for number in range(len(chain), len(chain) + len(sums)):
        along = [x for x, _ in at.routes.get(number, ())]
        assert along == sorted(along)


def test_nothing_to_place() -> None:
    assert place([], []) == Placement({}, {}, (0, 0), 0)


def test_cycle_is_named() -> None:
    boxes = boxes_of("a b c d")
    with pytest.raises(LayoutError, match="b → c → d → b"):
        place(boxes, links_of("a>b b>c c>d d>b"))


def test_self_link_is_a_cycle() -> None:
    with pytest.raises(LayoutError, match="a → a"):
        place(boxes_of("a"), links_of("a>a"))


@pytest.mark.parametrize(
    ("boxes", "links", "said"),
    [
        (boxes_of("a a"), [], "two boxes have the key 'a'"),
        (boxes_of("a"), links_of("a>b"), "names 'b', which is not among the boxes"),
        ([Box("a", -1, 5)], [], "box 'a' is -1 by 5"),
        ([Box("a", 1, float("nan"))], [], "box 'a' is 1 by nan"),
    ],
)
def test_impossible_input_is_refused(boxes: list[Box], links: list[Link], said: str) -> None:
    with pytest.raises(LayoutError, match=said):
        place(boxes, links)


def test_impossible_gap_is_refused() -> None:
    with pytest.raises(LayoutError, match="-1"):
        place(boxes_of("a"), [], gap_across=-1)


@pytest.mark.parametrize("after", [0, 1, 3, 10])
def test_cancelling_ends_the_work(after: int) -> None:
    asked: list[None] = []

    def cancelled() -> bool:
        asked.append(None)
        return len(asked) > after

    boxes = [Box(str(i), 100, 40) for i in range(60)]
    links = [Link(str(i), str(j)) for i in range(60) for j in (i + 7, i + 11) if j < 60]
    with pytest.raises(LayoutCancelled):
        place(boxes, links, cancelled=cancelled)
    assert len(asked) == after + 1
