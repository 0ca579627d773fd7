"""What a sample document is made from, and words for writing its program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

RACE = ("SGD lr=0.1", "SGD lr=0.1 momentum=0.5", "Adam lr=0.2")


@dataclass(frozen=True)
class Sample:
    """A document to be written: its program, and the words that open it.

    `below`: cards that stand under another one's, where a long wire would else run behind cards.
    `axes`: names of two scalar parameters, or names with an index, for the Descend workspace.
    `minima`: the lowest places, on the axes, and `lowest`, the loss there, where they are known.
    `source`: where the function is from. `batch`: the leaves with data, how many rows a step sees
    of them, and the seed that shuffles them.
    """

    title: str
    description: str
    program: str
    axes: tuple[tuple[str, tuple[int, ...]], ...] = ()
    runners: tuple[str, ...] = RACE
    ranges: tuple[tuple[float, float], tuple[float, float]] | None = None
    steps: int = 60
    below: Mapping[str, str] = field(default_factory=dict)
    minima: tuple[tuple[float, ...], ...] = ()
    lowest: float = 0.0
    source: str = ""
    batch: tuple[tuple[str, ...], int, int] | None = None


def parameter(name: str, value: float, reach: float = 3.0, step: float = 0.01) -> str:
    """A line for a scalar parameter with a slider."""
    return (
        f"{name} = tensor({value}, requires_grad=True, low={-reach}, high={reach}, step={step})\n"
    )


def scalars(*names: str) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Scalar parameters as axes."""
    return tuple((name, ()) for name in names)


def elements(data: Any) -> str:
    """Numbers as nested lists, to four decimals."""
    return repr(np.round(np.asarray(data, np.float64), 4).tolist())
