"""Tables of comma-separated values as tensors with column names.

Numbers stay columns; words become one column a word, one where the row has it and zero where
not. What is missing is filled with the column's mean, or marked in a column of its own.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from gradviz.ops.dtypes import dtype as DType
from gradviz.ops.dtypes import get_default_dtype
from gradviz.ops.spec import Array
from gradviz.tensor.tensor import Tensor

Missing = Literal["mean", "mark", "nan"]
ABSENT = frozenset(["", "na", "n/a", "nan", "null", "none", "?"])
"""Words, in any case, for a value that is not there."""


class TableError(ValueError):
    """Why a file is no table, and where."""


@dataclass(frozen=True, eq=False)
class Table:
    """Columns by name, and their numbers: a row a row, a column a column."""

    columns: tuple[str, ...]
    values: Tensor

    def __len__(self) -> int:
        return self.values.array.shape[0]

    def __getitem__(self, names: str | Sequence[str]) -> Tensor:
        """One column, or (of a list of names) several side by side."""
        if isinstance(names, str):
            return Tensor.wrap(self.values.array[:, self.place(names)].copy())
        return Tensor.wrap(self.values.array[:, [self.place(name) for name in names]])

    def place(self, name: str) -> int:
        """Which column is called ``name``; KeyError lists the names."""
        if name not in self.columns:
            raise KeyError(f"there is no column '{name}'; there are {', '.join(self.columns)}")
        return self.columns.index(name)

    def split(self, target: str) -> tuple[Tensor, Tensor]:
        """All columns but ``target``, and that one: what is known and what is to be told."""
        others = [name for name in self.columns if name != target]
        return self[others], self[target]


def read_csv(
    path: str | Path, *, missing: Missing = "mean", delimiter: str = ",",
    dtype: DType | None = None,
) -> Table:  # fmt: skip
    """The table in a file whose first row names the columns.

    ``missing``: numbers that are not there become the column's ``"mean"``; with ``"mark"`` also
    a column ``NAME_missing`` says where; with ``"nan"`` they stay not a number. Words get columns
    ``NAME_WORD`` in the order of the alphabet, and ``NAME_missing`` where some are not there.
    :class:`TableError` says what is wrong and in which row.
    """
    with Path(path).open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.reader(file, delimiter=delimiter, skipinitialspace=True))
    names, cells = checked_rows(rows)
    columns: list[tuple[str, Array]] = []
    for name, column in zip(names, zip(*cells, strict=True), strict=True):
        columns += read_column(name, column, missing)
    kind = (dtype or get_default_dtype()).numpy
    values = np.stack([numbers for _, numbers in columns], 1).astype(kind)
    return Table(tuple(name for name, _ in columns), Tensor.wrap(values))


def checked_rows(rows: list[list[str]]) -> tuple[list[str], list[list[str]]]:
    """The names, and the rows under them without those that are empty."""
    if not rows or not rows[0]:
        raise TableError("row 1: the names of the columns are missing")
    names = [name.strip() for name in rows[0]]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise TableError(f"row 1: two columns are called '{twice}'")
    cells: list[list[str]] = []
    for number, row in enumerate(rows[1:], start=2):
        if row and len(row) != len(names):
            raise TableError(f"row {number} has {len(row)} values for {len(names)} columns")
        if row:
            cells.append([cell.strip() for cell in row])
    if not cells:
        raise TableError("there are no rows under the names")
    return names, cells


def read_column(name: str, cells: Iterable[str], missing: Missing) -> list[tuple[str, Array]]:
    """One column of text as columns of numbers, each with its name."""
    given = [None if cell.lower() in ABSENT else cell for cell in cells]
    numbers = [math.nan if cell is None else as_number(cell) for cell in given]
    if None in numbers:
        return one_hot(name, given)
    array = np.array(numbers, np.float64)
    absent = np.isnan(array)
    if not absent.any():
        return [(name, array)]
    if missing == "nan":
        return [(name, array)]
    if absent.all():
        raise TableError(f"column '{name}' has no values to take the mean of")
    filled = np.where(absent, array[~absent].mean(), array)
    mark = [(f"{name}_missing", absent.astype(np.float64))] if missing == "mark" else []
    return [(name, filled), *mark]


def as_number(cell: str) -> float | None:
    """The number a cell holds; None for a word."""
    try:
        return float(cell)
    except ValueError:
        return None


def one_hot(name: str, given: list[str | None]) -> list[tuple[str, Array]]:
    """A column for each word there is, and one for none where some are not there."""
    words: list[Any] = sorted({word for word in given if word is not None})
    words += [None] if None in given else []
    return [
        (f"{name}_{'missing' if word is None else word}",
         np.array([float(cell == word) for cell in given]))
        for word in words
    ]  # fmt: skip
