"""A step as formulas: typeset lines that fit where they stand."""

import time
from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from ..formula_work import FormulaSetter, Pairs
from ..formulas import FormulaLabel

HURRY_MS = 120
SIZES = (18.0, 16.0, 14.0, 12.5)


def scrolled(widget: QWidget) -> QScrollArea:
    """A widget in a scroll area without a frame."""
    area = QScrollArea()
    area.setWidget(widget)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.viewport().setAutoFillBackground(False)
    widget.setAutoFillBackground(False)
    return area


class FormulaLines(QWidget):
    """Formulas one below the other, broken or made smaller where the room is narrow."""

    def __init__(self, sizes: tuple[float, ...] = SIZES, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sizes = sizes
        self._formulas: tuple[str, ...] = ()
        self._labels: list[FormulaLabel] = []
        self._setter = FormulaSetter(self)
        self._setter.ready.connect(self._show)
        self._told_at = 0.0
        self._rest = QTimer(self, singleShot=True)
        self._rest.timeout.connect(self._arrange)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(10)
        self._layout.addStretch(1)

    @property
    def formulas(self) -> tuple[str, ...]:
        """The formulas shown, unbroken."""
        return self._formulas

    def tell(self, formulas: Iterable[str]) -> None:
        """Show these formulas, in LaTeX.

        Setting one takes about a frame, so it is done off the GUI thread; while they follow each
        other in a hurry, as in a scrub, none is set until the last has stood for a moment.
        """
        formulas = tuple(formulas)
        if formulas == self._formulas:
            return
        self._formulas = formulas
        self.setAccessibleName("; ".join(self._formulas))
        before, self._told_at = self._told_at, time.monotonic()
        hurried = self._told_at - before <= HURRY_MS / 1000
        if self._known() is None and hurried:
            self._setter.drop()
            self._show(())
            self._rest.start(HURRY_MS // 2)
        else:
            self._rest.stop()
            self._arrange()

    def minimumSizeHint(self) -> QSize:
        return QSize(60, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != self.width() and not self._rest.isActive():
            self._arrange()

    def _known(self) -> Pairs | None:
        return self._setter.known(self._formulas, self.width() - 2, self._sizes)

    def _arrange(self) -> None:
        known = self._known()
        if known is None:
            self._setter.ask(self._formulas, self.width() - 2, self._sizes)
        else:
            self._setter.drop()
            self._show(known)

    def _show(self, wanted: Pairs) -> None:
        for place, (size, latex) in enumerate(wanted):
            if place == len(self._labels):
                label = FormulaLabel(parent=self)
                self._layout.insertWidget(place, label, 0, Qt.AlignmentFlag.AlignLeft)
                self._labels.append(label)
            self._labels[place].show_formula(latex, size)
            self._labels[place].setVisible(True)
        for label in self._labels[len(wanted) :]:
            if not label.isHidden():
                label.hide()
