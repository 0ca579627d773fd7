"""Draw a graph as a picture, at any step of its backward pass or as an animation of all."""

from __future__ import annotations

import argparse
from pathlib import Path

from gradviz.cli.app import missing_library
from gradviz.cli.common import InputFault, UsageFault, open_graph, reason
from gradviz.export import EXPORTERS, ExportError, Look, export

FORMS = ", ".join(EXPORTERS)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a .gradviz graph or .py formula")
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="OUT",
        help=f"the picture: {FORMS}; with {{step}} in its name, one for every step",
    )  # fmt: skip
    parser.add_argument("--step", type=int, metavar="K", help="after K steps of the backward pass")
    parser.add_argument(
        "--sentence", action=argparse.BooleanOptionalAction, default=None,
        help="explain the step in words below (for every step: yes; for one: no)",
    )  # fmt: skip
    parser.add_argument(
        "--seconds", type=float, default=1.2, metavar="S", help="how long a step of an animation is"
    )
    parser.add_argument("--theme", choices=("light", "dark"), default="light")


def run(given: argparse.Namespace) -> int:
    """Draw in the form that the output's name asks for."""
    target: Path = given.output
    if target.suffix.lower() not in EXPORTERS:
        raise UsageFault(f"-o {target}: the name should end with one of {FORMS}")
    if given.step is not None and given.step < 0:
        raise UsageFault(f"--step {given.step}: the number of steps is 0 or more")
    graph = open_graph(given.file)
    sentence = given.step is None if given.sentence is None else given.sentence
    try:
        export(graph, target, Look(given.step, given.theme, sentence, given.seconds))
    except (ExportError, ValueError) as problem:
        raise InputFault(str(problem)) from None
    except ImportError as problem:
        raise missing_library(problem) from None
    except OSError as problem:
        raise UsageFault(f"cannot write {target}: {reason(problem)}") from None
    return 0
