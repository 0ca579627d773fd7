"""The person's own library: groups kept as files, to be put into any document again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from platformdirs import user_data_path
from PySide6.QtCore import QObject, Signal

from gradviz.files import FileError, load, save
from gradviz.graph import Graph, pieces
from gradviz.graph.belonging import boxes_of
from gradviz.graph.group_ports import set_ports, shown_ports
from gradviz.graph.groups import members_of

ENDING: Final = ".gradviz"
MOST_READ: Final = 2_000_000
"""Bytes of a file that is read to say what is in it before anybody asks for it."""
RESERVED: Final = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


def library_folder() -> Path:
    """Where groups are kept, for all documents."""
    return user_data_path("gradviz", False) / "groups"


@dataclass(frozen=True, slots=True)
class KeptGroup:
    """A file of the library: ``said`` tells what is in it, ``problem`` why it cannot be read."""

    name: str
    path: Path
    said: str = ""
    problem: str = ""


class GroupLibrary(QObject):
    """Reads and writes the folder; nothing is made there before something is kept."""

    changed = Signal()
    """Something was kept, renamed or deleted."""
    kept = Signal(str)
    """A group was kept under that name."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folder = library_folder()
        self._known: dict[Path, tuple[int, KeptGroup]] = {}

    def groups(self) -> list[KeptGroup]:
        """All that is kept, by name."""
        try:
            paths = sorted(self.folder.glob(f"*{ENDING}"), key=lambda p: p.stem.casefold())
        except OSError:
            return []
        return [self._described(path) for path in paths if path.is_file()]

    def _described(self, path: Path) -> KeptGroup:
        try:
            facts = path.stat()
        except OSError as wrong:
            return KeptGroup(path.stem, path, problem=f"It cannot be read: {wrong.strerror}")
        known = self._known.get(path)
        if known is None or known[0] != facts.st_mtime_ns:
            known = facts.st_mtime_ns, described(path, facts.st_size)
            self._known[path] = known
        return known[1]

    def read(self, name: str) -> Graph:
        """What is kept under a name; `FileError` where it cannot be read or holds no group."""
        path = self.folder / f"{name}{ENDING}"
        graph = load(path)
        if not graph.nodes:
            raise FileError(f"{path.name}: there is nothing in it")
        return graph

    def keep(self, graph: Graph, group_id: str) -> str:
        """Keep a group under its name, or with a number where that is taken; the name.

        OSError where the folder cannot be written to.
        """
        piece = standing_alone(graph, group_id)
        wish = file_name(graph.groups[group_id].name)
        taken = {kept.name.casefold() for kept in self.groups()}
        numbered = (f"{wish} {n}" for n in range(2, len(taken) + 3))
        name = next(n for n in (wish, *numbered) if n.casefold() not in taken)
        self.folder.mkdir(parents=True, exist_ok=True)
        save(piece, self.folder / f"{name}{ENDING}")
        self.changed.emit()
        self.kept.emit(name)
        return name

    def rename(self, name: str, wish: str) -> str:
        """Keep it under another name; the reason where that cannot be, else empty."""
        if not wish.strip():
            return "a group needs a name"
        other = file_name(wish)
        target = self.folder / f"{other}{ENDING}"
        if other.casefold() != name.casefold() and target.exists():
            return f"the library has a group called '{other}' already"
        try:
            (self.folder / f"{name}{ENDING}").rename(target)
        except OSError as wrong:
            return f"it cannot be renamed: {wrong.strerror}"
        self.changed.emit()
        return ""

    def delete(self, name: str) -> str:
        """Take it out of the library; the reason where that cannot be, else empty."""
        try:
            (self.folder / f"{name}{ENDING}").unlink(missing_ok=True)
        except OSError as wrong:
            return f"it cannot be deleted: {wrong.strerror}"
        self.changed.emit()
        return ""


def described(path: Path, size: int) -> KeptGroup:
    """What a file holds, in a few words."""
    if size > MOST_READ:
        return KeptGroup(path.stem, path, f"{size / 1e6:.1f} MB")
    try:
        graph = load(path)
    except FileError as wrong:
        return KeptGroup(path.stem, path, problem=str(wrong))
    inputs = [
        port.name
        for group in graph.groups.values()
        if group.parent is None
        for port in shown_ports(graph, group.id, "inputs")
    ]
    count = len(graph.nodes)
    nodes = "1 node" if count == 1 else f"{count} nodes"
    return KeptGroup(path.stem, path, f"{nodes} · {', '.join(inputs)}" if inputs else nodes)


def standing_alone(graph: Graph, group_id: str) -> Graph:
    """A group as a document of its own: collapsed, with the ports that its card has by name."""
    ports = {side: shown_ports(graph, group_id, side) for side in ("inputs", "outputs")}
    piece = pieces.part(graph, members_of(graph, group_id))
    for inner in [g for g in piece.groups.values() if g.parent is None and g.id != group_id]:
        # Of a group that holds just the same nodes only the one that was meant is kept.
        for box in boxes_of(piece, [inner.id]):
            del piece.scenery[box.id]
        del piece.groups_by_id[inner.id]
    group = graph.groups[group_id].changed(parent=None, collapsed=True)
    piece.groups_by_id[group_id] = group
    for side, wanted in ports.items():
        piece.apply(set_ports(piece, group_id, side, wanted))  # pyright: ignore[reportArgumentType]
    return piece


def file_name(name: str) -> str:
    """A group's name as that of a file that every system takes."""
    plain = re.sub(r'[<>:"/\\|?*\x00-\x1f]', "_", " ".join(name.split())).strip(" .")[:80]
    return f"{plain}_" if RESERVED.fullmatch(plain) else plain or "group"
