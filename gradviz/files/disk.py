"""Reading and writing files so that no crash, full disk or lost power leaves half of one.

The text is written beside the file, brought to the disk, and put in the file's place in one
step; until then the old file is untouched.
"""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from gradviz.files.errors import FileError
from gradviz.files.reading import MAX_BYTES, loads
from gradviz.files.schema import EXTENSION
from gradviz.files.writing import dumps
from gradviz.graph.document import Graph

PathLike = str | os.PathLike[str]


def load(path: PathLike) -> Graph:
    """The graph in a file; :class:`FileError` says in one line why there is none."""
    place = Path(path)
    if place.suffix == ".py":
        made = f"`gradviz convert {place.name} -o {place.stem}{EXTENSION}`"
        raise FileError(f"{place.name}: this is a program; {made} makes a document of it")
    return loads(read_bytes(place), place.name)


def save(graph: Graph, path: PathLike) -> None:
    """Write the graph to a file, whole or not at all; an existing file keeps its permissions."""
    write_text(dumps(graph), path)


def read_bytes(path: Path) -> bytes:
    """A file's bytes, if it is a file and not absurdly large."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise FileError(f"{path.name}: this is no file but a folder or a device")
        if found.st_size > MAX_BYTES:
            raise FileError(f"{path.name}: a file has at most {MAX_BYTES:,} bytes")
        return path.read_bytes()
    except (OSError, ValueError) as wrong:
        if isinstance(wrong, FileError):
            raise
        raise FileError(f"{path.name}: it cannot be read: {reason(wrong)}") from None


def write_text(text: str, path: PathLike) -> None:
    """Put ``text`` in a file's place: write beside, sync, rename, sync the folder."""
    # A link stays a link: what it points to is replaced.
    place = Path(os.path.realpath(path))
    try:
        replace_file(text.encode("utf-8"), place)
    except (OSError, ValueError) as wrong:
        raise FileError(f"{place.name}: it cannot be saved: {reason(wrong)}") from None


def reason(wrong: OSError | ValueError) -> str:
    """What the system says, without its numbers and paths."""
    said = wrong.strerror if isinstance(wrong, OSError) and wrong.strerror else str(wrong)
    return " ".join(said.split())


def replace_file(data: bytes, place: Path) -> None:
    """The steps of :func:`write_text`; on any error the new file is removed again."""
    handle, beside = tempfile.mkstemp(
        prefix=f".{place.name[:100]}.", suffix=".tmp", dir=place.parent
    )
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).chmod(permissions(place))
        os.replace(beside, place)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(beside)
        raise
    sync_folder(place.parent)


def permissions(place: Path) -> int:
    """Those of the file that is to be replaced, or what a new file gets here."""
    try:
        return stat.S_IMODE(place.stat().st_mode)
    except FileNotFoundError:
        # Reading the mask means setting it; there is no other way.
        mask = os.umask(0o077)
        os.umask(mask)
        return 0o666 & ~mask


def sync_folder(folder: Path) -> None:
    """Have the disk keep the new name too; systems without that for folders need nothing."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
