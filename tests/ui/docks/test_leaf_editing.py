"""A leaf in the inspector: its grid by keys and clipboard, its slider with range and kind."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication

from gradviz.graph import ReplaceNode, compose
from gradviz_ui.docks.inspector import InspectorPanel

LEFT, CTRL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(qtbot, editor):
    """The page of theta1, which is given some data first."""
    panel = InspectorPanel(editor)
    qtbot.addWidget(panel)
    panel.resize(340, 1000)
    panel.show()
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)

    def show(data):
        node = editor.graph.named("theta1").id
        held = editor.graph.node(node)
        ranged = held.changed(
            attrs={**held.attrs, "data": np.array(data), "low": -5.0, "high": 5.0}
        )
        editor.perform(ReplaceNode(held, ranged))
        editor.select([node])
        qtbot.waitUntil(lambda: getattr(panel.page, "node_id", None) == node)
        return panel.page

    return show


def data(editor):
    return np.asarray(editor.graph.named("theta1").setting("data"))


def paste(page, qtbot, text):
    QGuiApplication.clipboard().setText(text)
    qtbot.keyClick(page.value_view.table, Qt.Key.Key_V, CTRL)


def cell(page, row, column):
    """The middle of a cell of the table."""
    table = page.value_view.table
    return table.visualRect(table.model().index(row, column)).center()


def test_a_spreadsheet_is_pasted_over_the_whole_leaf_as_one_step(page, editor, qtbot):
    shown = page(np.zeros((2, 2), np.float32))
    before = editor.stack.count()
    paste(shown, qtbot, "1\t2\t3\n4\t5\t6\n7,5\t8\t9\n")
    assert data(editor).tolist() == [[1, 2, 3], [4, 5, 6], [7.5, 8, 9]]
    assert data(editor).dtype == np.float32 and editor.stack.count() == before + 1
    editor.stack.undo()
    assert data(editor).shape == (2, 2)


def test_from_a_marked_cell_on_the_matrix_grows(page, editor, qtbot):
    shown = page(np.ones((2, 2), np.float32))
    qtbot.mouseClick(shown.value_view.table.viewport(), LEFT, pos=cell(shown, 1, 1))
    paste(shown, qtbot, "7 8")
    assert data(editor).tolist() == [[1, 1, 0], [1, 7, 8]]


def test_ragged_text_is_refused_with_its_row(page, editor, qtbot):
    shown = page(np.zeros((2, 2), np.float32))
    paste(shown, qtbot, "1\t2\n3")
    assert shown.grid.problem.isVisible()
    assert "Row 2 has 1 number and row 1 has 2 numbers" in shown.grid.problem.text()
    assert not data(editor).any()
    paste(shown, qtbot, "1\t2\n3\t4")
    assert shown.grid.problem.isHidden()


def test_numbers_are_copied_as_they_are_pasted(page, editor, qtbot):
    shown = page(np.array([[0.1, 2.0], [3.0, -4.0]], np.float32))
    qtbot.mouseClick(shown.grid.copy, LEFT)
    assert QGuiApplication.clipboard().text() == "0.1\t2.0\n3.0\t-4.0"
    qtbot.mouseClick(shown.value_view.table.viewport(), LEFT, pos=cell(shown, 1, 0))
    qtbot.keyClick(shown.value_view.table, Qt.Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == "3.0"


def test_rows_and_columns_by_the_buttons(page, editor, qtbot):
    shown = page(np.array(7.0, np.float32))
    assert shown.value_view.isHidden() and shown.grid.isVisible()
    qtbot.mouseClick(shown.grid.add_column, LEFT)
    qtbot.waitUntil(shown.value_view.isVisible)
    qtbot.mouseClick(shown.grid.add_row, LEFT)
    assert data(editor).tolist() == [[7, 0], [0, 0]]
    qtbot.waitUntil(shown.grid.remove_row.isEnabled)
    qtbot.mouseClick(shown.value_view.table.viewport(), LEFT, pos=cell(shown, 0, 0))
    qtbot.mouseClick(shown.grid.remove_row, LEFT)
    assert data(editor).tolist() == [[0, 0]]
    qtbot.waitUntil(lambda: not shown.grid.remove_row.isEnabled())
    qtbot.mouseClick(shown.grid.remove_column, LEFT)
    assert data(editor).tolist() == [[0]]


def test_enter_goes_on_down_a_column(page, editor, qtbot):
    shown = page(np.zeros((3, 2), np.float32))
    table = shown.value_view.table
    qtbot.mouseClick(table.viewport(), LEFT, pos=cell(shown, 0, 1))
    for typed in ("1", "2", "3"):
        qtbot.keyClicks(table, typed)
        qtbot.keyClick(table.viewport().focusWidget(), Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: table.state() != table.State.EditingState)
    assert data(editor)[:, 1].tolist() == [1, 2, 3]


def test_marked_numbers_become_zero(page, editor, qtbot):
    shown = page(np.ones((2, 2), np.float32))
    table = shown.value_view.table
    qtbot.mouseClick(table.viewport(), LEFT, pos=cell(shown, 0, 1))
    qtbot.keyClick(table, Qt.Key.Key_Delete)
    assert data(editor).tolist() == [[1, 0], [1, 1]]


def test_what_is_no_number_and_what_does_not_fit_the_type_is_said(page, editor, qtbot):
    shown = page(np.array([1.0, 2.0], np.float32))
    table = shown.value_view.table
    qtbot.mouseClick(table.viewport(), LEFT, pos=cell(shown, 0, 0))
    qtbot.keyClicks(table, "x")
    qtbot.keyClick(table.viewport().focusWidget(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "“x” is not a number" in shown.grid.problem.text())
    node = editor.graph.named("theta1").id
    editor.perform(compose.set_attr(editor.graph, node, "requires_grad", False))
    editor.perform(compose.set_value(editor.graph, node, np.array([1, 2])))
    qtbot.waitUntil(lambda: shown.dtype.figure.text() == "int64")
    model = shown.value_view.model
    assert not model.setData(model.index(0, 0), "2.5")
    assert "whole numbers only" in shown.grid.problem.text()


def setting(page, name):
    return next(f for f in page.slider.form.fields if f.attr.name == name)


def test_the_slider_goes_by_orders_of_magnitude_once_it_is_told_to(page, editor, qtbot):
    shown = page(np.array(1.0, np.float32))
    switch = setting(shown, "log").editor
    qtbot.mouseClick(switch, LEFT, pos=QPoint(8, switch.height() // 2))
    node = editor.graph.named("theta1")
    assert node.setting("log") and node.setting("low") == pytest.approx(0.005)
    qtbot.waitUntil(lambda: shown.slider.slider.scale.log)
    slider = shown.slider.slider
    qtbot.mouseClick(slider, LEFT, pos=QPoint(slider.width() // 2, slider.height() // 2))
    middle = (node.setting("low") * node.setting("high")) ** 0.5
    assert float(data(editor)) == pytest.approx(middle, rel=0.05)
    card_scale = shown.slider.slider.scale
    from gradviz_ui.sliders import slider_scale

    assert slider_scale(editor.graph.named("theta1")) == card_scale


def test_range_and_step_are_typed_and_the_slider_keeps_to_them(page, editor, qtbot):
    shown = page(np.array(1.0, np.float32))
    for name, typed in (("low", "-2"), ("high", "10"), ("step", "0.5")):
        field = setting(shown, name).editor
        field.selectAll()
        qtbot.keyClicks(field, typed)
        qtbot.keyClick(field, Qt.Key.Key_Return)
    slider = shown.slider.slider
    qtbot.waitUntil(lambda: (slider.scale.low, slider.scale.high) == (-2, 10))
    middle = slider.height() // 2
    found = set()
    for part in (0.02, 0.31, 0.62, 0.99):
        qtbot.mouseClick(slider, LEFT, pos=QPoint(int(slider.width() * part), middle))
        found.add(float(data(editor)))
    assert len(found) == 4 and all(-2 <= v <= 10 and v % 0.5 == 0 for v in found)


@pytest.fixture
def whole(page, editor, qtbot):
    """The page of theta1 as a constant that holds the whole number 2."""
    shown = page(np.array(1.0, np.float32))
    node = editor.graph.named("theta1").id
    editor.perform(compose.set_attr(editor.graph, node, "requires_grad", False))
    editor.perform(compose.set_value(editor.graph, node, np.array(2)))
    qtbot.waitUntil(lambda: shown.scalar.text() == "2")
    return shown


def retype(qtbot, field, typed):
    qtbot.mouseClick(field, LEFT)
    field.selectAll()
    qtbot.keyClicks(field, typed)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def test_a_whole_number_is_never_cut_to_size(whole, editor, qtbot):
    retype(qtbot, whole.scalar, "2.5")
    assert "2.500 is not a whole number" in whole.scalar.toolTip()
    qtbot.keyClick(whole.scalar, Qt.Key.Key_Escape)
    assert data(editor).item() == 2 and whole.scalar.text() == "2"
    retype(qtbot, whole.scalar, "9223372036854775807")
    assert "is outside −9223372036854775808 to" in whole.scalar.toolTip()
    qtbot.keyClick(whole.scalar, Qt.Key.Key_Escape)
    assert data(editor).item() == 2
    node = editor.graph.named("theta1").id
    editor.perform(compose.set_attr(editor.graph, node, "dtype", "float32"))
    qtbot.waitUntil(lambda: whole.scalar.text() == "2.000")
    retype(qtbot, whole.scalar, "2.5")
    assert data(editor).item() == 2.5 and editor.value(node).item() == 2.5


def test_a_slider_of_whole_numbers_comes_to_no_others(whole, editor, qtbot):
    node, slider = editor.graph.named("theta1").id, whole.slider.slider
    middle = slider.height() // 2
    editor.perform(compose.set_attr(editor.graph, node, "low", 0.5))
    for log in (False, True):
        editor.perform(compose.set_attr(editor.graph, node, "log", log))
        qtbot.waitUntil(lambda log=log: slider.scale.log == log)
        for part in (0.02, 0.31, 0.62, 0.99):
            qtbot.mouseClick(slider, LEFT, pos=QPoint(int(slider.width() * part), middle))
            assert data(editor).item() == slider.value and slider.value % 1 == 0
        assert slider.value == 5


def test_a_slider_of_a_type_without_negative_numbers_starts_at_zero(whole, editor, qtbot):
    node, slider = editor.graph.named("theta1").id, whole.slider.slider
    editor.perform(compose.set_value(editor.graph, node, np.array(2, np.uint8)))
    qtbot.waitUntil(lambda: slider.scale.low == 0)
    qtbot.mouseClick(slider, LEFT, pos=QPoint(1, slider.height() // 2))
    assert data(editor).item() == 0 == slider.value


def test_the_range_that_a_slider_has_by_itself_is_told(page, qtbot):
    shown = page(np.array(2.0, np.float32))
    for name in ("low", "high"):
        field = setting(shown, name).editor
        field.clear()
        qtbot.keyClick(field, Qt.Key.Key_Return)
    low, high = (setting(shown, name).editor for name in ("low", "high"))
    qtbot.waitUntil(lambda: low.placeholderText() == "−3.000, automatic")
    assert high.placeholderText() == "3.000, automatic"


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [("low", "9", "starts below its end"), ("step", "0", "above 0"), ("high", "inf", "finite")],
)
def test_a_range_that_is_none_is_refused_in_place(page, editor, qtbot, name, typed, said):
    shown = page(np.array(1.0, np.float32))
    field = setting(shown, name)
    field.editor.selectAll()
    qtbot.keyClicks(field.editor, typed)
    qtbot.keyClick(field.editor, Qt.Key.Key_Return)
    assert field.problem.isVisible() and said in field.problem.text()


def test_a_drag_of_the_inspectors_slider_is_one_step(page, editor, qtbot):
    shown = page(np.array(1.0, np.float32))
    slider, before = shown.slider.slider, editor.stack.count()
    middle = slider.height() // 2
    qtbot.mousePress(slider, LEFT, pos=QPoint(slider.width() // 2, middle))
    for x in (0.6, 0.7, 0.8):
        qtbot.mouseMove(slider, QPoint(int(slider.width() * x), middle))
    qtbot.mouseRelease(slider, LEFT, pos=QPoint(int(slider.width() * 0.8), middle))
    assert float(data(editor)) > 2 and editor.stack.count() == before + 1


def test_a_tensors_spread_is_drawn_and_said(page, editor, qtbot):
    numbers = np.array([[0.0, 1.0, 2.0, 3.0]] * 4 + [[np.nan, np.inf, 3.0, 3.0]], np.float32)
    view = page(numbers).value_view
    said = view.figures.text().replace("\N{NO-BREAK SPACE}", " ")
    assert said.startswith("min 0.000   max 3.000   mean")
    assert said.endswith("1 nan   1 inf")
    assert view.histogram.isVisible() and view.histogram.counts.sum() == 18
    assert view.histogram.said_at(view.histogram.width() - 2).endswith("to 3.000: 6")
    view.grab()
    small = page(np.array([1.0, 2.0], np.float32)).value_view
    qtbot.waitUntil(small.histogram.isHidden)
    assert small.figures.isVisible()
