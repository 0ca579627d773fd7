import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QColor
from PySide6.QtWidgets import QFrame, QLabel, QPushButton

from gradviz_ui import theme
from gradviz_ui.widgets import (
    Badge,
    ElidedLabel,
    IconButton,
    PanelHeader,
    Wordmark,
    fact_row,
    row,
    text,
    thin_line,
)


@pytest.fixture(autouse=True)
def light_again(qapp):
    theme.apply(qapp, "light")
    yield
    theme.apply(qapp, "light")


def colours_of(widget):
    image = widget.grab().toImage()
    return {
        image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
    }


def test_a_badge_has_the_ground_of_its_kind_in_either_theme(qtbot):
    badge = Badge("−6.000", "gradient")
    qtbot.addWidget(badge)
    badge.resize(badge.sizeHint())
    assert QColor(theme.current().gchip).name() in colours_of(badge)
    theme.source().toggle()
    assert QColor(theme.current().gchip).name() in colours_of(badge)
    badge.show_words("shapes differ", "error")
    assert QColor(theme.current().echip).name() in colours_of(badge)
    assert badge.accessibleName() == "shapes differ"
    badge.show_words("again")
    assert badge.kind == "error"


def test_a_badge_widens_with_its_words(qtbot):
    badge = Badge("1")
    qtbot.addWidget(badge)
    narrow = badge.sizeHint().width()
    badge.show_words("a longer reason")
    assert badge.sizeHint().width() > narrow
    with pytest.raises(ValueError, match="no kind of badge"):
        badge.show_words("x", "urgent")  # type: ignore[arg-type]


def test_a_long_text_ends_in_an_ellipsis_and_the_tooltip_tells_the_rest(qtbot):
    label = ElidedLabel("linear_regression.gradviz")
    qtbot.addWidget(label)
    label.resize(60, 20)
    label.grab()
    assert label.shown().endswith("…")
    assert label.toolTip() == "linear_regression.gradviz"
    label.resize(400, 20)
    label.grab()
    assert label.shown() == "linear_regression.gradviz"
    assert label.toolTip() == ""
    assert label.minimumSizeHint().width() < 60


def test_an_icon_button_says_its_name(qtbot):
    button = IconButton("undo", "Undo", shortcut="Ctrl+Z")
    qtbot.addWidget(button)
    assert button.accessibleName() == "Undo"
    assert "Undo" in button.toolTip()
    assert "Ctrl+Z" in button.toolTip()
    with qtbot.waitSignal(button.clicked):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(button.clicked):
        qtbot.keyClick(button, Qt.Key.Key_Space)


def test_an_icon_button_can_change_its_picture(qtbot):
    button = IconButton("play", "Play")
    qtbot.addWidget(button)
    before = button.icon().cacheKey()
    button.show_icon("pause", "Pause")
    assert button.icon().cacheKey() != before
    assert button.accessibleName() == button.toolTip() == "Pause"


def test_an_icon_button_follows_its_action(qtbot):
    action = QAction("&Redo")
    button = IconButton.of(action, "redo")
    qtbot.addWidget(button)
    assert button.accessibleName() == "Redo"
    action.setEnabled(False)
    assert not button.isEnabled()
    action.setEnabled(True)
    with qtbot.waitSignal(action.triggered):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_header_shows_title_note_and_buttons(qtbot):
    button = QPushButton("add")
    header = PanelHeader("Runners", button, ruled=True)
    qtbot.addWidget(header)
    header.set_note("step 5 of 8")
    header.set_title("Racers")
    said = [label.text() for label in header.findChildren(QLabel)]
    assert said == ["Racers", "step 5 of 8"]
    assert header.isAncestorOf(button)
    assert len([f for f in header.findChildren(QFrame) if f.property("role") == "line"]) == 2


def test_roles_have_their_colours_in_either_theme(qtbot):
    label = text("███", "gradient", 30)
    qtbot.addWidget(label)
    assert QColor(theme.current().grad).name() in colours_of(label)
    theme.source().toggle()
    assert QColor(theme.current().grad).name() in colours_of(label)


def test_text_is_never_taken_as_html(qtbot):
    label = text("<b>a</b>")
    qtbot.addWidget(label)
    assert label.textFormat() == Qt.TextFormat.PlainText


def test_figures_can_be_selected(qtbot):
    widget = fact_row("dtype", "float32")
    qtbot.addWidget(widget)
    name, value = widget.findChildren(QLabel)
    assert (name.text(), value.text()) == ("dtype", "float32")
    assert value.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse


def test_a_row_lays_its_parts_side_by_side(qtbot):
    left, right = QLabel("l"), QLabel("r")
    widget = row(left, None, right, margins=(5, 5, 5, 5))
    qtbot.addWidget(widget)
    widget.resize(200, 30)
    widget.grab()
    assert left.x() == 5
    assert right.geometry().right() >= 190


def test_a_line_is_one_pixel(qtbot):
    line = thin_line()
    qtbot.addWidget(line)
    line.ensurePolished()
    assert line.minimumHeight() == line.maximumHeight() == 1


def test_the_wordmark_fits_its_words(qtbot):
    mark = Wordmark()
    qtbot.addWidget(mark)
    assert mark.accessibleName() == "GradViz"
    assert len(colours_of(mark)) > 3


def test_a_shorter_form_takes_the_place_of_a_text_that_does_not_fit(qtbot):
    label = ElidedLabel("product + z = 1.000 + 2.000 = 3.000")
    label.shorter = "1.000 + 2.000 = 3.000"
    qtbot.addWidget(label)
    label.resize(label.sizeHint())
    assert label.shown() == label.text()
    label.resize(label.sizeHint().width() - 10, 20)
    assert label.shown() == label.shorter
    label.resize(60, 20)
    assert label.shown().startswith("…") and label.shown().endswith("3.000")
