"""How each primitive is written in Python: on numbers as expressions, on arrays as calls."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gradviz.plan.values import Value

ON_NUMBERS = {
    "add": "{0} + {1}", "subtract": "{0} - {1}", "multiply": "{0} * {1}",
    "true_divide": "{0} / {1}", "negative": "-{0}", "absolute": "abs({0})",
    "equal": "{0} == {1}", "not_equal": "{0} != {1}", "less": "{0} < {1}",
    "less_equal": "{0} <= {1}", "greater": "{0} > {1}", "greater_equal": "{0} >= {1}",
    "maximum": "{0} if {0} >= {1} or {0} != {0} else {1}",
    "minimum": "{0} if {0} <= {1} or {0} != {0} else {1}",
    "where": "{1} if {0} else {2}", "sqrt": "root({0})",
}  # fmt: skip
"""What Python computes on two floats, or NumPy on two of its numbers, as on arrays."""

COMPARISONS = frozenset({"equal", "not_equal", "less", "less_equal", "greater", "greater_equal"})
CHOICES = frozenset({"maximum", "minimum", "where"})


def literal(number: Any) -> str:
    """A number as Python reads it back."""
    if isinstance(number, float) and not math.isfinite(number):
        return "nan" if number != number else ("inf" if number > 0 else "(-inf)")
    text = repr(number)
    return f"({text})" if text.startswith("-") else text


def on_numbers(value: Value) -> str | None:
    """The template of a primitive on numbers; None where it has none for these types."""
    kinds = {v.dtype for v in value.reads}
    floats = {np.dtype(np.float32), np.dtype(np.float64)}
    if value.kind == "where":
        kinds = {v.dtype for v in value.reads[isinstance(value.inputs[0], Value) :]} | {value.dtype}
    if value.kind == "sqrt" and kinds != {np.dtype(np.float64)}:
        return None
    return ON_NUMBERS.get(value.kind) if kinds <= floats else None


def number_of(dtype: np.dtype[Any]) -> str:
    """The function that makes a number of this type of anything without axes."""
    return "number" if dtype == np.float64 else dtype.name


def describe(value: Value) -> str:
    """Type and shape as text."""
    return f"{value.dtype.name} {list(value.shape)}"
