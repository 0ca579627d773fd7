"""The pages about one node: ledger with its sums, paths, Jacobian and check, by mouse and keys."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gradviz.graph import Graph, compose
from gradviz.program import graph_from_source
from gradviz_ui.docks.backward_inspector import BackwardInspector
from gradviz_ui.docks.backward_ledger import Figure
from gradviz_ui.editor import Editor

LEFT = Qt.MouseButton.LeftButton
FAN_OUT = "x = tensor(2.0, requires_grad=True)\nsquared = x ** 2\nJ = squared + 3 * x"
BROADCAST = """
m = tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], requires_grad=True)
b = tensor([0.5, -1.0], requires_grad=True)
y = m * b
J = sum(y)
"""
PRODUCT = """
A = tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
B = tensor([[1.0, -1.0], [0.5, 2.0]], requires_grad=True)
C = A @ B
J = sum(C)
"""


@pytest.fixture
def document() -> Graph:
    return Graph()


@pytest.fixture
def inspector(editor: Editor, qtbot: QtBot) -> BackwardInspector:
    made = BackwardInspector(editor)
    qtbot.addWidget(made)
    made.resize(368, 800)
    with qtbot.waitExposed(made):
        made.show()
    return made


def at(editor: Editor, inspector: BackwardInspector, qtbot: QtBot, source: str, name: str) -> str:
    """Open a graph and go to the step of a node; its id."""
    editor.show_graph(graph_from_source(source))
    node = editor.graph.named(name)
    assert node is not None and editor.walk is not None
    editor.set_moment(editor.walk.moment_of(node.id) or 0)
    qtbot.waitUntil(lambda: inspector.name.text() == name)
    return node.id


def node(editor: Editor, name: str) -> str:
    found = editor.graph.named(name)
    assert found is not None
    return found.id


def set_value(editor: Editor, name: str, value: float) -> None:
    editor.perform(compose.set_value(editor.graph, node(editor, name), value), "", "slider")


# while values move -------------------------------------------------------------------------


def test_moving_a_value_shows_other_numbers_in_the_same_cells(
    editor: Editor, inspector: BackwardInspector, qtbot: QtBot
) -> None:
    at(editor, inspector, qtbot, FAN_OUT, "squared")
    (table,) = inspector.ledger.sums.tables
    cells = inspector.ledger.table.findChildren(Figure)
    assert inspector.ledger.table.words() == [["x", "1.000", "4.000", "4.000"]]
    set_value(editor, "x", 5.0)
    qtbot.waitUntil(lambda: inspector.ledger.table.words() == [["x", "1.000", "10.00", "10.00"]])
    assert inspector.ledger.table.findChildren(Figure) == cells
    assert inspector.ledger.sums.tables == [table]
    assert [figure.text() for figure in table.findChildren(Figure)] == ["3.000", "10.00", "13.00"]
    assert [figure.value for figure in table.findChildren(Figure)] == [3.0, 10.0, 13.0]
    assert "13" in table.findChildren(Figure)[-1].toolTip()


def test_a_value_that_is_now_a_tensor_has_cells_of_its_own(
    editor: Editor, inspector: BackwardInspector, qtbot: QtBot
) -> None:
    source = "x = tensor(2.0, requires_grad=True)\nsquared = x ** 2\nJ = sum(squared)"
    at(editor, inspector, qtbot, source, "squared")
    assert inspector.ledger.table.words()[0][1] == "1.000"
    change = compose.set_value(editor.graph, node(editor, "x"), np.ones((2, 2), np.float32))
    editor.perform(change)
    qtbot.waitUntil(lambda: inspector.ledger.table.words()[0][1] == "(2, 2)")


# the ledger's sums -------------------------------------------------------------------------


def test_at_a_fan_out_the_terms_so_far_and_those_missing_are_listed(
    editor: Editor, inspector: BackwardInspector, qtbot: QtBot
) -> None:
    at(editor, inspector, qtbot, FAN_OUT, "mul1")
    (table,) = inspector.ledger.sums.tables
    assert table.words() == [
        ["from 3·x", "3.000"], ["from squared", "· · ·"], ["sum so far, 1 missing", "3.000"],
    ]  # fmt: skip
    editor.set_moment(editor.moment + 1)
    qtbot.waitUntil(lambda: inspector.name.text() == "squared")
    (table,) = inspector.ledger.sums.tables
    assert table.words()[-2:] == [["from squared", "4.000"], ["sum", "7.000"]]


def test_calls_in_a_row_are_a_sum_of_their_own(
    editor: Editor, inspector: BackwardInspector, qtbot: QtBot
) -> None:
    editor.show_graph(graph_from_source(FAN_OUT))
    editor.passes.again()
    assert editor.walk is not None
    editor.set_moment(len(editor.walk))
    qtbot.waitUntil(lambda: len(inspector.ledger.sums.tables) == 2)
    fan_out, calls = inspector.ledger.sums.tables
    assert fan_out.words()[-1] == ["sum", "7.000"]
    assert calls.words() == [
        ["held from earlier calls", "7.000"], ["+ this pass", "7.000"], ["x.grad", "14.00"],
    ]  # fmt: skip


def test_a_broadcast_has_its_own_line(
    editor: Editor, inspector: BackwardInspector, qtbot: QtBot
) -> None:
    at(editor, inspector, qtbot, BROADCAST, "y")
    assert ["(3, 2) → (2) summed over axis 0"] in inspector.ledger.table.words()


# following an element ------------------------------------------------------------------------


def test_the_element_under_the_pointer_is_followed_through_every_factor(
    editor: Editor, inspector: BackwardInspector, qtbot: QtBot
) -> None:
    product = at(editor, inspector, qtbot, PRODUCT, "C")
    upstream, _, sent = inspector.ledger.follow.maps
    qtbot.mouseMove(sent, QPoint(1, 1))
    qtbot.mouseMove(sent, sent.centre_of(0, 1))
    assert sent.marked == ((0, 1),) and upstream.marked == ((0, 0), (0, 1))
    said = inspector.ledger.follow.followed.accessibleName()
    assert "A[0, 1]" in said and "= 2.500" in said
    assert dict(editor.spotlight.elements) == {
        product: frozenset({(0, 0), (0, 1)}), node(editor, "A"): frozenset({(0, 1)}),
    }  # fmt: skip
    QApplication.sendEvent(sent, leaving())
    assert not editor.spotlight.elements and not sent.marked


def leaving():
    from PySide6.QtCore import QEvent

    return QEvent(QEvent.Type.Leave)


def test_single_numbers_need_no_pictures(
    editor: Editor, inspector: BackwardInspector, qtbot: QtBot
) -> None:
    at(editor, inspector, qtbot, FAN_OUT, "squared")
    assert not inspector.ledger.follow.isVisible()


# paths ---------------------------------------------------------------------------------------


def test_each_path_is_listed_with_its_product_and_the_chosen_one_lit(
    editor: Editor, inspector: BackwardInspector, qtbot: QtBot
) -> None:
    at(editor, inspector, qtbot, FAN_OUT, "x")
    inspector.tabs.choose("paths")
    page = inspector.paths
    assert "3.000 + 4.000 = 7.000" in page.count.text() and page.list.count() == 2
    place = page.list.visualItemRect(page.list.item(1)).center()
    qtbot.mouseClick(page.list.viewport(), LEFT, pos=place)
    squared, total = node(editor, "squared"), node(editor, "J")
    assert editor.spotlight.wires == {(squared, 0), (total, 0)}
    assert r"\textcolor{grad}{4.000}" in page.product.formulas[0]
    inspector.tabs.choose("ledger")
    assert not editor.spotlight.wires


def test_before_its_step_the_paths_of_a_node_are_counted_only(
    editor: Editor, inspector: BackwardInspector, qtbot: QtBot
) -> None:
    at(editor, inspector, qtbot, FAN_OUT, "J")
    editor.select({node(editor, "x")})
    inspector.tabs.choose("paths")
    qtbot.waitUntil(lambda: inspector.name.text() == "x")
    assert inspector.paths.count.text().startswith("2 paths lead here")
    assert not inspector.paths.sum.formulas


# the Jacobian --------------------------------------------------------------------------------


def test_a_click_on_an_entry_says_what_it_means_everywhere(
    editor: Editor, inspector: BackwardInspector, qtbot: QtBot
) -> None:
    product = at(editor, inspector, qtbot, PRODUCT, "C")
    inspector.tabs.choose("jacobian")
    page = inspector.jacobian
    assert "4 × 4" in page.about.text() and "2 blocks" in page.about.text()
    qtbot.mouseClick(page.matrix, LEFT, pos=page.matrix.centre_of(1, 0))
    assert "A unit more of A[0, 0] moves C[0, 1] by −1.000." in page.meaning.accessibleName()
    assert page.arrived.marked == ((1, 0),) and page.sent.marked == ((0, 0),)
    assert editor.spotlight.elements[product] == {(0, 1)}


def test_the_jacobian_by_the_other_input_is_a_click_away(
    editor: Editor, inspector: BackwardInspector, qtbot: QtBot
) -> None:
    at(editor, inspector, qtbot, PRODUCT, "C")
    inspector.tabs.choose("jacobian")
    assert inspector.jacobian.shown is not None
    assert inspector.jacobian.shown.source_name == "A"
    inspector.jacobian.choice.button(1).click()
    assert inspector.jacobian.shown.source_name == "B"


def test_a_leaf_has_no_jacobian_and_says_so(
    editor: Editor, inspector: BackwardInspector, qtbot: QtBot
) -> None:
    at(editor, inspector, qtbot, PRODUCT, "A")
    inspector.tabs.choose("jacobian")
    assert inspector.jacobian.about.text().startswith("A leaf has no inputs")


# the check -----------------------------------------------------------------------------------


def test_the_check_shows_both_numbers_and_the_size_of_the_error(
    editor: Editor, inspector: BackwardInspector, qtbot: QtBot
) -> None:
    at(editor, inspector, qtbot, FAN_OUT, "x")
    inspector.tabs.choose("check")
    qtbot.waitUntil(lambda: inspector.check.verdict.text().startswith("✓ agrees"), timeout=8000)
    assert inspector.check.words()[:2] == [("gradient", "7.000"), ("differences", "7.000")]


def test_the_whole_graph_is_checked_one_node_after_the_other(
    editor: Editor, inspector: BackwardInspector, qtbot: QtBot
) -> None:
    at(editor, inspector, qtbot, FAN_OUT, "x")
    inspector.tabs.choose("check")
    sweep = inspector.check.sweep
    qtbot.mouseClick(sweep.button, LEFT)
    assert sweep.button.text() == "Stop"
    qtbot.waitUntil(lambda: sweep.button.text() == "Check every gradient", timeout=8000)
    assert sweep.progress.text() == "4 of 4 agree"
    editor.passes.again()
    assert not sweep.found, "what was found is of another pass"


def test_a_tensors_gradient_that_stays_at_a_leaf_is_a_picture(
    editor: Editor, inspector: BackwardInspector, qtbot: QtBot
) -> None:
    at(editor, inspector, qtbot, PRODUCT, "A")
    qtbot.waitUntil(inspector.ledger.arrived.isVisible)
    at(editor, inspector, qtbot, FAN_OUT, "x")
    qtbot.waitUntil(lambda: not inspector.ledger.arrived.isVisible())
