from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from gradviz.descent import PlaneSlice, PlaneSpec, from_plain
from gradviz.files import dumps, loads
from gradviz.graph import compose

LEFT = Qt.MouseButton.LeftButton


def laid(qtbot, race, kind=None):
    """Wait until the plane is there with its land and what it shows of each path."""

    def there():
        spec, picture = race.settings.plane, race.picture
        return (
            (kind is None or (spec is not None and spec.kind == kind))
            and isinstance(picture.piece, PlaneSlice)
            and picture.land is not None
            and not picture.working
            and len(picture.departures.found) == len(race.runners)
        )

    qtbot.waitUntil(there, timeout=15000)
    return race.picture.piece.plane


def pick(qtbot, box, words):
    """Choose from a list with the keys."""
    box.setFocus()
    index = box.findText(words)
    assert index >= 0, [box.itemText(i) for i in range(box.count())]
    key = Qt.Key.Key_Down if index > box.currentIndex() else Qt.Key.Key_Up
    for _ in range(box.count()):
        if box.currentIndex() != index:
            qtbot.keyClick(box, key)
    assert box.currentIndex() == index


def test_each_kind_of_plane_can_be_chosen_and_its_share_of_the_path_is_said(qtbot, descend):
    workspace = descend("mlp_xor")
    race, bar = workspace.race, workspace.centre.bar
    pick(qtbot, bar.kind, "PCA of path")
    plane = laid(qtbot, race, "pca")
    assert race.settings.plane == PlaneSpec("pca")
    share = f"{plane.explained[0]:.0%}".replace("%", " %")
    assert f"across component 1: {share} of the path" in bar.note.text()
    assert "the loss drawn is off by up to" in bar.note.text()
    gaps = race.picture.departures.found[0]
    assert f"at step {int(np.abs(gaps.shown - gaps.true).argmax())}" in bar.note.text()
    assert "SGD momentum 0.9: " in bar.note.toolTip()
    assert bar.plane.path.isVisible() and not bar.plane.seed.isVisible()
    race.set_axes(race.axes)
    assert race.settings.plane is None and not bar.note.isVisible()
    pick(qtbot, bar.kind, "curvature")
    assert "curvature" in laid(qtbot, race, "hessian").names[0]


def test_the_seed_gives_other_directions_and_the_same_ones_again(qtbot, descend, editor):
    workspace = descend("mlp_xor")
    race, bar = workspace.race, workspace.centre.bar
    pick(qtbot, bar.kind, "random plane")
    first = laid(qtbot, race, "random")
    qtbot.mouseClick(bar.plane.other, LEFT)
    qtbot.waitUntil(lambda: race.picture.piece.plane is not first)
    second = laid(qtbot, race)
    assert race.settings.plane.seed == 1
    assert not np.allclose(second.across, first.across)
    qtbot.keyClick(bar.plane.seed, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: race.picture.piece.plane is not second)
    np.testing.assert_array_equal(laid(qtbot, race).across, first.across)
    editor.stack.undo()
    assert race.settings.plane.seed == 1


def test_a_path_of_another_runner(qtbot, descend):
    workspace = descend("mlp_xor")
    race, bar = workspace.race, workspace.centre.bar
    pick(qtbot, bar.kind, "PCA of path")
    first = laid(qtbot, race)
    pick(qtbot, bar.plane.path, "Adam")
    qtbot.waitUntil(lambda: race.picture.piece.plane is not first)
    laid(qtbot, race)
    own = [sum(d.along) for d in race.picture.departures.found]
    assert own[2] == max(own) > 0.9


def test_a_plane_of_the_path_follows_the_path(qtbot, descend, editor):
    workspace = descend("bowl")
    race = workspace.race
    pick(qtbot, workspace.centre.bar.kind, "PCA of path")
    first = laid(qtbot, race)
    node = next(n.id for n in editor.graph.nodes.values() if n.name == "theta1")
    editor.perform(compose.set_value(editor.graph, node, -0.5))
    race.settle()
    qtbot.waitUntil(lambda: race.picture.piece.plane is not first, timeout=5000)
    plane = laid(qtbot, race)
    end = race.runners[0].trajectory.points[-1]
    np.testing.assert_allclose(plane.origin, [float(v) for v in end.values()])


def test_the_start_is_dragged_in_a_plane_and_the_plane_stays(qtbot, descend, editor):
    workspace = descend("mlp_xor")
    race, contour = workspace.race, workspace.centre.contour
    pick(qtbot, workspace.centre.bar.kind, "random plane")
    plane = laid(qtbot, race)
    begin = contour.start_place()
    to = contour.frame().point(0.5, -0.5)
    qtbot.mouseMove(contour, begin.toPoint())
    qtbot.mousePress(contour, LEFT, pos=begin.toPoint())
    for share in (0.5, 1.0):
        qtbot.mouseMove(contour, (begin + (to - begin) * share).toPoint())
    qtbot.mouseRelease(contour, LEFT, pos=to.toPoint())
    race.settle()
    assert (contour.start_place() - to).manhattanLength() < 3
    start = race.descent.objective.start()
    vector = np.concatenate([a.reshape(-1) for a in start.values()])
    place = plane.coordinates(vector)[0]
    frame = contour.frame()
    pixel = max(
        (frame.across[1] - frame.across[0]) / frame.box.width(),
        (frame.up[1] - frame.up[0]) / frame.box.height(),
    )
    # A line said of the plane may have come above the picture, and moved it, meanwhile.
    np.testing.assert_allclose(place, frame.coordinates(to), atol=2 * pixel)
    np.testing.assert_allclose(vector, plane.vectors(place)[0], atol=1e-5)
    np.testing.assert_array_equal(race.picture.piece.plane.across, plane.across)
    editor.stack.undo()
    np.testing.assert_allclose(
        race.picture.coordinates(race.runners[0].trajectory)[0], [0, 0], atol=1
    )


def test_a_plane_stays_in_sight_while_data_changes_and_shows_the_new_loss(qtbot, descend, editor):
    text = (
        "W = tensor([1.5, -2.0, 0.5], requires_grad=True)\nk = tensor(1.0)\nJ = (W ** 2).sum() * k"
    )
    workspace = descend(text=text)
    race = workspace.race
    pick(qtbot, workspace.centre.bar.kind, "random plane")
    plane = laid(qtbot, race)
    before = race.land.values[0, 0]
    node = next(n.id for n in editor.graph.nodes.values() if n.name == "k")
    editor.perform(compose.set_value(editor.graph, node, 3.0))
    assert race.picture.piece is not None and race.ranges is not None
    race.settle()
    qtbot.waitUntil(lambda: race.picture.piece.plane is not plane, timeout=5000)
    np.testing.assert_array_equal(laid(qtbot, race).across, plane.across)
    objective, land = race.descent.objective, race.land
    there = race.picture.piece.moved(objective.start(), (land.xs[0], land.ys[0]))
    assert land.values[0, 0] == pytest.approx(objective.value(there), rel=1e-5)
    assert before > 0


def test_a_plane_there_is_none_of_is_said_beside_the_control(qtbot, descend):
    workspace = descend("mlp_xor")
    race, bar = workspace.race, workspace.centre.bar
    pick(qtbot, bar.kind, "to a point")
    qtbot.waitUntil(lambda: race.picture.problem != "", timeout=5000)
    assert bar.note.text() == "Choose a saved point to look towards"
    assert bar.note.property("role") == "error"
    assert not workspace.centre.contour.grab().isNull()
    assert not workspace.surface.grab().isNull()
    pick(qtbot, bar.kind, "two axes")
    assert race.picture.problem == ""
    qtbot.waitUntil(lambda: race.land is not None, timeout=5000)


def test_a_step_is_saved_named_looked_towards_and_started_at(qtbot, descend, editor):
    workspace = descend("mlp_xor")
    race, bar, panel = workspace.race, workspace.centre.bar, workspace.points
    workspace.lower.choose("points")
    race.choose(2)
    race.go_to(90)
    qtbot.mouseClick(panel.save, LEFT)
    (row,) = panel.rows
    assert row.name.text() == "Adam, step 90"
    row.name.selectAll()
    qtbot.keyClicks(row.name, "valley")
    qtbot.keyClick(row.name, Qt.Key.Key_Return)
    assert [p.name for p in race.settings.points] == ["valley"]
    pick(qtbot, bar.kind, "to a point")
    plane = laid(qtbot, race, "between")
    assert plane.names == ("to valley", "random")
    path = race.coordinates(race.runners[2].trajectory)
    np.testing.assert_allclose(path[90], [1.0, 0.0], atol=1e-5)
    np.testing.assert_allclose(path[0], [0.0, 0.0], atol=1e-5)
    qtbot.mouseClick(row.bin, LEFT)
    assert "the plane shown goes through it" in row.problem.text().lower()
    qtbot.mouseClick(row.start, LEFT)
    race.settle()
    start = race.descent.objective.start()
    kept = race.settings.points[0].place
    assert all(np.array_equal(kept[i].array, a) for i, a in start.items())
    pick(qtbot, bar.kind, "two axes")
    qtbot.mouseClick(row.bin, LEFT)
    assert race.settings.points == () and panel.rows == []
    editor.stack.undo()
    assert [r.name.text() for r in panel.rows] == ["valley"]


def test_two_points_cannot_have_one_name(qtbot, descend):
    workspace = descend("bowl")
    race, panel = workspace.race, workspace.points
    workspace.lower.choose("points")
    for step in (5, 5):
        race.go_to(step)
        qtbot.mouseClick(panel.save, LEFT)
    names = [r.name.text() for r in panel.rows]
    assert names == ["SGD, step 5", "SGD, step 5 (2)"]
    panel.rows[1].name.selectAll()
    qtbot.keyClicks(panel.rows[1].name, names[0])
    qtbot.keyClick(panel.rows[1].name, Qt.Key.Key_Return)
    assert "another point is called" in panel.rows[1].problem.text().lower()
    assert panel.rows[1].name.text() == names[1]


def test_what_is_chosen_is_there_again_when_the_file_is_opened(qtbot, descend, editor):
    workspace = descend("mlp_xor")
    race = workspace.race
    race.go_to(60)
    workspace.lower.choose("points")
    qtbot.mouseClick(workspace.points.save, LEFT)
    pick(qtbot, workspace.centre.bar.kind, "curvature")
    pick(qtbot, workspace.centre.bar.plane.around, "SGD, step 60")
    plane = laid(qtbot, race, "hessian")
    settings = race.settings
    assert settings.plane == replace(settings.plane, around="SGD, step 60", origin=None)
    editor.show_graph(loads(dumps(editor.graph)))
    race.settle()
    again = laid(qtbot, race, "hessian")
    assert from_plain(editor.graph.settings.descent).plane == settings.plane
    np.testing.assert_allclose(again.across, plane.across)
    assert workspace.centre.bar.kind.currentText() == "curvature"
    assert workspace.points.rows[0].name.text() == "SGD, step 60"


def test_points_of_other_parameters_are_told_of(qtbot, descend, editor):
    workspace = descend(text="W = tensor([1.5, -2.0], requires_grad=True)\nJ = (W ** 2).sum()")
    race = workspace.race
    workspace.lower.choose("points")
    qtbot.mouseClick(workspace.points.save, LEFT)
    node = next(n.id for n in editor.graph.nodes.values() if n.name == "W")
    editor.perform(compose.set_value(editor.graph, node, np.ones(3, np.float32)))
    race.settle()
    qtbot.mouseClick(workspace.points.rows[0].start, LEFT)
    said = workspace.points.rows[0].problem.text()
    assert "was saved with other parameters: it has shape [2] for 'W'" in said


def test_any_node_that_is_one_number_can_be_minimised(qtbot, descend, editor):
    text = (
        "x = tensor(1.0, requires_grad=True)\ny = tensor(2.0, requires_grad=True)\n"
        "a = x ** 2 + y ** 2\nW = a * tensor([1.0, 2.0])\nJ = W.sum()"
    )
    workspace = descend(text=text)
    bar, race = workspace.centre.bar.objective, workspace.race
    pick(qtbot, bar.chooser, "a")
    race.settle()
    assert editor.graph.node(editor.graph.output()).name == "a"
    assert race.runners[0].trajectory.losses[0] == pytest.approx(5.0)
    qtbot.keyClicks(bar.chooser, "W")
    assert "'W' has shape [2]" in bar.problem.text()
    assert editor.graph.node(editor.graph.output()).name == "a"
    editor.perform(compose.set_output(editor.graph, next(
        n.id for n in editor.graph.nodes.values() if n.name == "W")))  # fmt: skip
    assert "shape [2]" in workspace.centre.problem.reason.text()
    assert workspace.centre.problem.objective.chooser.currentText() == "W"
    pick(qtbot, workspace.centre.problem.objective.chooser, "J")
    race.settle()
    assert race.descent is not None


def test_the_point_under_the_mouse_is_told_in_the_plane_s_coordinates(qtbot, descend):
    workspace = descend("bowl")
    race, contour = workspace.race, workspace.centre.contour
    pick(qtbot, workspace.centre.bar.kind, "random plane")
    laid(qtbot, race)
    qtbot.mouseMove(contour, QPoint(40, 40))
    from gradviz_ui.descent.contour_view import words_at

    at = contour.frame().coordinates(contour.rect().center())
    assert words_at(race, at).startswith("random 1 ")
