"""Say what this installation has, what it lacks, and what to do about it."""

from __future__ import annotations

import argparse
import importlib
import importlib.metadata
import importlib.util
import platform
import sys

from gradviz import __version__
from gradviz.bundled import APP, samples
from gradviz.cli.common import EXIT_USAGE
from gradviz.display import has_display

NEEDED = ("numpy", "scipy", "networkx", "msgspec", "contourpy", "platformdirs", "pygments")
WINDOW = ("PySide6-Essentials", "pyqtgraph", "superqt", "ziamath")
OPTIONAL = ("torch", "onnx", "jax")
BAD_QT = "6.12"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command has no arguments."""


def run(given: argparse.Namespace) -> int:
    """Print a line for each thing looked at; exit 2 where something is wrong."""
    lines = [
        ("ok", f"gradviz {__version__}, Python {platform.python_version()}, {platform.platform()}")
    ]
    lines += [library(name, True) for name in NEEDED + WINDOW]
    lines += [library(name, False) for name in OPTIONAL]
    lines += [qt_version(), bundled_samples(), display()]
    for mark, text in lines:
        print(f"{mark:<5} {text}")
    return EXIT_USAGE if any(mark == "wrong" for mark, _ in lines) else 0


def version_of(name: str) -> str | None:
    """An installed package's version."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def library(name: str, needed: bool) -> tuple[str, str]:
    """One library's line."""
    version = version_of(name)
    if version is not None:
        return "ok", f"{name} {version}"
    if needed:
        return "wrong", f"{name} is missing: run `{sys.executable} -m pip install {name}`"
    return "-", f"{name} is not installed (optional)"


def qt_version() -> tuple[str, str]:
    """Whether Qt for Python is one that survives on this Python."""
    version = version_of("PySide6-Essentials")
    if version is None or importlib.util.find_spec(APP) is None:
        return "wrong", "the window cannot open: its libraries are missing"
    if sys.version_info < (3, 12) and version.startswith(BAD_QT):
        return "wrong", f"PySide6 {version} aborts on Python 3.11: install PySide6-Essentials<6.12"
    try:
        importlib.import_module("PySide6.QtWidgets")
    except ImportError as problem:
        return (
            "wrong",
            f"Qt does not load ({problem}): install that library with your system's tools",
        )
    return "ok", "the window's libraries load and fit together"


def bundled_samples() -> tuple[str, str]:
    """Whether the samples came along."""
    try:
        return "ok", f"{len(samples())} samples"
    except FileNotFoundError as problem:
        return "wrong", str(problem)


def display() -> tuple[str, str]:
    """Whether a window could be shown."""
    if has_display():
        return "ok", "there is a display"
    return "-", "there is no display: `gradviz tour -o DIR` writes pictures of the app instead"
