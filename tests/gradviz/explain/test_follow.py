"""One element through a step: its terms add up to what it is sent, for whatever operation."""

from pathlib import Path

import numpy as np
import pytest

from gradviz.explain.follow import Followed, follow
from gradviz.files import load
from gradviz.graph import Evaluation, Ones, Walk, walk_back
from gradviz.program import graph_from_source

SAMPLES = sorted((Path(__file__).resolve().parents[3] / "samples").glob("*.gradviz"))


def walked(program: str) -> tuple[Evaluation, Walk]:
    graph = graph_from_source(program)
    output = graph.output()
    assert output is not None
    evaluation = Evaluation(graph)
    return evaluation, walk_back(evaluation, output, Ones())


def followed(program: str, name: str, port: int, index: tuple[int, ...]) -> Followed:
    evaluation, walk = walked(program)
    node = evaluation.graph.named(name)
    assert node is not None
    found = follow(evaluation, walk, walk.own_steps[node.id], port, index)
    assert found is not None
    return found


BROADCAST = (
    "c = tensor([[1.0], [2.0]], requires_grad=True)\nr = tensor([10.0, 20.0, 30.0])\n"
    "t = c * r\nJ = sum(t)"
)
PRODUCT = (
    "A = tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)\n"
    "B = tensor([[5.0, -6.0], [7.0, 8.0]], requires_grad=True)\nC = A @ B\n"
    "w = tensor([[1.0, 2.0], [3.0, -4.0]])\nJ = sum(C * w)"
)


def test_a_broadcast_element_lists_the_elements_that_are_summed() -> None:
    found = followed(BROADCAST, "t", 0, (1, 0))
    assert [t.index for t in found.terms] == [(1, 0), (1, 1), (1, 2)]
    assert [t.local for t in found.terms] == [10.0, 20.0, 30.0]
    assert found.value == 60.0 and found.count == 3
    assert found.text == (
        "c[1, 0] moves 3 elements of the output: 1.000 × 10.00 + 1.000 × 20.00 + 1.000 × 30.00 "
        "= 60.00."
    )


def test_a_matrix_product_lists_a_row_or_a_column_with_the_names_of_the_other_factor() -> None:
    left = followed(PRODUCT, "C", 0, (1, 0))
    assert [(t.name, t.local_name) for t in left.terms] == [
        ("C[1, 0]", "B[0, 0]"), ("C[1, 1]", "B[0, 1]"),
    ]  # fmt: skip
    assert left.text == (
        "A[1, 0] moves 2 elements of the output: 3.000 × 5.000 + (−4.000) × (−6.000) = 39.00."
    )
    right = followed(PRODUCT, "C", 1, (0, 1))
    assert [(t.name, t.local_name, t.local) for t in right.terms] == [
        ("C[0, 1]", "A[0, 0]", 1.0), ("C[1, 1]", "A[1, 0]", 3.0),
    ]  # fmt: skip


def test_an_element_that_moves_nothing_is_told_so() -> None:
    found = followed(
        "x = tensor([1.0, 2.0], requires_grad=True)\ny = x[1:]\nJ = sum(y)", "y", 0, (0,)
    )
    assert found.terms == () and found.count == 0 and found.value == 0.0
    assert found.text.startswith("x[0] moves nothing here")


def test_many_terms_are_counted_and_not_all_listed() -> None:
    found = followed(
        "x = tensor(2.0, requires_grad=True)\nk = linspace(0, 1, 200)\ny = x * k\nJ = sum(y)", "y",
        0, (),
    )  # fmt: skip
    # The first of the two hundred is multiplied by zero.
    assert found.count == 199 and len(found.terms) == 64
    assert found.text.count("+") == 4 and found.value == pytest.approx(100.0, rel=1e-5)


def test_where_nothing_is_sent_nothing_is_followed() -> None:
    evaluation, walk = walked(BROADCAST)
    node = evaluation.graph.named("t")
    assert node is not None
    assert follow(evaluation, walk, walk.own_steps[node.id], 1, (0,)) is None
    assert follow(evaluation, walk, walk.steps[0], 0, ()) is None
    with pytest.raises(IndexError, match="has 2 indices, not 1"):
        follow(evaluation, walk, walk.own_steps[node.id], 0, (0,))


@pytest.mark.parametrize("file", SAMPLES, ids=lambda file: file.stem)
def test_on_every_sample_the_terms_of_an_element_add_up(file: Path) -> None:
    graph = load(file)
    output = graph.output()
    assert output is not None
    evaluation = Evaluation(graph)
    walk = walk_back(evaluation, output)
    for step in walk.steps:
        for sent in step.sent:
            for place in {0, sent.value.size - 1}:
                index = tuple(int(i) for i in np.unravel_index(place, sent.value.shape))
                found = follow(evaluation, walk, step, sent.port, index)
                assert found is not None
                np.testing.assert_equal(found.value, float(sent.value[index]))
                if found.count == len(found.terms):
                    total = sum(t.contribution for t in found.terms)
                    scale = np.nanmax([1.0, *(abs(t.contribution) for t in found.terms)])
                    np.testing.assert_allclose(total, found.value, rtol=2e-5, atol=2e-6 * scale)
