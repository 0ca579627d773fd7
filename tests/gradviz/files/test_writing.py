"""What is written reads back as it was, and differs only where the graph does."""

import difflib
import math
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis.extra import numpy as arrays

from gradviz.files import dumps, loads
from gradviz.files.arrays import MAX_LISTED, decode_array, encode_array
from gradviz.files.encoding import decode, decode_plain, encode, encode_plain
from gradviz.graph import Graph, compose
from gradviz.graph.document import same_value
from gradviz.graph.values import canonical, plain_problem, problem
from gradviz.ops.dtypes import DTYPES
from gradviz.ops.spec import Attr

KINDS = [d.numpy for d in DTYPES.values()]
ANY_ARRAY = st.sampled_from(KINDS).flatmap(
    lambda kind: arrays.arrays(kind, arrays.array_shapes(min_dims=0, min_side=0, max_side=5))
)
INDEX_ITEM = (
    st.integers(-3, 3)
    | st.just(...)
    | st.none()
    | st.booleans()
    | st.builds(slice, st.none() | st.integers(), st.none() | st.integers(0, 3))
    | st.just([0, 1])
    | st.just(np.array([True, False]))
)
VALUES: dict[str, Any] = {
    "number": st.floats() | st.integers(-(2**63), 2**63 - 1) | st.booleans(),
    "float": st.floats(),
    "dims": st.integers(0, 3) | st.lists(st.integers(-3, 3), max_size=3),
    "shape": st.lists(st.integers(0, 3).map(np.int64), max_size=3),
    "dtype": st.sampled_from(list(DTYPES)) | st.sampled_from(list(DTYPES.values())),
    "text": st.text(),
    "index": INDEX_ITEM | st.lists(INDEX_ITEM, max_size=3).map(tuple),
    "array": ANY_ARRAY | st.floats() | st.just([[1.0, 2.0]]),
}


@pytest.mark.parametrize("kind", VALUES)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_every_kind_of_setting_reads_back(kind: Any, data: st.DataObject) -> None:
    attr = Attr(name="a", kind=kind, doc="", optional=True)
    given_value = data.draw(VALUES[kind])
    value = canonical(attr, given_value)
    if problem(attr, value) is not None:
        # Slices of huge numbers, which no file may hold.
        assert kind == "index" and isinstance(given_value, (slice, tuple))
        return
    back = canonical(attr, decode(attr, encode(value)))
    assert same_value(back, value) or (isinstance(value, slice) and back == value)


@given(ANY_ARRAY)
@example(np.array(np.finfo(np.float32).max))
def test_arrays_come_back_to_the_bit(array: Any) -> None:
    back = decode_array(encode_array(array))
    assert (back.dtype, back.shape) == (array.dtype, array.shape)
    assert back.tobytes() == array.tobytes()
    assert not back.flags.writeable


def test_small_arrays_are_readable_and_large_ones_compact() -> None:
    small = np.array([[0.1, -np.inf]], np.float32)
    assert encode_array(small) == {"array": [[0.1, "-inf"]], "dtype": "float32"}
    large = encode_array(np.arange(MAX_LISTED + 1, dtype=np.int16))
    assert isinstance(large["array"], str) and large["shape"] == [MAX_LISTED + 1]
    assert large["array"].startswith("AAABAAIA")  # little-endian 0, 1, 2


def test_big_endian_and_odd_nans_come_back() -> None:
    assert decode_array(encode_array(np.array([1.5, 2.0], ">f8"))).tolist() == [1.5, 2.0]
    odd = np.frombuffer(b"\x01\x00\xc0\xff", np.float32)
    assert decode_array(encode_array(odd)).tobytes() == odd.tobytes()


PLAIN = st.dictionaries(
    st.text(max_size=4).filter(lambda k: not k.startswith("$")),
    st.recursive(
        st.none() | st.floats() | st.integers(-9, 9) | st.text(max_size=4),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.just("float"), inner),
        max_leaves=6,
    ),
)


@given(PLAIN)
def test_plain_data_comes_back(data: dict[str, Any]) -> None:
    assert plain_problem(data) is None
    assert repr(sorted(decode_plain(encode_plain(data)).items())) == repr(sorted(data.items()))


def test_one_edit_changes_few_lines() -> None:
    graph = Graph()
    for _ in range(3):
        graph.apply(compose.add(graph, "tensor"))
    before = dumps(graph)
    graph.apply(compose.set_value(graph, "n2", 2.5))
    changed = [line for line in difflib.ndiff(before.splitlines(), dumps(graph).splitlines())
               if line[0] in "+-"]  # fmt: skip
    assert [line.strip() for line in changed] == [
        '-         "data": {"array": 1.0, "dtype": "float32"},',
        '+         "data": {"array": 2.5, "dtype": "float32"},',
    ]


def test_text_does_not_depend_on_the_order_of_building() -> None:
    one, other = Graph(), Graph()
    for graph, ids in ((one, (1, 2, 10)), (other, (10, 1, 2))):
        for i in ids:
            graph.apply(compose.AddNode(compose.Node(f"n{i}", "tensor", f"x{i}")))
    assert dumps(one) == dumps(other)
    assert [n.id for n in loads(dumps(other)).nodes.values()] == ["n1", "n2", "n10"]


def test_what_json_lacks_is_said_in_its_words() -> None:
    graph = Graph()
    graph.apply(compose.add(graph, "full", attrs={"size": 2, "fill_value": math.nan}))
    text = dumps(graph)
    assert '"fill_value": {"float": "nan"}' in text and "NaN" not in text
    assert math.isnan(loads(text).node("n1").attrs["fill_value"])
