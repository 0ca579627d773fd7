"""Sentences: as high as their words need, and to be selected and copied."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gradviz.explain import Span
from gradviz_ui import theme
from gradviz_ui.docks.sentence_view import SentenceView

SHORT = ((Span("J changes by ", "plain"), Span("−1.076", "gradient")),)
LONG = (*SHORT, (Span("and so on, word after word, " * 12, "plain"),))


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[SentenceView]:
    page = QWidget()
    shown = SentenceView()
    layout = QVBoxLayout(page)
    layout.addWidget(shown)
    layout.addStretch(1)
    qtbot.addWidget(page)
    page.resize(420, 400)
    page.show()
    shown.tell(SHORT)
    QGuiApplication.processEvents()
    yield shown


def test_it_is_as_high_as_its_words_at_any_width(view: SentenceView, qtbot: QtBot) -> None:
    low = view.height()
    view.tell(LONG)
    qtbot.waitUntil(lambda: view.height() > 2 * low)
    high = view.height()
    view.window().resize(260, 400)
    qtbot.waitUntil(lambda: view.height() > high)
    view.tell(SHORT)
    qtbot.waitUntil(lambda: view.height() == low)
    view.window().resize(420, 400)
    QGuiApplication.processEvents()
    assert view.height() == low == view.heightForWidth(view.width())


def test_numbers_have_their_colour_on_the_screen_in_either_theme(view: SentenceView) -> None:
    def colours() -> set[str]:
        shown = view.grab().toImage()
        return {
            shown.pixelColor(x, y).name().upper()
            for x in range(shown.width())
            for y in range(shown.height())
        }

    assert theme.current().grad.upper() in colours()
    theme.source().set_theme("dark")
    QGuiApplication.processEvents()
    assert theme.current().grad.upper() in colours()


def test_words_are_selected_by_mouse_and_copied(view: SentenceView, qtbot: QtBot) -> None:
    left = Qt.MouseButton.LeftButton
    start, end = QPoint(0, 8), QPoint(view.width() - 1, 8)
    plain = view.grab().toImage()
    qtbot.mousePress(view, left, pos=start)
    qtbot.mouseMove(view, end)
    qtbot.mouseRelease(view, left, pos=end)
    qtbot.mouseClick(view, left, Qt.KeyboardModifier.ShiftModifier, end)
    assert view.selectedText() == "J changes by −1.076"
    assert view.grab().toImage() != plain
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "J changes by −1.076"
    qtbot.mouseClick(view, left, pos=QPoint(30, 8))
    assert view.selectedText() == ""
    qtbot.mouseDClick(view, left, pos=QPoint(30, 8))
    assert view.selectedText() == "changes"
    qtbot.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert view.selectedText() == "J changes by −1.076"
    view.tell(LONG)
    assert view.selectedText() == ""


def test_one_line_stays_one_line(qtbot: QtBot) -> None:
    view = SentenceView(wrapped=False)
    qtbot.addWidget(view)
    view.tell(LONG[1:])
    assert view.sizeHint().width() > 1000 and view.minimumSizeHint().width() == 1
