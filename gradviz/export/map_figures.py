"""Maps of many runners as SVG figures: two settings, basins of attraction, critical points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise
from typing import Any

import numpy as np

from gradviz.descent import Descent, landscape
from gradviz.descent.basins import DIVERGED, Basins
from gradviz.descent.critical import Critical
from gradviz.descent.phase import OUTCOMES, PhaseMap
from gradviz.export.plot import Frame, contour_lines, path, rect, text, theme, ticks
from gradviz.numbers import short
from gradviz.ops.spec import Array

WIDTH, HEIGHT = 720, 480
BOX = (72.0, 34.0, 400.0, 400.0)
SIDE = BOX[0] + BOX[2] + 20
SIGNS = {"converged": "✓", "slow": "–", "oscillating": "~", "diverged": "×"}
"""A sign for each outcome, so that colour is not the only cue."""
FORMS = {"minimum": "●", "saddle": "✕", "maximum": "▲", "degenerate": "■"}


def phase_svg(found: PhaseMap, title: str, theme_name: str = "light") -> str:
    """A cell for each pair of settings, in the colour and with the sign of its outcome."""
    colours = theme(theme_name)
    return figure(title, colours, [*phase_cells(found, colours), *phase_words(found, colours)])


def phase_cells(found: PhaseMap, colours: dict[str, Any]) -> Iterator[str]:
    """The cells."""
    rows, columns = found.outcomes.shape
    wide, high = BOX[2] / columns, BOX[3] / rows
    for (row, column), outcome in np.ndenumerate(found.outcomes):
        x, y = BOX[0] + column * wide, BOX[1] + BOX[3] - (row + 1) * high
        place = f'x="{x:.2f}" y="{y:.2f}" width="{wide + 0.3:.2f}" height="{high + 0.3:.2f}"'
        yield f'<rect {place} fill="{colours["outcomes"][int(outcome)]}"/>'
        if min(wide, high) >= 9:
            sign = SIGNS[OUTCOMES[int(outcome)]]
            yield text(x + wide / 2, y + high / 2 + 4, sign, "#FFFFFF", "middle")


def phase_words(found: PhaseMap, colours: dict[str, Any]) -> Iterator[str]:
    """Ends of both ranges, names, and what the colours mean."""
    frame = Frame(*BOX, (found.across[0], found.across[-1]), (found.up[0], found.up[-1]))
    yield from ticks(frame, colours["mute"])
    yield from axis_names(found.names, colours)
    for k, word in enumerate(OUTCOMES):
        yield swatch(k, colours["outcomes"][k], f"{SIGNS[word]} {word}", colours)


def basins_svg(found: Basins, names: Sequence[str], title: str, theme_name: str = "light") -> str:
    """Each start in the colour of the minimum it leads to; where to none, dark or pale."""
    colours = theme(theme_name)
    frame = Frame(*BOX, (found.xs[0], found.xs[-1]), (found.ys[0], found.ys[-1]))
    parts = [*basin_runs(found, colours), *ticks(frame, colours["mute"])]
    parts += axis_names(names, colours)
    places = frame.place(np.array([e.place for e in found.ends]).reshape(-1, 2))
    for index, (x, y) in enumerate(places.tolist()):
        words = f"{index + 1}: loss {short(found.ends[index].loss)}, {starts(found, index)}"
        if index < 16:
            parts.append(swatch(index, basin_colour(index, colours), words, colours))
        if inside(x, y):
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colours["ink"]}"/>')
            parts.append(text(x + 7, y - 5, str(index + 1), colours["ink"]))
    count = min(16, len(found.ends))
    parts.append(swatch(count, colours["pressed"], f"on the way, {starts(found, -1)}", colours))
    lost = f"diverged, {starts(found, DIVERGED)}"
    parts.append(swatch(count + 1, colours["mute"], lost, colours))
    return figure(title, colours, parts)


def basin_runs(found: Basins, colours: dict[str, Any]) -> Iterator[str]:
    """The starts, a rectangle for each run of a row that leads to the same place."""
    rows, columns = found.reached.shape
    wide, high = BOX[2] / columns, BOX[3] / rows
    for row, reached in enumerate(found.reached):
        edges = [0, *(np.flatnonzero(np.diff(reached)) + 1).tolist(), columns]
        y = BOX[1] + BOX[3] - (row + 1) * high
        for begin, end in pairwise(edges):
            x, width = BOX[0] + begin * wide, (end - begin) * wide
            place = f'x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{high + 0.3:.2f}"'
            yield f'<rect {place} fill="{basin_colour(int(reached[begin]), colours)}"/>'


def basin_colour(index: int, colours: dict[str, Any]) -> str:
    """The colour of a minimum's basin, or of those starts that lead to none."""
    if index < 0:
        return colours["mute"] if index == DIVERGED else colours["pressed"]
    return colours["plot"][index % len(colours["plot"])]


def starts(found: Basins, index: int) -> str:
    """From what share of the starts one comes there."""
    return f"{100 * found.share(index):.0f} %"


def critical_svg(
    descent: Descent, found: Sequence[Critical], names: Sequence[str], theme_name: str = "light"
) -> str:
    """The contour with the critical points, each kind with a form of its own."""
    colours, ranges = theme(theme_name), descent.ranges
    assert ranges is not None, "asked only where there are two axes"
    frame = Frame(*BOX, *ranges)
    parts = [f'<rect {rect(BOX)} fill="{colours["bg"]}"/>']
    land = landscape(descent.objective, descent.axes, descent.objective.start(), ranges)
    for line in () if land is None else contour_lines(land):
        drawn = path(frame.place(line))
        parts.append(f'<path d="{drawn}" fill="none" stroke="{colours["contour"]}"/>')
    parts += [*ticks(frame, colours["mute"]), *axis_names(names, colours)]
    for point, (x, y) in zip(found, places_of(found, frame), strict=True):
        parts.append(text(x, y + 4, FORMS[point.kind], colours["ink"], "middle"))
    kinds = [k for k in FORMS if any(c.kind == k for c in found)]
    for row, kind in enumerate(kinds):
        count = sum(c.kind == kind for c in found)
        y = BOX[1] + 12 + 20 * row
        parts.append(text(SIDE, y, f"{FORMS[kind]} {kind}: {count}", colours["ink"]))
    return figure("critical points", colours, parts)


def places_of(found: Sequence[Critical], frame: Frame) -> Array:
    """Critical points as points of the figure."""
    return frame.place(np.array([c.place for c in found]).reshape(-1, 2))


def inside(x: float, y: float) -> bool:
    """Whether a point of the figure lies in its frame."""
    return BOX[0] <= x <= BOX[0] + BOX[2] and BOX[1] <= y <= BOX[1] + BOX[3]


def axis_names(names: Sequence[str], colours: dict[str, Any]) -> Iterator[str]:
    """What lies across, and what upwards."""
    across, up = (escape(n) for n in names)
    yield text(BOX[0] + BOX[2] / 2, BOX[1] + BOX[3] + 32, across, colours["ink"], "middle")
    middle = BOX[1] + BOX[3] / 2
    turned = text(22, middle, up, colours["ink"], "middle")
    yield f'<g transform="rotate(-90 22 {middle})">{turned}</g>'


def swatch(row: int, colour: str, words: str, colours: dict[str, Any]) -> str:
    """A line of the legend."""
    y = BOX[1] + 12 + 20 * row
    square = f'<rect x="{SIDE}" y="{y - 10:.1f}" width="12" height="12" fill="{colour}"/>'
    return square + text(SIDE + 18, y, escape(words), colours["ink"])


def figure(title: str, colours: dict[str, Any], parts: Sequence[str]) -> str:
    """A whole figure, with its title above and a frame around the map."""
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" font-family="Inter, Helvetica, Arial, sans-serif">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{colours["panel"]}"/>',
        text(BOX[0], 22, escape(title), colours["ink"]), *parts,
        f'<rect {rect(BOX)} fill="none" stroke="{colours["line"]}"/>', "</svg>",
    ]) + "\n"  # fmt: skip
