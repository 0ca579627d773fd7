"""Frames, notes, colours and dots on wires: edits that values know nothing of."""

import pytest

from gradviz.files import FileError, copy, dumps, loads, paste
from gradviz.graph import Graph, GraphError, Wire, compose, decorating, scenery
from gradviz.graph.edits import RemoveWire
from gradviz.graph.pieces import duplicate
from gradviz.graph.scenery import Frame, Note
from gradviz.program import update


@pytest.fixture
def graph(product: Graph) -> Graph:
    """A graph of three cards."""
    return product


def ids(graph, *names):
    return [graph.named(name).id for name in names]


def wire_into(graph, name, port):
    return graph.inputs(graph.named(name).id)[port]


def everything(graph):
    """A frame round ``a`` and ``b``, a note in it, a coloured node and a wire with two dots."""
    graph.apply(decorating.add_frame(graph, (-20, -40), (600, 300), "inputs"))
    graph.apply(decorating.add_note(graph, (10, 150), (120, 60), "the *rate* $\\eta$"))
    graph.apply(decorating.colour(graph, ids(graph, "a"), ["s1", "s2"], "teal"))
    graph.apply(decorating.lead(graph, wire_into(graph, "J", 0), [(250, 80), (420, 90)]))


def test_they_are_announced_and_taken_back_and_change_no_value(graph):
    before, seen = dumps(graph), []
    graph.subscribe(seen.append)
    edit = decorating.add_note(graph, (1, 2), (100, 50), "words")
    graph.apply(edit)
    ((was, now),) = seen[-1].scenery
    assert was is None
    assert now == Note("s1", "words", (1, 2), (100, 50))
    assert seen[-1].touched() == set()
    graph.apply(edit.inverse())
    assert dumps(graph) == before


def test_a_file_keeps_all_of_them(graph):
    everything(graph)
    again = loads(dumps(graph))
    assert again.scenery == graph.scenery
    named = again.named("a")
    assert named is not None and named.colour == "teal"
    assert dumps(again) == dumps(graph)


def test_the_way_of_the_wires_is_kept(graph):
    graph.apply(compose.set_flow(graph, "down"))
    assert loads(dumps(graph)).settings.flow == "down"
    with pytest.raises(GraphError, match="'up' is no way; use right or down"):
        graph.apply(compose.set_flow(graph, "up"))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('"colour": "teal"', '"colour": "blue"', "'blue' is no colour here; use slate, teal"),
        ('"size": [600, 300]', '"size": [6, 300]', r"frames\[0\]\.size: a size is at least 60 by"),
        ('"id": "s2"', '"id": "s1"', r"notes\[0\]\.id: another frame or note has this id"),
        ("[420, 90]", "[420, 1e10]", r"wires\[0\]\.dots: a dot is two numbers between"),
        ('"title": "inputs"', '"title": "a\\n b"', "a title is one line of at most 500"),
    ],
)
def test_what_is_wrong_in_a_file_is_named(graph, before, after, said):
    everything(graph)
    text = dumps(graph)
    assert before in text
    with pytest.raises(FileError, match=said):
        loads(text.replace(before, after))


def test_a_frame_holds_the_nodes_that_lie_in_it(graph):
    everything(graph)
    frame = graph.scenery["s1"]
    assert isinstance(frame, Frame)
    assert scenery.nodes_within(graph, frame) == set(ids(graph, "a", "b"))
    assert scenery.boxes_within(graph, frame) == {"s2"}
    graph.apply(compose.move(graph, {graph.named("b").id: (900.0, 0.0)}))
    assert scenery.nodes_within(graph, frame) == set(ids(graph, "a"))
    assert scenery.boxes_within(graph, frame) == {"s2"}


def test_two_frames_in_one_place_do_not_hold_each_other(graph):
    for _ in range(2):
        graph.apply(decorating.add_frame(graph, (0, 0), (200, 200)))
    assert scenery.boxes_within(graph, graph.scenery["s1"]) == set()


def test_no_wire_goes_while_it_has_dots_but_a_person_need_not_care(graph):
    everything(graph)
    wire = wire_into(graph, "J", 0)
    with pytest.raises(GraphError, match="the dots of the wire into 'J' must go first"):
        graph.apply(RemoveWire(wire))
    before = dumps(graph)
    edit = compose.delete(graph, ids(graph, "a"))
    graph.apply(edit)
    assert scenery.dots(graph, wire) == ()
    graph.apply(edit.inverse())
    assert dumps(graph) == before


def test_a_wire_that_comes_to_another_port_keeps_its_dots(graph):
    everything(graph)
    graph.apply(compose.swap_inputs(graph, graph.named("J").id))
    assert scenery.dots(graph, wire_into(graph, "J", 1)) == ((250, 80), (420, 90))
    assert scenery.dots(graph, wire_into(graph, "J", 0)) == ()


def test_a_formula_that_keeps_a_wire_keeps_its_dots(graph):
    everything(graph)
    wire = wire_into(graph, "J", 0)
    graph.apply(update(graph, "J = a * b\nK = exp(J)"))
    assert scenery.dots(graph, wire)
    graph.apply(update(graph, "J = b * 2\nK = exp(J)"))
    assert not scenery.dots(graph, wire)


def test_copies_carry_them_and_lie_as_they_lay(graph):
    everything(graph)
    text = copy(graph, ids(graph, "a", "J"), ["s2"])
    graph.apply(paste(graph, text, (1000, 1000)))
    assert graph.named("a1").colour == "teal"
    assert graph.scenery["s3"] == Note("s3", "the *rate* $\\eta$", (1010, 1150), (120, 60), "teal")
    assert scenery.dots(graph, wire_into(graph, "J1", 0)) == ((1250, 1080), (1420, 1090))


def test_a_duplicate_of_a_note_alone(graph):
    everything(graph)
    edit = duplicate(graph, [], boxes=["s2"])
    assert edit.label == "Duplicate frames and notes"
    graph.apply(edit)
    assert graph.scenery["s3"].at == (42, 182)


def test_dots_are_led_elsewhere_and_taken_away(graph):
    wire = wire_into(graph, "J", 0)
    with pytest.raises(GraphError, match="there is no such wire"):
        graph.apply(decorating.lead(graph, Wire(wire.target, wire.source, 0), [(1, 1)]))
    graph.apply(decorating.lead(graph, wire, [(1, 1)]))
    graph.apply(decorating.shift(graph, [wire], (2, 3)))
    assert scenery.along(graph, ids(graph, "a", "J")) == {wire}
    assert scenery.along(graph, ids(graph, "a")) == set()
    assert scenery.dots(graph, wire) == ((3, 4),)
    graph.apply(decorating.straighten(graph, [wire]))
    assert graph.scenery == {}


def test_deleting_a_frame_leaves_what_is_in_it(graph):
    everything(graph)
    edit = decorating.delete_boxes(graph, ["s1"])
    assert edit.label == "Delete a frame"
    graph.apply(edit)
    assert set(graph.scenery) == {"s2", wire_into(graph, "J", 0)}
    assert graph.named("a") and graph.named("b")
    with pytest.raises(GraphError, match="there is no frame and no note 's1'"):
        decorating.change(graph, "s1", "Rename", title="x")
