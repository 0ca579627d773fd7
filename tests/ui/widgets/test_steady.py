from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from gradviz_ui.widgets import Steady


class Asked(QObject):
    """How often a widget's layout was asked to measure again."""

    def __init__(self, widget):
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched, event):
        self.count += event.type() == QEvent.Type.LayoutRequest
        return False


def shown(qtbot, label):
    window, place = QWidget(), Steady(label)
    layout = QVBoxLayout(window)
    layout.addWidget(place)
    layout.addStretch(1)
    window.resize(200, 300)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    return window, place


def test_another_text_leaves_the_layouts_round_it_as_they_are(qtbot, qapp):
    label = QLabel("step 9")
    window, place = shown(qtbot, label)
    asked = Asked(window)
    label.setText("step 10 000")
    qapp.processEvents()
    assert asked.count == 0
    assert label.geometry() == place.rect()


def test_a_text_that_takes_more_lines_gets_them(qtbot, qapp):
    label = QLabel("short")
    label.setWordWrap(True)
    _window, place = shown(qtbot, label)
    before = place.height()
    label.setText("many words that do not fit into one line of so narrow a window " * 2)
    qtbot.waitUntil(lambda: place.height() > before)
    assert label.height() >= label.heightForWidth(label.width())
    label.setText("short")
    qtbot.waitUntil(lambda: place.height() == before)
