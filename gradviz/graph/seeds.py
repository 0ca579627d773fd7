"""What a backward pass starts from: the seed, as chosen or typed, and what it means in words.

A pass gives the gradient of one number. Where the output has several elements the seed says
which number: each element counts with its weight.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from math import prod

import numpy as np

from gradviz.graph.guards import is_sequence
from gradviz.numbers import MINUS, shape_text, short
from gradviz.ops.spec import Array, Shape

WRITTEN = 4
"""The most weights that a meaning writes out."""
SEEDS = "ones, one-hot 0, 2 for one element, or a number for each, as [1, −2]"
HOT = re.compile(r"(?:one[- ]?hot(?:\s+at)?|at)\s*[\[(]?\s*(?P<index>[-\d\s,]*)[\])]?")
PLAIN = str.maketrans({"−": "-", "∞": "inf", "(": "[", ")": "]"})


class SeedError(ValueError):
    """Why a seed does not fit, and what would be right."""


@dataclass(frozen=True, slots=True)
class Ones:
    """One for every element."""


@dataclass(frozen=True, slots=True)
class OneHot:
    """One for the element at ``index``, zero for all others."""

    index: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Weights:
    """A number for every element, as nested tuples of the output's shape."""

    values: object

    @property
    def array(self) -> Array:
        """The numbers as an array of doubles."""
        return np.asarray(self.values, np.float64)


Seed = Ones | OneHot | Weights


def seed_array(seed: Seed, shape: Shape, name: str = "the output") -> Array:
    """A seed as an array of ``shape``; SeedError says why it does not fit the output ``name``."""
    match seed:
        case Ones():
            return np.ones(shape)
        case OneHot(index):
            check_index(index, shape, name)
            start = np.zeros(shape)
            start[index] = 1.0
            return start
        case Weights():
            start = seed.array
            if start.shape != shape:
                raise SeedError(
                    f"the seed has shape {shape_text(start.shape)} but {name} has "
                    f"{shape_text(shape)}: give one number for each element"
                )
            return start


def check_index(index: tuple[int, ...], shape: Shape, name: str) -> None:
    """SeedError where ``index`` is no element of ``shape``."""
    if len(index) != len(shape):
        raise SeedError(
            f"{name} has shape {shape_text(shape)}, so an element of it has "
            f"{counted(len(shape), 'index')}, not {len(index)}"
        )
    for axis, (place, size) in enumerate(zip(index, shape, strict=True)):
        if not -size <= place < size:
            raise SeedError(
                f"index {place} is out of range: axis {axis} of {name} has {counted(size)}"
            )


def counted(count: int, word: str = "element") -> str:
    """``one element``, ``3 elements``, ``no index``."""
    plural = "indices" if word == "index" else f"{word}s"
    return {0: f"no {word}", 1: f"one {word}"}.get(count, f"{count} {plural}")


def parse_seed(text: str, shape: Shape, name: str = "the output") -> Seed:
    """The seed a person types for an output of ``shape``.

    ``ones``; ``one-hot 0, 2`` or ``at [0, 2]``; or numbers in nested brackets, ``[1, 0, −2]``.
    SeedError says what is wrong with it and what would be right.
    """
    plain = text.strip().translate(PLAIN)
    if plain in ("ones", "1s", "all ones"):
        return Ones()
    hot = HOT.fullmatch(plain)
    if hot is not None:
        parts = [p for p in re.split(r"[\s,]+", hot["index"]) if p]
        if not all(re.fullmatch(r"-?\d+", p) for p in parts):
            raise SeedError(f"'{text.strip()}' names no element; write for instance one-hot 0, 2")
        seed: Seed = OneHot(tuple(int(p) for p in parts))
    else:
        seed = Weights(frozen(parse_numbers(text, SEEDS)))
    seed_array(seed, shape, name)
    return seed


def parse_numbers(text: str, forms: str = "a number, or several as [1, −2]") -> Array:
    """Numbers typed as a tensor: ``2``, ``1, 2``, ``[[1, 2], [3, −4]]``.

    SeedError otherwise, naming the ``forms`` that would be right.
    """
    plain = text.strip().translate(PLAIN)
    try:
        value = numbers_of(ast.parse(plain, mode="eval").body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise SeedError(f"'{shortened(text)}' cannot be read; write {forms}") from None
    try:
        return np.asarray(value, np.float64)
    except ValueError:
        raise SeedError(
            f"the rows of '{shortened(text)}' differ in length; each needs as many numbers"
        ) from None


def numbers_of(tree: ast.expr) -> object:
    """Nested lists of numbers from an expression; ValueError for anything else."""
    if isinstance(tree, (ast.List, ast.Tuple)):
        return [numbers_of(part) for part in tree.elts]
    if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, (ast.USub, ast.UAdd)):
        inner = numbers_of(tree.operand)
        if isinstance(inner, float):
            return -inner if isinstance(tree.op, ast.USub) else inner
    if isinstance(tree, ast.Name) and tree.id in ("nan", "inf"):
        return float(tree.id)
    if isinstance(tree, ast.Constant) and isinstance(tree.value, (int, float)):
        return float(tree.value)
    raise ValueError("neither a number nor a list")


def frozen(array: Array) -> object:
    """An array's numbers as nested tuples."""

    def tupled(value: object) -> object:
        return tuple(tupled(v) for v in value) if is_sequence(value) else value

    return tupled(array.tolist())


def shortened(text: str) -> str:
    """Typed text as a message quotes it."""
    line = " ".join(text.split())
    return line if len(line) <= 40 else f"{line[:39]}…"


# in words ----------------------------------------------------------------------------------


def seed_text(seed: Seed) -> str:
    """A seed as it would be typed."""
    match seed:
        case Ones():
            return "ones"
        case OneHot(index):
            return f"one-hot {', '.join(map(str, index))}".rstrip()
        case Weights(values):
            return written(values)


def written(values: object) -> str:
    """Nested numbers in square brackets, as short as they read back."""
    if isinstance(values, tuple):
        inner: tuple[object, ...] = values  # pyright: ignore[reportUnknownVariableType]
        return f"[{', '.join(map(written, inner))}]"
    return f"{values:g}".replace("-", MINUS)


def seed_meaning(seed: Seed, shape: Shape, name: str) -> str:
    """What the gradients of a pass with this seed are gradients of, in a sentence."""
    if prod(shape) == 1 and seed_array(seed, shape, name).item() == 1:
        return f"the gradient of {name} itself"
    match seed:
        case Ones():
            return f"ones: the gradient of the sum of all elements of {name}"
        case OneHot(index):
            shown = element(name, index)
            return f"one at {shown} and zero elsewhere: the gradient of {shown} alone"
        case Weights():
            return f"the gradient of {weighted(seed.array, name)}"


def weighted(weights: Array, name: str) -> str:
    """The weighted sum that weights stand for, written out where they are few."""
    chosen = np.argwhere(weights != 0)
    if not len(chosen):
        return f"nothing: every element of {name} counts zero times"
    if len(chosen) > WRITTEN:
        return f"the sum of the elements of {name}, each times its own weight"
    places = [tuple(map(int, place)) for place in chosen]
    parts = [(float(weights[place]), element(name, place)) for place in places]
    text = " + ".join(shown if w == 1 else f"{short(w)}·{shown}" for w, shown in parts)
    return text.replace(f"+ {MINUS}", f"{MINUS} ")


def element(name: str, index: tuple[int, ...]) -> str:
    """An element of a tensor: ``y[0, 2]``; the name alone for a single number."""
    return f"{name}[{', '.join(map(str, index))}]" if index else name
