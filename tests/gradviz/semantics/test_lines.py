"""Line by line what was recorded of PyTorch 2.13 at the edges, in ``recorded.json`` beside this.

Programs of several lines stand in ``programs.py`` by name.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

LINES: list[dict[str, Any]] = json.loads(
    Path(__file__).with_name("recorded.json").read_text(encoding="utf-8")
)


def recorded(outcome: str) -> Any:
    """A test over the lines with one kind of outcome."""
    rows = [line for line in LINES if outcome in line]
    return pytest.mark.parametrize("row", [pytest.param(row, id=row["line"]) for row in rows])


def plain(value: Any) -> Any:
    """Tensors as lists and numbers, within lists and tuples too."""
    if hasattr(value, "tolist"):
        return value.tolist()
    return [plain(v) for v in value] if isinstance(value, (list, tuple)) else value


def check_close(found: Any, expected: Any) -> None:
    """Numbers, or lists of lists of them, agree to the precision of float32."""
    if isinstance(expected, list):
        assert len(found) == len(expected)
        for mine, theirs in zip(found, expected, strict=True):
            check_close(mine, theirs)
    elif isinstance(expected, float):
        assert found == pytest.approx(expected, rel=1e-5, abs=1e-7, nan_ok=True)
    else:
        assert found == expected


@pytest.mark.filterwarnings("ignore")
@recorded("value")
def test_value(evaluated: Callable[[str], Any], row: dict[str, Any]) -> None:
    check_close(plain(evaluated(row["line"])), row["value"])


@recorded("type")
def test_type(evaluated: Callable[[str], Any], row: dict[str, Any]) -> None:
    found = evaluated(row["line"])
    assert getattr(found, "dtype", found).name == row["type"]


@recorded("raises")
def test_error(evaluated: Callable[[str], Any], row: dict[str, Any]) -> None:
    with pytest.raises((RuntimeError, IndexError, TypeError, ValueError)) as caught:
        evaluated(row["line"])
    assert type(caught.value).__name__ == row["raises"]
    assert str(caught.value).startswith(row["message"])


@recorded("warns")
def test_warning(evaluated: Callable[[str], Any], row: dict[str, Any]) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        evaluated(row["line"])
    assert str(caught[0].message).startswith(row["warns"])


def test_the_gradient_of_a_determinant_of_zero_is_its_derivative(
    evaluated: Callable[[str], Any],
) -> None:
    """PyTorch gives zeros here, which the determinant's change is not."""
    found = evaluated("slope(gv.linalg.det, [[1.0, 2], [2, 4]])")
    check_close(found, [[4.0, -2.0], [-2.0, 1.0]])
