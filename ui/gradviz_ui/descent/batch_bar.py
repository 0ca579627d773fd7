"""How steps sample the data: in batches of which size, shuffled from which seed."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QMenu, QPushButton, QVBoxLayout, QWidget

from gradviz.descent import Batching, Minibatches, data_leaves
from gradviz.descent.minibatch import row_leaves

from ..theme import ui_font
from ..widgets import NumberRule, ProblemLine, ScrubField, row, text, thin_line
from .race import Race

LARGEST_SEED = (1 << 32) - 1
MOST_ROWS = 1_000_000
USUAL = 16
FIELD = 52
WIDEST = 110
"""How wide the names of the data may be."""


class BatchBar(QWidget):
    """See the module's text. It shows only where the loss reads data in rows."""

    compared = Signal(bool)
    """Sent with whether the gradient of all data is wanted beside the batch's."""

    def __init__(self, race: Race) -> None:
        super().__init__()
        self._race = race
        self.switch = QCheckBox("Minibatches")
        self.switch.setToolTip("Let each step see only some rows of the data")
        self.switch.clicked.connect(self._switch)
        self.rows = ScrubField(
            "Rows of a batch", USUAL, step=1, rule=NumberRule(1, MOST_ROWS, whole=True)
        )
        self.seed = ScrubField("Seed", 0, step=1, rule=NumberRule(0, LARGEST_SEED, whole=True))
        self.seed.setToolTip("Where the shuffling begins, as in torch.manual_seed")
        self.data = QPushButton()
        self.data.setProperty("kind", "small")
        self.data.setMaximumWidth(WIDEST)
        self.data.setAccessibleName("Which data is sampled")
        self.menu = QMenu(self.data)
        self.menu.aboutToShow.connect(self._offer)
        self.data.setMenu(self.menu)
        self.told = text("", "mute", 11)
        self.told.setWordWrap(True)
        self.both = QCheckBox("both gradients")
        self.both.setToolTip("Draw the slope of all data beside that of the batch")
        self.both.setChecked(True)
        self.both.toggled.connect(self.compared)
        self.refused = ProblemLine()
        for field, name in ((self.rows, "size"), (self.seed, "seed")):
            field.setFixedWidth(FIELD)
            for signal in (field.moved, field.committed):
                signal.connect(lambda value, name=name: self._set(name, round(value)))
            field.committed.connect(lambda _: race.end_drag())
            field.refused.connect(self._refuse)
        self._assemble()
        race.prepared.connect(self._show)
        self.hide()

    def _assemble(self) -> None:
        for box in (self.switch, self.both):
            box.setFont(ui_font(12))
        self._fields = row(
            text("rows", "mute", 12), self.rows, text("seed", "mute", 12), self.seed, spacing=6
        )
        self._more = row(self.data, self.told, None, self.both, spacing=8)
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        inner = QVBoxLayout()
        inner.setContentsMargins(12, 6, 10, 8)
        inner.setSpacing(5)
        inner.addWidget(row(self.switch, None, self._fields))
        inner.addWidget(self._more)
        inner.addWidget(self.refused)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(thin_line())
        layout.addLayout(inner)

    # what is shown -----------------------------------------------------------------------------

    def _show(self) -> None:
        descent = self._race.descent
        batch = self._race.settings.batch
        offered = descent is not None and (
            batch is not None or bool(data_leaves(descent.objective))
        )
        self.setVisible(offered)
        if descent is None or not offered:
            return
        self.switch.setChecked(batch is not None)
        if batch is not None:
            self.rows.set_value(batch.size)
            self.seed.set_value(batch.seed)
        self._fields.setEnabled(batch is not None)
        batches = descent.objective.batches
        self._more.setVisible(batch is not None)
        if batch is not None:
            self._name(batch)
        self.both.setVisible(isinstance(batches, Minibatches))
        self.told.setText(told(batches) if isinstance(batches, Minibatches) else "")
        self._refuse(descent.batch_problem)

    def _name(self, batch: Batching) -> None:
        """Say which data is sampled, as far as there is room."""
        nodes = self._race.editor.graph.nodes
        names = ", ".join(nodes[i].name for i in batch.leaves if i in nodes) or "no data"
        elided = Qt.TextElideMode.ElideRight
        self.data.setText(self.data.fontMetrics().elidedText(names, elided, WIDEST - 34))
        self.data.setToolTip(f"Each step sees the same rows of {names}: choose others here")
        self.data.setAccessibleDescription(names)

    def _offer(self) -> None:
        """List the leaves that rows could be taken of, those that are taken ticked."""
        descent, batch = self._race.descent, self._race.settings.batch
        self.menu.clear()
        if descent is None or batch is None:
            return
        for leaf, rows in row_leaves(descent.objective).items():
            name = descent.objective.graph.node(leaf).name
            action = self.menu.addAction(f"{name} · {rows} rows")
            action.setCheckable(True)
            action.setChecked(leaf in batch.leaves)
            action.triggered.connect(lambda on, leaf=leaf: self._take(leaf, on))

    def _refuse(self, problem: str) -> None:
        """Say beside the controls what is wrong with them."""
        self.refused.say(problem[:1].upper() + problem[1:] + "." if problem else "")

    # hands -------------------------------------------------------------------------------------

    def _switch(self, on: bool) -> None:
        descent = self._race.descent
        if descent is None:
            return
        batch = None
        if on:
            leaves = data_leaves(descent.objective)
            batch = Batching(leaves, round(self.rows.value), round(self.seed.value))
        self._race.set_settings("Sample the data" if on else "Use all data", batch=batch)

    def _take(self, leaf: str, on: bool) -> None:
        """Sample a leaf too, or no longer."""
        batch = self._race.settings.batch
        if batch is not None:
            others = tuple(i for i in batch.leaves if i != leaf)
            leaves = (*others, leaf) if on else others
            changed = replace(batch, leaves=leaves)
            self._race.set_settings("Choose the data of a batch", batch=changed)

    def _set(self, name: str, value: int) -> None:
        batch = self._race.settings.batch
        if batch is not None and getattr(batch, name) != value:
            changed = replace(batch, **{name: value})
            self._race.set_settings(f"Set the batches' {name}", f"batch {name}", batch=changed)


def told(batches: Minibatches) -> str:
    """How many batches make a pass."""
    count = len(batches)
    return f"{count} batch{'es' if count != 1 else ''} a pass"
