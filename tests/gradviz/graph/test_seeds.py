"""Seeds are read as typed and told in words; gradients of several passes add up in .grad."""

import numpy as np
import pytest

from gradviz.explain import explain_moment
from gradviz.graph import Evaluation, Graph, NoBackward, walk_back
from gradviz.graph.seeds import (
    OneHot,
    Ones,
    SeedError,
    Weights,
    parse_numbers,
    parse_seed,
    seed_array,
    seed_meaning,
    seed_text,
)
from gradviz.program import graph_from_source

SQUARES = "x = tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], requires_grad=True)\ny = x**2"


def evaluated(program: str) -> tuple[Graph, Evaluation]:
    graph = graph_from_source(program)
    return graph, Evaluation(graph)


def ids(graph: Graph, *names: str) -> list[str]:
    nodes = [graph.named(name) for name in names]
    return [node.id for node in nodes if node is not None]


@pytest.mark.parametrize(
    ("typed", "shape", "seed", "again", "meaning"),
    [
        ("ones", (2, 3), Ones(), "ones", "ones: the gradient of the sum of all elements of y"),
        ("ones", (), Ones(), "ones", "the gradient of y itself"),
        (
            "one-hot [0, -1]", (2, 3), OneHot((0, -1)), "one-hot 0, -1",
            "one at y[0, -1] and zero elsewhere: the gradient of y[0, -1] alone",
        ),
        ("at 1", (2,), OneHot((1,)), "one-hot 1",
         "one at y[1] and zero elsewhere: the gradient of y[1] alone"),
        ("[1, 0, −2.5]", (3,), Weights((1.0, 0.0, -2.5)), "[1, 0, −2.5]",
         "the gradient of y[0] − 2.500·y[2]"),
        ("1, 2", (2,), Weights((1.0, 2.0)), "[1, 2]", "the gradient of y[0] + 2.000·y[1]"),
        ("3", (), Weights(3.0), "3", "the gradient of 3.000·y"),
        ("[[1,2,3],[4,5,6]]", (2, 3), Weights(((1.0, 2.0, 3.0), (4.0, 5.0, 6.0))),
         "[[1, 2, 3], [4, 5, 6]]", "the gradient of the sum of the elements of y, each times its "
         "own weight"),
        ("[0, 0]", (2,), Weights((0.0, 0.0)), "[0, 0]",
         "the gradient of nothing: every element of y counts zero times"),
    ],
)  # fmt: skip
def test_a_seed_is_read_told_and_written(
    typed: str, shape: tuple[int, ...], seed: object, again: str, meaning: str
) -> None:
    found = parse_seed(typed, shape, "y")
    assert found == seed
    assert seed_text(found) == again
    assert parse_seed(again, shape, "y") == found
    assert seed_meaning(found, shape, "y") == meaning
    assert seed_array(found, shape).shape == shape


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("[1, 2]", "the seed has shape (2) but y has (2, 3): give one number for each element"),
        ("[[1, 2], [3]]", "differ in length"),
        ("1 + 2", "'1 + 2' cannot be read; write ones, one-hot"),
        ("print(1)", "cannot be read"),
        ("", "'' cannot be read"),
        ("one-hot a", "cannot be read"),
        ("one-hot 0", "an element of it has 2 indices, not 1"),
        ("one-hot 0, 3", "index 3 is out of range: axis 1 of y has 3 elements"),
        ("one-hot 0, --1", "names no element; write for instance one-hot 0, 2"),
    ],
)
def test_a_wrong_seed_is_refused_in_kind_words(typed: str, words: str) -> None:
    with pytest.raises(SeedError) as caught:
        parse_seed(typed, (2, 3), "y")
    assert words in str(caught.value)


def test_numbers_may_be_what_is_not_finite() -> None:
    np.testing.assert_array_equal(parse_numbers("[nan, −inf, 1e3]"), [np.nan, -np.inf, 1000.0])


def test_any_node_with_any_seed_is_an_output() -> None:
    graph, evaluation = evaluated(SQUARES)
    x, y = ids(graph, "x", "y")
    ones = walk_back(evaluation, y, Ones())
    np.testing.assert_array_equal(ones.gradients[x], [[2.0, 4.0, 6.0], [8.0, 10.0, 12.0]])
    one = walk_back(evaluation, y, OneHot((1, 0)))
    np.testing.assert_array_equal(one.gradients[x], [[0.0, 0.0, 0.0], [8.0, 0.0, 0.0]])
    leaf = walk_back(evaluation, x, Ones())
    assert [s.kind for s in leaf.steps] == ["seed", "leaf"]
    with pytest.raises(NoBackward, match=r"index 7 is out of range: axis 0 of 'y' has 2 elements"):
        walk_back(evaluation, y, OneHot((7, 0)))


def test_a_second_backward_adds_to_what_grad_holds_until_it_is_zeroed() -> None:
    graph, evaluation = evaluated("x = tensor(2.0, requires_grad=True)\nJ = x**2 + 3 * x")
    x, output = ids(graph, "x", "J")
    first = walk_back(evaluation, output)
    second = walk_back(evaluation, output, before=first.grads)
    assert first.own_steps[x].before is None and first.grads[x] == 7.0
    assert second.own_steps[x].before == 7.0 and second.grads[x] == 14.0
    # What arrives, and the sum at the fan-out, are as in the first pass.
    assert second.gradients[x] == 7.0
    assert [c.terms for _, c in second.terms(x)] == [2, 2]
    arrived = second.moment_of(x)
    assert arrived is not None
    assert second.grad_at(x, arrived - 1) == 7.0 and second.grad_at(x, arrived) == 14.0
    assert first.grad_at(x, arrived - 1) is None
    tensor = evaluation.value(x)
    value = evaluation.value(output)
    assert tensor is not None and value is not None
    value.backward(retain_graph=True)
    value.backward(retain_graph=True)
    assert tensor.grad is not None and tensor.grad.array == second.grads[x]
    assert walk_back(evaluation, output).grads[x] == 7.0


def test_accumulation_across_calls_is_told_as_something_else_than_a_fan_out() -> None:
    graph, evaluation = evaluated("x = tensor(2.0, requires_grad=True)\nJ = x**2 + 3 * x")
    x, output = ids(graph, "x", "J")
    walk = walk_back(evaluation, output, before={x: np.asarray(-1.5)})
    moment = walk.moment_of(x)
    assert moment is not None
    told = explain_moment(evaluation, walk, moment)
    assert "x was used twice, and what comes back along each way is added: " in told.text()
    assert (
        "x.grad was not empty: it held −1.500 from an earlier backward, and this pass adds 7.000 "
        "to it: −1.500 + 7.000 = 5.500. That is no fan-out: zero_grad before the pass would have "
        "left 7.000."
    ) in told.text()
    assert told.landing is not None
    assert (told.landing.before, told.landing.arrived, told.landing.after) == (-1.5, 7.0, 5.5)
    first = walk_back(evaluation, output)
    plain = explain_moment(evaluation, first, moment)
    assert "zero_grad" not in plain.text()
    assert plain.landing is not None and plain.landing.before is None
    assert plain.landing.after == 7.0


def test_what_was_accumulated_before_a_change_of_shape_is_refused() -> None:
    graph, evaluation = evaluated(SQUARES)
    x, y = ids(graph, "x", "y")
    with pytest.raises(NoBackward, match=r"'x' has changed its shape .* zero_grad first"):
        walk_back(evaluation, y, Ones(), before={x: np.zeros(2)})
    assert walk_back(evaluation, y, Ones(), before={"gone": np.zeros(2)}).before == {}
