"""The inspector's page of several nodes: what they have in common is edited in all at once."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from gradviz.graph import Batch, Edit, Graph, Node, compose
from gradviz.graph.document import same_value
from gradviz.graph.elements import number_of
from gradviz.graph.groups import members_of
from gradviz.graph.leaves import holds_number, set_slider
from gradviz.ops.creation import SLIDER
from gradviz.ops.spec import Attr

from ..attempts import attempt
from ..editor import Editor
from ..forms import MIXED, Form
from ..numbers import shape_text
from ..sliders import number_rule
from ..widgets import NumberRule, ScrubField, column, row, text
from ..words import breakable, listed
from .inspector_node import form_attrs
from .inspector_parts import Fact, Section

MOST_NAMES = 40


def common_attrs(nodes: Sequence[Node]) -> tuple[Attr, ...]:
    """The settings that all of these nodes have, of the same kind and with the same choices."""
    specs = list(dict.fromkeys(node.spec for node in nodes))
    offered = [{(a.name, a.kind, a.choices): a for a in spec.attrs} for spec in specs]
    shared = [key for key in offered[0] if all(key in others for others in offered)]
    shown = {attr.name for node in nodes for attr in form_attrs(node)}
    if all(holds_number(node) for node in nodes):
        shown |= set(SLIDER)
    return tuple(offered[0][key] for key in shared if key[0] in shown)


def common_value(nodes: Sequence[Node], name: str) -> Any:
    """What a setting is in all of these nodes; MIXED where that differs."""
    values = [node.setting(name) for node in nodes]
    return values[0] if all(same_value(values[0], other) for other in values) else MIXED


class SeveralPage(QWidget):
    """Built for nodes with the same common settings; `show_nodes` tells of which."""

    def __init__(self, editor: Editor, nodes: tuple[Node, ...]) -> None:
        super().__init__()
        self._editor = editor
        self._ids: tuple[str, ...] = ()
        self.attrs = common_attrs(nodes)
        self.title = text("", "title", 15)
        self.names = text("", "mute", 12)
        self.names.setWordWrap(True)
        self.names.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.kinds, self.shapes, self.dtypes = Fact("operation"), Fact("shape"), Fact("dtype")
        self.scalar = ScrubField("Value of all", rule=NumberRule())
        self.scalar.setMaximumWidth(140)
        self.scalar.moved.connect(self._put)
        self.scalar.committed.connect(self._put)
        self.value_state = text("", "mute", 12)
        self.scalar_row = row(
            text("value", "mute", 13), None, self.value_state, self.scalar,
            margins=(14, 2, 14, 4),
        )  # fmt: skip
        self.form = Form(self.attrs, self._common, self._set)
        self.settings = Section("Common settings", self.form)
        head = column(self.title, self.names, spacing=4, margins=(14, 14, 14, 8))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        facts = (self.kinds, self.shapes, self.dtypes, self.scalar_row)
        for part in (head, *facts, self.settings):
            layout.addWidget(part)
        layout.addStretch(1)
        self.show_nodes(nodes)

    def suits(self, nodes: tuple[Node, ...]) -> bool:
        """Whether this page can show these nodes."""
        return common_attrs(nodes) == self.attrs

    def _nodes(self) -> list[Node]:
        return [self._editor.graph.node(i) for i in self._ids]

    def _common(self, name: str) -> Any:
        return common_value(self._nodes(), name) if self._ids else MIXED

    def show_nodes(self, nodes: tuple[Node, ...]) -> None:
        """Show what these have in common now."""
        self._ids = tuple(node.id for node in nodes)
        group = group_of(self._editor.graph, frozenset(self._ids))
        count = f"{len(nodes)} nodes"
        self.title.setText(group or count)
        names = sorted(node.name for node in nodes)
        some = listed(names, MOST_NAMES)
        self.names.setText(breakable(f"group of {count}: {some}" if group else some))
        kinds = [node.spec.base_name for node in nodes]
        self.kinds.say(counted(kinds), f"{len(set(kinds))} kinds")
        values = [self._editor.value(node.id) for node in nodes]
        known = [value for value in values if value is not None]
        self.shapes.say(counted(shape_text(value.array.shape) for value in known))
        self.dtypes.say(counted(value.dtype.name for value in known))
        self._show_numbers(nodes)
        self.settings.setHidden(not self.form.fields)
        self.form.refresh()

    def _show_numbers(self, nodes: tuple[Node, ...]) -> None:
        numbers = all(holds_number(node) for node in nodes)
        self.scalar_row.setHidden(not numbers)
        if numbers:
            values, rules = {number_of(n) for n in nodes}, {number_rule(n) for n in nodes}
            self.value_state.setText(str(MIXED) if len(values) > 1 else "")
            # Where types differ, what one of them cannot hold is refused by its name.
            self.scalar.set_rule(rules.pop() if len(rules) == 1 else NumberRule())
            self.scalar.set_value(number_of(nodes[0]))

    def _put(self, number: float) -> None:
        reason = self._change_each(
            lambda i: compose.set_value(self._editor.graph, i, number),
            lambda edits: f"Change {len(self._ids)} values",
            f"scrub {self._ids}",
        )
        if reason:
            self.scalar.refuse(reason)

    def _set(self, name: str, value: Any) -> str:
        change = set_slider if name in SLIDER else compose.set_attr
        return self._change_each(
            lambda i: change(self._editor.graph, i, name, value),
            lambda edits: f"Change {name} of {compose.counted(edits)}",
        )

    def _change_each(
        self, change: Callable[[str], Batch], label: Callable[[list[Edit]], str], key: str = ""
    ) -> str:
        """Change something of every node as one step; the reason where that is refused."""

        def together() -> Batch:
            edits = [edit for i in self._ids for edit in change(i).edits]
            return Batch(tuple(edits), label(edits))

        return attempt(self._editor, together, merge_key=key)


def group_of(graph: Graph, ids: frozenset[str]) -> str:
    """The name of the outermost group that has just these nodes; empty where none has."""
    groups = graph.groups.values()
    fitting = [g for g in groups if g.members and members_of(graph, g.id) == ids]
    outer = next((g for g in fitting if g.parent not in {f.id for f in fitting}), None)
    return outer.name if outer else ""


def counted(words: Iterable[str]) -> str:
    """``tensor``, or ``2 tensor, 1 mul``: the commonest first."""
    found = Counter(words).most_common()
    if len(found) == 1:
        return found[0][0]
    return ", ".join(f"{count} {word}" for word, count in found)
