"""Tensors as text, and the options for it, as PyTorch prints them."""

from collections.abc import Iterator
from typing import Any

import pytest

import gradviz

gv: Any = gradviz


@pytest.fixture(autouse=True)
def defaults() -> Iterator[None]:
    yield
    gv.set_printoptions(profile="default")


def test_precision_and_exponents() -> None:
    x = gv.tensor([1.12345, 2.5])
    gv.set_printoptions(precision=2)
    assert repr(x) == "tensor([1.12, 2.50])"
    gv.set_printoptions(sci_mode=True)
    assert repr(x) == "tensor([1.12e+00, 2.50e+00])"
    gv.set_printoptions(sci_mode=False)
    assert repr(gv.tensor([1e-5, 1.0])) == "tensor([0.00, 1.00])"
    gv.set_printoptions(profile="default")
    assert repr(x) == "tensor([1.1235, 2.5000])"


def test_how_much_of_a_large_tensor_is_shown() -> None:
    gv.set_printoptions(threshold=5)
    assert repr(gv.arange(10)) == "tensor([0, 1, 2,  ..., 7, 8, 9])"
    gv.set_printoptions(threshold=5, edgeitems=1)
    assert repr(gv.arange(10)) == "tensor([0,  ..., 9])"
    gv.set_printoptions(profile="full")
    assert "..." not in repr(gv.arange(2000))


def test_lines_break_at_the_width() -> None:
    gv.set_printoptions(linewidth=20)
    assert repr(gv.arange(6)) == "tensor([0, 1, 2, 3,\n        4, 5])"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ([float("nan"), 1.0], "tensor([nan, 1.])"),
        ([float("nan"), 1.5], "tensor([   nan, 1.5000])"),
        ([-float("inf"), 1.0, 2.0], "tensor([-inf, 1., 2.])"),
        ([0.0, -1.5], "tensor([ 0.0000, -1.5000])"),
        ([], "tensor([])"),
    ],
)
def test_columns_are_as_wide_as_the_finite_numbers(data: Any, text: str) -> None:
    assert repr(gv.tensor(data)) == text


def test_empty_tensors_state_their_shape() -> None:
    expected = "tensor([], size=(2, 0), dtype=torch.int64)"
    assert repr(gv.ones(2, 0, dtype=gv.int64)) == expected


def test_profiles_are_checked() -> None:
    with pytest.raises(ValueError, match="profile must be one of default, short, full"):
        gv.set_printoptions(profile="long")
