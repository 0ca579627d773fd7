"""Pasted text as a table, and tensors changed by whole rows and columns."""

import numpy as np
import pytest

from gradviz_ui.grids import (
    GridError,
    fitted,
    numbers_in,
    put_block,
    replaced_by,
    text_of,
    with_line,
    without_lines,
)

TWO = [[1.5, 2.0], [-3.0, 4.0]]


@pytest.mark.parametrize(
    "text",
    [
        "1.5\t2\n-3\t4\n", "1.5,2\n-3,4", "1.5, 2,\n-3, 4,\n", "1.5 2\r\n−3   4", "1,5\t2\n-3\t4",
        "1,5;2\n-3;4", "[[1.5, 2], [-3, 4]]", "tensor([[1.5, 2.],\n  [-3, 4]], requires_grad=True)",
    ],
)  # fmt: skip
def test_tables_are_read_however_they_are_written(text):
    assert numbers_in(text).tolist() == TWO


def test_whole_numbers_stay_whole_and_odd_ones_are_read():
    assert numbers_in("1\t2").dtype == np.int64
    found = numbers_in("nan\tinf\t-∞\t1e3")
    assert np.isnan(found[0, 0]) and found[0, 1:].tolist() == [np.inf, -np.inf, 1000]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1\t2\n3", "row 2 has 1 number and row 1 has 2 numbers: rows must be equally long"),
        ("a\tb\n1\t2", "row 1, column 1: “a” is no number: leave the names of columns out"),
        ("1\t2\n3\t1_000", "row 2, column 2: “1_000” is no number"),
        ("1\t\n3\t4", "row 1, column 2 is empty"),
        ("  \n", "there are no numbers on the clipboard"),
        ("[[1, 2], [3]]", "these lists make no table"),
        ("[[[1]]]", "lists are pasted as a vector or a matrix"),
        ("[__import__('os')]", "these lists make no table"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text, said):
    with pytest.raises(GridError) as refused:
        numbers_in(text)
    assert said in str(refused.value)


def test_what_is_copied_can_be_pasted():
    table = np.array([[0.1, -2e-9], [np.nan, 3.0]], np.float32)
    np.testing.assert_array_equal(numbers_in(text_of(table)).astype(np.float32), table)


def test_a_type_is_kept_where_it_can_hold_the_numbers():
    whole = np.array([1, 2])
    assert fitted(whole, np.dtype(np.float32)).dtype == np.float32
    assert fitted(np.array([0.5]), np.dtype(np.int64)).dtype == np.float32
    assert put_block(whole, np.array([[7]]), (), 0, 1).tolist() == [1, 7]
    assert put_block(whole, np.array([[0.5]]), (), 0, 1).dtype == np.float32


def test_a_block_grows_a_matrix_and_a_vector():
    matrix = np.ones((2, 2), np.float32)
    grown = put_block(matrix, np.array(TWO), (), 1, 1)
    assert grown.tolist() == [[1, 1, 0], [1, 1.5, 2], [0, -3, 4]]
    assert put_block(np.ones(2), np.array([[5, 6]]), (), 0, 1).tolist() == [1, 5, 6]
    assert put_block(np.ones(2), np.array([[5], [6]]), (), 0, 0).tolist() == [5, 6]
    cube = np.zeros((2, 2, 2))
    assert put_block(cube, np.array(TWO), (1,), 0, 0)[1].tolist() == TWO
    for array, at in ((np.ones(2), ()), (cube, (1,))):
        with pytest.raises(GridError):
            put_block(array, np.array(TWO), at, 0, 1)


def test_a_leaf_becomes_what_is_pasted_over_all_of_it():
    assert replaced_by(np.array(1.0), np.array([[7.0]])).shape == ()
    assert replaced_by(np.array(1.0), np.array([[7.0], [8.0]])).tolist() == [7, 8]
    assert replaced_by(np.ones((2, 2)), np.array([[7.0, 8.0]])).shape == (1, 2)
    assert replaced_by(np.ones(3), np.array(TWO)).shape == (2, 2)


def test_rows_and_columns_come_and_go():
    matrix = np.arange(6.0).reshape(2, 3)
    assert with_line(matrix, -2, 0).tolist() == [[0, 1, 2], [0, 0, 0], [3, 4, 5]]
    assert with_line(matrix, -1, 2).shape == (2, 4)
    assert with_line(np.array(7.0), -1, 0).tolist() == [7, 0]
    assert with_line(np.array([7.0]), -2, 0).tolist() == [[7], [0]]
    assert without_lines(matrix, -1, [0, 2]).tolist() == [[1], [4]]
    for array, axis, gone in ((matrix, -2, [0, 1]), (np.ones(2), -2, [0]), (np.ones(1), -1, [0])):
        with pytest.raises(GridError):
            without_lines(array, axis, gone)
