import numpy as np
import pytest

import gradviz
from gradviz.utils.data import TableError, TensorDataset, read_csv

HOUSES = "rooms,roof,price\n2,slate,10\n,tile,20\n4,NA,60\n"


@pytest.fixture
def houses(tmp_path):
    path = tmp_path / "houses.csv"
    path.write_text(HOUSES)
    return path


def test_numbers_missing_are_filled_with_the_mean_and_words_become_columns(houses):
    table = read_csv(houses)
    assert table.columns == ("rooms", "roof_slate", "roof_tile", "roof_missing", "price")
    assert table.values.dtype is gradviz.float32
    assert table.values.tolist() == [[2, 1, 0, 0, 10], [3, 0, 1, 0, 20], [4, 0, 0, 1, 60]]
    assert len(table) == 3


def test_numbers_missing_may_be_marked_or_left(houses):
    marked = read_csv(houses, missing="mark", dtype=gradviz.float64)
    assert marked.columns[:2] == ("rooms", "rooms_missing")
    assert marked[["rooms", "rooms_missing"]].tolist() == [[2, 0], [3, 1], [4, 0]]
    assert np.isnan(read_csv(houses, missing="nan")["rooms"].array[1])


def test_a_table_is_split_into_what_is_known_and_what_is_to_be_told(houses):
    known, told = read_csv(houses).split("price")
    assert known.shape == (3, 4)
    assert told.tolist() == [10, 20, 60]
    assert TensorDataset(known, told)[1][1].item() == 20


def test_other_separators_spaces_and_empty_rows(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text('\ufeffa; b\n1; "x;y"\n\n2;z\n', encoding="utf-8")
    table = read_csv(path, delimiter=";")
    assert table["a"].tolist() == [1, 2]
    assert table.columns[0] == "a"


def test_a_name_that_is_not_there(houses):
    with pytest.raises(KeyError, match="there is no column 'garden'; there are rooms"):
        read_csv(houses)["garden"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "row 1: the names of the columns are missing"),
        ("a,a\n1,2\n", "two columns are called 'a'"),
        ("a,b\n1,2\n3\n", "row 3 has 1 values for 2 columns"),
        ("a,b\n", "no rows under the names"),
        ("a,b\n1,\n2,NA\n", "column 'b' has no values to take the mean of"),
    ],
)
def test_what_is_no_table_is_refused_with_its_row(tmp_path, text, message):
    path = tmp_path / "t.csv"
    path.write_text(text)
    with pytest.raises(TableError, match=message):
        read_csv(path)
