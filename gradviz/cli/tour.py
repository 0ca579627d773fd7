"""Write pictures of the three workspaces on a sample, in both themes."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from gradviz.cli.app import app_module
from gradviz.cli.common import UsageFault, reason


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="DIR", help="the folder"
    )


def run(given: argparse.Namespace) -> int:
    """Open the real window on no screen, and take pictures of it."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        given.output.mkdir(parents=True, exist_ok=True)
        tour = app_module("tour")
        written = tour.take_tour(given.output)
    except OSError as problem:
        raise UsageFault(f"cannot write to {given.output}: {reason(problem)}") from None
    for path in written:
        print(path)
    return 0
