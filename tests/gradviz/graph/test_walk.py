"""The backward pass as moments: at each, what is known agrees with what has been sent."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradviz.graph import (
    AddNode,
    AddWire,
    Evaluation,
    Graph,
    NoBackward,
    Node,
    Walk,
    Wire,
    walk_back,
)

UNARY = ("sin", "tanh", "exp", "neg", "square", "sigmoid")
BINARY = ("add", "sub", "mul", "maximum")


class Builder:
    """Builds graphs in few words."""

    def __init__(self) -> None:
        self.graph = Graph()

    def leaf(self, name: str, value: object, needs: bool = True) -> str:
        data = np.asarray(value, np.float64)
        node = Node(name, "tensor", name, {"data": data, "requires_grad": needs})
        self.graph.apply(AddNode(node))
        return name

    def op(self, name: str, op: str, *sources: str, output: int = 0, **attrs: object) -> str:
        self.graph.apply(AddNode(Node(name, op, name, attrs)))
        for port, source in enumerate(sources):
            self.graph.apply(AddWire(Wire(source, name, port, output if port == 0 else 0)))
        return name

    def walk(self, output: str, seed: object = None) -> tuple[Evaluation, Walk]:
        evaluation = Evaluation(self.graph)
        start = None if seed is None else np.asarray(seed, np.float64)
        return evaluation, walk_back(evaluation, output, start)


@st.composite
def random_graphs(draw: st.DrawFn) -> Builder:
    """A few leaves and operations on anything before them, the last of them the sum of all ends."""
    build = Builder()
    shapes = ((), (3,), (2, 3), (2, 1))
    for index in range(draw(st.integers(1, 3))):
        shape = draw(st.sampled_from(shapes))
        values = np.linspace(-1, 1, max(1, int(np.prod(shape)))).reshape(shape) + 0.1 * index
        build.leaf(f"x{index}", values, needs=index == 0 or draw(st.booleans()))
    names = list(build.graph.nodes)
    for index in range(draw(st.integers(1, 8))):
        op = draw(st.sampled_from(UNARY + BINARY))
        sources = [draw(st.sampled_from(names)) for _ in range(1 if op in UNARY else 2)]
        names.append(build.op(f"o{index}", op, *sources))
    build.op("tied", "mul", names[-1], "x0")
    build.op("J", "sum", "tied")
    return build


@settings(max_examples=60, deadline=None)
@given(random_graphs())
def test_at_every_moment_sums_agree_with_what_was_sent(build: Builder) -> None:
    _, walk = build.walk("J")
    for moment in range(len(walk) + 1):
        sent: dict[str, list[np.ndarray]] = {}
        for step in walk.steps[:moment]:
            for contribution in step.sent:
                sent.setdefault(contribution.to, []).append(contribution.value)
        for node in build.graph.nodes:
            if node == walk.output:
                continue
            partial = walk.partial_at(node, moment)
            if node not in sent:
                assert partial is None
            else:
                assert partial is not None
                np.testing.assert_allclose(partial, sum(sent[node]), atol=1e-12)
            known = walk.gradient_at(node, moment)
            assert (known is not None) == (node in walk.arrival and walk.arrival[node] <= moment)
            if known is not None:
                np.testing.assert_array_equal(known, partial)


@settings(max_examples=60, deadline=None)
@given(random_graphs())
def test_leaves_end_with_what_backward_gives(build: Builder) -> None:
    evaluation, walk = build.walk("J")
    value = evaluation.value("J")
    assert value is not None
    value.backward()
    for node in build.graph.nodes:
        tensor = evaluation.value(node)
        assert tensor is not None
        if not node.startswith("x") or not tensor.requires_grad:
            continue
        got = walk.gradient_at(node, len(walk))
        assert (got is None) == (tensor.grad is None)
        if got is not None:
            np.testing.assert_allclose(got, tensor.grad.array, rtol=1e-12, atol=1e-12)


def test_x_times_x_sends_twice_to_the_same_node_and_counts_both() -> None:
    build = Builder()
    build.leaf("x", 3.0)
    build.op("J", "mul", "x", "x")
    _, walk = build.walk("J")
    sent = walk.steps[1].sent
    assert [(c.port, c.term, c.terms) for c in sent] == [(0, 1, 2), (1, 2, 2)]
    assert [c.accumulated.item() for c in sent] == [3.0, 6.0]
    assert walk.contributions["J", 0].value == walk.contributions["J", 1].value == 3.0
    assert walk.partial_at("x", 2) == 6.0
    assert walk.gradient_at("x", 2) is None and walk.gradient_at("x", 3) == 6.0


def test_wires_into_a_variadic_port_each_carry_their_own_part() -> None:
    build = Builder()
    build.leaf("a", [1.0, 2.0])
    build.leaf("k", [5.0], needs=False)
    build.leaf("b", [3.0])
    build.op("joined", "cat", "a", "k", "b")
    build.op("squares", "square", "joined")
    build.op("J", "sum", "squares")
    _, walk = build.walk("J")
    step = walk.own_steps["joined"]
    assert [(c.port, c.to) for c in step.sent] == [(0, "a"), (2, "b")]
    np.testing.assert_allclose(walk.contributions["joined", 0].value, [2.0, 4.0])
    np.testing.assert_allclose(walk.contributions["joined", 2].value, [6.0])
    assert ("joined", 1) not in walk.travelled


def test_outputs_of_one_node_keep_their_sums_apart() -> None:
    build = Builder()
    build.leaf("x", [3.0, -1.0, 2.0])
    build.op("both", "aminmax", "x")
    build.op("low", "square", "both", output=0)
    build.op("high", "square", "both", output=1)
    build.op("J", "add", "low", "high")
    _, walk = build.walk("J")
    step = walk.own_steps["both"]
    assert [None if g is None else g.item() for g in step.upstreams] == [-2.0, 6.0]
    assert step.output == 0 and step.upstream == -2.0
    assert {(c.output, c.term, c.terms) for _, c in walk.incoming["both"]} == {(0, 1, 1), (1, 1, 1)}
    assert walk.partial_at("both", step.index) == -2.0
    np.testing.assert_allclose(walk.gradients["x"], [6.0, -2.0, 0.0])


def test_a_second_output_alone_is_the_one_shown() -> None:
    build = Builder()
    build.leaf("x", [3.0, -1.0, 2.0])
    build.op("both", "aminmax", "x")
    build.op("J", "square", "both", output=1)
    _, walk = build.walk("J")
    step = walk.own_steps["both"]
    assert step.output == 1 and step.upstream == 6.0
    assert walk.shown_output("both") == 1
    assert walk.partial_at("both", step.index) == 6.0


def test_a_seed_of_ones_own_weighs_each_element() -> None:
    build = Builder()
    build.leaf("x", [1.0, 2.0, 3.0])
    build.op("y", "square", "x")
    _, walk = build.walk("y", seed=[1.0, 0.0, -2.0])
    np.testing.assert_allclose(walk.gradients["x"], [2.0, 0.0, -12.0])
    np.testing.assert_allclose(walk.steps[0].upstream, [1.0, 0.0, -2.0])


@pytest.mark.parametrize(
    ("seed", "words"),
    [(None, "backward starts from a single number"), ([1.0], "the seed has shape")],
)
def test_a_tensor_without_a_fitting_seed_is_refused_in_words(seed: object, words: str) -> None:
    build = Builder()
    build.leaf("x", [1.0, 2.0, 3.0])
    build.op("y", "square", "x")
    with pytest.raises(NoBackward, match=words):
        build.walk("y", seed)


def test_nothing_that_needs_a_gradient_is_refused_in_words() -> None:
    build = Builder()
    build.leaf("x", 1.0, needs=False)
    build.op("y", "square", "x")
    with pytest.raises(NoBackward, match="nothing that requires a gradient leads to 'y'"):
        build.walk("y")


def test_an_operation_without_a_derivative_is_a_reason_and_no_crash() -> None:
    build = Builder()
    build.leaf("x", 7.0)
    build.leaf("y", 2.0)
    build.op("J", "floor_divide", "x", "y")
    with pytest.raises(NoBackward, match=r"stops on the way: .*not implemented"):
        build.walk("J")


def test_the_moment_of_a_node_is_its_own_step_and_of_a_leaf_output_the_seed() -> None:
    build = Builder()
    build.leaf("x", 1.0)
    build.leaf("unused", 1.0)
    build.op("y", "square", "x")
    _, walk = build.walk("y")
    assert walk.moment_of("y") == 2
    assert walk.moment_of("x") == 3
    assert walk.moment_of("unused") is None
    assert walk.active(0) is None and walk.active(len(walk)) is walk.steps[-1]


def fan_of(count: int) -> Builder:
    build = Builder()
    build.leaf("x", 0.5)
    total = "x"
    for index in range(count):
        part = build.op(f"p{index}", "square", "x")
        total = build.op(f"s{index}", "add", total, part)
    return build


def test_a_thousandfold_fan_out_is_summed_up_to_any_moment() -> None:
    build = fan_of(500)
    _, walk = build.walk("s499")
    assert len(build.graph.nodes) == 1001
    assert walk.partial_at("x", 0) is None
    told = [walk.partial_at("x", moment) for moment in range(len(walk) + 1)]
    sums = [float(value) for value in told if value is not None]
    assert sums == sorted(sums) and set(sums) == set(range(1, 502))
    assert sums[-1] == float(walk.gradients["x"])
