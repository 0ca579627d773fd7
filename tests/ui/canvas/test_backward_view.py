"""What the canvas shows of the backward pass: outlines, wires, contributions, movement."""

import pytest

from gradviz_ui import theme
from gradviz_ui.canvas.content import PENDING, content_for, same_look
from gradviz_ui.canvas.painting import outline
from gradviz_ui.canvas.pulse import active_wires
from gradviz_ui.motion import motion


@pytest.fixture
def walked(view, editor, showing):
    graph = showing("w = 2.0\nb = 0.5\nloss = (w * w + b) ** 2")
    editor.set_workspace("backward")
    assert editor.walk is not None
    return graph


def edge(view, graph, name):
    card = view.canvas.cards[graph.named(name).id]
    return outline(card.content, theme.current(), False)[0]


def test_a_gradient_not_yet_computed_is_dots_and_a_known_one_orange(view, editor, hand, walked):
    editor.set_moment(0)
    assert hand.card("w").content.grad_text == PENDING
    editor.set_moment(len(editor.walk))
    known = walked.named("w").id
    assert hand.card("w").content.grad_text != PENDING
    others = {n.name for n in walked.nodes.values()} - {walked.node(editor.step.node).name}
    assert all(edge(view, walked, name) == theme.current().grad for name in others)
    assert editor.gradient(known)[0] == "known"


def test_the_step_just_taken_is_amber_and_its_wires_too(view, editor, walked):
    for moment in range(1, len(editor.walk) + 1):
        editor.set_moment(moment)
        step = editor.step
        name = walked.node(step.node).name
        assert edge(view, walked, name) == theme.current().act
        active = {(w.wire.target, w.wire.port) for w in active_wires(view.canvas)}
        assert active == {(step.node, sent.port) for sent in step.sent}
        states = {w.state() for w in view.canvas.wires.values()}
        assert ("active" in states) == bool(step.sent)


@pytest.mark.parametrize("direction", ["backward", "forward", "tangents"])
def test_after_any_step_every_card_says_what_holds_now(view, editor, showing, direction):
    graph = showing("a = x * w\nb = a * a\nJ = (b + a * x - w) ** 2")
    editor.set_workspace("backward")
    editor.passes.set_direction(direction)
    last = len(editor.track)
    moments = [0, 1, 2, 3, 2, 1, last, last - 1, last, *range(last, -1, -1), *range(last + 1)]
    for moment in moments:
        editor.set_moment(moment)
        for node_id, card in view.canvas.cards.items():
            assert same_look(card.content, content_for(editor, graph.node(node_id)))


def test_every_travelled_wire_has_its_number_and_none_covers_a_card(view, editor, walked):
    editor.set_moment(len(editor.walk))
    chips = view.canvas.chips.placed(view.canvas.bounds().adjusted(-99, -99, 99, 99))
    assert len(chips) == len(editor.walk.travelled)
    for place, text, _ in chips:
        assert text
        assert not any(card.body().intersects(place) for card in view.canvas.cards.values())
    boxes = [place for place, _, _ in chips]
    pairs = [(a, b) for i, a in enumerate(boxes) for b in boxes[i + 1 :]]
    assert not any(a.intersects(b) for a, b in pairs)


def test_a_sum_with_terms_to_come_says_so(view, editor, hand, walked):
    target = walked.named("w").id
    terms = editor.walk.incoming[target]
    assert len(terms) == 2
    first, last = sorted(step.index for step, _ in terms)[0], len(editor.walk)
    editor.set_moment(first + 1)
    partial = hand.card("w").content.grad_text
    editor.set_moment(last)
    assert not hand.card("w").content.grad_text.endswith("…")
    same_step = len({step.index for step, _ in terms}) == 1
    assert same_step or partial.endswith("…")


def test_dashes_move_only_where_movement_is_wanted(view, editor, walked, qtbot):
    step = next(s for s in editor.walk.steps if s.sent)
    editor.set_moment(step.index + 1)
    assert not view.pulse.running
    motion().choose(False)
    view.pulse.begin()
    assert view.pulse.running
    (wire, *_) = active_wires(view.canvas)
    qtbot.waitUntil(lambda: wire.phase > 0, timeout=2000)
    editor.set_workspace("build")
    assert not view.pulse.running


def test_descend_shows_the_previews_values(view, editor, hand, showing):
    from gradviz_ui.editor import Preview

    graph = showing("J = theta1 ** 2")
    leaf = graph.named("theta1").id
    editor.set_workspace("descend")
    other = editor.evaluation.value(graph.output())
    editor.set_preview(Preview({leaf: other}, {leaf: other.array}))
    assert float(hand.card("theta1").content.value) == float(other.array)
    editor.set_preview(None)
    assert hand.card("theta1").content.value is not None
