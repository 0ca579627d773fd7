"""Buttons for where the pass starts, from what seed, and for calls of backward in a row."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from gradviz.explain.names import shown_name
from gradviz.graph import compose

from ..editor import Editor
from ..fonts import ui_font
from ..keymap import say_keys
from ..passes import Way
from ..widgets.choice_button import ChoiceButton, ChoiceGroup
from ..words import shortened
from .backward_seed import SeedForm, seed_name
from .backward_story import Story
from .form_popup import FormPopup

MOST_OFFERED = 24
LONGEST = 14
WAYS: tuple[tuple[Way, str, str], ...] = (
    ("backward", "Backward pass", "Walk the backward pass: gradients"),
    ("forward", "Forward pass", "Walk the forward pass: values"),
    ("tangents", "Forward mode", "Push a direction through the graph: tangents"),
)


def plain_button(tip: str = "") -> QPushButton:
    """A button that is only words."""
    button = QPushButton()
    button.setFont(ui_font(12))
    button.setProperty("kind", "plain")
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setToolTip(tip)
    return button


class DirectionSwitch(QWidget):
    """``Backward pass | Forward pass | Forward mode``: which of the three is walked."""

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._group = ChoiceGroup(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        self.buttons: dict[str, ChoiceButton] = {}
        for key, title, tip in WAYS:
            button = ChoiceButton(title, 12, 1, self)
            say_keys(button, tip, "tangents" if key == "tangents" else "forward")
            self._group.add(key, button)
            self.buttons[key] = button
            layout.addWidget(button)
        self._group.idToggled.connect(self._choose)

    def refresh(self) -> None:
        """Show which pass is walked."""
        self._group.choose(self._editor.passes.direction)

    def _choose(self, number: int, checked: bool) -> None:
        if checked:
            self._editor.passes.set_direction(WAYS[number][0])


class StartBar(QWidget):
    """``from J``, ``seed 1``, and once more or from nothing again."""

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._story = Story.of(editor)
        self._popup: FormPopup | None = None
        self.output = plain_button("The node the pass starts from; any node can be it")
        self.seed = plain_button("What the pass starts with: how much each element counts")
        self.again = plain_button()
        more = "Call backward once more: what is in .grad stays, and the new gradient is added"
        say_keys(self.again, more, "again")
        self.again.setText("Backward again")
        self.zero = plain_button()
        say_keys(self.zero, "Empty every leaf’s .grad", "zero_grad")
        self.zero.setText("zero_grad")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for button in (self.output, self.seed, self.again, self.zero):
            layout.addWidget(button)
        self.output.clicked.connect(self._offer_outputs)
        self.seed.clicked.connect(self._ask_seed)
        self.again.clicked.connect(editor.passes.again)
        self.zero.clicked.connect(editor.passes.zero_grad)
        self._story.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show what holds now."""
        if not self._story.told:
            return
        passes, output = self._editor.passes, self._editor.graph.output()
        name = "…" if output is None else shown_name(self._editor.graph.node(output).name)
        self.output.setText(f"from {shortened(name, LONGEST)}")
        self.output.setEnabled(output is not None)
        self.seed.setText(f"seed {seed_name(passes.seed, passes.shape)}")
        self.seed.setEnabled(passes.shape is not None)
        self.again.setEnabled(self._story.walk is not None)
        self.zero.setEnabled(passes.earlier > 0)

    def show_calls(self, shown: bool) -> None:
        """Show the buttons for calls in a row, or leave them to the menu."""
        self.again.setVisible(shown)
        self.zero.setVisible(shown)

    def outputs(self) -> Iterator[str]:
        """The nodes a pass could start from, the last computed first."""
        editor = self._editor
        for node_id in reversed(editor.graph.order()):
            value = editor.evaluation.value(node_id)
            if value is not None and value.requires_grad and editor.graph.node(node_id).spec.ports:
                yield node_id

    def menu(self) -> QMenu:
        """The nodes that are offered, the present one marked."""
        menu, present = QMenu(self), self._editor.graph.output()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        found = list(self.outputs())
        for node_id in found[:MOST_OFFERED]:
            action = menu.addAction(shown_name(self._editor.graph.node(node_id).name))
            action.setCheckable(True)
            action.setChecked(node_id == present)
            action.triggered.connect(lambda _on, chosen=node_id: self.start_from(chosen))
        if len(found) > MOST_OFFERED:
            more = f"{len(found) - MOST_OFFERED} more: right-click their cards"
            menu.addAction(more).setEnabled(False)
        return menu

    def start_from(self, node_id: str) -> None:
        """Have the pass start at another node."""
        edit = compose.set_output(self._editor.graph, node_id)
        if edit.edits and self._editor.perform(edit):
            self._editor.set_moment(0)

    def _offer_outputs(self) -> None:
        menu = self.menu()
        corner = self.output.mapToGlobal(self.output.rect().topLeft())
        menu.popup(corner - menu.rect().bottomLeft() + menu.rect().topLeft())

    def _ask_seed(self) -> None:
        if self._popup is None:
            form = SeedForm(self._editor)
            self._popup = FormPopup(form, form.refresh, 680, self)
        self._popup.open_above(self.seed)
