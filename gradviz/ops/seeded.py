"""Random tensors that are the same each time: those that PyTorch's generator gives for a seed."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from gradviz.ops import draws
from gradviz.ops.creation import SIZE, as_dtype, maker, shape_of
from gradviz.ops.dims import refuse_negative
from gradviz.ops.dtypes import get_default_dtype, int64, of_numpy
from gradviz.ops.spec import REQUIRED, Array, Attr, Op, example
from gradviz.ops.twister import Twister

SEED = Attr(
    name="seed", kind="int", default=0, low=0, high=2**53, keyword_only=True,
    doc="What the random numbers start from: the same seed, the same numbers.",
)  # fmt: skip
WORDS = ("random numbers", "noise", "distribution", "gaussian", "uniform")


def drawn(
    size: Any, seed: int, kind: np.dtype[Any], draw: Callable[[Twister, int], Array]
) -> Array:
    """Numbers in a shape, the first that a generator gives after that seed."""
    shape = shape_of(size)
    refuse_negative(shape)
    return draw(Twister(seed), math.prod(shape)).astype(kind, copy=False).reshape(shape)


def floating(given: Any, kernel: str) -> np.dtype[Any]:
    """The floating-point type asked for, the default without; PyTorch's refusal of any other."""
    kind = as_dtype(given, get_default_dtype())
    if kind.kind != "f":
        name = of_numpy(kind).legacy_name
        raise NotImplementedError(f"\"{kernel}\" not implemented for '{name}'")
    return kind


def _rand(size: Any, seed: int, dtype: Any, **_: Any) -> Array:
    kind = floating(dtype, "check_uniform_bounds")
    return drawn(size, seed, kind, lambda g, n: draws.uniform(g, n, kind, 0.0, 1.0))


def _normal(mean: float, std: float, size: Any, seed: int, dtype: Any, **_: Any) -> Array:
    if std < 0:
        raise RuntimeError(f"normal expects std >= 0.0, but found std {std:g}")
    kind = floating(dtype, "normal_kernel_cpu")
    return drawn(size, seed, kind, lambda g, n: draws.normal(g, n, kind, mean, std))


def _randn(**settings: Any) -> Array:
    return _normal(0.0, 1.0, **settings)


def _randint(low: int, high: int, size: Any, seed: int, dtype: Any, **_: Any) -> Array:
    if low >= high:
        raise RuntimeError(
            f"random_ expects 'from' to be less than 'to', but got from={low} >= to={high}"
        )
    kind = as_dtype(dtype, int64)
    return drawn(size, seed, kind, lambda g, n: draws.whole(g, n, low, high))


def _seeded(name: str, symbol: str, doc: str, forward: Any, *attrs: Attr, **shown: Any) -> Op:
    return maker(
        name, symbol, doc, forward, *attrs, SEED, function=False,
        examples=(example(**shown, seed=0),), search=WORDS,
    )  # fmt: skip


rand = _seeded("rand", "U", "Random numbers from 0 to 1, all as likely.", _rand, SIZE, size=(2, 3))
randn = _seeded(
    "randn", "N", "Random normal numbers with mean 0 and variance 1.", _randn, SIZE, size=(2, 3)
)
normal = _seeded(
    "normal", "N", "Random normal numbers with a mean and a standard deviation.", _normal,
    Attr(name="mean", kind="float", default=REQUIRED, doc="Their mean."),
    Attr(name="std", kind="float", default=REQUIRED, low=0, doc="Their standard deviation."),
    SIZE, mean=0.0, std=1.0, size=(2, 3),
)  # fmt: skip
randint = _seeded(
    "randint", "Z", "Random whole numbers, all as likely.", _randint,
    Attr(name="low", kind="int", default=REQUIRED, doc="The smallest there may be."),
    Attr(name="high", kind="int", default=REQUIRED, doc="One more than the largest."),
    SIZE, low=0, high=10, size=(2, 3),
)  # fmt: skip
