"""Hessians and their products, held against each other and against known ones."""

import numpy as np
import pytest

from gradviz.explain.curvature import hessian, hessian_product
from gradviz.graph import Evaluation, NoBackward
from gradviz.program import graph_from_source

ROSENBROCK = (
    "x = tensor(-1.5, requires_grad=True)\ny = tensor(2.0, requires_grad=True)\n"
    "J = (1 - x) ** 2 + 100 * (y - x ** 2) ** 2\n"
)
TENSORS = (
    "W = tensor([[0.5, -1.0], [0.25, 2.0]], dtype=float64, requires_grad=True)\n"
    "b = tensor([0.1, -0.3], dtype=float64, requires_grad=True)\n"
    "J = sum(tanh(W @ b) ** 2)\n"
)


def made(text: str) -> tuple[Evaluation, str]:
    evaluation = Evaluation(graph_from_source(text))
    return evaluation, evaluation.graph.output() or ""


def test_the_hessian_of_rosenbrock() -> None:
    evaluation, output = made(ROSENBROCK)
    found = hessian(evaluation, output)
    x, y = -1.5, 2.0
    expected = [[2 - 400 * (y - 3 * x**2), -400 * x], [-400 * x, 200.0]]
    assert found.labels == ("x", "y")
    np.testing.assert_allclose(found.matrix, expected, rtol=1e-5)
    np.testing.assert_allclose(found.eigenvalues, np.linalg.eigvalsh(expected), rtol=1e-4)
    assert found.passes == 3


def test_a_product_with_a_direction_is_the_hessian_times_it() -> None:
    evaluation, output = made(TENSORS)
    found = hessian(evaluation, output)
    assert found.labels[:3] == ("W[0, 0]", "W[0, 1]", "W[1, 0]")
    np.testing.assert_allclose(found.matrix, found.matrix.T, atol=1e-12)
    graph = evaluation.graph
    w, b = graph.named("W"), graph.named("b")
    assert w is not None
    assert b is not None
    direction = {w.id: np.array([[1.0, 2.0], [-1.0, 0.5]]), b.id: np.array([3.0, -2.0])}
    product = hessian_product(evaluation, output, direction)
    along = np.concatenate([direction[w.id].reshape(-1), direction[b.id]])
    got = np.concatenate([product[w.id].reshape(-1), product[b.id]])
    np.testing.assert_allclose(got, found.matrix @ along, rtol=1e-10)


def test_a_line_has_no_curvature() -> None:
    evaluation, output = made("x = tensor(2.0, requires_grad=True)\nJ = 3 * x\n")
    assert hessian(evaluation, output).matrix.tolist() == [[0.0]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = ones(65, requires_grad=True)\nJ = sum(x ** 2)\n", "with at most 64 numbers together"),
        ("x = ones(2, requires_grad=True)\nJ = x ** 2\n", "are of a single number"),
        ("x = ones(2)\nJ = sum(x)\n", "nothing that requires a gradient leads to J"),
    ],
)
def test_what_has_no_hessian_is_said(text: str, said: str) -> None:
    evaluation, output = made(text)
    with pytest.raises(NoBackward, match=said):
        hessian(evaluation, output)
