"""The boundary between classes, drawn live beside the contour."""

from itertools import pairwise

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton

from gradviz.graph import compose


def pixels(view):
    image = view.grab().toImage().convertToFormat(view.grab().toImage().Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return np.array(rows[:, : 3 * image.width()]).reshape(image.height(), image.width(), 3)


def button(workspace, title):
    buttons = workspace.tabs.findChildren(QAbstractButton)
    return next(b for b in buttons if b.text() == title)


def test_a_model_of_points_in_the_plane_comes_to_the_front(descend):
    workspace = descend("two_spirals")
    assert workspace.tabs.current() == "boundary"
    assert workspace.boundary.isVisible() and button(workspace, "Boundary").isVisible()
    assert "of 120 points right" in workspace.boundary.words()


def test_where_there_is_none_the_tab_is_not_offered(descend, editor):
    workspace = descend("bowl")
    assert workspace.tabs.current() == "surface"
    assert not button(workspace, "Boundary").isVisible()


def test_another_document_takes_the_tab_away_again(descend, editor):
    from gradviz.bundled import bundled
    from gradviz.files import load

    workspace = descend("mlp_xor")
    assert workspace.tabs.current() == "boundary"
    editor.show_graph(load(bundled("samples") / "bowl.gradviz"))
    workspace.race.settle()
    assert workspace.tabs.current() == "surface" and workspace.boundary.field is None


def test_the_boundary_moves_with_the_step_looked_at(descend):
    workspace = descend("two_spirals")
    view, race = workspace.boundary, workspace.race
    seen = []
    for step in (0, 20, 200):
        race.go_to(step)
        seen.append((view.regions.margins.copy(), view.right, pixels(view)))
    assert f"at step {race.step}" in view.words()
    for (one, _, before), (other, _, after) in pairwise(seen):
        assert not np.array_equal(one, other)
        assert (before != after).any()
    assert seen[0][1] < seen[-1][1]
    np.testing.assert_array_equal(
        seen[-1][0], view.field.regions(race.runner.trajectory.points[200]).margins
    )


def test_it_shows_the_chosen_runner(qtbot, descend):
    workspace = descend("two_spirals")
    workspace.race.go_to(10)
    first = workspace.boundary.regions.margins
    qtbot.mouseClick(workspace.runners.rows[1], Qt.MouseButton.LeftButton, pos=QPoint(60, 6))
    assert workspace.race.chosen == 1 and "Adam" in workspace.boundary.words()
    assert not np.array_equal(first, workspace.boundary.regions.margins)


def test_the_mouse_is_told_place_score_and_class(qtbot, descend):
    workspace = descend("logistic_regression")
    view = workspace.boundary
    place = view.frame().point(0.0, 0.0)
    qtbot.mouseMove(view, place.toPoint())
    words = view.told(place)
    assert "class" in words and "(" in words
    graph = workspace.race.descent.objective.graph
    assert graph.named("logits") is not None
    assert view.told(None) == ""


def test_points_that_move_are_drawn_where_they_are(descend, editor):
    workspace = descend("logistic_regression")
    x = editor.graph.named("x")
    data = np.array(x.setting("data"))
    before = workspace.boundary.field
    editor.perform(compose.set_value(editor.graph, x.id, data + 10.0), "Move the points")
    workspace.race.settle()
    after = workspace.boundary.field
    assert after is not before
    np.testing.assert_allclose(after.model.places, data + 10.0)
    assert after.xs[0] > before.xs[0] + 5


def test_while_it_is_behind_another_tab_it_asks_the_model_nothing(qtbot, descend):
    workspace = descend("two_spirals")
    qtbot.mouseClick(button(workspace, "Surface"), Qt.MouseButton.LeftButton)
    workspace.race.go_to(50)
    assert workspace.boundary.regions is None
    qtbot.mouseClick(button(workspace, "Boundary"), Qt.MouseButton.LeftButton)
    assert "at step 50" in workspace.boundary.words()
    assert workspace.boundary.regions is not None


def test_played_the_boundary_the_losses_and_the_graph_move_by_themselves(qtbot, descend, editor):
    workspace = descend("two_spirals")
    transport, race = workspace.centre.transport, workspace.race
    seen, turns = {}, []

    def look():
        turns.append(race.step)
        step = race.step
        seen.setdefault(step, (workspace.boundary.regions.margins.tobytes(), told()))

    def told():
        runner = race.runner
        return runner.trajectory.losses[race.at(runner.trajectory)]

    race.stepped.connect(look)
    qtbot.mouseClick(transport.play_button, Qt.MouseButton.LeftButton)
    assert transport.playing
    qtbot.waitUntil(lambda: len(seen) > 3 and race.step > 4, timeout=10_000)
    qtbot.mouseClick(transport.play_button, Qt.MouseButton.LeftButton)
    assert not transport.playing and turns == sorted(turns)
    margins, losses = zip(*seen.values(), strict=True)
    assert len(set(margins)) > 2 and len(set(losses)) > 3
    assert f"at step {race.step}" in workspace.boundary.words()
    assert editor.preview is not None
