import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from gradviz.descent import from_plain
from gradviz.descent.phase import OUTCOMES
from gradviz_ui import theme
from gradviz_ui.descent.outcome_marks import sign_path
from gradviz_ui.descent.phase_view import along, ticks

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def phase(qtbot, descend, editor):
    """A function: opens a sample, turns to its phase map of few cells, and waits for it."""

    def turn_to(name="bowl"):
        workspace = descend(name)
        qtbot.mouseClick(workspace.centre.switch.button("phase"), LEFT)
        page = workspace.centre.page("phase")
        for field in (page.editors[0].count, page.editors[1].count):
            field.setFocus()
            field.edit()
            qtbot.keyClicks(field, "8")
            qtbot.keyClick(field, Qt.Key.Key_Return)
        there(qtbot, page)
        return workspace, page

    return turn_to


def there(qtbot, page):
    QApplication.processEvents()
    qtbot.waitUntil(lambda: page.result is not None and not page.study.stale, timeout=20_000)


def test_learning_rate_and_momentum_are_mapped_in_place_of_the_contour(phase):
    workspace, page = phase()
    assert page.result.names == ("lr", "momentum")
    assert page.result.outcomes.shape == (8, 8)
    assert page.map.isVisible() and not workspace.centre.contour.isVisible()
    assert not workspace.centre.bar.isVisible()


def test_pointing_at_a_cell_tells_its_settings_and_a_click_sets_both_as_one_step(
    qtbot, phase, editor
):
    workspace, page = phase()
    before = editor.stack.count()
    place = page.map.cell_box((3, 5)).center().toPoint()
    qtbot.mouseMove(page.map, QPoint(1, 1))
    qtbot.mouseMove(page.map, place)
    assert page.map.cell == (3, 5)
    pair, end = page.map.words((3, 5))
    assert pair.startswith("lr 0.07197 · momentum 0.4243")
    assert end.split(" · ")[0] == OUTCOMES[page.result.outcomes[3, 5]]
    assert "final J" in end
    qtbot.mouseClick(page.map, LEFT, pos=place)
    spec = workspace.race.specs[0]
    assert spec.setting("lr") == pytest.approx(0.07197, rel=0.02)
    assert spec.setting("momentum") == pytest.approx(0.4243, rel=0.02)
    assert not page.study.stale
    ring = page.map.now_place()
    assert page.map.cell_box((3, 5)).contains(ring)
    assert editor.stack.count() == before + 1
    editor.stack.undo()
    assert workspace.race.specs[0].setting("lr") == 0.1
    assert workspace.race.specs[0].setting("momentum") == 0.0


def test_a_map_gives_its_settings_to_no_runner_that_lacks_them(phase, editor):
    workspace, page = phase()
    before = editor.stack.count()
    workspace.race.choose(2)
    assert page.spec.optimizer == "Adam" and page.result.names == ("lr", "momentum")
    page.take(3, 5)
    assert editor.stack.count() == before


def test_the_keys_move_from_cell_to_cell(qtbot, phase):
    workspace, page = phase()
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Right):
        qtbot.keyClick(page.map, key)
    assert page.map.cell == (1, 1)
    qtbot.keyClick(page.map, Qt.Key.Key_Return)
    assert workspace.race.specs[0].setting("momentum") == pytest.approx(0.1414, rel=0.02)


def test_choosing_the_same_setting_twice_exchanges_the_two(qtbot, phase, editor):
    _, page = phase()
    qtbot.keyClick(page.editors[0].name, Qt.Key.Key_Down)
    kept = from_plain(editor.graph.settings.descent).phase
    assert kept is not None
    assert [s.name for s in kept] == ["momentum", "lr"]


def test_each_outcome_has_a_colour_and_a_sign_of_its_own(qapp):
    for name in ("light", "dark"):
        assert len(set(theme.theme_named(name).outcomes)) == len(OUTCOMES)
    assert len({sign_path(k, 5.0).elementCount() for k in (0, 1, 2, 3)}) >= 3
    assert all(not sign_path(k, 5.0).isEmpty() for k in range(4))


@pytest.mark.parametrize("name", ["light", "dark"])
def test_it_is_painted_in_both_themes(qapp, phase, name):
    _, page = phase("himmelblau")
    theme.apply(qapp, name)
    image = page.map.grab().toImage()
    cell = page.map.cell_box((0, 0))
    colour = image.pixelColor(cell.topLeft().toPoint() + QPoint(3, 3))
    wanted = theme.qcolor(theme.current().outcomes[int(page.result.outcomes[0, 0])])
    theme.apply(qapp, "light")
    assert colour.name() == wanted.name()


def test_ticks_are_round_and_values_have_a_place():
    rates = tuple(10.0 ** (k / 2 - 4) for k in range(9))
    assert ticks(rates, 6) == pytest.approx([1e-4, 1e-3, 1e-2, 1e-1, 1.0])
    assert along(1e-2, rates) == pytest.approx(4.0)
    assert along(2.0, rates) != along(2.0, rates)
    assert along(0.25, (0.0, 0.5, 1.0)) == pytest.approx(0.5)
