"""The short way through a call leaves just what the long way does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import gradviz as gv
from gradviz.autograd.record import Record
from gradviz.ops import OPS
from gradviz.tensor import Tensor
from gradviz.tensor.tensor import apply, apply_at_length


def asking(*shape: int) -> Tensor:
    """A tensor whose gradient is asked for."""
    return (gv.arange(int(np.prod(shape))) / 7 + 0.3).reshape(shape).detach().requires_grad_()


def still(*shape: int) -> Tensor:
    """A tensor that no gradient goes to."""
    return asking(*shape).detach()


CALLS: dict[str, tuple[str, tuple[Any, ...]]] = {
    "both ask": ("mul", (asking(3, 2), asking(3, 2))),
    "one asks": ("mul", (still(3, 2), asking(2))),
    "none asks": ("mul", (still(3, 2), still(3, 2))),
    "a number": ("sub", (2.5, asking(3))),
    "the same twice": ("mul", (asking(3),) * 2),
    "keeps its result": ("tanh", (asking(3),)),
    "keeps nothing": ("add", (asking(3), 2)),
    "a condition as result": ("gt", (asking(3), 0.5)),
    "types as given": ("linear", (still(4, 3), asking(2, 3), asking(2))),
    "an absent input": ("linear", (asking(4, 3), asking(2, 3), None)),
    "a class beside scores": ("cross_entropy", (asking(2, 3), gv.tensor([0, 2]), None)),
    "a view": ("transpose", (asking(3, 2),)),
    "a view of no interest": ("t", (still(3, 2),)),
    "several results": ("max.dim", (asking(3, 2),)),
}
SETTINGS = {"max.dim": {"dim": 1}, "transpose": {"dim0": 0, "dim1": 1}}


def outputs_of(way: Callable[..., Any], name: str, inputs: tuple[Any, ...]) -> list[Tensor]:
    """The outputs of a call, as a list."""
    op = OPS[name]
    result = way(op, inputs, {**op.defaults, **SETTINGS.get(name, {})})
    return list(result) if isinstance(result, tuple) else [result]


@pytest.mark.parametrize("case", CALLS)
def test_values_and_records_are_those_of_the_long_way(case: str) -> None:
    name, inputs = CALLS[case]
    for short, long in zip(
        outputs_of(apply, name, inputs), outputs_of(apply_at_length, name, inputs), strict=True
    ):
        assert short.array.dtype == long.array.dtype
        np.testing.assert_array_equal(short.array, long.array)
        mine, theirs = short.grad_fn, long.grad_fn
        assert (mine is None) == (theirs is None)
        if not isinstance(mine, Record) or not isinstance(theirs, Record):
            continue
        for field in ("op", "attrs", "parents", "kept", "shapes", "dtypes", "out_shapes"):
            assert getattr(mine, field) == getattr(theirs, field), field
        for field in ("saved", "numbers", "constants"):
            assert same(getattr(mine, field), getattr(theirs, field)), field
        assert len(mine.versions) == len(theirs.versions)
        assert [(m[0][0], m[1]) for m in mine.versions] == [
            (m[0][0], m[1]) for m in theirs.versions
        ]
        assert mine.sequence < theirs.sequence


def same(mine: Any, theirs: Any) -> bool:
    """Whether two values are one, or tuples of the same."""
    if isinstance(mine, tuple):
        return len(mine) == len(theirs) and all(map(same, mine, theirs))
    if isinstance(mine, Tensor) and mine is not theirs:
        # Copies that are kept stand in the same place of the tape.
        np.testing.assert_array_equal(mine.array, theirs.array)
        return mine.grad_fn is theirs.grad_fn and mine._counter == [0]  # pyright: ignore[reportPrivateUsage]
    return mine is theirs or (not isinstance(mine, Tensor) and mine == theirs)


def test_what_does_not_fit_is_refused_in_the_same_words() -> None:
    with pytest.raises(RuntimeError, match=r"size of tensor a \(3\) must match .* tensor b \(2\)"):
        asking(3) * asking(2)


def test_types_that_differ_are_promoted() -> None:
    product = asking(3) * gv.tensor([1, 2, 3])
    assert product.dtype is gv.float32
    assert (asking(3) * gv.ones(3, dtype=gv.float64)).dtype is gv.float64


def test_nothing_is_recorded_where_recording_is_off() -> None:
    with gv.no_grad():
        assert (asking(3) * 2).grad_fn is None


def test_what_inference_mode_made_is_not_kept() -> None:
    with gv.inference_mode():
        made = still(3)
    with pytest.raises(RuntimeError, match="Inference tensors cannot be saved for backward"):
        made * asking(3)


def test_a_view_follows_memory_that_was_written_to() -> None:
    base = asking(3) * 1
    view = base[1:]
    base.mul_(2)
    doubled = view * 3
    assert doubled.requires_grad
    leaf = base.grad_fn
    assert leaf is not None
    assert "Mul" in leaf.name()


def test_views_count_writes_with_what_they_view() -> None:
    base = still(3, 2)
    whole, part = base.t(), base[1:, 0]
    part.add_(1)
    assert base._version == whole._version == part._version == 1
    assert whole.tolist() == base.transpose(1, 0).tolist()


def test_what_cannot_share_memory_counts_writes_by_itself() -> None:
    base = still(3, 2)
    copied, again = base.t().reshape(6), base.reshape(6)
    copied.add_(1)
    assert (base._version, copied._version) == (0, 1)
    again.add_(1)
    assert (base._version, again._version) == (1, 1)


INDICES = (1, -1, slice(1, None), slice(None, None, 2), (slice(None), 0), (0, 1), (slice(5), -2))


@pytest.mark.parametrize("index", INDICES)
def test_numbers_and_slices_take_the_part_that_numpy_takes(index: Any) -> None:
    base = still(3, 2)
    part = base[index]
    np.testing.assert_array_equal(part.array, base.array[index])
    part.zero_()
    assert not base.array[index].any()


@pytest.mark.parametrize("index", [3, -4, (0, 2), (0, 0, 0), (slice(None), 2)])
def test_numbers_beyond_a_shape_are_refused(index: Any) -> None:
    with pytest.raises(IndexError):
        still(3, 2)[index]
