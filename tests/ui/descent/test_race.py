import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from gradviz.bundled import bundled
from gradviz.descent import parse_runner
from gradviz.graph import compose

LEFT = Qt.MouseButton.LeftButton


def value(editor, name):
    node = next(n.id for n in editor.graph.nodes.values() if n.name == name)
    return editor.evaluation.value(node).item()


def drag(qtbot, widget, begin, *through):
    qtbot.mouseMove(widget, begin)
    qtbot.mousePress(widget, LEFT, pos=begin)
    for place in through:
        qtbot.mouseMove(widget, place)
    qtbot.mouseRelease(widget, LEFT, pos=through[-1])


def place(contour, x, y):
    return contour.frame().point(x, y).toPoint()


def test_every_runner_walks_down(descend):
    race = descend().race
    assert len(race.runners) == 3
    np.testing.assert_allclose(
        race.coordinates(race.runners[0].trajectory)[:, 0], 1.5 * 0.8 ** np.arange(61), atol=1e-6
    )


def test_dragging_the_start_moves_the_parameters_live_and_is_one_undo_step(qtbot, descend, editor):
    workspace = descend()
    contour = workspace.centre.contour
    seen = []
    editor.evaluated.connect(lambda ids: seen.append(value(editor, "theta1")))
    drag(
        qtbot, contour, contour.start_place().toPoint(), place(contour, 0.5, 0.5),
        place(contour, -1.0, 0.7), place(contour, -2.0, 1.0),
    )  # fmt: skip
    assert value(editor, "theta1") == pytest.approx(-2.0, abs=0.02)
    assert value(editor, "theta2") == pytest.approx(1.0, abs=0.02)
    assert len(seen) >= 3
    workspace.race.settle()
    first = workspace.race.runners[0].trajectory.points[0]
    assert [float(v) for v in first.values()] == pytest.approx([-2.0, 1.0], abs=0.02)
    assert editor.stack.count() == 1
    editor.stack.undo()
    assert value(editor, "theta1") == 1.5
    assert value(editor, "theta2") == -2.0


def test_two_drags_are_two_undo_steps(qtbot, descend, editor):
    contour = descend().centre.contour
    for to in (1.0, 2.0):
        drag(qtbot, contour, contour.start_place().toPoint(), place(contour, to, to))
    assert editor.stack.count() == 2


def test_a_drag_past_the_edge_stays_in_the_picture(qtbot, descend, editor):
    contour = descend().centre.contour
    drag(qtbot, contour, contour.start_place().toPoint(), QPoint(-500, -500))
    assert value(editor, "theta1") == -3.0
    assert value(editor, "theta2") == 3.0


def test_a_start_dragged_over_an_extent_that_was_chosen_to_fit_stays_under_the_mouse(
    qtbot, descend, editor
):
    workspace = descend(text="W = tensor([1.5, -2.0], requires_grad=True)\nJ = (W ** 2).sum()")
    contour = workspace.centre.contour
    assert workspace.race.settings.ranges is None
    shown = contour.frame()
    begin, to = contour.start_place().toPoint(), place(contour, 0.5, 0.25)
    drag(qtbot, contour, begin, (begin + to) / 2, to)
    assert contour.frame() == shown
    assert (contour.start_place() - QPointF(to)).manhattanLength() < 2
    assert editor.stack.count() == 1
    editor.stack.undo()
    assert workspace.race.settings.ranges is None
    qtbot.mouseClick(workspace.centre.bar.fit, LEFT)
    assert workspace.race.settings.ranges is None


def test_a_double_click_starts_there(qtbot, descend, editor):
    contour = descend().centre.contour
    qtbot.mouseDClick(contour, LEFT, pos=place(contour, -1.0, 2.0))
    assert value(editor, "theta1") == pytest.approx(-1.0, abs=0.02)
    assert value(editor, "theta2") == pytest.approx(2.0, abs=0.02)


def test_dragging_the_land_moves_what_is_shown_and_leaves_the_start(qtbot, descend, editor):
    workspace = descend()
    contour = workspace.centre.contour
    before = contour.frame()
    drag(qtbot, contour, place(contour, -1, 1), place(contour, -0.5, 1), place(contour, 0, 1))
    left, right = contour.frame().across
    assert right - left == pytest.approx(6.0)
    assert left == pytest.approx(before.across[0] - 1.0, abs=0.05)
    assert value(editor, "theta1") == 1.5
    assert workspace.race.land.xs[0] == pytest.approx(left)


def test_the_wheel_zooms_about_the_mouse(qtbot, descend):
    workspace = descend()
    contour = workspace.centre.contour
    at = QPointF(place(contour, 1.0, 1.0))
    event = QWheelEvent(
        at, contour.mapToGlobal(at), QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(contour, event)
    left, right = contour.frame().across
    assert right - left < 5.0
    assert contour.frame().coordinates(at) == pytest.approx((1.0, 1.0), abs=0.02)
    qtbot.mouseClick(workspace.centre.bar.fit, LEFT)
    assert contour.frame().across == (-3.0, 3.0)


def test_the_canvas_gets_the_values_and_gradients_of_the_step(descend, editor):
    workspace = descend()
    node = next(n.id for n in editor.graph.nodes.values() if n.name == "theta1")
    workspace.race.go_to(2)
    assert editor.value(node).item() == pytest.approx(1.5 * 0.64)
    kind, gradient = editor.gradient(node)
    assert kind == "known"
    assert float(gradient) == pytest.approx(3.0 * 0.64)
    workspace.race.choose(1)
    assert editor.value(node).item() != pytest.approx(1.5 * 0.64)


def test_leaving_shows_the_document_s_own_values_again(descend, editor):
    workspace = descend()
    workspace.race.go_to(5)
    assert editor.preview is not None
    editor.set_workspace("build")
    assert editor.preview is None
    editor.set_workspace("descend")
    workspace.race.settle()
    assert editor.preview is not None
    assert workspace.race.step == 5


def test_an_edit_of_the_graph_elsewhere_is_followed(descend, editor):
    workspace = descend()
    node = next(n.id for n in editor.graph.nodes.values() if n.name == "theta1")
    editor.perform(compose.set_value(editor.graph, node, 0.5))
    workspace.race.settle()
    assert float(workspace.race.runners[0].trajectory.points[0][node]) == 0.5
    assert workspace.centre.contour.start_place() == workspace.centre.contour.frame().point(0.5, -2)


def test_moving_a_card_runs_nothing(descend, editor):
    workspace = descend()
    before = workspace.race.runners
    node = next(iter(editor.graph.nodes))
    editor.perform(compose.move(editor.graph, {node: (50.0, 60.0)}))
    assert workspace.race.runners is before


def test_only_the_runner_that_was_set_otherwise_runs_again(descend):
    race = descend().race
    before = list(race.runners)
    race.set_runner(0, parse_runner("SGD lr=0.2"))
    race.settle()
    assert race.runners[0] is not before[0]
    assert race.runners[1:] == before[1:]


def test_what_is_set_is_kept_in_the_document(descend, editor):
    race = descend().race
    race.set_settings("Set the steps", steps=12)
    assert editor.graph.settings.descent["steps"] == 12
    assert race.steps == 12
    editor.stack.undo()
    assert race.steps == 60


def test_another_document_is_read_anew(descend, editor):
    workspace = descend()
    workspace.race.go_to(40)
    editor.open(bundled("samples") / "saddle.gradviz")
    workspace.race.settle()
    assert workspace.race.step == 0
    assert workspace.race.land is not None
    assert workspace.race.land.values.min() < -1


def test_divergence_is_said_and_the_extent_kept(descend):
    workspace = descend()
    race = workspace.race
    race.set_runner(0, parse_runner("SGD lr=1.5"))
    race.settle()
    step = race.runners[0].trajectory.diverged
    assert step is not None
    race.go_to(60)
    assert f"at step {step}, where the way ends" in workspace.runners.rows[0].told.text()
    assert workspace.centre.contour.frame().across == (-3.0, 3.0)
    assert workspace.loss.chart.series[0].note == "diverging from step 0"
    _low, high = workspace.loss.chart._frame().up
    assert high < 20
    assert not workspace.centre.contour.grab().isNull()


def test_a_slow_landscape_comes_later_and_the_window_goes_on(qtbot, descend):
    text = (
        "a = tensor([1.0, 2.0], requires_grad=True)\nb = tensor(0.5, requires_grad=True)\n"
        "J = logsumexp(a * b, dim=0) + a[0] ** 2"
    )
    race = descend(text=text).race
    qtbot.waitUntil(lambda: race.land is not None, timeout=5000)
    qtbot.waitUntil(lambda: len(race.land.xs) > 17, timeout=8000)
    objective = race.descent.objective
    x, y = float(race.land.xs[3]), float(race.land.ys[5])
    alone = objective.value(objective.moved(objective.start(), race.axes, (x, y)))
    assert race.land.values[5, 3] == pytest.approx(alone)
