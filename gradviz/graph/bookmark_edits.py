"""The edits of bookmarks: add, rename, take away, each by its place in the list."""

from __future__ import annotations

from dataclasses import replace

from gradviz.graph.bookmarks import Bookmark
from gradviz.graph.compose import settings_changed
from gradviz.graph.document import Graph
from gradviz.graph.edits import Batch


def add_bookmark(graph: Graph, mark: Bookmark) -> Batch:
    """Add a bookmark at the end; one of that name moves to the new place instead."""
    marks = graph.settings.bookmarks
    kept = tuple(mark if other.name == mark.name else other for other in marks)
    added = kept if mark in kept else (*marks, mark)
    return settings_changed(graph, f"Bookmark {mark.name}", bookmarks=added)


def rename_bookmark(graph: Graph, place: int, name: str) -> Batch:
    """Give a bookmark another name."""
    marks = list(graph.settings.bookmarks)
    marks[place] = replace(marks[place], name=name)
    return settings_changed(graph, "Rename a bookmark", bookmarks=tuple(marks))


def remove_bookmark(graph: Graph, place: int) -> Batch:
    """Take a bookmark away."""
    marks = graph.settings.bookmarks
    label = f"Remove the bookmark {marks[place].name}"
    return settings_changed(graph, label, bookmarks=(*marks[:place], *marks[place + 1 :]))


def free_title(graph: Graph) -> str:
    """A name for the next bookmark: ``View 1``, ``View 2`` …"""
    taken = {mark.name for mark in graph.settings.bookmarks}
    return next(name for n in range(1, len(taken) + 2) if (name := f"View {n}") not in taken)
