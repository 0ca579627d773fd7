"""While leaves move a plan gives what the engine gives: values, errors and the whole pass."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradviz.files import load
from gradviz.graph import (
    AddNode,
    Evaluation,
    Graph,
    NoBackward,
    Node,
    OneHot,
    ReplaceNode,
    SetSettings,
    Wire,
    walk_back,
)
from gradviz.graph.edits import link
from gradviz.graph.evaluate import same_numbers
from gradviz.graph.walk import same_pass
from gradviz.ops.table import OPS
from gradviz.plan import Replay
from gradviz.program import graph_from_source

SAMPLES = sorted((Path(__file__).resolve().parents[3] / "samples").glob("*.gradviz"))
TEMPLATES = (
    "tanh({0})", "exp({0} * 0.25)", "relu({0})", "{0} ** 2", "log({0})", "sqrt({0})",
    "1.0 / {0}", "{0}.detach()", "{0} + {1}", "{0} * {1}", "{0} / {1}", "maximum({0}, {1})",
    "where({0} > {1}, {0}, 0.5)", "{0} * x", "{0} + shift", "clamp({0}, -0.5, 0.5)",
)  # fmt: skip
TENSOR = (
    *TEMPLATES, "softmax({0}, dim=1)", "{0} @ {1}", "sum({0}, dim=0, keepdim=True) + {1}",
    "max({0}, dim=1).values + {1}", "sort({0}, dim=0).values", "{0}.T", "{0}[0] + {1}",
    "cumsum({0}, dim=1)", "{0} + sum(masked_select({1}, {0} > 0.1))",
)  # fmt: skip


class Document:
    """A graph, its evaluation, and what follows its leaves."""

    def __init__(self, graph, at_once=250):
        self.graph = graph
        self.evaluation = Evaluation(graph)
        self.replay = Replay(graph, self.evaluation, at_once)

    def node(self, name):
        found = self.graph.named(name)
        assert found is not None
        return found

    @property
    def output(self):
        found = self.graph.output()
        assert found is not None
        return found

    def apply(self, edit):
        return self.replay.refresh(self.graph.apply(edit))

    def set(self, name, **attrs):
        node = self.node(name)
        return self.apply(ReplaceNode(node, node.changed(attrs={**node.attrs, **attrs})))

    def move(self, name, value):
        data = np.asarray(self.node(name).attrs["data"])
        return self.set(name, data=np.asarray(value, data.dtype).reshape(data.shape))

    @property
    def by_plan(self):
        return bool(self.evaluation.taken)


def document(source):
    return Document(graph_from_source(source))


def pass_of(document, seed=None):
    return document.replay.walk(document.output, seed)


def numbers_close(found, wanted):
    assert (found.shape, found.dtype) == (wanted.shape, wanted.dtype)
    near = 1e-5 if wanted.dtype.itemsize < 8 else 1e-9
    scale = np.max(np.abs(wanted), initial=1.0, where=np.isfinite(wanted))
    np.testing.assert_allclose(found, wanted, rtol=near, atol=near * 1e-3 * scale)


def close_pass(found, wanted):
    """The same steps, and numbers that are the same but for the order products are summed in."""
    shown = [
        [(s.kind, s.node, [(c.port, c.to, c.raw_shape, c.terms) for c in s.sent])
         for s in walk.steps]
        for walk in (found, wanted)
    ]  # fmt: skip
    assert shown[0] == shown[1]
    for mine, theirs in zip(found.steps, wanted.steps, strict=True):
        numbers_close(mine.upstream, theirs.upstream)
        for a, b in zip(mine.sent, theirs.sent, strict=True):
            numbers_close(a.value, b.value)
            numbers_close(a.accumulated, b.accumulated)


def close(mine, theirs):
    """Outputs of a node that are the same but for the order in which products are summed."""
    for a, b in zip(mine.outputs, theirs.outputs, strict=True):
        assert a.requires_grad == b.requires_grad
        numbers_close(a.array, b.array)


def holds(document, seed=None, exact=True):
    """Values and pass are those of a new evaluation: ``exact``, to the last bit."""
    fresh = Evaluation(document.graph)
    for node_id, result in fresh.results.items():
        mine = document.evaluation.results[node_id]
        close(mine, result)
        assert same_numbers(mine, result) or not exact, document.graph.node(node_id).name
        assert (mine.error, mine.waiting, mine.missing) == (
            result.error, result.waiting, result.missing,
        )  # fmt: skip
    try:
        wanted = walk_back(fresh, document.output, seed)
    except NoBackward as problem:
        with pytest.raises(NoBackward) as refused:
            pass_of(document, seed)
        assert str(refused.value) == str(problem)
        return
    found = pass_of(document, seed)
    close_pass(found, wanted)
    assert same_pass(found, wanted) or not exact


@st.composite
def programs(draw, templates, shape):
    """A program of a few lines over three leaves, two of which get gradients."""
    numbers = draw(st.lists(st.integers(-16, 16), min_size=27, max_size=27))
    arrays = (np.array(numbers) / 8 + 0.03).reshape(3, 9)
    sizes = [a.reshape(shape).tolist() if shape else float(a[0]) for a in arrays]
    lines = [
        f"a = tensor({sizes[0]}, requires_grad=True)",
        f"b = tensor({sizes[1]}, requires_grad=True)",
        f"x = tensor({sizes[2]})", "shift = tensor(0.25)",
    ]  # fmt: skip
    names = ["a", "b"]
    for number in range(draw(st.integers(2, 7))):
        parts = [draw(st.sampled_from(names[-3:])) for _ in range(2)]
        lines.append(f"v{number} = " + draw(st.sampled_from(templates)).format(*parts))
        names.append(f"v{number}")
    lines.append(f"J = mean({names[-1]} * a + b)")
    return "\n".join(lines)


MOVES = st.lists(
    st.tuples(
        st.sampled_from("aabx"),
        st.sampled_from((0.0, -1.5, 0.5, 2.0, 1e30, float("inf"), float("nan"))),
    ),
    min_size=3, max_size=6,
)  # fmt: skip


def follow(source, moves, exact):
    """Move leaves; after each move everything is as a new evaluation has it."""
    here = document(source)
    for name, value in moves:
        data = here.node(name).attrs["data"]
        here.move(name, np.asarray(data) * 0.75 + value)
        holds(here, exact=exact)


@settings(max_examples=25, deadline=None)
@given(programs(TEMPLATES, ()), MOVES)
def test_moves_of_numbers_give_what_the_engine_gives(source, moves):
    follow(source, moves, True)


@settings(max_examples=25, deadline=None)
@given(programs(TENSOR, (3, 3)), MOVES)
def test_moves_of_tensors_give_what_the_engine_gives(source, moves):
    follow(source, moves, False)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.stem)
def test_samples_follow_their_leaves(path):
    here = Document(load(path))
    leaves = [
        n.name for n in here.graph.nodes.values()
        if "data" in n.attrs and np.asarray(n.attrs["data"]).dtype.kind == "f"
    ]  # fmt: skip
    for name in leaves[:3]:
        for factor in (0.9, 1.1, 0.8):
            here.move(name, np.asarray(here.node(name).attrs["data"]) * factor)
        assert here.by_plan, here.replay.why
        holds(here, exact=False)


def one_node(op):
    """A graph of one operation on its first example, the arrays as leaves ``x0``, ``x1`` …"""
    graph, wires, literals = Graph(), [], {}
    for index, shown in enumerate(op.examples[0].inputs):
        members = shown if isinstance(shown, tuple) else (shown,)
        for port, member in enumerate(members, start=index):
            if isinstance(member, bool | int | float):
                literals[port] = member
            elif member is not None:
                attrs = {"data": member, "requires_grad": member.dtype.kind == "f"}
                graph.apply(AddNode(Node(f"x{port}", "tensor", f"x{port}", attrs)))
                wires.append(port)
    graph.apply(AddNode(Node("y", op.name, "y", dict(op.examples[0].attrs), literals)))
    for port in wires:
        link(graph, Wire(f"x{port}", "y", port))
    return graph


def further(data, number):
    """Other numbers: near, far away, and with a nan among them."""
    if number == 2:
        return np.where(np.arange(data.size).reshape(data.shape) == 0, np.nan, data)
    return data * (0.9, -3.0)[number % 2] + 0.01 * (number < 2)


AT_NAN = frozenset({"relu"})
"""Where the engine, on arrays, lets pass what a plan stops: at rest it is the engine's."""
FAMILIES = sorted({op.family for op in OPS.values()})


@pytest.mark.parametrize("family", FAMILIES)
def test_every_operation_follows_its_inputs(family):
    for op in OPS.values():
        graph = one_node(op) if op.family == family and op.ports else Graph()
        here = Document(graph)
        for leaf in [n for n in graph.nodes.values() if n.is_parameter][:1]:
            for number in range(3):
                here.move(leaf.name, further(leaf.attrs["data"], number))
                fresh = Evaluation(graph)
                assert here.evaluation.explain("y") == fresh.explain("y"), op.name
                wanted = fresh.results["y"].outputs
                close(here.evaluation.results["y"], fresh.results["y"])
                known = number != 2 or op.name not in AT_NAN
                if not wanted or not wanted[0].requires_grad or not known:
                    continue
                seed = np.cos(np.arange(wanted[0].array.size) + 1.0).reshape(wanted[0].array.shape)
                try:
                    expected = walk_back(fresh, "y", seed)
                except NoBackward as problem:
                    with pytest.raises(NoBackward) as refused:
                        here.replay.walk("y", seed)
                    assert str(refused.value) == str(problem)
                    continue
                close_pass(here.replay.walk("y", seed), expected)


BOWL = (
    "a = tensor(2.0, requires_grad=True)\nb = tensor(3.0, requires_grad=True)\ns = tensor(0.5)\n"
    "u = a ** 2\nJ = u * s + b ** 2"
)


def twice(here, name="a"):
    here.move(name, 1.0)
    return here.move(name, 1.5)


def test_a_plan_comes_with_the_second_move_and_says_all_that_moved():
    here = document(BOWL)
    assert here.move("a", 1.0) == here.graph.downstream([here.node("a").id])
    assert not here.by_plan
    assert here.move("a", 1.5) == here.graph.downstream([here.node("a").id])
    assert here.by_plan
    assert here.replay.why == ""
    here.move("b", 1.5)
    assert here.by_plan
    holds(here)


def test_a_leaf_without_a_slider_moves_by_a_plan_too():
    here = document(BOWL)
    twice(here, "s")
    assert here.by_plan
    here.move("s", 7.0)
    holds(here)


def test_the_tape_is_recorded_when_it_is_wanted():
    here = document(BOWL)
    twice(here)
    u = here.node("u").id
    assert here.evaluation.results[u].value.grad_fn is None
    (alone,) = here.evaluation.call(u)
    assert alone.grad_fn is not None
    assert here.by_plan
    here.evaluation.record()
    assert not here.by_plan
    assert here.evaluation.results[u].value.grad_fn is not None
    holds(here)


def choose_output(here, name):
    before = here.graph.settings
    return SetSettings(before, replace(before, output=here.node(name).id))


@pytest.mark.parametrize(
    "edit",
    [
        lambda d: d.set("u"),
        lambda d: d.apply(AddNode(d.node("s").changed(id="other", name="other"))),
        lambda d: d.apply(
            SetSettings(d.graph.settings, replace(d.graph.settings, output=d.node("u").id))
        ),
        lambda d: d.set("a", requires_grad=False),
        lambda d: d.set("a", data=np.asarray(2, np.int64), requires_grad=False),
        lambda d: d.set("s", data=np.ones(3, np.float32)),
    ],
)
def test_an_edit_between_moves_is_seen(edit):
    here = document(BOWL)
    twice(here)
    edit(here)
    holds(here)
    for value in (0.25, 0.75, 1.25):
        here.move("b", value)
        holds(here)
    assert here.by_plan


def test_another_seed_has_a_pass_of_its_own():
    here = document("a = tensor([1.0, 2.0], requires_grad=True)\ny = a ** 2")
    twice_moved = [np.array([0.5, 1.0]), np.array([3.0, 4.0]), np.array([5.0, 6.0])]
    for value in twice_moved:
        here.move("a", value)
        holds(here, OneHot((1,)))
        holds(here, np.array([2.0, -1.0]))
        with pytest.raises(NoBackward, match="choose an output"):
            pass_of(here)
    assert here.by_plan


def test_what_leaves_held_before_a_pass_is_in_the_walk():
    here = document(BOWL)
    twice(here)
    before = {here.node("a").id: np.asarray(10.0, np.float32)}
    walk = here.replay.walk(here.output, None, before)
    assert here.by_plan
    assert same_pass(walk, walk_back(here.evaluation, here.output, None, before))
    assert walk.grads[here.node("a").id] == 10.0 + 2 * 1.5 * 0.5


def test_the_order_of_steps_does_not_depend_on_what_moved():
    here = document(BOWL)
    first = [s.node for s in pass_of(here).steps]
    here.move("a", 5.0)
    assert [s.node for s in pass_of(here).steps] == first
    here.move("b", 5.0)
    here.move("b", 6.0)
    assert [s.node for s in pass_of(here).steps] == first


def test_a_value_that_an_operation_refuses_is_its_error_until_it_moves_on():
    here = document(
        "p = tensor([0.5, 0.25], requires_grad=True)\nt = tensor([1.0, 0.0])\n"
        "J = binary_cross_entropy(p, t)\nK = J * 2.0"
    )
    for value in (0.5, 0.75, 1.5, 2.5, 0.25, 0.5, 0.75):
        here.move("p", np.full(2, value))
        holds(here)
        if value > 1:
            assert "between 0 and 1" in str(here.evaluation.explain(here.node("J").id))
    assert here.by_plan


def test_shapes_that_depend_on_values_stay_with_the_engine_and_it_says_so():
    here = document("x = tensor([1.0, -2.0, 3.0], requires_grad=True)\n"
                    "kept = masked_select(x, x > 0.0)\nJ = sum(kept ** 2)")  # fmt: skip
    for value in ([1.0, 2.0, 3.0], [1.0, -2.0, -3.0], [5.0, 2.0, -3.0], [4.0, 2.0, 3.0]):
        here.move("x", value)
        holds(here)
    assert not here.by_plan
    assert here.replay.why == "the shape of 'kept' depends on values"


def test_whole_numbers_are_the_engine_s():
    here = document("n = tensor(3)\na = tensor(2.0, requires_grad=True)\nJ = a * n")
    for value in (1, 2, 5):
        here.move("n", value)
        holds(here)
    assert not here.by_plan
    assert here.replay.why == "'n' holds whole numbers or truth values"
    for value in (1.0, 3.0):
        here.move("a", value)
        assert not here.replay.why
    assert here.by_plan


def test_the_plan_of_a_large_graph_is_made_beside_the_work():
    lines = ["a = tensor(0.5, requires_grad=True)", "v0 = a * 1.01"]
    lines += [f"v{i} = tanh(v{i - 1} + a)" for i in range(1, 60)]
    here = Document(graph_from_source("\n".join(lines)), at_once=10)
    here.move("a", 0.25)
    for number in range(400):
        here.move("a", 0.5 + number / 1000)
        if here.by_plan:
            break
        assert here.replay.why == "its plan is being made"
        here.replay.wait(1.0)
    assert here.by_plan
    holds(here)
