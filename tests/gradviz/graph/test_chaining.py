"""A selection wired with one key."""

import pytest

from gradviz.graph import AddNode, Graph, GraphError, Node, Wire, compose
from gradviz.graph.chaining import connect_all


def graph_of(*ops: str) -> Graph:
    """Nodes from left to right, unwired; each called by its place and operation."""
    graph = Graph()
    for place, op in enumerate(ops):
        name = f"{op}{place}"
        attrs = {"data": 1.0} if op == "tensor" else {}
        graph.apply(AddNode(Node(name, op, name, position=(200.0 * place, 0.0), attrs=attrs)))
    return graph


def wires(graph: Graph) -> list[tuple[str, str, int]]:
    return [(w.source, w.target, w.port) for w in graph.wires]


def test_operations_become_a_chain_and_leaves_fill_what_comes_next():
    graph = graph_of("tensor", "tensor", "mul", "sin")
    edit = connect_all(graph, graph.nodes)
    graph.apply(edit)
    assert wires(graph) == [
        ("tensor0", "mul2", 0), ("tensor1", "mul2", 1), ("mul2", "sin3", 0),
    ]  # fmt: skip
    assert edit.label == "Connect 3 nodes"


def test_a_list_of_inputs_takes_as_many_as_come():
    graph = graph_of("tensor", "tensor", "tensor", "stack")
    graph.apply(connect_all(graph, graph.nodes))
    assert [port for _, _, port in wires(graph)] == [0, 1, 2]


def test_typed_numbers_and_wires_that_are_there_stay():
    graph = graph_of("tensor", "tensor", "mul", "add")
    graph.apply(compose.set_literal(graph, "mul2", 0, 3.0))
    graph.apply(compose.connect(graph, "mul2", 0, "add3", 1))
    graph.apply(connect_all(graph, graph.nodes))
    assert graph.nodes["mul2"].literals == {0: 3.0}
    assert set(wires(graph)) == {
        ("tensor0", "mul2", 1), ("tensor1", "add3", 0), ("mul2", "add3", 1),
    }  # fmt: skip


def test_no_cycle_is_made_and_the_reason_is_said_where_nothing_fits():
    graph = graph_of("sin", "cos")
    graph.apply(compose.connect(graph, "cos1", 0, "sin0", 0))
    with pytest.raises(GraphError, match="nothing to connect"):
        connect_all(graph, graph.nodes)
    assert list(graph.wires) == [Wire("cos1", "sin0", 0)]


def test_a_free_input_to_the_left_is_taken_where_there_is_none_to_the_right():
    graph = graph_of("tensor", "sin", "cos")
    graph.apply(compose.connect(graph, "tensor0", 0, "cos2", 0))
    graph.apply(connect_all(graph, ["sin1", "cos2"]))
    assert ("cos2", "sin1", 0) in wires(graph)
