"""What tests of Backward's panels share: an editor in Backward, and the panel shown over it."""

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gradviz.graph import Graph
from gradviz_ui import theme
from gradviz_ui.docks.backward import BackwardPanel
from gradviz_ui.editor import Editor


@pytest.fixture
def document() -> Graph | None:
    """What tests of Backward walk; the others have what every window opens with."""
    return None


@pytest.fixture
def editor(qapp: QApplication, editor: Editor, document: Graph | None) -> Editor:
    if document is not None:
        theme.apply(qapp, "light")
        editor.show_graph(document)
        editor.set_workspace("backward")
    return editor


@pytest.fixture
def panel(editor: Editor, qtbot: QtBot) -> BackwardPanel:
    made = BackwardPanel(editor)
    qtbot.addWidget(made)
    made.resize(1200, 260)
    with qtbot.waitExposed(made):
        made.show()
    return made
