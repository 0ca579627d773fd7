"""How large a result would be, told from shapes and settings before it is made.

Memory is promised by an operating system long before it is there: asked for 10¹⁰ elements it
may say yes, and end the program later. So what would be over the limit is never attempted.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from gradviz.graph.guards import is_sequence
from gradviz.graph.limits import MAX_ELEMENTS, MAX_WORK
from gradviz.ops.counts import broadcast_count, product
from gradviz.ops.spec import Op, Shape

Attrs = Mapping[str, Any]


class TooLarge(RuntimeError):
    """A result that is over the limit."""


def check_size(op: Op, shapes: list[Shape], attrs: Attrs) -> None:
    """Raise :class:`TooLarge` where the result of ``op`` would have too many elements.

    ``shapes``: those of its inputs, in order and flat. Nothing is said about what cannot be
    known beforehand, or about inputs that do not fit, of which the operation itself complains.
    """
    count = elements(op, shapes, attrs)
    if count > MAX_ELEMENTS:
        digits = f"{count:,.0f}" if count < 1e15 else f"about 10^{math.floor(math.log10(count))}"
        raise TooLarge(
            f"the result would have {digits} elements; the most a tensor may have here "
            f"is {MAX_ELEMENTS:,}"
        )


def check_work(op: Op, inputs: tuple[Any, ...], attrs: Attrs) -> None:
    """Raise :class:`TooLarge` where ``op`` would compute without end on these values."""
    if op.work is None:
        return
    work = op.work(inputs, attrs)
    if work > MAX_WORK:
        digits = f"{work:,.0f}" if work < 1e15 else f"about 10^{math.floor(math.log10(work))}"
        raise TooLarge(
            f"{op.base_name} would take {digits} computations here; the most that an operation "
            f"may take is {MAX_WORK:,}"
        )


def elements(op: Op, shapes: list[Shape], attrs: Attrs) -> float:
    """How many elements the result, or what it takes to get there, has at least."""
    counted = broadcast_count(shapes) if op.count is None else op.count(shapes, attrs)
    for attr in op.attrs:
        if attr.kind == "shape" and attr.name in attrs:
            counted = max(counted, sizes_count(attrs[attr.name]))
    return counted


def sizes_count(sizes: Any) -> float:
    """How many elements a shape setting tells of; -1, which means "the rest", counts as one."""
    if not is_sequence(sizes):
        sizes = (sizes,)
    known = [n for n in sizes if isinstance(n, int)]
    return product(known) if 0 not in known else 0.0


def shape_of(value: Any) -> Shape:
    """The shape of a tensor, an array or a number."""
    return tuple(np.shape(getattr(value, "array", value)))
