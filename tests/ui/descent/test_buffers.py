"""What a runner takes its step with, drawn at its point and told beside its rule."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from gradviz.descent import parse_runner
from gradviz.descent.methods import RUNNERS
from gradviz_ui.numbers import short

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def drawn(qtbot, descend):
    """A function: runs one runner, and gives what is drawn of it at a step, and the workspace."""

    def draw(text, step=3, sample="bowl"):
        workspace = descend(sample)
        workspace.race.set_runner(0, parse_runner(text))
        workspace.race.settle()
        workspace.race.go_to(step)
        box = workspace.centre.at_point
        if not box.isChecked():
            qtbot.mouseClick(box, LEFT, pos=QPoint(10, box.height() // 2))
        layer, contour = workspace.centre.buffers, workspace.centre.contour
        return {d.symbol: d for d in layer.drawn(contour.frame())}, workspace

    return draw


def test_the_switch_draws_them_and_takes_them_away(qtbot, drawn):
    _, workspace = drawn("SGD lr=0.1 momentum=0.9")
    contour, box = workspace.centre.contour, workspace.centre.at_point
    shown = contour.grab().toImage()
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Space)
    assert not workspace.centre.buffers.shown
    assert contour.grab().toImage() != shown


def test_arrows_point_downhill_and_as_far_as_the_step_goes(drawn):
    found, workspace = drawn("SGD lr=0.1 momentum=0.9", step=0)
    assert set(found) == {"−∇J", "−v", "Δθ"}
    x, y = found["−∇J"].reach
    assert x < 0 < y
    assert (x**2 + y**2) ** 0.5 == pytest.approx(76.0)
    race, frame = workspace.race, workspace.centre.contour.frame()
    rows = race.coordinates(race.runners[0].trajectory)
    moved = frame.point(*rows[1]) - frame.point(*rows[0])
    assert found["Δθ"].reach == pytest.approx((moved.x(), -moved.y()))


def test_means_of_squares_are_squares_and_what_is_corrected_says_so(drawn):
    found, _ = drawn("Adam lr=0.1", step=0)
    assert [found[s].square for s in ("−m", "−m̂", "√v", "√v̂")] == [False, False, True, True]
    assert [found[s].corrected for s in ("−m", "−m̂", "√v", "√v̂")] == [False, True, False, True]
    x, y = found["−∇J"].reach
    assert found["−m̂"].reach == pytest.approx((x, y))
    assert found["√v̂"].reach == pytest.approx((abs(x), abs(y)), rel=1e-4)


@pytest.mark.parametrize("name", [n for n in RUNNERS if n != "GaussNewton"])
def test_every_optimizer_is_drawn_and_told_at_every_step(drawn, name):
    _, workspace = drawn(name, sample="himmelblau")
    for step in (0, 1, 60):
        workspace.race.go_to(step)
        assert not workspace.centre.grab().isNull()
    assert workspace.centre.rule.accessibleDescription()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Newton", ["τ = 0", "θ ← (0.000, 0.000)"]),
        ("Backtracking", ["t = 0.5000", "θ ← (0.000, 0.000)"]),
        ("Rprop", ["g′ = (3.000, −4.000)", "Δ = (0.01000, 0.01000)"]),
        ("NAdam lr=0.1", ["√v̂ = (3.000, 4.000)"]),
        ("LBFGS max_iter=1", ["∇J(θ) = (3.000, −4.000)"]),
    ],
)
def test_a_rule_in_symbols_has_this_step_s_numbers_below_it(drawn, text, told):
    _, workspace = drawn(text, step=0)
    description = workspace.centre.rule.accessibleDescription()
    for words in ("θ = (1.500, −2.000)", *told):
        assert words in description


def test_nothing_is_drawn_where_a_method_does_not_apply(drawn):
    found, _ = drawn("GaussNewton", sample="saddle")
    assert found == {}


def test_a_rule_says_which_of_many_numbers_it_shows_and_how_long_all_are(descend):
    workspace = descend("mlp_xor")
    race, rule = workspace.race, workspace.centre.rule
    race.set_runner(0, parse_runner("SGD lr=0.1 momentum=0.9"))
    race.settle()
    race.go_to(2)
    told = rule.accessibleDescription()
    path = race.runners[0].trajectory
    names = [race.descent.objective.axis_name(a) for a in race.axes]
    count = sum(a.size for a in path.points[2].values())
    assert f"numbers of {', '.join(names)}; lengths of all {count}:" in told
    whole = np.sqrt(sum(float((a.astype(float) ** 2).sum()) for a in path.gradients[2].values()))
    assert f"‖∇J(θ)‖ = {short(whole)}" in told
    step = [path.points[3][i].astype(float) - a for i, a in path.points[2].items()]
    assert f"‖Δθ‖ = {short(float(np.sqrt(sum((s**2).sum() for s in step))))}" in told


def test_a_rule_that_shows_all_numbers_says_no_more(drawn):
    _, workspace = drawn("SGD lr=0.1")
    assert "lengths" not in workspace.centre.rule.accessibleDescription()
