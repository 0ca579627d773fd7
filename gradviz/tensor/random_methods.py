"""Filling tensors at random, in place: ``uniform_``, ``normal_`` and their kin."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from gradviz.ops import draws
from gradviz.ops.dtypes import of_numpy
from gradviz.ops.spec import Array
from gradviz.tensor.generator import Generator, default_generator
from gradviz.tensor.random import (
    NORMAL,
    UNIFORM,
    Draw,
    bernoulli,
    chance_draw,
    chances_draw,
    check_chance,
    check_floating,
    multinomial,
    normal_draw,
    uniform_draw,
    whole_draw,
)
from gradviz.tensor.tensor import Tensor


def fill(target: Tensor, draw: Draw, generator: Generator | None) -> Tensor:
    """Write drawn numbers into a tensor, in the order in which its elements lie in memory."""
    array = target.array
    order = sorted(range(array.ndim), key=lambda dim: -abs(array.strides[dim]))
    if array.flags.c_contiguous:
        order = list(range(array.ndim))
    drawn = draw(generator or default_generator, array.size, array.dtype)
    placed = drawn.reshape([array.shape[dim] for dim in order])
    result: Any = target
    return result.copy_(Tensor.wrap(placed.transpose(np.argsort(order) if order else ())))


def uniform_(
    self: Tensor, from_: float = 0.0, to: float = 1.0, *, generator: Generator | None = None,
    **named: float,
) -> Tensor:  # fmt: skip
    """Fill with numbers from ``from`` to ``to``, that left out, all as likely."""
    low = named.pop("from", from_)
    check_floating(self.array.dtype, UNIFORM)
    if low > to:
        raise RuntimeError(
            f"uniform_ expects to return a [from, to) range, but found from={low:g} > to={to:g}"
        )
    return fill(self, uniform_draw(low, to), generator)


def normal_(
    self: Tensor, mean: float = 0.0, std: float = 1.0, *, generator: Generator | None = None
) -> Tensor:
    """Fill with normal numbers."""
    check_floating(self.array.dtype, NORMAL)
    return fill(self, normal_draw(mean, std, self.array.flags.c_contiguous), generator)


def bernoulli_(
    self: Tensor, p: Tensor | float = 0.5, *, generator: Generator | None = None
) -> Tensor:
    """Fill with ones with probability ``p``, for all or for each, else zeros."""
    if isinstance(p, Tensor):
        return fill(self, chances_draw(np.broadcast_to(p.array, self.array.shape)), generator)
    check_chance(p)
    return fill(self, chance_draw(p), generator)


def random_(
    self: Tensor, from_: int | None = None, to: int | None = None, *,
    generator: Generator | None = None, **named: int,
) -> Tensor:  # fmt: skip
    """Fill with whole numbers: over all of the type, up to one bound, or between two."""
    low = named.pop("from", from_)
    if to is None and low is None:
        return fill(self, draws.any_of_kind, generator)
    bounds = (0, low) if to is None else (low or 0, to)
    return fill(self, whole_draw(int(bounds[0] or 0), int(bounds[1] or 0)), generator)


def rounded_draw(draw: Callable[[Generator, int], Array]) -> Draw:
    """A draw in double precision, rounded to the type asked for."""
    return lambda generator, count, kind: draws.rounded(draw(generator, count), kind)


def exponential_(self: Tensor, lambd: float = 1.0, *, generator: Generator | None = None) -> Tensor:
    """Fill with the times to wait at the rate ``lambd``."""
    kind = self.array.dtype
    if kind.kind != "f":
        raise RuntimeError(
            "Exponential distribution is a continuous probability distribution. dtype must be a "
            f"floating point but you specified {of_numpy(kind).legacy_name}"
        )
    if not lambd > 0:
        raise RuntimeError(f"exponential_ expects lambda > 0.0, but found lambda={lambd:g}")
    return fill(self, rounded_draw(partial(draws.exponential, rate=lambd)), generator)


def cauchy_(
    self: Tensor, median: float = 0.0, sigma: float = 1.0, *, generator: Generator | None = None
) -> Tensor:
    """Fill with numbers of the Cauchy distribution."""
    kind = self.array.dtype
    if kind.kind != "f":
        raise RuntimeError(
            "Cauchy distribution is a continuous probability distribution. dtype must be a "
            f"floating point but you specified {of_numpy(kind).legacy_name}"
        )
    if not sigma > 0:
        raise RuntimeError(f"cauchy_ expects sigma > 0.0, but found sigma={sigma:g}")
    return fill(self, rounded_draw(partial(draws.cauchy, median=median, sigma=sigma)), generator)


def log_normal_(
    self: Tensor, mean: float = 1.0, std: float = 2.0, *, generator: Generator | None = None
) -> Tensor:
    """Fill with numbers whose logarithms are normal."""
    check_floating(self.array.dtype, "log_normal_cpu")
    if not std > 0:
        raise RuntimeError(f"log_normal_ expects std > 0.0, but found std={std:g}")
    return fill(self, rounded_draw(partial(draws.log_normal, mean=mean, std=std)), generator)


def geometric_(self: Tensor, p: float, *, generator: Generator | None = None) -> Tensor:
    """Fill with how many tries a success of probability ``p`` takes."""
    if not 0 < p < 1:
        raise RuntimeError(f"geometric_ expects p to be in (0, 1), but got p={p:g}")
    return fill(self, rounded_draw(partial(draws.geometric, chance=p)), generator)


METHODS: Mapping[str, Callable[..., Tensor]] = {
    "uniform_": uniform_, "normal_": normal_, "bernoulli_": bernoulli_, "random_": random_,
    "exponential_": exponential_, "cauchy_": cauchy_, "log_normal_": log_normal_,
    "geometric_": geometric_, "bernoulli": bernoulli, "multinomial": multinomial,
}  # fmt: skip
