"""Random edits, undone and redone: what must hold of a document after every one of them."""

from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from gradviz.files import copy, dumps, loads, paste
from gradviz.graph import (
    Change,
    Edit,
    Evaluation,
    Graph,
    GraphError,
    Group,
    Node,
    Result,
    Wire,
    belonging,
    compose,
    decorating,
    grouping,
    moving,
    scenery,
    splicing,
)
from gradviz.graph.edits import AddNode, AddWire, RemoveNode, RemoveWire, ReplaceNode
from gradviz.graph.groups import cards_in_cycle, members_of
from gradviz.graph.pieces import duplicate
from gradviz.graph.scenery import COLOURS, Piece

OPS = ("tensor", "zeros", "add", "mul", "sin", "matmul", "sum", "cat", "stack", "topk", "where")
ANY = st.integers(0, 10**6)
NUMBERS = st.floats(width=32) | st.integers(-5, 5) | st.booleans()
ARRAYS = (
    np.array(2.5),
    np.arange(3.0),
    np.ones((2, 3), np.float32),
    np.array([1, 2, 3]),
    np.linspace(0, 1, 60),
    np.array([np.nan, -0.0, np.inf]),
)


class Mirror:
    """What a view would hold that knows a document by its announcements alone."""

    def __init__(self) -> None:
        self.nodes: dict[str, Node] = {}
        self.wires: set[Wire] = set()
        self.groups: dict[str, Group] = {}
        self.scenery: dict[str | Wire, Piece] = {}

    def follow(self, change: Change) -> None:
        for wire in change.unwired:
            self.wires.remove(wire)
        for node in change.removed:
            assert self.nodes.pop(node.id) == node
        for before, after in change.replaced:
            assert self.nodes[before.id] == before != after
            self.nodes[after.id] = after
        for node in change.added:
            assert node.id not in self.nodes
            self.nodes[node.id] = node
        for wire in change.wired:
            assert wire not in self.wires
            self.wires.add(wire)
        for before, after in change.groups:
            assert before != after
            if before is not None:
                assert self.groups.pop(before.id) == before
        self.groups |= {after.id: after for _, after in change.groups if after is not None}
        for before, after in change.scenery:
            assert before != after
            if before is not None:
                assert self.scenery.pop(before.key) == before
        self.scenery |= {after.key: after for _, after in change.scenery if after is not None}


def described(result: Result) -> tuple[Any, ...]:
    values = [(o.array.dtype, o.array.shape, o.array.tobytes()) for o in result.outputs]
    grads = [o.requires_grad for o in result.outputs]
    return values, grads, str(result.error), result.waiting, result.missing


class RandomEdits(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.graph = Graph()
        self.mirror = Mirror()
        self.evaluation = Evaluation(self.graph)
        self.announced: list[Change] = []
        for listener in (self.mirror.follow, self.evaluation.refresh, self.announced.append):
            self.graph.subscribe(listener)
        self.done: list[tuple[Edit, str, str]] = []
        self.undone: list[tuple[Edit, str, str]] = []
        for op in ("tensor", "tensor", "add", "mul", "sin", "cat", "sum", "topk"):
            self.add(op, (0.0, 0.0))
        for source, reader, port in ((1, 3, 0), (2, 3, 1), (3, 4, 0), (3, 4, 1), (4, 5, 0)):
            self.attempt(compose.connect, f"n{source}", 0, f"n{reader}", port)
        for source in (1, 3, 5):
            self.attempt(compose.connect, f"n{source}", 0, "n6", 9)

    def attempt(self, make: Any, *args: Any, **options: Any) -> None:
        before = dumps(self.graph)
        count = len(self.announced)
        try:
            edit = make(self.graph, *args, **options)
            self.graph.apply(edit)
        except GraphError as refused:
            assert str(refused) and "\n" not in str(refused)
            assert dumps(self.graph) == before
            assert len(self.announced) == count
            return
        self.done.append((edit, before, dumps(self.graph)))
        self.undone.clear()

    def pick(self, number: int) -> str:
        ids = sorted(self.graph.nodes)
        return ids[number % len(ids)] if ids else "n1"

    def some(self, numbers: list[int]) -> list[str]:
        return list(dict.fromkeys(self.pick(n) for n in numbers)) if self.graph.nodes else []

    def wire(self, number: int) -> Wire:
        wires = list(self.graph.wires)
        return wires[number % len(wires)] if wires else Wire("n1", "n2", 0)

    @rule(op=st.sampled_from(OPS), at=st.tuples(st.floats(-9, 9), st.floats(-9, 9)))
    def add(self, op: str, at: tuple[float, float]) -> None:
        attrs = {"k": 1} if op == "topk" else {"size": (2, 3)} if op == "zeros" else None
        self.attempt(compose.add, op, at, attrs=attrs)

    @rule(source=ANY, reader=ANY, port=st.integers(-1, 4), output=st.integers(0, 2))
    def connect(self, source: int, reader: int, port: int, output: int) -> None:
        self.attempt(compose.connect, self.pick(source), output, self.pick(reader), port)

    @rule(source=ANY, reader=ANY, port=st.integers(-1, 4), output=st.integers(-1, 1))
    def wire_as_it_is(self, source: int, reader: int, port: int, output: int) -> None:
        wire = Wire(self.pick(source), self.pick(reader), port, output)
        reason = compose.why_not(self.graph, wire)
        count = len(self.done)
        self.attempt(lambda _: AddWire(wire))
        assert (reason is None) == (len(self.done) == count + 1)

    @rule(which=ANY)
    def unwire_as_it_is(self, which: int) -> None:
        self.attempt(lambda _: RemoveWire(self.wire(which)))

    @rule(which=ANY)
    def disconnect(self, which: int) -> None:
        self.attempt(compose.disconnect, self.wire(which))

    @rule(which=ANY, op=st.sampled_from(OPS))
    def insert_on_wire(self, which: int, op: str) -> None:
        self.attempt(splicing.insert_on_wire, self.wire(which), op, (1.0, 2.0))

    @rule(which=st.lists(ANY, min_size=1, max_size=3), reconnect=st.booleans())
    def delete(self, which: list[int], reconnect: bool) -> None:
        make = compose.delete_and_reconnect if reconnect else compose.delete
        self.attempt(make, self.some(which), self.few_boxes() if which[0] % 2 else ())

    def few_boxes(self) -> list[str]:
        return sorted(scenery.boxes(self.graph))[:1]

    @rule(which=ANY)
    def remove_as_it_is(self, which: int) -> None:
        node = self.graph.nodes.get(self.pick(which))
        self.attempt(lambda _: RemoveNode(node or Node("n1", "add", "gone")))

    @precondition(lambda self: len(self.graph.nodes) < 25)
    @rule(which=st.lists(ANY, min_size=1, max_size=4), pasted=st.booleans())
    def copy_some(self, which: list[int], pasted: bool) -> None:
        ids, boxes = self.some(which), self.few_boxes()
        if pasted:
            self.attempt(paste, copy(self.graph, ids, boxes), (5.0, -5.0))
        else:
            self.attempt(duplicate, ids, boxes=boxes)

    @rule(which=ANY, ways=st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9)), max_size=2))
    def lead(self, which: int, ways: list[tuple[float, float]]) -> None:
        self.attempt(decorating.lead, self.wire(which), ways)

    @precondition(lambda self: len(scenery.boxes(self.graph)) < 5)
    @rule(size=st.floats(50, 200), add=st.sampled_from([decorating.add_frame, decorating.add_note]))
    def add_box(self, size: float, add: Any) -> None:
        group = self.some_group(int(size)) if size < 100 else None
        self.attempt(add, (1.0, 2.0), (size, size), "words", group)

    @rule(which=ANY, boxes=st.sets(st.sampled_from(["s1", "s2"])), colour=st.sampled_from(COLOURS))
    def colour(self, which: int, boxes: set[str], colour: str) -> None:
        self.attempt(decorating.colour, [self.pick(which)], boxes, colour)

    @rule(box=st.sampled_from(["s1", "s2", "s3"]))
    def delete_box(self, box: str) -> None:
        self.attempt(decorating.delete_boxes, [box])

    @rule(which=ANY, name=st.sampled_from(["x", "y", "θ", "if", "a b", "", "sin1"]))
    def rename(self, which: int, name: str) -> None:
        self.attempt(compose.rename, self.pick(which), name)

    @rule(which=ANY, port=st.integers(-1, 3), value=NUMBERS | st.none())
    def set_literal(self, which: int, port: int, value: Any) -> None:
        self.attempt(compose.set_literal, self.pick(which), port, value)

    @rule(which=ANY, value=NUMBERS | st.sampled_from(ARRAYS))
    def set_value(self, which: int, value: Any) -> None:
        self.attempt(compose.set_value, self.pick(which), value)

    @rule(
        which=ANY,
        name=st.sampled_from(["dim", "alpha", "size", "requires_grad", "dtype", "k"]),
        value=st.sampled_from([0, 1, -1, 2.5, (2, 2), True, "float64", None, (10**6, 10**6)]),
    )
    def set_attr(self, which: int, name: str, value: Any) -> None:
        self.attempt(compose.set_attr, self.pick(which), name, value)

    @rule(which=ANY, a=st.integers(0, 2), b=st.integers(0, 2))
    def swap(self, which: int, a: int, b: int) -> None:
        self.attempt(compose.swap_inputs, self.pick(which), a, b)

    @rule(which=st.lists(ANY, max_size=3), at=st.tuples(st.floats(), st.floats()))
    def move(self, which: list[int], at: tuple[float, float]) -> None:
        self.attempt(compose.move, dict.fromkeys(self.some(which), at))

    @precondition(lambda self: self.graph.groups)
    @rule(which=ANY, by=st.tuples(st.floats(-9, 9), st.floats(-9, 9)))
    def move_group(self, which: int, by: tuple[float, float]) -> None:
        group = self.some_group(which)
        places = {i: self.graph.node(i).position for i in members_of(self.graph, group)}
        goals = {i: (x + by[0], y + by[1]) for i, (x, y) in places.items()}
        inside = {b.id: b.at for b in belonging.boxes_of(self.graph, [group])}
        count = len(self.done)
        self.attempt(moving.move, goals)
        if len(self.done) > count:
            now = {i: decorating.box(self.graph, i).at for i in inside}
            assert now == {i: pytest.approx((x + by[0], y + by[1])) for i, (x, y) in inside.items()}

    @rule(which=ANY, title=st.text(max_size=4), view=st.dictionaries(st.text(max_size=2), NUMBERS))
    def set_document(self, which: int, title: str, view: dict[str, float]) -> None:
        self.attempt(compose.set_output, self.pick(which))
        self.attempt(compose.set_title, title)
        self.attempt(compose.set_view, view)

    @rule(which=st.lists(ANY, min_size=1, max_size=4), name=st.sampled_from(["", "head", "a  b"]))
    def group(self, which: list[int], name: str) -> None:
        self.attempt(grouping.make_group, self.some(which), name, boxes=self.few_boxes())

    def some_group(self, which: int) -> str:
        found = sorted(self.graph.groups)
        return found[which % len(found)] if found else "g1"

    @precondition(lambda self: self.graph.groups)
    @rule(
        which=ANY,
        make=st.sampled_from([grouping.collapse, grouping.expand, grouping.ungroup]),
    )
    def show_or_hide(self, which: int, make: Any) -> None:
        self.attempt(make, [self.some_group(which)])

    @precondition(lambda self: self.graph.groups)
    @rule(which=ANY, name=st.sampled_from(["tail", "", "θ"]), colour=st.sampled_from(["leaf", "?"]))
    def label_group(self, which: int, name: str, colour: str) -> None:
        self.attempt(grouping.rename_group, self.some_group(which), name)
        self.attempt(grouping.colour_group, self.some_group(which), colour)

    @precondition(lambda self: self.graph.groups)
    @rule(which=ANY, nodes=st.lists(ANY, min_size=1, max_size=3), into=st.booleans())
    def regroup(self, which: int, nodes: list[int], into: bool) -> None:
        if into:
            ids, boxes = self.some(nodes), self.few_boxes()
            self.attempt(grouping.add_to_group, self.some_group(which), ids, boxes)
        else:
            self.attempt(grouping.take_out, self.some(nodes), self.few_boxes())

    @rule(which=ANY)
    def stale(self, which: int) -> None:
        node = self.graph.nodes.get(self.pick(which))
        if node is not None:
            older = node.changed(position=(node.position[0] + 1, 0.0))
            count = len(self.done)
            self.attempt(lambda _: ReplaceNode(older, older.changed(name="stale")))
            assert len(self.done) == count

    @rule()
    def twice(self) -> None:
        count = len(self.done)
        node = next(iter(self.graph.nodes.values()), None)
        if node is not None:
            self.attempt(lambda _: AddNode(node.changed(name="another_name")))
            self.attempt(lambda _: AddNode(node.changed(id="other")))
        assert len(self.done) == count

    @precondition(lambda self: self.done)
    @rule()
    def undo(self) -> None:
        edit, before, after = self.done.pop()
        self.graph.apply(edit.inverse())
        assert dumps(self.graph) == before
        self.undone.append((edit, before, after))

    @precondition(lambda self: self.undone)
    @rule()
    def redo(self) -> None:
        edit, before, after = self.undone.pop()
        self.graph.apply(edit)
        assert dumps(self.graph) == after
        self.done.append((edit, before, after))

    @invariant()
    def the_mirror_shows_the_graph(self) -> None:
        assert self.mirror.nodes == dict(self.graph.nodes)
        wires = list(self.graph.wires)
        assert self.mirror.wires == set(wires) and len(wires) == len(set(wires))
        assert set(wires) == {w for i in self.graph.nodes for w in self.graph.outputs(i)}
        assert {n.name: i for i, n in self.graph.nodes.items()} == self.graph.ids_by_name

    @invariant()
    def groups_hold_each_node_once_and_make_no_cycle(self) -> None:
        graph = self.graph
        assert self.mirror.groups == dict(graph.groups)
        held = [(i, g.id) for g in graph.groups.values() for i in g.members]
        assert dict(held) == graph.group_of and len(held) == len(graph.group_of)
        assert graph.group_of.keys() <= graph.nodes.keys()
        assert not cards_in_cycle(graph, graph.groups_by_id)

    @invariant()
    def frames_and_notes_belong_to_groups_that_are_there(self) -> None:
        homes = {box.group for box in scenery.boxes(self.graph).values()}
        assert homes <= {None, *self.graph.groups}

    @invariant()
    def only_wires_that_are_there_have_dots(self) -> None:
        assert self.mirror.scenery == self.graph.scenery
        routes = {key for key in self.graph.scenery if isinstance(key, Wire)}
        assert routes <= set(self.graph.wires)

    @invariant()
    def values_are_those_of_a_fresh_run(self) -> None:
        fresh = Evaluation(self.graph)
        assert self.evaluation.results.keys() == fresh.results.keys()
        for node_id, result in fresh.results.items():
            assert described(self.evaluation.results[node_id]) == described(result)
            assert (self.evaluation.explain(node_id) is None) == result.ok

    @invariant()
    def the_file_reads_back(self) -> None:
        text = dumps(self.graph)
        assert dumps(loads(text)) == text

    def teardown(self) -> None:
        while getattr(self, "done", []):
            self.undo()
        while getattr(self, "undone", []):
            self.redo()


RandomEdits.TestCase.settings = settings(
    max_examples=60, stateful_step_count=25, deadline=None, report_multiple_bugs=False
)
TestRandomEdits = RandomEdits.TestCase
