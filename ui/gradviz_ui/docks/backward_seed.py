"""What the pass starts from where the output is no single number: asked for, and said in words."""

from math import prod

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gradviz.graph.seeds import (
    OneHot,
    Ones,
    Seed,
    SeedError,
    Weights,
    parse_seed,
    seed_array,
    seed_meaning,
    seed_text,
)
from gradviz.ops.spec import Shape

from ..editor import Editor
from ..fonts import value_font
from ..grids import as_table
from ..numbers import shape_text
from ..widgets import column, restyle, text
from ..words import shortened
from .heat_map import HeatMap
from .tensor_view import SliceChooser

SHORTEST = 22


class ElementPicker(QWidget):
    """The output's values as a heat map: a click picks the element to start from."""

    def __init__(self, editor: Editor, form: "SeedForm") -> None:
        super().__init__()
        self._editor, self._form = editor, form
        self.slices = SliceChooser(self.refresh)
        self.heat = HeatMap("val")
        self.heat.setCursor(Qt.CursorShape.PointingHandCursor)
        self.heat.setAccessibleName("Elements of the output")
        self.heat.clicked.connect(self._pick)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.slices)
        layout.addWidget(self.heat)
        layout.addStretch(1)

    def refresh(self) -> None:
        """Show the output's values, and the element chosen."""
        output = self._editor.graph.output()
        value = None if output is None else self._editor.evaluation.value(output)
        if value is None or not value.array.size:
            return
        self.slices.show_shape(value.array.shape)
        self.heat.show_table(as_table(value.array, self.slices.at))
        seed = self._editor.passes.seed
        index = seed.index if isinstance(seed, OneHot) else ()
        if index and index[:-2] == self.slices.at:
            self.heat.mark(((0, *index)[-2], index[-1]))
        else:
            self.heat.mark()

    def _pick(self, row: int, place: int) -> None:
        shape = self._editor.passes.shape or ()
        near = (row, place) if len(shape) > 1 else (place,) if shape else ()
        self._form.choose(OneHot((*self.slices.at, *near)))


class SeedForm(QWidget):
    """Ones, one element, or numbers typed; each choice holds at once, and says what it means."""

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self.question = text("", "plain", 13)
        self.meaning = text("", "mute", 13)
        self.ones = QPushButton("Every element once")
        self.ones.setCheckable(True)
        self.ones.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.picker = ElementPicker(editor, self)
        self.field = QLineEdit()
        self.field.setFont(value_font(12))
        self.field.setAccessibleName("Seed")
        self.field.setMaximumWidth(320)
        self.ones.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._lay_out()
        self.ones.clicked.connect(lambda: self.choose(Ones()))
        self.field.returnPressed.connect(self._take_typed)
        self.field.textEdited.connect(lambda _typed: self._tell("", False))
        self.refresh()

    def _lay_out(self) -> None:
        self.question.setWordWrap(True)
        self.meaning.setWordWrap(True)
        ways = QWidget()
        columns = QHBoxLayout(ways)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(28)
        for title, part, share in (
            ("Ones", self.ones, 2), ("One element: click it", self.picker, 3),
            ("Numbers of your own: type them", self.field, 3),
        ):  # fmt: skip
            columns.addWidget(column(text(title, "mute", 12), part, None, spacing=6), share)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.question)
        layout.addWidget(ways)
        layout.addWidget(self.meaning)
        layout.addStretch(1)

    def refresh(self) -> None:
        """Show the seed of the present output."""
        shape, seed, name = self._editor.passes.shape, self._editor.passes.seed, self._output()
        if shape is None:
            return
        self.question.setText(
            f"{name} has shape {shape_text(shape)}, and a pass starts from one number: how much "
            "does each element count in it?"
        )
        self.ones.setChecked(isinstance(seed, Ones))
        self.picker.refresh()
        self.field.setPlaceholderText(example(shape))
        if not self.field.hasFocus():
            self.field.setText(seed_text(seed) if isinstance(seed, Weights) else "")
        try:
            words = "" if seed is None else fitting_meaning(seed, shape, name)
        except SeedError as problem:
            self._tell(str(problem), True)
        else:
            self._tell(f"{words[0].upper()}{words[1:]}." if words else "", False)

    def _output(self) -> str:
        output = self._editor.graph.output()
        return "the output" if output is None else self._editor.graph.node(output).name

    def choose(self, seed: Seed) -> None:
        """Start from that seed."""
        self._editor.passes.set_seed(seed)
        self.refresh()

    def _take_typed(self) -> None:
        shape = self._editor.passes.shape
        if shape is None:
            return
        try:
            self.choose(parse_seed(self.field.text(), shape, self._output()))
        except SeedError as problem:
            self._tell(str(problem), True)

    def _tell(self, words: str, wrong: bool) -> None:
        self.meaning.setText(words)
        restyle(self.meaning, role="error" if wrong else "mute")
        restyle(self.field, invalid=wrong)


def fitting_meaning(seed: Seed, shape: Shape, name: str) -> str:
    """What a seed means; SeedError where it does not fit the output's shape."""
    seed_array(seed, shape, name)
    return seed_meaning(seed, shape, name)


def example(shape: Shape) -> str:
    """A seed of that shape as it would be typed, in short."""
    if not shape:
        return "2"
    return "[[1, 0], …]" if len(shape) > 1 else "[1, 0, …]"


def seed_name(seed: Seed | None, shape: Shape | None) -> str:
    """A seed in a word or two, for a button."""
    if seed is None:
        return "1" if shape is None or prod(shape) == 1 else "?"
    return shortened(seed_text(seed), SHORTEST)
