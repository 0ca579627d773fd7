"""The samples that are about walking backwards."""

from __future__ import annotations

import numpy as np
from sample import Sample, elements, parameter


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
        below={"x": "squared"},
    ),
    "masked_nan": Sample(
        "A nan behind a mask",
        "where takes no root at 0, and every value is fine, yet the gradient of x is nan there: "
        "where sends a 0 to the branch that was not taken, and the slope of a root at 0 is "
        "infinite. Open Overview in Backward, which names the step that made the nan.",
        "x = tensor([0.0, 1.0, 4.0], requires_grad=True)\n"
        "positive = x > 0\nroot = sqrt(x)\nsafe = where(positive, root, 0 * x)\nJ = sum(safe)",
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
