"""Every step of every sample held against what PyTorch's autograd gave for the intermediates.

`scripts/record_gradients.py` writes the file; no PyTorch is needed here.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gradviz.explain import explain_moment
from gradviz.files import load
from gradviz.graph import Evaluation, Graph, Walk, walk_back
from gradviz.ops.dual import sum_to_shape

SAMPLES = Path(__file__).resolve().parents[3] / "samples"
RECORDED: dict[str, Any] = json.loads(
    Path(__file__).with_name("recorded_gradients.json").read_text(encoding="utf-8")
)
every_sample = pytest.mark.parametrize("name", RECORDED)


def walked(name: str) -> tuple[Graph, Evaluation, Walk]:
    graph = load(SAMPLES / f"{name}.gradviz")
    output = graph.output()
    assert output is not None
    evaluation = Evaluation(graph)
    return graph, evaluation, walk_back(evaluation, output)


def same(found: Any, expected: Any) -> None:
    wanted = np.asarray(expected)
    scale = max(1e-3, float(np.abs(wanted).max(initial=0.0)))
    assert np.shape(found) == wanted.shape
    np.testing.assert_allclose(found, wanted, rtol=2e-5, atol=2e-6 * scale)


def test_every_sample_is_recorded() -> None:
    assert set(RECORDED) == {file.stem for file in SAMPLES.glob("*.gradviz")}


@every_sample
def test_the_gradient_of_every_node_is_pytorchs(name: str) -> None:
    graph, _, walk = walked(name)
    found = {graph.node(i).name: gradient for i, gradient in walk.gradients.items()}
    assert set(found) == set(RECORDED[name]["nodes"])
    for node, gradient in found.items():
        same(gradient, RECORDED[name]["nodes"][node])


@every_sample
def test_the_ledger_of_every_step_is_pytorchs(name: str) -> None:
    graph, evaluation, walk = walked(name)
    nodes, wires = RECORDED[name]["nodes"], RECORDED[name]["wires"]
    left = set(wires)
    for step in walk.steps:
        told = explain_moment(evaluation, walk, step.index + 1)
        own = graph.node(step.node).name
        same(step.upstream, nodes[own])
        if told.landing is not None:
            same(told.landing.after, nodes[own])
        for row in told.rows:
            wire = f"{own}:{row.port}"
            assert row.needed == (wire in wires)
            if not row.needed:
                continue
            left.discard(wire)
            same(row.upstream, nodes[own])
            same(row.sent, wires[wire])
            if row.local is not None:
                with np.errstate(invalid="ignore"):
                    product = np.asarray(row.upstream * row.local)
                same(sum_to_shape(product, row.sent.shape), wires[wire])
    assert not left


@every_sample
def test_sums_at_a_fan_out_grow_to_pytorchs_gradient(name: str) -> None:
    graph, _, walk = walked(name)
    wires = RECORDED[name]["wires"]
    for node, terms in walk.incoming.items():
        total = np.zeros_like(walk.gradients[node])
        for step, sent in terms:
            total = total + np.asarray(wires[f"{graph.node(step.node).name}:{sent.port}"])
            same(sent.accumulated, total)
        same(walk.gradients[node], total)
    for moment in range(len(walk) + 1):
        for node in walk.gradients:
            known = walk.gradient_at(node, moment)
            assert (known is None) == (walk.arrival[node] > moment)
