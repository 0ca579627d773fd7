"""Forward mode over graphs: held against reverse mode, over samples and operations."""

from pathlib import Path

import numpy as np
import pytest

from gradviz.files import load
from gradviz.graph import Evaluation, NoBackward, walk_back
from gradviz.graph.forward_mode import costs, walk_forward_mode
from gradviz.program import graph_from_source

SAMPLES = sorted((Path(__file__).resolve().parents[3] / "samples").glob("*.gradviz"))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.stem)
def test_both_modes_agree_on_the_slope_along_a_direction(path: Path) -> None:
    graph = load(path)
    evaluation = Evaluation(graph)
    output = graph.output()
    assert output is not None
    value = evaluation.value(output)
    assert value is not None
    seed = np.ones_like(value.array)
    walk = walk_back(evaluation, output, seed)
    if path.stem == "masked_nan":
        pytest.skip("reverse mode multiplies 0 by an infinite slope there; forward mode does not")
    rng = np.random.default_rng(3)
    leaves = [i for i in walk.gradients if graph.node(i).is_parameter]
    direction = {i: rng.normal(size=walk.gradients[i].shape) for i in leaves}
    tangents = walk_forward_mode(evaluation, direction).tangents
    along = sum(float(np.sum(walk.gradients[i] * direction[i])) for i in leaves)
    assert float(np.sum(tangents[output] * seed)) == pytest.approx(along, rel=2e-4, abs=1e-6)


def test_a_step_shows_the_terms_it_adds_up() -> None:
    graph = graph_from_source(
        "x = tensor(2.0, requires_grad=True)\ny = tensor(5.0, requires_grad=True)\nJ = x * y\n"
    )
    x, y, output = graph.named("x"), graph.named("y"), graph.output()
    assert x is not None
    assert y is not None
    found = walk_forward_mode(Evaluation(graph), {x.id: np.array(1.0), y.id: np.array(0.5)})
    assert [s.kind for s in found.steps] == ["leaf", "leaf", "node"]
    last = found.steps[-1]
    assert last.node == output
    assert [float(t.term) for t in last.terms] == [5.0, 1.0]
    assert float(last.tangent) == 6.0


def test_many_parameters_and_one_output_favour_reverse_mode() -> None:
    graph = graph_from_source("w = ones(10, requires_grad=True)\nJ = sum(w ** 2)\n")
    forward, reverse = costs(Evaluation(graph), graph.output() or "")
    assert (forward.passes, reverse.passes) == (10, 1)
    assert forward.steps == 10 * reverse.steps


def test_a_direction_of_another_shape_is_refused() -> None:
    graph = graph_from_source("w = ones(3, requires_grad=True)\nJ = sum(w)\n")
    w = graph.named("w")
    assert w is not None
    with pytest.raises(NoBackward, match=r"shape \[2\], but 'w' has \[3\]"):
        walk_forward_mode(Evaluation(graph), {w.id: np.ones(2)})


@pytest.mark.parametrize(
    "text",
    [
        "x * y + sin(x) ** 2", "x / y - exp(x * y)", "where(x > 0, sqrt(x), y)", "maximum(x, y)",
        "reshape(x, [1, 1]) * y", "expand(x, [1]) - reshape(y, [1])", "sum(stack([x, y]))",
        "atan2(x, y)", "sum(reshape(x, [1]) * ones(3)) + y", "x.detach() * y", "logaddexp(x, y)",
    ],
)  # fmt: skip
def test_a_tangent_is_the_slope_that_differences_give(text: str) -> None:
    def ready(x: float, y: float) -> Evaluation:
        leaves = "".join(
            f"{n} = tensor({v!r}, dtype=float64, requires_grad=True)\n"
            for n, v in (("x", x), ("y", y))
        )
        return Evaluation(graph_from_source(f"{leaves}J = {text}\n"))

    def value(x: float, y: float) -> float:
        evaluation = ready(x, y)
        found = evaluation.value(evaluation.graph.output() or "")
        assert found is not None
        return float(found.array.sum())

    evaluation = ready(0.7, 1.3)
    graph = evaluation.graph
    moves = {n.id: np.array(m) for name, m in (("x", 1.0), ("y", -0.5)) if (n := graph.named(name))}
    found = walk_forward_mode(evaluation, moves).tangents[graph.output() or ""]
    step = 1e-6
    slope = (value(0.7 + step, 1.3 - step / 2) - value(0.7 - step, 1.3 + step / 2)) / (2 * step)
    detached = slope - 1.3 * ("detach" in text)
    assert float(found.sum()) == pytest.approx(detached, rel=1e-6)
    node = evaluation.value(graph.output() or "")
    assert node is not None and found.shape == node.array.shape
