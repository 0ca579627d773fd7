"""At this point: the gradient, the curvature, and what they say about the way ahead."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from gradviz.descent import Objective, Point, PointReport, Runner, Slice
from gradviz.descent.curvature import MOST
from gradviz.descent.seen import seen, whole

from ..theme import ui_font, value_font
from ..widgets import ElidedLabel, Steady, restyle, row, text
from ..widgets.plain import Role
from .beside import Beside, Cancelled, Tell
from .fact_words import KEYS, OF_WAY, told, told_of_way
from .race import Race

ROLES: dict[str, Role] = {"loss": "value", "gradient": "gradient", "norm": "gradient"}
NAMES = {
    "loss": "J", "gradient": "∇J", "norm": "length of all of ∇J", "hessian": "Hessian",
    "eigenvalues": "Hessian eigenvalues", "eigenvectors": "their directions",
    "condition": "condition number", "kind": "kind", "rate": "largest stable lr (SGD)",
    "convergence": "convergence, a step",
}  # fmt: skip
TIPS = {
    "rate": "Above it gradient descent leaves the bottom of the parabola that fits here",
    "convergence": "By what the distance to the bottom is multiplied each step, in the long run: "
    "foretold from the curvature and the settings, and measured over the last steps",
}
LIGHT = 20_000
"""How many numbers a graph may work out where its curvature is asked for between two frames."""
MOST_CALLS = 40
FEW = 4
APART_MS = 60
"""How long at least between two times that curvature is worked out while steps go by."""


@dataclass(frozen=True, eq=False)
class Here:
    """The point looked at, and the picture it is seen in."""

    piece: Slice
    runner: Runner
    step: int

    @property
    def point(self) -> Point:
        """All parameters there."""
        return self.runner.trajectory.points[self.step]


class Facts(QWidget):
    """A list of names and figures for the chosen runner at the step looked at."""

    def __init__(self, race: Race) -> None:
        super().__init__()
        self._race = race
        self._again = False
        self.figures: dict[str, ElidedLabel] = {}
        self.every = QCheckBox()
        self.every.setFont(ui_font(12))
        self.every.setToolTip("By all parameters, not only along what the picture shows")
        self.every.toggled.connect(self.show_now)
        self._due = False
        self._pause = QTimer(self, singleShot=True, interval=APART_MS)
        self._pause.timeout.connect(self.settle)
        self._beside = Beside(self)
        self._beside.told.connect(self._take)
        self._beside.ended.connect(self._ended)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addSpacing(6)
        layout.addWidget(row(self.every, None, margins=(14, 0, 14, 2)))
        for key in KEYS:
            layout.addWidget(self._line(key))
        layout.addSpacing(8)
        layout.addStretch(1)
        race.picture.laid.connect(self.show_now)
        for signal in (race.prepared, race.stepped):
            signal.connect(self._step)

    def _line(self, key: str) -> QWidget:
        figure = self.figures[key] = ElidedLabel()
        figure.setFont(ui_font(12) if key == "kind" else value_font(12))
        figure.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        restyle(figure, role=ROLES.get(key, "plain"))
        figure.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        line = QWidget()
        layout = QHBoxLayout(line)
        layout.setContentsMargins(14, 2, 14, 2)
        layout.setSpacing(12)
        layout.addWidget(text(NAMES[key], "mute", 12))
        layout.addWidget(Steady(figure), 1)
        line.setToolTip(TIPS.get(key, ""))
        return line

    def _here(self) -> Here | None:
        piece, runner = self._race.picture.piece, self._race.runner
        if piece is None or runner is None:
            return None
        return Here(piece, runner, self._race.at(runner.trajectory))

    def _step(self) -> None:
        """What is known of the way at once; curvature only so often."""
        here = self._here()
        self._due = here is not None and self._pause.isActive()
        if here is None or not self._due:
            self.show_now()
        else:
            self._say(told_of_way(here.runner, here.step))

    def settle(self) -> None:
        """Bring up to date what waits for the steps to go by more slowly."""
        if self._due:
            self.show_now()

    def show_now(self) -> None:
        """Read the point again."""
        self._due = False
        self._pause.start()
        here = self._here()
        count = 0 if here is None else size_of(here.piece.objective)
        self.every.setVisible(count > 2)
        self.every.setText(f"all {count} parameters together")
        if here is None:
            self._beside.drop()
            self._say(dict.fromkeys(KEYS, "—"))
            return
        self._say(told_of_way(here.runner, here.step))
        every = self.every.isChecked() and count > 2
        if light(here.piece.objective) and (not every or count <= FEW):
            self._beside.drop()
            self._take((here, every, judged_at(here, every)))
            return
        self._say(dict.fromkeys((k for k in KEYS if k not in OF_WAY), "…"))
        if self._beside.running:
            self._again = True
            return

        def work(tell: Tell, cancelled: Cancelled) -> None:
            tell((here, every, judged_at(here, every)))

        self._beside.start(work)

    def _ended(self, problem: str) -> None:
        if self._again:
            self._again = False
            self.show_now()

    def _take(self, found: tuple[Here, bool, PointReport | str]) -> None:
        here, _, report = found
        if self._again:
            return
        if isinstance(report, str):
            words = dict.fromkeys((k for k in KEYS if k not in OF_WAY), "—")
            self._say(words | {"kind": report})
        else:
            self._say(told(report, here.runner, here.step))

    def _say(self, words: dict[str, str]) -> None:
        for key, said in words.items():
            self.figures[key].setText(said)

    def end(self) -> None:
        """End all work that is under way."""
        self._beside.wait()


def judged_at(here: Here, every: bool) -> PointReport | str:
    """What kind of place it is; in words why that cannot be worked out.

    Second derivatives are taken in double precision, which an operation that was told its type
    may refuse.
    """
    objective = here.piece.objective
    count = size_of(objective)
    if every and count > MOST:
        return f"{count} parameters are too many: up to {MOST} are taken together"
    try:
        with np.errstate(all="ignore"):
            return whole(objective, here.point) if every else seen(here.piece, here.point)
    except (RuntimeError, NotImplementedError):
        return "no second derivatives in double precision"


def size_of(objective: Objective) -> int:
    """How many numbers the parameters have together."""
    return sum(a.size for a in objective.start().values())


def light(objective: Objective) -> bool:
    """Whether a graph is so small that its curvature is there before the next frame."""
    results = objective.evaluation.results
    sizes = [results[c.node].value.array.size for c in objective.calls if results[c.node].ok]
    return len(objective.calls) <= MOST_CALLS and sum(sizes) <= LIGHT
