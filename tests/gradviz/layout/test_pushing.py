"""Boxes give way to what is put in, and no more of them than have to."""

import numpy as np
import pytest

from gradviz.layout import pushing
from gradviz.layout.aligning import Placed
from gradviz.layout.pushing import GAP

FRAME = Placed(100, 100, 100, 50)


def box(x: float, y: float = 110.0) -> Placed:
    return Placed(x, y, 60, 30)


def pushed(frame: Placed, boxes: dict[str, Placed], direction) -> dict:
    spans = [(b.x, b.y, b.x + b.width, b.y + b.height) for b in (*boxes.values(), frame)]
    keys, found = list(boxes), pushing.pushed(spans[-1], np.array(spans[:-1]), direction)
    return {keys[place]: way for place, way in found.items()}


def test_what_lies_before_goes_back_and_what_lies_behind_goes_on():
    found = pushed(FRAME, {"before": box(60), "behind": box(180), "far": box(500)}, "right")
    assert found == {"before": (-20, 0), "behind": (20, 0)}


def test_what_is_pushed_pushes_on_and_keeps_its_distance():
    row = {"a": box(180), "b": box(250), "c": box(330), "other": box(180, 400)}
    found = pushed(FRAME, row, "right")
    # Ten apart they stay ten apart; of twenty beyond the distance kept the rest is used up.
    assert found["a"] == (20, 0) and found["b"] == (20, 0)
    assert "other" not in found
    b_end, c_start = 250 + 60 + 20, 330 + found.get("c", (0, 0))[0]
    assert c_start - b_end == min(GAP, 330 - 310)


def test_what_lies_across_the_middle_goes_aside():
    found = pushed(FRAME, {"over": box(120, 80), "under": box(120, 130)}, "right")
    assert found == {"over": (0, -10), "under": (0, 20)}


@pytest.mark.parametrize("direction", ["right", "down"])
def test_from_the_top_down_it_is_the_same_turned(direction):
    def turned(b: Placed) -> Placed:
        return Placed(b.y, b.x, b.height, b.width) if direction == "down" else b

    boxes = {"a": box(60), "b": box(180), "c": box(255), "d": box(120, 130)}
    found = pushed(turned(FRAME), {k: turned(b) for k, b in boxes.items()}, direction)
    plain = pushed(FRAME, boxes, "right")
    assert found == {k: (y, x) if direction == "down" else (x, y) for k, (x, y) in plain.items()}


def test_nothing_in_the_way_stays():
    assert pushed(FRAME, {"a": box(20), "b": box(200), "c": box(120, 20)}, "right") == {}
