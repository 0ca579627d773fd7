"""Along which direction forward mode pushes tangents: chosen among a few, or typed."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gradviz.explain.names import shown_name
from gradviz.graph import SeedError
from gradviz.graph.directions import (
    AllOnes,
    Along,
    Direction,
    Uphill,
    direction_text,
    parse_direction,
)

from ..editor import Editor
from ..fonts import value_font
from ..widgets import column, empty, restyle, text
from ..words import shortened
from .backward_start import plain_button
from .backward_story import Story
from .form_popup import FormPopup

MOST_OFFERED = 12
COLUMNS = 4
LONGEST = 22


class AlongForm(QWidget):
    """All ones, the gradient itself, one parameter, or numbers typed; each choice holds at once."""

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self.question = text("Along which direction do the parameters move?", "plain", 13)
        self.ones = choice("All ones", "Every number of every parameter moves by one")
        self.uphill = choice("The gradient itself", "The way the output rises fastest")
        self._single = QWidget()
        self._grid = QGridLayout(self._single)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self.leaves: dict[str, QPushButton] = {}
        self.field = QLineEdit()
        self.field.setFont(value_font(12))
        self.field.setAccessibleName("Direction")
        self.note = text("", "mute", 12)
        self.note.setWordWrap(True)
        whole = QWidget()
        line = QHBoxLayout(whole)
        line.setContentsMargins(0, 0, 0, 0)
        for button in (self.ones, self.uphill):
            line.addWidget(button)
        line.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.question)
        layout.addWidget(column(text("All parameters", "mute", 12), whole, spacing=6))
        layout.addWidget(column(text("One alone, by one", "mute", 12), self._single, spacing=6))
        typed = text("Of your own: type it, then press Return", "mute", 12)
        layout.addWidget(column(typed, self.field, self.note, spacing=6))
        self.ones.clicked.connect(lambda: self.choose(AllOnes()))
        self.uphill.clicked.connect(lambda: self.choose(Uphill()))
        self.field.returnPressed.connect(self._take_typed)
        self.field.textEdited.connect(lambda _typed: self._tell("", False))

    def refresh(self) -> None:
        """Show the direction that holds, and offer the parameters there are."""
        tangents, graph = self._editor.passes.tangents, self._editor.graph
        leaves, direction = tangents.leaves, tangents.direction
        empty(self._grid)
        self.leaves = {}
        for place, leaf in enumerate(leaves[:MOST_OFFERED]):
            name = shown_name(graph.node(leaf).name)
            button = choice(name, f"Only {name} moves: each of its numbers by one")
            button.setChecked(direction == Along(leaf))
            button.clicked.connect(lambda _on, chosen=leaf: self.choose(Along(chosen)))
            self._grid.addWidget(button, *divmod(place, COLUMNS))
            self.leaves[leaf] = button
        self.ones.setChecked(direction == AllOnes())
        self.uphill.setChecked(direction == Uphill())
        self.uphill.setEnabled(self._editor.walk is not None)
        self.field.setText(direction_text(graph, direction))
        first = graph.node(leaves[0]).name if leaves else "w"
        self._tell(f"For instance {first} = 1, or {first}[0] for one element of a tensor.", False)

    def choose(self, direction: Direction) -> None:
        """Move along that direction."""
        self._editor.passes.move_along(direction)
        self.refresh()

    def _take_typed(self) -> None:
        leaves = self._editor.passes.tangents.leaves
        try:
            self.choose(parse_direction(self._editor.evaluation, self.field.text(), leaves))
        except SeedError as problem:
            words = str(problem)
            self._tell(f"{words[0].upper()}{words[1:]}.", True)

    def _tell(self, words: str, wrong: bool) -> None:
        self.note.setText(words)
        restyle(self.note, role="error" if wrong else "mute")
        restyle(self.field, invalid=wrong)


def choice(words: str, tip: str) -> QPushButton:
    """A button that is down while its direction holds."""
    button = QPushButton(words)
    button.setCheckable(True)
    button.setToolTip(tip)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


class AlongBar(QWidget):
    """``along ones``: what forward mode pushes; a click chooses another direction."""

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._story = Story.of(editor)
        self.button = plain_button("The direction the parameters move along; click for another")
        self.button.setText("along")
        self.popup: FormPopup | None = None
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.button)
        self.button.clicked.connect(self._ask)
        self._story.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the direction that holds, while forward mode is walked."""
        # Elsewhere it is hidden, and finding what can move would hold up each step.
        if not self._editor.passes.tangential:
            return
        words = direction_text(self._editor.graph, self._editor.passes.tangents.direction)
        self.button.setText(f"along {shortened(words, LONGEST)}")

    def _ask(self) -> None:
        if self.popup is None:
            form = AlongForm(self._editor)
            self.popup = FormPopup(form, form.refresh, 520, self)
        self.popup.open_above(self.button)
