"""A place for a label whose text changes often, such as a figure that follows a step."""

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget


class Steady(QWidget):
    """Holds a label; the layouts round it are measured again only where it wants another height.

    A label of its own has them measured again with every text, up to the window.
    """

    def __init__(self, label: QLabel) -> None:
        super().__init__()
        self.label = label
        label.setParent(self)
        self._wants = 0
        self.setSizePolicy(label.sizePolicy())

    def sizeHint(self) -> QSize:
        return self.label.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return self.label.minimumSizeHint().expandedTo(self.label.minimumSize())

    def hasHeightForWidth(self) -> bool:
        return self.label.wordWrap()

    def heightForWidth(self, arg__1: int) -> int:
        return self.label.heightForWidth(arg__1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.label.setGeometry(self.rect())
        self._wants = self._wanted()

    def event(self, event: QEvent) -> bool:
        # The label tells of another text in this way, as there is no layout between.
        if event.type() == QEvent.Type.LayoutRequest and self._wanted() != self._wants:
            self._wants = self._wanted()
            self.updateGeometry()
        return super().event(event)

    def _wanted(self) -> int:
        if self.label.wordWrap():
            return self.label.heightForWidth(self.width())
        return self.label.sizeHint().height()
