"""Parts of tensors in formulas: brackets with the index, not the names of helpers."""

import numpy as np
import pytest

from gradviz.explain import explain
from gradviz.graph import Evaluation, walk_back
from gradviz.program import graph_from_source

SOURCE = "x = tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], requires_grad=True)\ny = x{}\nJ = sum(y)"


@pytest.mark.parametrize(
    ("part", "place"), [("[0]", "0"), ("[:, 1:]", "{:}, 1{:}"), ("[..., 2]", "..., 2")]
)
def test_the_gradient_of_a_part_is_zeros_with_what_arrived_in_its_place(part: str, place: str):
    graph = graph_from_source(SOURCE.format(part))
    evaluation = Evaluation(graph)
    output = graph.output()
    assert output is not None
    walk = walk_back(evaluation, output)
    node = graph.named("y")
    assert node is not None
    (formula,) = explain(evaluation, walk, walk.own_steps[node.id]).formulas
    rule, zeros_with_ones = formula.rsplit(" = ", 1)
    assert rule == (
        r"\frac{\partial J}{\partial x} = "
        rf"\mathbf{{0}}[{place}] \leftarrow \textcolor{{grad}}{{\frac{{\partial J}}{{\partial y}}}}"
    )
    assert zeros_with_ones.count("1.000") == np.size(walk.gradients[node.id])
