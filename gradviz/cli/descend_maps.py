"""What `gradviz descend` says of many runners: a map of two settings, basins, critical points."""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from gradviz.cli.common import InputFault, UsageFault, write_json, write_text
from gradviz.cli.descend_options import sweep_named
from gradviz.cli.descend_pictures import PICTURES, written
from gradviz.descent import Descent, DescentError, RunnerSpec
from gradviz.descent.basins import DIVERGED, UNDER_WAY, Basins, basins
from gradviz.descent.critical import Critical, critical_points
from gradviz.descent.landscape import Range
from gradviz.descent.objective import Point
from gradviz.descent.phase import OUTCOMES, PhaseMap, phase_map
from gradviz.export.formats import app_figures
from gradviz.export.map_figures import basins_svg, critical_svg, phase_svg
from gradviz.numbers import short


def add_maps(parser: argparse.ArgumentParser) -> None:
    """The options that ask for a map in place of the race."""
    maps = parser.add_mutually_exclusive_group()
    maps.add_argument(
        "--phase", metavar="'lr=0.001:1:20 momentum=0:0.9:10'",
        help="how the first runner ends with each pair of two settings",
    )  # fmt: skip
    maps.add_argument(
        "--basins", action="store_true",
        help="from where on the axes the first runner reaches which minimum",
    )  # fmt: skip
    maps.add_argument(
        "--critical",
        action="store_true",
        help="where the slope on the axes is zero, and of which kind",
    )


def asked(given: argparse.Namespace) -> bool:
    """Whether a map is asked for."""
    return given.phase is not None or given.basins or given.critical


def write_map(descent: Descent, spec: RunnerSpec, start: Point, given: argparse.Namespace) -> None:
    """Work out the map that is asked for, and print, write or draw it."""
    if given.animate or given.sweep:
        option = "--animate" if given.animate else "--sweep"
        raise UsageFault(f"{option} shows a race; leave it out with --phase, --basins, --critical")
    try:
        if given.phase is not None:
            mapped(descent, spec, start, given)
        elif given.basins:
            flooded(descent, spec, given)
        else:
            levelled(descent, given)
    except DescentError as problem:
        raise InputFault(str(problem)) from None


def mapped(descent: Descent, spec: RunnerSpec, start: Point, given: argparse.Namespace) -> None:
    """How the runner ends with each pair of settings."""
    parts = given.phase.split()
    if len(parts) != 2:
        raise UsageFault(
            f"--phase '{given.phase}': give two settings, as 'lr=0.001:1:20 momentum=0:0.9:10'"
        )
    (across, columns), (up, rows) = (sweep_named(p, "--phase") for p in parts)
    steps = descent.settings.steps if given.steps is None else given.steps
    found = phase_map(descent.objective, spec, (across, up), (columns, rows), steps, start)
    assert found is not None  # nothing calls it off
    words = [[OUTCOMES[int(k)] for k in row] for row in found.outcomes]
    plain = {
        "runner": spec.title, "steps": steps,
        "across": {"setting": across, "values": list(found.across)},
        "up": {"setting": up, "values": list(found.up)},
        "outcomes": words, "final": found.final.tolist(),
    }  # fmt: skip
    lines = [
        (found.across[c], found.up[r], words[r][c], float(found.final[r, c]))
        for r in range(len(rows)) for c in range(len(columns))
    ]  # fmt: skip
    told(given, plain, ((across, up, "outcome", "final"), lines), phase_svg(found, spec.title),
         phase_lines(found, spec))  # fmt: skip


def phase_lines(found: PhaseMap, spec: RunnerSpec) -> list[str]:
    """The map in a few words."""
    total = found.outcomes.size
    shares = [f"{word} {100 * (found.outcomes == k).sum() / total:.0f} %"
              for k, word in enumerate(OUTCOMES)]  # fmt: skip
    return [f"{spec.title}, {total} pairs of {' and '.join(found.names)}: {', '.join(shares)}"]


def plane(descent: Descent) -> tuple[Range, Range]:
    """The extent along two axes; InputFault where there are none."""
    if descent.settings.plane is not None or len(descent.axes) != 2 or descent.ranges is None:
        raise InputFault("a map of starts needs two parameters as axes; choose them with --axes")
    return descent.ranges


def flooded(descent: Descent, spec: RunnerSpec, given: argparse.Namespace) -> None:
    """From where which minimum is reached."""
    kept = descent.settings.basin_steps
    ranges, steps = plane(descent), kept if given.steps is None else given.steps
    found = basins(descent.objective, spec, descent.axes, ranges, steps)
    assert found is not None  # nothing calls it off
    minima = [{"place": list(e.place), "loss": e.loss, "starts": e.starts} for e in found.ends]
    plain = {
        "runner": spec.title, "steps": steps, "axes": names(descent), "minima": minima,
        "xs": found.xs.tolist(), "ys": found.ys.tolist(), "reached": found.reached.tolist(),
        "under_way": UNDER_WAY, "diverged": DIVERGED,
    }  # fmt: skip
    lines = [
        (float(x), float(y), int(found.reached[r, c]), float(found.losses[r, c]))
        for r, y in enumerate(found.ys) for c, x in enumerate(found.xs)
    ]  # fmt: skip
    told(given, plain, ((*names(descent), "minimum", "final"), lines),
         basins_svg(found, names(descent), spec.title), basin_lines(found, spec))  # fmt: skip


def basin_lines(found: Basins, spec: RunnerSpec) -> list[str]:
    """The basins in a few words, a line each."""
    lines = [f"{spec.title}, from {found.reached.size} starts:"]
    lines += [
        f"  minimum {k + 1} at {placed(e.place)}, loss {short(e.loss)}: {percent(found.share(k))}"
        for k, e in enumerate(found.ends)
    ]
    rest = (("on the way or stuck", UNDER_WAY), ("diverged", DIVERGED))
    return lines + [f"  {words}: {percent(found.share(k))}" for words, k in rest if found.share(k)]


def levelled(descent: Descent, given: argparse.Namespace) -> None:
    """The critical points."""
    ranges = plane(descent)
    found = critical_points(descent.objective, descent.axes, ranges)
    assert found is not None  # nothing calls it off
    plain = {
        "axes": names(descent),
        "critical": [
            {"kind": c.kind, "place": list(c.place), "loss": c.loss,
             "eigenvalues": list(c.eigenvalues)} for c in found
        ],
    }  # fmt: skip
    lines = [(c.kind, *c.place, c.loss, *c.eigenvalues) for c in found]
    head = ("kind", *names(descent), "loss", "smaller eigenvalue", "larger eigenvalue")
    told(given, plain, (head, lines), critical_svg(descent, found, names(descent)),
         [critical_line(c) for c in found])  # fmt: skip


def critical_line(point: Critical) -> str:
    """A critical point in a line."""
    curved = ", ".join(short(v) for v in point.eigenvalues)
    return f"{point.kind} at {placed(point.place)}, loss {short(point.loss)}, eigenvalues {curved}"


Table = tuple[Sequence[str], Sequence[Sequence[Any]]]
"""The names of columns, and the lines."""


def told(
    given: argparse.Namespace, plain: Mapping[str, Any], table: Table, figure: str,
    lines: Sequence[str],
) -> None:  # fmt: skip
    """Write a map in the form that is asked for."""
    if given.json:
        write_json(plain, given.json)
    elif given.csv:
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(table[0])
        writer.writerows(table[1])
        write_text(out.getvalue(), given.csv)
    elif not given.plot:
        print("\n".join(lines))
    elif Path(given.plot).suffix.lower() == PICTURES[0]:
        write_text(figure, given.plot)
    else:
        target = Path(given.plot)
        written("--plot", given.plot, lambda: app_figures().write_figure(figure, target))


def names(descent: Descent) -> list[str]:
    """What the axes are called."""
    return [descent.objective.axis_name(a) for a in descent.axes]


def placed(place: Sequence[float]) -> str:
    """A place in brackets."""
    return f"({', '.join(short(v) for v in place)})"


def percent(share: float) -> str:
    """A share in percent."""
    return f"{100 * share:.1f} %"
