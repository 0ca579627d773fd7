import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QCheckBox, QComboBox

from gradviz.graph import compose
from gradviz.program import formula, update
from gradviz_ui.docks.inspector import InspectorPanel
from gradviz_ui.docks.inspector_document import DocumentPage
from gradviz_ui.docks.inspector_facts import forward_text, shape_line
from gradviz_ui.docks.inspector_node import NodePage
from gradviz_ui.grids import as_table


@pytest.fixture
def inspector(qtbot, editor):
    panel = InspectorPanel(editor)
    qtbot.addWidget(panel)
    panel.resize(340, 900)
    panel.show()
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    return panel


@pytest.fixture
def page(inspector, editor, qtbot):
    """Select a node by name and give its page."""

    def show(name: str) -> NodePage:
        node = editor.graph.named(name)
        editor.select([node.id])
        qtbot.waitUntil(lambda: getattr(inspector.page, "node_id", None) == node.id)
        return inspector.page

    return show


def set_data(editor, name, array):
    editor.perform(compose.set_value(editor.graph, editor.graph.named(name).id, array))


def facts(editor, name):
    return editor.graph, editor.evaluation, editor.graph.named(name)


def test_the_forward_line_has_names_and_numbers(editor):
    set_data(editor, "theta1", np.array(1.5, np.float32))
    names = [node.name for node in editor.graph.nodes.values() if node.op == "pow"]
    assert forward_text(*facts(editor, names[0])) == "theta1 ** 2 = 1.500 ** 2 = 2.250"
    assert forward_text(*facts(editor, "theta1")) == ""
    assert shape_line(*facts(editor, "J")) == "( ) ← ( ), ( )"


def test_the_forward_line_of_tensors_has_no_numbers(editor):
    set_data(editor, "theta1", np.ones((2, 3), np.float32))
    names = [node.name for node in editor.graph.nodes.values() if node.op == "pow"]
    assert forward_text(*facts(editor, names[0])) == "theta1 ** 2"
    assert shape_line(*facts(editor, "J")) == "(2, 3) ← (2, 3), ( )"


def test_a_scalar_is_typed_over(page, editor, qtbot):
    field = page("theta1").scalar
    qtbot.mouseClick(field, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(field, "-2.5")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert editor.evaluation.value(editor.graph.named("theta1").id).item() == -2.5


def test_an_element_of_a_tensor_is_typed_over(page, editor, qtbot):
    set_data(editor, "theta1", np.zeros((2, 3), np.float32))
    table = page("theta1").value_view.table
    place = table.visualRect(table.model().index(1, 1)).center()
    viewport = table.viewport()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    qtbot.keyClick(table, Qt.Key.Key_F2)
    entry = table.indexWidget(table.currentIndex()) or viewport.focusWidget()
    qtbot.keyClicks(entry, "7")
    qtbot.keyClick(entry, Qt.Key.Key_Return)
    expected = [[0, 0, 0], [0, 7, 0]]
    qtbot.waitUntil(
        lambda: editor.evaluation.value(editor.graph.named("theta1").id).tolist() == expected
    )


def test_what_an_operation_computes_cannot_be_typed_over(page, editor):
    set_data(editor, "theta1", np.zeros((2, 3), np.float32))
    model = page("J").value_view.model
    assert not model.setData(model.index(0, 0), "1")


def test_renaming_by_the_field(page, editor, qtbot):
    field = page("theta1").header.name
    field.selectAll()
    qtbot.keyClicks(field, "weight")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert editor.graph.named("weight") is not None


def test_a_refused_name_is_said_and_the_old_one_stays(page, editor, qtbot):
    shown = page("theta1")
    shown.header.name.selectAll()
    qtbot.keyClicks(shown.header.name, "theta2")
    qtbot.keyClick(shown.header.name, Qt.Key.Key_Return)
    assert shown.header.problem.isVisible() and "theta2" in shown.header.problem.text()
    assert shown.header.name.text() == "theta1"


def test_a_switch_of_the_form_changes_the_setting_and_undo_shows(page, editor, qtbot):
    shown = page("theta1")
    switch = shown.form.findChild(QCheckBox)
    assert switch.isChecked()
    qtbot.mouseClick(switch, Qt.MouseButton.LeftButton, pos=QPoint(8, switch.height() // 2))
    assert not editor.evaluation.value(editor.graph.named("theta1").id).requires_grad
    editor.stack.undo()
    qtbot.waitUntil(switch.isChecked)


def test_a_wrong_setting_is_said_in_place(page, editor, qtbot):
    shown = page("theta1")
    low = next(each for each in shown.slider.form.fields if each.attr.name == "low")
    low.editor.selectAll()
    qtbot.keyClicks(low.editor, "cold")
    qtbot.keyClick(low.editor, Qt.Key.Key_Return)
    assert low.problem.isVisible() and "cold" in low.problem.text()
    assert "low" not in editor.graph.named("theta1").attrs or (
        editor.graph.named("theta1").attrs["low"] != "cold"
    )


def test_an_error_is_shown_with_its_shapes(page, editor):
    set_data(editor, "theta1", np.ones(2, np.float32))
    set_data(editor, "theta2", np.ones(3, np.float32))
    shown = page("J")
    assert shown.error.isVisible()
    assert "[2]" in shown.error.text() and "[3]" in shown.error.text()


def test_the_gradient_shows_dots_then_the_number(page, editor, qtbot):
    shown = page("theta1")
    assert shown.gradient_state.text().startswith("· · ·")
    editor.set_workspace("backward")
    editor.set_moment(len(editor.walk))
    qtbot.waitUntil(lambda: shown.gradient_state.text() == "2.000")


def test_with_nothing_selected_the_document_is_there_to_name(inspector, editor, qtbot):
    shown = inspector.page
    assert isinstance(shown, DocumentPage)
    qtbot.keyClicks(shown.title, "A bowl")
    qtbot.keyClick(shown.title, Qt.Key.Key_Return)
    assert editor.graph.settings.title == "A bowl"


def test_the_output_is_chosen(inspector, editor, qtbot):
    box = inspector.page.findChild(QComboBox)
    names = [box.itemText(row) for row in range(box.count())]
    other = next(name for name in names[1:] if name != "J")
    box.setFocus()
    qtbot.keyClicks(box, other[:4])
    box.activated.emit(box.currentIndex())
    assert editor.graph.node(editor.graph.output()).name.startswith(other[:3])


def test_another_document_is_shown_at_once(page, inspector, editor, qtbot):
    from gradviz.graph import Graph

    page("theta1")
    editor.show_graph(Graph())
    qtbot.waitUntil(lambda: isinstance(inspector.page, DocumentPage))


@pytest.mark.parametrize(
    ("shape", "at", "table"),
    [((), (), (1, 1)), ((3,), (), (1, 3)), ((2, 3), (), (2, 3)), ((4, 2, 3), (1,), (2, 3))],
)
def test_any_shape_has_a_table(shape, at, table):
    assert as_table(np.zeros(shape), at).shape == table


@pytest.mark.parametrize("shape", [(0,), (2, 0), (3, 0, 2), (2, 3, 4, 5), (1000, 1000)])
def test_odd_and_large_tensors_are_shown(page, editor, shape):
    set_data(editor, "theta1", np.full(shape, np.nan, np.float32))
    view = page("theta1").value_view
    assert view.nothing.isVisible() == (0 in shape)
    assert view.slices.isVisible() == (len(shape) > 2)
    view.grab()


def test_where_the_panel_is_narrow_the_forward_line_keeps_its_result(inspector, editor, page):
    page("J")
    figure = inspector.page.forward.figure
    inspector.resize(340, 900)
    assert figure.text() == "pow1 + pow2 = 1.000 + 1.000 = 2.000"
    assert figure.shown() == "1.000 + 1.000 = 2.000"
    inspector.resize(700, 900)
    assert figure.shown() == figure.text()


def test_what_is_wrong_with_a_node_is_mended_on_its_page(inspector, editor, page, qtbot):
    editor.perform(update(editor.graph, "x = ones(2, 3)\nw = ones(2, 3)\nc = x @ w"))
    editor.advice.refresh()
    shown = page("c").advice
    assert shown.isVisible()
    assert [b.accessibleName() for b in shown.buttons] == ["Transpose w", "Transpose x"]
    qtbot.mouseClick(shown.buttons[0], Qt.MouseButton.LeftButton)
    assert "c = x @ w.T" in formula(editor.graph).splitlines()
    qtbot.waitUntil(lambda: not page("c").advice.isVisible())


@pytest.mark.parametrize("words", ["Short.", "A line of several words. " * 12, "Many words. " * 90])
def test_a_description_shows_whole_lines_up_to_ten(inspector, editor, qtbot, qapp, words):
    editor.perform(compose.set_description(editor.graph, words))
    about = inspector.page.about
    qtbot.waitUntil(lambda: about.toPlainText() == words)
    qapp.processEvents()
    line, written = about.fontMetrics().lineSpacing(), round(about.document().size().height())
    room = about.viewport().height() - 2 * about.document().documentMargin()
    assert room == line * min(max(3, written), 10)
    assert about.verticalScrollBar().isVisible() == (written > 10)


def test_the_glyph_of_a_constant_is_not_a_parameters(page, editor, qtbot):
    violet = page("theta1").header.glyph.grab().toImage()
    theta = editor.graph.named("theta1")
    editor.perform(compose.set_attr(editor.graph, theta.id, "requires_grad", False))
    shown = page("theta1").header.glyph
    qtbot.waitUntil(lambda: shown.grab().toImage() != violet)


@pytest.mark.parametrize("shape", [(4,), (4, 4), (12, 12)])
def test_no_number_of_a_table_is_cut_short(page, editor, shape):
    numbers = np.linspace(-0.0064341, 9.123, int(np.prod(shape)), dtype=np.float32)
    set_data(editor, "theta1", numbers.reshape(shape))
    table = page("theta1").value_view.table
    model = table.model()
    for column in range(model.columnCount()):
        wanted = [table.sizeHintForIndex(model.index(row, column)).width()
                  for row in range(model.rowCount())]  # fmt: skip
        assert max(wanted) <= table.columnWidth(column)
