"""The whole pass at a glance, in a window: sizes, health, curvature, comparison, and out of it."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from gradviz.graph import ReplaceNode, SetSettings, Settings, compose
from gradviz.program import graph_from_source
from gradviz_ui import theme
from gradviz_ui.canvas.legend import size_pen

LEFT = Qt.MouseButton.LeftButton
NET = """
x = tensor([[1.0, -2.0], [0.5, 3.0]])
W1 = tensor([[0.5, -4.0], [0.25, -5.0]], requires_grad=True)
h = relu(x @ W1)
W2 = tensor([[1.0], [2.0]], requires_grad=True)
J = sum(h @ W2)
"""
BOWL = """
a = tensor(1.0, requires_grad=True)
b = tensor(2.0, requires_grad=True)
J = a ** 2 * 3 - b ** 2
"""


@pytest.fixture
def opened(window, editor, qtbot):
    """Opens a program in Backward, at the end of the pass, with the overview in front."""

    def open_program(source: str, page: str):
        editor.show_graph(graph_from_source(source))
        window.show_workspace("backward")
        editor.set_moment(len(editor.walk or ()))
        window.workspaces.show_dock("overview")
        panel = window.workspaces.shelf.widget("overview")
        panel.tabs.choose(page)
        qtbot.waitUntil(lambda: getattr(panel, page).isVisible())
        return getattr(panel, page)

    return open_program


def change(editor, name, value):
    node = editor.graph.named(name)
    data = np.asarray(value, np.float32)
    assert editor.perform(ReplaceNode(node, node.changed(attrs={**node.attrs, "data": data})))


def test_wires_take_width_and_colour_from_their_gradients_and_a_legend_says_how(
    window, editor, opened, qtbot
):
    page = opened(NET, "sizes")
    legend = window.canvas.overlays.legend
    assert not legend.isVisible()
    qtbot.mouseClick(page.overlay, LEFT, pos=QPoint(8, page.overlay.height() // 2))
    assert legend.isVisible() and editor.passes.sizes is not None
    sizes = editor.passes.sizes
    for item in window.canvas.canvas.wires.values():
        place = (item.wire.target, item.wire.port)
        if item.state() == "grad":
            assert place in sizes.wires
    window.canvas.setFocus()
    qtbot.waitUntil(window.actions_by_name["sizes"].isEnabled)
    qtbot.keyClick(window.canvas, Qt.Key.Key_O)
    assert not legend.isVisible() and not page.overlay.isChecked()


def test_a_larger_gradient_is_a_wider_wire_and_zero_a_dotted_one():
    colours = theme.current()
    widths = [size_pen(place, colours).widthF() for place in (0.0, 0.5, 1.0)]
    assert widths == sorted(widths) and widths[0] < widths[-1]
    assert size_pen(None, colours).style() == Qt.PenStyle.DotLine


def test_the_plot_has_a_point_for_each_layer(opened):
    page = opened(NET, "sizes")
    assert len(page.plot.layers) == 2 and page.verdict.text()


def test_a_dead_unit_is_named_with_its_node_and_a_click_goes_there(opened, editor, qtbot):
    page = opened(NET.replace("-2.0], [0.5", "2.0], [0.5"), "health")
    (line,) = page.units.lines
    assert line[0] == editor.graph.named("h").id and "1 of 2" in line[1]
    qtbot.mouseClick(page.units.names[0], LEFT)
    assert editor.selection == {line[0]}


def test_a_nan_is_traced_to_the_node_that_made_it(opened, editor):
    page = opened("a = tensor(-1.0, requires_grad=True)\nb = log(a)\nJ = b * 2", "health")
    assert page.where.lines[0][0] == editor.graph.named("b").id
    assert "affected" in page.where.lines[0][1]


def test_each_leaf_without_a_gradient_says_why(opened, editor):
    page = opened(NET, "health")
    assert [(editor.graph.node(i).name, "constant" in why) for i, why in page.without.lines] == [
        ("x", True)
    ]
    assert "B" in page.memory.text()


def test_the_inspector_says_why_no_gradient_comes(window, editor, opened, qtbot):
    opened("a = tensor(2.0, requires_grad=True)\nb = a.detach()\nJ = a * b", "health")
    window.workspaces.show_dock("gradient")
    inspector = window.workspaces.shelf.widget("gradient")
    editor.select([editor.graph.named("b").id])
    qtbot.waitUntil(lambda: inspector.name.text() == "b")
    qtbot.waitUntil(lambda: "detach" in inspector.note.accessibleName())


def test_the_saved_tensors_of_a_node_are_listed(window, editor, opened, qtbot):
    opened(BOWL, "sizes")
    window.workspaces.show_dock("gradient")
    inspector = window.workspaces.shelf.widget("gradient")
    inspector.tabs.choose("saved")
    editor.select([editor.graph.named("pow1").id])
    qtbot.waitUntil(lambda: inspector.name.text() == "pow1")
    qtbot.waitUntil(lambda: [s.shape for s in inspector.saved.kept] == [()])
    assert inspector.saved.about.text().startswith("Kept until")


def test_the_hessian_is_a_picture_whose_entries_speak(opened, qtbot):
    page = opened(BOWL, "curvature")
    qtbot.mouseClick(page.compute, LEFT)
    qtbot.waitUntil(lambda: page.found is not None)
    assert np.allclose(page.found.matrix, [[6, 0], [0, -2]])
    assert "up one way and down another" in page.summary.text()
    qtbot.mouseClick(page.heat, LEFT, pos=page.heat.centre_of(0, 0))
    assert "changes the slope by a by 6.000" in page.entry.text()


def test_a_hessian_under_way_is_called_off_when_the_document_changes(opened, editor, qtbot):
    page = opened(BOWL, "curvature")
    qtbot.mouseClick(page.compute, LEFT)
    assert page.worker.running
    assert page.compute.text() == "Stop"
    assert editor.perform(compose.set_output(editor.graph, editor.graph.named("pow1").id))
    assert not page.worker.running
    assert page.compute.text() == "Compute the Hessian"
    assert page.found is None


def test_forward_and_reverse_agree_along_a_direction_typed(opened, editor, qtbot):
    page = opened(BOWL, "curvature")
    form = page.direction
    field = form.fields[editor.graph.named("b").id]
    field.clear()
    qtbot.keyClicks(field, "2")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "moves by −2.000" in form.result.text())
    said = form.result.text()
    assert "moves by −2.000" in said and "gradient · direction: −2.000" in said
    assert "a: 6.000\nb: −4.000" in said and "2 passes" in form.cost.text()
    field.clear()
    qtbot.keyClicks(field, "[1, 2]")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert "shape ( )" in form.result.text()


def test_a_pinned_pass_is_held_against_the_next(window, editor, opened, qtbot):
    page = opened(BOWL, "compare")
    qtbot.mouseClick(page.button, LEFT)
    assert "Nothing differs" in page.about.text()
    change(editor, "b", 5.0)
    names = {one.name for one in page.shown}
    assert {"b", "J"} <= names and "a" not in names
    assert f"{len(page.shown)} nodes differ" in page.about.text()


def test_pinning_by_key_opens_the_comparison(window, editor, opened, qtbot):
    opened(BOWL, "sizes")
    window.canvas.setFocus()
    held = Qt.KeyboardModifier.ControlModifier
    qtbot.waitUntil(window.actions_by_name["pin"].isEnabled)
    qtbot.keyClick(window.canvas, Qt.Key.Key_P, held)
    panel = window.workspaces.shelf.widget("overview")
    assert panel.tabs.current() == "compare" and panel.compare.pinned is not None


def test_differentiate_opens_the_pass_as_a_document(window, editor, opened, do):
    opened(BOWL, "sizes")
    before = {i: g for i, g in editor.walk.gradients.items()}
    a = editor.graph.named("a").id
    expected = float(before[a])
    do("differentiate")
    beside = window.editor
    made = beside.graph.named("d_J_d_a")
    assert beside is not editor and made is not None and beside.path is None
    assert float(beside.evaluation.value(made.id).array) == expected == 6.0
    assert editor.graph.named("d_J_d_a") is None


def test_without_a_pass_the_pages_say_why(window, editor, opened):
    page = opened(NET, "sizes")
    before = editor.graph.settings
    x = editor.graph.named("x").id
    assert editor.perform(SetSettings(before, Settings(output=x)))
    assert page.verdict.text() == editor.walk_problem and not page.plot.isVisible()
