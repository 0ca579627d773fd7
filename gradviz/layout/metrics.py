"""How good a placement is, measured without knowing how it was made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from gradviz.layout.model import Box, Link, Point

_CHUNK = 512


def straight_crossings(
    positions: Mapping[str, Point], boxes: Sequence[Box], links: Sequence[Link]
) -> int:
    """Pairs of links whose straight lines, box centre to box centre, cross.

    Routes are left out of it, so layouts of different programs can be compared. Lines that
    share an end do not cross.
    """
    number = {box.key: index for index, box in enumerate(boxes)}
    centres = np.array(
        [
            (positions[box.key][0] + box.width / 2, positions[box.key][1] + box.height / 2)
            for box in boxes
        ]
    ).reshape(-1, 2)
    ends = np.array([(number[link.source], number[link.target]) for link in links], dtype=np.intp)
    ends = ends.reshape(-1, 2)
    return sum(
        _count_crossings(centres, ends[start : start + _CHUNK], ends[start:])
        for start in range(0, len(ends), _CHUNK)
    )


def _count_crossings(
    centres: NDArray[np.float64], some: NDArray[np.intp], others: NDArray[np.intp]
) -> int:
    """Crossings of each of `some` with the `others` after it; `others` begins with `some`."""
    a, b = centres[some[:, 0]][:, None], centres[some[:, 1]][:, None]
    c, d = centres[others[:, 0]][None], centres[others[:, 1]][None]
    crossing = (_turn(a, b, c) * _turn(a, b, d) < 0) & (_turn(c, d, a) * _turn(c, d, b) < 0)
    for end in (0, 1):
        for other in (0, 1):
            crossing &= some[:, end][:, None] != others[:, other][None]
    return int(np.triu(crossing, k=1).sum())


def _turn(
    a: NDArray[np.float64], b: NDArray[np.float64], c: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Sign of the turn a → b → c."""
    ab, ac = b - a, c - a
    return np.sign(ab[..., 0] * ac[..., 1] - ab[..., 1] * ac[..., 0])
