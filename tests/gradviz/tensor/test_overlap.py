"""Writing with ``out=`` over what is still read: refused, in PyTorch's words."""

from __future__ import annotations

from typing import Any

import pytest

import gradviz as gv

SHARED = "some elements of the input tensor and the written-to tensor refer to a single memory"
PLACES = gv.tensor([2, 0, 1])


@pytest.mark.filterwarnings("ignore:An output with one or more elements was resized")
@pytest.mark.parametrize(
    "write",
    [
        lambda x: gv.gather(x, 0, PLACES, out=x),
        lambda x: gv.take(x, PLACES, out=x),
        lambda x: gv.masked_select(x, x > 0, out=x),
        lambda x: gv.cat([x, x], out=x),
    ],
    ids=["gather", "take", "masked_select", "cat"],
)
def test_what_reads_at_other_places_may_not_write_over_its_input(write: Any):
    x = gv.tensor([1.0, 2.0, 3.0])
    with pytest.raises(RuntimeError, match=SHARED):
        write(x)


def test_elementwise_results_may_replace_an_input_but_not_be_shifted_over_it():
    memory = gv.tensor([1.0, 2.0, 3.0, 4.0])
    gv.neg(memory, out=memory)
    assert memory.tolist() == [-1.0, -2.0, -3.0, -4.0]
    with pytest.raises(RuntimeError, match=SHARED):
        gv.neg(memory[:3], out=memory[1:])
    gv.neg(memory[:2], out=memory[2:])
    assert memory.tolist() == [-1.0, -2.0, 1.0, 2.0]


def test_several_elements_in_one_place_are_refused_before_a_new_size_is_given():
    with pytest.raises(RuntimeError, match="more than one element of the written-to tensor"):
        gv.take(gv.ones(3), PLACES, out=gv.ones(1).expand(5))
