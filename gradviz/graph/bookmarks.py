"""Bookmarks of views: named places of the canvas to come back to, kept with the document."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gradviz.graph.limits import MAX_NAME

if TYPE_CHECKING:
    from gradviz.graph.checks import Problem

MOST = 99
"""How many bookmarks a document has at most."""


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A place to look at, and how large.

    ``at`` is the point in the middle, in scene units; ``zoom`` is 1 at natural size; ``group``
    the id of the group whose inside is looked at, None for the whole document.
    """

    name: str
    at: tuple[float, float]
    zoom: float = 1.0
    group: str | None = None


def bookmarks_problem(bookmarks: tuple[Bookmark, ...]) -> Problem | None:
    """What is wrong with a list of bookmarks."""
    if len(bookmarks) > MOST:
        return ("bookmarks",), f"there are at most {MOST}"
    for place, mark in enumerate(bookmarks):
        if not mark.name.strip() or len(mark.name) > MAX_NAME:
            return ("bookmarks", place, "name"), f"must be text of at most {MAX_NAME} characters"
        if any(mark.name == other.name for other in bookmarks[:place]):
            return ("bookmarks", place, "name"), f"there is a bookmark '{mark.name}' already"
        if not all(math.isfinite(number) for number in mark.at):
            return ("bookmarks", place, "at"), "must be two finite numbers"
        if not (math.isfinite(mark.zoom) and mark.zoom > 0):
            return ("bookmarks", place, "zoom"), "must be a number above 0"
    return None
