"""Second derivatives, and forward mode beside reverse: the slope along one direction."""

from collections.abc import Mapping
from functools import partial

import numpy as np
from PySide6.QtWidgets import QGridLayout, QLineEdit, QPushButton, QWidget

from gradviz.explain.curvature import Hessian, hessian_product, hessian_task
from gradviz.explain.model import amount, written_out
from gradviz.explain.names import shown_name
from gradviz.graph import Evaluation, NoBackward, Walk
from gradviz.graph.forward_mode import costs, walk_forward_mode
from gradviz.graph.seeds import SeedError, parse_numbers
from gradviz.ops.spec import Array

from ..editor import Editor
from ..fonts import value_font
from ..numbers import full, shape_text, short
from ..widgets import column, empty, row, text
from .aside import Aside
from .backward_story import Story
from .heat_map import HeatMap
from .inspector_parts import Section
from .overview_hessian import HessianWorker
from .overview_page import OverviewPage

COMPUTE = "Compute the Hessian"
HIGHEST = 190
MOST_DIRECTIONS = 8
MOST_WRITTEN = 16
"""The most elements of a product with the Hessian that are written out."""


class CurvaturePage(OverviewPage):
    """The Hessian as a picture, its eigenvalues, and both products with a chosen direction."""

    def __init__(self, editor: Editor) -> None:
        super().__init__(editor)
        self.found: Hessian | None = None
        self._rows = 0
        self.summary = text("", "plain", 13)
        self.summary.setWordWrap(True)
        self.heat = HeatMap("val", HIGHEST)
        self.entry = text("", "mute", 12)
        self.entry.setWordWrap(True)
        self.heat.clicked.connect(self._tell_entry)
        self.direction = DirectionForm(editor)
        self.compute = QPushButton(COMPUTE)
        self.compute.clicked.connect(self._compute)
        self.worker = HessianWorker(self)
        self.worker.found.connect(self._show)
        self.worker.went_on.connect(self._tell_rows)
        # It would be of a pass that is no longer there.
        editor.walk_changed.connect(self._call_off)
        parts = (row(self.compute, None), self.summary, self.heat, self.entry)
        self.put(column(*parts, spacing=10, margins=(14, 12, 14, 8)))
        self.put(Section("Along one direction", self.direction))

    def refresh(self) -> None:
        """Forget what is of another pass."""
        self.found = None
        self.heat.hide()
        self.entry.setText("")
        walk = self._story.walk
        self.compute.setEnabled(walk is not None)
        self.summary.setText(
            "How far the slope along each parameter changes for a unit more of each other one."
            if walk is not None else self.editor.walk_problem
        )  # fmt: skip
        self.direction.refresh()

    def _compute(self) -> None:
        walk = self._story.walk
        if self.worker.running or walk is None:
            self._call_off()
            return
        try:
            task = hessian_task(self.editor.evaluation, walk.output)
        except NoBackward as problem:
            self.summary.setText(f"{problem}.")
            return
        self._rows = len(task.labels)
        self.compute.setText("Stop")
        self.worker.start(task)
        self._tell_rows(0)

    def _call_off(self) -> None:
        if self.worker.running:
            self.worker.cancel()
            self.compute.setText(COMPUTE)
            self.summary.setText("Called off.")

    def _tell_rows(self, done: int) -> None:
        self.summary.setText(f"Computing: {done} of {self._rows} rows …")

    def _show(self, found: Hessian | str) -> None:
        self.compute.setText(COMPUTE)
        if isinstance(found, str):
            self.summary.setText(f"{found}.")
            return
        self.found = found
        values = found.eigenvalues
        shown = ", ".join(short(float(v)) for v in values[-6:])
        more = "…, " if len(values) > 6 else ""
        self.summary.setText(
            f"{len(values)} × {len(values)}, by {found.passes} backward passes. Eigenvalues: "
            f"{more}{shown}: {kind_of(values)}."
        )
        self.heat.show_table(found.matrix)
        self.heat.show()
        self.entry.setText("Click an entry to see what it means.")

    def _tell_entry(self, line: int, place: int) -> None:
        found = self.found
        if found is None:
            return
        self.heat.mark((line, place))
        entry = float(found.matrix[line, place])
        self.entry.setText(
            f"A unit more of {found.labels[place]} changes the slope by {found.labels[line]} "
            f"by {short(entry)}."
        )
        self.entry.setToolTip(full(entry))


def kind_of(values: Array) -> str:
    """What the eigenvalues say of the place."""
    if not np.isfinite(values).all():
        return "not every one is a number"
    flat = 1e-9 * max(1.0, float(np.abs(values).max(initial=0.0)))
    if (values > flat).all():
        return "curved upwards every way"
    if (values < -flat).all():
        return "curved downwards every way"
    if (values >= -flat).all() or (values <= flat).all():
        return "flat some way"
    return "curved up one way and down another"


class DirectionForm(QWidget):
    """A direction for each leaf; what forward mode, reverse mode and the Hessian make of it."""

    def __init__(self, editor: Editor) -> None:
        super().__init__()
        self._editor = editor
        self._aside = Aside(self)
        self._aside.answered.connect(self._show)
        self._aside.failed.connect(self._say_why)
        self.fields: dict[str, QLineEdit] = {}
        self._entries = QWidget()
        self._grid = QGridLayout(self._entries)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(1, 1)
        self.rest = text("", "mute", 12)
        self.result = text("", "plain", 13)
        self.result.setWordWrap(True)
        self.cost = text("", "mute", 12)
        self.cost.setWordWrap(True)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setVerticalSpacing(10)
        for line, part in enumerate((self._entries, self.rest, self.result, self.cost)):
            layout.addWidget(part, line, 0)

    def refresh(self) -> None:
        """Offer the leaves of the present pass, and compute along the direction typed."""
        walk, graph = Story.of(self._editor).walk, self._editor.graph
        found = set() if walk is None else {s.node for s in walk.steps if s.kind == "leaf"}
        every = [i for i in graph.order() if i in found]
        leaves = every[:MOST_DIRECTIONS]
        left = len(every) - len(leaves)
        self.rest.setText(f"The other {left} leaves stay where they are." if left else "")
        self.rest.setVisible(left > 0)
        if list(self.fields) != leaves:
            empty(self._grid)
            self.fields = {}
            for line, leaf in enumerate(leaves):
                field = QLineEdit("1" if line == 0 else "0")
                field.setFont(value_font(12))
                field.setAccessibleName(f"Direction of {graph.node(leaf).name}")
                field.setToolTip("One number for every element, or a tensor as [1, 0]")
                field.editingFinished.connect(self._compute)
                self.fields[leaf] = field
                name = shown_name(graph.node(leaf).name)
                self._grid.addWidget(text(name, figures=True), line, 0)
                self._grid.addWidget(field, line, 1)
        self._compute()

    def _directions(self) -> dict[str, Array]:
        found: dict[str, Array] = {}
        for leaf, field in self.fields.items():
            value = self._editor.evaluation.value(leaf)
            if value is None:
                continue
            numbers = parse_numbers(field.text())
            whole = np.full(value.array.shape, numbers.item()) if numbers.size == 1 else numbers
            if whole.shape != value.array.shape:
                name = self._editor.graph.node(leaf).name
                raise SeedError(
                    f"{name} has shape {shape_text(value.array.shape)}: give one number, or one "
                    "for each element"
                )
            found[leaf] = whole
        return found

    def _compute(self) -> None:
        self._aside.drop()
        walk = Story.of(self._editor).walk
        if walk is None or not self.fields:
            self._tell("", "")
            return
        try:
            directions = self._directions()
        except SeedError as problem:
            self._tell(f"{problem}.", "")
            return
        # Second derivatives of a large graph take longer than a frame.
        self._tell("Computing …", "")
        self._editor.evaluation.record()
        self._aside.ask(partial(along, self._editor.evaluation, walk, directions))

    def _show(self, found: tuple[str, str]) -> None:
        self._tell(*found)

    def _say_why(self, problem: Exception) -> None:
        self._tell(f"{problem}.", "")

    def _tell(self, result: str, cost: str) -> None:
        self.result.setText(result)
        self.cost.setText(cost)


def along(evaluation: Evaluation, walk: Walk, directions: Mapping[str, Array]) -> tuple[str, str]:
    """What both modes and the Hessian make of a direction, and what all slopes would cost.

    NoBackward where the output has no second derivatives.
    """
    output, graph = walk.output, evaluation.graph
    name = graph.node(output).name
    moved = {leaf: d for leaf, d in directions.items() if np.any(d)}
    tangent = walk_forward_mode(evaluation, moved).tangents.get(output) if moved else None
    forward = 0.0 if tangent is None else float(np.sum(tangent * walk.steps[0].upstream))
    reverse = sum(float(np.sum(walk.gradients[i] * d)) for i, d in directions.items())
    lines = [
        f"Forward mode pushes the direction through: {name} moves by {short(forward)}.",
        f"Reverse mode takes gradient · direction: {short(reverse)}.",
    ]
    value = evaluation.value(output)
    if value is not None and value.array.size == 1:
        products = hessian_product(evaluation, output, directions)
        lines.append("Hessian · direction, how far each slope changes:")
        lines += [
            f"{shown_name(graph.node(i).name)}: {numbers_text(p)}" for i, p in products.items()
        ]
    ahead, back = costs(evaluation, output)
    cost = (
        f"All slopes: forward mode needs {counted(ahead.passes)} ({ahead.steps:,} nodes "
        f"visited), reverse mode {counted(back.passes)} ({back.steps:,})."
    )
    return "\n".join(lines), cost


def numbers_text(product: Array) -> str:
    """A product with the Hessian as the matrix it is; of a large one its shape."""
    return written_out(product) if product.size <= MOST_WRITTEN else amount(product)


def counted(passes: int) -> str:
    """``1 pass``, ``12 passes``."""
    return f"{passes:,} pass{'es' * (passes != 1)}"
