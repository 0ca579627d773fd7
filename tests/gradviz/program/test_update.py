"""What a text does to a graph, and how little of it."""

import time

import numpy as np
import pytest

from gradviz.files import dumps
from gradviz.graph import AddNode, Graph, Node, RemoveWire, ReplaceNode
from gradviz.program import formula, graph_from_source, parse, source, update
from gradviz.program.placing import HEIGHT, WIDTH


def after(graph: Graph, text: str) -> list[str]:
    """The kinds of the edits that bring the graph to `text`, which are carried out."""
    edit = update(graph, text)
    graph.apply(edit)
    return [type(e).__name__ for e in edit.edits]


def named(graph: Graph, name: str) -> Node:
    node = graph.named(name)
    assert node is not None
    return node


def sources(graph: Graph, name: str) -> list[str]:
    """The names of the nodes wired to a node's inputs, in order."""
    wires = graph.inputs(named(graph, name).id)
    return [graph.node(wires[port].source).name for port in sorted(wires)]


def test_a_formula_makes_nodes_wires_and_typed_numbers() -> None:
    graph = graph_from_source("J = theta1**2 + theta2**2")
    assert [n.name for n in graph.nodes.values()] == ["theta1", "pow1", "theta2", "pow2", "J"]
    assert named(graph, "pow1").literals == {1: 2}
    assert sources(graph, "J") == ["pow1", "pow2"]
    assert graph.settings.output == named(graph, "J").id


def test_an_unknown_name_is_a_parameter_of_one() -> None:
    leaf = named(graph_from_source("J = k * 2"), "k")
    assert (leaf.op, leaf.setting("requires_grad")) == ("tensor", True)
    assert leaf.setting("data") == np.float32(1.0)


def test_changing_a_number_replaces_one_node() -> None:
    graph = graph_from_source("J = 2 * x + 1")
    assert after(graph, "J = 3 * x + 1") == ["ReplaceNode"]
    assert formula(graph) == "J = 3 * x + 1"


def test_the_same_text_changes_nothing() -> None:
    graph = graph_from_source("h = tanh(x @ W + b)\nJ = mean(h**2)")
    assert update(graph, "h = tanh(x@W + b)\nJ = mean(h ** 2)").edits == ()


def test_an_operation_changed_keeps_id_place_and_name() -> None:
    graph = graph_from_source("J = a + b")
    before = named(graph, "J")
    assert after(graph, "J = a * b") == ["ReplaceNode"]
    assert named(graph, "J") == before.changed(op="mul")


def test_what_is_wrapped_keeps_its_node() -> None:
    graph = graph_from_source("J = sin(x) + y")
    kept = {n: named(graph, n) for n in ("x", "y", "sin1", "J")}
    after(graph, "J = sin(x) + exp(y)")
    assert {n: named(graph, n) for n in kept} == kept
    assert sources(graph, "J") == ["sin1", "exp1"]


def test_an_inner_operation_changed_stays_in_its_place() -> None:
    graph = graph_from_source("J = sin(x) * 2")
    before = named(graph, "sin1")
    assert after(graph, "J = cos(x) * 2") == ["ReplaceNode"]
    assert named(graph, "cos1") == before.changed(op="cos", name="cos1")


def test_a_line_renamed_is_one_edit() -> None:
    graph = graph_from_source("y = a * b\nJ = y + 1")
    before = named(graph, "y").id
    assert after(graph, "z = a * b\nJ = z + 1") == ["ReplaceNode"]
    assert named(graph, "z").id == before


def test_a_parameter_renamed_keeps_its_value() -> None:
    graph = graph_from_source("x = 2.5\nJ = x**2")
    assert after(graph, "J = phi**2") == ["ReplaceNode"]
    assert named(graph, "phi").setting("data") == np.float32(2.5)


def test_what_is_left_out_vanishes_but_unread_leaves_stay() -> None:
    graph = graph_from_source("J = a * b + c")
    graph.apply(AddNode(Node("spare", "tensor", "spare")))
    after(graph, "J = a + c")
    assert {n.name for n in graph.nodes.values()} == {"a", "c", "J", "spare"}


def test_a_computed_name_no_longer_given_becomes_a_parameter() -> None:
    graph = graph_from_source("y = a * b\nJ = y + 1")
    after(graph, "J = y + 1")
    assert {n.name: n.op for n in graph.nodes.values()} == {"y": "tensor", "J": "add"}


def test_a_leaf_given_a_number_keeps_its_slider() -> None:
    graph = graph_from_source("x = tensor(1.0, requires_grad=True, low=-2.0, high=2.0)\nJ = x**2")
    assert after(graph, "x = 1.5\nJ = x**2") == ["ReplaceNode"]
    assert dict(named(graph, "x").attrs) == {
        "data": np.float32(1.5), "requires_grad": True, "low": -2.0, "high": 2.0,
    }  # fmt: skip


def test_a_leaf_given_a_number_keeps_its_type() -> None:
    graph = graph_from_source("x = tensor(1.0, dtype=float64)\nn = tensor(3)\nJ = x * n")
    after(graph, "x = 0.1\nn = 4\nJ = x * n")
    values = [named(graph, name).setting("data") for name in "xn"]
    assert [(v.dtype, v.item()) for v in values] == [(np.float64, 0.1), (np.int64, 4)]


def test_inputs_of_a_joined_list_change_without_gaps() -> None:
    graph = graph_from_source("J = cat([a, b, c])")
    after(graph, "J = cat([a, d, b, c])")
    assert sources(graph, "J") == ["a", "d", "b", "c"]
    after(graph, "J = cat([c])")
    assert sources(graph, "J") == ["c"]


def test_the_output_is_the_last_line_until_one_is_chosen() -> None:
    graph = graph_from_source("y = x**2\nJ = x + 1")
    assert graph.settings.output == named(graph, "J").id
    after(graph, "J = x + 1\ny = x**2")
    assert graph.settings.output == named(graph, "J").id
    after(graph, "y = x**2")
    assert graph.settings.output == named(graph, "y").id


@pytest.mark.parametrize(
    "text",
    [
        "", "J = b", "J = x", "J = theta1 * theta2", "K = theta2**2 - sum(exp(theta1))",
        "theta1 = 3\nJ = theta1", "J = cat([theta1, pow2])", "J = stack([theta2, theta2**2])",
        "J = max([[1, 2], [3, 4]] @ theta1, dim=1).values",
    ],
)  # fmt: skip
def test_undo_takes_back_exactly_what_was_typed(text: str) -> None:
    graph = graph_from_source("J = theta1**2 + theta2**2")
    before = dumps(graph)
    edit = update(graph, text)
    graph.apply(edit)
    graph.apply(edit.inverse())
    assert dumps(graph) == before


def test_new_cards_lie_on_no_other_card() -> None:
    graph = graph_from_source("J = theta1**2 + theta2**2")
    for text in ("J = theta1**2 + 3 * theta2**2 + k", "J = sin(theta1 * k) + exp(m / n) * q"):
        after(graph, text)
        places = [n.position for n in graph.nodes.values()]
        for i, (x, y) in enumerate(places):
            assert all(abs(x - u) >= WIDTH or abs(y - v) >= HEIGHT for u, v in places[:i])


def test_cards_that_stay_do_not_move() -> None:
    graph = graph_from_source("J = theta1**2 + theta2**2")
    before = {n.id: n.position for n in graph.nodes.values()}
    after(graph, "J = theta1**2 + sin(theta2**2) * k")
    assert {i: graph.node(i).position for i in before} == before


def test_nothing_is_changed_before_the_edit_is_applied() -> None:
    graph = graph_from_source("J = x + y")
    before = dumps(graph)
    edit = parse("J = x * z", graph)
    assert dumps(graph) == before
    assert {type(e) for e in edit.edits} >= {ReplaceNode, RemoveWire}


def test_a_name_given_twice_is_its_last_value() -> None:
    graph = graph_from_source("import torch\nx = torch.tensor(2.0)\nx = x * 3\ny = x + 1")
    assert [named(graph, n).op for n in ("x", "y")] == ["mul", "add"]
    assert sources(graph, "y") == ["x"]


def test_in_a_program_numbers_are_numbers() -> None:
    graph = graph_from_source("import torch\nn = 3\nx = torch.ones(n, n)\ny = x ** n")
    assert named(graph, "x").setting("size") == (3, 3)
    assert named(graph, "y").literals == {1: 3}
    assert graph.named("n") is None


def test_a_program_names_its_output() -> None:
    text = (
        "import torch\nx = torch.tensor(2.0)\nx.requires_grad_()\nJ = x**2\nJ.backward()\ny = x + J"
    )
    graph = graph_from_source(text)
    assert graph.settings.output == named(graph, "J").id
    assert named(graph, "x").setting("requires_grad") is True
    assert source(graph).endswith("J.backward()\n")


def test_outputs_are_reached_by_name_number_and_unpacking() -> None:
    texts = (
        "v, i = x.max(dim=1)\nJ = v.sum()", "J = max(x, dim=1).values.sum()",
        "m = torch.max(x, 1)\nJ = m[0].sum()",
    )  # fmt: skip
    for text in texts:
        graph = graph_from_source(text)
        (wire,) = graph.inputs(named(graph, "J").id).values()
        assert (graph.node(wire.source).op, wire.output) == ("max.dim", 0)


def test_thousands_of_lines_are_read_and_written_back() -> None:
    lines = ["x0 = a * 1.5", *(f"x{i} = x{i - 1} + sin(a)" for i in range(1, 2500))]
    graph = graph_from_source("\n".join(lines))
    assert formula(graph).splitlines()[-1] == "x2499 = x2498 + sin(a)"


def test_a_name_given_again_leaves_the_one_before_and_only_one_node_bears_it() -> None:
    graph = graph_from_source("a = 2.0\nx = a\nx = sin(a)\nx = cos(x)\na = exp(x)\nJ = a + x")
    assert sorted(n.name for n in graph.nodes.values()) == ["J", "a", "sin1", "tensor1", "x"]
    assert sources(graph, "J") == ["a", "x"]
    assert named(graph, "x").op == "cos"


def test_a_long_text_of_one_name_is_read_in_time() -> None:
    start = time.perf_counter()
    sketch = parse("x = 1.0\n" * 15_000)
    assert time.perf_counter() - start < 15, "the time grows with the square of the length"
    assert sketch is not None
