"""While leaves move a plan gives what is shown, and all of it is what the engine would show."""

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from gradviz.explain import explain_moment
from gradviz.graph import Evaluation, compose, walk_back
from gradviz.graph.evaluate import same_numbers
from gradviz.graph.walk import same_pass
from gradviz.plan import Replay
from gradviz.program import graph_from_source
from gradviz_ui import replaying
from gradviz_ui.docks.plan import PlanPanel

SOURCE = (
    "a = tensor(0.5, requires_grad=True)\nw = tensor([[1.0, -2.0], [0.5, 1.5]], "
    "requires_grad=True)\nx = tensor([1.0, 2.0])\nh = tanh(w @ x * a)\nstill = h.detach()\n"
    "J = sum(h ** 2 + still * a)"
)


@pytest.fixture
def moving(editor, monkeypatch):
    """An editor that follows leaves by a plan, the compiler being there; rest is far away."""
    monkeypatch.setattr(replaying, "REST_MS", 600_000)
    editor.show_graph(graph_from_source(SOURCE))
    assert editor.replaying.replay.why == ""
    return editor


def move(editor, name, value, element=()):
    node = editor.graph.named(name)
    data = np.array(node.attrs["data"])
    data[element] = value
    editor.perform(compose.set_value(editor.graph, node.id, data), merge_key=f"scrub {name}")


def follow(editor):
    for value in (0.25, 0.75, 1.25):
        move(editor, "a", value)
    assert editor.evaluation.taken


def shown(window):
    """What is shown now: each card, value and gradient, and the step in words and numbers."""
    editor = window.editor
    cards = {i: repr(card.content) for i, card in window.canvas.canvas.cards.items()}
    values = {i: (editor.value(i).tolist(), repr(editor.gradient(i))) for i in editor.graph.nodes}
    told = repr(explain_moment(editor.evaluation, editor.walk, editor.moment))
    return cards, values, told


@pytest.mark.parametrize("workspace", ["build", "backward"])
def test_all_that_is_shown_is_what_the_engine_shows(window, moving, workspace):
    window.show_workspace(workspace)
    moving.replaying.settle()
    steps = len(moving.walk) if workspace == "backward" else 0
    for moment in range(steps + 1):
        moving.set_moment(moment)
        follow(moving)
        QApplication.processEvents()
        by_plan = shown(window)
        assert moving.evaluation.taken
        moving.replaying.settle()
        moving.evaluated.emit(moving.evaluation.evaluate(moving.graph.nodes))
        moving.passes.changed.emit()
        QApplication.processEvents()
        assert not moving.evaluation.taken
        for mine, engine in zip(by_plan, shown(window), strict=True):
            assert mine == engine


def test_at_rest_the_tape_is_there_and_nothing_is_shown_anew(moving, monkeypatch, qtbot):
    monkeypatch.setattr(replaying, "REST_MS", 400)
    moving.set_workspace("backward")
    follow(moving)
    walk, changes = moving.walk, []
    moving.evaluated.connect(lambda ids: changes.append(ids))
    moving.walk_changed.connect(lambda: changes.append("walk"))
    qtbot.waitUntil(lambda: not moving.evaluation.taken)
    assert changes == []
    assert moving.walk is walk
    assert same_pass(walk, walk_back(Evaluation(moving.graph), walk.output))


def test_what_the_engine_has_otherwise_is_shown_at_rest(moving, monkeypatch, qtbot):
    exact, output = Replay.results, moving.graph.output()

    def nearly(replay, plan):
        found = dict(exact(replay, plan))
        return {**found, output: (np.nextafter(found[output][0], np.float32(9)),)}

    monkeypatch.setattr(Replay, "results", nearly)
    monkeypatch.setattr(replaying, "REST_MS", 400)
    moving.set_workspace("backward")
    follow(moving)
    seen = []
    moving.evaluated.connect(seen.append)
    moving.walk_changed.connect(lambda: seen.append("walk"))
    qtbot.waitUntil(lambda: not moving.evaluation.taken)
    assert seen == [frozenset({output}), "walk"]
    for node_id, result in Evaluation(moving.graph).results.items():
        assert same_numbers(moving.evaluation.results[node_id], result)


def test_a_card_that_is_moved_leaves_values_as_they_are(moving):
    follow(moving)
    taken = moving.evaluation.taken
    moving.perform(compose.move(moving.graph, {moving.graph.output(): (300.0, 40.0)}))
    assert moving.evaluation.taken == taken


def test_undo_and_redo_of_a_drag_follow_too(moving):
    follow(moving)
    moving.stack.undo()
    assert float(moving.value(moving.graph.named("a").id).item()) == 0.5
    moving.stack.redo()
    wanted = Evaluation(moving.graph)
    for node_id, result in wanted.results.items():
        assert same_numbers(moving.evaluation.results[node_id], result)


def test_another_document_is_followed_for_itself(moving):
    follow(moving)
    moving.show_graph(graph_from_source(SOURCE))
    assert not moving.evaluation.taken
    assert moving.replaying.replay.graph is moving.graph
    follow(moving)


def test_view_plan_says_what_the_engine_does_and_why(moving, qtbot):
    moving.show_graph(graph_from_source(
        "x = tensor([1.0, -2.0, 3.0], requires_grad=True)\n"
        "kept = masked_select(x, x > 0.0)\nJ = sum(kept ** 2)"
    ))  # fmt: skip
    assert moving.replaying.replay.why == ""
    panel = PlanPanel(moving)
    qtbot.addWidget(panel)
    panel.show()
    for value in (1.0, 2.0, -1.0, 3.0):
        move(moving, "x", value, 0)
    assert not moving.evaluation.taken
    words = "What moved last was evaluated by the engine: the shape of 'kept' depends on values."
    qtbot.waitUntil(lambda: words in panel.eager.text())
