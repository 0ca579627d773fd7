"""At this point: the gradient, the curvature, and what they say about the way ahead."""

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from gradviz.descent import PointReport

from ..numbers import short
from ..widgets import fact_row, text
from ..widgets.plain import Role
from .race import Race
from .words import numbers

ROWS: tuple[tuple[str, Role], ...] = (
    ("loss", "value"), ("gradient", "gradient"), ("eigenvalues", "plain"),
    ("condition", "plain"), ("kind", "plain"), ("rate", "plain"),
)  # fmt: skip


class Facts(QWidget):
    """A list of names and figures for the chosen runner at the step looked at."""

    def __init__(self, race: Race) -> None:
        super().__init__()
        self._race = race
        self.figures: dict[str, QLabel] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addSpacing(6)
        names = {"loss": "J", "gradient": "∇J", "eigenvalues": "Hessian eigenvalues",
                 "condition": "condition number", "kind": "kind",
                 "rate": "largest stable lr (SGD)"}  # fmt: skip
        for key, role in ROWS:
            self.figures[key] = text("", role, figures=key != "kind", size=12)
            line = fact_row(names[key], self.figures[key])
            line.setContentsMargins(14, 3, 14, 3)
            layout.addWidget(line)
        layout.addStretch(1)
        for signal in (race.prepared, race.stepped):
            signal.connect(self.show_now)

    def show_now(self) -> None:
        """Read the point again."""
        report = self._race.report()
        words = dict.fromkeys(self.figures, "—") if report is None else told(report)
        for key, figure in self.figures.items():
            figure.setText(words[key])


def told(report: PointReport) -> dict[str, str]:
    """The facts in figures and words."""
    return {
        "loss": short(report.loss),
        "gradient": numbers(report.gradient),
        "eigenvalues": ", ".join(short(float(v)) for v in report.eigenvalues),
        "condition": short(report.condition),
        "kind": report.kind,
        "rate": rate_text(report),
    }


def rate_text(report: PointReport) -> str:
    """The largest stable learning rate; none where the loss curves downwards some way."""
    if report.largest_rate is not None:
        return short(report.largest_rate)
    return "none" if (report.eigenvalues < 0).any() else "any"
