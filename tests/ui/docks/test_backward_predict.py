"""Predicting contributions, and copying any number with every digit."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from gradviz.graph import Graph
from gradviz.program import graph_from_source
from gradviz_ui.copying import copy_text
from gradviz_ui.docks.backward import BackwardPanel
from gradviz_ui.docks.backward_inspector import BackwardInspector
from gradviz_ui.docks.backward_ledger import Figure
from gradviz_ui.editor import Editor

LEFT = Qt.MouseButton.LeftButton
PRODUCT = """
w = tensor(2.0, requires_grad=True)
x = tensor(-1.5, requires_grad=True)
p = w * x
J = p ** 2
"""


@pytest.fixture
def document() -> Graph:
    return graph_from_source(PRODUCT)


@pytest.fixture
def panel(panel: BackwardPanel) -> BackwardPanel:
    panel.predict.toggle()
    return panel


def answer(panel: BackwardPanel, qtbot: QtBot, text: str) -> str:
    panel.predict.field.clear()
    qtbot.keyClicks(panel.predict.field, text)
    qtbot.keyClick(panel.predict.field, Qt.Key.Key_Return)
    return panel.predict.verdict.text()


def asked(panel: BackwardPanel) -> str:
    return panel.predict.question.accessibleName()


def test_each_contribution_is_asked_for_and_the_step_taken_when_all_are_right(
    panel: BackwardPanel, editor: Editor, qtbot: QtBot
) -> None:
    assert panel.predict.isVisible() and "What will J send to p?" in asked(panel)
    assert answer(panel, qtbot, "-6").startswith("Right")
    assert editor.moment == 2, "through J, the seed with it"
    assert "What will p send to w?" in asked(panel)
    assert answer(panel, qtbot, "9").startswith("Right") and editor.moment == 2
    assert "What will p send to x?" in asked(panel)
    assert answer(panel, qtbot, "-12").startswith("Right") and editor.moment == 3
    assert "Nothing is left" in asked(panel) and not panel.predict.field.isVisible()


def test_a_wrong_answer_says_why_and_gives_nothing_away(
    panel: BackwardPanel, editor: Editor, qtbot: QtBot
) -> None:
    said = answer(panel, qtbot, "6")
    assert "sign" in said and editor.moment == 0
    assert panel.predict.verdict.property("role") == "error"
    assert "'six' cannot be read" in answer(panel, qtbot, "six")
    assert editor.moment == 0


def test_showing_it_takes_the_step(panel: BackwardPanel, editor: Editor, qtbot: QtBot) -> None:
    qtbot.mouseClick(panel.predict.show_button, LEFT)
    assert editor.moment == 2 and "What will p send to w?" in asked(panel)


def test_stepping_by_hand_asks_about_what_comes_then(
    panel: BackwardPanel, editor: Editor, qtbot: QtBot
) -> None:
    qtbot.mouseClick(panel.last_button, LEFT)
    assert "Nothing is left" in asked(panel)
    qtbot.mouseClick(panel.first_button, LEFT)
    assert "What will J send to p?" in asked(panel)
    panel.predict.toggle()
    assert not panel.predict.isVisible()


def test_a_number_of_the_ledger_is_copied_with_every_digit(editor: Editor, qtbot: QtBot) -> None:
    inspector = BackwardInspector(editor)
    qtbot.addWidget(inspector)
    inspector.resize(368, 700)
    inspector.show()
    editor.set_moment(3)
    qtbot.waitUntil(lambda: inspector.name.text() == "p")
    cell = next(f for f in inspector.ledger.table.findChildren(Figure) if f.text() == "9.000")

    def choose() -> None:
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        menu.actions()[0].trigger()
        menu.close()

    QTimer.singleShot(0, choose)
    place = QPoint(2, 2)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, cell.mapToGlobal(place))
    QApplication.sendEvent(cell, event)
    assert QGuiApplication.clipboard().text() == "9.0"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.float32(0.1), "0.1"),
        (np.array([[1 / 3, -2.0], [np.nan, np.inf]]), "[[0.3333333333333333, -2.0], [nan, inf]]"),
        (np.zeros((0, 2)), "[]"),
    ],
)
def test_what_is_copied_reads_back(value: np.ndarray, text: str) -> None:
    assert copy_text(value) == text
