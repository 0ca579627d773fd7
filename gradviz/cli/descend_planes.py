"""What `gradviz descend` says of a plane: how much of each path it shows, and how truly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from gradviz.descent import Descent, DescentError, PlaneSlice, Runner, pictured
from gradviz.descent.planes import departure
from gradviz.numbers import short


def plane_json(descent: Descent, runners: Sequence[Runner]) -> dict[str, Any]:
    """The plane as JSON: each path's places in it, what they explain, and the loss below them."""
    piece = plane_of(descent, runners)
    found: list[dict[str, Any]] = []
    for runner in runners:
        told = departure(descent.objective, piece.plane, runner.trajectory)
        found.append({
            "name": runner.spec.title,
            "places": piece.coordinates(runner.trajectory.points).tolist(),
            "explained": list(told.along),
            "distance": told.off.tolist(),
            "shown": told.shown.tolist(),
        })  # fmt: skip
    return {"names": list(piece.names), "runners": found}


def plane_lines(descent: Descent, runners: Sequence[Runner]) -> list[str]:
    """The same in words, a line a runner."""
    piece = plane_of(descent, runners)
    across, up = piece.names
    found: list[str] = []
    for runner in runners:
        told = departure(descent.objective, piece.plane, runner.trajectory)
        gaps = np.abs(told.shown - told.true)
        worst = int(np.nanargmax(gaps)) if np.isfinite(gaps).any() else 0
        found.append(
            f"{runner.spec.title}: {across} shows {told.along[0]:.0%} of its path, {up} "
            f"{told.along[1]:.0%}; the loss below it is off by up to {short(float(gaps[worst]))} "
            f"(step {worst})"
        )
    return found


def plane_of(descent: Descent, runners: Sequence[Runner]) -> PlaneSlice:
    """The plane, laid."""
    piece, _ = pictured(descent, [r.trajectory for r in runners])
    if not isinstance(piece, PlaneSlice):
        raise DescentError("the picture lies along axes, not in a plane")
    return piece
