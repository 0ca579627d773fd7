"""Long random edits through the editor: what a canvas shows is the document's, and no more.

Five hundred steps of every kind, undone and redone on the way and at the end.
"""

from dataclasses import fields, replace
from typing import Any

import hypothesis.strategies as st
import numpy as np
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from PySide6.QtCore import QPointF

from gradviz.files import copy, dumps, loads, paste
from gradviz.graph import (
    Batch,
    Graph,
    GraphError,
    Wire,
    chaining,
    compose,
    decorating,
    group_ports,
    grouping,
    leaves,
    splicing,
)
from gradviz.graph.belonging import among, home_of, is_seen
from gradviz.graph.bookmark_edits import add_bookmark, remove_bookmark, rename_bookmark
from gradviz.graph.bookmarks import Bookmark
from gradviz.graph.moving import move
from gradviz.graph.pieces import duplicate
from gradviz.graph.scenery import boxes, dots
from gradviz.layers import LAYERS, make_layer
from gradviz.layout.aligning import Placed, aligned, distributed
from gradviz.program import FormulaError, formula, graph_from_source, update
from gradviz_ui.canvas import CanvasView, adding, box_editing, box_keys, folding, inserting
from gradviz_ui.canvas.box_gestures import add_dot
from gradviz_ui.canvas.choices import choices
from gradviz_ui.canvas.connecting import Plug, connect
from gradviz_ui.canvas.cutting import disconnect_all
from gradviz_ui.canvas.expressions import add_expression
from gradviz_ui.canvas.moving import Moved
from gradviz_ui.canvas.onto_wire import OntoWire
from gradviz_ui.canvas.scene import CanvasScene
from gradviz_ui.editor import Editor

START = "h = sin(a * b)\nJ = h + cos(h) * c"
OPS = ("tensor", "add", "mul", "sin", "matmul", "sum", "cat", "stack", "zeros", "topk")
ARRAYS = (2.5, -1, np.arange(3.0), np.ones((2, 3), np.float32), np.linspace(0, 1, 60), np.nan)
FORMULAS = ("{}\nz = tanh(w)", "{}\nK = h * 2", "J = a - b", "J = (a @ b).sum()", "K = exp(J) / a")
ATTRS = (("dim", 0), ("dim", None), ("requires_grad", True), ("requires_grad", False),
         ("dtype", "float64"), ("alpha", 2), ("k", 2), ("low", -1.0))  # fmt: skip
SLIDER = (("low", -3.0), ("low", 8.0), ("high", 4.0), ("step", 0.5), ("step", 0.0), ("log", True),
          ("log", False))  # fmt: skip
TYPED = ("w * 2", "sin(a) + k", "tanh(w @ w)", "relu(a - 1)")
EXAMPLES, STEPS = 4, 500
MOST = 18
"""How many nodes a graph may have here: few, so that each is edited often."""
ANY = st.integers(0, 250)
PLACE = st.tuples(st.integers(-5, 9), st.integers(-5, 9)).map(lambda p: (p[0] * 97.0, p[1] * 53.0))


def plain(value: Any) -> Any:
    """A value that compares by every bit of it."""
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, value.tobytes()
    return repr(value)


def picture(scene: CanvasScene) -> dict[Any, Any]:
    """All that a scene shows, by what it shows it of."""
    shown: dict[Any, Any] = {"bounds": scene.bounds()}
    for card in scene.cards.values():
        said = [plain(getattr(card.content, f.name)) for f in fields(card.content)]
        shown[card.ids] = (card.pos(), card.body(), repr(card.plan), said)
    shown |= {w: (item.lines, item.path, item.hidden) for w, item in scene.wires.items()}
    for item in scene.scenery.items.values():
        shown[item.box_id] = (item.body(), item.box, item.zValue())
    for frame in scene.groups.frames:
        shown[frame.group_id] = (frame.body(), frame.name, frame.colour, frame.ids, frame.level)
    for pin in scene.groups.pins:
        shown[pin.side, pin.index] = (pin.body(), pin.name, pin.said, pin.ends)
    assert len(scene.items()) == len(shown) - 1
    return shown


class Edits(RuleBasedStateMachine):
    """Edits one document in one view; both come from the test that runs it."""

    editor: Editor
    view: CanvasView
    check: Any

    def __init__(self) -> None:
        super().__init__()
        self.steps = 0
        self.editor.show_graph(graph_from_source(START))
        self.start = dumps(self.graph)

    @property
    def graph(self) -> Graph:
        return self.editor.graph

    def perform(self, make: Any, *args: Any, key: str = "", **options: Any) -> None:
        try:
            edit = make(self.graph, *args, **options)
        except (GraphError, FormulaError):
            return
        if edit.edits:
            self.editor.perform(edit, merge_key=key)
        self.after()

    def after(self) -> None:
        self.check()
        self.steps += 1
        if self.steps % 25 == 0:
            self.as_if_opened_now()

    def as_if_opened_now(self) -> None:
        """Another editor and view, opened from the file alone, show what these show."""
        other = Editor()
        other.show_graph(loads(dumps(self.graph)))
        view = CanvasView(other)
        inside = self.editor.entering.group
        if inside is not None:
            other.entering.enter(inside)
        # Of warnings one is told a little later, for they may only flash by.
        for each in (other, self.editor):
            each.advice.refresh()
        assert picture(view.canvas) == picture(self.view.canvas)
        known, groups = boxes(self.graph), self.graph.groups
        seen = {i for i, box in known.items() if is_seen(groups, inside, box.group)}
        assert self.view.canvas.scenery.items.keys() == seen
        view.deleteLater()
        other.deleteLater()

    def pick(self, number: int) -> str:
        ids = sorted(self.graph.nodes)
        return ids[number % len(ids)]

    def pick_shown(self, number: int) -> str:
        ids = sorted(self.editor.entering.shown())
        return ids[number % len(ids)]

    def some(self, numbers: list[int]) -> set[str]:
        return {self.pick(number) for number in numbers}

    def wire(self, number: int) -> Wire:
        wires = list(self.graph.wires)
        return wires[number % len(wires)] if wires else Wire("n1", "n2", 0)

    def a_group(self, number: int) -> str:
        ids = sorted(self.graph.groups)
        return ids[number % len(ids)] if ids else "g1"

    def has_room(self) -> bool:
        return len(self.graph.nodes) < MOST

    # what makes it larger ------------------------------------------------------------------

    @precondition(has_room)
    @rule(op=st.sampled_from(OPS), at=PLACE)
    def add(self, op: str, at: tuple[float, float]) -> None:
        self.perform(compose.add, op, at)

    @precondition(has_room)
    @rule(op=st.sampled_from(["sin", "mul", "cat"]), at=PLACE, end=ANY, output=st.booleans())
    def insert_at_a_wire_let_go(self, op: str, at: Any, end: int, output: bool) -> None:
        plug = Plug(self.pick(end), 0, output)
        inserting.insert(self.editor, choices(op)[0], QPointF(*at), plug)
        self.after()

    @precondition(has_room)
    @rule(which=ANY, op=st.sampled_from(OPS))
    def insert_on_wire(self, which: int, op: str) -> None:
        self.perform(splicing.insert_on_wire, self.wire(which), op, (50.0, 80.0))

    @precondition(has_room)
    @rule(which=st.lists(ANY, min_size=1, max_size=3), pasted=st.booleans())
    def copy_some(self, which: list[int], pasted: bool) -> None:
        ids = self.some(which)
        if pasted:
            self.perform(paste, copy(self.graph, ids, self.few_boxes()), (10.0, 300.0))
        else:
            self.perform(duplicate, ids, boxes=self.few_boxes())

    def few_boxes(self) -> list[str]:
        known = sorted(boxes(self.graph))
        return known[:1] if len(known) < 5 else []

    @precondition(has_room)
    @rule(text=st.sampled_from(FORMULAS))
    def type_a_formula(self, text: str) -> None:
        self.perform(update, text.format(formula(self.graph)))

    # what makes it smaller -----------------------------------------------------------------

    @precondition(lambda self: len(self.graph.nodes) > 5)
    @rule(which=st.lists(ANY, min_size=1, max_size=3), reconnect=st.booleans())
    def delete(self, which: list[int], reconnect: bool) -> None:
        make = compose.delete_and_reconnect if reconnect else compose.delete
        self.perform(make, self.some(which), self.few_boxes() if which[0] % 5 == 0 else ())

    # wires ---------------------------------------------------------------------------------

    @rule(source=ANY, reader=ANY, port=st.integers(0, 3), output=st.integers(0, 1))
    def connect(self, source: int, reader: int, port: int, output: int) -> None:
        self.perform(compose.connect, self.pick(source), output, self.pick(reader), port)

    @rule(which=ANY)
    def disconnect(self, which: int) -> None:
        self.perform(compose.disconnect, self.wire(which))

    @rule(which=ANY)
    def swap(self, which: int) -> None:
        self.perform(compose.swap_inputs, self.pick(which))

    @rule(which=st.lists(ANY, min_size=2, max_size=4))
    def connect_all(self, which: list[int]) -> None:
        self.perform(chaining.connect_all, self.some(which))

    # values, names, settings ---------------------------------------------------------------

    @rule(which=ANY, value=st.sampled_from(ARRAYS), drag=st.booleans())
    def set_value(self, which: int, value: Any, drag: bool) -> None:
        chosen = self.pick(which)
        self.perform(compose.set_value, chosen, value, key=f"value {chosen}" if drag else "")

    @rule(which=ANY, port=st.integers(0, 2), value=st.sampled_from([None, 2, -0.5, True]))
    def set_literal(self, which: int, port: int, value: Any) -> None:
        self.perform(compose.set_literal, self.pick(which), port, value)

    @rule(which=ANY, attr=st.sampled_from(ATTRS))
    def set_attr(self, which: int, attr: tuple[str, Any]) -> None:
        self.perform(compose.set_attr, self.pick(which), *attr)

    @rule(which=ANY, name=st.sampled_from(["x", "θ", "if", "a_very_long_name_for_a_card"]))
    def rename(self, which: int, name: str) -> None:
        self.perform(compose.rename, self.pick(which), name)

    @rule(which=ANY, title=st.sampled_from(["", "A title"]))
    def set_document(self, which: int, title: str) -> None:
        self.perform(compose.set_title, title)
        self.perform(compose.set_output, self.pick(which))

    # places --------------------------------------------------------------------------------

    @rule(which=st.lists(ANY, min_size=1, max_size=3), at=PLACE)
    def move(self, which: list[int], at: tuple[float, float]) -> None:
        self.perform(move, dict.fromkeys(self.some(which), at), self.editor.entering.group)

    @rule(which=st.lists(ANY, min_size=2, max_size=4), across=st.booleans())
    def line_up(self, which: list[int], across: bool) -> None:
        cards = self.view.canvas.groups
        bodies = {i: cards.card_of(i).body() for i in map(self.pick_shown, which)}
        boxes = {i: Placed(b.x(), b.y(), b.width(), b.height()) for i, b in bodies.items()}
        corners = distributed(boxes, "across") if across else aligned(boxes, "middle")
        self.perform(move, corners, self.editor.entering.group)

    @precondition(lambda self: self.steps % 12 == 11)
    @rule(
        how=st.sampled_from(["all", "selection", "down", "right"]), which=st.lists(ANY, max_size=4)
    )
    def tidy(self, how: str, which: list[int]) -> None:
        if how == "selection":
            self.view.tidy(self.some(which))
        elif how == "all":
            self.view.tidy()
        else:
            self.view.run_wires(how)
        self.view.tidying.cancel()
        self.after()

    # what stands by the graph --------------------------------------------------------------

    def box(self, number: int) -> str:
        ids = sorted(boxes(self.graph))
        return ids[number % len(ids)] if ids else "s1"

    @precondition(lambda self: len(boxes(self.graph)) < 6)
    @rule(which=st.lists(ANY, max_size=3), at=PLACE, text=st.sampled_from(["", "a", "so $x^2$"]))
    def frame_or_note(self, which: list[int], at: tuple[float, float], text: str) -> None:
        self.editor.boxes.choose((), self.some(which))
        if text:
            box_editing.add_note(self.view.canvas, QPointF(*at), text)
        else:
            box_editing.add_frame(self.view.canvas, QPointF(*at))
        self.after()

    @precondition(lambda self: self.editor.entering.group and len(boxes(self.graph)) < 8)
    @rule(at=PLACE)
    def note_in_what_was_entered(self, at: tuple[float, float]) -> None:
        before = set(boxes(self.graph))
        self.perform(decorating.add_note, at, (120, 60), "inside")
        (made,) = set(boxes(self.graph)) - before
        assert decorating.box(self.graph, made).group == self.editor.entering.group

    @precondition(lambda self: self.view.canvas.scenery.items)
    @rule(which=ANY, way=st.sampled_from(["left", "down"]), larger=st.booleans())
    def by_keys(self, which: int, way: str, larger: bool) -> None:
        shown = sorted(self.view.canvas.scenery.items)
        self.editor.boxes.choose({shown[which % len(shown)]})
        (box_keys.resize if larger else box_keys.nudge)(self.view, way)
        self.after()

    @rule(which=ANY, nodes=st.lists(ANY, max_size=2), colour=st.sampled_from(["", "teal", "rose"]))
    def colour(self, which: int, nodes: list[int], colour: str) -> None:
        chosen = [self.box(which)] if boxes(self.graph) else []
        self.perform(decorating.colour, self.some(nodes), chosen, colour)

    @rule(which=ANY, width=st.integers(40, 500), height=st.integers(30, 400))
    def resize(self, which: int, width: int, height: int) -> None:
        self.perform(decorating.change, self.box(which), "Resize", size=(width, height))

    @rule(which=ANY, nodes=st.lists(ANY, max_size=2), by=PLACE)
    def carry(self, which: int, nodes: list[int], by: tuple[float, float]) -> None:
        load = Moved(self.view.canvas, self.some(nodes), {self.box(which)})
        load.show(QPointF(*by))
        edit = load.edit(QPointF(*by))
        if edit.edits:
            self.editor.perform(edit)
        load.put_down()
        self.after()

    @rule(which=ANY)
    def delete_box(self, which: int) -> None:
        self.perform(decorating.delete_boxes, [self.box(which)])

    @rule(which=ANY, at=PLACE)
    def put_dot(self, which: int, at: tuple[float, float]) -> None:
        wire = self.wire(which)
        if wire in self.view.canvas.wires and len(dots(self.graph, wire)) < 4:
            add_dot(self.view.canvas, wire, QPointF(*at))
            self.after()

    @rule(which=st.lists(ANY, min_size=1, max_size=2))
    def straighten(self, which: list[int]) -> None:
        self.perform(decorating.straighten, {self.wire(n) for n in which})

    # groups --------------------------------------------------------------------------------

    @rule(which=st.lists(ANY, min_size=1, max_size=4), name=st.sampled_from(["", "head"]))
    def group(self, which: list[int], name: str) -> None:
        inside, ids = self.editor.entering.group, self.some(which)
        taken = among(self.graph, ids, home_of(self.graph, ids, inside)) | set(self.few_boxes())
        self.perform(grouping.make_group, ids, name, boxes=taken)

    @rule(which=ANY, make=st.sampled_from([grouping.collapse, grouping.expand, grouping.ungroup]))
    def show_or_hide(self, which: int, make: Any) -> None:
        self.perform(make, [self.a_group(which)])

    @precondition(lambda self: self.graph.groups)
    @rule(which=ANY)
    def fold(self, which: int) -> None:
        folding.toggle(self.view.canvas, self.a_group(which))
        self.after()

    @rule(which=ANY, nodes=st.lists(ANY, min_size=1, max_size=3), into=st.booleans())
    def regroup(self, which: int, nodes: list[int], into: bool) -> None:
        if into:
            self.perform(
                grouping.add_to_group, self.a_group(which), self.some(nodes), self.few_boxes()
            )
        else:
            self.perform(grouping.take_out, self.some(nodes), self.few_boxes())

    @rule(which=ANY, colour=st.sampled_from(["leaf", "linear"]))
    def label_group(self, which: int, colour: str) -> None:
        self.perform(grouping.colour_group, self.a_group(which), colour)

    @precondition(lambda self: self.graph.groups)
    @rule(which=ANY, name=st.sampled_from(["head", "a block", ""]))
    def rename_group(self, which: int, name: str) -> None:
        self.perform(grouping.rename_group, self.a_group(which), name)

    # ports of groups, and their insides ----------------------------------------------------

    @precondition(lambda self: self.graph.groups)
    @rule(which=ANY)
    def enter(self, which: int) -> None:
        self.editor.entering.enter(self.a_group(which))
        self.after()

    @rule()
    def leave(self) -> None:
        self.editor.entering.leave()
        self.after()

    @precondition(lambda self: self.graph.groups)
    @rule(which=ANY, side=st.sampled_from(["inputs", "outputs"]), port=ANY, by=st.integers(-2, 2))
    def change_a_port(self, which: int, side: Any, port: int, by: int) -> None:
        group = self.a_group(which)
        there = group_ports.shown_ports(self.graph, group, side)
        if there and by == 0:
            self.perform(group_ports.hide_port, group, side, port % len(there))
        elif there and by == 2:
            self.perform(group_ports.rename_port, group, side, port % len(there), "a port")
        elif there:
            self.perform(group_ports.move_port, group, side, port % len(there), by)

    @precondition(lambda self: self.graph.groups)
    @rule(which=ANY, side=st.sampled_from(["inputs", "outputs"]), port=ANY)
    def show_a_port(self, which: int, side: Any, port: int) -> None:
        group = self.a_group(which)
        ports = group_ports.ports(self.graph, group, side)
        if ports:
            number = port % len(ports)
            ports[number] = replace(ports[number], shown=not ports[number].shown)
            self.perform(group_ports.set_ports, group, side, ports)

    @precondition(has_room)
    @rule(name=st.sampled_from(["Linear", "PReLU", "Dropout"]), at=PLACE, end=ANY)
    def add_a_layer(self, name: str, at: Any, end: int) -> None:
        layer = LAYERS[name]
        piece = make_layer(layer, layer.defaults)
        adding.add_piece(self.editor, piece, QPointF(*at), (Plug(self.pick(end), 0, True),))
        self.after()

    # back and forth ------------------------------------------------------------------------

    @rule(steps=st.integers(1, 4))
    def undo(self, steps: int) -> None:
        for _ in range(steps):
            self.editor.stack.undo()
        self.after()

    @rule(steps=st.integers(1, 3))
    def redo(self, steps: int) -> None:
        for _ in range(steps):
            self.editor.stack.redo()
        self.after()

    def teardown(self) -> None:
        stack = self.editor.stack
        while stack.canRedo():
            stack.redo()
        end = dumps(self.graph)
        self.as_if_opened_now()
        while stack.canUndo():
            stack.undo()
            self.check()
        assert dumps(self.graph) == self.start
        self.as_if_opened_now()
        while stack.canRedo():
            stack.redo()
            self.check()
        assert dumps(self.graph) == end
        self.as_if_opened_now()


class MoreEdits(Edits):
    """Settings, fixes, what is dropped on wires, and the mouse."""

    hand: Any
    longest = 0
    """How many steps the longest run had."""

    @invariant()
    def count(self) -> None:
        """One more step, of whatever kind, is done."""
        self.run = getattr(self, "run", -1) + 1
        MoreEdits.longest = max(MoreEdits.longest, self.run)

    # settings ------------------------------------------------------------------------------

    @rule(which=ANY, setting=st.sampled_from(SLIDER))
    def set_slider(self, which: int, setting: tuple[str, Any]) -> None:
        found = [n for n in self.graph.nodes.values() if leaves.holds_number(n)]
        if found:
            self.perform(leaves.set_slider, found[which % len(found)].id, *setting)

    @precondition(lambda self: self.has_room())
    @rule(at=PLACE, op=st.sampled_from(["randn", "randint", "linspace"]), seed=ANY)
    def draw(self, at: tuple[float, float], op: str, seed: int) -> None:
        self.perform(compose.add, op, at)
        random = [i for i, n in self.graph.nodes.items() if leaves.is_random(n)]
        if random:
            self.perform(compose.set_attr, random[seed % len(random)], "seed", seed)
            self.perform(leaves.set_distribution, random[-1], "normal")

    @rule(which=ANY, port=st.integers(0, 2), value=st.sampled_from([3, 0.5, [[1.0, 2.0]]]))
    def type_on_a_port(self, which: int, port: int, value: Any) -> None:
        chosen = self.pick(which)
        free = port not in self.graph.inputs(chosen) and port < len(
            self.graph.node(chosen).spec.ports
        )
        if free and self.has_room():
            self.perform(leaves.put_constant, chosen, port, value)

    @rule(which=st.lists(ANY, min_size=2, max_size=4), wanted=st.booleans())
    def set_several(self, which: list[int], wanted: bool) -> None:
        self.perform(several, self.some(which), "requires_grad", wanted)

    # the document --------------------------------------------------------------------------

    @rule(which=st.lists(ANY, min_size=1, max_size=3), watched=st.booleans())
    def watch(self, which: list[int], watched: bool) -> None:
        self.perform(compose.watch, self.some(which), watched)

    @rule(at=PLACE, name=st.sampled_from(["here", "there", ""]), place=st.integers(0, 3), how=ANY)
    def bookmark(self, at: tuple[float, float], name: str, place: int, how: int) -> None:
        marks = len(self.graph.settings.bookmarks)
        if marks < 4 and how % 2:
            self.perform(add_bookmark, Bookmark(name, at, 1.0, self.editor.entering.group))
        elif place < marks:
            make, more = (remove_bookmark, ()) if how % 4 else (rename_bookmark, (name,))
            self.perform(make, place, *more)

    @rule(fix=ANY)
    def mend(self, fix: int) -> None:
        self.editor.advice.refresh()
        fixes = [f for finding in self.editor.advice.all for f in finding.fixes]
        if fixes and self.has_room():
            self.editor.advice.apply(fixes[fix % len(fixes)])
            self.after()

    # on wires ------------------------------------------------------------------------------

    @precondition(lambda self: self.has_room() and self.view.canvas.wires)
    @rule(which=ANY, op=st.sampled_from(["sin", "mul", "sum"]), at=PLACE)
    def put_on_a_wire(self, which: int, op: str, at: tuple[float, float]) -> None:
        wires = list(self.view.canvas.wires)
        choice = choices(op)[0]
        self.view.overlays.insert_on(choice, QPointF(*at), wires[which % len(wires)])
        self.after()

    @precondition(lambda self: self.view.canvas.wires)
    @rule(which=ANY, card=ANY)
    def drop_on_a_wire(self, which: int, card: int) -> None:
        wires = sorted(self.view.canvas.wires, key=repr)
        wire = wires[which % len(wires)]
        chosen = self.pick(card)
        if self.editor.entering.shows(chosen):
            held = OntoWire(self.view.canvas, {chosen})
            held.wire = wire
            held.drop(compose.move(self.graph, {chosen: (50.0, 80.0)}))
            self.after()

    @precondition(lambda self: self.has_room())
    @rule(text=st.sampled_from(TYPED), at=PLACE, end=ANY, output=st.booleans())
    def type_in_the_search(self, text: str, at: Any, end: int, output: bool) -> None:
        add_expression(self.editor, text, QPointF(*at), Plug(self.pick(end), 0, output))
        self.after()

    @rule(which=st.lists(ANY, min_size=1, max_size=3), taken=ANY)
    def cut_or_take_elsewhere(self, which: list[int], taken: int) -> None:
        wires = {self.wire(number) for number in which} & set(self.graph.wires)
        if len(wires) == 1:
            (old,) = wires
            connect(self.editor, [Wire(old.source, self.pick(taken), 0, old.output)], [old])
        elif wires:
            disconnect_all(self.editor, wires)
        self.after()

    # by the mouse --------------------------------------------------------------------------

    @rule(which=ANY, by=PLACE, cut_short=st.booleans())
    def drag_a_card(self, which: int, by: tuple[float, float], cut_short: bool) -> None:
        cards = sorted(self.view.canvas.cards)
        body = self.view.canvas.cards[cards[which % len(cards)]].body()
        hand, start = self.hand, QPointF(body.x() + 46, body.y() + 18)
        hand.press(start)
        hand.move(start + QPointF(*by))
        if cut_short:
            self.view.escape()
            assert self.view.gesture is None
        hand.release(start + QPointF(*by))
        self.after()


def several(graph: Graph, ids: set[str], name: str, value: object) -> Batch:
    """One setting of several nodes, of those that have it."""
    nodes = [graph.node(i) for i in sorted(ids) if name in graph.node(i).spec.defaults]
    if not nodes:
        raise GraphError("none has it")
    batches = (compose.set_attr(graph, node.id, name, value) for node in nodes)
    return Batch(tuple(edit for batch in batches for edit in batch.edits), f"Change {name}")


def test_five_hundred_random_edits_undone_and_redone(view, editor, hand, assert_true, monkeypatch):
    # What hypothesis lets one example be made of is enough for a hundred steps or two.
    for module in ("hypothesis.internal.conjecture.engine", "hypothesis.stateful"):
        monkeypatch.setattr(f"{module}.BUFFER_SIZE", 1 << 16)
    Edits.editor, Edits.view, Edits.check = editor, view, staticmethod(assert_true)
    MoreEdits.hand = hand
    run_state_machine_as_test(
        MoreEdits,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            phases=[Phase.generate],
            report_multiple_bugs=False,
            suppress_health_check=[
                HealthCheck.too_slow,
                HealthCheck.data_too_large,
                HealthCheck.filter_too_much,
                HealthCheck.large_base_example,
            ],
        ),
    )
    assert MoreEdits.longest == STEPS
