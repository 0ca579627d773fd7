"""The one error of opening and saving, and how it says where."""

from __future__ import annotations

from gradviz.graph.checks import Place, spelled


class FileError(ValueError):
    """A file that cannot be read or written: one line that says where, what, and what would do."""


class Misplaced(Exception):
    """Something wrong at a place inside a document, on its way to becoming a FileError."""

    def __init__(self, place: Place, reason: str) -> None:
        super().__init__(reason)
        self.place = place
        self.reason = reason

    def under(self, *outer: str | int) -> Misplaced:
        """The same, seen from further out."""
        return Misplaced((*outer, *self.place), self.reason)

    def __str__(self) -> str:
        where = spelled(self.place)
        return f"{where}: {self.reason}" if where else self.reason
