"""Bookmarks of views: edits of the document, kept in its file, and checked there."""

import json

import pytest

from gradviz.files import FileError, dumps, loads
from gradviz.graph import GraphError
from gradviz.graph.bookmark_edits import (
    add_bookmark,
    free_title,
    remove_bookmark,
    rename_bookmark,
)
from gradviz.graph.bookmarks import Bookmark
from gradviz.program import graph_from_source


@pytest.fixture
def graph():
    made = graph_from_source("J = theta1 ** 2")
    for name, x in (("start", 0.0), ("end", 400.5)):
        made.apply(add_bookmark(made, Bookmark(name, (x, 10.0), 1.5)))
    return made


def names(graph):
    return [mark.name for mark in graph.settings.bookmarks]


def test_they_are_added_moved_renamed_and_removed_and_each_is_taken_back(graph):
    before = dumps(graph)
    for edit in (
        add_bookmark(graph, Bookmark("middle", (7.0, 8.0))),
        add_bookmark(graph, Bookmark("end", (1.0, 2.0), 0.5)),
        rename_bookmark(graph, 0, "first"),
        remove_bookmark(graph, 1),
    ):
        graph.apply(edit)
        assert dumps(graph) != before
        graph.apply(edit.inverse())
        assert dumps(graph) == before
    assert names(graph) == ["start", "end"] and free_title(graph) == "View 1"


def test_one_of_the_same_name_moves(graph):
    graph.apply(add_bookmark(graph, Bookmark("start", (9.0, 9.0))))
    assert names(graph) == ["start", "end"]
    assert graph.settings.bookmarks[0].at == (9.0, 9.0)


def test_the_file_keeps_them(graph):
    again = loads(dumps(graph))
    assert again.settings.bookmarks == graph.settings.bookmarks
    assert dumps(again) == dumps(graph)


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        (Bookmark(" ", (0.0, 0.0)), "characters"),
        (Bookmark("x", (float("nan"), 0.0)), "finite"),
        (Bookmark("x", (0.0, 0.0), 0.0), "above 0"),
    ],
)
def test_what_is_no_place_is_refused(graph, mark, said):
    with pytest.raises(GraphError, match=said):
        graph.apply(add_bookmark(graph, mark))
    with pytest.raises(GraphError, match="already"):
        graph.apply(rename_bookmark(graph, 1, "start"))


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"name": "a"}, "at"),
        ({"name": "a", "at": [1]}, "at"),
        ({"name": "a", "at": [1, 2], "zoom": -1}, "zoom"),
        ({"name": "a", "at": [1, 2], "group": "g9"}, "group 'g9'"),
        ({"name": "a", "at": [1, 2], "colour": "red"}, "colour"),
    ],
)
def test_a_damaged_file_says_where(graph, entry, said):
    plain = json.loads(dumps(graph)) | {"bookmarks": [entry]}
    with pytest.raises(FileError, match=r"bookmarks\[0\]|bookmarks") as caught:
        loads(json.dumps(plain))
    assert said in str(caught.value)
