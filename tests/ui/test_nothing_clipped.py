"""Every panel on a small screen, as narrow as it goes: what is said fits where it is."""

from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLabel,
    QLineEdit,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QStyle,
    QStyleOptionComboBox,
    QWidget,
)

from gradviz.graph import compose
from gradviz_ui.widgets import ElidedLabel, FlatTabs
from gradviz_ui.widgets.choice_button import ChoiceButton

LONG = (
    "Two inputs, four hidden units and one output learn what no straight line can: true where "
    "just one input is. Step backward to see the error split up among the hidden units, then open "
    "Descend for a slice through two of the seventeen weights."
)


def cut(widget: QWidget) -> str:
    """What is said in a widget and does not fit in it; empty where all does."""
    words, metrics = "", widget.fontMetrics()
    if isinstance(widget, ElidedLabel):
        # It may end in an ellipsis where its tip says all.
        fits = widget.shown() == widget.text() or widget.toolTip() != ""
        words = widget.text()
        fits = fits and widget.height() + 1 >= metrics.height()
    elif isinstance(widget, QLabel):
        words, least = widget.text(), widget.sizeHint()
        if widget.wordWrap():
            fits = widget.heightForWidth(widget.width()) <= widget.height() + 1
        else:
            fits = least.width() <= widget.width() + 1 and least.height() <= widget.height() + 1
    elif isinstance(widget, QAbstractButton):
        words = widget.text()
        fits = widget.sizeHint().width() <= widget.width() + 1
    elif isinstance(widget, QLineEdit):
        words = widget.placeholderText()
        fits = metrics.horizontalAdvance(words) <= widget.width() - 18
    elif isinstance(widget, QComboBox):
        words, option = widget.currentText(), QStyleOptionComboBox()
        widget.initStyleOption(option)
        room = widget.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option,
            QStyle.SubControl.SC_ComboBoxEditField, widget,
        )  # fmt: skip
        fits = metrics.horizontalAdvance(words) <= room.width()
    else:
        return ""
    return "" if fits else words


def crowded(parent: QWidget) -> str:
    """Which parts that a layout puts side by side lie on each other."""
    layout = parent.layout()
    if layout is None or isinstance(parent, QStackedWidget):
        return ""
    items = [item for n in range(layout.count()) if (item := layout.itemAt(n)) is not None]
    parts = [part for item in items if (part := item.widget()) and part.isVisible()]
    for one, other in combinations(parts, 2):
        both = one.geometry().intersected(other.geometry())
        if both.width() > 1 and both.height() > 1:
            return f"{type(one).__name__} on {type(other).__name__}"
    return ""


def wide(area: QWidget) -> str:
    """What is wider than the room that it scrolls up and down in."""
    inside = area.widget() if isinstance(area, QScrollArea) else None
    if not isinstance(area, QScrollArea) or inside is None:
        return ""
    off = area.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff
    over = inside.width() - area.viewport().width()
    return f"{type(inside).__name__} by {over}" if off and over > 1 else ""


def faults(window: QWidget, where: str) -> set[tuple[str, ...]]:
    """What is seen and clipped, crowded or wider than its room."""
    shown = [each for each in window.findChildren(QWidget) if each.isVisible()]
    assert len(shown) > 20
    return {
        (where, found.__name__, type(each).__name__, wrong)
        for each in shown
        for found in (cut, crowded, wide)
        if (wrong := found(each))
    }


@pytest.mark.parametrize("workspace", ["build", "backward", "descend"])
def test_every_panel_is_whole_however_narrow_it_is(window, editor, qtbot, qapp, workspace):
    theta = editor.graph.named("theta1").id
    value = np.linspace(-1.2345, 1, 120, dtype=np.float32).reshape(2, 1, 3, 4, 5)
    if workspace == "build":
        editor.perform(compose.set_value(editor.graph, theta, value))
    editor.perform(compose.set_description(editor.graph, LONG))
    window.show_workspace(workspace)
    if workspace == "backward":
        qtbot.waitUntil(lambda: len(editor.walk) > 0)
        editor.set_moment(len(editor.walk) // 2)
    for each in window.page.findChildren(QSplitter):
        if each.isVisible() and each.orientation() == Qt.Orientation.Horizontal:
            each.setSizes([1, 9999, 1] if each.count() == 3 else [9999, 1])
    found: set[tuple[str, ...]] = set()
    for chosen in ({theta}, set()) if workspace == "build" else (set(),):
        editor.select(chosen)
        for tabs in window.page.findChildren(FlatTabs):
            titles = [each for each in tabs.findChildren(ChoiceButton) if each.isVisible()]
            for title in titles:
                title.click()
                for _ in range(3):
                    qapp.processEvents()
                found |= faults(window, title.text())
            if titles:
                titles[0].click()
    assert not found
