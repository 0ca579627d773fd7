"""What is wrong with a formula, and at which character, so that a view can point at it."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class FormulaError(ValueError):
    """A text that is no formula: what is wrong, where, and what would be right.

    ``line`` counts from 1, ``column`` from 0 (in characters), ``length`` is how many characters
    of that line are meant, at least one.
    """

    def __init__(self, message: str, line: int = 1, column: int = 0, length: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column
        self.length = length


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A closing ``; did you mean 'sin'?``, or nothing where no known name is close."""
    close = get_close_matches(name, sorted(set(known)), n=1, cutoff=0.7)
    return f"; did you mean '{close[0]}'?" if close else ""
