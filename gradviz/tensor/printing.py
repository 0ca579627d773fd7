"""Tensors as text, the way PyTorch prints them.

See https://docs.pytorch.org/docs/stable/generated/torch.set_printoptions.html.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gradviz.autograd.record import Record
from gradviz.ops import dtypes
from gradviz.ops.spec import Array

PRECISION, THRESHOLD, EDGE, WIDTH = 4, 1000, 3, 80


class Formatter:
    """One format for all elements of a tensor: width, decimals, and whether with exponents."""

    def __init__(self, values: Array) -> None:
        self.floating = values.dtype.kind == "f"
        self.whole, self.scientific, self.width = True, False, 1
        if not self.floating:
            self.width = max((len(str(v)) for v in values.ravel().tolist()), default=1)
            return
        finite = np.abs(values[np.isfinite(values) & (values != 0)].astype(np.float64))
        if finite.size:
            self.choose(finite)
        self.width = max((len(self.plain(v)) for v in values.ravel().tolist()), default=1)

    def choose(self, finite: Array) -> None:
        """Exponents where the range is too wide for decimals; no decimals for whole numbers."""
        low, high = float(finite.min()), float(finite.max())
        self.whole = bool(np.all(finite == np.ceil(finite)))
        if self.whole:
            self.scientific = high / low > 1000.0 or high > 1e8
        else:
            self.scientific = high / low > 1000.0 or high > 1e8 or low < 1e-4

    def plain(self, value: Any) -> str:
        """One element without padding."""
        if not self.floating:
            return str(value)
        if self.scientific:
            return f"{value:.{PRECISION}e}"
        if self.whole:
            return f"{value:.0f}" + ("." if math.isfinite(value) else "")
        return f"{value:.{PRECISION}f}"

    def __call__(self, value: Any) -> str:
        """The number right-aligned in the column."""
        return self.plain(value).rjust(self.width)


def tensor_text(tensor: Any) -> str:
    """``tensor([1., 2.], requires_grad=True)``."""
    array: Array = tensor.array
    shown = summarised(array) if array.size > THRESHOLD else array
    body = rows(array, Formatter(shown), len("tensor("), array.size > THRESHOLD)
    notes = [f"size={tuple(array.shape)}"] if array.size == 0 and array.ndim != 1 else []
    plain = (dtypes.get_default_dtype(), dtypes.int64, dtypes.bool_)
    empty_default = array.size == 0 and tensor.dtype is not dtypes.get_default_dtype()
    if tensor.dtype not in plain or empty_default:
        notes.append(f"dtype={tensor.dtype!r}")
    node = tensor.grad_fn
    if isinstance(node, Record):
        notes.append(f"grad_fn=<{node.name()}>")
    elif tensor.requires_grad:
        notes.append("requires_grad=True")
    return with_notes(f"tensor({body}", notes)


def with_notes(text: str, notes: list[str]) -> str:
    """The text with its notes, on lines of their own where they do not fit."""
    used = len(text) - text.rfind("\n") + 1
    for note in notes:
        if used + len(note) + 2 > WIDTH:
            text += ",\n       " + note
            used = len(note) + 7
        else:
            text += ", " + note
            used += len(note) + 2
    return text + ")"


def summarised(array: Array) -> Array:
    """The corners of a large tensor: what is printed of it."""
    for axis, size in enumerate(array.shape):
        if size > 2 * EDGE:
            keep = [*range(EDGE), *range(size - EDGE, size)]
            array = np.take(array, keep, axis)
    return array


def rows(array: Array, element: Formatter, indent: int, summarise: bool) -> str:
    """The elements in brackets, one bracket a dimension."""
    if array.ndim == 0:
        return element(array.item())
    long = summarise and array.shape[0] > 2 * EDGE
    if array.ndim == 1:
        return vector(array, element, indent, long)
    picked = [*array[:EDGE], "...", *array[-EDGE:]] if long else list(array)
    parts = [p if isinstance(p, str) else rows(p, element, indent + 1, summarise) for p in picked]
    gap = "," + "\n" * (array.ndim - 1) + " " * (indent + 1)
    return "[" + gap.join(parts) + "]"


def vector(array: Array, element: Formatter, indent: int, long: bool) -> str:
    """One row, broken into lines that fit."""
    values = array.tolist()
    if long:
        parts = [*map(element, values[:EDGE]), " ...", *map(element, values[-EDGE:])]
    else:
        parts = [element(v) for v in values]
    per_line = max(1, (WIDTH - indent) // (element.width + 2))
    lines = [", ".join(parts[i : i + per_line]) for i in range(0, len(parts), per_line)]
    return "[" + (",\n" + " " * (indent + 1)).join(lines) + "]"
