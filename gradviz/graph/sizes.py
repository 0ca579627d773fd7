"""How large a result would be, told from shapes and settings before it is made.

Memory is promised by an operating system long before it is there: asked for 10¹⁰ elements it
may say yes, and end the program later. So what would be over the limit is never attempted.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from gradviz.graph.guards import is_sequence
from gradviz.graph.limits import MAX_ELEMENTS
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


def elements(op: Op, shapes: list[Shape], attrs: Attrs) -> float:
    """How many elements the result, or what it takes to get there, has at least."""
    rule = RULES.get(op.base_name)
    counted = rule(shapes, attrs) if rule is not None else broadcast_count(shapes)
    stated = [sizes_count(attrs[a.name]) for a in op.attrs if a.kind == "shape" and a.name in attrs]
    return max(counted, *stated, 0.0)


def sizes_count(sizes: Any) -> float:
    """How many elements a shape setting tells of; -1, which means "the rest", counts as one."""
    if not is_sequence(sizes):
        sizes = (sizes,)
    known = [n for n in sizes if isinstance(n, int)]
    return product(known) if 0 not in known else 0.0


def product(sizes: Any) -> float:
    """The product as a float, so that no list of sizes makes it slow; capped, never inf."""
    count = 1.0
    for size in sizes:
        count = min(count * max(abs(float(size)), 1.0), 1e300)
    return count


def broadcast_count(shapes: list[Shape]) -> float:
    """The elements of shapes broadcast together; 0 where they do not fit or are not to."""
    sizes = [1] * max(map(len, shapes), default=0)
    for shape in shapes:
        for axis, size in enumerate(reversed(shape), 1):
            if size != 1 and sizes[-axis] not in (1, size):
                return 0.0
            sizes[-axis] = size if size != 1 else sizes[-axis]
    return 0.0 if 0 in sizes else product(sizes)


def total(shapes: list[Shape]) -> float:
    """The elements of all inputs together."""
    return float(sum(math.prod(s) for s in shapes))


def matrix_count(shapes: list[Shape], attrs: Attrs) -> float:
    """The elements of a matrix product, by PyTorch's rule for batches."""
    if len(shapes) < 2 or not shapes[0] or not shapes[1]:
        return 0.0
    *left, rows, _ = (1, *shapes[0])
    *right, _, columns = shapes[1] if len(shapes[1]) > 1 else (*shapes[1], 1)
    return broadcast_count([tuple(left), tuple(right)]) * rows * columns


def outer_count(shapes: list[Shape], attrs: Attrs) -> float:
    """The elements of a product of each with each."""
    return product(math.prod(s) for s in shapes)


def range_count(shapes: list[Shape], attrs: Attrs) -> float:
    """The elements of ``arange``."""
    start, end, step = attrs.get("start", 0), attrs.get("end"), attrs.get("step", 1)
    low, high = (0, start) if end is None else (start, end)
    if not step:
        return 0.0
    count = (float(high) - float(low)) / float(step)
    return count if math.isfinite(count) else 0.0


def eye_count(shapes: list[Shape], attrs: Attrs) -> float:
    """The elements of an identity matrix."""
    rows, columns = attrs.get("n", 0), attrs.get("m")
    return float(rows) * float(rows if columns is None else columns)


def one_hot_count(shapes: list[Shape], attrs: Attrs) -> float:
    """The elements of a one-hot encoding whose number of classes is stated."""
    return total(shapes) * max(float(attrs.get("num_classes", 1)), 1.0)


def repeat_count(shapes: list[Shape], attrs: Attrs) -> float:
    """The elements of an input repeated by the numbers in a setting."""
    settings = (attrs.get(name) for name in ("repeats", "sizes", "dims"))
    numbers = [n if is_sequence(n) else (n,) for n in settings if n is not None]
    return total(shapes) * product(v for row in numbers for v in row if isinstance(v, int))


def diagonal_count(shapes: list[Shape], attrs: Attrs) -> float:
    """The elements of a matrix with a vector, or each of many, on its diagonal."""
    if not shapes or not shapes[0] or ("dim1" not in attrs and len(shapes[0]) > 1):
        return 0.0
    offset = attrs.get("offset", attrs.get("diagonal", 0))
    sizes = list(shapes[0])
    side = sizes[-1] + abs(offset)
    return product((*sizes[:-1], side, side))


def einsum_count(shapes: list[Shape], attrs: Attrs) -> float:
    """The elements of an ``einsum``; 0 where its equation does not fit the inputs."""
    equation = str(attrs.get("equation", "")).replace(" ", "")
    inputs, _, output = equation.partition("->")
    terms = inputs.split(",")
    if "." in equation or len(terms) != len(shapes) or "->" not in equation:
        return 0.0
    sizes: dict[str, int] = {}
    for term, shape in zip(terms, shapes, strict=True):
        for letter, size in zip(term, shape, strict=False):
            sizes[letter] = max(size, sizes.get(letter, 1))
    return product(sizes.get(letter, 1) for letter in output)


Rule = Callable[[list[Shape], Attrs], float]

RULES: Mapping[str, Rule] = {
    **dict.fromkeys(("matmul", "mm", "mv", "bmm", "linear"), matrix_count),
    **dict.fromkeys(("outer", "ger", "kron"), outer_count),
    **dict.fromkeys(("cat", "stack", "hstack", "vstack", "dstack"), lambda s, a: total(s)),
    **dict.fromkeys(("repeat", "tile", "repeat_interleave"), repeat_count),
    **dict.fromkeys(("diag", "diag_embed", "diagflat"), diagonal_count),
    "linspace": lambda s, a: float(a.get("steps", 0)),
    "logspace": lambda s, a: float(a.get("steps", 0)),
    "arange": range_count,
    "eye": eye_count,
    "one_hot": one_hot_count,
    "einsum": einsum_count,
}
"""What is not the broadcast of its inputs or stated by a shape, by the operation's base name."""


def shape_of(value: Any) -> Shape:
    """The shape of a tensor, an array or a number."""
    return tuple(np.shape(getattr(value, "array", value)))
