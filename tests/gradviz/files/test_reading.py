"""Files that are wrong: each gives one clear line and nothing else."""

import json
from collections.abc import Callable
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

from gradviz.files import FileError, dumps, loads
from gradviz.files.errors import Misplaced
from gradviz.files.migrations import migrated
from gradviz.graph import Graph, compose


def sample() -> Graph:
    graph = Graph()
    for op, attrs in (
        ("tensor", {"data": np.array([[0.1, np.nan], [1.0, -0.0]], np.float32)}),
        ("tensor", {"data": np.arange(60.0), "dtype": "float32"}),
        ("add", {"alpha": 2}),
        ("cat", {"dim": 0}),
        ("sum", {"dim": (0,), "keepdim": True}),
        ("zeros", {"size": (2, 3)}),
        ("narrow", {"dim": 0, "start": 1, "length": 1}),
    ):
        graph.apply(compose.add(graph, op, (1.5, 2.0), attrs=attrs))
    for source, target, port in ((1, 3, 0), (1, 4, 0), (3, 4, 1), (3, 5, 0)):
        graph.apply(compose.connect(graph, f"n{source}", 0, f"n{target}", port))
    graph.apply(compose.set_literal(graph, "n3", 1, float("inf")))
    graph.apply(compose.set_title(graph, "Title"))
    graph.apply(compose.set_output(graph, "n5"))
    graph.apply(compose.set_descent(graph, {"axes": [{"node": "n1"}], "lr": float("nan")}))
    return graph


TEXT = dumps(sample())


def refused(text: str | bytes) -> str:
    with pytest.raises(FileError) as caught:
        loads(text, "bowl.gradviz")
    message = str(caught.value)
    assert message.startswith("bowl.gradviz: ") and "\n" not in message and len(message) < 400
    return message


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("  \n", "empty"),
        ("[1, 2]", 'no "format"'),
        ('{"nbformat": 4, "cells": []}', 'no "format"'),
        ("<html></html>", "no GradViz graph"),
        (b"\x89PNG\r\n\x1a\n\0", "not UTF-8 text"),
        (b"PK\x03\x04\0\0", "no GradViz graph"),
        ("\ud800", "not UTF-8 text"),
        ('{"format": 2}', "a newer one wrote it"),
        ('{"format": 0}', "there is no format 0"),
        ('{"format": -1}', "there is no format -1"),
        ('{"format": true}', "must be a whole number"),
        ('{"format": "1"}', "must be a whole number"),
        ('{"format": 1' + "0" * 5000 + "}", "number too large"),
        ("[" * 100_000, "nested too deeply"),
        ('{"format": 1, "view": ' + '{"a":' * 500 + "1" + "}" * 501, "view: must be at most"),
        ('{"format": 1,\n "nodes": [\n}', "line 3"),
        (TEXT[: len(TEXT) // 2], "cut off"),
        ('{"format": 1, "extra": 3}', "unknown field `extra`"),
        ('{"format": 1, "nodes": 3}', "nodes: expected"),
    ],
)
def test_what_is_no_graph_says_so(text: str | bytes, says: str) -> None:
    assert says in refused(text)


Change = Callable[[Any], None]


def put(*path: str | int, value: Any) -> Change:
    def change(document: Any) -> None:
        for step in path[:-1]:
            document = document[step]
        document[path[-1]] = value

    return change


CHANGES: list[tuple[Change, str]] = [
    (put("nodes", 2, "op", value="ad"), "nodes[2].op: there is no operation 'ad'; did you mean"),
    (put("nodes", 2, "id", value="n1"), "nodes[2]: there is a node with id 'n1' already"),
    (put("nodes", 2, "id", value="a b"), "nodes[2].id"),
    (put("nodes", 2, "name", value="x"), "nodes[2]: another node is called 'x' already"),
    (put("nodes", 2, "name", value="lambda"), "nodes[2].name: 'lambda' cannot be a name"),
    (put("nodes", 2, "name", value="x" * 10**6), "nodes[2].name: a name has at most"),
    (put("nodes", 2, "name", value="ﬁ"), "nodes[2].name: 'ﬁ' reads as 'fi'"),
    (put("nodes", 2, "at", value=[1e200, 0]), "nodes[2].at: a position"),
    (put("nodes", 2, "at", value=[0]), "nodes[2].at: expected"),
    (put("nodes", 2, "attrs", "alpha", value="x"), "nodes[2].attrs.alpha: must be a number"),
    (put("nodes", 2, "attrs", "beta", value=1), "nodes[2].attrs.beta: 'add' has no such setting"),
    (put("nodes", 2, "attrs", "alpha", value={"float": "x"}), "attrs.alpha.float: must be"),
    (put("nodes", 2, "attrs", "alpha", value={"a": 1}), "attrs.alpha: must be a number"),
    (put("nodes", 2, "literals", value={"7": 1}), "nodes[2].literals[7]: 'add' has no input 8"),
    (put("nodes", 2, "literals", value={"x": 1}), "literals: 'x' is no port"),
    (put("nodes", 2, "literals", value={"1": "a"}), "literals[1]: must be a number"),
    (put("nodes", 2, "literals", value={"0": 1}), "wires[0]: input 'input' of 'add' holds"),
    (put("nodes", 3, "literals", value={"2": 1}), "takes only tensors"),
    (put("nodes", 4, "attrs", "dim", value=[0.5]), "attrs.dim: must be a whole number"),
    (put("nodes", 4, "attrs", "keepdim", value=3), "attrs.keepdim: must be true or false"),
    (put("nodes", 5, "attrs", value={}), "nodes[5].attrs: 'zeros' needs the setting 'size'"),
    (put("nodes", 5, "attrs", "size", value=[1] * 99), "attrs.size: must be"),
    (put("nodes", 1, "attrs", "dtype", value="object"), "attrs.dtype: must be one of"),
    (put("nodes", 1, "attrs", "data", "dtype", value="object"), "data.dtype: must be one of"),
    (put("nodes", 1, "attrs", "data", "shape", value=[10**12]), "data.shape: must have at most"),
    (put("nodes", 1, "attrs", "data", "shape", value=[0, 10**18]), "data.shape: must have at"),
    (put("nodes", 1, "attrs", "data", "shape", value=[-60]), "data.shape: must be a list"),
    (put("nodes", 1, "attrs", "data", "shape", value=[61]), "data.array: must be base64 of 488"),
    (put("nodes", 1, "attrs", "data", "shape", value=[1] * 40), "at most 32 dimensions"),
    (put("nodes", 1, "attrs", "data", "array", value="?" * 640), "data.array: is not base64"),
    (put("nodes", 0, "attrs", "data", "array", value=[[1.0], [1.0, 2.0]]), "different lengths"),
    (put("nodes", 0, "attrs", "data", "array", value=[1e300]), "1e+300 is not a float32"),
    (put("nodes", 0, "attrs", "data", "array", value=[{}]), "an object is not a float32"),
    (put("nodes", 0, "attrs", "data", value=[1.0]), "data: must be a number or {"),
    (put("wires", 0, "to", value="n99"), "wires[0]: there is no node 'n99'"),
    (put("wires", 0, "port", value=9), "wires[0]: 'add' has no input 10"),
    (put("wires", 0, "port", value=-1), "wires[0]: 'add' has no input 0"),
    (put("wires", 0, "output", value=1), "wires[0]: 'x' has no output 2"),
    (put("wires", 2, "port", value=5), "wires[2]: the inputs of 'cat' before input 6"),
    (put("wires", 2, "port", value=0), "has a wire already"),
    (put("wires", 0, "from", value="n3"), "wires: they close a cycle: add → add"),
    (put("output", value="n99"), "output: there is no node 'n99'"),
    (put("title", value="t" * 10**5), "title: must be text of at most"),
    (put("descent", value={"$float": "nan"}), "descent: must be an object"),
    (put("view", value={"$float": 3}), "view.$float: must be"),
]


@pytest.mark.parametrize(("change", "says"), CHANGES, ids=[says[:40] for _, says in CHANGES])
def test_what_is_wrong_inside_is_named_with_its_place(change: Change, says: str) -> None:
    document = json.loads(TEXT)
    change(document)
    assert says in refused(json.dumps(document))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    listed = dict(enumerate(value)) if isinstance(value, list) else value
    for key, inner in listed.items() if isinstance(listed, dict) else ():
        found += places(inner, (*path, key))
    return found


PLACES = places(json.loads(TEXT))


def reads_or_refuses(text: str | bytes) -> None:
    try:
        graph = loads(text)
    except FileError as wrong:
        assert "\n" not in str(wrong)
    else:
        assert dumps(loads(dumps(graph))) == dumps(graph)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PLACES), JSON), min_size=1, max_size=2), st.booleans())
def test_any_value_in_any_place_reads_or_is_refused(
    mutations: list[tuple[tuple[Any, ...], Any]], removed: bool
) -> None:
    document = json.loads(TEXT)
    for path, value in mutations:
        holder = document
        try:
            for step in path[:-1]:
                holder = holder[step]
            if removed:
                del holder[path[-1]]
            else:
                holder[path[-1]] = value
        except (LookupError, TypeError):
            continue  # the mutation before took this place away
    # NaN and Infinity are written bare here, as Python does and JSON does not.
    reads_or_refuses(json.dumps(document))


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(TEXT)), st.integers(0, 40), st.binary(max_size=6))
def test_any_damage_to_the_bytes_reads_or_is_refused(at: int, gone: int, new: bytes) -> None:
    data = TEXT.encode()
    reads_or_refuses(data[:at] + new + data[at + gone :])


@settings(max_examples=100, deadline=None)
@given(st.binary() | st.text() | JSON.map(json.dumps))
def test_anything_at_all_reads_or_is_refused(text: str | bytes) -> None:
    reads_or_refuses(text)


def test_a_planted_older_format_is_brought_up_to_date() -> None:
    def from_0(raw: dict[str, Any]) -> dict[str, Any]:
        return {"title": raw["caption"], "nodes": raw["nodes"]}

    def from_minus_1(raw: dict[str, Any]) -> dict[str, Any]:
        return {"caption": raw["header"], "nodes": []}

    old = {"format": -1, "header": "Old"}
    assert migrated(old, {0: from_0, -1: from_minus_1}) == {
        "format": 1, "title": "Old", "nodes": [],
    }  # fmt: skip
    with pytest.raises(Misplaced, match="no format -1"):
        migrated(old, {0: from_0})
