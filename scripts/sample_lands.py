"""The samples that are about going down: plain lands, and losses of data."""

from __future__ import annotations

import numpy as np
from sample import Sample, elements, parameter, scalars


def noisy_points() -> dict[str, str]:
    """Forty points around the line 2x − 1."""
    random = np.random.default_rng(40)
    x = np.sort(random.uniform(-2.0, 2.0, 40))
    return {"x": elements(x), "y": elements(2.0 * x - 1.0 + random.normal(0.0, 0.4, 40))}


POINTS = noisy_points()


def measured_points(count: int) -> dict[str, str]:
    """Points around the line 1.5x + 0.5, measured badly enough that a few say little."""
    random = np.random.default_rng(64)
    x = random.uniform(-2.0, 2.0, count)
    return {"x": elements(x), "y": elements(1.5 * x + 0.5 + random.normal(0.0, 1.0, count))}


def two_classes(count: int) -> dict[str, str]:
    """Points of two classes, which overlap a little."""
    random = np.random.default_rng(7)
    centres = np.repeat([[-0.8, -0.5], [0.9, 0.7]], count // 2, axis=0)
    labels = np.repeat([[0.0], [1.0]], count // 2, axis=0)
    return {"x": elements(random.normal(centres, 1.3)), "y": elements(labels)}


def two_spirals(count: int, end: float = 9.5) -> dict[str, str]:
    """Points along two spirals, one in the other, each of one class, about as far apart."""
    turn = np.sqrt(np.linspace(1.0, end**2, count // 2))
    arm = np.stack([turn * np.cos(turn), turn * np.sin(turn)], axis=1) / end
    labels = np.repeat([[0.0], [1.0]], count // 2, axis=0)
    return {"x": elements(np.concatenate([arm, -arm])), "y": elements(labels)}


def hidden_weights(width: int) -> dict[str, str]:
    """Weights for a network of two hidden layers, as large as keeps values about one."""
    random = np.random.default_rng(3)
    return {
        "W1": elements(random.normal(0.0, 3.0, (2, width))),
        "b1": elements(random.normal(0.0, 0.5, (width,))),
        "W2": elements(random.normal(0.0, width**-0.5, (width, width))),
        "W3": elements(random.normal(0.0, width**-0.5, (width, 1))),
    }


CLASSES = two_classes(40)
SPIRALS = two_spirals(120)
WEIGHTS = hidden_weights(16)
MEASURED = measured_points(64)


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
        minima=((0.0, 0.0),), lowest=0.0, source="The sum of two squares",
    ),
    "saddle": Sample(
        "Saddle",
        "At the middle both slopes are zero, and yet it is no lowest point: J falls for ever along "
        "theta2. Watch the runners slide in along theta1, slow down, and then leave along theta2.",
        parameter("theta1", 1.5) + parameter("theta2", 0.05) + "J = theta1**2 - theta2**2",
        scalars("theta1", "theta2"), ranges=((-2.0, 2.0), (-2.0, 2.0)), steps=20,
        source="The difference of two squares, which has no lowest place",
    ),
    "rosenbrock": Sample(
        "Rosenbrock's valley",
        "The lowest point (1, 1) lies in a bent, flat valley between steep walls. Plain descent "
        "falls into the valley at once and then creeps along it, while momentum and Adam get on.",
        parameter("x", -1.2, 2.0) + parameter("y", 1.0)
        + "J = (1 - x)**2 + 100 * (y - x**2)**2",
        scalars("x", "y"), ("SGD lr=0.001", "SGD lr=0.001 momentum=0.9", "Adam lr=0.05"),
        ((-2.0, 2.0), (-1.0, 3.0)), 400,
        minima=((1.0, 1.0),), lowest=0.0,
        source="H. H. Rosenbrock, An automatic method for finding the greatest or least value of "
        "a function, The Computer Journal 3 (1960)",
    ),
    "himmelblau": Sample(
        "Himmelblau's four valleys",
        "Four lowest points are equally deep, and where a runner ends depends on where it starts. "
        "Drag the start a little to and fro across a ridge and see it choose another valley.",
        parameter("x", 1.0, 5.0) + parameter("y", 1.0, 5.0)
        + "J = (x**2 + y - 11)**2 + (x + y**2 - 7)**2",
        scalars("x", "y"), ("SGD lr=0.01", "SGD lr=0.01 momentum=0.5", "Adam lr=0.3"),
        ((-5.0, 5.0), (-5.0, 5.0)), 80,
        minima=((3.0, 2.0), (-2.80511809, 3.13131252), (-3.77931025, -3.28318599),
                (3.58442834, -1.84812653)), lowest=0.0,
        source="D. M. Himmelblau, Applied nonlinear programming, McGraw-Hill (1972)",
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
    "least_squares": Sample(
        "A line found eight points at a time",
        "Each step sees only eight of sixty-four noisy points, so its slope points to their line "
        "and not to that of all, and near the bottom the runners jitter. Compare both gradients at "
        "the point, and see the runner whose rate shrinks from pass to pass come to rest.",
        parameter("w", -1.5, 4.0) + parameter("b", 2.5, 4.0)
        + f"x = tensor({MEASURED['x']})\ny = tensor({MEASURED['y']})\n"
        + "prediction = w * x + b\nJ = mse_loss(prediction, y)",
        scalars("w", "b"),
        ("SGD lr=0.2", "SGD lr=0.2 StepLR step_size=8 gamma=0.7", "Adam lr=0.2"),
        ((-2.5, 4.0), (-2.5, 3.5)), 96, source="Sixty-four points drawn around 1.5x + 0.5",
        batch=(("x", "y"), 8, 3),
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
    "logistic_regression": Sample(
        "A straight boundary between two classes",
        "The logit of each point is a weighted sum of its two coordinates, and J is the mean "
        "surprise at the true classes. The landscape is a bowl without hollows, yet far from the "
        "bottom it turns into a plane, as a wrong answer is punished in proportion to its logit.",
        "w = tensor([[-2.0], [1.0]], requires_grad=True)\n"
        "b = tensor([0.5], requires_grad=True)\n"
        + f"x = tensor({CLASSES['x']})\ny = tensor({CLASSES['y']})\n"
        + "logits = x @ w + b\nJ = binary_cross_entropy_with_logits(logits, y)",
        (("w", (0, 0)), ("w", (1, 0))), ("SGD lr=1", "SGD lr=0.5 momentum=0.8", "Adam lr=0.2"),
        ((-3.0, 5.0), (-3.0, 5.0)), 80,
        source="Forty points drawn around two centres",
    ),
    "two_spirals": Sample(
        "Two spirals told apart",
        "Two classes wind around each other, and a network of two hidden layers learns a "
        "boundary between them. Press play in Descend and watch the boundary bend around the arms "
        "while the loss falls, over some three hundred weights of which the contour shows two.",
        f"x = tensor({SPIRALS['x']})\ntarget = tensor({SPIRALS['y']})\n"
        + "".join(f"{n} = tensor({v}, requires_grad=True)\n" for n, v in WEIGHTS.items())
        + "h1 = tanh(x @ W1 + b1)\nh2 = tanh(h1 @ W2)\nlogits = h2 @ W3\n"
        "J = binary_cross_entropy_with_logits(logits, target)",
        (("W1", (0, 0)), ("W1", (1, 1))),
        ("SGD lr=0.3 momentum=0.9", "Adam lr=0.02", "RMSprop lr=0.01"), steps=300,
        source="After K. J. Lang and M. J. Witbrock, Learning to tell two spirals apart, "
        "Connectionist Models Summer School (1988)",
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
