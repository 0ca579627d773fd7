"""Opens the app, which is loaded only now, or says why it cannot be."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from gradviz.bundled import APP
from gradviz.cli.common import InputFault, UsageFault

NO_DISPLAY = (
    "there is no display to open a window on; `gradviz tour -o DIR` writes pictures of the app "
    "instead, and `gradviz --help` lists what works without one"
)


def has_display() -> bool:
    """Whether a window could be shown."""
    if sys.platform != "linux" or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def open_app(arguments: Sequence[str]) -> int:
    """Open the app, with a file where one is named."""
    if len(arguments) > 1:
        raise UsageFault(f"one file at a time, please: {' '.join(arguments)}")
    if arguments and not Path(arguments[0]).exists():
        raise InputFault(
            f"there is no file or command '{arguments[0]}'; `gradviz --help` lists the commands"
        )
    if not has_display():
        raise UsageFault(NO_DISPLAY)
    return app_module("app").main(list(arguments))


def app_module(name: str):
    """A module of the app; UsageFault where its libraries are missing."""
    try:
        return importlib.import_module(f"{APP}.{name}")
    except ImportError as problem:
        raise UsageFault(
            f"the window needs a library that is missing ({problem}); `gradviz doctor` says which"
        ) from None
