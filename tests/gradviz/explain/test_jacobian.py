"""Jacobians: rows by the rule, columns by its derivative, and both agree for every operation."""

from collections.abc import Iterator

import numpy as np
import pytest

from gradviz.explain.jacobian import (
    MOST_ENTRIES,
    Jacobian,
    column_meaning,
    entry_meaning,
    jacobian,
    jacobians,
    place_in,
    row_meaning,
)
from gradviz.explain.structure import IMPLIED, structure_by_kind, structure_of
from gradviz.explain.vjp import influence
from gradviz.graph import AddNode, AddWire, Evaluation, Graph, Node, Ones, Wire, walk_back
from gradviz.ops.spec import Example, Op
from gradviz.ops.table import OPS
from gradviz.program import graph_from_source

REFUSED = "not_implemented()"


def made(op: Op, ex: Example) -> Evaluation:
    """The example as a graph: a leaf for each array, numbers typed on their ports."""
    graph = Graph()
    inputs = [v for value in ex.inputs for v in (value if isinstance(value, tuple) else (value,))]
    arrays = {port: value for port, value in enumerate(inputs) if isinstance(value, np.ndarray)}
    literals = {p: v for p, v in enumerate(inputs) if v is not None and p not in arrays}
    for port, value in arrays.items():
        attrs = {"data": value, "requires_grad": value.dtype.kind == "f"}
        graph.apply(AddNode(Node(f"x{port}", "tensor", f"x{port}", attrs)))
    graph.apply(AddNode(Node("op", op.name, op.base_name, dict(ex.attrs), literals)))
    for port in arrays:
        graph.apply(AddWire(Wire(f"x{port}", "op", port)))
    return Evaluation(graph)


def every() -> Iterator[object]:
    for op in OPS.values():
        if not op.differentiable or REFUSED in [p.grad for p in op.ports]:
            continue
        for number, ex in enumerate(op.examples[:1]):
            gaps = any(isinstance(v, tuple) and any(u is None for u in v) for v in ex.inputs)
            if not gaps:
                yield pytest.param(op, ex, id=f"{op.name}-{number}")


@pytest.mark.parametrize(("op", "ex"), list(every()))
def test_for_every_operation_rows_columns_and_what_is_sent_agree(op: Op, ex: Example) -> None:
    evaluation = made(op, ex)
    value = evaluation.value("op")
    if value is None or not value.requires_grad:
        pytest.skip("no input of this example needs a gradient")
    seed = np.random.default_rng(1).normal(size=value.array.shape)
    walk = walk_back(evaluation, "op", seed)
    sent = {c.port: c.value for c in walk.own_steps["op"].sent}
    for found in jacobians(evaluation, "op", walk):
        assert found.matrix is not None and found.upstream is not None and found.sent is not None
        assert found.matrix.shape == found.shape
        product = found.upstream @ found.matrix
        np.testing.assert_allclose(product, found.sent, rtol=1e-7, atol=1e-9)
        if found.port in sent:
            np.testing.assert_array_equal(found.sent, sent[found.port].reshape(-1))
        known = structure_by_kind(op, found.out_shape, found.in_shape)
        if known is not None:
            assert known.kind in IMPLIED[found.structure.kind], (known, found.structure)
        for column in {0, found.shape[1] - 1}:
            moved = influence(evaluation, "op", found.port, place_in(column, found.in_shape))
            np.testing.assert_allclose(
                moved[0].reshape(-1), found.matrix[:, column], rtol=1e-7, atol=1e-9
            )


def one(program: str, name: str, port: int = 0, walked: bool = True) -> Jacobian:
    graph = graph_from_source(program)
    node, output = graph.named(name), graph.output()
    assert node is not None and output is not None
    evaluation = Evaluation(graph)
    walk = walk_back(evaluation, output, Ones()) if walked else None
    found = jacobian(evaluation, node.id, port, walk=walk)
    assert found is not None
    return found


X = "x = tensor([1.0, 2.0, 3.0], requires_grad=True)\n"
M = "x = tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], requires_grad=True)\n"


@pytest.mark.parametrize(
    ("program", "kind", "words"),
    [
        (X + "y = x + 1", "identity", "the identity"),
        (X + "y = x * -2", "scalar", "−2.000 times the identity"),
        (X + "y = x * x.detach()", "diagonal", "diagonal"),
        (X + "y = flip(x, dims=(0,))", "permutation", "only change places"),
        (M + "y = x.T", "permutation", "only change places"),
        (X + "y = x[1:]", "selection", "a selection"),
        (X + "y = expand(x, size=(2, 3))", "selection", "a selection"),
        ("x = tensor([[1.0], [2.0]], requires_grad=True)\nk = tensor([2.0, 3.0])\ny = x * k",
         "scaled", "at most one entry in each row"),
        (M + "y = sum(x, dim=1)", "blocks", "3 blocks"),
        (M + "w = tensor([[1.0, 2.0], [3.0, 4.0]])\ny = x @ w", "blocks", "3 blocks"),
        (X + "y = softmax(x, dim=0)", "dense", "dense"),
        (X + "y = sum(x)", "dense", "dense"),
        (X + "y = x * 0", "zero", "zero: nothing"),
    ],
)  # fmt: skip
def test_structures_are_named(program: str, kind: str, words: str) -> None:
    port = 0
    found = one(program, "y", port)
    assert found.structure.kind == kind
    assert words in found.structure.text and words in found.text


def test_softmaxs_jacobian_is_the_textbooks() -> None:
    found = one(X + "y = softmax(x, dim=0)", "y")
    e = np.exp([1.0, 2.0, 3.0])
    s = e / e.sum()
    assert found.matrix is not None and found.sent is not None
    np.testing.assert_allclose(found.matrix, np.diag(s) - np.outer(s, s), atol=1e-7)
    np.testing.assert_allclose(found.sent, np.zeros(3), atol=1e-7)


def test_an_entry_is_told_with_what_it_brings() -> None:
    graph = graph_from_source(
        "x = tensor([1.0, -2.0], requires_grad=True)\ny = x * -3\nz = y * tensor([5.0, 7.0])"
    )
    evaluation = Evaluation(graph)
    output, y = graph.output(), graph.named("y")
    assert output is not None and y is not None
    walk = walk_back(evaluation, output, Ones())
    found = jacobian(evaluation, y.id, 0, walk=walk)
    assert found is not None

    def told(row: int, column: int) -> str:
        return "".join(span.text for span in entry_meaning(found, row, column))

    assert told(1, 1) == (
        "A unit more of x[1] moves y[1] by −3.000. With the 7.000 that arrived at y[1], this "
        "brings x[1] 7.000 × (−3.000) = −21.00."
    )
    assert told(0, 1) == "x[1] does not move y[0] here."
    assert row_meaning(found, 1) == "row 1: what each element of x does to y[1]"
    assert column_meaning(found, 0) == "column 0: what a unit of x[0] does to each element of y"


@pytest.mark.parametrize(
    ("program", "kind", "words"),
    [
        ("y = tanh(x)", "diagonal", "diagonal"),
        ("y = x.T", "permutation", "change places"),
        ("y = x * tensor([[[2.0]], [[3.0]]])", "scaled", "single input element"),
        ("y = softmax(x, dim=1)", "blocks", "(seen in 16 of 10,000 rows)"),
        ("y = x * 0 @ zeros(100, 100)", "zero", "(seen in 16 of 10,000 rows)"),
        ("y = cumsum(x, dim=0)", "blocks", "(seen in 16 of 10,000 rows)"),
    ],
)
def test_a_large_jacobian_is_not_made_but_its_structure_is_told(
    program: str, kind: str, words: str
) -> None:
    start = "k = linspace(-1, 1, 10000, requires_grad=True)\nx = reshape(k, (100, 100))\n"
    found = one(start + program, "y")
    assert found.matrix is None and found.structure.kind == kind
    assert words in found.text and f"more than {MOST_ENTRIES:,} entries" in found.text


def test_where_no_gradient_flows_there_is_no_jacobian() -> None:
    graph = graph_from_source("x = tensor(1.0, requires_grad=True)\nk = tensor(2.0)\ny = x * k")
    evaluation = Evaluation(graph)
    y = graph.named("y")
    assert y is not None
    assert jacobian(evaluation, y.id, 1) is None
    assert jacobian(evaluation, y.id, 5) is None
    (found,) = jacobians(evaluation, y.id)
    assert found.upstream is None and found.sent is None and found.source_name == "x"


def test_blocks_are_found_whatever_the_order() -> None:
    matrix = np.zeros((4, 4))
    matrix[np.ix_([0, 2], [1, 3])] = 2.0
    matrix[np.ix_([1, 3], [0, 2])] = 3.0
    found = structure_of(matrix)
    assert (found.kind, found.blocks) == ("blocks", 2)


def test_an_expression_stands_in_brackets_behind_the_sign_of_a_derivative() -> None:
    found = one("w = tensor([1.0, 2.0], requires_grad=True)\nJ = sum(w * 3)", "mul1")
    assert found.text.startswith("∂(w·3)/∂w has 2 × 2 entries")
