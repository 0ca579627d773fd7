import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication

from gradviz.bundled import bundled
from gradviz.descent.basins import DIVERGED
from gradviz.files import dumps, load, loads
from gradviz_ui.descent.place_edits import choose_plane
from gradviz_ui.descent.spots import percent, spot_path

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def basins(qtbot, descend):
    """A function: opens a sample, turns to its basins, and waits for all that is worked out."""

    def turn_to(name="himmelblau", **given):
        workspace = descend(name, **given)
        qtbot.mouseClick(workspace.centre.switch.button("basins"), LEFT)
        page = workspace.centre.page("basins")
        there(qtbot, page)
        return workspace, page

    return turn_to


def there(qtbot, page):
    QApplication.processEvents()
    qtbot.waitUntil(
        lambda: all(not s.running and not s.stale for s in page.studies), timeout=20_000
    )


def texts(table, column):
    return [table.topLevelItem(k).text(column) for k in range(table.topLevelItemCount())]


def test_himmelblaus_four_basins_and_nine_critical_points(basins):
    workspace, page = basins()
    assert page.found.reached.shape == (128, 128)
    assert len(page.found.ends) == 4
    kinds = texts(page.table, 0)
    assert kinds == ["minimum 1", "minimum 2", "minimum 3", "minimum 4", *["saddle"] * 4, "maximum"]
    assert "3.000, 2.000" in texts(page.table, 1)
    assert all(len(words.split(", ")) == 2 for words in texts(page.table, 3))
    assert [w.endswith("%") for w in texts(page.table, 4)] == [True] * 4 + [False] * 5
    assert page.areas.shown and page.marks.shown and not workspace.centre.contour.ways.shown
    assert not workspace.centre.contour.minima.shown, "they would lie under the marks"


def test_pointing_tells_where_a_start_leads_and_what_a_mark_is(qtbot, basins):
    workspace, page = basins()
    contour = workspace.centre.contour
    frame = contour.frame()
    minimum = page.spots[0]
    beside = frame.point(minimum.place[0] + 0.8, minimum.place[1] + 0.5)
    assert page.areas.told(beside, frame) == "a start here leads to minimum 1"
    said = page.marks.told(frame.point(*minimum.place) + QPointF(3, 3), frame)
    assert said.startswith("minimum 1 at (")
    assert "eigenvalues" in said and "of the starts" in said
    saddle = next(s for s in page.spots if s.kind == "saddle")
    qtbot.mouseMove(contour, frame.point(*saddle.place).toPoint())
    told = contour.layers.told(frame.point(*saddle.place), frame)
    assert told.startswith("saddle at (")


def test_a_row_that_is_chosen_is_picked_out_in_the_picture(qtbot, basins):
    workspace, page = basins()
    before = workspace.centre.contour.grab().toImage()
    row = page.table.visualItemRect(page.table.topLevelItem(4))
    qtbot.mouseClick(page.table.viewport(), LEFT, pos=row.center())
    assert workspace.centre.contour.grab().toImage() != before


def test_what_diverges_and_what_is_under_way_is_shown_and_said(qtbot, basins):
    workspace, page = basins("rosenbrock")
    workspace.race.choose(1)
    there(qtbot, page)
    assert page.found.share(DIVERGED) > 0.1
    assert "diverged" in page.legend.accessibleName()
    assert "on its way or stuck" in page.legend.accessibleName()
    frame = workspace.centre.contour.frame()
    rows, columns = np.nonzero(page.found.reached == DIVERGED)
    place = frame.point(page.found.xs[columns[0]], page.found.ys[rows[0]])
    assert page.areas.told(place, frame) == "a start here diverges"


def test_other_settings_make_other_basins_and_the_points_stay(qtbot, basins):
    workspace, page = basins()
    points, before = page.critical.result, page.found
    spec = workspace.race.specs[0]
    workspace.race.set_runner(0, spec.with_setting("lr", 0.001))
    qtbot.waitUntil(lambda: page.basins.stale)
    there(qtbot, page)
    assert page.found is not before
    assert page.critical.result is points
    workspace.race.set_start([0.0, 0.0])
    QApplication.processEvents()
    assert not page.basins.stale, "where the start is makes no difference"


def test_fewer_steps_lead_less_far(qtbot, basins):
    _, page = basins()
    whole = (page.found.reached >= 0).mean()
    page.steps.setFocus()
    page.steps.edit()
    qtbot.keyClicks(page.steps, "10")
    qtbot.keyClick(page.steps, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.basins.stale)
    there(qtbot, page)
    assert (page.found.reached >= 0).mean() < whole


def test_the_view_and_its_steps_are_kept_with_the_document(qtbot, basins, editor, descend):
    workspace, page = basins()
    page.steps.setFocus()
    page.steps.edit()
    qtbot.keyClicks(page.steps, "30")
    qtbot.keyClick(page.steps, Qt.Key.Key_Return)
    kept = dumps(editor.graph)
    editor.stack.undo()
    assert page.steps.value == 200
    editor.stack.undo()
    assert workspace.centre.switch.button("race").isChecked() and not page.isVisible()
    assert workspace.centre.contour.minima.shown
    editor.show_graph(loads(kept))
    workspace.race.settle()
    assert workspace.centre.switch.button("basins").isChecked() and page.isVisible()
    assert page.steps.value == 30
    editor.show_graph(load(bundled("samples") / "bowl.gradviz"))
    assert workspace.centre.switch.button("race").isChecked()


def test_the_list_is_as_wide_as_its_page_and_says_the_rest_in_a_tip(qtbot, basins):
    workspace, page = basins()
    workspace.centre.window().resize(1280, 720)
    QApplication.processEvents()
    table = page.table
    assert table.header().length() <= table.viewport().width()
    assert "eigenvalues" in table.topLevelItem(0).toolTip(3)


def test_of_a_plane_it_says_what_to_choose(qtbot, basins):
    workspace, page = basins()
    choose_plane(workspace.race, "random")
    qtbot.waitUntil(lambda: bool(page.basins.problem))
    assert "not in a plane: choose “two axes”" in page.basins.problem


def test_a_runner_that_takes_its_steps_alone_is_told_so_and_the_points_are_there(qtbot, basins):
    workspace, page = basins()
    from gradviz.descent import RunnerSpec

    workspace.race.set_runner(0, RunnerSpec("LBFGS"))
    qtbot.waitUntil(lambda: bool(page.basins.problem), timeout=20_000)
    assert "takes its steps alone" in page.basins.problem
    assert len(page.spots) == 9


def test_one_parameter_has_no_plane_to_look_at(qtbot, descend):
    workspace = descend("", "x = tensor(2.0, requires_grad=True)\nJ = x ** 2")
    qtbot.mouseClick(workspace.centre.switch.button("basins"), LEFT)
    page = workspace.centre.page("basins")
    assert "need two parameters" in page.basins.problem


def test_marks_differ_in_form_and_shares_are_short():
    forms = [spot_path(k, 5.0) for k in ("minimum", "saddle", "maximum", "degenerate")]
    assert len({(p.elementCount(), p.boundingRect().width()) for p in forms}) == 4
    assert [percent(v) for v in (0.0, 0.004, 0.26)] == ["0 %", "under 1 %", "26 %"]
