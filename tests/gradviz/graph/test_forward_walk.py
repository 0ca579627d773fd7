"""The forward pass as moments: a value is known from its own step on, and made of earlier ones."""

import numpy as np

from gradviz.graph import Evaluation, Graph
from gradviz.graph.forward_walk import ForwardWalk, walk_forward
from gradviz.program import graph_from_source

PROGRAM = (
    "x = tensor(2.0, requires_grad=True)\nk = tensor(3.0)\na = x * k\nb = k + 1\nJ = a * a\n"
    "unread = x - 1"
)


def walked(program: str, output: str | None = None) -> tuple[Graph, ForwardWalk]:
    graph = graph_from_source(program)
    node = None if output is None else graph.named(output)
    return graph, walk_forward(Evaluation(graph), None if node is None else node.id)


def test_every_value_is_made_of_values_that_are_known_before() -> None:
    graph, walk = walked(PROGRAM)
    assert len(walk) == len(graph.nodes)
    for step in walk.steps:
        assert all(walk.arrival[read.source] <= step.index for read in step.reads)
        for read in step.reads:
            assert walk.travelled[step.node, read.port] == step.index + 1
            np.testing.assert_array_equal(read.value, walk.value_at(read.source, step.index))
        assert walk.value_at(step.node, step.index) is None
        np.testing.assert_array_equal(walk.value_at(step.node, step.index + 1), step.outputs[0])
        assert walk.active(step.index + 1) is step and walk.moment_of(step.node) == step.index + 1
    assert walk.active(0) is None


def test_towards_an_output_only_what_it_needs_is_computed() -> None:
    graph, walk = walked(PROGRAM, "J")
    assert {graph.node(s.node).name for s in walk.steps} == {"x", "k", "a", "J"}
    assert walk.steps[-1].node == walk.output
    assert [s.kind for s in walk.steps] == ["leaf", "leaf", "node", "node"]
    assert [s.recorded for s in walk.steps] == [True, False, True, True]
    assert walk.moment_of("elsewhere") is None and walk.value_at("elsewhere", 4) is None


def test_a_node_without_a_value_is_a_step_that_says_why() -> None:
    graph, walk = walked(
        "x = tensor([1.0, 2.0])\nw = tensor([1.0, 2.0, 3.0])\ny = x + w\nz = y * 2"
    )
    failed = {graph.node(s.node).name: s for s in walk.steps if s.kind == "failed"}
    assert "must match the size" in failed["y"].problem
    assert failed["z"].problem == "waits for 'y'"
    assert walk.value_at(failed["y"].node, len(walk)) is None
    assert [read.port for read in failed["y"].reads] == [0, 1]
