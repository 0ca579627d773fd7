"""The sample documents: each opens, evaluates, walks backward and reads back from its formula."""

from pathlib import Path

import numpy as np
import pytest

from gradviz.descent.runner import Runner
from gradviz.descent.settings import RunnerSpec
from gradviz.descent.setup import prepare_descent
from gradviz.files import dumps, load, loads
from gradviz.graph import Evaluation, Graph, Walk, walk_back
from gradviz.program import formula, graph_from_source, source, update

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
DEEP = range(1, 13)
FORMULAS = {
    "bowl": "J = theta1 ** 2 + theta2 ** 2",
    "saddle": "J = theta1 ** 2 - theta2 ** 2",
    "rosenbrock": "J = (1 - x) ** 2 + 100 * (y - x ** 2) ** 2",
    "himmelblau": "J = (x ** 2 + y - 11) ** 2 + (x + y ** 2 - 7) ** 2",
    "fan_out": "squared = x ** 2\ntriple = 3 * x\nJ = squared + triple",
    "product_and_sum": "product = x * y\nJ = product + z",
    "sine_slope": (
        "x = linspace(0, 10, 200, requires_grad=True)\ny = sin(x)\nslope = cos(x)\nJ = sum(y)"
    ),
    "broadcast": "table = column + row\nJ = sum(table)",
    "detach": "squared = x ** 2\nu = detach(squared)\nJ = u * x",
    "branch": "condition = x > 0\nright = x ** 2\nleft = -2 * x\nJ = where(condition, right, left)",
    "masked_nan": (
        "positive = x > 0\nroot = sqrt(x)\nsafe = where(positive, root, 0 * x)\nJ = sum(safe)"
    ),
    "softmax_row": "shares = softmax(scores, dim=0)\nfirst = shares[0]",
    "cross_entropy": "shares = softmax(logits, dim=0)\nJ = cross_entropy(logits, target)",
    "linear_regression": "prediction = w * x + b\nJ = mse_loss(prediction, y)",
    "mlp_xor": (
        "hidden = tanh(x @ W1 + b1)\noutput = sigmoid(hidden @ W2 + b2)\n"
        "J = binary_cross_entropy(output, target)"
    ),
    "oscillator": "\n".join(
        [
            *(
                f"v{i} = v{i - 1} - 0.3 * (stiffness * x{i - 1} + damping * v{i - 1})\n"
                f"x{i} = x{i - 1} + 0.3 * v{i}"
                for i in range(1, 14)
            ),
            "J = (x13 + 1) ** 2 + 0.1 * damping ** 2",
        ]
    ),
    "matmul_chain": "AB = A @ B\nABC = AB @ C\nJ = sum(ABC)",
    "deep_network": "\n".join(
        [
            *(f"h{i} = tanh(W{i} @ {f'h{i - 1}' if i > 1 else 'x'} + b{i})" for i in DEEP),
            "J = mse_loss(h12, target)",
        ]
    ),
    "attention": (
        "projected = tokens @ W\nqueries = projected[:, :2]\nkeys = projected[:, 2:4]\n"
        "values = projected[:, 4:]\nscores = queries / 1.4142 @ keys.T\n"
        "weights = softmax(scores, dim=1)\ncontext = weights @ values\n"
        "J = mse_loss(context, target)"
    ),
    "convolution": (
        "edges = relu(conv2d(image, kernel, bias))\npooled = max_pool2d(edges, kernel_size=2)\n"
        "J = mean(pooled)"
    ),
    "ackley": (
        "J = 22.718281828 - 20 * exp(-0.2 * sqrt(0.5 * (x ** 2 + y ** 2))) "
        "- exp(0.5 * (cos(6.283185307 * x) + cos(6.283185307 * y)))"
    ),
    "beale": (
        "J = (1.5 - x + x * y) ** 2 + (2.25 - x + x * y ** 2) ** 2 + (2.625 - x + x * y ** 3) ** 2"
    ),
    "booth": "J = (x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2",
    "cliff": "J = sigmoid(-10 * x) + 0.02 * x ** 2 + 0.05 * y ** 2",
    "easom": "J = -cos(x) * cos(y) * exp(-(x - 3.14159265) ** 2 - (y - 3.14159265) ** 2)",
    "eggholder": (
        "J = -(y + 47) * sin(sqrt(abs(x / 2 + (y + 47)))) - x * sin(sqrt(abs(x - (y + 47))))"
    ),
    "goldstein_price": (
        "J = (1 + (x + y + 1) ** 2 * (19 - 14 * x + 3 * x ** 2 - 14 * y + 6 * x * y + 3 * y ** 2)) "
        "* (30 + (2 * x - 3 * y) ** 2 "
        "* (18 - 32 * x + 12 * x ** 2 + 48 * y - 36 * x * y + 27 * y ** 2))"
    ),
    "ill_conditioned_bowl": "J = 0.5 * x ** 2 + 25 * y ** 2",
    "least_squares": "prediction = w * x + b\nJ = mse_loss(prediction, y)",
    "logistic_regression": "logits = x @ w + b\nJ = binary_cross_entropy_with_logits(logits, y)",
    "mccormick": "J = sin(x + y) + (x - y) ** 2 - 1.5 * x + 2.5 * y + 1",
    "monkey_saddle": "J = x ** 3 - 3 * x * y ** 2",
    "rastrigin": (
        "J = 20 + x ** 2 - 10 * cos(6.283185307 * x) + y ** 2 - 10 * cos(6.283185307 * y)"
    ),
    "six_hump_camel": (
        "J = (4 - 2.1 * x ** 2 + x ** 4 / 3) * x ** 2 + x * y + (-4 + 4 * y ** 2) * y ** 2"
    ),
    "styblinski_tang": ("J = 0.5 * (x ** 4 - 16 * x ** 2 + 5 * x + y ** 4 - 16 * y ** 2 + 5 * y)"),
    "three_hump_camel": "J = 2 * x ** 2 - 1.05 * x ** 4 + x ** 6 / 6 + x * y + y ** 2",
    "two_spirals": (
        "h1 = tanh(x @ W1 + b1)\nh2 = tanh(h1 @ W2)\nlogits = h2 @ W3\n"
        "J = binary_cross_entropy_with_logits(logits, target)"
    ),
}
GRADIENTS = {
    "bowl": {"theta1": 3.0, "theta2": -4.0},
    "fan_out": {"x": 7.0},
    "product_and_sum": {"x": -3.0, "y": 2.0, "z": 1.0},
    "broadcast": {"column": [[4.0]] * 3, "row": [3.0] * 4},
    "detach": {"x": 4.0},
    "branch": {"x": 3.0},
    "masked_nan": {"x": [np.nan, 0.5, 0.25]},
    "sine_slope": {"x": np.cos(np.linspace(0.0, 10.0, 200))},
    "cross_entropy": {"logits": [-0.3409990, 0.2424330, 0.0985659]},
}
DESCENTS = [
    "bowl", "saddle", "rosenbrock", "himmelblau", "linear_regression", "oscillator", "mlp_xor",
    "least_squares", "logistic_regression", "two_spirals", "ill_conditioned_bowl",
    "monkey_saddle", "beale", "booth",
    "goldstein_price", "rastrigin", "styblinski_tang", "mccormick", "three_hump_camel",
    "six_hump_camel", "easom", "eggholder", "cliff",
]  # fmt: skip
every_sample = pytest.mark.parametrize("name", FORMULAS)


def sample(name: str) -> Graph:
    return load(SAMPLES / f"{name}.gradviz")


def walked(graph: Graph) -> Walk:
    output = graph.output()
    assert output is not None
    return walk_back(Evaluation(graph), output)


def test_there_are_just_these_samples() -> None:
    assert {path.stem for path in SAMPLES.glob("*.gradviz")} == set(FORMULAS)


@every_sample
def test_a_sample_opens_with_a_title_and_two_sentences(name: str) -> None:
    settings = sample(name).settings
    assert settings.title and settings.output is not None
    sentences = settings.description.rstrip(".").split(". ")
    assert len(sentences) == 2, sentences


@every_sample
def test_every_node_of_a_sample_has_a_value(name: str) -> None:
    graph = sample(name)
    results = Evaluation(graph).results
    assert {graph.node(i).name: str(r.error) for i, r in results.items() if not r.ok} == {}


@every_sample
def test_a_sample_reads_back_from_its_formula(name: str) -> None:
    graph = sample(name)
    assert formula(graph) == FORMULAS[name]
    assert update(graph, FORMULAS[name]).edits == ()


@every_sample
def test_a_sample_is_the_same_as_a_program(name: str) -> None:
    graph = sample(name)
    again = graph_from_source(source(graph))
    assert formula(again) == formula(graph)
    mine, other = walked(graph), walked(again)
    for node_id, gradient in mine.gradients.items():
        node = again.named(graph.node(node_id).name)
        if node is not None:
            np.testing.assert_array_equal(gradient, other.gradients[node.id])


@every_sample
def test_a_sample_is_kept_as_it_is_saved(name: str) -> None:
    text = (SAMPLES / f"{name}.gradviz").read_text(encoding="utf-8")
    assert dumps(loads(text)) == text


@pytest.mark.parametrize("name", GRADIENTS)
def test_gradients_are_what_the_description_says(name: str) -> None:
    graph = sample(name)
    found = {graph.node(i).name: g for i, g in walked(graph).gradients.items()}
    for leaf, gradient in GRADIENTS[name].items():
        np.testing.assert_allclose(found[leaf], gradient, atol=1e-6)


def test_a_row_of_softmax_sums_to_zero() -> None:
    graph = sample("softmax_row")
    node = graph.named("scores")
    assert node is not None
    row = walked(graph).gradients[node.id]
    np.testing.assert_allclose(row, [0.2108214, -0.0747032, -0.1361182], atol=1e-6)
    assert abs(row.sum()) < 1e-6


@every_sample
def test_cards_of_a_sample_do_not_overlap(name: str) -> None:
    places = [node.position for node in sample(name).nodes.values()]
    for i, (x, y) in enumerate(places):
        assert all(abs(x - u) >= 148 or abs(y - v) >= 78 for u, v in places[:i])


@pytest.mark.parametrize("name", DESCENTS)
def test_a_descent_goes_down(name: str) -> None:
    descent = prepare_descent(sample(name))
    assert len(descent.axes) == 2 and len(descent.settings.runners) == 3
    for spec in descent.settings.runners:
        runner = Runner(descent.objective, spec, descent.objective.start())
        runner.advance(descent.settings.steps)
        losses = runner.trajectory.losses
        assert not runner.stopped and losses[-1] < losses[0] / 2


def test_the_bowl_shrinks_by_a_fifth_each_step() -> None:
    descent = prepare_descent(sample("bowl"))
    runner = Runner(descent.objective, RunnerSpec("SGD", {"lr": 0.1}), descent.objective.start())
    runner.advance(40)
    path = [descent.objective.coordinates(p, descent.axes) for p in runner.trajectory.points]
    steps = 0.8 ** np.arange(41)
    np.testing.assert_allclose(path, np.stack([1.5 * steps, -2.0 * steps], axis=1), atol=1e-6)


def test_scalar_parameters_have_sliders_that_hold_their_values() -> None:
    nodes = [node for name in FORMULAS for node in sample(name).nodes.values()]
    parameters = [n for n in nodes if n.op == "tensor" and n.setting("requires_grad")]
    scalars = [n for n in parameters if np.ndim(n.setting("data")) == 0]
    assert scalars
    for node in scalars:
        assert node.setting("low") <= node.setting("data") <= node.setting("high"), node.name
