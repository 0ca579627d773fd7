"""What people do to a graph, one thing at a time."""

import numpy as np
import pytest

from gradviz.graph import Graph, GraphError, SetSettings, Settings, Wire, compose, splicing
from gradviz.graph.pieces import duplicate
from gradviz.ops.table import OPS


def graph_of(*ops: str) -> Graph:
    graph = Graph()
    for op in ops:
        graph.apply(compose.add(graph, op))
    return graph


def connect(graph: Graph, source: str, target: str, port: int = 0) -> None:
    graph.apply(compose.connect(graph, source, 0, target, port))


def sources(graph: Graph, target: str) -> dict[int, str]:
    return {port: w.source for port, w in sorted(graph.inputs(target).items())}


def test_a_new_number_requires_a_gradient_and_has_a_slider() -> None:
    node = graph_of("tensor").node("n1")
    assert (node.name, node.attrs["data"].tolist(), node.attrs["data"].dtype) == ("x", 1, "float32")
    assert node.attrs["requires_grad"] and node.attrs["low"] < 1 < node.attrs["high"]


@pytest.mark.parametrize("op", [name for name, op in OPS.items() if op.addable])
def test_every_operation_can_be_added(op: str) -> None:
    graph = graph_of(op, op)
    assert [n.op for n in graph.nodes.values()] == [op, op]


def test_unknown_operations_and_settings_are_refused_with_a_hint() -> None:
    graph = graph_of("sum")
    with pytest.raises(GraphError, match="no operation 'matmull'; did you mean 'matmul'"):
        compose.add(graph, "matmull")
    with pytest.raises(GraphError, match="'sum' has no setting 'axis'"):
        compose.set_attr(graph, "n1", "axis", 0)
    with pytest.raises(GraphError, match="keepdim of 'sum' must be true or false, not 7"):
        compose.set_attr(graph, "n1", "keepdim", 7)
    with pytest.raises(GraphError, match="only a leaf's value can be set"):
        compose.set_value(graph, "n1", 2.0)


def test_a_setting_at_its_default_is_not_kept() -> None:
    graph = graph_of("add")
    graph.apply(compose.set_attr(graph, "n1", "alpha", np.float64(2.0)))
    assert dict(graph.node("n1").attrs) == {"alpha": 2.0}
    graph.apply(compose.set_attr(graph, "n1", "alpha", 1))
    assert not graph.node("n1").attrs


def test_a_number_set_on_a_leaf_keeps_its_type() -> None:
    graph = graph_of("tensor")
    graph.apply(compose.set_value(graph, "n1", 2))
    assert graph.node("n1").attrs["data"].dtype == np.float32
    given = np.arange(3)
    graph.apply(compose.set_value(graph, "n1", given))
    given[0] = 9
    held = graph.node("n1").attrs["data"]
    assert held.tolist() == [0, 1, 2] and not held.flags.writeable


def test_a_leaf_of_whole_numbers_refuses_what_it_cannot_hold() -> None:
    graph = graph_of("tensor")
    graph.apply(compose.set_value(graph, "n1", np.array([1, 2])))
    for number in (2.5, float("nan"), float("inf")):
        with pytest.raises(GraphError, match="is int64, which holds whole numbers only"):
            compose.set_value(graph, "n1", number)
        with pytest.raises(GraphError, match="choose another dtype first"):
            compose.set_element(graph, "n1", (0,), number)
    graph.apply(compose.set_element(graph, "n1", (0,), 3.0))
    assert graph.node("n1").setting("data").tolist() == [3, 2]
    graph.apply(compose.set_value(graph, "n1", np.array(7, np.uint8)))
    with pytest.raises(GraphError, match="uint8, which holds 0 to 255 only"):
        compose.set_value(graph, "n1", 256)


def test_once_another_type_is_chosen_fractions_are_taken() -> None:
    graph = graph_of("tensor")
    graph.apply(compose.set_value(graph, "n1", np.array([1, 2])))
    graph.apply(compose.set_attr(graph, "n1", "dtype", "float64"))
    graph.apply(compose.set_element(graph, "n1", (1,), 2.5))
    held = graph.node("n1").setting("data")
    assert (held.dtype, held.tolist()) == (np.float64, [1, 2.5])


def test_connecting_replaces_what_is_on_the_port() -> None:
    graph = graph_of("tensor", "tensor", "add")
    graph.apply(compose.set_literal(graph, "n3", 0, 2.0))
    connect(graph, "n1", "n3")
    assert sources(graph, "n3") == {0: "n1"} and not graph.node("n3").literals
    change = graph.apply(compose.connect(graph, "n2", 0, "n3", 0))
    assert (change.wired, change.unwired) == ((Wire("n2", "n3", 0),), (Wire("n1", "n3", 0),))
    assert not compose.connect(graph, "n2", 0, "n3", 0).edits


def test_a_variadic_port_has_no_gaps() -> None:
    graph = graph_of("tensor", "tensor", "tensor", "cat")
    for i in (1, 2, 3):
        connect(graph, f"n{i}", "n4", 99)
    assert sources(graph, "n4") == {0: "n1", 1: "n2", 2: "n3"}
    graph.apply(compose.disconnect(graph, Wire("n1", "n4", 0)))
    assert sources(graph, "n4") == {0: "n2", 1: "n3"}
    graph.apply(compose.swap_inputs(graph, "n4"))
    assert sources(graph, "n4") == {0: "n3", 1: "n2"}
    connect(graph, "n1", "n4")
    assert sources(graph, "n4") == {0: "n1", 1: "n2"}
    graph.apply(compose.delete(graph, ["n1"]))
    assert sources(graph, "n4") == {0: "n2"}
    with pytest.raises(GraphError, match="before input 4 must be wired first"):
        graph.apply(compose.AddWire(Wire("n3", "n4", 3)))
    connect(graph, "n3", "n4", 1)
    with pytest.raises(GraphError, match="after input 1 must go first"):
        graph.apply(compose.RemoveWire(Wire("n2", "n4", 0)))


def test_deleting_reconnects_what_read_it() -> None:
    graph = graph_of("tensor", "sin", "cos", "add")
    for source, target, port in (
        ("n1", "n2", 0),
        ("n2", "n3", 0),
        ("n3", "n4", 0),
        ("n1", "n4", 1),
    ):
        connect(graph, source, target, port)
    graph.apply(compose.set_output(graph, "n3"))
    batch = compose.delete_and_reconnect(graph, ["n3", "n2"])
    graph.apply(batch)
    assert sources(graph, "n4") == {0: "n1", 1: "n1"}
    assert graph.settings.output == "n1"
    graph.apply(batch.inverse())
    assert (sources(graph, "n4"), graph.settings.output) == ({0: "n3", 1: "n1"}, "n3")
    graph.apply(compose.delete(graph, ["n3"]))
    assert (sources(graph, "n4"), graph.settings.output) == ({1: "n1"}, None)


def test_inserting_on_a_wire_keeps_both_ends() -> None:
    graph = graph_of("tensor", "add")
    connect(graph, "n1", "n2", 1)
    graph.apply(splicing.insert_on_wire(graph, Wire("n1", "n2", 1), "sin", (3.0, 4.0)))
    assert (sources(graph, "n3"), sources(graph, "n2")) == ({0: "n1"}, {1: "n3"})
    with pytest.raises(GraphError, match="no such wire"):
        splicing.insert_on_wire(graph, Wire("n1", "n2", 1), "sin", (3.0, 4.0))


def test_swapping_exchanges_numbers_too() -> None:
    graph = graph_of("tensor", "sub")
    connect(graph, "n1", "n2")
    graph.apply(compose.set_literal(graph, "n2", 1, 3))
    graph.apply(compose.swap_inputs(graph, "n2"))
    assert (sources(graph, "n2"), dict(graph.node("n2").literals)) == ({1: "n1"}, {0: 3})


def test_a_duplicate_reads_what_the_original_reads() -> None:
    graph = graph_of("tensor", "sin", "cos")
    connect(graph, "n1", "n2")
    connect(graph, "n2", "n3")
    graph.apply(duplicate(graph, ["n3", "n2"]))
    assert (sources(graph, "n4"), sources(graph, "n5")) == ({0: "n1"}, {0: "n4"})
    assert [graph.node(i).name for i in ("n4", "n5")] == ["sin1", "cos1"]


@pytest.mark.parametrize(
    ("wire", "reason"),
    [
        (Wire("n3", "n2", 0), "'cos' already depends on 'sin': this wire would close a cycle"),
        (Wire("n2", "n2", 0), "'sin' cannot read its own result"),
        (Wire("n3", "n4", 0), "input 'input' of 'add' has a wire already"),
        (Wire("n3", "n4", 1), "input 'other' of 'add' holds a number"),
        (Wire("n3", "n4", 2), "'add' has no input 3: add takes 2"),
        (Wire("n2", "n1", 0), "'x' takes no inputs"),
        (Wire("n2", "n4", 1, 3), "'sin' has no output 4"),
        (Wire("n9", "n4", 1), "there is no node 'n9'"),
        (Wire("n2", "n5", 1), None),
    ],
)
def test_a_port_says_why_not(wire: Wire, reason: str | None) -> None:
    graph = graph_of("tensor", "sin", "cos", "add", "add")
    for source, target in (("n1", "n2"), ("n2", "n3"), ("n1", "n4")):
        connect(graph, source, target)
    graph.apply(compose.set_literal(graph, "n4", 1, 2.0))
    said = compose.why_not(graph, wire)
    assert (said or "").startswith(reason or "") and (said is None) == (reason is None)
    replaceable = reason is None or "wire already" in reason or "number" in reason
    assert (compose.why_not(graph, wire, replacing=True) is None) == replaceable


def test_names_count_on() -> None:
    graph = graph_of("tensor", "tensor", "tensor")
    assert [n.name for n in graph.nodes.values()] == ["x", "x1", "x2"]
    for wish, name in (("x1", "x3"), ("θ", "θ"), ("2nd", "_2nd"), ("lambda", "lambda_"), ("", "_")):
        assert graph.free_name(wish) == name
    with pytest.raises(GraphError, match="another node is called 'x' already"):
        graph.apply(compose.rename(graph, "n2", "x"))


def test_taking_a_title_back_leaves_the_view() -> None:
    graph = Graph()
    titled = compose.set_title(graph, "Bowl")
    graph.apply(titled)
    graph.apply(compose.set_view(graph, {"zoom": 2.0}))
    graph.apply(titled.inverse())
    assert graph.settings == Settings(view={"zoom": 2.0})
    with pytest.raises(GraphError, match="the title has changed meanwhile"):
        graph.apply(SetSettings(Settings(title="a"), Settings(title="b")))
    with pytest.raises(GraphError, match="view: must be numbers, text, lists"):
        graph.apply(compose.set_view(graph, {"x": object()}))
