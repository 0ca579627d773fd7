"""Directions as chosen and as typed: what moves, and what a mistaken one is told."""

import numpy as np
import pytest

from gradviz.graph import Evaluation, NoBackward, SeedError, walk_back
from gradviz.graph.directions import (
    AllOnes,
    Along,
    Moves,
    Uphill,
    direction_arrays,
    direction_text,
    movable,
    parse_direction,
)
from gradviz.program import graph_from_source

SOURCE = """w = tensor([1.0, 2.0], requires_grad=True)
b = tensor(0.5, requires_grad=True)
c = tensor(4.0)
other = tensor(1.0, requires_grad=True)
J = sum(w * b) + c
"""


@pytest.fixture
def evaluation():
    return Evaluation(graph_from_source(SOURCE))


@pytest.fixture
def leaves(evaluation):
    named = evaluation.graph.named
    return movable(evaluation, named("J").id)


def moved(evaluation, text, leaves, walk=None):
    direction = parse_direction(evaluation, text, leaves)
    found = direction_arrays(evaluation, direction, leaves, walk)
    return {evaluation.graph.node(i).name: array.tolist() for i, array in found.items()}


def test_only_parameters_before_the_output_can_move(evaluation, leaves):
    assert [evaluation.graph.node(i).name for i in leaves] == ["w", "b"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ones", {"w": [1.0, 1.0], "b": 1.0}),
        ("w", {"w": [1.0, 1.0]}),
        ("w[1]", {"w": [0.0, 1.0]}),
        ("w[−2]", {"w": [1.0, 0.0]}),
        ("w = [1, −2], b = 0.5", {"w": [1.0, -2.0], "b": 0.5}),
        ("w = 3; b = 0", {"w": [3.0, 3.0]}),
    ],
)
def test_a_typed_direction_reads_back(evaluation, leaves, text, expected):
    assert moved(evaluation, text, leaves) == expected
    again = direction_text(evaluation.graph, parse_direction(evaluation, text, leaves))
    assert moved(evaluation, again, leaves) == expected


def test_the_gradient_itself_needs_a_pass(evaluation, leaves):
    walk = walk_back(evaluation, evaluation.graph.named("J").id)
    assert moved(evaluation, "gradient", leaves, walk) == {"w": [0.5, 0.5], "b": 3.0}
    with pytest.raises(NoBackward, match="no backward pass"):
        direction_arrays(evaluation, Uphill(), leaves)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("c", "'c' is no parameter of this pass; there are w, b"),
        ("w[5]", "index 5 is out of range"),
        ("w[0, 1]", "has one index, not 2"),
        ("w = [1, 2, 3]", r"w has shape \(2\): give one number"),
        ("w = two", "cannot be read"),
        ("up w = 1", "is no direction"),
        ("", "is no direction"),
    ],
)
def test_a_mistaken_direction_is_told_what_would_be_right(evaluation, leaves, text, why):
    with pytest.raises(SeedError, match=why):
        parse_direction(evaluation, text, leaves)


def test_a_direction_of_parameters_that_are_gone_moves_nothing(evaluation, leaves):
    for direction in (Along("gone"), Moves((("gone", 1.0),))):
        assert direction_arrays(evaluation, direction, leaves) == {}
    assert direction_text(evaluation.graph, AllOnes()) == "ones"
    assert np.all(direction_arrays(evaluation, AllOnes(), leaves)[leaves[0]] == 1)
