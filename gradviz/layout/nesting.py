"""What lies in which frame, and between what, at each level, the links run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gradviz.layout.model import Link

Level = str | None
"""The frame within which things lie side by side; None: outside of all."""


@dataclass(frozen=True, slots=True)
class Span:
    """A link, and which two things side by side it joins: its boxes, or frames they lie in."""

    link: Link
    source: str
    target: str


class Nesting:
    """The levels of some things, given the frame that each lies in.

    inside: what lies in each frame and in no inner one.
    among: the links at each level.
    leaving: what in each frame links leave it from.
    """

    def __init__(self, parents: Mapping[str, Level], links: Iterable[Link]) -> None:
        self.inside: dict[Level, list[str]] = {}
        self.among: dict[Level, list[Span]] = {}
        self.leaving: dict[Level, dict[str, None]] = {}
        self._parents = parents
        for key, parent in parents.items():
            self.inside.setdefault(parent, []).append(key)
        for link in links:
            if link.source in parents:
                self._add(link)

    def _add(self, link: Link) -> None:
        source = self._path(link.source)
        target = self._path(link.target) if link.target in self._parents else []
        shared = 0
        while shared < min(len(source), len(target)) and source[shared] == target[shared]:
            shared += 1
        if target:
            level = source[shared - 1] if shared else None
            span = Span(link, source[shared], target[shared])
            self.among.setdefault(level, []).append(span)
        for frame, inner in zip(source[shared:], source[shared + 1 :], strict=False):
            self.leaving.setdefault(frame, {})[inner] = None

    def _path(self, key: str) -> list[str]:
        """The frames that something lies in, from the outmost, and itself."""
        path, parent = [key], self._parents[key]
        while parent is not None:
            path.append(parent)
            parent = self._parents[parent]
        return path[::-1]

    def circular(self) -> set[str]:
        """Frames that links lead out of and into again, so that nothing could be first."""
        found: set[str] = set()
        for spans in self.among.values():
            pairs = {(span.source, span.target) for span in spans}
            pairs = _held(_held(pairs), backward=True)
            ahead, behind = _neighbours(pairs), _neighbours({(end, start) for start, end in pairs})
            waiting = {key for key in ahead if key in self.inside}
            while waiting:
                frame = min(waiting)
                circle = _reached(frame, ahead) & _reached(frame, behind)
                found |= circle & waiting
                waiting -= circle | {frame}
        return found


def _held(pairs: set[tuple[str, str]], *, backward: bool = False) -> set[tuple[str, str]]:
    """Pairs without those that no circle comes before; backward: that none comes after."""
    one, other = (1, 0) if backward else (0, 1)
    waiting: dict[str, int] = {}
    ahead: dict[str, list[str]] = {}
    for pair in pairs:
        waiting.setdefault(pair[one], 0)
        waiting[pair[other]] = waiting.get(pair[other], 0) + 1
        ahead.setdefault(pair[one], []).append(pair[other])
    ready = [key for key, count in waiting.items() if not count]
    for key in ready:
        for following in ahead.get(key, ()):
            waiting[following] -= 1
            if not waiting[following]:
                ready.append(following)
    done = set(ready)
    return {pair for pair in pairs if pair[one] not in done}


def _neighbours(pairs: set[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one, other in pairs:
        found.setdefault(one, []).append(other)
    return found


def _reached(start: str, ahead: Mapping[str, list[str]]) -> set[str]:
    """What can be come to from somewhere; itself, if it lies on a circle."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        for key in ahead.get(waiting.pop(), ()):
            if key not in found:
                found.add(key)
                waiting.append(key)
    return found
