"""The backward pass as a graph: the same gradients, wherever the leaves are, and again."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gradviz.files import dumps, load, loads
from gradviz.graph import (
    AddNode,
    Evaluation,
    Graph,
    NoBackward,
    Node,
    ReplaceNode,
    Wire,
    walk_back,
)
from gradviz.graph.derivatives import Derivative, derivative_of
from gradviz.graph.differentiate import gradient_graph
from gradviz.graph.edits import link
from gradviz.ops.spec import Example, Op
from gradviz.ops.table import OPS
from gradviz.program import formula, graph_from_source
from gradviz.program.placing import positions

SAMPLES = sorted((Path(__file__).resolve().parents[3] / "samples").glob("*.gradviz"))
every_sample = pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.stem)
SPECIAL = frozenset(
    ("det", "linalg_svd", "linalg_lu_factor", "linalg_lu_factor_ex", "scatter_reduce",
     "index_reduce")
)  # fmt: skip
"""Rules that look at numbers to choose their way, for some of their settings."""


def seed_of(graph: Graph, output: str) -> np.ndarray:
    value = Evaluation(graph).value(output)
    assert value is not None
    shape, kind = value.array.shape, value.array.dtype
    return np.cos(np.arange(value.array.size) + 1.0).astype(kind).reshape(shape)


def gradients_by_name(graph: Graph) -> dict[str, Any]:
    evaluation = Evaluation(graph)
    found: dict[str, Any] = {}
    for node in graph.nodes.values():
        if derivative_of(node.name) is not None:
            value = evaluation.value(node.id)
            assert value is not None, evaluation.explain(node.id)
            found[node.name] = value.array
    return found


def moved(graph: Graph) -> None:
    for node in list(graph.nodes.values()):
        if node.is_parameter and node.op == "tensor":
            data = np.asarray(node.attrs["data"])
            shift = 0.05 * np.sin(np.arange(data.size) + 2.0).reshape(data.shape)
            further = np.asarray(data + shift, data.dtype)
            graph.apply(ReplaceNode(node, node.changed(attrs={**node.attrs, "data": further})))


def holds(graph: Graph, gradients: Graph, output: str, seed: np.ndarray) -> None:
    walk = walk_back(Evaluation(graph), output, seed)
    found = gradients_by_name(gradients)
    top = graph.node(output).name
    reached = [n for n in graph.nodes.values() if n.is_parameter and n.id in walk.own_steps]
    assert reached
    for node in reached:
        got = found[Derivative(top, (node.name,)).name]
        expected = np.asarray(walk.gradients[node.id])
        assert (got.shape, got.dtype) == (expected.shape, expected.dtype)
        np.testing.assert_allclose(got, expected, rtol=2e-6, atol=1e-12)


@every_sample
def test_a_sample_differentiated_has_its_gradients_and_follows_its_leaves(path: Path) -> None:
    graph = load(path)
    output = graph.output()
    assert output is not None
    seed = seed_of(graph, output)
    gradients = gradient_graph(Evaluation(graph), output, seed=seed, place=positions)
    holds(graph, gradients, output, seed)
    moved(graph)
    moved(gradients)
    holds(graph, gradients, output, seed)
    assert dumps(loads(dumps(gradients))) == dumps(gradients)


def one_node(op: Op, example: Example) -> tuple[Graph, str]:
    graph, wires, literals = Graph(), [], {}
    for index, given in enumerate(example.inputs):
        members = given if isinstance(given, tuple) else (given,)
        for port, member in enumerate(members, start=index):
            if isinstance(member, (bool, int, float)):
                literals[port] = member
            elif member is not None:
                data = np.asarray(member)
                attrs = {"data": data, "requires_grad": data.dtype.kind == "f"}
                leaf = Node(graph.new_id(), "tensor", f"x{port}", attrs)
                graph.apply(AddNode(leaf))
                wires.append((leaf.id, port))
    node = Node(graph.new_id(), op.name, "y", dict(example.attrs), literals)
    graph.apply(AddNode(node))
    for source, port in wires:
        link(graph, Wire(source, node.id, port))
    return graph, node.id


def cases() -> list[Any]:
    found: list[Any] = []
    for op in OPS.values():
        if not (op.differentiable and op.ports) or op.name == "index":
            continue
        for number, example in enumerate(op.examples):
            found.append(pytest.param(op, example, id=f"{op.name}-{number}"))
    return found


@pytest.mark.parametrize(("op", "example"), cases())
def test_the_gradient_of_an_operation_is_a_graph(op: Op, example: Example) -> None:
    graph, output = one_node(op, example)
    evaluation = Evaluation(graph)
    value = evaluation.value(output)
    if value is None or not value.requires_grad:
        pytest.skip("nothing here requires a gradient")
    seed = seed_of(graph, output)
    try:
        walk = walk_back(evaluation, output, seed)
    except NoBackward:
        with pytest.raises(NoBackward):
            gradient_graph(evaluation, output, seed=seed)
        return
    if not any(graph.node(i).is_parameter for i in walk.own_steps):
        pytest.skip("no gradient flows through the first output")
    try:
        gradients = gradient_graph(evaluation, output, seed=seed)
    except NoBackward as problem:
        assert op.name in SPECIAL, problem
        return
    holds(graph, gradients, output, seed)


def test_the_gradient_of_a_bowl_reads_as_people_write_it() -> None:
    graph = graph_from_source(
        "x = tensor(2.0, requires_grad=True)\ny = tensor(1.0, requires_grad=True)\n"
        "J = x ** 2 + 3 * y\n"
    )
    gradients = gradient_graph(Evaluation(graph), graph.output() or "")
    assert "d_J_d_x = 2 * x" in formula(gradients)


@every_sample
def test_differentiated_twice_it_is_the_hessian(path: Path) -> None:
    graph = load(path)
    output = graph.output()
    assert output is not None
    scalars = [
        n for n in graph.nodes.values()
        if n.is_parameter and n.op == "tensor" and np.ndim(n.attrs["data"]) == 0
    ]  # fmt: skip
    value = Evaluation(graph).value(output)
    assert value is not None
    if path.stem == "detach":
        pytest.skip("what is detached is held still by the gradient too, as PyTorch holds it")
    if not scalars or value.array.size != 1:
        pytest.skip("no scalar parameters")
    first = gradient_graph(Evaluation(graph), output)
    top = graph.node(output).name
    for row in scalars:
        name = Derivative(top, (row.name,)).name
        slope = first.named(name)
        assert slope is not None
        for column in scalars:
            expected = second_difference(graph, output, row, column)
            try:
                twice = gradient_graph(Evaluation(first), slope.id, (column.id,))
            except NoBackward:
                assert expected == pytest.approx(0, abs=1e-3)
                continue
            got = gradients_by_name(twice)[Derivative(top, (row.name, column.name)).name]
            assert float(got) == pytest.approx(expected, rel=2e-3, abs=1e-3)


def second_difference(graph: Graph, output: str, row: Node, column: Node) -> float:
    """How the slope by ``row`` changes with ``column``, in double precision."""

    def slope(shift: float) -> float:
        there = loads(dumps(graph))
        for node in list(there.nodes.values()):
            if node.op == "tensor" and node.attrs["data"].dtype.kind == "f":
                data = np.asarray(node.attrs["data"], np.float64)
                data = data + shift if node.id == column.id else data
                there.apply(ReplaceNode(node, node.changed(attrs={**node.attrs, "data": data})))
        return float(walk_back(Evaluation(there), output).gradients[row.id])

    return (slope(1e-5) - slope(-1e-5)) / 2e-5


def test_what_cannot_be_differentiated_is_said() -> None:
    graph = graph_from_source("x = tensor([1.0, 2.0])\nk = argmax(x)\n")
    with pytest.raises(NoBackward, match="'k' depends on nothing that requires a gradient"):
        gradient_graph(Evaluation(graph), graph.output() or "")


def test_a_derivative_is_told_from_its_name() -> None:
    assert derivative_of("d_loss_d_w") == Derivative("loss", ("w",))
    assert derivative_of("d2_loss_d_w_d_v") == Derivative("loss", ("w", "v"))
    assert derivative_of("d2_loss_d_w") is None
    assert derivative_of("d_loss") is None
