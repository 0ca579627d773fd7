"""What cards show of shapes stretched and types changed, and what hovering says."""

import numpy as np
import pytest

from gradviz_ui.canvas.content import content_for
from gradviz_ui.canvas.hits import Hit
from gradviz_ui.canvas.hovering import BARS, details, figures
from gradviz_ui.canvas.tips import tip_of

TABLE = "column = tensor([[1.0], [2.0], [3.0]])\nrow = tensor([[1.0, 2.0]])\n"


@pytest.fixture
def shown(editor, showing):
    """Shows a formula; gives what the card of a node says."""

    def show(text: str, name: str):
        graph = showing(text)
        return content_for(editor, graph.named(name))

    return show


def test_ports_of_what_is_stretched_are_marked_and_say_how(shown, view, editor):
    content = shown(TABLE + "c = column + row", "c")
    assert content.stretched == {0, 1}
    card = view.canvas.cards[editor.graph.named("c").id]
    assert tip_of(editor, Hit("input", card, 0)).endswith("broadcast (3, 1) → (3, 2)")
    assert tip_of(editor, Hit("input", card, 1)).endswith("broadcast (1, 2) → (3, 2)")


@pytest.mark.parametrize(
    "line",
    ["c = column * 2", "c = column + tensor(1.0)", "c = column @ row", "c = mse_loss(row, row)"],
)
def test_what_is_not_stretched_is_not_marked(shown, line):
    assert shown(TABLE + line, "c").stretched == frozenset()


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        ("a = tensor([1.0, 2.0])\nc = a > 1", "c", "bool"),
        ("a = tensor([1, 2])\nc = a + tensor([0.5, 1.0])", "c", "float32"),
        ("a = tensor([1, 2])\nc = a * 2", "a", "int64"),
        ("a = tensor([1, 2])\nc = a * 2", "c", ""),
        ("a = tensor([1.0, 2.0])\nc = a * 2", "a", ""),
        ("a = tensor([1.0, 2.0])\nc = where(a > 1, a, a)", "c", ""),
        ("a = tensor([[1.0, 2.0]])\nc = cross_entropy(a, tensor([1]))", "c", ""),
        ("a = tensor([1.0, 2.0])\nc = argmax(a)", "c", "int64"),
    ],
)
def test_a_type_is_marked_where_it_changes(shown, text, name, said):
    assert shown(text, name).new_type == said


def test_hovering_says_where_a_value_is_from_and_figures_about_it(shown, editor):
    shown("a = tensor([1, 2])\nb = tensor([0.5, 2.0])\nc = a + b", "c")
    lines = details(editor, editor.graph.named("c").id).splitlines()
    assert lines[1] == "from a (2), b (2)"
    assert lines[2] == "float32 from int64"
    assert "min 1.500   max 4.000   mean 2.750   std 1.250" in lines


def test_figures_count_what_is_no_number_and_leave_it_out():
    said, _ = figures(np.array([1.0, np.nan, 3.0, np.inf], np.float32))
    assert said == "min 1.000   max 3.000   mean 2.000   std 1.000   1 nan   1 inf"
    assert figures(np.array([np.nan, np.nan])) == ["2 nan"]
    assert figures(np.array(1.0)) == []


def test_a_vector_is_drawn_in_its_order_and_a_matrix_by_how_often():
    assert figures(np.arange(8.0))[1] == BARS
    _, drawn = figures(np.array([[0.0, 0.0, 0.0], [0.0, 0.0, 1.0]]))
    assert drawn.startswith("0.000 █")
    assert drawn.endswith("▂ 1.000")
    assert figures(np.ones((2, 2)))[1] == "all 1.000"
