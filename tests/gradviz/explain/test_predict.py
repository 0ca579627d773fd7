"""A guess at a contribution is right or wrong, and a usual mistake is told as what it is."""

import numpy as np
import pytest

from gradviz.explain.predict import Verdict, judge, next_contributions
from gradviz.graph import Evaluation, Ones, SeedError, Walk, walk_back
from gradviz.program import graph_from_source

FAN = (
    "x = tensor(2.0, requires_grad=True)\ny = tensor(-3.0)\np = x * y\nq = 5 * x\ns = p * 4\n"
    "J = s + q"
)
SPREAD = (
    "m = tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], requires_grad=True)\n"
    "r = tensor([1.0, 2.0, 4.0], requires_grad=True)\nt = m * r\nJ = sum(t)"
)
PRODUCT = (
    "A = tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)\n"
    "B = tensor([[5.0, 6.0], [7.0, 9.0]])\nC = A @ B\nJ = sum(C)"
)


def walked(program: str) -> tuple[Evaluation, Walk]:
    graph = graph_from_source(program)
    output = graph.output()
    assert output is not None
    evaluation = Evaluation(graph)
    return evaluation, walk_back(evaluation, output, Ones())


def judged(program: str, name: str, port: int, text: str) -> Verdict:
    evaluation, walk = walked(program)
    node = evaluation.graph.named(name)
    assert node is not None
    found = judge(evaluation, walk, walk.own_steps[node.id], port, text)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("name", "typed", "mistake", "words"),
    [
        ("p", "-12", "right", "Right: 4.000 × (−3.000) = −12.00."),
        ("p", "−12.01", "right", "Right"),
        ("p", "-12.2", "close", "Nearly: give it with one more digit."),
        ("p", "12", "sign", "what arrived is positive, and the local derivative is negative."),
        ("p", "-3", "no upstream", "the local derivative ∂p/∂x alone: it is still to be "
         "multiplied by what arrived, 4.000."),
        ("p", "4", "no local", "That is what arrived at p: it is still to be multiplied by the "
         "local derivative ∂p/∂x."),
        ("p", "1", "added", "it does not add them"),
        ("p", "-1.3333", "divided", "it does not divide"),
        ("p", "-7", "sum", "That is the sum at x so far, this term in it"),
        ("p", "99", "other", "Not so: multiply what arrived, 4.000, by the local derivative."),
        ("p", "[1, 2]", "shape", "What x is sent has its shape, ( ); yours is (2)."),
        ("q", "-7", "whole", "That is the whole gradient of x"),
    ],
)  # fmt: skip
def test_a_guess_at_a_number(name: str, typed: str, mistake: str, words: str) -> None:
    found = judged(FAN, name, 1 if name == "q" else 0, typed)
    assert found.mistake == mistake and words in found.text
    assert found.right == (mistake == "right")
    assert found.expected == (5.0 if name == "q" else -12.0)


@pytest.mark.parametrize(
    ("port", "typed", "mistake", "words"),
    [
        (1, "[5, 7, 9]", "right", "Right: r is sent [5.000, 7.000, 9.000]."),
        (1, "[[1, 2, 3], [4, 5, 6]]", "not summed", "it is (2, 3), but r is (3), so sum it over "
         "axis 0."),
        (1, "[2.5, 3.5, 4.5]", "averaged", "what comes back from a broadcast is summed"),
        (1, "[5, 7, 8]", "other", "2 of 3 elements are right."),
        (1, "5", "shape", "yours is ( )."),
        (0, "[[1, 2, 4], [1, 2, 4]]", "right", "Right: m is sent"),
        (0, "[[1, 1, 1], [1, 1, 1]]", "no local", "That is what arrived at t"),
    ],
)  # fmt: skip
def test_a_guess_at_a_broadcast(port: int, typed: str, mistake: str, words: str) -> None:
    found = judged(SPREAD, "t", port, typed)
    assert found.mistake == mistake and words in found.text


def test_a_guess_at_a_matrix_may_be_transposed() -> None:
    # What arrives is all ones, so A is sent rows of B's row sums: 11 and 16.
    assert judged(PRODUCT, "C", 0, "[[11, 16], [11, 16]]").right
    found = judged(PRODUCT, "C", 0, "[[11, 11], [16, 16]]")
    assert found.mistake == "transposed" and "the shape of A, (2, 2)." in found.text


def test_one_number_will_do_for_a_tensor_of_equal_ones() -> None:
    assert judged(PRODUCT, "J", 0, "1").right
    np.testing.assert_array_equal(judged(PRODUCT, "J", 0, "1").expected, np.ones((2, 2)))


def test_what_cannot_be_read_and_what_is_not_sent() -> None:
    with pytest.raises(SeedError, match=r"'two' cannot be read; write a number, or several as"):
        judged(FAN, "p", 0, "two")
    evaluation, walk = walked(FAN)
    node = evaluation.graph.named("p")
    assert node is not None
    assert judge(evaluation, walk, walk.own_steps[node.id], 1, "3") is None


def test_the_next_contribution_is_that_of_the_next_step_that_sends() -> None:
    evaluation, walk = walked(FAN)
    found = next_contributions(walk, 0)
    assert found is not None and found[0] is walk.steps[1]
    assert evaluation.graph.node(found[0].node).name == "J" and len(found[1]) == 2
    last = next_contributions(walk, len(walk) - 2)
    assert last is not None and last[0].kind == "node"
    assert next_contributions(walk, len(walk) - 1) is None
