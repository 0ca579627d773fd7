"""What is seen of a whole pass: sizes, depth, dead units, memory, reasons, origins of nan."""

import numpy as np
import pytest

from gradviz.explain.comparing import differences, pin
from gradviz.explain.magnitudes import Scale, depth, magnitude, magnitudes, scale_of
from gradviz.explain.nonfinite import first_nonfinite
from gradviz.explain.reasons import why_no_grad
from gradviz.explain.saved import bytes_text, memory, saved_by, whole_memory
from gradviz.explain.units import unhealthy
from gradviz.graph import Evaluation, walk_back
from gradviz.graph.edits import ReplaceNode
from gradviz.program import graph_from_source


def id_of(evaluation: Evaluation, name: str) -> str:
    node = evaluation.graph.named(name)
    assert node is not None
    return node.id


# sizes -------------------------------------------------------------------------------------


def test_a_magnitude_does_not_grow_with_the_number_of_elements() -> None:
    assert magnitude(np.full((4, 5), -3.0)) == pytest.approx(3.0)
    assert magnitude(np.array([3.0, 4.0])) == pytest.approx(np.sqrt(12.5))
    assert magnitude(np.array([1e300, 1e300])) == pytest.approx(1e300)
    assert magnitude(np.zeros(0)) == 0
    assert np.isnan(magnitude(np.array([np.nan, 1.0])))


def test_a_scale_is_logarithmic_and_has_few_ticks() -> None:
    scale = scale_of([1e-3, 0.5, 40.0, 0.0, float("nan")])
    assert scale == Scale(-3, 2)
    assert scale.at(1e-3) == 0.0
    assert scale.at(100.0) == 1.0
    assert scale.at(0.0) is None
    assert 2 <= len(scale.ticks) <= 5
    assert scale.ticks[0] == (0.0, "1e−3")


def test_wires_and_nodes_have_the_sizes_of_their_gradients(walked) -> None:
    evaluation, walk = walked("x = tensor(3.0, requires_grad=True)\nJ = x * x * 2\n")
    found = magnitudes(walk)
    assert found.nodes[id_of(evaluation, "x")] == pytest.approx(12.0)
    assert found.wires[id_of(evaluation, "J"), 0] == pytest.approx(2.0)


def network(scale: float, layers: int = 8) -> str:
    rng = np.random.default_rng(1)
    lines = ["x = tensor([[1.0, -1.0, 0.5, 0.25]])"]
    for n in range(layers):
        weights = (scale * rng.normal(size=(4, 4))).round(4).tolist()
        lines.append(f"W{n} = tensor({weights}, requires_grad=True)")
        lines.append(f"h{n} = {'x' if n == 0 else f'h{n - 1}'} @ W{n}")
    return "\n".join([*lines, f"J = sum(h{layers - 1})"])


@pytest.mark.parametrize(
    ("scale", "said"), [(0.1, "vanish"), (4.0, "explode"), (0.5, "keep their size")]
)
def test_depth_tells_vanishing_from_exploding(walked, scale: float, said: str) -> None:
    evaluation, walk = walked(network(scale))
    found = depth(evaluation, walk)
    assert [layer.number for layer in found.layers] == list(range(1, 9))
    assert said in found.verdict
    weights = walk.gradients[id_of(evaluation, "W0")]
    assert found.layers[0].weights == pytest.approx(magnitude(weights))


# units -------------------------------------------------------------------------------------


def test_dead_and_saturated_units_are_counted(walked) -> None:
    evaluation, _ = walked(
        "x = tensor([[-1.0, 2.0, -3.0], [-2.0, -1.0, -4.0]], requires_grad=True)\n"
        "alive = relu(x)\nflat = sigmoid(x * 20)\nJ = sum(alive) + sum(flat)\n"
    )
    dead, flat = unhealthy(evaluation)
    assert (dead.kind, dead.units, dead.total) == ("dead", (0, 2), 3)
    assert dead.text == "2 of 3 units are dead: their slope is 0 for every sample"
    assert flat.kind == "saturated"
    assert flat.units == (0, 1, 2)


def test_healthy_units_are_not_mentioned(walked) -> None:
    evaluation, _ = walked("x = tensor([0.1, -0.2], requires_grad=True)\nJ = sum(tanh(x))\n")
    assert unhealthy(evaluation) == ()


# reasons -----------------------------------------------------------------------------------

REASONS = """
x = tensor(2.0, requires_grad=True)
c = tensor(3.0)
n = tensor([1, 2])
unused = tensor(1.0, requires_grad=True)
u = detach(x * 3)
truth = x > 1
only = tensor(5.0, requires_grad=True)
cut = detach(only)
apart = unused * 2
J = where(truth, x, c) * u + cut * c + sum(n)
"""


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("c", "not required", "it is a constant until requires_grad is set"),
        ("n", "not floating", "only floating-point tensors"),
        ("u", "no longer required", "detach() gives the same numbers with no history"),
        ("truth", "not floating", "bool"),
        ("only", "cut off", "Every way from J back to only ends at"),
        ("unused", "not reached", "J does not depend on unused"),
        ("J", "no leaf", "retain_grad()"),
    ],
)
def test_each_node_says_why_its_grad_is_none(walked, name: str, kind: str, said: str) -> None:
    graph = graph_from_source(REASONS)
    evaluation = Evaluation(graph)
    walk = walk_back(evaluation, id_of(evaluation, "J"))
    reason = why_no_grad(evaluation, walk, id_of(evaluation, name))
    assert reason is not None
    assert reason.kind == kind
    assert said in reason.text


def test_a_leaf_that_is_reached_has_a_grad_and_before_a_pass_none(walked) -> None:
    evaluation, walk = walked("x = tensor(2.0, requires_grad=True)\nJ = x ** 2\n")
    x = id_of(evaluation, "x")
    assert why_no_grad(evaluation, walk, x) is None
    reason = why_no_grad(evaluation, None, x)
    assert reason is not None
    assert reason.kind == "no pass"


# memory ------------------------------------------------------------------------------------


def test_a_product_keeps_its_factors_and_a_sum_nothing(walked) -> None:
    evaluation, _ = walked(
        "x = tensor([1.0, 2.0], requires_grad=True)\ny = tensor([3.0, 4.0], requires_grad=True)\n"
        "p = x * y\ns = x + y\ne = exp(x)\nJ = sum(p + s + e)\n"
    )
    kept = saved_by(evaluation, id_of(evaluation, "p"))
    assert [(k.name, k.of, k.bytes) for k in kept] == [
        ("input", id_of(evaluation, "x"), 8), ("other", id_of(evaluation, "y"), 8),
    ]  # fmt: skip
    assert not any(k.stale for k in kept)
    assert saved_by(evaluation, id_of(evaluation, "s")) == ()
    (result,) = saved_by(evaluation, id_of(evaluation, "e"))
    assert (result.name, result.of) == ("result", id_of(evaluation, "e"))
    assert memory([*kept, *kept]) == 16
    assert whole_memory(evaluation) == 24


def test_what_was_modified_after_it_was_kept_is_stale(walked) -> None:
    evaluation, _ = walked("x = tensor([1.0, 2.0], requires_grad=True)\nJ = sum(exp(x))\n")
    node = next(n for n in evaluation.graph.nodes.values() if n.op == "exp")
    value = evaluation.value(node.id)
    assert value is not None
    value.detach().zero_()
    (kept,) = saved_by(evaluation, node.id)
    assert (kept.version, kept.now, kept.stale) == (0, 1, True)


def test_bytes_are_written_to_be_read() -> None:
    assert [bytes_text(n) for n in (12, 2048, 3 * 2**20)] == ["12 B", "2.0 KiB", "3.0 MiB"]


# nan ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "node", "said"),
    [
        ("x = tensor([1.0, 0.0], requires_grad=True)\nl = log(x)\nJ = sum(l * 2)", "l",
         "l[1] is −∞, made of x[1] = 0.000: a logarithm at 0 is minus infinity"),
        ("x = tensor([1.0, -2.0], requires_grad=True)\nr = sqrt(x)\nJ = sum(r)", "r",
         "the square root of a negative number"),
        ("x = tensor(0.0, requires_grad=True)\nq = x / x\nJ = q + 1", "q", "0 divided by 0"),
        ("x = tensor(100.0, requires_grad=True)\nb = exp(x)\nJ = b * 0.0", "b",
         "larger than its type can hold"),
        ("x = tensor(1e999, requires_grad=True)\nJ = x * 2", "x", "from the start"),
    ],
)  # fmt: skip
def test_a_bad_value_is_traced_to_where_it_began(walked, text: str, node: str, said: str) -> None:
    evaluation = Evaluation(graph_from_source(text))
    walk = walk_back(evaluation, evaluation.graph.output() or "")
    origin = first_nonfinite(evaluation, walk)
    assert origin is not None
    assert (origin.kind, origin.node) == ("value", id_of(evaluation, node))
    assert said in origin.text
    assert id_of(evaluation, "J") in origin.affected


def test_a_bad_gradient_is_traced_to_the_step_that_made_it(walked) -> None:
    evaluation, walk = walked(
        "x = tensor([0.0, 4.0], requires_grad=True)\nr = sqrt(x)\nJ = sum(where(x > 0, r, 0 * x))\n"
    )
    origin = first_nonfinite(evaluation, walk)
    assert origin is not None
    assert (origin.kind, origin.node, origin.index) == ("gradient", id_of(evaluation, "r"), (0,))
    assert "0 times infinity is nan" in origin.text
    assert origin.moment is not None
    step = walk.active(origin.moment)
    assert step is not None
    assert step.node == origin.node


def test_where_all_is_finite_nothing_is_traced(walked) -> None:
    evaluation, walk = walked("x = tensor(2.0, requires_grad=True)\nJ = x ** 2\n")
    assert first_nonfinite(evaluation, walk) is None


# two runs ----------------------------------------------------------------------------------


def test_two_runs_are_compared_the_largest_change_first(walked) -> None:
    evaluation, walk = walked(
        "x = tensor(2.0, requires_grad=True)\ny = tensor(1.0, requires_grad=True)\nJ = x ** 2 + y\n"
    )
    kept = pin(evaluation, walk)
    assert all(row.same for row in differences(kept, evaluation, walk))
    graph = evaluation.graph
    x = graph.named("x")
    assert x is not None
    change = graph.apply(
        ReplaceNode(x, x.changed(attrs={**x.attrs, "data": np.array(3.0, np.float32)}))
    )
    evaluation.refresh(change)
    rows = differences(kept, evaluation, walk_back(evaluation, walk.output))
    by_name = {row.name: row for row in rows}
    assert rows[0].name == "x"
    assert by_name["x"].gradient_change == pytest.approx(2.0)
    assert by_name["J"].value_change == pytest.approx(5.0)
    assert by_name["y"].same
