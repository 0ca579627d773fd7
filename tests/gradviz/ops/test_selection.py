"""Where equal elements end up, as recorded from PyTorch 2.13."""

from __future__ import annotations

import numpy as np
import pytest

import gradviz as gv
from gradviz.ops.selection import (
    quickselect_place,
    select_place,
    sort_places,
    sort_smallest,
)

THIRDS = [i % 3 for i in range(20)]


@pytest.mark.parametrize("size", [0, 1, 2, 3, 16, 17, 50, 400])
@pytest.mark.parametrize("values", ["few", "falling", "organ pipe"])
def test_what_is_brought_to_a_place_is_what_a_full_sort_has_there(size: int, values: str) -> None:
    pipe = [min(i, size - i) for i in range(size)]
    few = np.random.default_rng(size).integers(0, 5, size).tolist()
    keys = {"few": few, "falling": list(range(size, 0, -1)), "organ pipe": pipe}[values]
    wanted = sorted(keys)

    def before(a: int, b: int) -> bool:
        return keys[a] < keys[b]

    order = list(range(size))
    sort_places(order, before)
    assert [keys[i] for i in order] == wanted
    for nth in {0, size // 3, size - 1} if size else ():
        for select in (select_place, quickselect_place):
            order = list(range(size))
            select(order, before, nth)
            assert sorted(order) == list(range(size))
            assert keys[order[nth]] == wanted[nth]
        order = list(range(size))
        sort_smallest(order, before, nth)
        assert [keys[i] for i in order[:nth]] == wanted[:nth]


RECORDED = {
    "x.sort().indices": "18 3 15 6 12 9 0 10 19 16 13 7 4 1 11 8 14 5 17 2",
    "x.sort(descending=True).indices": "2 17 5 14 8 11 10 19 16 13 7 4 1 0 9 12 6 15 3 18",
    "x.argsort()": "18 3 15 6 12 9 0 10 19 16 13 7 4 1 11 8 14 5 17 2",
    "x.bool().sort().indices": "18 3 6 15 9 0 12 10 19 17 16 14 13 11 8 7 5 4 2 1",
    "x.topk(5).indices": "5 11 8 14 17",
    "x.topk(5, largest=False).indices": "9 6 12 15 0",
    "x.topk(7, sorted=False).indices": "5 11 8 14 17 2 13",
    "x.repeat(10).topk(3).indices": "8 5 2",
    "x.kthvalue(4).indices": "9",
    "x.double().kthvalue(12).indices": "19",
    "x.mode().indices": "0",
}  # fmt: skip


@pytest.mark.parametrize("text", RECORDED)
def test_ties_stand_where_pytorch_puts_them(text: str) -> None:
    x = gv.tensor(THIRDS)
    found = np.atleast_1d(eval(text, {"x": x}).numpy())
    assert " ".join(map(str, found)) == RECORDED[text]


def test_a_stable_sort_keeps_the_order_of_equal_elements() -> None:
    found = gv.tensor(THIRDS).sort(stable=True).indices
    assert found.tolist() == np.argsort(THIRDS, kind="stable").tolist()
