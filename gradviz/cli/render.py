"""Draw a graph as a picture, at any step of its backward pass."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from gradviz.cli.app import app_module
from gradviz.cli.common import InputFault, UsageFault, open_graph, reason

FORMS = (".svg", ".png")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a .gradviz graph or .py formula")
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="OUT", help="an .svg or .png"
    )
    parser.add_argument("--step", type=int, metavar="K", help="after K steps of the backward pass")
    parser.add_argument("--theme", choices=("light", "dark"), default="light")


def run(given: argparse.Namespace) -> int:
    """Draw with the canvas of the app, on no screen."""
    target: Path = given.output
    if target.suffix not in FORMS:
        raise UsageFault(f"-o {target}: the name should end with {' or '.join(FORMS)}")
    if given.step is not None and given.step < 0:
        raise UsageFault(f"--step {given.step}: the number of steps is 0 or more")
    graph = open_graph(given.file)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    pictures = app_module("pictures")
    try:
        pictures.write_picture(graph, target, given.step, given.theme)
    except ValueError as problem:
        raise InputFault(str(problem)) from None
    except OSError as problem:
        raise UsageFault(f"cannot write {target}: {reason(problem)}") from None
    return 0
