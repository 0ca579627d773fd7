"""The forward pass in words: to the letter for a few steps, in full for every operation."""

import re

import numpy as np
import pytest

from gradviz.explain import Explanation, explain_forward
from gradviz.graph import AddNode, AddWire, Evaluation, Graph, Node, Wire, walk_forward
from gradviz.ops.spec import Example, Op
from gradviz.ops.table import OPS
from gradviz.program import graph_from_source


def told(program: str, name: str) -> Explanation:
    graph = graph_from_source(program)
    evaluation = Evaluation(graph)
    walk = walk_forward(evaluation)
    node = graph.named(name)
    assert node is not None
    return explain_forward(evaluation, walk, walk.moment_of(node.id) or 0)


def test_a_product_of_numbers_is_told_with_both() -> None:
    found = told("x = tensor(2.0, requires_grad=True)\ny = tensor(-3.0)\np = x * y\nq = p", "p")
    assert found.text().split("\n")[0] == (
        "Computing p (mul). Multiplies two tensors, element by element. "
        "p = x·y = 2.000·(−3.000) = −6.000."
    )
    assert found.formulas == (
        r"p = x \cdot y = \textcolor{val}{2.000 \cdot (-3.000)} = \textcolor{val}{-6.000}",
    )
    assert [(r.name, r.value.item(), r.stretched) for r in found.inputs] == [
        ("x", 2.0, None), ("y", -3.0, None),
    ]  # fmt: skip


def test_a_call_is_told_with_its_settings_and_a_leaf_as_given() -> None:
    program = (
        "s = tensor([1.0, 1.0], requires_grad=True)\nshares = softmax(s, dim=0)\nf = shares[0]"
    )
    assert "shares = softmax(s, dim=0) = [0.5000, 0.5000]." in told(program, "shares").text()
    assert "f = shares[0] = 0.5000." in told(program, "f").text()
    assert told(program, "s").text() == (
        "Given: s. s is [1.000, 1.000]: it depends on nothing else.\n"
        "It requires a gradient, so every call that reads it is recorded."
    )


def test_a_broadcast_says_how_often_each_element_is_read() -> None:
    program = (
        "c = tensor([[1.0], [2.0], [3.0]], requires_grad=True)\nr = tensor([1.0, 2.0])\nt = c + r"
    )
    found = told(program, "t")
    assert "c of shape (3, 1) is stretched to (3, 2): each of its elements is read twice." in (
        found.text()
    )
    assert "r of shape (2) is stretched to (3, 2): each of its elements is read 3 times." in (
        found.text()
    )
    assert [row.stretched for row in found.inputs] == [(3, 2), (3, 2)]
    numbers = r"2.000 & 3.000 \\ 3.000 & 4.000 \\ 4.000 & 5.000"
    matrix = rf"\begin{{bmatrix}} {numbers} \end{{bmatrix}}"
    assert found.formulas == (rf"t = c + r = \textcolor{{val}}{{{matrix}}}",)


def test_where_a_number_stops_being_finite_is_said() -> None:
    program = "x = tensor(0.0, requires_grad=True)\ny = log(x)\nz = y * 0"
    assert "All that came in was finite: the ∞ was made here." in told(program, "y").text()
    assert "made here" not in told(program, "z").text()


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("y = x.detach()", "detach cuts the gradient off: backward stops here."),
        ("y = x > 1", "gt has no derivative, so backward does not pass here."),
        ("k = tensor(1.0)\ny = k * 2", "Nothing that requires a gradient came in"),
    ],
)
def test_what_backward_does_not_pass_is_said(program: str, words: str) -> None:
    assert words in told(f"x = tensor(2.0, requires_grad=True)\n{program}", "y").text()


def test_before_the_first_step_and_at_a_failure() -> None:
    graph = graph_from_source("x = tensor([1.0, 2.0])\nw = tensor([1.0, 2.0, 3.0])\ny = x + w")
    evaluation = Evaluation(graph)
    walk = walk_forward(evaluation, graph.output())
    assert explain_forward(evaluation, walk, 0).text().endswith("already, y is computed.")
    last = explain_forward(evaluation, walk, len(walk)).text()
    assert last.startswith("y has no value. ") and "must match the size" in last


EVERY = [
    pytest.param(op, ex, id=f"{op.name}-{number}")
    for op in OPS.values()
    if op.ports
    for number, ex in enumerate(op.examples[:1])
]


@pytest.mark.parametrize(("op", "ex"), EVERY)
def test_every_operation_is_told_in_full(op: Op, ex: Example) -> None:
    graph = Graph()
    inputs = [v for value in ex.inputs for v in (value if isinstance(value, tuple) else (value,))]
    arrays = {port: value for port, value in enumerate(inputs) if isinstance(value, np.ndarray)}
    literals = {p: v for p, v in enumerate(inputs) if v is not None and p not in arrays}
    for port, value in arrays.items():
        graph.apply(AddNode(Node(f"x{port}", "tensor", f"x{port}", {"data": value})))
    graph.apply(AddNode(Node("op", op.name, op.base_name, dict(ex.attrs), literals)))
    for port in arrays:
        graph.apply(AddWire(Wire(f"x{port}", "op", port)))
    evaluation = Evaluation(graph)
    assert evaluation.results["op"].ok, evaluation.explain("op")
    walk = walk_forward(evaluation, "op")
    for moment in range(len(walk) + 1):
        found = explain_forward(evaluation, walk, moment)
        assert found.sentences and all(found.sentences)
        assert not re.search(
            r"[{}]|__|<|nan tensor", found.text().replace(" < ", "").replace("<=", "")
        )
        for formula in found.formulas:
            assert formula.count("{") == formula.count("}")
