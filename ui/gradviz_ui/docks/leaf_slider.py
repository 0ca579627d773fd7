"""The inspector's section of a number: its slider, and the range, step and kind of it."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gradviz.graph import Batch, Node
from gradviz.graph.elements import number_of
from gradviz.graph.leaves import holds_number, set_slider
from gradviz.ops.creation import SLIDER
from gradviz.ops.spec import Attr

from ..editor import Editor
from ..forms import Entry, Form
from ..numbers import short
from ..sliders import slider_scale
from ..widgets import SliderScale, ValueSlider
from .inspector_parts import Section

Perform = Callable[[Callable[[], Batch]], str]
"""Carries an edit out once it is made; the reason where it is refused, else empty."""


def slider_attrs(node: Node) -> list[Attr]:
    """The settings of the slider, where the node is a leaf that may have one."""
    attrs = node.spec.attrs if node.op == "tensor" else ()
    return [attr for attr in attrs if attr.name in SLIDER]


class SliderSection(QWidget):
    """Shown for a leaf that holds one real number; ``moved`` is told each value of a drag."""

    def __init__(
        self, editor: Editor, node_id: str, perform: Perform, moved: Callable[[float], object]
    ) -> None:
        super().__init__()
        self._editor, self._node_id, self._perform = editor, node_id, perform
        self.slider = ValueSlider(SliderScale(0.0, 1.0), "Value")
        self.slider.set_colour("val")
        self.slider.moved.connect(moved)
        self.form = Form(slider_attrs(self._node()), self._setting, self._set)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(Section("Slider", self.slider, self.form))

    def _node(self) -> Node:
        return self._editor.graph.node(self._node_id)

    def _setting(self, name: str) -> Any:
        return self._node().setting(name)

    def _set(self, name: str, value: Any) -> str:
        return self._perform(lambda: set_slider(self._editor.graph, self._node_id, name, value))

    def refresh(self) -> None:
        """Show the slider as it is now; nothing where the leaf holds no number."""
        node = self._node()
        shown = holds_number(node)
        self.setHidden(not shown)
        if shown:
            self.slider.set_scale(slider_scale(node))
            self.slider.set_value(number_of(node))
            self.form.refresh()
            self._hint(slider_scale(node))

    def _hint(self, scale: SliderScale) -> None:
        """Say which range and step hold where none was typed."""
        held = {"low": scale.low, "high": scale.high, "step": scale.step}
        for field in self.form.fields:
            if isinstance(field.editor, Entry):
                number = held[field.attr.name]
                field.editor.hint("none" if number is None else f"{short(number)}, automatic")
