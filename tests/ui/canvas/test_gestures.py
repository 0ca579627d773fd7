"""Every gesture with the mouse, by real events."""

import pytest
from PySide6.QtCore import QPointF, Qt

SHIFT = Qt.KeyboardModifier.ShiftModifier


def ids(editor, *names):
    return {editor.graph.named(name).id for name in names}


def test_a_click_selects_a_card_and_one_on_the_ground_none(editor, hand):
    hand.click(hand.title("theta1"))
    assert editor.selection == ids(editor, "theta1")
    hand.click(hand.title("J") + QPointF(0, -150))
    assert not editor.selection


def test_a_click_with_shift_adds_and_takes_away(editor, hand):
    hand.click(hand.title("theta1"))
    hand.click(hand.title("J"), SHIFT)
    assert editor.selection == ids(editor, "theta1", "J")
    hand.click(hand.title("J"), SHIFT)
    assert editor.selection == ids(editor, "theta1")


def test_a_rubber_band_selects_what_it_touches(view, editor, hand):
    area = view.canvas.bounds()
    hand.drag(area.topLeft() - QPointF(20, 20), area.bottomRight() + QPointF(20, 20))
    assert editor.selection == set(editor.graph.nodes)


def test_escape_takes_a_rubber_band_back(view, editor, hand, qtbot):
    editor.select(ids(editor, "J"))
    area = view.canvas.bounds()
    hand.press(area.topLeft() - QPointF(20, 20))
    hand.move(area.bottomRight())
    assert len(editor.selection) > 1
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert editor.selection == ids(editor, "J")
    hand.release(area.bottomRight())
    assert editor.selection == ids(editor, "J")


def test_cards_move_together_as_one_step_that_undo_takes_back(editor, hand):
    before = {i: n.position for i, n in editor.graph.nodes.items()}
    editor.select(ids(editor, "theta1", "theta2"))
    start = hand.title("theta1")
    hand.drag(start, start + QPointF(-37, 61))
    for name in ("theta1", "theta2"):
        node = editor.graph.named(name)
        assert node.position != before[node.id]
    assert editor.stack.count() == 1
    editor.stack.undo()
    assert {i: n.position for i, n in editor.graph.nodes.items()} == before


def test_a_card_moved_near_another_edge_snaps_to_it(editor, hand):
    theta, other = hand.card("theta1").body(), hand.card("theta2").body()
    start = hand.title("theta1")
    hand.drag(start, start + QPointF(-180, 0))
    hand.drag(hand.title("theta1"), hand.title("theta1") + QPointF(178, -30))
    assert editor.graph.named("theta1").position[0] == other.left()
    assert theta.left() == other.left()


def test_escape_puts_moved_cards_back_and_leaves_no_step(view, editor, hand, qtbot):
    card = hand.card("theta1")
    before, start = card.body(), hand.title("theta1")
    hand.press(start)
    hand.move(start + QPointF(50, 90))
    assert card.body() != before
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert card.body() == before
    hand.release(start + QPointF(50, 90))
    assert editor.stack.count() == 0


def groove(hand, name, part):
    card = hand.card(name)
    box, body = card.plan.slider, card.body()
    return QPointF(body.x() + box.x + box.width * part, body.y() + box.y + box.height / 2)


def test_a_slider_changes_everything_live_and_is_one_step(editor, hand):
    values = []
    output = editor.graph.output()
    editor.evaluated.connect(lambda _ids: values.append(float(editor.value(output).item())))
    before = float(editor.value(output).item())
    hand.drag(groove(hand, "theta1", 0.5), groove(hand, "theta1", 0.8))
    scale = hand.card("theta1").content.scale
    leaf = editor.graph.named("theta1")
    assert float(leaf.setting("data")) == pytest.approx(scale.value(0.8), abs=0.05)
    assert len(values) >= 2
    assert editor.stack.count() == 1
    editor.stack.undo()
    assert float(editor.value(output).item()) == before


def test_a_slider_dragged_for_long_can_be_undone(editor, hand):
    hand.press(groove(hand, "theta1", 0.1))
    for number in range(1500):
        hand.move(groove(hand, "theta1", 0.1 + 0.8 * (number % 97) / 97))
    hand.release(groove(hand, "theta1", 0.5))
    assert editor.stack.count() == 1
    before = float(editor.graph.named("theta1").setting("data"))
    editor.stack.undo()
    assert float(editor.graph.named("theta1").setting("data")) != before


def test_escape_cancels_a_slider_for_good(view, editor, hand, qtbot):
    before = float(editor.graph.named("theta1").setting("data"))
    hand.press(groove(hand, "theta1", 0.5))
    hand.move(groove(hand, "theta1", 0.9))
    assert float(editor.graph.named("theta1").setting("data")) != before
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert float(editor.graph.named("theta1").setting("data")) == before
    assert not editor.stack.canRedo()


def test_the_middle_button_pans(view, hand):
    point = view.canvas.bounds().center()
    before = view.viewportTransform().map(point)
    start = point + QPointF(0, 120)
    hand.press(start, Qt.MouseButton.MiddleButton)
    from PySide6.QtTest import QTest

    QTest.mouseMove(view.viewport(), hand.at(start) + QPointF(60, 25).toPoint())
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.MiddleButton)
    moved = view.viewportTransform().map(point) - before
    assert (moved.x(), moved.y()) == (60, 25)


def test_space_and_drag_pans_and_selects_nothing(view, editor, hand, qtbot):
    before = view.scene_point(QPointF(0, 0))
    qtbot.keyPress(view, Qt.Key.Key_Space)
    start = hand.title("theta1")
    hand.press(start)
    hand.move(start + QPointF(40, 0))
    hand.release(start)
    qtbot.keyRelease(view, Qt.Key.Key_Space)
    assert view.scene_point(QPointF(0, 0)).x() != before.x()
    assert not editor.selection
    assert not view.overlays.popup.isVisible()


def test_space_alone_opens_the_search(view, editor, qtbot):
    qtbot.keyClick(view, Qt.Key.Key_Space)
    popup = view.overlays.popup
    assert popup.isVisible() and popup.field.hasFocus()
    qtbot.keyClicks(popup.field, "tanh")
    qtbot.keyClick(popup.field, Qt.Key.Key_Return)
    assert editor.graph.named("tanh") is not None
