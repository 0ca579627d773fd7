"""Files put into the open document, dropped on the canvas or chosen: data as leaves, graphs as
pieces."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCursor, QImage, QImageReader
from PySide6.QtWidgets import QMenu, QWidget

from gradviz.files import FileError, load
from gradviz.files.data_files import (
    READERS,
    Columns,
    Origin,
    add_leaves,
    checked,
    columns_of,
    read_arrays,
    read_table,
)
from gradviz.files.sources import (
    choose_columns,
    columns_named,
    elements,
    origin,
    replace_elements,
    table_at,
)
from gradviz.graph import pieces
from gradviz.ops.spec import Array

from .editor import Editor
from .images import PICTURES

Place = tuple[float, float]
AskColumns = Callable[[str, tuple[str, ...], Callable[[Columns], None]], None]
"""Asks how a table becomes leaves: its name, its columns, and what to do with the answer."""

KNOWN: Final = (".gradviz", ".csv", *READERS, *PICTURES)
"""How the names of files end that can be put in."""


def import_files(editor: Editor, paths: Iterable[Path], at: Place, ask: AskColumns) -> None:
    """Put files in at a place of the scene; what cannot be is refused in a sentence."""
    for path in paths:
        try:
            _import(editor, path, at, ask)
        except FileError as problem:
            editor.refused.emit(str(problem))


def _import(editor: Editor, path: Path, at: Place, ask: AskColumns) -> None:
    kind = path.suffix.lower()
    if kind not in KNOWN:
        known = f"{', '.join(KNOWN[:-1])} or {KNOWN[-1]}"
        raise FileError(f"{path.name}: this cannot be put in; what can be ends in {known}")
    if kind == ".gradviz":
        _add(editor, lambda: editor.perform(pieces.insert(editor.graph, load(path), at)))
    elif kind == ".csv":
        table = read_table(path)

        def put(columns: Columns) -> None:
            try:
                chosen = columns_of(path.stem, table, columns)
                arrays = {
                    name: elements(table, names, columns != "apart" and name != "y")
                    for name, names in chosen.items()
                }
                origins = {name: origin(path, names) for name, names in chosen.items()}
                _leaves(editor, checked(path.name, arrays), at, path.name, origins)
            except FileError as problem:
                editor.refused.emit(str(problem))

        ask(path.name, table.columns, put)
    else:
        arrays = read_leaves(path)
        _leaves(editor, arrays, at, path.name, dict.fromkeys(arrays, origin(path)))


def read_leaves(path: Path) -> dict[str, Array]:
    """The arrays in a file of data or a picture; FileError where there are none."""
    if path.suffix.lower() in PICTURES:
        return checked(path.name, {path.stem: picture(path)})
    return read_arrays(path)


def replace_leaf(editor: Editor, node_id: str, path: Path) -> None:
    """Give a leaf the elements of another file; of a table the columns that it had before.

    What cannot be is refused in a sentence.
    """
    node = editor.graph.node(node_id)
    try:
        if path.suffix.lower() == ".csv":
            missing = node.setting("missing")
            names = table_at(path, missing).columns
            kept = [c for c in columns_named(node.setting("columns")) if c in names]
            edit = choose_columns(editor.graph, node_id, path, kept or names, missing)
        else:
            arrays = read_leaves(path)
            if len(arrays) > 1:
                raise FileError(f"{path.name}: it has {len(arrays)} arrays, and a leaf holds one")
            edit = replace_elements(editor.graph, node_id, path, *arrays.values())
    except FileError as problem:
        editor.refused.emit(str(problem))
        return
    if edit.edits:
        editor.perform(edit)


def _leaves(
    editor: Editor, arrays: dict[str, Array], at: Place, name: str, origins: Mapping[str, Origin]
) -> None:
    label = f"Import {name}"
    _add(editor, lambda: editor.perform(add_leaves(editor.graph, arrays, at, label, origins)))


def _add(editor: Editor, perform: Callable[[], bool]) -> None:
    before = set(editor.graph.nodes)
    if perform():
        editor.select(set(editor.graph.nodes) - before)


def picture(path: Path) -> Array:
    """A picture as PyTorch's vision tools have it: ``(channels, height, width)`` from 0 to 1.

    Grey pictures have one channel, others three.
    """
    reader = QImageReader(str(path))
    image = reader.read()
    if image.isNull():
        raise FileError(f"{path.name}: it cannot be read: {reader.errorString()}")
    grey = image.isGrayscale()
    form = QImage.Format.Format_Grayscale8 if grey else QImage.Format.Format_RGB888
    image = image.convertToFormat(form)
    height, width, count = image.height(), image.width(), 1 if grey else 3
    # Each line of a picture is filled up to whole words.
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(height, image.bytesPerLine())
    pixels = lines[:, : width * count].reshape(height, width, count)
    return np.ascontiguousarray(pixels.transpose(2, 0, 1)).astype(np.float32) / np.float32(255)


def ask_columns(
    parent: QWidget, name: str, columns: tuple[str, ...], take: Callable[[Columns], None]
) -> None:
    """Ask at the pointer how a table becomes leaves."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.addAction(f"{name}: {len(columns)} columns").setEnabled(False)
    menu.addSeparator()
    offered: tuple[tuple[str, Columns], ...] = (
        ("A Vector for Each Column", "apart"),
        ("One Matrix of All Columns", "matrix"),
        (f"x and y: All Columns but “{columns[-1]}”, and That One", "target"),
    )
    for words, answer in offered[: 3 if len(columns) > 1 else 1]:
        menu.addAction(words).triggered.connect(partial(chosen, take, answer))
    menu.popup(QCursor.pos() if parent.underMouse() else parent.mapToGlobal(QPoint(24, 24)))


def chosen(take: Callable[[Columns], None], answer: Columns, *_checked: bool) -> None:
    """Do what a line of the menu says."""
    take(answer)
