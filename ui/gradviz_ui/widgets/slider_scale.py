"""How a slider's place and its number belong together: arithmetic only, so it is tested alone."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class SliderScale:
    """A range of numbers laid along 0 … 1, evenly or by order of magnitude.

    Raises:
        ValueError: an empty or infinite range, a logarithmic one that is not above 0, a step
            that is not above 0.
    """

    low: float
    high: float
    step: float | None = None
    """What an arrow key adds, and what numbers are rounded to; by default a 100th of the range,
    and on a logarithmic scale always a 100th of its way."""
    log: bool = False
    whole: bool = False
    """Whether it has whole numbers only, as its ends and its step are then."""

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high):
            raise ValueError(f"a slider cannot go from {self.low} to {self.high}")
        if self.log and self.low <= 0:
            raise ValueError(f"a logarithmic slider cannot start at {self.low}")
        if self.step is not None and not self.step > 0:
            raise ValueError(f"a slider cannot go in steps of {self.step}")

    def place(self, value: float) -> float:
        """Where a number lies, from 0 to 1; at the nearer end when it is outside."""
        if math.isnan(value):
            return 0.0
        inside = min(max(value, self.low), self.high)
        if self.log:
            return math.log(inside / self.low) / math.log(self.high / self.low)
        return (inside - self.low) / (self.high - self.low)

    def value(self, place: float) -> float:
        """The number at a place, rounded to the step (to 3 digits on a logarithmic scale)."""
        inside = min(max(place, 0.0), 1.0)
        if self.log:
            found = float(f"{self.low * (self.high / self.low) ** inside:.2e}")
            return self._inside(float(round(found)) if self.whole else found)
        return self._round(self.low + inside * (self.high - self.low))

    def moved(self, value: float, steps: float) -> float:
        """The number that many steps further."""
        if self.log or self.step is None:
            found = self.value(self.place(value) + steps / 100)
            stays = self.whole and found == self._inside(value)
            return self._inside(value + math.copysign(1, steps)) if stays else found
        return self._round(min(max(value, self.low), self.high) + steps * self.step)

    def _round(self, value: float) -> float:
        step = self.step or (self.high - self.low) / 1000
        digits = max(0, 2 - math.floor(math.log10(step)))
        whole = round((value - self.low) / step) * step + self.low
        return self._inside(round(whole, digits))

    def _inside(self, value: float) -> float:
        return min(max(value, self.low), self.high)
