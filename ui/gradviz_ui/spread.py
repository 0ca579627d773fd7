"""How a tensor's numbers are spread: least, greatest, mean, and how often which of them occur."""

import math
from dataclasses import dataclass

import numpy as np

from gradviz.ops.spec import Array

from .numbers import short

MOST_COUNTED = 1_000_000
"""Elements above which figures are of evenly chosen ones, so that asking is never felt."""
BINS = 24


@dataclass(frozen=True, slots=True)
class Spread:
    """Figures of the finite numbers among a tensor's elements, and how many are none.

    ``finite``: those numbers; empty where there are none, and then the figures are nan.
    """

    finite: Array
    low: float
    high: float
    mean: float
    std: float
    nan: int
    inf: int

    def said(self) -> str:
        """``min 1.000   max 3.000   mean 2.000   std 1.000   1 nan``."""
        odd = [f"{n:,} {name}" for name, n in (("nan", self.nan), ("inf", self.inf)) if n]
        if not self.finite.size:
            return "   ".join(odd)
        known = (("min", self.low), ("max", self.high), ("mean", self.mean), ("std", self.std))
        return "   ".join([*(f"{name} {short(number)}" for name, number in known), *odd])

    def counts(self) -> Array:
        """How many numbers lie in each of equal stretches from the least to the greatest."""
        bins = min(BINS, 2 * math.ceil(math.sqrt(self.finite.size)))
        return np.histogram(self.finite, bins=bins)[0]


def spread_of(array: Array, most: int = MOST_COUNTED) -> Spread | None:
    """The figures of a real tensor of two elements or more; None of others."""
    if array.size < 2 or array.dtype.kind not in "fiu":
        return None
    flat = array.reshape(-1)
    flat = flat[:: -(-flat.size // most)]
    finite = flat[np.isfinite(flat)].astype(np.float64)
    nan, inf = int(np.isnan(flat).sum()), int(np.isinf(flat).sum())
    if not finite.size:
        none = math.nan
        return Spread(finite, none, none, none, none, nan, inf)
    with np.errstate(over="ignore"):
        mean, std = float(finite.mean()), float(finite.std())
    return Spread(finite, float(finite.min()), float(finite.max()), mean, std, nan, inf)
