"""The bar over the landscape: what is minimised, along what one looks, what is drawn over it."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ..theme import ui_font
from ..widgets import IconButton, NumberRule, ScrubField, restyle, text
from .contour_view import ContourView
from .objective_bar import ObjectiveBar
from .place_edits import choose_plane, set_plane, through
from .plane_words import explained, explained_all
from .race import Race
from .words import runner_title

MOST_CHOICES = 2000
KINDS = (
    ("", "two axes", "Two parameters, or two elements of them"),
    ("random", "random plane", "Two random directions of all parameters, their filters as long "
     "as the parameters' own"),
    ("pca", "PCA of path", "The two principal components of a runner's path"),
    ("between", "to a point", "From one point straight to another, saved before"),
    ("hessian", "curvature", "The two directions that curve the most: eigenvectors of the Hessian"),
)  # fmt: skip
START = "the start"
LARGEST_SEED = 2**32 - 1


def chooser(name: str, widest: int = 170) -> QComboBox:
    """A list that is as wide as its words, but no wider than that."""
    box = QComboBox()
    box.setAccessibleName(name)
    box.setMaximumWidth(widest)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    box.setMinimumContentsLength(6)
    return box


def fill(box: QComboBox, words: list[str], index: int) -> None:
    """Offer these words, that one chosen; nothing is sent."""
    if words != [box.itemText(i) for i in range(box.count())]:
        box.clear()
        box.addItems(words)
    box.setCurrentIndex(index)


class NumbersPart(QWidget):
    """Choosers of the two axes: elements of parameters."""

    def __init__(self, race: Race) -> None:
        super().__init__()
        self._race = race
        self.choosers = (chooser("Axis across", 190), chooser("Axis up", 190))
        self.names = (text("across", "mute", 12), text("up", "mute", 12))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(7)
        for name, box in zip(self.names, self.choosers, strict=True):
            box.activated.connect(self._choose)
            layout.addWidget(name)
            layout.addWidget(box)
        layout.addStretch(1)

    def show_axes(self) -> None:
        """Show the axes as they are set."""
        descent, axes = self._race.descent, self._race.axes
        for index, (name, box) in enumerate(zip(self.names, self.choosers, strict=True)):
            shown = descent is not None and index < len(axes)
            name.setVisible(shown)
            box.setVisible(shown)
            if descent is not None and index < len(axes):
                choices = descent.objective.axis_choices()[:MOST_CHOICES]
                words = [descent.objective.axis_name(a) for a in choices]
                fill(box, words, choices.index(axes[index]) if axes[index] in choices else -1)

    def _choose(self) -> None:
        descent, before = self._race.descent, self._race.axes
        if descent is None:
            return
        choices = descent.objective.axis_choices()
        places = [box.currentIndex() for box in self.choosers[: len(before)]]
        axes = [choices[i] if i >= 0 else a for i, a in zip(places, before, strict=True)]
        if len(set(axes)) < len(axes):
            # Both would be the same: the other takes what this one had.
            axes = [before[1], before[0]]
        self._race.set_axes(axes)


class PlanePart(QWidget):
    """What a plane follows from: a point it goes through, another, a path, a seed."""

    def __init__(self, race: Race) -> None:
        super().__init__()
        self._race = race
        self.path = chooser("Whose path", 240)
        self.around = chooser("The point the plane goes through")
        self.to = chooser("The point the plane leads to")
        self.seed = ScrubField("Seed", 0, step=1, rule=NumberRule(0, LARGEST_SEED, whole=True))
        self.seed.setFixedWidth(54)
        self.other = IconButton("random", "Other directions", size=15)
        self._words = [text(w, "mute", 12) for w in ("of", "through", "to", "seed")]
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(7)
        boxes = (self.path, self.around, self.to, self.seed)
        for word, box in zip(self._words, boxes, strict=True):
            layout.addWidget(word)
            layout.addWidget(box)
        layout.addWidget(self.other)
        layout.addStretch(1)
        self.path.activated.connect(lambda index: self._set(runner=index))
        self.around.activated.connect(self._set_around)
        self.to.activated.connect(lambda _: self._set(to=self.to.currentText()))
        self.seed.committed.connect(lambda value: self._set(seed=round(value)))
        self.other.clicked.connect(self._draw_again)

    def show_plane(self) -> None:
        """Show the plane as it is set."""
        spec, settings = self._race.settings.plane, self._race.settings
        if spec is None:
            return
        kind, names = spec.kind, [p.name for p in settings.points]
        shown = (kind == "pca", kind != "pca", kind == "between", kind in ("random", "between"))
        boxes = (self.path, self.around, self.to, self.seed)
        for word, box, visible in zip(self._words, boxes, shown, strict=True):
            word.setVisible(visible)
            box.setVisible(visible)
        self.other.setVisible(shown[3])
        self._words[1].setText({"between": "from", "hessian": "at"}.get(kind, "through"))
        fill(self.path, [runner_title(s) for s in settings.runners], spec.runner)
        fill(self.around, [START, *names], ["", *names].index(spec.around))
        fill(self.to, names, names.index(spec.to) if spec.to in names else -1)
        self.seed.set_value(spec.seed)

    def _set(self, **changes: object) -> None:
        spec = self._race.settings.plane
        if spec is not None:
            set_plane(self._race, replace(spec, **changes))

    def _set_around(self, index: int) -> None:
        through(self._race, self.around.currentText() if index else "")

    def _draw_again(self) -> None:
        spec = self._race.settings.plane
        if spec is not None:
            self._set(seed=(spec.seed + 1) % (LARGEST_SEED + 1))


class AxisBar(QWidget):
    """See the module's text; of a plane it also says how much of a path it shows."""

    def __init__(self, race: Race, contour: ContourView) -> None:
        super().__init__()
        self._race = race
        self.objective = ObjectiveBar(race)
        self.kind = chooser("Along what one looks")
        for index, (_, words, tip) in enumerate(KINDS):
            self.kind.addItem(words)
            self.kind.setItemData(index, tip, Qt.ItemDataRole.ToolTipRole)
        self.kind.activated.connect(lambda index: choose_plane(race, KINDS[index][0]))
        self._along = text("along", "mute", 12)
        self.arrows = QCheckBox("arrows")
        self.arrows.setToolTip("Show the direction downhill")
        self.arrows.setFont(ui_font(12))
        self.arrows.setChecked(contour.arrows.shown)
        self.arrows.toggled.connect(contour.arrows.set_shown)
        self.fit = IconButton("fit", "Fit the landscape", size=16)
        self.fit.clicked.connect(race.fit)
        self.numbers, self.plane = NumbersPart(race), PlanePart(race)
        self.choosers, self.names = self.numbers.choosers, self.numbers.names
        self.note = text("", "mute", 12)
        self.note.setWordWrap(True)
        self._assemble()
        for signal in (race.prepared, race.picture.laid):
            signal.connect(self._show)
        for signal in (race.picture.departures.told, race.stepped):
            signal.connect(self._tell)

    def _assemble(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(7)
        top.addWidget(self.objective)
        top.addWidget(self._along)
        top.addWidget(self.kind)
        top.addStretch(1)
        top.addWidget(self.arrows)
        self._parts = QStackedWidget()
        self._parts.addWidget(self.numbers)
        self._parts.addWidget(self.plane)
        below = QHBoxLayout()
        below.setSpacing(7)
        below.addWidget(self._parts, 1)
        below.addWidget(self.fit)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 5, 0, 5)
        layout.setSpacing(5)
        layout.addLayout(top)
        layout.addLayout(below)
        layout.addWidget(self.note)

    def _show(self) -> None:
        race = self._race
        spec = race.settings.plane if len(race.axes) == 2 else None
        index = [kind for kind, _, _ in KINDS].index(spec.kind if spec else "")
        self.kind.setCurrentIndex(index)
        self.kind.setToolTip(KINDS[index][2])
        self._parts.setCurrentIndex(0 if spec is None else 1)
        self._parts.setVisible(race.descent is not None)
        self.numbers.show_axes()
        self.plane.show_plane()
        for widget in (self._along, self.kind, self.arrows, self.fit):
            widget.setVisible(len(race.axes) == 2)
        self._tell()

    def _tell(self) -> None:
        race = self._race
        planar = race.settings.plane is not None and len(race.axes) == 2
        self.note.setVisible(planar)
        if planar:
            problem = race.picture.problem
            restyle(self.note, role="error" if problem else "mute")
            self.note.setText(problem[:1].upper() + problem[1:] if problem else explained(race))
            self.note.setToolTip("" if problem else explained_all(race))
