"""Frames and notes that belong to groups: they go where the group goes."""

import pytest

from gradviz.files import FileError, copy, dumps, loads, paste
from gradviz.graph import Graph, GraphError, belonging, compose, decorating, grouping, moving
from gradviz.graph.edits import Batch
from gradviz.graph.group_edits import ChangeGroups
from gradviz.graph.pieces import duplicate, part
from gradviz.program import graph_from_source, update


@pytest.fixture
def graph() -> Graph:
    """``p``, ``q`` in ``block``, ``q`` in ``head`` too; a note in each and a frame round ``p``."""
    made = graph_from_source("p = sin(a)\nq = cos(p)\ny = q * b")
    ids = {n.name: n.id for n in made.nodes_by_id.values()}
    places = {ids[n]: (300.0 * k, 0.0) for k, n in enumerate(("a", "p", "q", "b", "y"))}
    made.apply(compose.move(made, places))
    made.apply(grouping.make_group(made, [ids["q"]], "head"))
    made.apply(grouping.make_group(made, [ids["p"], ids["q"]], "block"))
    made.apply(decorating.add_note(made, (300, 200), (100, 50), "of the block", "g2"))
    made.apply(decorating.add_note(made, (600, 200), (100, 50), "of the head", "g1"))
    made.apply(decorating.add_frame(made, (280, -40), (200, 150), "sine", "g2"))
    made.apply(decorating.add_note(made, (0, 500), (100, 50), "of none"))
    return made


def ids(graph, *names):
    return [graph.named(name).id for name in names]


def homes(graph):
    return {i: box.group for i, box in graph.scenery.items()}


def undone(graph, edit):
    """Apply an edit, and hold that taking it back gives the same file; the edit stays applied."""
    before = dumps(graph)
    graph.apply(edit)
    after = dumps(graph)
    graph.apply(edit.inverse())
    assert dumps(graph) == before
    graph.apply(edit)
    assert dumps(graph) == after == dumps(loads(after))
    return edit


def test_a_file_keeps_what_they_belong_to_and_refuses_what_is_not_there(graph):
    assert loads(dumps(graph)).scenery == graph.scenery
    with pytest.raises(FileError, match=r"frames\[0\]\.group: there is no group 'g9'"):
        loads(dumps(graph).replace('"group": "g2"', '"group": "g9"'))
    older = dumps(graph).replace(', "group": "g2"', "").replace(', "group": "g1"', "")
    assert set(homes(loads(older)).values()) == {None}


def test_no_group_goes_while_it_holds_any(graph):
    group = graph.groups["g2"]
    with pytest.raises(GraphError, match="the group 'block' still holds frames or notes"):
        inner = graph.groups["g1"]
        graph.apply(ChangeGroups((group, inner), (inner.changed(parent=None),)))


def test_ungrouping_gives_them_to_where_the_group_was(graph):
    undone(graph, grouping.ungroup(graph, ["g1"]))
    assert homes(graph) == {"s1": "g2", "s2": "g2", "s3": "g2", "s4": None}
    undone(graph, grouping.ungroup(graph, ["g2"]))
    assert set(homes(graph).values()) == {None}


def test_a_new_group_takes_the_chosen_ones_and_leaves_those_of_groups_within_it(graph):
    chosen = ids(graph, "a", "p", "q")
    undone(graph, grouping.make_group(graph, chosen, "all", boxes=["s1", "s2", "s4"]))
    assert homes(graph) == {"s1": "g2", "s2": "g1", "s3": "g2", "s4": "g3"}


def test_they_go_with_the_last_node_of_a_group_that_is_deleted(graph):
    edit = undone(graph, compose.delete(graph, ids(graph, "q"), ["s4"]))
    assert edit.label == "Delete a node"
    assert homes(graph) == {"s1": "g2", "s3": "g2"}
    undone(graph, compose.delete_and_reconnect(graph, ids(graph, "p")))
    assert homes(graph) == {}


def test_nodes_frames_and_notes_are_added_to_a_group_that_is_there(graph):
    undone(graph, grouping.add_to_group(graph, "g1", ids(graph, "a", "p"), ["s3", "s4"]))
    assert homes(graph) == {"s1": "g2", "s2": "g1", "s3": "g1", "s4": "g1"}
    assert graph.groups["g1"].members == set(ids(graph, "a", "p", "q"))


def test_a_formula_that_takes_the_nodes_away_leaves_what_was_written_about_them(graph):
    undone(graph, update(graph, "y = a * b"))
    assert not graph.groups
    assert set(homes(graph)) == {"s1", "s2", "s3", "s4"} and set(homes(graph).values()) == {None}


def test_nodes_frames_and_notes_are_taken_out_together(graph):
    undone(graph, grouping.take_out(graph, ids(graph, "p"), ["s2", "s3", "s4"]))
    assert homes(graph) == {"s1": "g2", "s2": "g2", "s3": None, "s4": None}
    undone(graph, grouping.take_out(graph, ids(graph, "q")))
    assert homes(graph)["s2"] == "g2"


@pytest.mark.parametrize("pasted", [False, True])
def test_a_copied_group_has_its_own_and_a_part_of_one_only_what_was_chosen(graph, pasted):
    def copied(nodes, boxes):
        if pasted:
            return paste(graph, copy(graph, nodes, boxes), (0, 900))
        return duplicate(graph, nodes, boxes=boxes)

    undone(graph, copied(ids(graph, "q"), ["s1"]))
    joined = None if pasted else "g2"
    assert {i: g for i, g in homes(graph).items() if i > "s4"} == {"s5": joined, "s6": "g3"}
    assert graph.scenery["s6"].text == "of the head"
    before = set(graph.scenery)
    named = ids(graph, "p", "q") + [i for i in graph.groups["g2"].members if not pasted]
    undone(graph, copied({*named, *graph.groups["g3"].members} if not pasted else named, []))
    made = {i: box for i, box in graph.scenery.items() if i not in before}
    assert {box.group for box in made.values()}.isdisjoint({"g1", "g2", "g3", None})
    assert len(made) == (5 if not pasted else 3)


def test_a_part_keeps_groups_and_what_is_in_them(graph):
    piece = part(graph, ids(graph, "p", "q"))
    assert set(homes(piece).values()) == {"g1", "g2"} and len(piece.scenery) == 3
    assert part(graph, ids(graph, "p")).scenery == {}


def test_they_move_with_all_nodes_of_their_group_and_with_no_fewer(graph):
    nodes = graph.nodes_by_id
    there = {i: (nodes[i].position[0] + 10, nodes[i].position[1] + 5) for i in nodes}
    for names, moved in (("q", {"s2"}), ("p", set()), ("pq", {"s1", "s2", "s3"})):
        goals = {i: there[i] for i in ids(graph, *names)}
        edit = moving.move(graph, goals)
        before = {i: box.at for i, box in graph.scenery.items()}
        graph.apply(edit)
        after = {i: box.at for i, box in graph.scenery.items()}
        assert {i for i in after if after[i] != before[i]} == moved
        assert all(after[i] == (before[i][0] + 10, before[i][1] + 5) for i in moved)
        graph.apply(edit.inverse())
    apart = {i: (k * 7.0, 0.0) for k, i in enumerate(ids(graph, "p", "q"))}
    assert belonging.carried(graph, apart).keys() == {"s2"}
    assert belonging.carried(graph, {i: there[i] for i in ids(graph, "p", "q")}, "g2") == {
        "s2": (10.0, 5.0)
    }


def test_which_are_in_sight(graph):
    def seen(inside=None):
        return {i for i, g in homes(graph).items() if belonging.is_seen(graph.groups, inside, g)}

    assert seen() == {"s1", "s2", "s3", "s4"}
    graph.apply(grouping.collapse(graph, ["g1"]))
    assert seen() == {"s1", "s3", "s4"} and seen("g2") == {"s1", "s3"} and seen("g1") == {"s2"}
    graph.apply(grouping.collapse(graph, ["g2"]))
    assert seen() == {"s4"} and seen("g2") == {"s1", "s3"}


def test_what_lies_among_nodes_that_are_to_be_a_group(graph):
    a, p, b, y = ids(graph, "a", "p", "b", "y")
    graph.apply(decorating.add_frame(graph, (-20, -30), (240, 120), "round a"))
    graph.apply(decorating.add_note(graph, (850, 10), (60, 40), "between"))
    assert belonging.among(graph, [a, y]) == {"s5", "s6"}
    assert belonging.among(graph, [b, y]) == set()
    assert belonging.among(graph, [p], "g2") == {"s3"}
    assert belonging.among(graph, []) == set()


def test_home_is_the_inmost_group_that_holds_more_than_that(graph):
    p, q, a = ids(graph, "p", "q", "a")
    assert belonging.home_of(graph, [q]) == "g2"
    assert belonging.home_of(graph, [q], "g1") == "g1"
    assert belonging.home_of(graph, [p, q]) is None
    assert belonging.home_of(graph, [a, q], None) is None
    assert belonging.home_of(graph, [], "g2") == "g2"


def test_nothing_is_moved_by_a_batch_of_none(graph):
    assert moving.move(graph, {}) == Batch((), "Move 0 nodes")
