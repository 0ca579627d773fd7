"""Where the keyboard goes: from panel to panel by a key, and in each as one reads, by Tab.

Qt would go in the order in which widgets were made, and panels are made when first looked at.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QPushButton,
    QScrollArea,
    QSplitter,
    QToolButton,
    QWidget,
)

if TYPE_CHECKING:
    from .main_window import MainWindow

BUTTONS = (QPushButton, QToolButton)
TAB, BACKTAB = Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason


def parts_of(widget: QWidget | None) -> Iterator[QWidget]:
    """What a splitter holds, and in turn what splitters in it hold."""
    if isinstance(widget, QScrollArea) and isinstance(widget.widget(), QSplitter):
        widget = widget.widget()
    if isinstance(widget, QSplitter):
        for place in range(widget.count()):
            yield from parts_of(widget.widget(place))
    elif widget is not None:
        yield widget


def panels(window: "MainWindow") -> list[list[QWidget]]:
    """Where Tab stops in each panel that is seen, the bar and the tabs of documents first."""
    bar = [window.top_bar, window.formula_bar]
    shown = window.pages.currentWidget()
    about = shown if window.welcoming else window.workspaces.currentWidget()
    parts = ([part] for part in parts_of(about))
    groups = (bar, [window.notice], [window.documents.strip], *parts)
    return [found for roots in groups if (found := stops(window, roots))]


def stops(window: QWidget, roots: Iterable[QWidget]) -> list[QWidget]:
    """Where Tab stops in these widgets, row by row and in each from the left."""
    found = [w for root in roots for w in (root, *root.findChildren(QWidget)) if takes_focus(w)]
    corners = {w: w.mapTo(window, QPoint(0, 0)) for w in found}
    rows: list[list[QWidget]] = []
    for widget in sorted(found, key=lambda w: (corners[w].y(), corners[w].x())):
        row = rows[-1] if rows else None
        middle = corners[widget].y() + widget.height() / 2
        # What holds a control stands before it, in a row of its own.
        if row and middle < corners[row[0]].y() + row[0].height() and not holds(row, widget):
            row.append(widget)
        else:
            rows.append([widget])
    return [w for row in rows for w in sorted(row, key=lambda w: corners[w].x())]


def holds(row: Iterable[QWidget], widget: QWidget) -> bool:
    """Whether any of these has that widget within it."""
    return any(other.isAncestorOf(widget) for other in row)


def takes_focus(widget: QWidget) -> bool:
    """Whether Tab would stop at it."""
    tab = Qt.FocusPolicy.TabFocus
    wants = (widget.focusPolicy() & tab) == tab and widget.focusProxy() is None
    return wants and widget.isVisible() and widget.isEnabled()


def tab(window: "MainWindow", by: int) -> bool:
    """Bring the focus so many stops on, round and round; False where there is none at all."""
    order = [widget for panel in panels(window) for widget in panel]
    if order:
        focus = QApplication.focusWidget()
        here = order.index(focus) if focus in order else (-1 if by > 0 else 0)
        order[(here + by) % len(order)].setFocus(TAB if by > 0 else BACKTAB)
    return bool(order)


def press(event: QKeyEvent) -> bool:
    """Click the button in focus where Return was pressed, as Space does; False where none is."""
    button = QApplication.focusWidget()
    if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(button, BUTTONS):
        button.click()
        return True
    return False


def go(window: "MainWindow", by: int) -> None:
    """Bring the focus so many panels on, round and round: to its canvas, or its first stop."""
    found, focus = panels(window), QApplication.focusWidget()
    if found:
        here = [place for place, panel in enumerate(found) if focus in panel]
        start = here[0] if here else (-1 if by > 0 else 0)
        goal = found[(start + by) % len(found)]
        (window.canvas if window.canvas in goal else goal[0]).setFocus(TAB)
