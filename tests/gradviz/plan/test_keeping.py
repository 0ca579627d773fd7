"""A plan stays while only values change, and is made anew for an edit of another kind."""

import numpy as np
import pytest

from gradviz.descent import Axis, landscape, prepare_descent
from gradviz.graph import Evaluation, Graph
from gradviz.graph.edits import AddNode, ReplaceNode
from gradviz.plan import PlanError, PlanKeeper
from gradviz.program import graph_from_source

SOURCE = (
    "s = tensor(0.5)\nw = tensor([2.0, 1.0], requires_grad=True)\nx = tensor(3.0)\n"
    "h = tanh(w * s) * x\naside = exp(h)\nJ = sum(h ** 2)"
)


class Document:
    def __init__(self):
        self.graph = graph_from_source(SOURCE)
        self.evaluation = Evaluation(self.graph)
        self.plans = PlanKeeper(self.graph, self.evaluation)
        self.set("s", low=0.0, high=1.0)

    def node(self, name):
        return next(n for n in self.graph.nodes.values() if n.name == name)

    def set(self, name, **attrs):
        node = self.node(name)
        self.apply(ReplaceNode(node, node.changed(attrs={**node.attrs, **attrs})))

    def apply(self, edit):
        change = self.graph.apply(edit)
        self.evaluation.refresh(change)
        self.plans.refresh(change)


@pytest.mark.parametrize(
    ("name", "value"),
    [("s", np.float32(0.75)), ("w", np.array([0.5, -1.0], np.float32))],
)
def test_another_value_compiles_nothing_and_is_seen(name, value):
    document = Document()
    plan = document.plans.plan()
    before = document.plans.state()
    seconds = plan.compile_seconds
    document.set(name, data=np.asarray(value))
    after = document.plans.state()
    assert document.plans.plan() is plan
    assert plan.compile_seconds == seconds
    assert after.loss != before.loss
    for node, array in after.values.items():
        np.testing.assert_allclose(array, document.evaluation.results[node].value.array, rtol=1e-6)
    assert document.node("aside").id in after.values
    w, h = document.node("w").id, document.node("h").id
    assert {w, h} <= after.gradients.keys()


def test_an_edit_of_what_is_computed_compiles_anew():
    document = Document()
    plan = document.plans.plan()
    document.set("x", data=np.asarray(4.0, np.float32))
    changed = document.plans.plan()
    assert changed is not plan
    assert document.plans.state().loss == pytest.approx(
        float(document.evaluation.results[document.node("J").id].value.array)
    )
    document.apply(AddNode(document.node("x").changed(id="other", name="other")))
    assert document.plans.plan() is not changed


def test_a_moved_card_changes_nothing():
    document = Document()
    plan = document.plans.plan()
    node = document.node("h")
    document.apply(ReplaceNode(node, node.changed(position=(50.0, 60.0))))
    assert document.plans.plan() is plan


def test_descents_of_one_document_share_its_plan():
    document = Document()
    first = prepare_descent(document.graph, document.evaluation, document.plans)
    document.set("s", data=np.asarray(0.25, np.float32))
    second = prepare_descent(document.graph, document.evaluation, document.plans)
    assert first.objective.plan is second.objective.plan
    alone = prepare_descent(document.graph, document.evaluation)
    start = alone.objective.start()
    assert second.objective.value(start) == pytest.approx(alone.objective.value(start), rel=1e-6)
    w = document.node("w").id
    axes, ranges = (Axis(w, (0,)), Axis(w, (1,))), ((-1.0, 1.0), (-1.0, 1.0))
    shared = landscape(second.objective, axes, start, ranges, 9)
    lone = landscape(alone.objective, axes, start, ranges, 9)
    assert shared is not None and lone is not None
    np.testing.assert_allclose(shared.values, lone.values, rtol=1e-6)


def test_an_empty_document_has_no_plan_and_says_so():
    graph = Graph()
    with pytest.raises(PlanError, match="the graph is empty"):
        PlanKeeper(graph, Evaluation(graph)).plan()


def test_a_number_that_becomes_an_array_is_compiled_anew():
    document = Document()
    document.set("w", data=3.0)
    plan = document.plans.plan()
    document.set("w", data=np.array(3.0, np.float32))
    assert document.plans.plan() is not plan
