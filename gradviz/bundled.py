"""Where the files that come with the program are, in a checkout and in an installation alike."""

from __future__ import annotations

import importlib.util
from pathlib import Path

APP = "gradviz_ui"


def roots() -> list[Path]:
    """The folders that may hold ``samples`` and ``resources``."""
    found = [Path(__file__).resolve().parents[1]]
    spec = importlib.util.find_spec(APP)
    if spec is not None and spec.origin is not None:
        found.insert(0, Path(spec.origin).parent)
    return found


def bundled(folder: str) -> Path:
    """A folder that comes with the program; FileNotFoundError where it is missing."""
    for root in roots():
        if (root / folder).is_dir():
            return root / folder
    raise FileNotFoundError(f"{folder} is not part of this installation of GradViz")


def samples() -> list[Path]:
    """The sample documents, by name."""
    return sorted(bundled("samples").glob("*.gradviz"))
