"""In words, how much of a way a plane shows, and how truly."""

import numpy as np

from gradviz.descent.planes import Departure

from ..numbers import short
from .race import Race
from .words import runner_title


def explained(race: Race) -> str:
    """What the plane shows of the chosen runner's way."""
    piece, found = race.picture.piece, race.picture.departures.found
    if piece is None or race.chosen >= len(found):
        return "…"
    one = found[race.chosen]
    (across, up), (first, second) = piece.names, one.along
    return (
        f"across {across}: {first:.0%} of the path · up {up}: {second:.0%} · {gap(one)}"
    ).replace("%", " %")


def explained_all(race: Race) -> str:
    """The same of every runner, a line each."""
    piece, found = race.picture.piece, race.picture.departures.found
    if piece is None:
        return ""
    pairs = zip(race.specs, found, strict=False)
    return "\n".join(
        f"{runner_title(spec)}: {one.along[0]:.0%} and {one.along[1]:.0%} of its path; {gap(one)}"
        for spec, one in pairs
    ).replace("%", " %")


def gap(found: Departure) -> str:
    """How far the loss that is drawn below a way is from the true one."""
    gaps = np.abs(found.shown - found.true)
    if not np.isfinite(gaps).any():
        return "the loss drawn is no number"
    worst = int(np.nanargmax(gaps))
    return f"the loss drawn is off by up to {short(float(gaps[worst]))}, at step {worst}"
