"""How many elements a result will have, told from its inputs' shapes and its settings.

What is not the broadcast of its inputs, nor stated by a setting that is a shape, says so with
one of these as its :attr:`gradviz.ops.spec.Op.count`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from gradviz.ops.kinds import is_sequence
from gradviz.ops.spec import Shape

Attrs = Mapping[str, Any]


def product(sizes: Any) -> float:
    """The product as a float, so that no list of sizes makes it slow; capped, never inf."""
    count = 1.0
    for size in sizes:
        count = min(count * max(abs(float(size)), 1.0), 1e300)
    return count


def broadcast_count(shapes: list[Shape]) -> float:
    """The elements of shapes broadcast together; 0 where they do not fit or are not to."""
    if not any(shapes):
        return 1.0
    sizes = [1] * max(map(len, shapes))
    for shape in shapes:
        for axis, size in enumerate(reversed(shape), 1):
            if size != 1 and sizes[-axis] not in (1, size):
                return 0.0
            sizes[-axis] = size if size != 1 else sizes[-axis]
    return 0.0 if 0 in sizes else product(sizes)


def total_count(shapes: list[Shape], attrs: Attrs) -> float:
    """The elements of all inputs together."""
    return float(sum(math.prod(s) for s in shapes))


def matrix_count(shapes: list[Shape], attrs: Attrs) -> float:
    """The elements of a matrix product, by PyTorch's rule for batches."""
    if len(shapes) < 2 or not shapes[0] or not shapes[1]:
        return 0.0
    *left, rows, _ = (1, *shapes[0])
    *right, _, columns = shapes[1] if len(shapes[1]) > 1 else (*shapes[1], 1)
    return broadcast_count([tuple(left), tuple(right)]) * rows * columns


def linear_count(shapes: list[Shape], attrs: Attrs) -> float:
    """The elements of a product with transposed weights."""
    if len(shapes) < 2 or not shapes[0] or not shapes[1]:
        return 0.0
    return product((*shapes[0][:-1], *shapes[1][:-1]))


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


def steps_count(shapes: list[Shape], attrs: Attrs) -> float:
    """The elements of numbers in a stated number of steps."""
    return float(attrs.get("steps", 0))


def eye_count(shapes: list[Shape], attrs: Attrs) -> float:
    """The elements of an identity matrix."""
    rows, columns = attrs.get("n", 0), attrs.get("m")
    return float(rows) * float(rows if columns is None else columns)


def one_hot_count(shapes: list[Shape], attrs: Attrs) -> float:
    """The elements of a one-hot encoding whose number of classes is stated."""
    return total_count(shapes, attrs) * max(float(attrs.get("num_classes", 1)), 1.0)


def repeat_count(shapes: list[Shape], attrs: Attrs) -> float:
    """The elements of an input repeated by the numbers in a setting."""
    settings = (attrs.get(name) for name in ("repeats", "sizes", "dims"))
    numbers = [n if is_sequence(n) else (n,) for n in settings if n is not None]
    return total_count(shapes, attrs) * product(
        v for row in numbers for v in row if isinstance(v, int)
    )


def diagonal_count(shapes: list[Shape], attrs: Attrs) -> float:
    """The elements of a matrix with a vector, or each of many, on its diagonal."""
    if not shapes or not shapes[0] or ("dim1" not in attrs and len(shapes[0]) > 1):
        return 0.0
    offset = attrs.get("offset", attrs.get("diagonal", 0))
    sizes = list(shapes[0])
    side = sizes[-1] + abs(offset)
    return product((*sizes[:-1], side, side))


def pad_count(shapes: list[Shape], attrs: Attrs) -> float:
    """The elements of a tensor with something added at the ends of its last dimensions."""
    sizes, amounts = list(shapes[0]), attrs.get("pad", ())
    for index, amount in enumerate(amounts if is_sequence(amounts) else ()):
        if index // 2 < len(sizes):
            sizes[-1 - index // 2] += amount
    return product(sizes)


def einsum_count(shapes: list[Shape], attrs: Attrs) -> float:
    """The elements of an ``einsum``; 0 where its equation does not fit the inputs."""
    equation = str(attrs.get("equation", "")).replace(" ", "")
    inputs, _, output = equation.partition("->")
    terms = inputs.split(",")
    if len(terms) != len(shapes):
        return 0.0
    sizes: dict[str, int] = {}
    for term, shape in zip(terms, shapes, strict=True):
        for letter, size in zip(einsum_letters(term, len(shape)), shape, strict=False):
            sizes[letter] = max(size, sizes.get(letter, 1))
    free = "->" not in equation
    if free:
        output = "".join(x for x in sizes if not x.isdigit() and inputs.count(x) == 1)
    hidden = [n for x, n in sizes.items() if x.isdigit() and (free or "." in output)]
    return product([sizes.get(letter, 1) for letter in output] + hidden)


def einsum_letters(term: str, rank: int) -> list[str]:
    """A name for each dimension of an input; those under the dots are numbered from the last."""
    before, dots, after = term.partition("...")
    count = rank - len(before) - len(after) if dots else 0
    return [*before, *(str(n) for n in range(count, 0, -1)), *after]


ROUND = 1000
"""What a step that is taken in Python, or a tensor that is made, costs in computations."""


def degree_work(inputs: tuple[Any, ...], attrs: Attrs) -> float:
    """The computations of a recurrence up to the largest of the second input's degrees."""
    values, degrees = (np.asarray(getattr(v, "array", v)) for v in inputs[:2])
    finite: Any = degrees[np.isfinite(degrees)]
    rounds = float(np.max(finite, initial=0.0))
    return rounds * max(broadcast_count([values.shape, degrees.shape]), ROUND)


def _parts(count: int, attrs: Attrs) -> float:
    """Into how many parts a dimension of ``count`` elements is cut."""
    asked = attrs.get("split_size_or_sections", attrs.get("indices_or_sections"))
    if "chunks" in attrs:
        return min(float(attrs["chunks"]), count)
    if is_sequence(asked):
        return float(len(asked))
    if "split_size_or_sections" in attrs:
        return math.ceil(count / max(asked or 1, 1))
    return float(asked) if isinstance(asked, int) else float(count)


def parts_work(inputs: tuple[Any, ...], attrs: Attrs) -> float:
    """The computations of making a tensor for each part that another is cut into."""
    shape, dim = np.shape(getattr(inputs[0], "array", inputs[0])), attrs.get("dim", 0)
    if not -len(shape) <= dim < len(shape):
        return 0.0
    return _parts(shape[dim], attrs) * ROUND
