"""Reads the command line, runs the command, and turns faults into one line and an exit code."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import NoReturn

from gradviz import __version__
from gradviz.cli import app, convert, descend, doctor, render, run, samples, steps, tour
from gradviz.cli.common import (
    EXIT_INPUT,
    EXIT_INTERRUPTED,
    EXIT_USAGE,
    InputFault,
    UsageFault,
    reason,
)

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


class Parser(argparse.ArgumentParser):
    """Complains in one line, as everything else here does."""

    def error(self, message: str) -> NoReturn:
        """Wrong usage, and where the right one is told."""
        raise UsageFault(f"{message}; see `{self.prog} --help`")


def parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    top = Parser(
        prog="gradviz",
        usage="gradviz [FILE …]\n       gradviz COMMAND …",
        description="Build an expression as a graph, see its values, walk back through its "
        "gradients, and watch optimizers use them.",
        epilog="Without a command the app opens, with a tab for each FILE that is named. Every "
        "command works without a display and has --help of its own. Exit status: 0 done, 1 the "
        "input is at fault, 2 wrong usage or something is missing.",
    )
    top.add_argument("--version", action="version", version=f"gradviz {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", prog="gradviz")
    for name, module in COMMANDS.items():
        summary = (module.__doc__ or "").strip().splitlines()[0]
        short = summary[0].lower() + summary[1:].removesuffix(".")
        command = commands.add_parser(name, help=short, description=summary)
        module.add_arguments(command)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code: 0 done, 1 the input's fault, 2 usage or environment."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        return said(arguments)
    except InputFault as problem:
        return complain(problem, EXIT_INPUT)
    except UsageFault as problem:
        return complain(problem, EXIT_USAGE)
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        abandon_output()
        return 0
    except OSError as problem:
        if problem.filename is not None:
            raise
        abandon_output()
        fault = UsageFault(f"cannot write to standard output: {reason(problem)}")
        return complain(fault, EXIT_USAGE)


def said(arguments: Sequence[str]) -> int:
    """Do what the arguments say, up to the last byte of output."""
    if opens_app(arguments):
        return app.open_app(arguments, tuple(COMMANDS))
    reader = parser()
    given = reader.parse_args(arguments)
    if given.command is None:
        reader.error("a command is missing")
    code: int = COMMANDS[given.command].run(given)
    sys.stdout.flush()
    return code


def abandon_output() -> None:
    """Send what is left in the buffer nowhere, or Python complains of it when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def opens_app(arguments: Sequence[str]) -> bool:
    """Whether there is no command: nothing at all, or a file to open."""
    return not arguments or (arguments[0] not in COMMANDS and not arguments[0].startswith("-"))


def complain(problem: Exception, code: int) -> int:
    """Say what is wrong in one line on standard error."""
    print(f"gradviz: {' '.join(str(problem).split())}", file=sys.stderr)
    return code
