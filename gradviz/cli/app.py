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
    """Open the app, with the files that are named; ``commands`` are what else could be meant.

    As long as one of several can be opened the window says what is wrong with the others.
    """
    option = next((name for name in arguments if name.startswith("-")), None)
    if option is not None:
        raise UsageFault(f"the app takes files, and no option {option}; see `gradviz --help`")
    if arguments and (is_word(arguments[0]) or not any(map(is_document, arguments))):
        check_file(arguments[0], commands)
    if not has_display():
        raise UsageFault(NO_DISPLAY)
    return app_module("app").main(list(arguments))


def is_word(name: str) -> bool:
    """Whether it is meant as a command, rather than as a file."""
    return not Path(name).suffix and not Path(name).exists()


def is_document(name: str) -> bool:
    """Whether it names something that is there and no program."""
    return Path(name).exists() and Path(name).suffix != ".py"


def check_file(name: str, commands: Sequence[str]) -> None:
    """Refuse what is no file: a file that is missing, or a command that does not exist."""
    if Path(name).suffix == ".py" and Path(name).is_file():
        made = Path(name).with_suffix(".gradviz").name
        raise UsageFault(f"the app opens documents: `gradviz convert {name} -o {made}` makes one")
    if not is_word(name):
        if Path(name).exists():
            return
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
