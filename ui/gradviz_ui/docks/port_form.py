"""The inspector's section of what a node reads: wires to follow, numbers to type on free ports."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from gradviz.explain.names import shown_name
from gradviz.graph import Node
from gradviz.graph.checks import is_variadic, port_name

from ..editor import Editor
from ..numbers import MINUS, shape_text
from ..ports import take_on_port
from ..theme import value_font
from ..widgets import ProblemLine, empty, restyle, text
from ..words import shortened
from .inspector_parts import Section

MOST, LONGEST = 24, 18


class PortField(QLineEdit):
    """A number typed on a port; Enter takes it, Esc gives it up."""

    def __init__(self, name: str, hint: str, take: Callable[[str], str]) -> None:
        super().__init__()
        self._take, self._held = take, ""
        self.setFont(value_font(12))
        self.setAccessibleName(name)
        self.setPlaceholderText(hint)
        self.editingFinished.connect(self._finished)

    def show_text(self, held: str) -> None:
        """Show what the port holds; what is being typed stays."""
        self._held = held
        if not self.hasFocus() or not self.isModified():
            self.setText(held)
            self.say("")

    def _finished(self) -> None:
        typed = self.text()
        if typed == self._held:
            return
        reason = self._take(typed)
        self.say(reason)
        if not reason:
            self._held = typed
            self.setModified(False)

    def say(self, problem: str) -> None:
        """Say why what was typed was not taken."""
        self.setToolTip(problem)
        self.setAccessibleDescription(problem)
        restyle(self, invalid=bool(problem))

    def keyPressEvent(self, event) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.setText(self._held)
            self.say("")
        else:
            super().keyPressEvent(event)


class PortsSection(QWidget):
    """Shown for a node that reads anything."""

    def __init__(self, editor: Editor, node_id: str) -> None:
        super().__init__()
        self._editor, self._node_id = editor, node_id
        self._form: tuple[object, ...] = ()
        self.fields: dict[int, PortField] = {}
        self.wires: dict[int, QPushButton] = {}
        self.problem = ProblemLine(11.5)
        inside = QWidget()
        self._grid = QGridLayout(inside)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnMinimumWidth(0, 84)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(Section("Inputs", inside, self.problem))

    def _node(self) -> Node:
        return self._editor.graph.node(self._node_id)

    def refresh(self) -> None:
        """Show what is on each port now."""
        node, wires = self._node(), self._editor.graph.inputs(self._node_id)
        self.setHidden(not node.spec.ports)
        count = len(node.spec.ports)
        if is_variadic(node.spec, count - 1):
            count = max(count, max(wires, default=-1) + 2)
        form = (node.op, count, frozenset(wires))
        if form != self._form:
            self._form = form
            self._build(node, min(count, MOST), frozenset(wires))
        for port, field in self.fields.items():
            number = node.literals.get(port)
            field.show_text("" if number is None else f"{number}".replace("-", MINUS))
        for port, button in self.wires.items():
            self._show_wire(port, button)

    def _build(self, node: Node, count: int, wired: frozenset[int]) -> None:
        empty(self._grid)
        self.fields, self.wires = {}, {}
        for port in range(count):
            name = port_name(node.spec, port)
            label = text(name, "mute", 13)
            declared = node.spec.port(port)
            label.setToolTip(declared.doc)
            self._grid.addWidget(label, port, 0)
            if port in wired:
                button = self.wires[port] = self._wire(name)
                button.clicked.connect(lambda _=False, at=port: self._go(at))
                part: QWidget = button
            else:
                default = declared.default
                hint = f"{default:g}" if default is not None else "number, or wire it"
                part = self.fields[port] = PortField(name, hint, self._taker(port))
            self._grid.addWidget(part, port, 1)

    def _taker(self, port: int) -> Callable[[str], str]:
        def take(typed: str) -> str:
            reason = take_on_port(self._editor, self._node_id, port, typed)
            self.problem.say(reason)
            return reason

        return take

    def _wire(self, name: str) -> QPushButton:
        button = QPushButton()
        button.setProperty("kind", "field")
        button.setAccessibleName(f"Go to what {name} reads")
        return button

    def _show_wire(self, port: int, button: QPushButton) -> None:
        graph = self._editor.graph
        wire = graph.inputs(self._node_id)[port]
        source = graph.node(wire.source)
        outputs = self._editor.evaluation.results[wire.source].outputs
        known = wire.output < len(outputs)
        shape = f"  {shape_text(outputs[wire.output].array.shape)}" if known else ""
        name = shown_name(source.name)
        button.setText(f"{shortened(name, LONGEST)}{shape}")
        button.setToolTip(f"Go to {source.name}")

    def _go(self, port: int) -> None:
        wire = self._editor.graph.inputs(self._node_id).get(port)
        if wire is not None:
            self._editor.go_to(wire.source)
