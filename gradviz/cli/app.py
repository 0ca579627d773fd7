"""Opens the app, which is loaded only now, or says why it cannot be."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from gradviz.bundled import APP
from gradviz.cli.common import InputFault, UsageFault
from gradviz.display import has_display

NO_DISPLAY = (
    "there is no display to open a window on; `gradviz tour -o DIR` writes pictures of the app "
    "instead, and `gradviz --help` lists what works without one"
)


def open_app(arguments: Sequence[str], commands: Sequence[str] = ()) -> int:
    """Open the app, with a file where one is named; ``commands`` are what else could be meant."""
    if arguments:
        check_file(arguments[0], commands)
    if len(arguments) > 1:
        raise UsageFault(f"the app opens one file, not {len(arguments)}: {' '.join(arguments)}")
    if not has_display():
        raise UsageFault(NO_DISPLAY)
    return app_module("app").main(list(arguments))


def check_file(name: str, commands: Sequence[str]) -> None:
    """Refuse what is no file: a file that is missing, or a command that does not exist."""
    if Path(name).suffix == ".py" and Path(name).is_file():
        made = Path(name).with_suffix(".gradviz").name
        raise UsageFault(f"the app opens documents: `gradviz convert {name} -o {made}` makes one")
    if Path(name).exists():
        return
    if Path(name).suffix:
        raise InputFault(f"{name}: there is no such file")
    near = get_close_matches(name, commands, n=1)
    hint = f"did you mean `gradviz {near[0]}`?" if near else "`gradviz --help` lists the commands"
    raise UsageFault(f"there is no command or file '{name}'; {hint}")


def app_module(name: str) -> Any:
    """A module of the app; UsageFault where its libraries are missing."""
    try:
        return importlib.import_module(f"{APP}.{name}")
    except ImportError as problem:
        raise missing_library(problem) from None


def missing_library(problem: ImportError) -> UsageFault:
    """What to say where the app cannot be loaded."""
    return UsageFault(
        f"the window needs a library that is missing ({problem}); `gradviz doctor` says which"
    )
