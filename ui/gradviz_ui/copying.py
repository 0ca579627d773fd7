"""Numbers and tensors as text to paste elsewhere: every digit, as Python reads it."""

import numpy as np
from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from gradviz.ops.spec import Array

from .numbers import full

MOST_COPIED = 1_000_000
LONGEST = 28


def copy_text(value: Array) -> str:
    """A number with every digit; a tensor as nested lists of such numbers."""
    array = np.asarray(value)
    if array.ndim == 0:
        return full(array.flat[0])
    if array.size == 0:
        return "[]"
    return f"[{', '.join(copy_text(part) for part in array)}]"


def put_on_clipboard(value: Array) -> None:
    """Copy a number or a tensor; one of more than a million numbers is left alone."""
    if np.size(value) <= MOST_COPIED:
        QGuiApplication.clipboard().setText(copy_text(value))


def offer_copies(parent: QWidget, place: QPoint, *offers: tuple[str, Array]) -> None:
    """Open a menu at a point of the screen that copies any of these, each by its name."""
    menu = QMenu(parent)
    for name, value in offers:
        digits = copy_text(value) if np.size(value) == 1 else ""
        shown = f"Copy {name} {digits}" if 0 < len(digits) <= LONGEST else f"Copy {name}"
        menu.addAction(shown.replace("  ", " "), lambda chosen=value: put_on_clipboard(chosen))
    menu.exec(place)
    menu.deleteLater()
