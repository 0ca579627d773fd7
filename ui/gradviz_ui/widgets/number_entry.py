"""Typed numbers: what counts as one, and what to say when it does not."""

import math
from dataclasses import dataclass

from ..numbers import MINUS, short


class NotANumberError(ValueError):
    """The text is not a number that is allowed here; the message says what would be."""


@dataclass(frozen=True)
class NumberRule:
    """Which numbers a field takes."""

    low: float = -math.inf
    high: float = math.inf
    whole: bool = False

    def parse(self, text: str) -> float:
        """Read a number: ``1.5``, ``-2e-3``, ``−3``, ``∞``, ``nan``. It is never evaluated.

        Raises:
            NotANumberError: not a number, or not one this rule takes.
        """
        plain = text.strip().replace(MINUS, "-").replace("∞", "inf")
        try:
            # Python would read 1_000 as 1000; here it is a slip of the finger.
            value = float(plain.replace("_", "?"))
        except ValueError:
            raise NotANumberError(
                f"“{text.strip()}” is not a number; write it as −1.5 or 2e-3"
            ) from None
        if self.whole and not value.is_integer():
            raise NotANumberError(f"{short(value)} is not a whole number")
        bounded = math.isfinite(self.low) or math.isfinite(self.high)
        if bounded and not self.low <= value <= self.high:
            raise NotANumberError(f"{self._written(value)} is outside {self.range_text()}")
        return value

    def range_text(self) -> str:
        """The range in words: ``0 to 1``, ``0 or more``."""
        if math.isinf(self.high):
            return f"the numbers that are {self._end(self.low)} or more"
        if math.isinf(self.low):
            return f"the numbers that are {self._end(self.high)} or less"
        return f"{self._end(self.low)} to {self._end(self.high)}"

    def _written(self, value: float) -> str:
        return short(int(value)) if self.whole else short(value)

    def _end(self, value: float) -> str:
        return self._written(value) if self.whole else f"{value:g}"

    def nearest(self, value: float) -> float:
        """The nearest number this rule takes."""
        inside = min(max(value, self.low), self.high)
        return float(round(inside)) if self.whole and math.isfinite(inside) else inside
