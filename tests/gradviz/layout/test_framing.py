"""Frames keep round what is in them when all is laid out, and notes keep beside their cards."""

from dataclasses import replace

import pytest

from gradviz.layout import LayoutCancelled, Link
from gradviz.layout.aligning import Placed
from gradviz.layout.framing import Thing, arrange, overlapping


def card(key, x=0.0, y=0.0, parent=None):
    return Thing(key, "card", Placed(x, y, 148.0, 90.0), parent)


def frame(key, parent=None):
    return Thing(key, "frame", Placed(0.0, 0.0, 400.0, 300.0), parent)


def inside(inner: Placed, outer: Placed) -> bool:
    return (
        outer.x <= inner.x and outer.y <= inner.y
        and inner.x + inner.width <= outer.x + outer.width
        and inner.y + inner.height <= outer.y + outer.height
    )  # fmt: skip


def test_without_frames_it_is_the_layout_there_is_with_its_corner_kept():
    found = arrange([card("a", 50, 70), card("b", 90, 500)], [Link("a", "b")])
    assert (found["a"].x, found["a"].y) == (50, 70)
    assert found["b"].x > found["a"].x + 148


@pytest.mark.parametrize("direction", ["right", "down"])
def test_a_frame_holds_what_it_held_and_nothing_else(direction):
    things = [frame("F"), card("a", parent="F"), card("b", parent="F"), card("c"), card("d")]
    links = [Link("a", "b"), Link("b", "c"), Link("a", "d"), Link("d", "c")]
    found = arrange(things, links, direction)
    assert all(inside(found[k], found["F"]) for k in "ab")
    assert not any(overlapping(found[k], found["F"]) for k in "cd")
    axis = 0 if direction == "right" else 1
    for link in links:
        assert found[link.target][axis] > found[link.source][axis]


def test_frames_within_frames():
    things = [frame("F"), frame("G", "F"), card("a", parent="G"), card("b", parent="F"), card("c")]
    found = arrange(things, [Link("a", "b"), Link("b", "c")])
    assert inside(found["a"], found["G"]) and inside(found["G"], found["F"])
    assert inside(found["b"], found["F"]) and not overlapping(found["b"], found["G"])
    assert not overlapping(found["c"], found["F"])


def test_a_frame_that_links_leave_and_enter_again_is_put_round_its_cards_afterwards():
    things = [frame("F"), card("a", parent="F"), card("b"), card("c", parent="F")]
    found = arrange(things, [Link("a", "b"), Link("b", "c")])
    assert found["a"].x < found["b"].x < found["c"].x
    assert inside(found["a"], found["F"]) and inside(found["c"], found["F"])


def test_a_note_stays_by_its_card_and_lies_on_nothing():
    note = Thing("n", "note", Placed(10, -60, 120, 50))
    far = Thing("m", "note", Placed(900, 20, 120, 50))
    things = [card("a"), card("b", 700, 0), note, far]
    found = arrange(things, [Link("a", "b")])
    assert (found["n"].x, found["n"].y) == (10, -60)
    assert found["m"].x - found["b"].x == 200
    assert not any(overlapping(found[i], found[k]) for i in "nm" for k in "ab")


def test_notes_alone_stay_where_they_are_and_an_empty_frame_does():
    assert arrange([Thing("n", "note", Placed(1, 2, 80, 40)), frame("F")], []) == {}


def test_an_empty_frame_within_another_keeps_its_size():
    found = arrange([frame("F"), frame("E", "F"), card("a", parent="F")], [])
    assert (found["E"].width, found["E"].height) == (400.0, 300.0)
    assert inside(found["E"], found["F"]) and not overlapping(found["E"], found["a"])


def test_it_can_be_cancelled():
    with pytest.raises(LayoutCancelled):
        arrange([card("a")], [], cancelled=lambda: True)


def test_it_is_the_same_every_time():
    things = [frame("F"), *(card(f"c{i}", parent="F" if i % 3 else None) for i in range(30))]
    links = [
        Link(f"c{i}", f"c{j}") for i in range(30) for j in range(i + 1, 30) if (i * j) % 7 == 3
    ]
    assert arrange(things, links) == arrange(list(things), list(links))


def test_what_is_only_read_outside_stands_beside_what_else_is_read_there():
    things = [frame("F"), *(card(k, parent="F") for k in "wxmb"), card("p")]
    links = [Link("w", "m", 0, 0), Link("x", "m", 0, 1), Link("m", "p", 0, 0), Link("b", "p", 0, 1)]
    found = arrange(things, links)
    assert found["b"].x == found["m"].x
    assert found["F"].width < 2 * 148 + 64 + 2 * 24 + 10


def test_what_is_tidy_stays_with_its_frames_and_few_cards_move_after_a_small_change():
    things = [frame("F"), *(card(f"c{i}", parent="F" if i < 6 else None) for i in range(24))]
    links = [Link(f"c{i}", f"c{i + 1 + i % 3}") for i in range(21)]
    found = arrange(things, links)
    tidy = [replace(t, at=found[t.key]) for t in things]
    assert arrange(tidy, links) == found
    after = arrange(tidy, [*links, Link("c2", "c12")])
    assert sum(after[t.key] != t.at for t in tidy) <= 4


def test_a_frame_between_two_that_links_leave_and_enter_again_stays_a_box():
    things = [
        frame("F"), card("a", parent="F"), card("b"), card("c", parent="F"),
        frame("G"), card("d", parent="G"), card("e", parent="G"), card("f"),
        frame("H"), card("g", parent="H"), card("h"), card("i", parent="H"),
    ]  # fmt: skip
    pairs = ("ab", "bc", "cd", "de", "cf", "fe", "gh", "hi", "eh")
    links = [Link(pair[0], pair[1]) for pair in pairs]
    found = arrange(things, links)
    assert all(inside(found[k], found[f]) for k, f in zip("acdegi", "FFGGHH", strict=True))
    assert not any(overlapping(found[k], found["G"]) for k in "abcfghi")
    for link in links:
        assert found[link.target].x > found[link.source].x


def test_many_frames_that_have_been_tidied_stay():
    things = [frame(f"F{i}") for i in range(8)]
    things += [card(f"c{i}", parent=f"F{i // 20}") for i in range(160)]
    links = [Link(f"c{i}", f"c{i + 1 + i % 4}") for i in range(0, 155) if i % 5]
    found = arrange(things, links)
    assert arrange([replace(t, at=found[t.key]) for t in things], links) == found
