"""What another theme costs: what is seen is dressed at once and once, the rest when it is shown."""

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QStackedWidget, QVBoxLayout, QWidget

from gradviz_ui import theme
from gradviz_ui.dressing import POLISHED


class Counter(QObject):
    """Counts the times that a widget is told of another style."""

    def __init__(self):
        super().__init__()
        self.times = 0

    def eventFilter(self, watched, event):
        self.times += event.type() == QEvent.Type.StyleChange
        return False


def valued(page: QWidget) -> QLabel:
    """A label in a value's colour, deep within a page."""
    for _ in range(6):
        inner = QWidget()
        QVBoxLayout(page).addWidget(inner)
        page = inner
    label = QLabel("1.5", page)
    label.setProperty("role", "value")
    return label


@pytest.fixture
def pages(qtbot, qapp):
    theme.apply(qapp, "light")
    stack = QStackedWidget()
    qtbot.addWidget(stack)
    front, back = QWidget(), QWidget()
    stack.addWidget(front)
    stack.addWidget(back)
    labels = valued(front), valued(back)
    stack.show()
    for page in (back, front):
        stack.setCurrentWidget(page)
    yield stack, *labels
    theme.source().set_theme("light")


def ink(label: QLabel) -> str:
    return label.palette().color(QPalette.ColorRole.WindowText).name()


def test_what_is_seen_is_dressed_at_once_and_each_widget_once(pages):
    _, front, _ = pages
    counter = Counter()
    front.installEventFilter(counter)
    theme.source().toggle()
    assert ink(front) == theme.current().val.lower()
    # Taken off and put on: not once more for every widget around it.
    assert counter.times <= 3


def test_what_is_hidden_is_dressed_when_it_is_shown(pages):
    stack, _, back = pages
    theme.source().toggle()
    assert not back.testAttribute(POLISHED)
    stack.setCurrentIndex(1)
    assert back.testAttribute(POLISHED) and ink(back) == theme.current().val.lower()


def test_what_is_shown_after_several_themes_has_the_last(pages):
    stack, front, back = pages
    theme.source().toggle()
    theme.source().toggle()
    stack.setCurrentIndex(1)
    assert ink(back) == theme.current().val.lower()
    theme.source().toggle()
    stack.setCurrentIndex(0)
    assert ink(front) == theme.current().val.lower()
