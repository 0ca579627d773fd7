"""Every sample stepped to its end and back: canvas, list, line, ledger and words agree throughout,
and with what PyTorch sends along each wire (recorded)."""

import json
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from gradviz.bundled import bundled
from gradviz.explain.model import amount
from gradviz_ui.docks.backward_ledger import cell_text
from gradviz_ui.editor import Editor

ROOT = Path(__file__).resolve().parents[1]
RECORDED = json.loads(
    (ROOT / "gradviz/explain/recorded_gradients.json").read_text(encoding="utf-8")
)
BEGINS = {"seed": "The seed. ", "node": "Through {}", "leaf": "Arrived at {}. "}
SAMPLES = sorted(path.stem for path in bundled("samples").glob("*.gradviz"))


@pytest.fixture
def opened(window, editor: Editor):
    """Opens a sample in Backward with inspector and list at hand."""

    def open_sample(name: str):
        editor.open(bundled("samples") / f"{name}.gradviz")
        window.show_workspace("backward")
        assert editor.walk is not None, editor.walk_problem
        return (
            window.page.backward,
            window.workspaces.shelf.widget("steps"),
            window.workspaces.shelf.widget("gradient"),
        )

    return open_sample


def recorded(name: str, target: str, port: int) -> np.ndarray:
    return np.asarray(RECORDED[name]["wires"][f"{target}:{port}"])


def test_all_views_agree_at_every_moment_on_and_back(window, editor: Editor, opened):
    # One window for all: making one takes longer than stepping through a sample.
    for name in SAMPLES:
        panel, steps, inspector = opened(name)
        assert editor.walk is not None
        count = len(editor.walk)
        for moment in [*range(count + 1), *range(count, -1, -1)]:
            editor.set_moment(moment)
            if editor.step is None:
                assert panel.sentences.accessibleName().startswith("Before the pass"), name
                continue
            agree(name, window, panel, steps, inspector)


def agree(name, window, panel, steps, inspector):
    """What every view shows of the present step is the same, and PyTorch's."""
    editor, graph, step = window.editor, window.editor.graph, window.editor.step
    inspector.refresh()
    assert steps.view.currentIndex().row() == editor.moment - 1, name
    said, own = panel.sentences.accessibleName(), graph.node(step.node).name
    assert said.startswith(BEGINS[step.kind].format(own)), name
    for sent in step.sent:
        assert amount(sent.value) in said, (name, own)
    assert panel.timeline.label(editor.moment) == steps.model.name(step), name
    assert inspector.node == step.node, name
    assert window.canvas.canvas.cards[step.node].content.active, name
    active = {w for w, item in window.canvas.canvas.wires.items() if item.state() == "active"}
    assert {(w.target, w.port) for w in active} == {(step.node, c.port) for c in step.sent}, name
    if step.kind == "node":
        leaving = [line[-1] for line in inspector.ledger.table.words() if len(line) == 4]
        sent = [cell_text(c.value) for c in step.sent]
        assert [cell for cell in leaving if cell != "not needed"] == sent, name
    for contribution in step.sent:
        torch = recorded(name, graph.node(step.node).name, contribution.port)
        np.testing.assert_allclose(contribution.value, torch, rtol=1e-3, atol=1e-5, err_msg=name)


def test_at_the_end_every_card_shows_what_pytorch_computes(editor: Editor, opened):
    for name in SAMPLES:
        opened(name)
        assert editor.walk is not None
        editor.set_moment(len(editor.walk))
        for called, expected in RECORDED[name]["nodes"].items():
            node = editor.graph.named(called)
            assert node is not None, called
            kind, gradient = editor.gradient(node.id)
            assert kind == "known" and gradient is not None, name
            np.testing.assert_allclose(gradient, np.asarray(expected), rtol=1e-3, atol=1e-5)


def test_every_picture_of_every_page_can_be_painted(window, editor: Editor, opened):
    panel, _, inspector = opened("attention")
    overview = window.workspaces.shelf.widget("overview")
    assert editor.walk is not None
    for moment in range(0, len(editor.walk) + 1, 3):
        editor.set_moment(moment)
        for page in ("ledger", "paths", "jacobian", "check", "saved"):
            inspector.tabs.choose(page)
            inspector.refresh()
            assert not inspector.grab().isNull()
    for page in ("sizes", "health", "curvature", "compare"):
        overview.tabs.choose(page)
        QApplication.processEvents()
        assert not overview.grab().isNull()
    assert panel.isVisible()
