import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from gradviz.descent import from_plain
from gradviz_ui.descent.phase_view import is_log
from gradviz_ui.descent.sweep_page import rounded

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def sweep(qtbot, descend):
    """A function: opens a sample in Descend, turns to the sweep, and waits for its runs."""

    def turn_to(name="bowl", **given):
        workspace = descend(name, **given)
        qtbot.mouseClick(workspace.centre.switch.button("sweep"), LEFT)
        page = workspace.centre.page("sweep")
        there(qtbot, page)
        return workspace, page

    return turn_to


def there(qtbot, page):
    QApplication.processEvents()
    qtbot.waitUntil(lambda: page.result is not None and not page.study.stale, timeout=20_000)


def type_into(qtbot, field, words):
    field.setFocus()
    field.edit()
    field.selectAll()
    qtbot.keyClicks(field, words)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def test_twenty_learning_rates_make_a_fan_and_a_curve(sweep):
    workspace, page = sweep()
    found = page.result
    assert found.name == "lr"
    np.testing.assert_allclose(found.values, np.geomspace(1e-4, 1, 20))
    assert np.isfinite(found.final).all()
    assert page.fan.shown and not workspace.centre.contour.ways.shown
    picture = workspace.centre.contour.grab().toImage()
    page.fan.set_shown(False)
    assert picture != workspace.centre.contour.grab().toImage()


def test_the_race_comes_back_as_it_was(qtbot, sweep):
    workspace, page = sweep()
    qtbot.mouseClick(workspace.centre.switch.button("race"), LEFT)
    assert workspace.centre.transport.isVisible()
    assert workspace.centre.contour.ways.shown and not page.fan.shown


def test_pointing_at_the_curve_picks_out_a_way_and_a_click_takes_its_setting(qtbot, sweep, editor):
    workspace, page = sweep()
    heard = []
    page.curve.hovered.connect(heard.append)
    place = page.curve.place(14).toPoint()
    qtbot.mouseMove(page.curve, QPoint(2, 2))
    qtbot.mouseMove(page.curve, place)
    assert heard[-1] == 14
    assert page.curve.words(14)[0].startswith("lr 0.088")
    assert page.curve.words(14)[1].startswith("final J ")
    qtbot.mouseClick(page.curve, LEFT, pos=place)
    rate = workspace.race.specs[0].setting("lr")
    assert rate == pytest.approx(page.result.values[14], rel=0.02)
    assert not page.study.stale, "the runs are the same whatever the rate is set to"
    editor.stack.undo()
    assert workspace.race.specs[0].setting("lr") == 0.1


def test_the_arrow_keys_move_along_the_curve(qtbot, sweep):
    workspace, page = sweep()
    for _ in range(3):
        qtbot.keyClick(page.curve, Qt.Key.Key_Right)
    assert page.curve.index == 2
    qtbot.keyClick(page.curve, Qt.Key.Key_Return)
    assert workspace.race.specs[0].setting("lr") == pytest.approx(page.result.values[2], rel=0.02)


def test_those_that_diverge_are_said_to(sweep):
    _, page = sweep("himmelblau")
    lost = [i for i, v in enumerate(page.result.final) if np.isinf(v)]
    assert lost
    assert "diverged at step" in page.curve.words(lost[-1])[1]


def test_another_setting_and_range_are_kept_in_the_document_and_undone(qtbot, sweep, editor):
    _, page = sweep()
    qtbot.keyClick(page.editor.name, Qt.Key.Key_Down)
    type_into(qtbot, page.editor.high, "0.5")
    type_into(qtbot, page.editor.count, "6")
    kept = from_plain(editor.graph.settings.descent).sweep
    assert kept is not None
    assert (kept.name, kept.low, kept.high, kept.count, kept.log) == ("momentum", 0, 0.5, 6, False)
    there(qtbot, page)
    np.testing.assert_allclose(page.result.values, np.linspace(0, 0.5, 6))
    for _ in range(3):
        editor.stack.undo()
    assert page.span.name == "lr"
    there(qtbot, page)
    assert page.result.name == "lr"


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [("low", "-1", "both ends above 0"), ("low", "1", "different ends"), ("low", "x", "not a")],
)
def test_a_range_that_cannot_be_is_refused_beside_the_control(
    qtbot, sweep, editor, field, typed, said
):
    _, page = sweep()
    before = editor.stack.count()
    type_into(qtbot, getattr(page.editor, field), typed)
    assert said in page.editor.problem.text() and page.editor.problem.isVisible()
    assert editor.stack.count() == before


def test_it_is_worked_out_anew_when_the_start_moves(qtbot, sweep, editor):
    workspace, page = sweep()
    before = page.result
    workspace.race.set_start([0.5, 0.5])
    qtbot.waitUntil(lambda: page.study.stale)
    assert page.header.state.text() == "out of date"
    there(qtbot, page)
    assert page.result is not before
    assert page.result.runners[0].trajectory.losses[0] == pytest.approx(0.5)


def test_another_runner_is_swept_when_it_is_chosen(qtbot, sweep):
    workspace, page = sweep()
    workspace.race.choose(2)
    QApplication.processEvents()
    there(qtbot, page)
    assert page.result.runners[0].spec.optimizer == "Adam"


def test_a_long_sweep_shows_how_far_it_is_and_is_cancelled(qtbot, descend):
    workspace = descend("two_spirals")
    qtbot.mouseClick(workspace.centre.switch.button("sweep"), LEFT)
    page = workspace.centre.page("sweep")
    assert page.study.running
    assert page.header.button.text() == "Cancel" and page.header.button.isVisible()
    qtbot.mouseClick(page.header.button, LEFT)
    assert not page.study.running
    assert page.header.button.text() == "Run"
    assert page.result is None
    QApplication.processEvents()
    assert not page.study.running
    qtbot.mouseClick(page.header.button, LEFT)
    assert page.study.running


def test_one_parameter_alone_has_a_curve_too(sweep):
    _, page = sweep(name="", text="x = tensor(2.0, requires_grad=True)\nJ = x ** 2")
    assert len(page.result.values) == 20


def test_how_values_are_spread_is_seen_from_them():
    assert is_log(tuple(np.geomspace(1e-4, 1, 20)))
    assert not is_log(tuple(np.linspace(0.1, 0.5, 20)))
    assert not is_log((0.0, 0.5, 1.0))


def test_a_setting_is_taken_with_the_digits_that_matter():
    values = tuple(np.geomspace(1e-4, 1, 20))
    assert rounded(values, 0) == pytest.approx(1e-4)
    assert len(str(rounded(values, 14))) <= 6
