import numpy as np
import pytest

from gradviz.descent import Objective
from gradviz.graph import Graph
from gradviz.plan import PlanError, compile_plan
from gradviz.program import graph_from_source

BOWL = (
    "a = tensor(3.0, dtype=float64, requires_grad=True)\n"
    "b = tensor(-2.0, dtype=float64, requires_grad=True)\n"
)


def plan_of(source):
    return compile_plan(graph_from_source(source))


def point(plan, *numbers):
    return {i: np.array(v) for i, v in zip(plan.parameters, numbers, strict=True)}


def test_the_text_is_one_line_a_value_with_the_name_of_its_node():
    plan = plan_of(BOWL + "J = a ** 2 + b * 1")
    assert plan.source == (
        "# p0: float64 [], a\n"
        "# p1: float64 [], b\n"
        "# c0: float64(1.0)\n"
        "def gradient(p0, p1):\n"
        "    v0 = p0 * p0  # pow1\n"
        "    v1 = v0 + p1  # J\n"
        "    v2 = 2.0 * p0  # ∂pow1\n"
        "    return v1, v2, c0,\n"
    )


def test_the_text_is_the_same_every_time():
    source = BOWL + "J = sigmoid(a * b) + tanh(a * b) - sin(b)"
    assert plan_of(source).source == plan_of(source).source


def test_what_comes_twice_is_computed_once():
    plan = plan_of(BOWL + "J = exp(a * b) + exp(a * b)")
    assert plan.source.count("exp(") == 1


def test_what_no_one_reads_and_what_never_moves_is_not_computed():
    plan = plan_of(BOWL + "c = exp(tensor(1.0, dtype=float64))\nd = exp(a)\nJ = a * c + b")
    assert "exp" not in plan.source


def test_tensors_use_memory_again():
    lines = "".join(f"v{n + 1} = tanh(v{n})\n" for n in range(20))
    data = "v0 = tensor([1.0, 2.0], requires_grad=True)\n"
    plan = plan_of(data + lines + "J = sum(v20)")
    lines = plan.function("value").compiled.source.splitlines()
    assert sum(line.startswith("# b") for line in lines) == 1


@pytest.mark.parametrize(
    ("formula", "numbers", "loss"),
    [
        ("a / b", (1.0, 0.0), np.inf),
        ("a / b", (0.0, 0.0), np.nan),
        ("sqrt(a) * b", (-1.0, 1.0), np.nan),
        ("exp(a) * b", (1e4, 1.0), np.inf),
        ("log(a) + b", (0.0, 1.0), -np.inf),
        ("a ** b", (-8.0, 1 / 3), np.nan),
        ("maximum(a, b)", (np.nan, 1.0), np.nan),
        ("minimum(a, b)", (1.0, np.nan), np.nan),
    ],
)
def test_numbers_that_python_refuses_are_those_of_the_engine(formula, numbers, loss):
    objective = Objective(graph_from_source(BOWL + f"J = {formula}"))
    plan = compile_plan(objective.graph)
    at = point(plan, *numbers)
    np.testing.assert_equal(plan.value(at), loss)
    found, gradients = plan.gradient(at)
    wanted, eager = objective.eager_gradient(at)
    np.testing.assert_equal(found, wanted)
    for node in eager:
        np.testing.assert_array_equal(gradients[node], eager[node])


def test_gradients_are_the_caller_s_to_keep():
    plan = plan_of("a = tensor([1.0, 2.0], requires_grad=True)\nJ = sum(a ** 2)")
    (name,) = plan.parameters
    _, first = plan.gradient({name: np.array([1.0, 2.0], np.float32)})
    plan.gradient({name: np.array([5.0, 6.0], np.float32)})
    np.testing.assert_array_equal(first[name], [2.0, 4.0])


def test_the_point_given_stays_as_it_is():
    plan = plan_of("a = tensor([1.0, 2.0], requires_grad=True)\nJ = sum(relu(a) * 2.0)")
    given = np.array([1.0, -2.0], np.float32)
    plan.gradient({plan.parameters[0]: given})
    plan.descend("SGD", {"lr": 0.5}, 3, start={plan.parameters[0]: given})
    np.testing.assert_array_equal(given, [1.0, -2.0])


def test_an_operation_without_a_form_of_its_own_runs_as_it_is_and_the_text_says_so():
    plan = plan_of(
        "a = tensor([3.0, 1.0, 2.0], requires_grad=True)\n"
        "w = tensor([1.0, 10.0, 100.0])\nJ = sum(sort(a).values * w)"
    )
    assert plan.fallbacks == {
        "sort1": "sort has no form of its own in a plan; "
        "put_along, in its gradient, has no form of its own"
    }
    assert "# sort1: sort has no form of its own" in plan.source
    assert "# sort1 (eager: sort as it is)" in plan.source
    loss, gradients = plan.gradient({plan.parameters[0]: np.array([1.0, 3.0, 2.0], np.float32)})
    assert loss == 321.0
    np.testing.assert_array_equal(gradients[plan.parameters[0]], [1.0, 100.0, 10.0])


def test_a_failure_names_its_node():
    plan = plan_of(
        "a = tensor([0.5, 0.25], requires_grad=True)\nt = tensor([0.0, 1.0])\n"
        "J = binary_cross_entropy(a, t)"
    )
    with pytest.raises(PlanError, match="'J': all elements of input should be between 0 and 1"):
        plan.value({plan.parameters[0]: np.array([2.0, 0.5], np.float32)})


MASKED = (
    "a = tensor([1.0, -2.0, 3.0], requires_grad=True)\n"
    "chosen = masked_select(a, a > 0.0)\nJ = sum(chosen ** 2) * a[0]"
)


def test_what_has_a_shape_that_depends_on_values_runs_eagerly_it_alone():
    plan = plan_of(MASKED)
    (a,) = plan.parameters
    assert "chosen" in plan.fallbacks
    for point, loss, gradient in (
        ([1.0, 2.0, 3.0], 14.0, [16.0, 4.0, 6.0]), ([1.0, -2.0, -3.0], 1.0, [3.0, 0.0, 0.0]),
        ([-1.0, -2.0, -3.0], 0.0, [0.0, 0.0, 0.0]),
    ):  # fmt: skip
        at = {a: np.array(point, np.float32)}
        assert plan.value(at) == loss
        found, gradients = plan.gradient(at)
        assert found == loss
        np.testing.assert_array_equal(gradients[a], gradient)
    assert "depends on values" in plan.fallbacks["chosen"]
    assert "# chosen (eager: masked_select as it is" in plan.source
    assert "multiply(" in plan.source or " * " in plan.source


def test_many_points_may_each_give_another_shape():
    plan = plan_of(MASKED)
    (a,) = plan.parameters
    points = np.random.default_rng(0).normal(size=(40, 3)).astype(np.float32)
    losses, gradients = plan.gradients({a: points})
    np.testing.assert_array_equal(plan.values({a: points}), losses)
    for k, point in enumerate(points):
        loss, gradient = plan.gradient({a: point})
        np.testing.assert_allclose(losses[k], loss, rtol=1e-6)
        np.testing.assert_allclose(gradients[a][k], gradient[a], rtol=1e-6)


def test_a_descent_may_pass_through_other_shapes():
    objective = Objective(graph_from_source(MASKED.replace("* a[0]", "")))
    plan = compile_plan(objective.graph)
    (a,) = plan.parameters
    start = {a: np.array([1.0, 0.1, -2.0], np.float32)}
    found = plan.descend("SGD", {"lr": 0.4, "momentum": 0.9}, 12, start=start)
    point, velocity = np.array([1.0, 0.1, -2.0]), np.zeros(3)
    for step in range(12):
        np.testing.assert_allclose(found.points[a][step], point, rtol=1e-5, atol=1e-6)
        velocity = 0.9 * velocity + np.where(point > 0, 2 * point, 0)
        point = point - 0.4 * velocity


def test_why_there_is_no_plan():
    with pytest.raises(PlanError, match="empty"):
        compile_plan(Graph())
    with pytest.raises(PlanError, match="'J' depends on no leaf"):
        plan_of("a = tensor(1.0)\nJ = a * 2")
    with pytest.raises(PlanError, match="has no value"):
        plan_of(
            "a = tensor([1.0, 2.0], requires_grad=True)\nb = tensor([1.0, 2.0, 3.0])\nJ = a @ b"
        )


def test_other_outputs_and_parameters_may_be_chosen():
    graph = graph_from_source(BOWL + "c = a * b\nJ = c * 2")
    ids = {node.name: node.id for node in graph.nodes.values()}
    plan = compile_plan(graph, output=ids["c"], parameters=[ids["b"]])
    loss, gradients = plan.gradient({ids["b"]: np.array(5.0)})
    assert (loss, gradients) == (15.0, {ids["b"]: 3.0})


def test_a_part_of_the_points_is_the_last_one():
    plan = plan_of(BOWL + "J = a * b + a")
    random = np.random.default_rng(0)
    points = {i: random.normal(size=20_001) for i in plan.parameters}
    a, b = points.values()
    losses, gradients = plan.gradients(points)
    np.testing.assert_array_equal(losses, a * b + a)
    np.testing.assert_array_equal(gradients[plan.parameters[0]], b + 1)
    np.testing.assert_array_equal(gradients[plan.parameters[1]], a)


def test_what_is_only_stretched_to_be_summed_is_not_laid_out():
    plan = plan_of(
        "w = tensor([[1.0, 2.0, 3.0]], requires_grad=True)\nx = ones(40, 3)\n"
        "J = sum(sum(w * x, dim=1, keepdim=True) + w)"
    )
    (w,) = plan.parameters
    _, gradients = plan.gradient({w: np.array([[1.0, 2.0, 3.0]], np.float32)})
    np.testing.assert_array_equal(gradients[w], [[160.0, 160.0, 160.0]])
    backward = [line for line in plan.source.splitlines() if "∂" in line]
    assert not any("broadcast" in line or "copyto" in line for line in backward)
