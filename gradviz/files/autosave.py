"""A recovery copy of a document that is being worked on, for when the program or computer dies.

It lies in a folder of its own (the app passes the user's data folder), under a name made from
the document's path, and goes when the document is saved or closed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from gradviz.files.disk import read_bytes, write_text
from gradviz.files.errors import FileError
from gradviz.files.reading import loads
from gradviz.files.schema import EXTENSION
from gradviz.files.writing import parts
from gradviz.graph.document import Graph
from gradviz.graph.guards import is_mapping


@dataclass(frozen=True, slots=True)
class Recovery:
    """A copy that was left behind: of which document (None: one never saved), and where.

    ``changed`` is when it was written, in seconds since the epoch.
    """

    document: Path | None
    copy: Path
    changed: float


Pace = Callable[[Iterable[str]], Iterable[str]]
"""Goes through the pieces of a text, perhaps slowly, or raises to give up."""


def write(
    graph: Graph, folder: Path, key: str, document: Path | None = None, pace: Pace = iter
) -> Path:
    """Write the recovery copy of a document; ``key`` tells unsaved documents apart.

    ``pace`` is given what is written before anything is, piece by piece.
    """
    text = "".join(pace(parts(graph)))
    place = copy_path(folder, key, document)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as wrong:
        raise FileError(f"{folder.name}: no recovery copy can be kept: {wrong.strerror}") from None
    origin = None if document is None else str(document.absolute())
    write_text(json.dumps({"document": origin}), place.with_suffix(".origin"))
    write_text(text, place)
    return place


def copy_path(folder: Path, key: str, document: Path | None) -> Path:
    """Where the recovery copy of a document lies."""
    identity = f"untitled:{key}" if document is None else f"file:{document.absolute()}"
    digest = hashlib.sha256(identity.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    stem = "untitled" if document is None else document.stem[:60]
    return folder / f"{stem}-{digest}{EXTENSION}"


def find(folder: Path) -> tuple[Recovery, ...]:
    """The copies that were left behind, the latest first."""
    found = [recovery_of(copy) for copy in sorted(folder.glob(f"*{EXTENSION}"))]
    return tuple(sorted(found, key=lambda r: r.changed, reverse=True))


def recovery_of(copy: Path) -> Recovery:
    """What is known of one copy, which may be good though the note of its origin is not."""
    document = None
    with suppress(FileError, ValueError):
        origin = json.loads(read_bytes(copy.with_suffix(".origin")))
        named = origin.get("document") if is_mapping(origin) else None
        document = Path(named) if isinstance(named, str) else None
    return Recovery(document, copy, copy.stat().st_mtime)


def recover(recovery: Recovery) -> Graph:
    """The graph in a copy; :class:`FileError` where it cannot be read."""
    name = "the recovery copy" if recovery.document is None else recovery.document.name
    return loads(read_bytes(recovery.copy), f"{name} (recovered)")


def remove(copy: Path) -> None:
    """Remove a copy and the note of its origin; nothing happens where there is none."""
    for path in (copy, copy.with_suffix(".origin")):
        path.unlink(missing_ok=True)
