"""What a way was at each step, kept as the rows in which many steps were worked out at once.

A plan leaves thousands of steps as a few arrays. To cut these into a dictionary for every step
would cost more than the steps did; so an entry is made when it is first asked for, and a column
over all steps without any.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar, cast, overload

import numpy as np

from gradviz.ops.spec import Array

T = TypeVar("T", bound=Mapping[str, Any])


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """Steps from ``begin`` on, the row of each being its number less ``zero``.

    ``columns``: an array each, a row a step. ``entry`` makes the entry of a row, kept in ``made``;
    None where entries came one by one, and there are no columns.
    """

    begin: int
    zero: int
    columns: Mapping[str, Array]
    entry: Callable[[int], T] | None
    made: dict[int, T] = field(default_factory=dict[int, T])


class History(Sequence[T]):
    """An entry a step, each a dictionary; see the module's text. Slices share what is kept."""

    def __init__(self, entries: Sequence[T] = ()) -> None:
        self._entries: list[T | None] = list(entries)
        self._parts: list[Part[T]] = [Part(0, 0, {}, None)] if entries else []

    def append(self, entry: T) -> None:
        """Add one step."""
        if not self._parts or self._parts[-1].entry is not None:
            self._parts.append(Part(len(self), len(self), {}, None))
        self._entries.append(entry)

    def extend(self, columns: Mapping[str, Array], rows: range, entry: Callable[[int], T]) -> None:
        """Add a step for each of these rows; ``entry`` is told a row."""
        if rows:
            self._parts.append(Part(len(self), len(self) - rows.start, columns, entry))
            self._entries += [None] * len(rows)

    def __len__(self) -> int:
        return len(self._entries)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        if isinstance(index, slice):
            begin, end, step = index.indices(len(self))
            if step != 1:
                return [self[k] for k in range(begin, end, step)]
            return self.between(begin, end)
        found = self._entries[index]
        if found is None:
            step = range(len(self))[index]
            part = self._parts[self._part_of(step)]
            assert part.entry is not None, "only rows have no entry yet"
            row = step - part.zero
            found = part.made.get(row)
            if found is None:
                found = part.made[row] = part.entry(row)
        return found

    def _part_of(self, step: int) -> int:
        return bisect_right(self._parts, step, key=lambda part: part.begin) - 1

    def between(self, begin: int, end: int) -> History[T]:
        """The steps from one on, up to before another."""
        found: History[T] = History()
        found._entries = self._entries[begin:end]
        if found._entries:
            parts = self._parts[self._part_of(begin) : self._part_of(end - 1) + 1]
            found._parts = [
                replace(p, begin=max(0, p.begin - begin), zero=p.zero - begin) for p in parts
            ]
        return found

    def column(self, key: str) -> Array:
        """The arrays that all entries have under a key, stacked: a row a step."""
        ends = [*(p.begin for p in self._parts[1:]), len(self)]
        found: list[Array] = []
        for part, end in zip(self._parts, ends, strict=True):
            if part.entry is not None:
                found.append(part.columns[key][part.begin - part.zero : end - part.zero])
            else:
                entries = cast("list[T]", self._entries[part.begin : end])
                found.append(np.array([entry[key] for entry in entries]))
        return np.concatenate(found) if found else np.empty(0)


def column(points: Sequence[Mapping[str, Array]], key: str) -> Array:
    """The arrays that all points have under a key, stacked: a row a point."""
    if isinstance(points, History):
        return points.column(key)
    return np.array([point[key] for point in points])


def lengths(points: Sequence[Mapping[str, Array]], apart: bool = False) -> Array:
    """The length of each point, all its numbers together; ``apart``: of each way to the next."""
    total = np.zeros(max(0, len(points) - apart))
    for key in points[0] if len(total) else ():
        rows = column(points, key).astype(float).reshape(len(points), -1)
        moved = np.diff(rows, axis=0) if apart else rows
        total += (moved**2).sum(axis=1)
    return np.sqrt(total)
