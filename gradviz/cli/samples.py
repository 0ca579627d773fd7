"""List the sample documents, or copy them to a folder."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from gradviz.bundled import samples
from gradviz.cli.common import UsageFault, open_graph, reason


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("--copy", type=Path, metavar="DIR", help="copy them to DIR")


def run(given: argparse.Namespace) -> int:
    """List or copy."""
    try:
        found = samples()
    except FileNotFoundError as problem:
        raise UsageFault(f"{problem}; install it again") from None
    if given.copy is None:
        width = max(len(path.stem) for path in found)
        for path in found:
            print(f"{path.stem.ljust(width)}  {open_graph(path).settings.title}")
        return 0
    try:
        given.copy.mkdir(parents=True, exist_ok=True)
        keep_changed(found, given.copy)
        for path in found:
            shutil.copyfile(path, given.copy / path.name)
    except OSError as problem:
        raise UsageFault(f"cannot copy to {given.copy}: {reason(problem)}") from None
    print(f"copied {len(found)} samples to {given.copy}")
    return 0


def keep_changed(found: list[Path], folder: Path) -> None:
    """Refuse to write over files that have been changed since they were copied."""
    for path in found:
        there = folder / path.name
        if there.exists() and there.read_bytes() != path.read_bytes():
            raise UsageFault(f"{there} is there already and differs, so nothing was copied")
