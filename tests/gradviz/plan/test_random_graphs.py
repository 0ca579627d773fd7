"""A plan gives what the engine gives, over random graphs of the table's operations."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradviz.descent import Objective
from gradviz.plan import compile_plan
from gradviz.program import graph_from_source

UNARY = (
    "-{0}", "tanh({0})", "sigmoid({0})", "exp({0} * 0.25)", "sin({0})", "cos({0})", "relu({0})",
    "{0} ** 2", "{0} ** 3", "sqrt({0} ** 2 + 1.0)", "log({0} ** 2 + 0.5)", "abs({0})",
    "1.0 / ({0} ** 2 + 1.0)", "softplus({0})", "leaky_relu({0})", "elu({0})", "silu({0})",
    "gelu({0})", "clamp({0}, -0.5, 0.5)", "floor({0})", "sign({0})", "rsqrt({0} ** 2 + 1.0)",
    "erf({0})", "log1p({0} ** 2)", "{0}.detach()", "where({0} > 0.0, {0}, 0.5)",
)  # fmt: skip
BINARY = (
    "{0} + {1}", "{0} - {1}", "{0} * {1}", "{0} / ({1} ** 2 + 1.0)", "maximum({0}, {1})",
    "minimum({0}, {1})", "where({0} > {1}, {0}, {1})", "atan2({0}, {1} ** 2 + 1.0)",
    "add({0}, {1}, alpha=0.5)", "hypot({0}, {1} + 2.0)",
)  # fmt: skip
TENSOR = (
    "sum({0}, dim=0, keepdim=True) + {0}", "mean({0}, dim=1, keepdim=True) * {0}",
    "softmax({0}, dim=1)", "log_softmax({0}, dim=0)", "{0} @ {0}.T @ {0}", "{0}.T.reshape(3, 3)",
    "amax({0}, dim=1, keepdim=True) - {0}", "flip({0}, dims=(0,))", "{0}[0] + {0}[:, 1:2]",
    "cumsum({0}, dim=1)", "cat([{0}[:1], {0}[1:] * 2.0], dim=0)", "logsumexp({0}, dim=1) + {0}",
    "{0} @ {0}[0]  + {0}", "{0}[1] @ {0} - {0}", "prod({0}, dim=0) + {0}",
    "max({0}, dim=1).values + {0}",
)  # fmt: skip


@st.composite
def programs(draw, templates, shape, kind):
    """A program of a few lines over two parameters, and how it is summed up."""
    kinds = f", dtype={kind}, requires_grad=True)"
    data = draw(st.lists(st.integers(-20, 20), min_size=18, max_size=18))
    a, b = np.array(data[:9]) / 8 + 0.01, np.array(data[9:]) / 8 - 0.02
    sizes = [v.reshape(shape).tolist() if shape else float(v[0]) for v in (a, b)]
    lines = [f"a = tensor({sizes[0]}{kinds}", f"b = tensor({sizes[1]}{kinds}"]
    names = ["a", "b"]
    for number in range(draw(st.integers(2, 7))):
        template = draw(st.sampled_from(templates))
        parts = [draw(st.sampled_from(names[-3:])) for _ in range(2)]
        lines.append(f"v{number} = " + template.format(*parts))
        names.append(f"v{number}")
    lines.append(f"J = {names[-1]} * a + b" if not shape else f"J = mean({names[-1]} * a + b)")
    return "\n".join(lines)


def objective_of(source):
    return Objective(graph_from_source(source))


def moved(objective, seed):
    random = np.random.default_rng(seed)
    return {
        i: (a + random.normal(size=a.shape) * 0.3).astype(a.dtype)
        for i, a in objective.start().items()
    }


def close(found, wanted, tolerance):
    sizes = np.abs(wanted)[np.isfinite(wanted)]
    scale = max(1.0, float(np.max(sizes, initial=0.0)))
    np.testing.assert_allclose(found, wanted, rtol=tolerance, atol=tolerance * scale)


def same_as_eager(source, tolerance):
    objective = objective_of(source)
    plan = compile_plan(objective.graph, evaluation=objective.evaluation)
    for seed in range(2):
        point = moved(objective, seed)
        with np.errstate(all="ignore"):
            loss, gradients = objective.eager_gradient(point)
        found, mine = plan.gradient(point)
        pairs = [(found, loss), (plan.value(point), loss)]
        pairs += [(mine[i], gradients[i]) for i in gradients]
        for ours, theirs in pairs:
            if tolerance:
                close(ours, theirs, tolerance)
            else:
                np.testing.assert_array_equal(ours, theirs)


@settings(max_examples=60, deadline=None)
@given(programs(UNARY + BINARY, (), "float64"))
def test_numbers_in_double_precision_are_the_same_to_the_last_bit(source):
    same_as_eager(source, 0)


@settings(max_examples=60, deadline=None)
@given(programs(UNARY + BINARY, (3, 3), "float64"))
def test_elements_in_double_precision_are_the_same_to_the_last_bit(source):
    same_as_eager(source, 0)


@settings(max_examples=40, deadline=None)
@given(programs(UNARY + BINARY, (), "float32"))
def test_numbers_in_single_precision(source):
    same_as_eager(source, 1e-6)


@settings(max_examples=60, deadline=None)
@given(programs(UNARY[:6] + BINARY[:3] + TENSOR, (3, 3), "float64"))
def test_tensors(source):
    same_as_eager(source, 1e-12)


@settings(max_examples=40, deadline=None)
@given(programs(UNARY + BINARY + TENSOR, (3, 3), "float64"), st.booleans())
def test_many_points_are_what_each_is_alone(source, all_move):
    many_as_alone(source, all_move)


@settings(max_examples=50, deadline=None)
@given(programs(UNARY + BINARY, (), "float64"), st.booleans())
def test_many_points_of_numbers_are_what_each_is_alone(source, all_move):
    many_as_alone(source, all_move)


def many_as_alone(source, all_move):
    objective = objective_of(source)
    plan = compile_plan(objective.graph, evaluation=objective.evaluation)
    base = moved(objective, 5)
    chosen = list(base) if all_move else list(base)[:1]
    random = np.random.default_rng(0)
    points = {i: base[i] + random.normal(size=(5, *base[i].shape)) * 0.3 for i in chosen}
    losses, gradients = plan.gradients(points, base)
    np.testing.assert_array_equal(plan.values(points, base), losses)
    for k in range(5):
        with np.errstate(all="ignore"):
            loss, alone = objective.eager_gradient({**base, **{i: points[i][k] for i in chosen}})
        close(losses[k], loss, 1e-9)
        for i, gradient in alone.items():
            close(gradients[i][k], gradient, 1e-9)


EAGER = (
    "sort({0}, dim=0).values", "sort({0}, dim=1).values * {1}", "logsumexp({0}, dim=0) + {1}",
    "cumprod({0} * 0.5, dim=1)", "{0} + sum(masked_select({0}, {0} > 0.0) ** 2)",
    "{0} * sum(masked_select({1}, {0} > 0.1) * 0.5)", "{0} - mean(masked_select({0}, {0} < 9.0))",
    "{0} + det({1} * 0.5)", "topk({0}, 3, dim=1).values - {0}",
    "var({0}, dim=1, keepdim=True) + {1}", "norm({0}) * 0.1 + {1}",
    "{0} + amax(masked_select({1}, {1} > -9.0))",
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(programs(UNARY[:6] + BINARY[:3] + TENSOR[:4] + EAGER * 2, (3, 3), "float64"), st.booleans())
def test_nodes_that_run_eagerly_are_right_beside_those_that_do_not(source, all_move):
    same_as_eager(source, 1e-12)
    many_as_alone(source, all_move)


@pytest.mark.parametrize("template", EAGER)
def test_random_graphs_do_fall_back(template):
    source = LEAVES.format("float64") + "J = mean(" + template.format("a", "b") + ")"
    assert objective_of(source).plan.fallbacks


LOSSES = (
    "mse_loss({0}, {1})", "l1_loss({0}, {1}, reduction='sum')", "smooth_l1_loss({0}, {1})",
    "huber_loss({0}, {1})", "binary_cross_entropy(sigmoid({0}), sigmoid({1}))",
    "binary_cross_entropy_with_logits({0}, sigmoid({1}))", "cross_entropy({0}, target)",
    "cross_entropy({0}, target, label_smoothing=0.1)", "nll_loss(log_softmax({0}, dim=1), target)",
    "cross_entropy({0}, softmax({1}, dim=1))", "mean(linear({0}, {1}))",
    "sum(addmm({0}, {1}, {0}))", "sum(layer_norm({0}, (3,)) * {1})",
)  # fmt: skip
LEAVES = (
    "a = tensor([[0.5, -1.0, 2.0], [1.5, 0.25, -0.5], [0.1, 0.2, -0.3]], dtype={0},"
    " requires_grad=True)\n"
    "b = tensor([[1.0, 0.5, -2.0], [-0.5, 1.25, 0.75], [0.3, -0.6, 0.9]], dtype={0},"
    " requires_grad=True)\n"
    "target = tensor([0, 2, 1])\n"
)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("kind", ["float32", "float64"])
def test_losses(loss, kind):
    source = LEAVES.format(kind) + "J = " + loss.format("a", "b")
    same_as_eager(source, 1e-6 if kind == "float32" else 1e-12)
    if kind == "float64":
        many_as_alone(source, False)
        many_as_alone(source, True)
