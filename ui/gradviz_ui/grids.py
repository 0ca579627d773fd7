"""Numbers as a spreadsheet has them: pasted text as a table, a tensor changed by whole lines."""

import ast
from collections.abc import Collection
from typing import Any

import numpy as np

from gradviz.ops.dtypes import get_default_dtype
from gradviz.ops.spec import Array

from .numbers import MINUS, full, shape_text

MOST_PASTED = 4_000_000
"""Characters of text that are read; more would hold up the window."""
Place = tuple[int, ...]


class GridError(ValueError):
    """Why numbers cannot be put where they are to go; the message says what would be right."""


# text ----------------------------------------------------------------------------------------


def numbers_in(text: str) -> Array:
    """The table that a text spells: a row a line, numbers apart by tabs, commas or blanks.

    Also nested lists as Python writes them. Where tabs or semicolons stand between the numbers a
    comma within one is a decimal comma. GridError says in which row and column something is wrong.
    """
    if len(text) > MOST_PASTED:
        raise GridError("this is too much text to paste: import it as a .csv or .npy file")
    if text.lstrip().startswith(("[", "(", "tensor(", "array(")):
        return listed(text.strip())
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise GridError("there are no numbers on the clipboard")
    mark = next((m for m in ("\t", ";", ",") if m in text), None)
    rows = [[cell.strip() for cell in line.split(mark)] for line in lines]
    if mark == "," and all(row[-1] == "" for row in rows):
        rows = [row[:-1] for row in rows]
    even(rows)
    decimal_comma = mark in ("\t", ";")
    found = [
        [number(cell, r, c, decimal_comma) for c, cell in enumerate(row, 1)]
        for r, row in enumerate(rows, 1)
    ]
    return np.array(found)


def even(rows: list[list[Any]]) -> None:
    """Refuse rows of unequal length."""
    wanted = len(rows[0])
    for number_, row in enumerate(rows, 1):
        if len(row) != wanted:
            raise GridError(
                f"row {number_} has {counted(len(row))} and row 1 has {counted(wanted)}: "
                "rows must be equally long"
            )


def counted(count: int) -> str:
    """``1 number``, ``3 numbers``."""
    return f"{count} number{'' if count == 1 else 's'}"


def number(cell: str, row: int, column: int, decimal_comma: bool) -> float | int:
    """The number in a cell."""
    plain = (
        cell.strip("\"'").replace(MINUS, "-").replace("∞", "inf").replace("\N{NO-BREAK SPACE}", "")
    )
    if decimal_comma and plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    where = f"row {row}, column {column}"
    if not plain:
        raise GridError(f"{where} is empty: a tensor has a number everywhere")
    try:
        if plain.lstrip("+-").isascii() and plain.lstrip("+-").isdigit():
            return int(plain)
        # Python would read 1_000 as 1000; here it is no number.
        return float(plain.replace("_", "?"))
    except ValueError:
        hint = ": leave the names of columns out" if row == 1 else ""
        raise GridError(f"{where}: “{cell[:24]}” is no number{hint}") from None


def listed(text: str) -> Array:
    """Nested lists, with or without ``tensor(…)`` around them."""
    inner = text.partition("(")[2].rstrip(") \n") if text.startswith(("tensor", "array")) else text
    end = inner.rfind("]")
    try:
        value = ast.literal_eval(" ".join(inner[: end + 1].split()))
        array = np.asarray(value)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        raise GridError(
            "these lists make no table: rows must be equally long and hold numbers only"
        ) from None
    if array.ndim not in (1, 2) or array.dtype.kind not in "biuf":
        raise GridError("lists are pasted as a vector or a matrix of numbers")
    return array if array.ndim == 2 else array.reshape(1, -1)


def text_of(table: Array) -> str:
    """A table as a spreadsheet takes it: tabs between numbers, a row a line, every digit."""
    return "\n".join("\t".join(full(number_) for number_ in row) for row in table)


# tensors -------------------------------------------------------------------------------------


def as_table(array: Array, at: Place = ()) -> Array:
    """Two dimensions of a tensor: the last two, at fixed places `at` of those before them."""
    found = array[at] if at else array
    if found.ndim == 0:
        return found.reshape(1, 1)
    return found.reshape(1, -1) if found.ndim == 1 else found


def fitted(array: Array, held: "np.dtype[Any]") -> Array:
    """An array in the type that a leaf held, where that can hold it; fractions never are cut."""
    if np.can_cast(array.dtype, held, "same_kind"):
        return array.astype(held)
    return array.astype(get_default_dtype().numpy) if array.dtype == np.float64 else array


def put_block(array: Array, block: Array, at: Place, row: int, column: int) -> Array:
    """A tensor with a block of numbers put in from a cell on; it grows where the block reaches
    beyond it, which a slice of a larger tensor cannot."""
    if array.ndim == 1 and block.shape[1] == 1:
        block = block.reshape(1, -1)
    rows, columns = row + block.shape[0], column + block.shape[1]
    table = as_table(array, at)
    if rows <= table.shape[0] and columns <= table.shape[1]:
        block = fitted(block, array.dtype)
        made = array.astype(block.dtype)
        as_table(made, at)[row:rows, column:columns] = block
        return made
    if array.ndim > 2:
        raise GridError(
            f"{shape_text(block.shape)} numbers from here on reach beyond a slice of "
            f"{shape_text(table.shape)}"
        )
    if array.ndim == 1 and rows > 1:
        raise GridError(
            "a vector has one row: mark all of it (Ctrl+A) to have it become this matrix"
        )
    block = fitted(block, array.dtype)
    size = max(rows, table.shape[0]), max(columns, table.shape[1])
    grown = np.zeros(size, block.dtype)
    grown[: table.shape[0], : table.shape[1]] = table
    grown[row:rows, column:columns] = block
    return grown.reshape(-1) if array.ndim == 1 else grown


def replaced_by(array: Array, block: Array) -> Array:
    """A block in place of a whole leaf: one row or column is a vector where it was none larger."""
    made = fitted(block, array.dtype)
    if array.ndim < 2 and 1 in block.shape:
        return made.reshape(-1) if block.size > 1 or array.ndim else made.reshape(())
    if array.ndim > 2:
        raise GridError(f"a table cannot stand for {shape_text(array.shape)}: mark a part of it")
    return made


def with_line(array: Array, axis: int, after: int) -> Array:
    """A tensor with one more row (axis -2) or column (axis -1) of zeros behind that one.

    A number becomes a vector, a vector with another row a matrix.
    """
    if array.ndim == 0:
        array = array.reshape(1)
    if array.ndim == 1 and axis == -2:
        array = array.reshape(1, -1)
    return np.insert(array, min(after + 1, array.shape[axis]), 0, axis=axis)


def without_lines(array: Array, axis: int, gone: Collection[int]) -> Array:
    """A tensor without those rows (axis -2) or columns (axis -1); one at least stays."""
    word = "row" if axis == -2 else "column"
    if array.ndim < -axis:
        raise GridError(f"there are no {word}s to take away")
    if len(set(gone)) >= array.shape[axis]:
        raise GridError(f"the last {word} stays: a tensor of nothing has nothing to show")
    return np.delete(array, sorted(set(gone)), axis=axis)
