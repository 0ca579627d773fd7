"""Reads the command line, runs the command, and turns faults into one line and an exit code."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from types import ModuleType

from gradviz import __version__
from gradviz.cli import app, convert, descend, doctor, render, run, samples, steps, tour
from gradviz.cli.common import EXIT_INPUT, EXIT_USAGE, InputFault, UsageFault

COMMANDS: dict[str, ModuleType] = {
    "run": run,
    "steps": steps,
    "descend": descend,
    "render": render,
    "convert": convert,
    "tour": tour,
    "samples": samples,
    "doctor": doctor,
}


def parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    top = argparse.ArgumentParser(
        prog="gradviz",
        description="Build an expression as a graph, see its values, walk back through its "
        "gradients, and watch optimizers use them.",
        epilog="gradviz [FILE] opens the app; every command works without a display.",
    )
    top.add_argument("--version", action="version", version=f"gradviz {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND")
    for name, module in COMMANDS.items():
        summary = (module.__doc__ or "").strip().splitlines()[0]
        command = commands.add_parser(name, help=summary, description=summary)
        module.add_arguments(command)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code: 0 done, 1 the input's fault, 2 usage or environment."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        if opens_app(arguments):
            return app.open_app(arguments)
        given = parser().parse_args(arguments)
        return COMMANDS[given.command].run(given)
    except InputFault as problem:
        return complain(problem, EXIT_INPUT)
    except UsageFault as problem:
        return complain(problem, EXIT_USAGE)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def opens_app(arguments: Sequence[str]) -> bool:
    """Whether there is no command: nothing at all, or a file to open."""
    return not arguments or (arguments[0] not in COMMANDS and not arguments[0].startswith("-"))


def complain(problem: Exception, code: int) -> int:
    """Say what is wrong in one line on standard error."""
    print(f"gradviz: {' '.join(str(problem).split())}", file=sys.stderr)
    return code
