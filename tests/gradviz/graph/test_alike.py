"""Which groups are of the same structure."""

import pytest

from gradviz.graph import Graph, compose, grouping
from gradviz.graph.alike import alike
from gradviz.graph.pieces import duplicate, insert
from gradviz.layers import LAYERS, make_layer
from gradviz.program import parse


def written(source: str) -> Graph:
    graph = Graph()
    graph.apply(parse(source))
    return graph


def grouped(graph: Graph, *names: str) -> str:
    before = set(graph.groups)
    ids = [node.id for node in map(graph.named, names) if node is not None]
    graph.apply(grouping.make_group(graph, ids))
    (made,) = set(graph.groups) - before
    return made


@pytest.mark.parametrize(
    ("second", "same"),
    [
        ("c = torch.sin(y)\nd = torch.cos(c) * c", True),
        ("c = torch.cos(y)\nd = torch.sin(c) * c", False),
        ("c = torch.sin(y)\nd = torch.cos(c) * y", False),
        ("c = torch.sin(y)\nd = torch.cos(y) * c", False),
        ("c = torch.sin(y)\nd = torch.cos(c) + c", False),
    ],
)
def test_groups_are_alike_where_the_same_is_done_the_same_way(second, same):
    graph = written(
        "x = torch.tensor(2.0)\ny = torch.tensor(3.0)\n"
        f"a = torch.sin(x)\nb = torch.cos(a) * a\n{second}"
    )
    names = {n.name for n in graph.nodes.values()}
    inner = [n for n in names if n not in ("x", "y")]
    upstream = graph.upstream([node.id for node in [graph.named("b")] if node])
    one = [n for n in inner if graph.ids_by_name[n] in upstream]
    first = grouped(graph, *one)
    other = grouped(graph, *(n for n in inner if n not in one))
    assert (other in alike(graph, first)) == same
    assert (first in alike(graph, other)) == same


def test_values_names_and_places_do_not_count_but_shapes_do():
    graph = Graph()
    layer = LAYERS["Linear"]
    for values in ({"seed": 1}, {"seed": 2}, {"seed": 2, "out_features": 5}):
        graph.apply(insert(graph, make_layer(layer, {**layer.defaults, **values}), (0.0, 0.0)))
    one, two, three = graph.groups
    graph.apply(grouping.rename_group(graph, two, "other"))
    graph.apply(compose.add(graph, "tensor", name="x"))
    assert alike(graph, one) == [two] and alike(graph, two) == [one] and alike(graph, three) == []


@pytest.mark.parametrize(
    ("second", "same"),
    [("d = b.unfold(0, 2, 1)", True), ("d = b.unfold(0, 2, 2)", False)],
)
def test_settings_of_operations_count_and_those_of_a_slider_do_not(second, same):
    leaves = "a = torch.tensor([1., 2., 3.])\nb = torch.tensor([4., 5., 6.])\n"
    graph = written(f"{leaves}c = a.unfold(0, 2, 1)\n{second}")
    graph.apply(compose.set_attr(graph, graph.ids_by_name["a"], "log", True))
    graph.apply(compose.set_attr(graph, graph.ids_by_name["a"], "source", "/a.npy"))
    first = grouped(graph, "a", "c")
    assert (grouped(graph, "b", "d") in alike(graph, first)) == same


def test_a_wired_copy_and_one_within_another_group_are_alike_still():
    graph = written("x = torch.tensor(2.0)\na = torch.sin(x)\nb = torch.cos(a)")
    first = grouped(graph, "a", "b")
    graph.apply(duplicate(graph, graph.groups[first].members))
    (second,) = set(graph.groups) - {first}
    graph.apply(grouping.make_group(graph, graph.groups[second].members))
    assert alike(graph, first)[0] == second
    assert first not in alike(graph, first)


def test_what_was_found_is_kept_for_the_next_time():
    graph = written("x = torch.tensor(2.0)\na = torch.sin(x)\nb = torch.cos(a)\nc = torch.sin(b)")
    one, other = grouped(graph, "a"), grouped(graph, "c")
    known = {}
    assert alike(graph, one, known) == [other] and set(known) == {one, other}
