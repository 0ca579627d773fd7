"""The scene is the document's image and nothing more: after any edits both say the same."""

import numpy as np
import pytest

from gradviz.graph import compose, pieces
from gradviz.program import update
from gradviz_ui.canvas.metrics import plan_of


def assert_same(view, editor) -> None:
    graph, scene = editor.graph, view.canvas
    assert set(scene.cards) == set(graph.nodes)
    assert set(scene.wires) == set(graph.wires)
    for node_id, card in scene.cards.items():
        node = graph.node(node_id)
        assert (card.pos().x(), card.pos().y()) == node.position
        result = editor.evaluation.results[node_id]
        shape = tuple(result.value.shape) if result.ok else None
        failed = result.error is not None or bool(result.missing)
        graded = not result.ok or result.value.requires_grad
        assert card.plan == plan_of(node, shape, len(graph.inputs(node_id)), failed, graded)
        assert card.content.title == node.name
    for wire, item in scene.wires.items():
        assert item.ends[0] == scene.cards[wire.source].port(wire.output, output=True)
        assert item.ends[1] == scene.cards[wire.target].port(wire.port, output=False)
    assert len(scene.items()) == len(graph.nodes) + len(list(graph.wires))


def random_edit(graph, rng):
    ids = list(graph.nodes)
    one, other = rng.choice(ids), rng.choice(ids)
    place = (rng.randrange(900), rng.randrange(600))
    return rng.choice(
        [
            lambda: compose.add(graph, rng.choice(["mul", "sin", "tensor", "stack"]), place),
            lambda: compose.connect(graph, one, 0, other, rng.randrange(2)),
            lambda: compose.move(graph, {one: place}),
            lambda: compose.rename(graph, one, f"renamed{rng.randrange(10**6)}"),
            lambda: compose.delete(graph, {one}) if len(ids) > 3 else compose.move(graph, {}),
            lambda: compose.disconnect(graph, rng.choice(list(graph.wires))),
            lambda: compose.set_literal(graph, one, 1, rng.randrange(5)),
            lambda: compose.set_value(graph, one, np.ones(rng.choice([1, 3, (2, 2)]), np.float32)),
            lambda: pieces.duplicate(graph, {one, other}),
        ]
    )()


@pytest.mark.parametrize("seed", range(4))
def test_the_scene_follows_any_edits_and_their_undoing(edit_at_random, seed):
    edit_at_random(seed, random_edit, assert_same)


def test_another_document_is_built_anew(view, editor, showing):
    showing("y = a * b + c")
    assert_same(view, editor)
    assert {c.content.title for c in view.canvas.cards.values()} >= {"a", "b", "c", "y"}


def test_a_card_in_error_says_why_and_those_after_it_wait(view, hand, showing):
    showing("a = [1.0, 2.0]\nb = [1.0, 2.0, 3.0]\ns = a + b\ny = exp(s)")
    failed = hand.card("s").content
    assert failed.failed and "must match" in failed.message
    assert hand.card("y").content.message == "waiting for s"


def test_a_larger_value_makes_a_larger_card_and_takes_its_wires_along(view, editor, hand):
    node = editor.graph.named("theta1")
    before = hand.card("theta1").plan.height
    editor.perform(compose.set_value(editor.graph, node.id, np.ones((3, 3), np.float32)))
    assert hand.card("theta1").plan.height > before
    assert_same(view, editor)


def test_a_leaf_that_a_formula_makes_an_operation_gets_its_ports_and_wires(view, editor, showing):
    graph = showing("J = a + b")
    editor.perform(update(graph, "a = sin(b)\nJ = a + b"))
    assert_same(view, editor)
    editor.stack.undo()
    assert_same(view, editor)


def test_a_card_that_waits_follows_the_name_of_what_it_waits_for(view, editor, hand, showing):
    graph = showing("a = [1.0, 2.0]\nb = [1.0, 2.0, 3.0]\ns = a + b\ny = exp(s)")
    assert hand.card("y").content.message == "waiting for s"
    editor.perform(compose.rename(graph, graph.named("s").id, "total"))
    assert hand.card("y").content.message == "waiting for total"
