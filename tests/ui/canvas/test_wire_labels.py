"""What wires say in Build: shapes, what is broadcast, types that change; where there is room."""

import pytest
from PySide6.QtCore import QRectF

from gradviz.graph import Wire
from gradviz_ui.canvas.wire_labels import label_of

TEXT = """column = tensor([[1.0], [2.0], [3.0]])
row = tensor([[1, 2, 3, 4]])
c = column * row
s = sum(c)
k = s * 2"""
LIFTED = ("int64 → float32", "→ float32")


@pytest.fixture
def label(editor, showing):
    graph = showing(TEXT)

    def of(source: str, target: str, port: int = 0):
        names = graph.ids_by_name
        return label_of(editor, Wire(names[source], names[target], port))

    return of


def seen_by(view) -> QRectF:
    return view.mapToScene(view.viewport().rect()).boundingRect()


def test_shapes_stretches_and_types_are_said(label):
    assert label("c", "s").words == ("(3, 4)",) and not label("c", "s").changes
    assert label("column", "c").words == ("(3, 1) → (3, 4)", "→ (3, 4)")
    assert label("row", "c", 1).words[0] == "(1, 4) → (3, 4)  int64 → float32"
    assert label("row", "c", 1).changes
    assert label("s", "k").words == ()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("c = a / 2", LIFTED), ("c = a * 0.5", LIFTED), ("c = sqrt(a)", LIFTED),
        ("c = a > 1", ("(2)",)), ("c = a * 2", ("(2)",)),
        ("c = a.to(dtype=float64)", ("(2)",)),
    ],
)  # fmt: skip
def test_only_what_is_lifted_to_another_type_says_so(editor, showing, line, words):
    graph = showing(f"a = tensor([1, 2])\n{line}")
    names = graph.ids_by_name
    assert label_of(editor, Wire(names["a"], names["c"], 0)).words == words


def test_labels_lie_on_no_card_and_on_no_other_label(label, view, qtbot):
    view.look(1.0, view.canvas.bounds().center(), QRectF(view.viewport().rect()).center())
    placed = view.canvas.labels.placed(seen_by(view))
    assert any("→" in words for _, words, _ in placed)
    boxes = [card.body() for card in view.canvas.cards.values()] + [area for area, *_ in placed]
    areas = [area for area, *_ in placed]
    assert not any(a.intersects(b) for a in areas for b in boxes if a is not b)
    view.grab()


def test_they_stay_where_they_are_and_go_with_the_workspace(label, view, editor):
    view.look(1.0, view.canvas.bounds().center(), QRectF(view.viewport().rect()).center())
    first = view.canvas.labels.placed(seen_by(view))
    assert view.canvas.labels.placed(seen_by(view)) == first
    editor.set_workspace("backward")
    assert view.canvas.labels.placed(seen_by(view)) == []


def test_a_wire_whose_value_failed_says_nothing(label, editor, showing):
    graph = showing("a = tensor([[1.0, 2.0]])\nb = a @ a\nc = b * 2")
    names = graph.ids_by_name
    assert label_of(editor, Wire(names["b"], names["c"], 0)).words == ()
    assert label_of(editor, Wire(names["a"], names["b"], 0)).words == ("(1, 2)",)
