"""For who hears the window: every control in every workspace says what it is."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QScrollBar,
    QTabBar,
    QWidget,
)

from gradviz_ui import file_actions, paths
from gradviz_ui.docks import DOCKS
from gradviz_ui.widgets import FlatTabs

CONTROLS = (
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPushButton,
    QTabBar,
)


def controls(root):
    """What one can go to or press, shown or not, without the parts that Qt makes itself."""
    for widget in root.findChildren(QWidget):
        above = widget.parentWidget()
        viewport = above.viewport() if isinstance(above, QAbstractScrollArea) else None
        inner = isinstance(widget, (QScrollBar, QHeaderView)) or widget is viewport
        reached = widget.focusPolicy() & Qt.FocusPolicy.TabFocus or isinstance(widget, CONTROLS)
        within = isinstance(above, (QAbstractSpinBox, QComboBox)) or (
            above is not None and above.inherits("QComboBoxPrivateContainer")
        )
        if reached and not inner and not within:
            yield widget


def name_of(widget):
    found = QAccessible.queryAccessibleInterface(widget)
    return found.text(QAccessible.Text.Name).strip() if found is not None else ""


def unnamed(root):
    return sorted(
        f"{type(w).__name__} in {type(w.parentWidget()).__name__}"
        for w in controls(root)
        if not name_of(w)
    )


@pytest.mark.parametrize("workspace", ["build", "backward", "descend"])
def test_every_control_of_a_workspace_has_a_name(window, workspace):
    file_actions.open_path(window, paths.sample("linear_regression.gradviz"), sample=True)
    window.show_workspace(workspace)
    editor = window.editor
    for node in list(editor.graph.nodes)[:3]:
        editor.select([node])
        QApplication.processEvents()
    for dock in DOCKS:
        if workspace in dock.workspaces:
            window.workspaces.show_dock(dock.name)
            QApplication.processEvents()
    for tabs in window.findChildren(FlatTabs):
        for number in range(len(tabs._group.buttons())):
            tabs.choose(tabs._group.key(number))
    editor.set_moment(2)
    QApplication.processEvents()
    assert unnamed(window) == []
    if window.descend is not None:
        window.descend.close()


def test_every_control_of_pages_and_dialogs_has_a_name(window, do):
    do("shortcuts")
    do("samples")
    window.open_palette()
    window.finder.open()
    assert unnamed(window) == []
