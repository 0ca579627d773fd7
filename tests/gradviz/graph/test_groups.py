"""Groups: what they hold, what crosses their border, and when one may not be a single card."""

import pytest

from gradviz.files import FileError, copy, dumps, loads, paste
from gradviz.graph import ChangeGroups, Graph, GraphError, Group, Wire, compose, grouping, splicing
from gradviz.graph.borders import border
from gradviz.graph.groups import by_name, hidden_in, members_of
from gradviz.graph.pieces import duplicate
from gradviz.program import parse

SOURCE = """
x = torch.tensor(2.0, requires_grad=True)
a = torch.sin(x)
b = torch.cos(a)
c = a * b
d = torch.exp(c)
"""


def graph_of() -> Graph:
    return written(SOURCE)


def written(source: str) -> Graph:
    graph = Graph()
    graph.apply(parse(source))
    return graph


def ids(graph: Graph, *names: str) -> list[str]:
    found = [graph.named(name) for name in names]
    return [node.id for node in found if node is not None]


def grouped(graph: Graph, name: str, *names: str) -> str:
    change = graph.apply(grouping.make_group(graph, ids(graph, *names), name))
    return next(after.id for before, after in change.groups if before is None and after)


def names_in(graph: Graph, group_id: str) -> set[str]:
    return {graph.node(i).name for i in members_of(graph, group_id)}


def test_a_selection_becomes_a_group_and_its_values_stay() -> None:
    graph = graph_of()
    before = graph.evaluate().value(ids(graph, "d")[0])
    group = grouped(graph, "middle", "a", "b")
    assert names_in(graph, group) == {"a", "b"}
    assert graph.groups[group] == Group(group, "middle", frozenset(ids(graph, "a", "b")))
    after = graph.evaluate().value(ids(graph, "d")[0])
    assert before is not None and after is not None and before.item() == after.item()


def test_a_group_of_a_group_and_more_lies_around_it_and_one_within_lies_inside() -> None:
    graph = graph_of()
    inner = grouped(graph, "inner", "a", "b")
    outer = grouped(graph, "outer", "a", "b", "c")
    assert graph.groups[inner].parent == outer
    assert graph.groups[outer].members == frozenset(ids(graph, "c"))
    inmost = grouped(graph, "inmost", "b")
    assert graph.groups[inmost].parent == inner
    assert by_name(graph) == {
        "inner": frozenset(ids(graph, "a", "b")),
        "outer": frozenset(ids(graph, "a", "b", "c")),
        "inmost": frozenset(ids(graph, "b")),
    }


def test_a_selection_across_a_border_takes_its_nodes_out_of_the_other_group() -> None:
    graph = graph_of()
    first = grouped(graph, "first", "a", "b")
    second = grouped(graph, "second", "b", "c")
    assert names_in(graph, first) == {"a"} and names_in(graph, second) == {"b", "c"}


def test_ungrouping_leaves_nodes_and_inner_groups_where_the_group_was() -> None:
    graph = graph_of()
    inner = grouped(graph, "inner", "b")
    middle = grouped(graph, "middle", "a", "b")
    outer = grouped(graph, "outer", "a", "b", "c")
    graph.apply(grouping.ungroup(graph, [middle]))
    assert graph.groups[inner].parent == outer
    assert graph.groups[outer].members == frozenset(ids(graph, "a", "c"))


def test_what_crosses_the_border_are_the_ports_of_a_collapsed_group() -> None:
    graph = graph_of()
    x, a, b, c, d = ids(graph, "x", "a", "b", "c", "d")
    group = grouped(graph, "g", "b", "c")
    found = border(graph, members_of(graph, group))
    (source, readers), = found.inputs  # fmt: skip
    assert source == (a, 0) and set(readers) == {(b, 0), (c, 0)}
    assert found.outputs == ((c, 0),)
    graph.apply(compose.disconnect(graph, Wire(a, b, 0)))
    found = border(graph, members_of(graph, group))
    assert found.inputs == (((a, 0), ((c, 0),)), (None, ((b, 0),)))
    assert border(graph, frozenset([x, d])).outputs == ((x, 0), (d, 0))


def test_a_group_that_would_be_on_a_cycle_of_cards_cannot_be_collapsed() -> None:
    graph = graph_of()
    group = grouped(graph, "ends", "a", "c")
    before = dumps(graph)
    with pytest.raises(GraphError, match=r"'ends'.* read 'b' and be read by it.*take 'b' into"):
        graph.apply(grouping.collapse(graph, [group]))
    assert dumps(graph) == before
    graph.apply(grouping.add_to_group(graph, group, ids(graph, "b")))
    graph.apply(grouping.collapse(graph, [group]))
    assert set(hidden_in(graph.groups)) == set(ids(graph, "a", "b", "c"))


def test_two_groups_that_read_each_other_cannot_both_be_collapsed() -> None:
    graph = written("x = torch.tensor(1.)\ny = torch.tensor(2.)\np = x.sin()\nq = y.sin()\n")
    one, other = grouped(graph, "one", "x", "q"), grouped(graph, "other", "y", "p")
    graph.apply(grouping.collapse(graph, [one]))
    with pytest.raises(GraphError, match="'o"):
        graph.apply(grouping.collapse(graph, [other]))


def test_a_wire_that_closes_a_cycle_through_a_collapsed_group_is_refused() -> None:
    graph = written("x = torch.tensor(1.)\np = x.sin()\ny = torch.tensor(2.)\nq = y.cos()\n")
    group = grouped(graph, "pair", "p", "y")
    graph.apply(grouping.collapse(graph, [group]))
    p, _y, q, x = ids(graph, "p", "y", "q", "x")
    graph.apply(compose.disconnect(graph, Wire(x, p, 0)))
    assert "collapsed group 'pair'" in (compose.why_not(graph, Wire(q, p, 0)) or "")
    graph.apply(grouping.expand(graph, [group]))
    assert compose.why_not(graph, Wire(q, p, 0)) is None


def test_expanding_brings_to_light_what_can_be_shown() -> None:
    graph = graph_of()
    inner = grouped(graph, "inner", "b")
    outer = grouped(graph, "outer", "a", "b", "c")
    graph.apply(grouping.collapse(graph, [inner, outer]))
    # While the outer card hides it, the inner one may be of any form.
    graph.apply(grouping.add_to_group(graph, inner, ids(graph, "c")))
    graph.apply(grouping.expand(graph, [outer]))
    assert not graph.groups[outer].collapsed
    assert set(hidden_in(graph.groups)) == set(ids(graph, "b", "c"))


def test_deleting_takes_nodes_out_of_groups_and_undo_puts_them_back() -> None:
    graph = graph_of()
    inner, outer = grouped(graph, "inner", "b"), grouped(graph, "outer", "a", "b")
    before = dumps(graph)
    edit = compose.delete(graph, ids(graph, "b"))
    graph.apply(edit)
    assert inner not in graph.groups and names_in(graph, outer) == {"a"}
    graph.apply(edit.inverse())
    assert dumps(graph) == before


def test_copies_of_whole_groups_are_groups_and_other_copies_join() -> None:
    graph = graph_of()
    group = grouped(graph, "pair", "a", "b")
    graph.apply(duplicate(graph, ids(graph, "a", "b", "c")))
    (copied,) = set(graph.groups) - {group}
    assert graph.groups[copied].name == "pair" and names_in(graph, copied) == {"a1", "b1"}
    graph.apply(duplicate(graph, ids(graph, "a")))
    assert names_in(graph, group) == {"a", "b", "a2"}
    other = Graph()
    other.apply(paste(other, copy(graph, ids(graph, "a1", "b1")), (0.0, 0.0)))
    (pasted,) = other.groups.values()
    assert pasted.name == "pair" and names_in(other, pasted.id) == {"a1", "b1"}
    third = Graph()
    third.apply(paste(third, copy(graph, ids(graph, "a1")), (0.0, 0.0)))
    assert not third.groups


def test_a_node_inserted_on_a_wire_within_a_group_is_in_it() -> None:
    graph = graph_of()
    group = grouped(graph, "pair", "a", "b")
    a, b, c = ids(graph, "a", "b", "c")
    graph.apply(splicing.insert_on_wire(graph, Wire(a, b, 0), "neg", (0, 0), name="inside"))
    graph.apply(splicing.insert_on_wire(graph, Wire(b, c, 1), "neg", (0, 0), name="outside"))
    assert names_in(graph, group) == {"a", "b", "inside"}


def test_taking_out_moves_a_node_one_group_outward() -> None:
    graph = graph_of()
    inner, outer = grouped(graph, "inner", "a", "b"), grouped(graph, "outer", "a", "b", "c")
    graph.apply(grouping.take_out(graph, ids(graph, "a", "c")))
    assert names_in(graph, inner) == {"b"} and names_in(graph, outer) == {"a", "b"}


def test_a_file_without_groups_says_nothing_of_them_and_one_with_groups_reads_back() -> None:
    graph = graph_of()
    plain = dumps(graph)
    assert '"groups"' not in plain
    inner, _ = grouped(graph, "inner", "a"), grouped(graph, "outer 2", "a", "b", "c")
    graph.apply(grouping.collapse(graph, [inner]))
    graph.apply(grouping.colour_group(graph, inner, "leaf"))
    text = dumps(graph)
    again = loads(text)
    assert dict(again.groups) == dict(graph.groups) and dumps(again) == text
    graph.apply(grouping.ungroup(graph, list(graph.groups)))
    assert dumps(graph) == plain


def entry(**changes: object) -> Group:
    return Group("g9", "new", frozenset({"n1"})).changed(**changes)


@pytest.mark.parametrize(
    ("group", "said"),
    [
        (entry(id="g 9"), "an id is"),
        (entry(name=""), "one line of 1 to"),
        (entry(name="two\nlines"), "one line of 1 to"),
        (entry(members=frozenset({"n77"})), "there is no node 'n77'"),
        (entry(members=frozenset()), "it would hold no node"),
        (entry(members=frozenset({"n2"})), "'a' is in 'g' already"),
        (entry(parent="g77"), "there is no group 'g77'"),
        (entry(parent="g9"), "within itself"),
        (entry(colour="pinkish"), "'pinkish' is no category"),
    ],
)
def test_what_is_wrong_with_a_group_is_said(group: Group, said: str) -> None:
    graph = graph_of()
    grouped(graph, "g", "a")
    before = dumps(graph)
    with pytest.raises(GraphError, match=said):
        graph.apply(ChangeGroups((), (group,)))
    assert dumps(graph) == before


@pytest.mark.parametrize(
    ("groups", "said"),
    [
        ('[{"id": "g1", "name": "g", "members": ["n77"]}]', r"groups\[0\].members: there is no"),
        ('[{"id": "g1", "name": "g", "members": ["n2"]}, {"id": "g1", "name": "h"}]', "this id"),
        ('[{"id": "g1", "name": "g", "size": 3}]', r"groups\[0\]"),
        (
            '[{"id": "g1", "name": "g", "parent": "g2"},'
            ' {"id": "g2", "name": "h", "parent": "g1"}]',
            "within itself",
        ),
    ],
)
def test_groups_of_a_file_are_not_believed(groups: str, said: str) -> None:
    text = dumps(graph_of()).replace('  "output"', f'  "groups": {groups},\n  "output"')
    with pytest.raises(FileError, match=said):
        loads(text)


def test_a_formula_that_drops_a_node_takes_it_out_of_its_group() -> None:
    graph = graph_of()
    group = grouped(graph, "tail", "c", "d")
    edit = parse(SOURCE.replace("d = torch.exp(c)", ""), graph)
    before = dumps(graph)
    graph.apply(edit)
    assert names_in(graph, group) == {"c"}
    graph.apply(edit.inverse())
    assert dumps(graph) == before
