"""The names of derivatives: ``d_loss_d_w`` is ∂loss/∂w, ``d2_loss_d_w_d_v`` its derivative by v."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby

_DERIVATIVE = re.compile(r"d(\d*)_(.+?)((?:_d_.+)+)")


@dataclass(frozen=True, slots=True)
class Derivative:
    """What a name says is differentiated, and by what, in order."""

    of: str
    by: tuple[str, ...]

    @property
    def order(self) -> int:
        """How often it is differentiated."""
        return len(self.by)

    @property
    def grouped(self) -> tuple[tuple[str, int], ...]:
        """By what, with how often in a row."""
        return tuple((name, len(list(run))) for name, run in groupby(self.by))

    @property
    def name(self) -> str:
        """The identifier for it."""
        order = "" if self.order == 1 else str(self.order)
        return f"d{order}_{self.of}" + "".join(f"_d_{name}" for name in self.by)


def derivative_of(name: str) -> Derivative | None:
    """What a name says it is the derivative of; None where it says nothing of the kind."""
    match = _DERIVATIVE.fullmatch(name)
    if match is None:
        return None
    by = tuple(match[3].split("_d_")[1:])
    found = Derivative(match[2], by)
    return found if found.name == name else None


def derivative_name(of: str, by: str) -> str:
    """The name of a gradient: ``d_loss_d_w``, of one order more where ``of`` is one already."""
    known = derivative_of(of)
    return (Derivative(known.of, (*known.by, by)) if known else Derivative(of, (by,))).name
