import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QCheckBox

from gradviz.descent import parse_runner
from gradviz.descent.methods import settings_of
from gradviz_ui import theme
from gradviz_ui.descent.words import compact, numbers, runner_title

LEFT = Qt.MouseButton.LeftButton


def test_the_transport_s_buttons_and_keys_go_through_the_steps(qtbot, descend):
    workspace = descend()
    race, transport = workspace.race, workspace.centre.transport
    workspace.step()
    workspace.step()
    workspace.back()
    assert race.step == 1
    workspace.last()
    assert race.step == 60
    workspace.step()
    assert race.step == 60
    workspace.first()
    assert race.step == 0
    workspace.back()
    assert race.step == 0
    assert transport.label.text().split() == ["step", "0", "/"]
    assert transport.total.text() == "60"


def test_scrubbing_moves_every_view(qtbot, descend):
    workspace = descend()
    slider = workspace.centre.transport.slider
    qtbot.mouseClick(slider, LEFT, pos=QPoint(slider.width() // 2, slider.height() // 2))
    assert workspace.race.step == 30
    assert "step 30" in workspace.runners.rows[0].state.text()
    loss = workspace.facts.figures["loss"]
    qtbot.waitUntil(lambda: loss.text() not in ("—", "6.250"))
    qtbot.keyClick(slider, Qt.Key.Key_Home)
    assert workspace.race.step == 0
    qtbot.waitUntil(lambda: loss.text() == "6.250")


def test_playing_goes_on_by_itself_and_stops_at_the_end(qtbot, descend):
    workspace = descend()
    workspace.race.go_to(57)
    qtbot.mouseClick(workspace.centre.transport.play_button, LEFT)
    assert workspace.centre.transport.playing
    qtbot.waitUntil(lambda: not workspace.centre.transport.playing, timeout=3000)
    assert workspace.race.step == 60
    workspace.play_pause()
    assert workspace.race.step == 0
    workspace.play_pause()
    assert not workspace.centre.transport.playing


def test_a_click_on_the_loss_scrubs_there(qtbot, descend):
    workspace = descend()
    chart = workspace.loss.chart
    qtbot.mouseClick(chart, LEFT, pos=chart._frame().point(15, 1.0).toPoint())
    assert workspace.race.step == 15


def test_the_log_scale_needs_losses_above_zero(qtbot, descend):
    workspace = descend()
    assert workspace.loss.switch.isEnabled()
    switch = workspace.loss.switch
    qtbot.mouseClick(switch, LEFT, pos=QPoint(10, switch.height() // 2))
    assert workspace.loss.chart.log
    saddle = descend("saddle")
    assert not saddle.loss.switch.isEnabled()


def test_the_rate_slider_is_one_undo_step(qtbot, descend, editor):
    workspace = descend()
    slider = workspace.runners.rows[1].slider
    y = slider.height() // 2
    qtbot.mousePress(slider, LEFT, pos=QPoint(30, y))
    for x in (50, 80, 110):
        qtbot.mouseMove(slider, QPoint(x, y))
    qtbot.mouseRelease(slider, LEFT, pos=QPoint(110, y))
    assert workspace.race.chosen == 1
    assert workspace.race.specs[1].setting("lr") == pytest.approx(slider.value)
    assert editor.stack.count() == 1
    editor.stack.undo()
    assert workspace.race.specs[1].setting("lr") == 0.1


def test_every_setting_is_a_control_and_a_wrong_one_is_said_beside_it(qtbot, descend):
    workspace = descend()
    row = workspace.runners.rows[0]
    qtbot.mouseClick(row.more, LEFT)
    assert row.form.isVisible()
    assert set(row.form.controls) == {s.name for s in settings_of("SGD")}
    nesterov = row.form.controls["nesterov"]
    workspace.runners.area.ensureWidgetVisible(nesterov)
    box = nesterov.findChild(QCheckBox)
    qtbot.mouseClick(box, LEFT, pos=QPoint(8, box.height() // 2))
    assert "requires a momentum" in nesterov.problem.text()
    assert nesterov.problem.isVisible()
    assert not workspace.race.specs[0].setting("nesterov")
    assert not box.isChecked()


def test_another_optimizer_and_a_schedule_bring_their_own_controls(qtbot, descend):
    workspace = descend()
    row = workspace.runners.rows[0]
    qtbot.mouseClick(row.more, LEFT)
    row.form.optimizer.setFocus()
    qtbot.keyClick(row.form.optimizer, Qt.Key.Key_Down)
    assert workspace.race.specs[0].optimizer == "Adam"
    assert "betas" in row.form.controls
    row.form.schedule.setFocus()
    qtbot.keyClick(row.form.schedule, Qt.Key.Key_Down)
    assert workspace.race.specs[0].schedule == "StepLR"
    assert "schedule step_size" in row.form.controls
    workspace.race.settle()
    assert workspace.race.runners[0].trajectory.rates[10] == pytest.approx(0.01)


def test_the_same_axis_twice_swaps_them(qtbot, descend):
    workspace = descend()
    first, second = workspace.centre.bar.choosers
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Down)
    names = [workspace.race.descent.objective.axis_name(a) for a in workspace.race.axes]
    assert names == ["theta2", "theta1"]
    assert (first.currentText(), second.currentText()) == ("theta2", "theta1")


def test_elements_of_tensors_can_be_axes(qtbot, descend):
    workspace = descend("mlp_xor")
    chooser = workspace.centre.bar.choosers[0]
    assert any("[" in chooser.itemText(i) for i in range(chooser.count()))


def test_one_parameter_gives_a_curve_with_the_way_on_it(qtbot, descend, editor):
    workspace = descend(text="x = tensor(2.0, requires_grad=True)\nJ = (x - 1) ** 2")
    curve = workspace.centre.curve
    assert workspace.centre.pictures.currentWidget() is curve
    qtbot.mouseDClick(curve, LEFT, pos=curve.frame().point(-1.0, 2.0).toPoint())
    node = next(n.id for n in editor.graph.nodes.values() if n.name == "x")
    assert editor.evaluation.value(node).item() == pytest.approx(-1.0, abs=0.03)
    assert not curve.grab().isNull()


@pytest.mark.parametrize(
    ("text", "reason", "remedy"),
    [
        ("x = tensor([1.0, 2.0], requires_grad=True)\nJ = x * 2.0", "shape [2]", "mean()"),
        ("x = tensor(2)\nJ = x ** 2", "int64", "floating-point"),
        ("x = tensor(1.0)\nJ = x * 2.0", "no leaf that requires", "requires_grad"),
    ],
)
def test_what_cannot_be_minimised_is_said_with_a_remedy(descend, editor, text, reason, remedy):
    workspace = descend(text=text)
    centre = workspace.centre
    assert centre.stack.currentWidget() is centre.problem
    assert reason in centre.problem.reason.text()
    assert remedy in centre.problem.remedy.text()
    assert editor.preview is None
    workspace.step()
    workspace.play_pause()
    assert workspace.race.step == 0


def test_the_rule_shows_what_the_next_step_is(descend):
    workspace = descend()
    (line,) = workspace.centre.rule.lines
    np.testing.assert_allclose(line.result, [1.2, -1.6], rtol=1e-6)
    workspace.race.choose(2)
    assert [a.line.target for a in workspace.centre.rule.lines] == ["m", "v", "theta"]
    assert "(1.300, −1.800)" in workspace.centre.rule.accessibleDescription()


def test_an_optimizer_without_lines_shows_its_rule_in_symbols(qtbot, descend):
    workspace = descend()
    rule = workspace.centre.rule
    before = rule.grab().toImage()
    workspace.race.set_runner(0, parse_runner("RAdam lr=0.1"))
    qtbot.waitUntil(lambda: rule.lines == ())
    assert r"\rho_t" in rule.accessibleDescription()
    assert rule.grab().toImage() != before


def test_the_surface_turns_with_the_mouse_and_never_shows_its_underside(qtbot, descend):
    surface = descend().surface
    before = surface.view
    picture = surface.grab().toImage()
    qtbot.mousePress(surface, LEFT, pos=QPoint(100, 100))
    qtbot.mouseMove(surface, QPoint(160, 60))
    qtbot.mouseRelease(surface, LEFT, pos=QPoint(160, 60))
    assert surface.view.yaw > before.yaw
    assert surface.grab().toImage() != picture
    qtbot.mousePress(surface, LEFT, pos=QPoint(100, 200))
    qtbot.mouseMove(surface, QPoint(100, -900))
    qtbot.mouseRelease(surface, LEFT, pos=QPoint(100, -900))
    assert 0 < surface.view.pitch < 0.2


def test_another_theme_repaints_everything(descend, qapp):
    workspace = descend()
    parts = (workspace.centre, workspace.left, workspace.right)
    before = [p.grab().toImage() for p in parts]
    name = theme.current().name
    try:
        theme.apply(qapp, "light" if name == "dark" else "dark")
        assert all(p.grab().toImage() != b for p, b in zip(parts, before, strict=True))
    finally:
        theme.apply(qapp, name)


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.0, "0"), (-0.482, "−0.482"), (0.1, "0.1"), (1234.5, "1234"), (12.5, "12.5"),
     (2.3e-4, "0.00023"), (2.3e-5, "2.3e−5"), (1e9, "1e9"), (float("inf"), "∞"),
     (float("nan"), "nan"), (100.0, "100")],
)  # fmt: skip
def test_compact_numbers(value, words):
    assert compact(value) == words


def test_vectors_and_titles():
    assert numbers([0.5, -1.0]) == "(0.5000, −1.000)"
    assert runner_title(parse_runner("SGD lr=0.1 momentum=0.85 nesterov=true")) == (
        "SGD momentum 0.85 nesterov"
    )
    assert runner_title(parse_runner("LBFGS line_search_fn=strong_wolfe")) == (
        "LBFGS line search fn strong_wolfe"
    )
    assert runner_title(parse_runner("Adam betas=0.5,0.9")) == "Adam betas 0.5, 0.9"
