"""Pan, zoom, fit, keys, the small map, and what is said to who cannot see."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QHelpEvent, QTextDocumentFragment, QWheelEvent
from PySide6.QtWidgets import QApplication, QToolTip

from gradviz_ui import theme

CTRL, NONE = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier


def wheel(view, place, angle, keys=NONE):
    event = QWheelEvent(
        QPointF(place), view.viewport().mapToGlobal(QPointF(place)), QPoint(), QPoint(*angle),
        Qt.MouseButton.NoButton, keys, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view.viewport(), event)


def test_ctrl_and_wheel_zoom_with_the_point_under_the_cursor_still(view):
    place = QPointF(700, 200)
    before, zoom = view.scene_point(place), view.zoom
    wheel(view, place, (0, 240), CTRL)
    assert view.zoom > zoom * 1.3
    after = view.scene_point(place)
    assert (after - before).manhattanLength() < 1.5


def test_the_wheel_pans(view):
    before = view.scene_point(QPointF(0, 0))
    wheel(view, QPointF(300, 300), (0, -120))
    assert view.scene_point(QPointF(0, 0)) - before == QPointF(0, 60)


def test_zoom_stays_within_bounds(view):
    for _ in range(80):
        view.zoom_in()
    assert view.zoom == pytest.approx(4.0)
    for _ in range(80):
        view.zoom_out()
    assert view.zoom == pytest.approx(0.005)
    view.zoom_reset()
    assert view.zoom == pytest.approx(1.0)


@pytest.mark.parametrize("size", [(1000, 640), (310, 360), (360, 200)])
def test_fit_shows_every_card(view, size, showing):
    showing("y = a * b + c * d\nz = exp(y) + sin(y * a)")
    view.resize(*size)
    view.fit()
    shown = view.mapFromScene(view.canvas.bounds()).boundingRect()
    assert view.viewport().rect().contains(shown)


def test_a_fitted_view_stays_fitted_until_somebody_moves_it(view):
    view.fit()
    view.resize(330, 300)
    shown = view.mapFromScene(view.canvas.bounds()).boundingRect()
    assert view.viewport().rect().contains(shown)
    view.zoom_in()
    zoom = view.zoom
    view.resize(600, 500)
    assert view.zoom == zoom


def test_keys_zoom_and_fit(view, qtbot):
    qtbot.keyClick(view, Qt.Key.Key_Plus)
    assert view.zoom > 1
    qtbot.keyClick(view, Qt.Key.Key_0)
    assert view.zoom == pytest.approx(1)
    qtbot.keyClick(view, Qt.Key.Key_Minus)
    assert view.zoom < 1 and not view.fitted
    qtbot.keyClick(view, Qt.Key.Key_F)
    assert view.fitted


def test_arrows_go_along_wires_and_up_and_down(view, editor, hand, qtbot):
    hand.click(hand.title("theta1"))
    path = []
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Left,
                Qt.Key.Key_Down, Qt.Key.Key_Up):  # fmt: skip
        qtbot.keyClick(view, key)
        (chosen,) = editor.selection
        path.append(editor.graph.node(chosen))
    assert path[0].op == "pow" and path[1].name == "J" and path[2].op == "pow"
    assert [n.name for n in path[3:]] == ["theta1", "theta2", "theta1"]


def test_each_workspace_keeps_where_it_looked(view, editor):
    view.zoom_by(1.5)
    zoom = view.zoom
    editor.set_workspace("descend")
    assert view.fitted
    editor.set_workspace("build")
    assert view.zoom == pytest.approx(zoom) and not view.fitted


def test_the_small_map_is_there_only_when_something_is_out_of_sight(view):
    view.fit()
    assert not view.overlays.overview.isVisible()
    view.zoom_by(3)
    assert view.overlays.overview.isVisible()
    view.resize(310, 400)
    assert not view.overlays.overview.isVisible()


def test_a_click_on_the_small_map_goes_there(view, qtbot):
    view.zoom_by(3)
    overview = view.overlays.overview
    middle = overview.rect().center()
    qtbot.mouseClick(overview, Qt.MouseButton.LeftButton, pos=middle)
    seen = view.scene_point(QPointF(view.viewport().rect().center()))
    assert (seen - view.canvas.bounds().center()).manhattanLength() < 25
    qtbot.mousePress(overview, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.mouseMove(overview, middle + QPoint(20, 0))
    assert view.scene_point(QPointF(view.viewport().rect().center())).x() > seen.x()
    qtbot.mouseRelease(overview, Qt.MouseButton.LeftButton, pos=middle + QPoint(20, 0))


def test_the_chosen_card_and_its_value_are_said(view, editor, hand):
    hand.click(hand.title("theta1"))
    value = editor.value(editor.graph.named("theta1").id).item()
    said = QAccessible.queryAccessibleInterface(view).text(QAccessible.Text.Description)
    assert said.startswith("theta1, parameter, value ") and f"{value:.3f}" in said


def test_resting_on_a_card_says_value_figures_and_where_it_is_from(
    view, hand, showing, monkeypatch
):
    told: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda _place, words, _widget: told.append(words))
    showing("a = tensor([1.0, 2.0])\nb = tensor([0.5, 2.0])\nc = a + b")
    place = hand.at(hand.title("c"))
    event = QHelpEvent(QEvent.Type.ToolTip, place, view.viewport().mapToGlobal(place))
    QApplication.sendEvent(view.viewport(), event)
    (said,) = told
    assert "from a (2), b (2)" in said and "[1.5 4. ]" in said
    assert "min 1.500   max 4.000   mean 2.750   std 1.250" in said


def test_tips_give_full_precision_reasons_and_ports(view, hand, showing):
    showing("a = 0.1\nb = [1.0, 2.0]\nc = [1.0, 2.0, 3.0]\ns = b + c\ny = a * b")
    tip = view.tip(view.canvas.hit(hand.title("a")))
    assert "value 0.1" in tip and "float32" in tip
    assert "must match" in view.tip(view.canvas.hit(hand.title("s")))
    assert view.tip(view.canvas.hit(hand.input("y", 1))).startswith("other: ")


def test_a_card_that_keys_lead_to_is_not_left_under_the_small_map(view, editor, showing, qtbot):
    row = "\n".join(f"x{i} = sin(x{i - 1})" for i in range(1, 9))
    graph = showing(f"x0 = tensor(1.0)\n{row}")
    view.setFocus()
    first = view.canvas.cards[graph.named("x0").id].body()
    # So that the row runs through where the small map is.
    view.look(1.0, first.center(), QPointF(view.viewport().rect().bottomLeft()) + QPointF(90, -70))
    editor.select({graph.named("x0").id})
    for i in range(1, 9):
        qtbot.keyClick(view, Qt.Key.Key_Right)
        assert editor.selection == {graph.named(f"x{i}").id}
        card = view.canvas.cards[graph.named(f"x{i}").id]
        shown = view.mapFromScene(card.body()).boundingRect()
        assert view.viewport().rect().contains(shown)
        overview = view.overlays.overview
        assert not (overview.isVisible() and overview.geometry().intersects(shown))


def test_a_tip_sets_figures_in_columns_and_colours(view, hand, showing, monkeypatch):
    told: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda _place, words, _widget: told.append(words))
    showing("a = tensor([[1.0, 2.0], [3.0, 4.0]])\nb = a < 2")
    for name in ("a", "b"):
        place = hand.at(hand.title(name))
        event = QHelpEvent(QEvent.Type.ToolTip, place, view.viewport().mapToGlobal(place))
        QApplication.sendEvent(view.viewport(), event)
    first, second = (QTextDocumentFragment.fromHtml(words).toPlainText() for words in told)
    card = view.canvas.hit(hand.title("a"))
    assert first.replace("\u2028", "\n") == view.tip(card)
    assert "<b>a</b>" in told[0] and theme.current().val in told[0]
    assert "from a (2, 2)" in second and "&lt;" not in second
