"""Forward mode explained: each step's sum is its node's tangent, and reverse mode agrees."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gradviz.explain import explain_tangents
from gradviz.explain.tangents import agreement
from gradviz.files import load
from gradviz.graph import Evaluation, walk_back
from gradviz.graph.directions import direction_arrays, movable, parse_direction
from gradviz.graph.forward_mode import ForwardPass, walk_forward_mode
from gradviz.program import graph_from_source

SAMPLES = sorted((Path(__file__).resolve().parents[3] / "samples").glob("*.gradviz"))


def passes(graph, text):
    """Evaluation, the pass along a direction, and the backward pass beside it."""
    evaluation, output = Evaluation(graph), graph.output()
    value = evaluation.value(output)
    assert value is not None
    walk = walk_back(evaluation, output, np.ones_like(value.array))
    leaves = movable(evaluation, output)
    direction = parse_direction(evaluation, text, leaves)
    moves = direction_arrays(evaluation, direction, leaves, walk)
    return evaluation, walk_forward_mode(evaluation, moves), walk


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.stem)
def test_every_moment_of_every_sample_is_told_and_both_modes_agree(path):
    evaluation, found, walk = passes(load(path), "gradient")
    moments = [explain_tangents(evaluation, found, m, walk) for m in range(len(found) + 1)]
    for moment, told in enumerate(moments):
        step = found.active(moment)
        assert told.text()
        if step is not None and step.kind == "node":
            total = sum(row.term for row in told.tangents)
            np.testing.assert_allclose(total, step.tangent, rtol=1e-5, atol=1e-7)
            assert told.formulas
    assert agreement(found, walk).agree
    last = moments[-1].text()
    assert ": the same." in last
    assert "passes of forward mode" in last or "1 pass of forward mode" in last


def test_a_step_says_slope_times_tangent_for_each_input():
    graph = graph_from_source(
        "x = tensor(2.0, requires_grad=True)\ny = tensor(5.0, requires_grad=True)\nJ = x * y\n"
    )
    evaluation, found, walk = passes(graph, "x = 1, y = 0.5")
    start, first, _, last = (explain_tangents(evaluation, found, m, walk) for m in range(4))
    assert start.text().startswith("Before forward mode. x moves by 1.000, y moves by 0.5000.")
    assert (
        first.text() == "The direction: x. x moves by 1.000: that is its tangent, given and "
        "not computed."
    )
    lines = last.text().splitlines()
    assert lines[0] == (
        "Tangent of J. J changes by 6.000 along the direction: slope 5.000 × 1.000 from x, plus "
        "slope 2.000 × 0.5000 from y."
    )
    assert lines[1] == (
        "Beside reverse mode: the slope of J is 6.000 by forward mode; gradient · direction is "
        "6.000: the same."
    )
    assert "2 passes of forward mode (6 node visits), 1 pass of reverse mode (3)" in lines[2]
    assert [row.slope for row in last.tangents] == [5.0, 2.0]


def test_an_input_used_twice_is_told_apart_by_its_ports():
    graph = graph_from_source("x = tensor(3.0, requires_grad=True)\nJ = x * x\n")
    evaluation, found, walk = passes(graph, "x")
    told = explain_tangents(evaluation, found, 2, walk)
    assert r"_{\mathrm{input}}" in told.formulas[0]
    assert r"_{\mathrm{other}}" in told.formulas[0]
    assert float(found.steps[-1].tangent) == 6.0


def test_a_direction_that_moves_nothing_says_so():
    graph = graph_from_source("x = tensor(3.0, requires_grad=True)\nJ = x * x\n")
    evaluation, found, walk = passes(graph, "x = 0")
    assert "zero for every parameter" in explain_tangents(evaluation, found, 0, walk).text()


def test_what_gets_no_further_is_said():
    graph = graph_from_source("x = tensor(-3.0, requires_grad=True)\nJ = relu(x)\n")
    evaluation, found, walk = passes(graph, "x")
    assert "slope here is zero" in explain_tangents(evaluation, found, 2, walk).text()


def test_a_difference_between_the_modes_is_not_hidden():
    graph = graph_from_source("x = tensor(3.0, requires_grad=True)\nJ = x * x\n")
    evaluation, found, walk = passes(graph, "x")
    *steps, last = found.steps
    wrong = ForwardPass((*steps, replace(last, tangent=np.array(7.0))))
    assert not agreement(wrong, walk).agree
    assert "they differ by 1.000" in explain_tangents(evaluation, wrong, 2, walk).text()
