"""Cards in line and evenly spaced: by hand, and what holds whatever the cards."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradviz.layout.aligning import Placed, aligned, distributed

SMALL, TALL = Placed(0, 0, 100, 40), Placed(30, 60, 60, 80)
BOXES = {"small": SMALL, "tall": TALL}


@pytest.mark.parametrize(
    ("edge", "small", "tall"),
    [
        ("left", (0, 0), (0, 60)),
        ("centre", (0, 0), (20, 60)),
        ("right", (0, 0), (40, 60)),
        ("top", (0, 0), (30, 0)),
        ("middle", (0, 50), (30, 30)),
        ("bottom", (0, 100), (30, 60)),
    ],
)
def test_edges_and_middles_come_into_line(edge, small, tall):
    assert aligned(BOXES, edge) == {"small": small, "tall": tall}


def test_gaps_become_equal_between_the_outermost():
    boxes = {"a": Placed(0, 5, 10, 10), "c": Placed(100, 0, 20, 10), "b": Placed(15, 0, 30, 10)}
    assert distributed(boxes, "across") == {"a": (0, 5), "b": (40, 0), "c": (100, 0)}


coordinates = st.integers(-500, 500).map(float)
sizes = st.integers(1, 300).map(float)
cards = st.dictionaries(
    st.text("abcdef", min_size=1, max_size=3),
    st.builds(Placed, coordinates, coordinates, sizes, sizes),
    min_size=1,
    max_size=7,
)


@given(cards)
def test_spreading_twice_is_spreading_once(boxes):
    for axis in ("across", "down"):
        once = {i: boxes[i]._replace(x=x, y=y) for i, (x, y) in distributed(boxes, axis).items()}
        again = distributed(once, axis)
        place = 0 if axis == "across" else 1
        order = sorted(once, key=lambda i: once[i][place])
        gaps = [once[b][place] - once[a][place] - once[a][place + 2] for a, b in pairwise(order)]
        if gaps and min(gaps) >= 0:
            assert max(gaps) - min(gaps) < 1e-6
            assert all(again[i] == pytest.approx(once[i][:2], abs=1e-6) for i in once)


@given(cards, st.sampled_from(["left", "centre", "right", "top", "middle", "bottom"]))
def test_lining_up_stays_within_what_all_span(boxes, edge):
    moved = aligned(boxes, edge)
    for name, (x, y) in moved.items():
        assert min(b.x for b in boxes.values()) <= x
        assert x + boxes[name].width <= max(b.x + b.width for b in boxes.values()) + 1e-9
        assert min(b.y for b in boxes.values()) <= y
        assert y + boxes[name].height <= max(b.y + b.height for b in boxes.values()) + 1e-9
