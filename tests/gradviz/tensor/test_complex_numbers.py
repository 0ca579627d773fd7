"""Complex numbers to fill real tensors with."""

from collections.abc import Callable
from typing import Any

import pytest

import gradviz as gv

FILLINGS: list[Callable[[Any, complex], Any]] = [
    lambda x, value: x.fill_(value), lambda x, value: gv.full_like(x, value),
    lambda x, value: x.new_full((2,), value), lambda x, value: x.masked_fill(x > 0, value),
    lambda x, value: gv.full((2,), value, dtype=x.dtype),
]  # fmt: skip


@pytest.mark.parametrize("fill", FILLINGS)
@pytest.mark.parametrize(("kind", "name"), [(gv.float32, "float"), (gv.int64, "int64_t")])
def test_an_imaginary_part_does_not_fit(
    fill: Callable[[Any, complex], Any], kind: gv.dtype, name: str
) -> None:
    message = f"value cannot be converted to type {name} without overflow"
    with pytest.raises(RuntimeError, match=message):
        fill(gv.ones(2).to(kind), 1j)


@pytest.mark.parametrize("fill", FILLINGS)
def test_a_complex_number_that_is_real_does(fill: Callable[[Any, complex], Any]) -> None:
    assert fill(gv.ones(2), 3 + 0j).tolist() == [3.0, 3.0]
    assert fill(gv.ones(2, dtype=gv.bool), 1j).tolist() == [True, True]
