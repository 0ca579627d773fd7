"""Random numbers of each kind as arrays, drawn as PyTorch's processor kernels draw them.

Which words of the generator make a number, and in which order, is part of what a seed means.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from gradviz.ops.fast_normal import logarithm, sine_cosine
from gradviz.ops.fused import fused, fused_double
from gradviz.ops.spec import Array, Shape
from gradviz.ops.twister import Twister

EXACT = {"float16": 1 << 11, "float32": 1 << 24, "float64": 1 << 53}
"""Up to where a type holds every whole number."""
BLOCK = 16
SHORT_RANGE = 1 << 28
"""Ranges from here on are drawn with 64 bits, so that no remainder is favoured."""


def unit(generator: Twister, count: int, kind: np.dtype[Any]) -> Array:
    """Numbers from zero to one, the one left out; for half precision in single."""
    held = np.float64 if kind == np.float64 else np.float32
    bits = 53 if kind == np.float64 else 24
    words = generator.long_words(count) if bits > 32 else generator.words(count)
    return (words & np.uint64((1 << bits) - 1)).astype(held) * held(2.0**-bits)


DOUBLE = np.dtype(np.float64)


def uniform(generator: Twister, count: int, kind: np.dtype[Any], low: Any, high: Any) -> Array:
    """Numbers from ``low`` to ``high``, which is left out."""
    numbers = unit(generator, count, kind)
    start, end = numbers.dtype.type(low), numbers.dtype.type(high)
    found = multiply_add(numbers, end - start, start).astype(kind)
    if kind == np.float16:
        found[found == kind.type(high)] = kind.type(low)
    return found


def rounded(numbers: Array, kind: np.dtype[Any]) -> Array:
    """Numbers in another type; half precision by way of single, as PyTorch rounds."""
    with np.errstate(over="ignore"):
        return (numbers.astype(np.float32) if kind == np.float16 else numbers).astype(kind)


def multiply_add(a: Array, b: Any, c: Any) -> Array:
    """``a * b + c`` rounded once, in the type of ``a``."""
    return fused_double(a, b, c) if a.dtype == np.float64 else fused(a, b, c)


def each(function: Callable[[float], float], numbers: Array) -> Array:
    """A function of C's library of each number.

    NumPy's own differ from it, and among processors, in the last bit.
    """
    values = [function(number) for number in numbers.ravel().tolist()]
    return np.array(values, np.float64).reshape(numbers.shape)


def normal(
    generator: Twister, count: int, kind: np.dtype[Any], mean: float, std: float,
    in_order: bool = True,
) -> Array:  # fmt: skip
    """Normal numbers. Sixteen or more, in order in memory, are made in blocks of sixteen."""
    if count < BLOCK or not in_order:
        return rounded(multiply_add(normal_pairs(generator, count), std, mean), kind)
    whole = count - count % BLOCK
    # Half precision goes through blocks of single, and draws nothing for the numbers left over.
    numbers = unit(generator, whole if kind == np.float16 else count, kind)
    blocks = [normal_blocks(numbers[:whole], mean, std)]
    if whole < count:
        last = normal_blocks(unit(generator, BLOCK, kind), mean, std)
        blocks = [blocks[0][: count - BLOCK], last]
    return np.concatenate(blocks).astype(kind)


def normal_blocks(numbers: Array, mean: float, std: float) -> Array:
    """Box and Muller's transform of blocks of sixteen: the first eight with the last eight."""
    kind = numbers.dtype.type
    first, second = np.moveaxis(numbers.reshape(-1, 2, BLOCK // 2), 1, 0)
    angle = kind(2 * math.pi) * second
    if kind is np.float32:
        radius = np.sqrt(kind(-2) * logarithm(kind(1) - first))
        sine, cosine = sine_cosine(angle)
    else:
        radius = np.sqrt(-2.0 * each(math.log, 1.0 - first))
        sine, cosine = each(math.sin, angle), each(math.cos, angle)
    pair = [multiply_add(radius * part, kind(std), kind(mean)) for part in (cosine, sine)]
    return np.stack(pair, 1).reshape(-1)


def normal_pairs(generator: Twister, count: int) -> Array:
    """Standard normal numbers in double precision, made two at a time; an odd one is kept."""
    kept = generator.kept_normal
    made = [] if kept is None or not count else [kept]
    numbers = unit(generator, (count - len(made) + 1) // 2 * 2, DOUBLE).tolist()
    for turn, size in zip(numbers[0::2], numbers[1::2], strict=True):
        radius = math.sqrt(-2.0 * math.log1p(-size))
        angle = 2.0 * math.pi * turn
        made += [radius * math.cos(angle), radius * math.sin(angle)]
    if count:
        generator.kept_normal = made.pop() if len(made) > count else None
    return np.array(made, np.float64)


def whole(generator: Twister, count: int, low: int, high: int) -> Array:
    """Whole numbers from ``low`` to ``high``, that left out, as ``int64``."""
    size = high - low
    words = generator.long_words(count) if size >= SHORT_RANGE else generator.words(count)
    if size < 1 << 64:
        words = words % np.uint64(size)
    return words.astype(np.int64) + np.int64(low)


def any_of_kind(generator: Twister, count: int, kind: np.dtype[Any]) -> Array:
    """Whole numbers over all that a type can hold exactly, from zero on."""
    if kind == np.bool_:
        return (generator.words(count) & np.uint64(1)).astype(kind)
    if kind.kind == "f":
        top = EXACT[kind.name]
        words = generator.long_words(count) if kind == np.float64 else generator.words(count)
    else:
        top = int(np.iinfo(kind).max)
        words = generator.long_words(count) if kind == np.int64 else generator.words(count)
    return (words % np.uint64(top + 1)).astype(kind)


def order(generator: Twister, count: int) -> Array:
    """The numbers from zero to ``count``, shuffled from the front."""
    numbers = list(range(count))
    if count > 1:
        left = np.arange(count, 1, -1, dtype=np.uint64)
        steps = (generator.words(count - 1) % left).tolist()
        for at, step in enumerate(steps):
            other = at + step
            numbers[at], numbers[other] = numbers[other], numbers[at]
    return np.array(numbers, np.int64)


def chances(generator: Twister, shape: Shape, chance: float) -> Array:
    """True with the same ``chance`` everywhere; a dropout's mask."""
    return (unit(generator, math.prod(shape), DOUBLE) < chance).reshape(shape)


def chances_of(generator: Twister, chance: Array) -> Array:
    """True with a chance for each."""
    kind = DOUBLE if chance.dtype == np.float64 else np.dtype(np.float32)
    return unit(generator, chance.size, kind).reshape(chance.shape) < chance


def exponential(generator: Twister, count: int, rate: float) -> Array:
    """Times to wait at ``rate``, in double precision."""
    return -1.0 / rate * each(math.log1p, -unit(generator, count, DOUBLE))


def cauchy(generator: Twister, count: int, median: float, sigma: float) -> Array:
    """Numbers whose mean does not exist, in double precision."""
    return median + sigma * each(math.tan, math.pi * (unit(generator, count, DOUBLE) - 0.5))


def geometric(generator: Twister, count: int, chance: float) -> Array:
    """How many tries a success of ``chance`` takes, in double precision."""
    numbers = unit(generator, count, DOUBLE)
    return np.ceil(each(math.log, numbers) / math.log1p(-chance))


def log_normal(generator: Twister, count: int, mean: float, std: float) -> Array:
    """Numbers whose logarithms are normal, in double precision."""
    return each(math.exp, multiply_add(normal_pairs(generator, count), std, mean))


def picks(generator: Twister, weights: Array, count: int, replacement: bool) -> Array:
    """Places in the last dimension, as likely as their weights say."""
    if replacement and count > 1:
        rows = weights.reshape(-1, weights.shape[-1])
        found = [picks_in_row(generator, row, count) for row in rows]
        return np.stack(found).reshape(*weights.shape[:-1], count)
    times = exponential(generator, weights.size, 1.0).astype(weights.dtype)
    with np.errstate(all="ignore"):
        keys = weights / times.reshape(weights.shape)
    if count == 1:
        return np.expand_dims(keys.argmax(-1), -1)
    return np.argsort(-keys, -1, kind="stable")[..., :count]


def picks_in_row(generator: Twister, weights: Array, count: int) -> Array:
    """Places with replacement: where numbers from zero to one fall among the summed weights."""
    sums = np.cumsum(weights, dtype=weights.dtype)
    sums = sums / sums[-1]
    sums[-1] = 1
    return np.searchsorted(sums.astype(np.float64), unit(generator, count, DOUBLE))
