"""A node put into the middle of a wire: where it can be, and why it cannot elsewhere."""

import pytest

from gradviz.files import dumps
from gradviz.graph import Graph, GraphError, Wire, compose, grouping
from gradviz.graph.splicing import splice
from gradviz.program import formula, graph_from_source


@pytest.fixture
def graph() -> Graph:
    made = graph_from_source("y = sin(a)\nz = exp(y)")
    made.apply(compose.add(made, "mul", (0.0, 0.0), name="m"))
    return made


def between(graph: Graph, source: str, target: str) -> Wire:
    wires = graph.inputs(graph.ids_by_name[target]).values()
    return next(w for w in wires if w.source == graph.ids_by_name[source])


def test_the_wire_is_led_through_the_first_free_input_and_undone(graph):
    ids = graph.ids_by_name
    graph.apply(compose.set_literal(graph, ids["m"], 0, 3))
    before = dumps(graph)
    edit = splice(graph, ids["m"], between(graph, "y", "z"))
    graph.apply(edit)
    assert "m = 3 * y\nz = exp(m)" in formula(graph) and edit.label == "Insert m"
    graph.apply(edit.inverse())
    assert dumps(graph) == before


def test_it_joins_the_group_that_holds_both_ends(graph):
    ids = graph.ids_by_name
    graph.apply(grouping.make_group(graph, [ids["y"], ids["z"]], "pair"))
    graph.apply(splice(graph, ids["m"], between(graph, "y", "z")))
    assert graph.group_of[ids["m"]] == graph.group_of[ids["y"]]


def test_why_it_cannot_be_there(graph):
    ids = graph.ids_by_name
    wire = between(graph, "y", "z")
    with pytest.raises(GraphError, match="'a' is read by another node"):
        splice(graph, ids["a"], wire)
    graph.apply(compose.connect(graph, ids["z"], 0, ids["m"], 0))
    with pytest.raises(GraphError, match="cycle"):
        splice(graph, ids["m"], wire)
    with pytest.raises(GraphError, match="no such wire"):
        splice(graph, ids["m"], Wire(ids["a"], ids["z"], 0))
    graph.apply(compose.disconnect(graph, between(graph, "z", "m")))
    for port in (0, 1):
        graph.apply(compose.set_literal(graph, ids["m"], port, 2))
    with pytest.raises(GraphError, match="no free input"):
        splice(graph, ids["m"], wire)
