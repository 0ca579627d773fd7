"""Writes the sample documents in `samples/` from the formulas and words below.

Run it after a change to a sample or to the file format; the same input gives the same files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from gradviz.descent.settings import Axis, DescentSettings, parse_runner, to_plain
from gradviz.files import save
from gradviz.graph import Evaluation, Graph, SetSettings
from gradviz.graph.compose import move
from gradviz.layout import Box, Link, place
from gradviz.program import graph_from_source
from gradviz_ui.canvas.metrics import GAP_ALONG, plan_of

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
GAP_BELOW = 28.0
RACE = ("SGD lr=0.1", "SGD lr=0.1 momentum=0.5", "Adam lr=0.2")


@dataclass(frozen=True)
class Sample:
    """A document to be written: its program, and the words that open it.

    `below`: cards that stand under another one's, where a long wire would else run behind cards.
    `axes`: names of two scalar parameters, or names with an index, for the Descend workspace.
    """

    title: str
    description: str
    program: str
    axes: tuple[tuple[str, tuple[int, ...]], ...] = ()
    runners: tuple[str, ...] = RACE
    ranges: tuple[tuple[float, float], tuple[float, float]] | None = None
    steps: int = 60
    below: Mapping[str, str] = field(default_factory=dict)


def parameter(name: str, value: float, reach: float = 3.0) -> str:
    """A line for a scalar parameter with a slider."""
    return f"{name} = tensor({value}, requires_grad=True, low={-reach}, high={reach}, step=0.01)\n"


def scalars(*names: str) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Scalar parameters as axes."""
    return tuple((name, ()) for name in names)


def elements(data: Any) -> str:
    """Numbers as nested lists, to four decimals."""
    return repr(np.round(np.asarray(data, np.float64), 4).tolist())


def noisy_points() -> dict[str, str]:
    """Forty points around the line 2x − 1."""
    random = np.random.default_rng(40)
    x = np.sort(random.uniform(-2.0, 2.0, 40))
    return {"x": elements(x), "y": elements(2.0 * x - 1.0 + random.normal(0.0, 0.4, 40))}


POINTS = noisy_points()


def deep_network(layers: int, width: int) -> str:
    """The program of a network of tanh layers, its weights a little too small."""
    random = np.random.default_rng(12)
    lines = [
        f"x = tensor({elements(random.normal(0.0, 1.0, (width, 4)))})",
        f"target = tensor({elements(random.uniform(-0.8, 0.8, (width, 4)))})",
    ]
    for layer in range(1, layers + 1):
        weight = elements(random.normal(0.0, 0.6 / np.sqrt(width), (width, width)))
        bias = elements(random.normal(0.0, 0.1, (width, 1)))
        before = f"h{layer - 1}" if layer > 1 else "x"
        lines += [
            f"W{layer} = tensor({weight}, requires_grad=True)",
            f"b{layer} = tensor({bias}, requires_grad=True)",
            f"h{layer} = tanh(W{layer} @ {before} + b{layer})",
        ]
    return "\n".join([*lines, f"J = mse_loss(h{layers}, target)"])


def oscillator(steps: int) -> str:
    """The program of a weight on a spring, followed through so many small steps of time."""
    lines = ["x0 = tensor(1.0)", "v0 = tensor(0.0)"]
    for after in range(1, steps + 1):
        x, v = f"x{after - 1}", f"v{after - 1}"
        lines.append(f"v{after} = {v} - 0.3 * (stiffness * {x} + damping * {v})")
        lines.append(f"x{after} = {x} + 0.3 * v{after}")
    return "\n".join([*lines, f"J = (x{steps} + 1)**2 + 0.1 * damping**2"])


LANDS: dict[str, Sample] = {
    "bowl": Sample(
        "Bowl",
        "The gradient of a sum of squares points straight away from the lowest point, and is "
        "twice as far from zero as each parameter is. Press Step in Backward to see the 1 at J "
        "become 3 at theta1 and −4 at theta2.",
        parameter("theta1", 1.5) + parameter("theta2", -2.0) + "J = theta1**2 + theta2**2",
        scalars("theta1", "theta2"), ranges=((-3.0, 3.0), (-3.0, 3.0)),
    ),
    "saddle": Sample(
        "Saddle",
        "At the middle both slopes are zero, and yet it is no lowest point: J falls for ever along "
        "theta2. Watch the runners slide in along theta1, slow down, and then leave along theta2.",
        parameter("theta1", 1.5) + parameter("theta2", 0.05) + "J = theta1**2 - theta2**2",
        scalars("theta1", "theta2"), ranges=((-2.0, 2.0), (-2.0, 2.0)), steps=20,
    ),
    "rosenbrock": Sample(
        "Rosenbrock's valley",
        "The lowest point (1, 1) lies in a bent, flat valley between steep walls. Plain descent "
        "falls into the valley at once and then creeps along it, while momentum and Adam get on.",
        parameter("x", -1.2, 2.0) + parameter("y", 1.0)
        + "J = (1 - x)**2 + 100 * (y - x**2)**2",
        scalars("x", "y"), ("SGD lr=0.001", "SGD lr=0.001 momentum=0.9", "Adam lr=0.05"),
        ((-2.0, 2.0), (-1.0, 3.0)), 400,
    ),
    "himmelblau": Sample(
        "Himmelblau's four valleys",
        "Four lowest points are equally deep, and where a runner ends depends on where it starts. "
        "Drag the start a little to and fro across a ridge and see it choose another valley.",
        parameter("x", 1.0, 5.0) + parameter("y", 1.0, 5.0)
        + "J = (x**2 + y - 11)**2 + (x + y**2 - 7)**2",
        scalars("x", "y"), ("SGD lr=0.01", "SGD lr=0.01 momentum=0.5", "Adam lr=0.3"),
        ((-5.0, 5.0), (-5.0, 5.0)), 80,
    ),
    "linear_regression": Sample(
        "A line through forty points",
        "The loss is the mean of forty squared distances, yet only w and b can be moved: the "
        "gradient of each sums up what all points ask of it. In Descend the path ends near w = 2, "
        "b = −1, the line the points were scattered around.",
        parameter("w", -1.0, 4.0) + parameter("b", 2.0, 4.0)
        + f"x = tensor({POINTS['x']})\ny = tensor({POINTS['y']})\n"
        + "prediction = w * x + b\nJ = mse_loss(prediction, y)",
        scalars("w", "b"), ranges=((-2.0, 5.0), (-4.0, 3.0)),
    ),
    "oscillator": Sample(
        "Back through time",
        "A weight on a spring is followed through thirteen steps of time, each with the same "
        "stiffness and damping, so on the way back both get a term from every step. In Descend "
        "watch the runners find the spring that has swung to −1 by the end.",
        parameter("stiffness", 0.6) + parameter("damping", 0.4) + oscillator(13),
        scalars("stiffness", "damping"), ("SGD lr=0.05", "SGD lr=0.02 momentum=0.9",
        "Adam lr=0.05"), ((0.0, 2.0), (-0.5, 1.5)), 120,
    ),
    "mlp_xor": Sample(
        "A small network learns XOR",
        "Two inputs, four hidden units and one output learn what no straight line can: true where "
        "just one input is. Step backward to see the error split up among the hidden units, then "
        "open Descend for a slice through two of the seventeen weights.",
        "x = tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])\n"
        "target = tensor([[0.0], [1.0], [1.0], [0.0]])\n"
        "W1 = tensor([[0.9, -1.1, 0.6, -0.4], [0.8, 1.0, -0.7, -0.5]], requires_grad=True)\n"
        "b1 = tensor([-0.2, 0.1, 0.3, 0.0], requires_grad=True)\n"
        "W2 = tensor([[0.7], [-0.6], [0.8], [-0.9]], requires_grad=True)\n"
        "b2 = tensor([0.1], requires_grad=True)\n"
        "hidden = tanh(x @ W1 + b1)\n"
        "output = sigmoid(hidden @ W2 + b2)\n"
        "J = binary_cross_entropy(output, target)",
        (("W1", (0, 0)), ("W1", (1, 1))),
        ("SGD lr=0.5", "SGD lr=0.5 momentum=0.9", "Adam lr=0.1"), steps=200,
    ),
}  # fmt: skip

WALKS: dict[str, Sample] = {
    "fan_out": Sample(
        "One leaf, used twice",
        "x is read by two nodes, so two gradients come back to it, and they are added. Step "
        "through Backward and watch 3 arrive first, then 4, and 7 stand at x.",
        parameter("x", 2.0) + "squared = x**2\ntriple = 3 * x\nJ = squared + triple",
    ),
    "product_and_sum": Sample(
        "A product and a sum",
        "A sum passes its gradient on unchanged; a product hands each factor the gradient times "
        "the other factor. See x receive the value of y, and y the value of x.",
        parameter("x", 2.0, 5.0) + parameter("y", -3.0, 5.0) + parameter("z", 10.0, 20.0)
        + "product = x * y\nJ = product + z",
    ),
    "sine_slope": Sample(
        "The slope of a sine",
        "Two hundred points go through sin and are summed, so the gradient that comes back to each "
        "point is the slope of the sine there. Compare it with slope, which is cos of the same "
        "points: they are equal.",
        "x = linspace(0, 10, 200, requires_grad=True)\n"
        "y = sin(x)\nslope = cos(x)\nJ = sum(y)",
    ),
    "broadcast": Sample(
        "A column plus a row",
        "A column of three and a row of four make a table of twelve: each number is read many "
        "times. On the way back their gradients are summed again, to 4 for each of the column and "
        "3 for each of the row.",
        "column = tensor([[1.0], [2.0], [3.0]], requires_grad=True)\n"
        "row = tensor([10.0, 20.0, 30.0, 40.0], requires_grad=True)\n"
        "table = column + row\nJ = sum(table)",
    ),
    "detach": Sample(
        "Cut off by detach",
        "x reaches J on two ways, but detach lets no gradient through one of them. So the gradient "
        "at x is x² = 4, as if the factor u were a constant, and not 3x² = 12.",
        parameter("x", 2.0) + "squared = x**2\nu = squared.detach()\nJ = u * x",
    ),
    "branch": Sample(
        "Two branches and a choice",
        "where takes x² for positive x and −2x otherwise, and only the branch taken gets a "
        "gradient. Move x through zero and watch the other branch's gradient become 0.",
        parameter("x", 1.5)
        + "condition = x > 0\nright = x**2\nleft = -2 * x\nJ = where(condition, right, left)",
    ),
    "softmax_row": Sample(
        "One row of softmax's Jacobian",
        "Softmax turns three scores into shares that sum to 1, so raising one share lowers the "
        "others. The gradient of the first share is a row of the Jacobian: positive at its own "
        "score, negative at the rest, and zero in sum.",
        "scores = tensor([0.3, 0.1, 0.7], requires_grad=True)\n"
        "shares = softmax(scores, dim=0)\nfirst = shares[0]",
    ),
    "cross_entropy": Sample(
        "Cross-entropy of three logits",
        "The loss is minus the logarithm of the share that softmax gives to the right class, here "
        "class 0. Its gradient at the logits is simply softmax minus 1 at that class: compare it "
        "with shares.",
        "logits = tensor([2.0, 1.0, 0.1], requires_grad=True)\ntarget = tensor(0)\n"
        "shares = softmax(logits, dim=0)\nJ = cross_entropy(logits, target)",
    ),
    "matmul_chain": Sample(
        "Two matrix products in a row",
        "Backward through a product multiplies by the other factor, transposed: follow the shapes "
        "from the single J back to A, B and C. Each gradient has the shape of its own matrix.",
        "A = tensor([[1.0, 2.0, -1.0], [0.0, 1.0, 3.0]], requires_grad=True)\n"
        "B = tensor([[2.0, 1.0], [-1.0, 0.5], [1.0, -2.0]], requires_grad=True)\n"
        "C = tensor([[1.0, -1.0], [0.5, 2.0]], requires_grad=True)\n"
        "AB = A @ B\nABC = AB @ C\nJ = sum(ABC)",
    ),
    "deep_network": Sample(
        "Twelve layers deep",
        "Every layer multiplies what comes back by its weights and by the slope of its tanh, and "
        "here both are below one. Step from J to the first layer and watch the gradient fade until "
        "hardly anything is left for W1 to learn from.",
        deep_network(12, 3),
    ),
    "attention": Sample(
        "One head of attention",
        "Each of three tokens asks all of them with its query, and softmax turns the answers of "
        "their keys into weights for their values. All three are parts of one projection, so on "
        "the way back three gradients are added up there, each filling its own columns.",
        "tokens = tensor([[1.0, 0.0, -0.5], [0.5, 1.0, 0.0], [-1.0, 0.5, 1.0]])\n"
        "W = tensor([[0.8, -0.3, 0.6, 0.5, 1.0, -0.2], [0.2, 0.9, -0.4, 0.7, 0.3, 0.8], "
        "[-0.5, 0.4, 0.3, -0.8, -0.6, 0.5]], requires_grad=True)\n"
        "target = tensor([[0.5, 0.0], [0.0, 0.5], [-0.5, 0.5]])\n"
        "projected = tokens @ W\nqueries = projected[:, :2]\nkeys = projected[:, 2:4]\n"
        "values = projected[:, 4:]\nscores = queries / 1.4142 @ keys.T\n"
        "weights = softmax(scores, dim=1)\ncontext = weights @ values\n"
        "J = mse_loss(context, target)",
        below={"values": "keys"},
    ),
    "convolution": Sample(
        "A kernel meets an image",
        "One kernel of nine weights slides over the image, and each weight is used at every place. "
        "So on the way back its gradient sums what all those places ask of it, except where relu "
        "let nothing through.",
        "image = tensor([[[[0.0, 0.0, 1.0, 1.0, 1.0, 0.0], [0.0, 0.0, 1.0, 1.0, 1.0, 0.0], "
        "[0.0, 1.0, 1.0, 1.0, 0.0, 0.0], [0.0, 1.0, 1.0, 1.0, 0.0, 0.0], "
        "[1.0, 1.0, 1.0, 0.0, 0.0, 0.0], [1.0, 1.0, 1.0, 0.0, 0.0, 0.0]]]])\n"
        "kernel = tensor([[[[-0.6, 0.1, 0.5], [-0.8, 0.2, 0.7], [-0.4, 0.0, 0.6]]]], "
        "requires_grad=True)\n"
        "bias = tensor([0.1], requires_grad=True)\n"
        "edges = relu(conv2d(image, kernel, bias))\npooled = max_pool2d(edges, 2)\n"
        "J = mean(pooled)",
    ),
}  # fmt: skip


def built(sample: Sample) -> Graph:
    """A sample's document."""
    graph = graph_from_source(sample.program)
    tidy(graph, sample.below)
    last = sample.program.splitlines()[-1].partition(" = ")[0]
    output = graph.named(last)
    settings = replace(
        graph.settings, title=sample.title, description=sample.description,
        output=None if output is None else output.id, descent=descent(graph, sample),
    )  # fmt: skip
    graph.apply(SetSettings(graph.settings, settings))
    return graph


def tidy(graph: Graph, below: Mapping[str, str]) -> None:
    """Lay the cards out in layers, each as large as the canvas draws it; some under another."""
    values = Evaluation(graph)
    plans = {}
    for node in graph.nodes.values():
        value = values.value(node.id)
        shape = None if value is None else tuple(value.shape)
        graded = value is None or value.requires_grad
        plans[node.id] = plan_of(node, shape, len(graph.inputs(node.id)), graded=graded)
    boxes = [Box(name, plan.width, plan.height) for name, plan in plans.items()]
    links = [
        Link(
            w.source, w.target, w.output, w.port,
            plans[w.source].outputs[w.output][1], plans[w.target].inputs[w.port][1],
        )
        for w in graph.wires
    ]  # fmt: skip
    positions = dict(place(boxes, links, gap_along=GAP_ALONG).positions)
    ids = {node.name: node.id for node in graph.nodes.values()}
    for name, upper in below.items():
        x, y = positions[ids[upper]]
        positions[ids[name]] = (x, y + plans[ids[upper]].height + GAP_BELOW)
    graph.apply(move(graph, positions))


def descent(graph: Graph, sample: Sample) -> dict[str, Any]:
    """What the Descend workspace opens with; nothing for a sample that is not about it."""
    if not sample.axes:
        return {}
    named = [(graph.named(name), index) for name, index in sample.axes]
    axes = tuple(Axis(node.id, index) for node, index in named if node is not None)
    runners = tuple(parse_runner(text) for text in sample.runners)
    return to_plain(DescentSettings(axes, runners, sample.steps, sample.ranges))


def main() -> None:
    """Write every sample."""
    SAMPLES.mkdir(exist_ok=True)
    for name, sample in (LANDS | WALKS).items():
        save(built(sample), SAMPLES / f"{name}.gradviz")


if __name__ == "__main__":
    main()
