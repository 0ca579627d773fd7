"""Tensors as text, the way PyTorch prints them.

See https://docs.pytorch.org/docs/stable/generated/torch.set_printoptions.html.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gradviz.autograd.record import Record
from gradviz.ops import dtypes
from gradviz.ops.spec import Array


@dataclass(frozen=True)
class Options:
    """How tensors are printed; see :func:`set_printoptions`."""

    precision: int = 4
    threshold: float = 1000
    edgeitems: int = 3
    linewidth: int = 80
    sci_mode: bool | None = None


PROFILES = {
    "default": Options(),
    "short": Options(precision=2, threshold=1000, edgeitems=2),
    "full": Options(threshold=math.inf),
}


class Printing:
    """The options in force."""

    options = Options()


def set_printoptions(
    precision: int | None = None,
    threshold: float | None = None,
    edgeitems: int | None = None,
    linewidth: int | None = None,
    profile: str | None = None,
    sci_mode: bool | None = None,
) -> None:
    """Choose how tensors are printed: what is not given stays, save ``sci_mode``.

    ``profile`` is ``"default"``, ``"short"`` or ``"full"``, and other arguments change it. See
    https://docs.pytorch.org/docs/stable/generated/torch.set_printoptions.html.
    """
    if profile is not None and profile not in PROFILES:
        raise ValueError(f"profile must be one of {', '.join(PROFILES)}, got {profile!r}")
    before = Printing.options if profile is None else PROFILES[profile]
    given = {
        "precision": precision, "threshold": threshold, "edgeitems": edgeitems,
        "linewidth": linewidth,
    }  # fmt: skip
    changed = {name: value for name, value in given.items() if value is not None}
    Printing.options = replace(before, **changed, sci_mode=sci_mode)  # pyright: ignore[reportArgumentType]


class Formatter:
    """One format for all elements of a tensor: width, decimals, and whether with exponents."""

    def __init__(self, values: Array) -> None:
        self.floating = values.dtype.kind == "f"
        self.whole, self.scientific, self.width = True, False, 1
        if not self.floating:
            self.width = max((len(str(v)) for v in values.ravel().tolist()), default=1)
            return
        counted = values[np.isfinite(values) & (values != 0)]
        if counted.size:
            self.choose(np.abs(counted.astype(np.float64)))
        self.width = max((len(self.plain(v)) for v in counted.ravel().tolist()), default=1)

    def choose(self, finite: Array) -> None:
        """Exponents where the range is too wide for decimals; no decimals for whole numbers."""
        low, high = float(finite.min()), float(finite.max())
        self.whole = bool(np.all(finite == np.ceil(finite)))
        if self.whole:
            self.scientific = high / low > 1000.0 or high > 1e8
        else:
            self.scientific = high / low > 1000.0 or high > 1e8 or low < 1e-4
        if Printing.options.sci_mode is not None:
            self.scientific = Printing.options.sci_mode

    def plain(self, value: Any) -> str:
        """One element without padding."""
        if not self.floating:
            return str(value)
        if self.scientific:
            return f"{value:.{Printing.options.precision}e}"
        if self.whole:
            return f"{value:.0f}" + ("." if math.isfinite(value) else "")
        return f"{value:.{Printing.options.precision}f}"

    def __call__(self, value: Any) -> str:
        """The number right-aligned in the column."""
        return self.plain(value).rjust(self.width)


def tensor_text(tensor: Any) -> str:
    """``tensor([1., 2.], requires_grad=True)``."""
    array: Array = tensor.array
    shown = summarised(array) if array.size > Printing.options.threshold else array
    body = rows(array, Formatter(shown), len("tensor("), shown is not array) if array.size else "[]"
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
        if used + len(note) + 2 > Printing.options.linewidth:
            text += ",\n       " + note
            used = len(note) + 7
        else:
            text += ", " + note
            used += len(note) + 2
    return text + ")"


def summarised(array: Array) -> Array:
    """The corners of a large tensor: what is printed of it."""
    edge = Printing.options.edgeitems
    for axis, size in enumerate(array.shape):
        if size > 2 * edge:
            keep = [*range(edge), *range(size - edge, size)]
            array = np.take(array, keep, axis)
    return array


def rows(array: Array, element: Formatter, indent: int, summarise: bool) -> str:
    """The elements in brackets, one bracket a dimension."""
    if array.ndim == 0:
        return element(array.item())
    edge = Printing.options.edgeitems
    long = summarise and array.shape[0] > 2 * edge
    if array.ndim == 1:
        return vector(array, element, indent, long)
    picked = [*array[:edge], "...", *array[-edge:]] if long else list(array)
    parts = [p if isinstance(p, str) else rows(p, element, indent + 1, summarise) for p in picked]
    gap = "," + "\n" * (array.ndim - 1) + " " * (indent + 1)
    return "[" + gap.join(parts) + "]"


def vector(array: Array, element: Formatter, indent: int, long: bool) -> str:
    """One row, broken into lines that fit."""
    values = array.tolist()
    edge = Printing.options.edgeitems
    if long:
        parts = [*map(element, values[:edge]), " ...", *map(element, values[-edge:])]
    else:
        parts = [element(v) for v in values]
    per_line = max(1, (Printing.options.linewidth - indent) // (element.width + 2))
    lines = [", ".join(parts[i : i + per_line]) for i in range(0, len(parts), per_line)]
    return "[" + (",\n" + " " * (indent + 1)).join(lines) + "]"
