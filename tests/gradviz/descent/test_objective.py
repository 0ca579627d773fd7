import numpy as np
import pytest

from gradviz.descent import (
    Axis,
    DescentError,
    DescentSettings,
    Objective,
    prepare_descent,
    to_plain,
)
from gradviz.graph import Graph, compose
from gradviz.program import graph_from_source

NET = (
    "x = tensor([[0.0, 1.0], [1.0, 1.0], [1.0, 0.0]])\n"
    "W = tensor([[0.3, -0.5], [0.7, 0.2]], requires_grad=True)\n"
    "b = tensor([0.1, -0.1], requires_grad=True)\n"
    "J = mean(tanh(x @ W + b) ** 2)"
)


def test_elements_of_tensors_are_axes_by_name():
    objective = Objective(graph_from_source(NET))
    names = [objective.axis_name(a) for a in objective.axis_choices()]
    assert names == ["W[0, 0]", "W[0, 1]", "W[1, 0]", "W[1, 1]", "b[0]", "b[1]"]


def test_moving_an_axis_moves_that_element_alone():
    objective = Objective(graph_from_source(NET))
    axis = objective.axis_choices()[2]
    start = objective.start()
    moved = objective.moved(start, (axis,), (9.0,))
    assert objective.coordinates(moved, (axis,)) == (9.0,)
    changed = {i: int((moved[i] != start[i]).sum()) for i in start}
    assert sorted(changed.values()) == [0, 1]


def test_its_gradient_is_the_slope_of_its_value():
    objective = Objective(graph_from_source(NET))
    start = objective.start()
    loss, gradient = objective.gradient(start)
    assert loss == pytest.approx(objective.value(start), rel=1e-6)
    for axis in objective.axis_choices():
        here = float(start[axis.node][axis.index])
        sides = [
            objective.value(objective.moved(start, (axis,), (here + h,))) for h in (1e-2, -1e-2)
        ]
        slope = (sides[0] - sides[1]) / 2e-2
        assert float(gradient[axis.node][axis.index]) == pytest.approx(slope, abs=2e-3)


def test_a_state_has_the_values_and_gradients_of_every_node_at_a_point():
    graph = graph_from_source("a = tensor(2.0, requires_grad=True)\nc = a * 3.0\nJ = c ** 2")
    objective = Objective(graph)
    nodes = {n.name: n.id for n in graph.nodes.values()}
    state = objective.at({nodes["a"]: np.array(1.0, np.float32)})
    assert state.loss == pytest.approx(9.0)
    assert float(state.values[nodes["c"]].array) == pytest.approx(3.0)
    assert float(state.gradients[nodes["c"]]) == pytest.approx(6.0)
    assert float(state.gradients[nodes["a"]]) == pytest.approx(18.0)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x = tensor([1.0, 2.0], requires_grad=True)\nJ = x * 2.0", "shape"),
        ("x = tensor(1.0)\nJ = x * 2.0", "requires a gradient"),
        ("x = tensor(3, dtype=int64)\nJ = x * 2", "floating-point"),
    ],
)
def test_what_cannot_be_minimised_is_said(text, reason):
    with pytest.raises(DescentError, match=reason):
        prepare_descent(graph_from_source(text))


def test_an_empty_document_is_said():
    with pytest.raises(DescentError, match="empty"):
        prepare_descent(Graph())


def test_an_axis_that_is_gone_is_replaced():
    graph = graph_from_source(NET)
    kept = Axis(Objective(graph).axis_choices()[3].node, (1, 1))
    settings = DescentSettings(axes=(Axis("gone"), kept))
    graph.apply(compose.set_descent(graph, to_plain(settings)))
    axes = prepare_descent(graph).axes
    assert axes[0] == kept
    assert len(axes) == 2
