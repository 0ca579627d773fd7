"""Menus by the right button: each offers what can be done with what was clicked."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu


@pytest.fixture
def menu_at(window, qtbot):
    """Ask for the menu at a point of the scene; the entries by their words."""

    def ask(point: QPointF) -> dict[str, QAction]:
        place = window.canvas.viewportTransform().map(point).toPoint()
        spot = window.canvas.viewport().mapToGlobal(place)
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, spot)
        QApplication.sendEvent(window.canvas.viewport(), event)
        qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        entries = {action.text(): action for action in menu.actions() if action.text()}
        menu.close()
        return entries

    return ask


def card(window, name):
    return window.canvas.canvas.cards[window.editor.graph.named(name).id]


def test_a_cards_menu_is_about_that_card(window, menu_at):
    menu = menu_at(card(window, "theta1").body().topLeft() + QPointF(60, 18))
    assert window.editor.selection == {window.editor.graph.named("theta1").id}
    assert {"Copy", "Delete", "Rename", "Edit Value", "Use as Output"} <= menu.keys()
    menu["Delete"].trigger()
    assert window.editor.graph.named("theta1") is None


def test_the_menu_of_several_cards_keeps_them_selected(window, menu_at):
    window.editor.select(window.editor.graph.nodes)
    menu = menu_at(card(window, "J").body().topLeft() + QPointF(60, 18))
    assert len(window.editor.selection) == 5
    assert "Rename" not in menu and menu["Copy"].isEnabled()


def test_use_as_output_has_backward_begin_there(window, menu_at):
    menu_at(card(window, "pow1").body().topLeft() + QPointF(60, 18))["Use as Output"].trigger()
    assert window.editor.graph.output() == window.editor.graph.named("pow1").id


def test_delete_and_reconnect_closes_the_gap(window, menu_at):
    place = card(window, "pow1").body().topLeft() + QPointF(60, 18)
    menu_at(place)["Delete and Reconnect"].trigger()
    graph = window.editor.graph
    wires = graph.inputs(graph.named("J").id)
    assert wires[0].source == graph.named("theta1").id


def test_the_ground_offers_what_needs_no_card(window, menu_at):
    menu = menu_at(window.canvas.canvas.bounds().bottomRight() + QPointF(-4, 40))
    assert {"Add Operation…", "Paste", "Select All", "Tidy Up", "Fit Graph"} <= menu.keys()
    assert "Delete" not in menu


def test_adding_from_the_grounds_menu_puts_the_card_there(window, menu_at, qtbot):
    place = window.canvas.canvas.bounds().bottomLeft() + QPointF(4, 60)
    menu_at(place)["Add Operation…"].trigger()
    field = window.canvas.overlays.popup.field
    qtbot.waitUntil(field.isVisible)
    QTest.keyClicks(field, "tanh")
    QTest.keyClick(field, Qt.Key.Key_Return)
    found = QPointF(*window.editor.graph.named("tanh").position)
    assert (found - place).manhattanLength() < 30


def wire_place(window) -> QPointF:
    start = card(window, "theta1").port(0, output=True)
    return (start + card(window, "pow1").port(0, output=False)) / 2


def test_a_wires_menu_takes_it_away(window, menu_at):
    menu = menu_at(wire_place(window))
    menu["Disconnect"].trigger()
    graph = window.editor.graph
    assert not graph.inputs(graph.named("pow1").id)
    assert "Rename" not in menu


def test_an_operation_is_added_on_a_wire(window, menu_at, qtbot):
    menu_at(wire_place(window))["Add Operation…"].trigger()
    field = window.canvas.overlays.popup.field
    qtbot.waitUntil(field.isVisible)
    QTest.keyClicks(field, "tanh")
    QTest.keyClick(field, Qt.Key.Key_Return)
    graph = window.editor.graph
    new = graph.named("tanh")
    assert graph.inputs(new.id)[0].source == graph.named("theta1").id
    assert graph.inputs(graph.named("pow1").id)[0].source == new.id


def test_an_outputs_menu_takes_all_its_wires_away(window, menu_at):
    menu_at(card(window, "theta2").port(0, output=True))["Disconnect"].trigger()
    graph = window.editor.graph
    assert not graph.outputs(graph.named("theta2").id)


def test_the_menu_key_asks_about_the_selected_card(window, qtbot):
    window.editor.select({window.editor.graph.named("J").id})
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(0, 0), QPoint(0, 0))
    QApplication.sendEvent(window.canvas.viewport(), event)
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert "Delete" in [action.text() for action in menu.actions()]
    menu.close()


def test_start_backward_here_brings_backward_to_the_front_before_its_first_step(window, menu_at):
    window.editor.set_workspace("build")
    place = card(window, "pow1").body().topLeft() + QPointF(60, 18)
    menu_at(place)["Start Backward Here"].trigger()
    editor = window.editor
    assert editor.graph.output() == editor.graph.named("pow1").id
    assert editor.workspace == "backward" and editor.moment == 0 and editor.walk is not None
