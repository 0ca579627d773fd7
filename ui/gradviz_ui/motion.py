"""Whether anything in the window moves by itself: asked here by all that would.

The desktop decides unless the person chose. What somebody moves or plays by hand goes on moving.
"""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QStyle

EFFECTS = (
    Qt.UIEffect.UI_General,
    Qt.UIEffect.UI_AnimateMenu,
    Qt.UIEffect.UI_FadeMenu,
    Qt.UIEffect.UI_AnimateCombo,
    Qt.UIEffect.UI_AnimateTooltip,
    Qt.UIEffect.UI_FadeTooltip,
    Qt.UIEffect.UI_AnimateToolBox,
)
"""What Qt itself would let appear bit by bit."""


class Motion(QObject):
    """See the module's text."""

    changed = Signal()
    """It is chosen otherwise."""

    def __init__(self) -> None:
        super().__init__()
        self._chosen: bool | None = None

    @property
    def reduced(self) -> bool:
        """Whether everything appears at once, where it belongs."""
        return self._chosen if self._chosen is not None else not desktop_moves()

    def choose(self, reduced: bool | None) -> None:
        """Reduce motion, or do not; None leaves it to the desktop."""
        self._chosen = reduced
        if self.reduced:
            for effect in EFFECTS:
                QApplication.setEffectEnabled(effect, False)
        self.changed.emit()


def desktop_moves() -> bool:
    """Whether the desktop asks for things to move at all."""
    hint = QStyle.StyleHint.SH_Widget_Animation_Duration
    return QApplication.style().styleHint(hint) > 0


_MOTION = Motion()


def motion() -> Motion:
    """The one that counts in this program."""
    return _MOTION
