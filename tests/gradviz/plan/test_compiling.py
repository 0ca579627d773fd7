"""What may be compiled: functions too, with arguments of their own, and all nodes to be shown."""

import numpy as np
import pytest

import gradviz as gv
from gradviz.descent import Objective
from gradviz.plan import PlanError, compile_function, compile_plan
from gradviz.program import graph_from_source

SOURCE = (
    "x = tensor(0.5)\nw = tensor(2.0, requires_grad=True)\nb = tensor([1.0, -1.0], "
    "requires_grad=True)\nh = tanh(w * x + b)\naside = exp(h)\nJ = sum(h ** 2)"
)


def test_a_function_is_compiled_as_it_ran_once():
    def loss(w, b):
        return ((gv.tensor([1.0, 2.0]) * w + b) ** 2).sum()

    plan = compile_function(loss, 0.5, np.array([1.0, -1.0], np.float32))
    w, b = plan.parameters
    found, gradients = plan.gradient(
        {w: np.asarray(2.0, np.float32), b: np.array([0.0, 1.0], np.float32)}
    )
    assert found == 4.0 + 25.0
    assert gradients[w] == 2 * 2.0 * 1.0 + 2 * 5.0 * 2.0
    np.testing.assert_array_equal(gradients[b], [4.0, 10.0])
    assert plan.descend("SGD", {"lr": 0.01}, 5).losses[-1] < plan.value(plan.point(None))


def test_an_argument_that_does_not_matter_is_refused():
    with pytest.raises(PlanError, match="does not depend on argument 2"):
        compile_function(lambda a, b: a * a, 1.0, 2.0)


def ids(graph):
    return {node.name: node.id for node in graph.nodes.values()}


def test_leaves_without_gradients_may_be_given_with_each_point():
    graph = graph_from_source(SOURCE)
    x, w, b = (ids(graph)[n] for n in "xwb")
    plan = compile_plan(graph, arguments=[x])
    assert (plan.parameters, plan.arguments) == ((w, b), (x,))
    point = {x: np.float32(0.25), w: np.float32(1.0), b: np.zeros(2, np.float32)}
    assert plan.value(point) == pytest.approx(2 * np.tanh(0.25) ** 2, rel=1e-6)
    assert plan.gradient(point)[1].keys() == {w, b}
    found = plan.values({x: np.linspace(0, 1, 5, dtype=np.float32)}, point)
    np.testing.assert_allclose(found, 2 * np.tanh(np.linspace(0, 1, 5)) ** 2, rtol=1e-5)


def test_the_state_has_every_node_s_value_and_gradient():
    graph = graph_from_source(SOURCE)
    at = ids(graph)
    objective = Objective(graph)
    plan = compile_plan(graph, arguments=[at["x"]], everything=True, output=at["J"])
    point = {at["x"]: np.float32(0.5), **objective.start()}
    state = plan.state(point)
    wanted = objective.eager_at(objective.start())
    assert state.loss == pytest.approx(wanted.values[at["J"]].item())
    assert state.values.keys() == {i for i in wanted.values}
    for node, array in state.values.items():
        np.testing.assert_allclose(array, wanted.values[node].array, rtol=1e-6)
    assert state.gradients.keys() == wanted.gradients.keys()
    for node, array in state.gradients.items():
        np.testing.assert_allclose(array, wanted.gradients[node], rtol=1e-6)


def test_an_objective_shows_the_same_state_as_a_backward_pass():
    objective = Objective(graph_from_source(SOURCE + "\nK = J * 2"))
    point = {i: a + 0.25 for i, a in objective.start().items()}
    found, wanted = objective.at(point), objective.eager_at(point)
    assert found.loss == wanted.loss
    assert found.gradients.keys() == wanted.gradients.keys()
    for node in wanted.gradients:
        np.testing.assert_allclose(found.gradients[node], wanted.gradients[node], rtol=1e-6)
    for node in wanted.values:
        np.testing.assert_array_equal(found.values[node].array, wanted.values[node].array)


def test_compiling_is_timed():
    plan = compile_plan(graph_from_source(SOURCE.replace("aside", "other")), output=None)
    before = plan.compile_seconds
    plan.gradient(plan.point(None))
    assert 0 < before < plan.compile_seconds < 5
