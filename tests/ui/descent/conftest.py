"""Descend on a document, with its three parts in one shown window."""

import pytest
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gradviz.bundled import bundled
from gradviz.files import load
from gradviz.program import graph_from_source
from gradviz_ui.descent import DescendWorkspace
from gradviz_ui.editor import Editor


@pytest.fixture
def editor(qapp):
    return Editor()


@pytest.fixture
def descend(qtbot, editor):
    """A function: opens a sample, or a formula, in Descend and waits for the runners."""
    opened = []

    def open_document(name="bowl", text=""):
        graph = graph_from_source(text) if text else load(bundled("samples") / f"{name}.gradviz")
        editor.show_graph(graph)
        editor.set_workspace("descend")
        workspace = DescendWorkspace(editor)
        window = QWidget()
        layout = QHBoxLayout(window)
        for part in (workspace.left, workspace.centre, workspace.right):
            layout.addWidget(part, 1)
        qtbot.addWidget(window)
        window.resize(1300, 800)
        window.show()
        qtbot.waitExposed(window)
        workspace.race.settle()
        opened.append((workspace, window))
        return workspace

    yield open_document
    for workspace, _ in opened:
        workspace.close()
