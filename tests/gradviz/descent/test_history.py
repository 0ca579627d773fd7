"""What a way was at each step: entries made when asked for, and columns without any."""

import numpy as np
import pytest

from gradviz.descent.history import History, column, lengths


def entry_of(table):
    return lambda row: {"w": table[row]}


@pytest.fixture
def table():
    return np.arange(20.0).reshape(10, 2)


@pytest.fixture
def mixed(table):
    """One by one, then rows 1 to 4, one more, then rows 6 to 9: the table from its first row."""
    history = History([{"w": table[0]}])
    history.extend({"w": table}, range(1, 5), entry_of(table))
    history.append({"w": table[5]})
    history.extend({"w": table}, range(6, 10), entry_of(table))
    return history


def test_it_is_a_list_of_entries(mixed, table):
    assert len(mixed) == 10
    for step in range(10):
        np.testing.assert_array_equal(mixed[step]["w"], table[step])
        np.testing.assert_array_equal(mixed[step - 10]["w"], table[step])
    assert [e["w"][0] for e in mixed] == table[:, 0].tolist()
    assert mixed[3] is mixed[3]
    with pytest.raises(IndexError):
        mixed[10]


def test_a_column_needs_no_entries(table):
    def never(row):
        raise AssertionError(f"the entry of row {row} was made")

    history = History([{"w": table[0]}])
    history.extend({"w": table}, range(1, 10), never)
    np.testing.assert_array_equal(history.column("w"), table)


@pytest.mark.parametrize(("begin", "end"), [(0, 10), (0, 3), (2, 7), (4, 5), (6, 10), (3, 3)])
def test_a_slice_goes_on_by_itself(mixed, table, begin, end):
    part = mixed[begin:end]
    np.testing.assert_array_equal([e["w"] for e in part], table[begin:end].tolist())
    if begin < end:
        np.testing.assert_array_equal(column(part, "w"), table[begin:end])
    part.append({"w": -table[0]})
    part.extend({"w": -table}, range(1, 3), entry_of(-table))
    assert len(mixed) == 10
    np.testing.assert_array_equal(column(part, "w"), np.concatenate([table[begin:end], -table[:3]]))
    assert [e["w"][1] for e in mixed[::4]] == table[::4, 1].tolist()


def test_nothing_is_added_for_no_rows(mixed, table):
    mixed.extend({"w": table}, range(1, 1), entry_of(table))
    mixed.append({"w": table[0]})
    assert column(mixed, "w").shape == (11, 2)


def test_lengths_take_all_numbers_together():
    points = [{"a": np.array(3.0), "b": np.array([[0.0, 4.0]])},
              {"a": np.array(3.0), "b": np.array([[5.0, 16.0]])}]  # fmt: skip
    np.testing.assert_allclose(lengths(points), [5.0, np.sqrt(9 + 25 + 256)])
    np.testing.assert_allclose(lengths(points, apart=True), [13.0])
    assert lengths(points[:1], apart=True).size == lengths([]).size == 0
