"""Files dropped on the canvas become leaves where they fall."""

import json
import struct
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication, QMenu

from gradviz.files import save

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
COPY = Qt.DropAction.CopyAction


@pytest.fixture
def drop(view):
    """Drops files in the middle of the view; whether they were taken."""

    def go(*paths: Path) -> bool:
        held = QMimeData()
        held.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        middle = view.viewport().rect().center()
        enter = QDragEnterEvent(middle, COPY, held, LEFT, NONE)
        QApplication.sendEvent(view.viewport(), enter)
        if not enter.isAccepted():
            return False
        event = QDropEvent(QPointF(middle), COPY, held, LEFT, NONE)
        QApplication.sendEvent(view.viewport(), event)
        return event.isAccepted()

    return go


def data(editor, name: str):
    return editor.value(editor.graph.ids_by_name[name]).array


def test_an_array_falls_where_it_is_dropped_and_is_undone(drop, editor, view, tmp_path):
    np.save(tmp_path / "weights.npy", np.arange(6.0).reshape(2, 3))
    assert drop(tmp_path / "weights.npy")
    assert data(editor, "weights").shape == (2, 3)
    (node,) = editor.selection
    middle = view.scene_point(QPointF(view.viewport().rect().center()))
    assert editor.graph.node(node).position == pytest.approx((middle.x(), middle.y()), abs=1)
    assert editor.stack.undoText() == "Import weights.npy"
    editor.stack.undo()
    assert "weights" not in editor.graph.ids_by_name


def test_every_array_of_a_file_of_several_becomes_a_leaf(drop, editor, tmp_path):
    np.savez(tmp_path / "both.npz", inputs=np.ones((4, 2)), targets=np.arange(4))
    assert drop(tmp_path / "both.npz")
    assert data(editor, "inputs").shape == (4, 2) and data(editor, "targets").tolist() == [
        0,
        1,
        2,
        3,
    ]
    assert len(editor.selection) == 2 and editor.stack.count() == 1


def test_tensors_of_safetensors_become_leaves(drop, editor, tmp_path):
    told = {"layer.weight": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}}
    head = json.dumps(told).encode()
    body = np.arange(6, dtype=np.float32).tobytes()
    (tmp_path / "model.safetensors").write_bytes(struct.pack("<Q", len(head)) + head + body)
    assert drop(tmp_path / "model.safetensors")
    (node,) = editor.selection
    assert editor.graph.node(node).name == "layer_weight"
    assert editor.value(node).array.tolist() == [[0, 1, 2], [3, 4, 5]]


def test_a_picture_has_channels_first_from_zero_to_one(drop, editor, tmp_path):
    image = QImage(5, 2, QImage.Format.Format_RGB888)
    image.fill(Qt.GlobalColor.red)
    assert image.save(str(tmp_path / "red.png"))
    assert drop(tmp_path / "red.png")
    array = data(editor, "red")
    assert array.shape == (3, 2, 5) and array.dtype == np.float32
    assert array.reshape(3, -1).max(1).tolist() == [1, 0, 0]


def test_a_table_asks_how_and_takes_the_answer(drop, editor, view, qtbot, tmp_path):
    (tmp_path / "houses.csv").write_text("size,price\n1,10\n2,20\n")
    assert drop(tmp_path / "houses.csv")
    menu = next(m for m in view.findChildren(QMenu) if m.isVisible())
    choice = menu.actions()[-1]
    qtbot.mouseClick(menu, LEFT, pos=menu.actionGeometry(choice).center())
    assert data(editor, "x").tolist() == [[1], [2]] and data(editor, "y").tolist() == [10, 20]


def test_a_document_is_put_into_the_one_that_is_open(drop, editor, tmp_path):
    before = len(editor.graph.nodes)
    save(editor.graph, tmp_path / "piece.gradviz")
    assert drop(tmp_path / "piece.gradviz")
    assert len(editor.graph.nodes) == 2 * before


@pytest.mark.parametrize(
    ("name", "why"), [("notes.txt", "ends in .gradviz, .csv"), ("broken.npy", "cannot be read")]
)
def test_what_is_no_data_is_refused_in_a_sentence(drop, editor, qtbot, tmp_path, name, why):
    (tmp_path / name).write_bytes(b"no data")
    before = set(editor.graph.nodes)
    with qtbot.waitSignal(editor.refused) as said:
        drop(tmp_path / name)
    assert said.args[0].startswith(f"{name}: ") and why in said.args[0]
    assert set(editor.graph.nodes) == before
