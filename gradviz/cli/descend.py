"""Descend a graph's loss with one or more optimizers."""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from gradviz.cli.common import (
    InputFault,
    UsageFault,
    open_graph,
    write_json,
    write_text,
)
from gradviz.cli.descend_maps import add_maps, asked, write_map
from gradviz.cli.descend_options import (
    axes_named,
    batching_named,
    plane_named,
    start_named,
    sweep_named,
)
from gradviz.cli.descend_pictures import animate, check_pictures, draw
from gradviz.cli.descend_planes import plane_json, plane_lines
from gradviz.cli.run import first_fault
from gradviz.descent import (
    Descent,
    DescentError,
    Point,
    Runner,
    RunnerSpec,
    fitting_ranges,
    full_losses,
    parse_runner,
    prepare_descent,
)
from gradviz.descent.number_settings import with_value
from gradviz.descent.settings import checked_batching
from gradviz.descent.setup import take_batches
from gradviz.export import FIGURES
from gradviz.graph import Evaluation
from gradviz.numbers import short


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a .gradviz graph or .py formula")
    parser.add_argument(
        "--runner", action="append", metavar='"SGD lr=0.1"', default=[],
        help="an optimizer and its settings; may be given several times",
    )  # fmt: skip
    parser.add_argument(
        "--steps", type=int, metavar="N", help="how many steps (default: the document's)"
    )
    parser.add_argument(
        "--evaluations", action="store_true",
        help="give every runner N gradients rather than N steps",
    )  # fmt: skip
    parser.add_argument(
        "--axes", metavar="X,Y",
        help="what --plot shows: two parameters or elements of them, or a plane: random:SEED, "
        "pca:RUNNER, hessian, to:POINT (a point saved in the document)",
    )  # fmt: skip
    parser.add_argument(
        "--start", metavar="X=1,Y=2", help="where to start (default: as the document has it)"
    )
    parser.add_argument(
        "--sweep", metavar="lr=0.001:1:20", help="run with each of so many values of a setting"
    )
    parser.add_argument(
        "--batch", metavar="X,Y:16",
        help="let each step see so many rows of the data in these leaves; none: all of it",
    )  # fmt: skip
    add_maps(parser)
    parser.add_argument("--seed", type=int, metavar="N", help="what shuffles the data")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", metavar="PATH", help="write JSON to PATH, - for standard output")
    form.add_argument("--csv", metavar="PATH", help="write a table to PATH, - for standard output")
    form.add_argument("--plot", metavar="PATH", help="draw the race, as .svg, .png or .pdf")
    form.add_argument(
        "--animate", metavar="PATH", help="show the race step by step, as .gif or .mp4"
    )
    parser.add_argument(
        "--figure", choices=list(FIGURES), default="race",
        help="what --plot and --animate show (default: contour, losses and runners)",
    )  # fmt: skip


def run(given: argparse.Namespace) -> int:
    """Run every optimizer, and print, write or draw what they did."""
    if given.steps is not None and given.steps < 0:
        raise UsageFault(f"--steps {given.steps}: the number of steps is 0 or more")
    given_specs = [runner_named(text) for text in given.runner]
    check_pictures(given.plot, given.animate)
    graph = open_graph(given.file)
    try:
        descent = prepare_descent(graph)
    except DescentError as problem:
        fault = first_fault(graph, Evaluation(graph))
        raise InputFault(fault or f"{given.file}: {problem}") from None
    if given.axes is not None:
        descent = replaced(descent, given.axes)
    descent = sampled(descent, given)
    specs = given_specs or list(descent.settings.runners)
    if asked(given):
        write_map(descent, specs[0], start_of(descent, given), given)
        return 0
    if given.sweep is not None:
        specs = swept(specs, given.sweep)
    steps = descent.settings.steps if given.steps is None else given.steps
    runners = raced(descent, specs, steps, given)
    try:
        write(descent, runners, given)
    except DescentError as problem:
        raise InputFault(f"{given.file}: {problem}") from None
    return 0


def write(descent: Descent, runners: list[Runner], given: argparse.Namespace) -> None:
    """Print, write or draw what the runners did."""
    planar = descent.settings.plane is not None
    if given.json:
        found: dict[str, Any] = {"runners": [runner_json(descent, r) for r in runners]}
        if planar:
            found["plane"] = plane_json(descent, runners)
        write_json(found, given.json)
    elif given.csv:
        write_text(table(descent, runners), given.csv)
    elif given.plot:
        draw(descent, runners, given.plot, given.figure)
    elif given.animate:
        animate(descent, runners, given.animate, given.figure)
    else:
        for runner in runners:
            print(summary(descent, runner))
        for line in plane_lines(descent, runners) if planar else ():
            print(line)


def replaced(descent: Descent, text: str) -> Descent:
    """The descent on the axes or the plane asked for, with an extent that fits."""
    plane = plane_named(descent.settings, text)
    if plane is not None:
        return Descent(descent.objective, replace(descent.settings, plane=plane, ranges=None), None)
    axes = axes_named(descent.objective, text)
    if axes == descent.axes and descent.settings.plane is None:
        return descent
    settings = replace(descent.settings, axes=axes, plane=None, ranges=None)
    return replace(descent, settings=settings, ranges=fitting_ranges(descent.objective, axes))


def sampled(descent: Descent, given: argparse.Namespace) -> Descent:
    """The descent with its data taken in batches, where that is asked for."""
    batching = batching_named(descent, given.batch, given.seed)
    try:
        checked = None if batching is None else checked_batching(batching)
    except DescentError as problem:
        raise UsageFault(f"--seed {given.seed}: {problem}") from None
    problem = take_batches(descent.objective, checked)
    if problem:
        raise InputFault(f"{given.file}: {problem}")
    return replace(descent, settings=replace(descent.settings, batch=checked), batch_problem="")


def swept(specs: Sequence[RunnerSpec], text: str) -> list[RunnerSpec]:
    """Each runner with each value that ``--sweep`` asks for."""
    name, values = sweep_named(text)
    try:
        return [with_value(spec, name, value) for spec in specs for value in values]
    except DescentError as problem:
        raise UsageFault(f"--sweep {text}: {problem}") from None


def start_of(descent: Descent, given: argparse.Namespace) -> Point:
    """Where to start: as the document has it, but for what ``--start`` says."""
    objective = descent.objective
    return objective.start() if given.start is None else start_named(objective, given.start)


def raced(
    descent: Descent, specs: Sequence[RunnerSpec], steps: int, given: argparse.Namespace
) -> list[Runner]:
    """Every runner at the end of its way."""
    objective = descent.objective
    evaluations = given.evaluations or descent.settings.budget == "evaluations"
    start = start_of(descent, given)
    runners: list[Runner] = []
    for spec in specs:
        try:
            runner = Runner(objective, spec, start)
            runner.spend(steps) if evaluations else runner.advance(steps)
        except DescentError as problem:
            raise InputFault(f"{spec.title}: {problem}") from None
        runners.append(runner)
    return runners


def runner_named(text: str) -> RunnerSpec:
    """What ``--runner`` asks for."""
    try:
        return parse_runner(text)
    except DescentError as problem:
        raise UsageFault(f'--runner "{text}": {problem}') from None


def names(descent: Descent) -> dict[str, str]:
    """Each parameter's name by id."""
    graph = descent.objective.graph
    return {i: graph.node(i).name for i in descent.objective.parameters}


def runner_json(descent: Descent, runner: Runner) -> dict[str, Any]:
    """A runner's path as JSON; entry 0 is the start."""
    path = runner.trajectory
    found: dict[str, Any] = {"name": runner.spec.title, "loss": path.losses}
    if descent.objective.batches is not None:
        found["full_loss"] = list(full_losses(descent.objective, path))
    for node, name in names(descent).items():
        if name in found:
            raise InputFault(
                f"a parameter called '{name}' would hide the runner's {name} in JSON; rename it"
            )
        found[name] = [point[node].tolist() for point in path.points]
    return found


def table(descent: Descent, runners: list[Runner]) -> str:
    """All paths as CSV: a line a step, a column an element."""
    columns = [
        (node, index, descent.objective.axis_name(axis))
        for axis in descent.objective.axis_choices()
        for node, index in [(axis.node, axis.index)]
    ]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    batches = descent.objective.batches is not None
    kinds = ["loss", "full_loss"] if batches else ["loss"]
    writer.writerow(["runner", "step", *kinds, *(name for _, _, name in columns)])
    for runner in runners:
        path = runner.trajectory
        found = [path.losses, full_losses(descent.objective, path)] if batches else [path.losses]
        for step, (point, *losses) in enumerate(zip(path.points, *found, strict=True)):
            values = [float(point[node][index]) for node, index, _ in columns]
            writer.writerow([runner.spec.title, step, *map(repr, (*losses, *values))])
    return out.getvalue()


def summary(descent: Descent, runner: Runner) -> str:
    """One line on where a runner got."""
    path = runner.trajectory
    named = names(descent)
    small = [f"{named[i]} {short(a.item())}" for i, a in path.points[-1].items() if np.size(a) == 1]
    end = (
        f"diverged at step {path.diverged}"
        if path.diverged is not None
        else f"{len(path) - 1} step{'' if len(path) == 2 else 's'}"
    )
    losses = full_losses(descent.objective, path)
    return f"{runner.spec.title}: {end}, loss {short(losses[0])} → {short(losses[-1])}" + (
        f", {', '.join(small)}" if small else ""
    )
