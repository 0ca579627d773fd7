"""Every differentiable operation of the table, on its own examples, explained step by step."""

import re
from collections.abc import Iterator

import numpy as np
import pytest

from gradviz.explain import Explanation, explain_moment
from gradviz.graph import AddNode, AddWire, Evaluation, Graph, Node, Walk, Wire, walk_back
from gradviz.ops.dual import sum_to_shape
from gradviz.ops.spec import Example, Op
from gradviz.ops.table import OPS

REFUSED = "not_implemented()"
"""The rule of a port for which PyTorch itself has no gradient."""

CASES = [
    pytest.param(op, ex, id=f"{op.name}-{number}")
    for op in OPS.values()
    if op.differentiable and REFUSED not in [p.grad for p in op.ports]
    for number, ex in enumerate(op.examples)
    # A graph leaves no gap among the wires of a variadic port.
    if not any(isinstance(value, tuple) and any(v is None for v in value) for value in ex.inputs)
]


def graph_of(op: Op, ex: Example) -> Graph:
    """The example as a graph: a leaf for each array, numbers typed on their ports."""
    graph = Graph()
    literals = {}
    wires = []
    for port, value in enumerate(flat(ex.inputs)):
        if value is None:
            continue
        if not isinstance(value, np.ndarray):
            literals[port] = value
            continue
        name = f"x{port}"
        needs = value.dtype.kind == "f"
        attrs = {"data": value, "requires_grad": needs}
        graph.apply(AddNode(Node(name, "tensor", name, attrs)))
        wires.append(Wire(name, "op", port))
    graph.apply(AddNode(Node("op", op.name, op.base_name, dict(ex.attrs), literals)))
    for wire in wires:
        graph.apply(AddWire(wire))
    return graph


def flat(inputs: tuple) -> Iterator:
    for value in inputs:
        if isinstance(value, tuple):
            yield from value
        else:
            yield value


def walked(op: Op, ex: Example) -> tuple[Evaluation, Walk] | None:
    evaluation = Evaluation(graph_of(op, ex))
    value = evaluation.value("op")
    assert value is not None, evaluation.results["op"].error
    if not value.requires_grad:
        return None
    rng = np.random.default_rng(0)
    return evaluation, walk_back(evaluation, "op", rng.normal(size=value.array.shape))


@pytest.mark.parametrize(("op", "ex"), CASES)
def test_every_step_is_told_in_full(op: Op, ex: Example) -> None:
    found = walked(op, ex)
    if found is None:
        pytest.skip("no input of this example needs a gradient")
    evaluation, walk = found
    for moment in range(len(walk) + 1):
        told = explain_moment(evaluation, walk, moment)
        assert told.sentences and all(told.sentences)
        said = "\n".join((told.title, told.text(), *told.formulas))
        assert not re.search(r"[{}]|None|nan tensor|UPSTREAM|__|\bother\b(?=[.=])", told.text())
        assert "UPSTREAM" not in said
        assert said.count("{") == said.count("}")
        assert "-" not in numbers_of(told), "a minus in text is U+2212"


def numbers_of(told: Explanation) -> str:
    return " ".join(s.text for p in told.sentences for s in p if s.kind in ("value", "gradient"))


@pytest.mark.parametrize(("op", "ex"), CASES)
def test_rows_are_what_the_walk_sent_and_upstream_times_local(op: Op, ex: Example) -> None:
    found = walked(op, ex)
    if found is None:
        pytest.skip("no input of this example needs a gradient")
    evaluation, walk = found
    for step in walk.steps:
        told = explain_moment(evaluation, walk, step.index + 1)
        sent = {c.port: c for c in step.sent}
        if step.kind == "node":
            assert {r.port for r in told.rows if r.needed} == set(sent)
            assert len(told.formulas) == len(sent)
        for row in (r for r in told.rows if r.needed):
            np.testing.assert_array_equal(row.sent, sent[row.port].value)
            assert row.symbol
            if row.local is not None:
                product = np.asarray(row.upstream * row.local)
                if product.shape != row.sent.shape:
                    product = sum_to_shape(product, row.sent.shape)
                np.testing.assert_allclose(product, row.sent, rtol=1e-9, atol=1e-12)
