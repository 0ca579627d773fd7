"""The inspector's page of one node: what it is, its settings, its value and its gradient."""

from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from gradviz.explain.names import category_of, node_mark
from gradviz.graph import Batch, Node, Result, compose
from gradviz.graph.elements import number_of
from gradviz.graph.leaves import holds_number
from gradviz.ops.creation import ORIGIN, SLIDER
from gradviz.ops.spec import Array, Attr

from ..attempts import attempt
from ..editor import Editor
from ..forms import Form
from ..grids import Place
from ..numbers import full, short
from ..sliders import number_rule, slider_scale
from ..widgets import NumberRule, ScrubField, column, restyle, row, text
from .grid_bar import GridBar
from .inspector_advice import AdvicePart
from .inspector_facts import forward_text, shape_line, subtitle
from .inspector_outputs import OutputsSection
from .inspector_parts import Fact, Header, Section
from .leaf_random import RandomSection
from .leaf_slider import SliderSection
from .leaf_source import SourceSection
from .port_form import PortsSection
from .tensor_view import TensorView

OWN_SECTIONS = (*SLIDER, *ORIGIN)
GRADIENTS = {
    "none": "no gradient comes here",
    "pending": "· · ·   (computed in Backward)",
    "partial": "so far; more is to be added",
    "known": "",
}


def form_attrs(node: Node) -> list[Attr]:
    """The settings to fill in; a leaf's elements, slider and source have sections of their own."""
    own = OWN_SECTIONS if node.op == "tensor" else ()
    return [attr for attr in node.spec.attrs if attr.kind != "array" and attr.name not in own]


class NodePage(QWidget):
    """Built for one node of one operation; `refresh` shows what has become of it."""

    def __init__(self, editor: Editor, node_id: str) -> None:
        super().__init__()
        self._editor, self.node_id = editor, node_id
        self.op = self.node.op
        self.leaf = any(attr.name == "data" for attr in self.node.spec.attrs)
        self.header = Header()
        self.header.name.renamed.connect(self._rename)
        self.header.name.entered.connect(self._leave_name)
        self.header.pin.clicked.connect(self._pin)
        self.forward, self.shape = Fact("forward", "value"), Fact("shape")
        self.dtype, self.needs = Fact("dtype"), Fact("requires grad")
        self.scalar = self._make_scalar()
        self.error = QLabel()
        self.error.setTextFormat(Qt.TextFormat.PlainText)
        self.error.setWordWrap(True)
        self.error.setProperty("role", "error")
        self.error.setContentsMargins(14, 6, 14, 8)
        self.error.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.form = Form(form_attrs(self.node), lambda name: self.node.setting(name), self._set)
        self.settings = Section("Settings", self.form)
        self.value_view = TensorView("val", self._put if self.leaf else None)
        self.grid = GridBar(self.value_view, self._replace)
        if not self.leaf:
            # To show it before it stands in the page would make a window of it.
            self.grid.hide()
        self.value = Section("Value", self.value_view, self.grid)
        self.slider = SliderSection(
            editor, node_id, self._perform, lambda value: self._put((), value, self._scrubbing)
        )
        self.source = SourceSection(editor, node_id)
        self.random = RandomSection(editor, node_id)
        self.ports = PortsSection(editor, node_id)
        self.outputs = OutputsSection(editor, node_id)
        self.gradient_view = TensorView("grad")
        self.gradient_state = text("", "mute", 12, figures=True)
        self.gradient = Section("Gradient", self.gradient_state, self.gradient_view)
        self.advice = AdvicePart(editor, node_id)
        self._lay_out()
        self.refresh()

    @property
    def node(self) -> Node:
        """The node as it is now."""
        return self._editor.graph.node(self.node_id)

    @property
    def _scrubbing(self) -> str:
        """Under what key the steps of a drag become one."""
        return f"scrub {self.node_id}"

    def _make_scalar(self) -> ScrubField:
        field = ScrubField("Value", step=0.01, rule=NumberRule())
        field.setMaximumWidth(140)
        for signal in (field.moved, field.committed):
            signal.connect(self._scrub)
        return field

    def _lay_out(self) -> None:
        self.scalar_row = QWidget()
        line = QVBoxLayout(self.scalar_row)
        line.setContentsMargins(14, 2, 14, 4)
        name = text("value", "mute", 13)
        line.addWidget(row(name, None, self.scalar))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        facts = (self.forward, self.scalar_row, self.shape, self.dtype, self.needs)
        said = (self.header, self.error, self.advice)
        about = column(*said, *facts, spacing=0, margins=(0, 0, 0, 4))
        for part in (
            about, self.slider, self.random, self.source, self.ports, self.settings, self.outputs,
            self.value, self.gradient,
        ):  # fmt: skip
            layout.addWidget(part)
        layout.addStretch(1)

    # what it shows -------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the node as it is now."""
        editor, node = self._editor, self.node
        self.header.glyph.show_mark(node_mark(node), category_of(node))
        self.header.name.show_name(node.name)
        self.header.about.setText(subtitle(node))
        self.header.pin.setChecked(self.node_id in editor.watches.ids)
        self.header.about.setToolTip(node.spec.doc)
        self._show_facts(editor.evaluation.results[self.node_id])
        self.settings.setHidden(not self.form.fields)
        self.form.refresh()
        self.advice.refresh()
        self._show_value()
        self.refresh_gradient()

    def _show_facts(self, result: Result) -> None:
        editor, node = self._editor, self.node
        forward = forward_text(editor.graph, editor.evaluation, node)
        self.forward.say(forward, forward.partition(" = ")[2])
        self.shape.say(shape_line(editor.graph, editor.evaluation, node))
        value = editor.value(self.node_id)
        self.dtype.say(value.dtype.name if value is not None else "")
        stated = "requires_grad" in self.node.spec.defaults
        needs = "" if value is None or stated else "yes" if value.requires_grad else "no"
        self.needs.say(needs)
        said = ""
        if result.error is not None:
            said = str(result.error)
        elif result.missing:
            said = f"needs a wire or a number on {' and '.join(result.missing)}"
        elif result.waiting:
            names = (editor.graph.node(other).name for other in result.waiting)
            said = f"waits for {', '.join(names)}"
        self.error.setText(said)
        self.error.setHidden(not said)

    def _show_value(self) -> None:
        value = self._editor.value(self.node_id)
        array = None if value is None else value.array
        scalar = array is not None and array.ndim == 0
        self.value.setHidden(array is None or (scalar and not self.leaf))
        self.value_view.setHidden(array is None or scalar)
        self.scalar_row.setHidden(not (scalar and self.leaf))
        for part in (self.slider, self.random, self.source, self.ports, self.outputs):
            part.refresh()
        if array is not None and self.leaf:
            self.grid.show_array(np.asarray(self.node.setting("data")))
        if array is not None and scalar:
            if self.leaf and not np.iscomplexobj(array):
                self.scalar.set_step(self._notch())
                self.scalar.set_rule(number_rule(self.node))
                self.scalar.set_value(float(array))
        elif array is not None:
            self.value_view.show_array(array)

    def _notch(self) -> float:
        """What a pixel of dragging changes a number by."""
        if not holds_number(self.node):
            return 1.0
        scale = slider_scale(self.node)
        if scale.log:
            share = max(abs(number_of(self.node)), scale.low) / 100
            return max(share, 1.0) if scale.whole else share
        return scale.step or 0.01

    def refresh_gradient(self) -> None:
        """Show the gradient as it is known now."""
        state, array = self._editor.gradient(self.node_id)
        self.gradient.header.set_note(GRADIENTS[state] if state == "partial" else "")
        scalar = array is not None and array.ndim == 0
        number = array.reshape(-1)[0] if array is not None and scalar else None
        self.gradient_state.setText(GRADIENTS[state] if number is None else short(number))
        self.gradient_state.setToolTip("" if number is None else full(number))
        role = "gradient" if array is not None or state == "pending" else "mute"
        restyle(self.gradient_state, role=role)
        self.gradient_state.setHidden(array is not None and not scalar)
        self.gradient_view.setHidden(array is None or scalar)
        if array is not None and not scalar:
            self.gradient_view.show_array(array)

    # what is typed ---------------------------------------------------------------------------

    def _rename(self, name: str) -> None:
        graph = self._editor.graph
        self.header.say(self._perform(lambda: compose.rename(graph, self.node_id, name)))
        self.header.name.restore()

    def _leave_name(self) -> None:
        # Who was refused wants to type another one.
        if self.header.problem.isHidden():
            self._editor.typed.emit()

    def _pin(self, watched: bool) -> None:
        self._editor.watches.watch((self.node_id,), watched)

    def _set(self, name: str, value: Any) -> str:
        return self._perform(
            lambda: compose.set_attr(self._editor.graph, self.node_id, name, value)
        )

    def _scrub(self, number: float) -> None:
        reason = self._put((), number, self._scrubbing)
        if reason:
            self.scalar.refuse(reason)

    def _put(self, place: Place, number: float, merge_key: str = "") -> str:
        graph = self._editor.graph
        return self._perform(
            lambda: compose.set_element(graph, self.node_id, place, number), merge_key
        )

    def _replace(self, array: Array, label: str) -> str:
        graph = self._editor.graph
        return self._perform(lambda: compose.set_value(graph, self.node_id, array), label=label)

    def _perform(self, make: Callable[[], Batch], merge_key: str = "", label: str = "") -> str:
        return attempt(self._editor, make, label, merge_key)
