"""Ports of groups that somebody named, placed, showed or hid."""

import pytest

from gradviz.files import FileError, copy, dumps, loads, paste
from gradviz.graph import ChangeGroups, Graph, GraphError, Wire, compose, group_ports, grouping
from gradviz.graph.borders import border_of
from gradviz.graph.groups import GroupPort
from gradviz.program import parse

SOURCE = """
x = torch.tensor(2.0, requires_grad=True)
y = torch.tensor(3.0)
a = torch.sin(x)
b = a * y
c = torch.cos(b)
d = torch.exp(c)
"""


@pytest.fixture
def graph() -> Graph:
    graph = Graph()
    graph.apply(parse(SOURCE))
    for name, at in zip("xyabcd", range(6), strict=True):
        graph.apply(compose.move(graph, {i(graph, name): (0.0, 50.0 * at)}))
    graph.apply(grouping.make_group(graph, [i(graph, n) for n in "abc"], "g"))
    return graph


def i(graph: Graph, name: str) -> str:
    node = graph.named(name)
    assert node is not None
    return node.id


def shown(graph: Graph, side: group_ports.Side = "inputs") -> list[str]:
    return [port.name for port in group_ports.shown_ports(graph, "g1", side)]


def test_ports_are_called_after_what_reads_them_until_somebody_names_them(graph):
    assert shown(graph) == ["input", "other"] and shown(graph, "outputs") == ["c"]
    graph.apply(group_ports.rename_port(graph, "g1", "inputs", 1, "  the   factor "))
    assert shown(graph) == ["input", "the factor"]
    graph.apply(group_ports.move_port(graph, "g1", "inputs", 1, -1))
    assert shown(graph) == ["the factor", "input"]
    assert border_of(graph, "g1").inputs[0] == ((i(graph, "y"), 0), ((i(graph, "b"), 1),))
    assert dumps(loads(dumps(graph))) == dumps(graph)


def test_an_undone_edit_of_ports_leaves_the_file_as_it_was(graph):
    before = dumps(graph)
    edit = group_ports.rename_port(graph, "g1", "outputs", 0, "result")
    graph.apply(edit)
    assert shown(graph, "outputs") == ["result"]
    graph.apply(edit.inverse())
    assert dumps(graph) == before


def test_what_only_members_read_can_be_shown_and_taken_off_again(graph):
    wanted = group_ports.ports(graph, "g1", "outputs")
    assert [(p.name, p.shown) for p in wanted] == [("c", True), ("a", False), ("b", False)]
    graph.apply(group_ports.set_ports(graph, "g1", "outputs", [
        GroupPort("inside", wanted[1].ends), wanted[0]]))  # fmt: skip
    assert shown(graph, "outputs") == ["inside", "c"]
    graph.apply(group_ports.hide_port(graph, "g1", "outputs", 0))
    assert shown(graph, "outputs") == ["c"]


def test_a_hidden_port_is_seen_where_a_wire_comes_to_it_and_one_output_always_stays(graph):
    graph.apply(group_ports.hide_port(graph, "g1", "inputs", 0))
    assert shown(graph) == ["input", "other"]
    graph.apply(compose.disconnect(graph, Wire(i(graph, "x"), i(graph, "a"), 0)))
    assert shown(graph) == ["other"]
    graph.apply(compose.delete(graph, [i(graph, "d")]))
    graph.apply(group_ports.hide_port(graph, "g1", "outputs", 0))
    assert shown(graph, "outputs") == ["c"]


def test_one_input_for_several_ports_is_one_until_different_wires_come_to_them(graph):
    a, b = i(graph, "a"), i(graph, "b")
    for wire in list(graph.wires):
        if wire.target in (a, b) and wire.source in (i(graph, "x"), i(graph, "y")):
            graph.apply(compose.disconnect(graph, wire))
    graph.apply(group_ports.set_ports(
        graph, "g1", "inputs", [GroupPort("both", ((a, 0), (b, 1)))]))  # fmt: skip
    assert border_of(graph, "g1").inputs == ((None, ((a, 0), (b, 1))),)
    graph.apply(compose.connect(graph, i(graph, "x"), 0, a, 0))
    assert shown(graph) == ["both", "both"]
    graph.apply(compose.connect(graph, i(graph, "x"), 0, b, 1))
    assert shown(graph) == ["both"]


def test_a_member_that_leaves_takes_its_ports_with_it(graph):
    graph.apply(group_ports.rename_port(graph, "g1", "outputs", 0, "result"))
    graph.apply(grouping.take_out(graph, [i(graph, "c")]))
    assert graph.groups["g1"].outputs == ()
    graph.apply(group_ports.rename_port(graph, "g1", "inputs", 0, "left"))
    graph.apply(compose.delete(graph, [i(graph, "a")]))
    assert [port.name for port in graph.groups["g1"].inputs] == ["other"]


def test_a_copy_has_the_ports_of_its_original(graph):
    graph.apply(group_ports.rename_port(graph, "g1", "inputs", 0, "left"))
    text = copy(graph, [i(graph, name) for name in "abc"])
    graph.apply(paste(graph, text, (300.0, 0.0)))
    (other,) = (g for g in graph.groups.values() if g.id != "g1")
    assert [port.name for port in other.inputs] == ["left", "other"]
    assert {end[0] for port in other.inputs for end in port.ends} <= other.members


@pytest.mark.parametrize(
    ("side", "ports", "said"),
    [
        ("inputs", (GroupPort("", (("n3", 0),)),), "one line"),
        ("inputs", (GroupPort("p", ()),), "that of a node"),
        ("outputs", (GroupPort("p", (("n3", 0), ("n4", 0))),), "that of a node"),
        ("inputs", (GroupPort("p", (("n1", 0),)),), "of no node in the group"),
        ("inputs", (GroupPort("p", (("n3", 0),)), GroupPort("q", (("n3", 0),))), "twice"),
    ],
)
def test_ports_that_cannot_be_are_refused_by_edits_and_files_alike(graph, side, ports, said):
    group = graph.groups["g1"]
    with pytest.raises(GraphError, match=said):
        graph.apply(ChangeGroups((group,), (group.changed(**{side: ports}),)))
    graph.groups_by_id["g1"] = group.changed(**{side: ports})
    with pytest.raises(FileError, match=rf"groups\[0\]\.{side}: .*{said}"):
        loads(dumps(graph))


def test_a_port_that_an_operation_no_longer_has_is_not_shown(graph):
    graph.apply(group_ports.rename_port(graph, "g1", "inputs", 1, "factor"))
    b = i(graph, "b")
    graph.apply(compose.disconnect(graph, Wire(i(graph, "y"), b, 1)))
    graph.apply(compose.replaced(graph.node(b), "", op="sin"))
    assert shown(graph) == ["input"]
