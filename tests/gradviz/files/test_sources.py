"""Where a leaf's elements are from: named, found again, and columns chosen anew."""

import os
from pathlib import Path

import numpy as np
import pytest

from gradviz.files import FileError
from gradviz.files.data_files import add_leaves
from gradviz.files.reading import loads
from gradviz.files.sources import (
    choose_columns,
    columns_named,
    columns_text,
    is_table,
    origin,
    replace_elements,
    source_of,
    table_at,
)
from gradviz.files.writing import dumps
from gradviz.graph import Graph

ODD = ("plain", "with, comma", 'with "quotes"', "")


@pytest.fixture
def graph(tmp_path: Path) -> Graph:
    path = tmp_path / "t.csv"
    path.write_text("a,b,c\n1,2,x\n3,,y\n")
    made = Graph()
    table = table_at(path, "mean")
    leaf = {"t": table.values.array}
    made.apply(add_leaves(made, leaf, (0, 0), "Import", {"t": origin(path, table.columns)}))
    return made


def node(graph: Graph):
    found = graph.named("t")
    assert found is not None
    return found


def test_names_of_columns_survive_their_line() -> None:
    assert columns_named(columns_text(ODD)) == ODD
    assert columns_named("") == ()


def test_columns_are_chosen_again_and_written_down(graph: Graph, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    assert is_table(node(graph)) and source_of(node(graph)) == path
    graph.apply(choose_columns(graph, node(graph).id, path, ("b", "c_y"), "nan"))
    again = loads(dumps(graph), "again")
    assert node(again) == node(graph)
    np.testing.assert_array_equal(node(again).setting("data"), [[2, 0], [np.nan, 1]])
    assert columns_named(node(again).setting("columns")) == ("b", "c_y")
    with pytest.raises(FileError, match=r"t\.csv: there is no column 'd'; there are a, b, c_x"):
        choose_columns(graph, node(graph).id, path, ("d",), "mean")


def test_a_matrix_of_one_column_left_stays_a_matrix(graph: Graph, tmp_path: Path) -> None:
    graph.apply(choose_columns(graph, node(graph).id, tmp_path / "t.csv", ("a",), "mean"))
    assert node(graph).setting("data").tolist() == [[1], [3]]


def test_a_file_that_moved_is_found_beside_the_document(graph: Graph, tmp_path: Path) -> None:
    folder = tmp_path / "moved"
    folder.mkdir()
    assert source_of(node(graph), folder) == tmp_path / "t.csv"
    (tmp_path / "t.csv").rename(folder / "t.csv")
    assert source_of(node(graph), folder) == folder / "t.csv"
    with pytest.raises(FileError, match=r"t\.csv: No such file"):
        table_at(tmp_path / "t.csv", "mean")


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a\n1\n")
    assert table_at(path, "mean").columns == ("a",)
    path.write_text("b\n1\n")
    os.utime(path, ns=(1, 1))
    assert table_at(path, "mean").columns == ("b",)


def test_elements_of_another_file_forget_the_columns(graph: Graph, tmp_path: Path) -> None:
    edit = replace_elements(graph, node(graph).id, tmp_path / "w.npy", np.ones(2))
    graph.apply(edit)
    assert not is_table(node(graph)) and source_of(node(graph)) == tmp_path / "w.npy"
