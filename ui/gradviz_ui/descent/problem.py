"""What stands in place of the landscape where nothing can be minimised: why, and what to do."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ..widgets import text
from .objective_bar import ObjectiveBar
from .race import Race


class ProblemView(QWidget):
    """The reason in plain words, and how to mend it."""

    def __init__(self, race: Race) -> None:
        super().__init__()
        self._race = race
        self.title = text("Nothing to descend yet", "title", 15)
        self.reason = text("", size=13)
        self.remedy = text("", "mute", 13)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(40, 40, 40, 40)
        layout.setSpacing(8)
        layout.addStretch(2)
        for label in (self.title, self.reason, self.remedy):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            label.setWordWrap(True)
            layout.addWidget(label)
        layout.addLayout(self._choice())
        layout.addStretch(3)
        race.prepared.connect(self._show)

    def _choice(self) -> QHBoxLayout:
        self.objective = ObjectiveBar(self._race)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(self.objective)
        line.addStretch(1)
        return line

    def _show(self) -> None:
        reason = self._race.problem
        self.reason.setText(reason[:1].upper() + reason[1:] + "." if reason else "")
        self.remedy.setText(remedy(reason))


def remedy(reason: str) -> str:
    """What to do about it."""
    if "empty" in reason:
        return "Type a formula above, such as J = x**2, or open a sample."
    if "shape []" in reason:
        return "Compute it in floating-point numbers: write 2.0 for 2, or give a dtype of float32."
    if "shape" in reason:
        return "Bring it down to one number, with mean() or sum(), or choose another output."
    if "requires a gradient" in reason:
        return "In Build, select a leaf and switch on its “requires_grad”."
    if "no value" in reason:
        return "Build shows what is missing or wrong on the cards marked in red."
    if "settings cannot be read" in reason or "there is no" in reason:
        return "The file asks for something this version does not know."
    return "Build shows the graph; change it there and come back."
