"""Einstein summation: products and sums over named dimensions.

An equation is first written out: every ellipsis as letters, the result in full. From that both
NumPy's ``einsum`` and the gradients follow: the gradient of one tensor is itself an einsum of
the gradient of the result with the other tensors.
"""

from __future__ import annotations

import string
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from gradviz.ops.casting import to
from gradviz.ops.comparison import where
from gradviz.ops.counts import einsum_count
from gradviz.ops.dtypes import of_numpy
from gradviz.ops.dual import call
from gradviz.ops.shape import expand, reshape
from gradviz.ops.spec import Array, Attr, Op, Port, Saving, Shape, example

_MATRIX = [[1.5, -0.5, 2.0], [0.25, 3.0, -1.0]]
_TALL = [[0.5, 1.0], [-2.0, 0.25], [1.5, -1.0]]
_SQUARE = [[1.0, -2.0], [0.5, 3.0]]
LETTERS = string.ascii_uppercase + string.ascii_lowercase


class Equation(NamedTuple):
    """An equation written out: the letters of each tensor and of the result."""

    terms: tuple[str, ...]
    out: str

    @property
    def text(self) -> str:
        """The equation as NumPy reads it."""
        return f"{','.join(self.terms)}->{self.out}"


def check_letters(term: str, operand: str) -> None:
    """Refuse signs that are neither letters nor an ellipsis."""
    if "..." in term.replace("...", "", 1):
        raise RuntimeError(
            f"einsum(): found '.' for {operand} for which an ellipsis was already found"
        )
    for place, sign in enumerate(term.replace("...", "", 1)):
        if sign == ".":
            raise RuntimeError(
                f"einsum(): found '.' for {operand} that is not part of any ellipsis"
            )
        if sign not in LETTERS:
            raise RuntimeError(
                f"einsum(): invalid subscript given at index {place} in the equation string, "
                "subscripts must be in [a-zA-Z]"
            )


def write_out(equation: str, shapes: Sequence[Shape]) -> Equation:
    """The equation for tensors of these shapes, written out; PyTorch's errors where it is wrong."""
    left, arrow, right = equation.replace(" ", "").partition("->")
    terms = left.split(",")
    if len(terms) != len(shapes):
        amount = "fewer" if len(shapes) < len(terms) else "more"
        raise RuntimeError(
            f"einsum(): {amount} operands were provided than specified in the equation"
        )
    for number, term in enumerate(terms):
        check_letters(term, f"operand {number}")
    unused = [c for c in LETTERS if c not in left]
    widths = [dots_width(t, s, k) for k, (t, s) in enumerate(zip(terms, shapes, strict=True))]
    dots = "".join(unused[: max(widths, default=0)])
    full = [t.replace("...", dots[len(dots) - w :]) for t, w in zip(terms, widths, strict=True)]
    if not arrow:
        letters = "".join(terms).replace(".", "")
        out = dots + "".join(c for c in LETTERS if letters.count(c) == 1)
    else:
        check_letters(right, "the output")
        out = right.replace("...", dots)
        check_result(out, full)
    return Equation(tuple(full), out)


def dots_width(term: str, shape: Shape, number: int) -> int:
    """How many dimensions the ellipsis of a term stands for."""
    named = len(term.replace("...", ""))
    if "..." not in term and named != len(shape):
        raise RuntimeError(
            f"einsum(): the number of subscripts in the equation ({named}) does not match the "
            f"number of dimensions ({len(shape)}) for operand {number} and no ellipsis was given"
        )
    if named > len(shape):
        raise RuntimeError(
            f"einsum(): the number of subscripts in the equation ({named}) is more than the number "
            f"of dimensions ({len(shape)}) for operand {number}"
        )
    return len(shape) - named if "..." in term else 0


def check_result(out: str, terms: Sequence[str]) -> None:
    """Refuse letters of the result that repeat or that no tensor has."""
    for letter in out:
        if out.count(letter) > 1:
            raise RuntimeError(
                f"einsum(): output subscript {letter} appears more than once in the output"
            )
        if not any(letter in term for term in terms):
            raise RuntimeError(
                f"einsum(): output subscript {letter} does not appear in the equation for any "
                "input operand"
            )


def letter_sizes(terms: Sequence[str], shapes: Sequence[Shape]) -> dict[str, int]:
    """The size that each letter stands for; PyTorch's errors where sizes disagree."""
    sizes: dict[str, int] = {}
    for number, (term, shape) in enumerate(zip(terms, shapes, strict=True)):
        own: dict[str, int] = {}
        for letter, size in zip(term, shape, strict=True):
            if own.setdefault(letter, size) != size:
                raise RuntimeError(
                    f"einsum(): subscript {letter} is repeated for operand {number} but the sizes "
                    f"don't match, {size} != {own[letter]}"
                )
        for letter, size in own.items():
            seen = sizes.get(letter, 1)
            if 1 not in (seen, size) and seen != size:
                raise RuntimeError(
                    f"einsum(): subscript {letter} has size {size} for operand {number} which does "
                    f"not broadcast with previously seen size {seen}"
                )
            sizes[letter] = size if seen == 1 else seen
    return sizes


def _einsum(tensors: Sequence[Any], equation: str) -> Array:
    if not tensors:
        raise ValueError(
            "einsum(): must specify the equation string and at least one operand, or at least one "
            "operand and its subscripts list"
        )
    arrays = [np.asarray(a) for a in tensors]
    written = write_out(equation, [a.shape for a in arrays])
    letter_sizes(written.terms, [a.shape for a in arrays])
    check_kinds(written, arrays)
    return np.array(np.einsum(written.text, *arrays, optimize=len(arrays) > 1))


def check_kinds(written: Equation, arrays: Sequence[Array]) -> None:
    """Refuse tensors of different types whose products are summed: no matrix product takes them.

    Pairs are taken from the left; a letter is summed with the last pair that has it.
    """
    kind, known = arrays[0].dtype, dict(zip(written.terms[0], arrays[0].shape, strict=True))
    for number, array in enumerate(arrays[1:], 1):
        own = dict(zip(written.terms[number], array.shape, strict=True))
        later = written.out + "".join(written.terms[number + 1 :])
        summed = [c for c in own if c in known and c not in later]
        if kind != array.dtype and any(known[c] != 1 != own[c] for c in summed):
            names = [of_numpy(k).legacy_name for k in (kind, array.dtype)]
            raise RuntimeError(f"expected scalar type {names[0]} but found {names[1]}")
        kind = np.result_type(kind, array.dtype)
        known = {c: max(n, known.get(c, 1)) for c, n in (known | own).items()}


def einsum_gradients(g: Any, tensors: Sequence[Any], equation: str) -> tuple[Any, ...]:
    """The gradient of each tensor: an einsum of ``g`` with the others, brought to its shape."""
    shapes = [tuple(t.shape) for t in tensors]
    written = write_out(equation, shapes)
    sizes = letter_sizes(written.terms, shapes)
    return tuple(_gradient(g, tensors, written, sizes, k) for k in range(len(tensors)))


def _gradient(
    g: Any, tensors: Sequence[Any], written: Equation, sizes: dict[str, int], number: int
) -> Any:
    term = written.terms[number]
    others = [*written.terms[:number], *written.terms[number + 1 :]]
    letters = "".join(dict.fromkeys(term))
    known = "".join(c for c in letters if c in written.out or any(c in o for o in others))
    rest = (*tensors[:number], *tensors[number + 1 :])
    equation = f"{','.join([written.out, *others])}->{known}"
    inner = call(einsum, equation, (g, *(of_one_type(other, g) for other in rest)))
    spread = tuple(sizes[c] if c in known else 1 for c in letters)
    own = dict(zip(term, tensors[number].shape, strict=True))
    wide = tuple(max(sizes[c], own[c]) if sizes[c] and own[c] else 0 for c in letters)
    inner = reshape_spread(inner, known, letters, spread)
    if tuple(inner.shape) != wide:
        inner = call(expand, inner, wide)
    return inner if len(letters) == len(term) else on_diagonal(inner, letters, term, own)


def of_one_type(value: Any, other: Any) -> Any:
    """``value`` in the type of ``other``."""
    mine, theirs = (getattr(v.dtype, "numpy", v.dtype) for v in (value, other))
    return value if mine == theirs else call(to, value, of_numpy(theirs))


def reshape_spread(value: Any, known: str, letters: str, spread: Shape) -> Any:
    """Put dimensions of size one where ``value`` lacks a letter."""
    if known == letters:
        return value
    found = dict(zip(known, value.shape, strict=True))
    return call(
        reshape, value, tuple(found.get(c, n) for c, n in zip(letters, spread, strict=True))
    )


def on_diagonal(value: Any, letters: str, term: str, own: dict[str, int]) -> Any:
    """Put ``value`` where the places of a repeated letter are equal, and zeros elsewhere."""
    seen: set[str] = set()
    shape: list[int] = []
    size = dict(zip(letters, value.shape, strict=True))
    mask = np.ones([own[c] for c in term], np.bool_)
    grid = np.indices(mask.shape, sparse=True)
    for axis, letter in enumerate(term):
        shape.append(1 if letter in seen else size[letter])
        if letter in seen:
            mask &= grid[axis] == grid[term.index(letter)]
        seen.add(letter)
    ordered = call(reshape, value, tuple(shape))
    return call(where, mask, ordered, 0.0)


def _is_read_alone(record: Any, position: int, _: Any) -> bool:
    """Whether no gradient of another tensor is asked for, or some of this one is summed first."""
    if not any(p is not None for i, p in enumerate(record.parents) if i != position):
        return True
    written = write_out(record.attrs["equation"], record.shapes)
    others = written.terms[:position] + written.terms[position + 1 :]
    return not set(written.terms[position]) <= set(written.out).union(*others)


einsum = Op(
    name="einsum", family="Linear algebra", category="linalg", symbol="einsum",
    count=einsum_count,
    doc="Multiplies tensors and sums, as an equation over named dimensions says.",
    ports=(
        Port(name="tensors", doc="The tensors.", grad="einsum_gradients(g, tensors, equation)",
             variadic=True),
    ),
    attrs=(
        Attr(name="equation", kind="text",
             doc="Letters for the dimensions of each tensor and of the result: ij,jk->ik."),
    ),
    arguments=("equation", "tensors"), forward=_einsum, promotion="none",
    meaning={
        "tensors": "each element is weighed by the product of the others it is multiplied with",
    },
    examples=(
        example((_MATRIX, _TALL), equation="ij,jk->ik"), example((_SQUARE,), equation="ii->i"),
        example((_MATRIX,), equation="ij->"), example((_MATRIX, _MATRIX), equation="ij,ij->j"),
        example((_SQUARE, _SQUARE), equation="ii,jk->kj"),
        example((_MATRIX, _TALL), equation="...j,jk"),
    ),
    search=("tensor contraction", "sum of products", "Einstein summation"), method=False,
    saving=Saving(copies={"tensors": ("tensors",)}, when=_is_read_alone),
)  # fmt: skip
