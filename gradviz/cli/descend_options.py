"""What `gradviz descend` is told about axes, the start and a sweep, read from words."""

from __future__ import annotations

import re
from dataclasses import replace
from math import isfinite

import numpy as np

from gradviz.cli.common import UsageFault
from gradviz.descent import (
    Axis,
    Batching,
    Descent,
    DescentSettings,
    Objective,
    PlaneSpec,
    data_leaves,
)
from gradviz.ops.spec import Array

MOST_VALUES = 1000


def axes_named(objective: Objective, text: str) -> tuple[Axis, Axis]:
    """The two axes that ``--axes`` asks for, such as ``x,y`` or ``W1[0,0],W1[1,1]``."""
    known = {objective.axis_name(a).replace(" ", ""): a for a in objective.axis_choices()}
    names = re.findall(r"[^,\[]+(?:\[[^\]]*\])?", text.replace(" ", ""))
    unknown = [n for n in names if n not in known]
    if unknown or len(names) != 2 or names[0] == names[1]:
        some = ", ".join(list(known)[:8]) + (", …" if len(known) > 8 else "")
        what = f"there is no '{unknown[0]}'" if unknown else "two different names are needed"
        raise UsageFault(f"--axes {text}: {what}; there are {some}")
    return known[names[0]], known[names[1]]


PLANE_WORDS = {"random": "random", "pca": "pca", "hessian": "hessian", "to": "between"}
"""How the kinds of planes are asked for."""


def plane_named(settings: DescentSettings, text: str) -> PlaneSpec | None:
    """The plane that ``--axes`` asks for, such as ``random:3``; None where it names axes.

    ``random:SEED``, ``pca:RUNNER`` (counted from 1), ``hessian:POINT`` and ``to:POINT``, a point
    being one saved in the document; all but the last mean something by themselves too.
    """
    word, colon, rest = text.strip().partition(":")
    if word not in PLANE_WORDS or (not colon and word == "to"):
        return None
    kind, rest, where = PLANE_WORDS[word], rest.strip(), f"--axes {text}"
    if kind in ("random", "pca"):
        least = 0 if kind == "random" else 1
        if colon and not (rest.isdecimal() and int(rest) >= least):
            what = "a seed, as random:3" if kind == "random" else "a runner's number, as pca:1"
            raise UsageFault(f"{where}: after the colon comes {what}")
        number = int(rest) if rest else least
        return (
            PlaneSpec(kind, seed=number) if kind == "random" else PlaneSpec(kind, runner=number - 1)
        )
    names = [p.name for p in settings.points]
    if colon and rest not in names:
        there = f"there are {', '.join(names)}" if names else "the document has none"
        raise UsageFault(f"{where}: no point is saved as '{rest}'; {there}")
    return PlaneSpec(kind, to=rest) if kind == "between" else PlaneSpec(kind, around=rest)


def start_named(objective: Objective, text: str) -> dict[str, Array]:
    """The document's start with the numbers that ``--start`` gives, such as ``x=1,y=-2``."""
    known = {objective.axis_name(a).replace(" ", ""): a for a in objective.axis_choices()}
    point = objective.start()
    for part in re.findall(r"[^,=\[]+(?:\[[^\]]*\])?(?:=[^,]*)?", text.replace(" ", "")):
        name, _, number = part.partition("=")
        if name not in known:
            some = ", ".join(list(known)[:8]) + (", …" if len(known) > 8 else "")
            raise UsageFault(f"--start {text}: there is no '{name}'; there are {some}")
        point[known[name].node][known[name].index] = number_in(number, f"--start {text}", name)
    return point


def sweep_named(text: str, option: str = "--sweep") -> tuple[str, tuple[float, ...]]:
    """The setting and values that an option asks for: ``lr=0.001:1:20`` or ``lr=0.1,0.2``.

    From the first to the second number in so many values, which are spread evenly in their
    logarithm where both ends are above 0.
    """
    name, _, values = text.replace(" ", "").partition("=")
    where = f"{option} {text}"
    parts = values.split(":")
    if len(parts) == 1 and values:
        return name, tuple(number_in(v, where, name) for v in values.split(","))
    if len(parts) != 3 or not parts[2].isdigit() or not 2 <= int(parts[2]) <= MOST_VALUES:
        raise UsageFault(
            f"{where}: give a setting and values, as lr=0.1,0.2,0.5, or from which to which in "
            f"how many (2 to {MOST_VALUES}), as lr=0.001:1:20"
        )
    low, high = (number_in(v, where, name) for v in parts[:2])
    spaced = np.geomspace if low > 0 and high > 0 else np.linspace
    return name, tuple(float(v) for v in spaced(low, high, int(parts[2])))


def batching_named(descent: Descent, batch: str | None, seed: int | None) -> Batching | None:
    """How steps sample the data, as ``--batch`` and ``--seed`` ask for, or the document.

    ``--batch`` is ``x,y:16``, ``16`` for whatever leaves hold the data, or ``none``.
    """
    kept = descent.settings.batch
    if batch is not None:
        kept = None if batch == "none" else batching_in(descent.objective, batch)
    if seed is None:
        return kept
    if kept is None:
        raise UsageFault(f"--seed {seed}: nothing is drawn by chance here; give --batch too")
    return replace(kept, seed=seed)


def batching_in(objective: Objective, text: str) -> Batching:
    """The leaves and the size in ``x,y:16`` or ``16``."""
    names, _, size = text.replace(" ", "").rpartition(":")
    graph, known = objective.graph, data_leaves(objective)
    if not size.isdigit() or int(size) < 1:
        raise UsageFault(
            f"--batch {text}: give the leaves that hold data and how many rows a step sees, "
            "as x,y:16"
        )
    leaves = {n: graph.named(n) for n in names.split(",") if n}
    unknown = [n for n, node in leaves.items() if node is None]
    if unknown or not (leaves or known):
        told = ", ".join(graph.node(i).name for i in known) or "no leaves that hold data"
        what = f"there is no '{unknown[0]}'; " if unknown else ""
        raise UsageFault(f"--batch {text}: {what}there are {told}")
    given = tuple(node.id for node in leaves.values() if node is not None)
    return Batching(given or known, int(size))


def number_in(text: str, where: str, name: str) -> float:
    """A finite number."""
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not isfinite(number):
        raise UsageFault(f"{where}: {name} must be a number, not '{text}'")
    return number
