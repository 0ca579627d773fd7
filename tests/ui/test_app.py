import subprocess
import sys

import pytest

from gradviz_ui import app, paths


@pytest.fixture
def opened(qtbot, state):
    def open_window(path=None):
        window = app.open_window(path, state)
        qtbot.addWidget(window, before_close_func=lambda w: w.editor.stack.setClean())
        window.show()
        qtbot.waitExposed(window)
        return window

    return open_window


def test_a_file_given_is_opened_in_the_last_workspace(opened, state):
    state.workspace = "backward"
    window = opened(paths.sample("bowl.gradviz"))
    assert not window.welcoming and window.canvas.isVisible()
    assert window.editor.workspace == "backward"
    assert state.recent == (paths.sample("bowl.gradviz"),)


def test_with_no_file_the_welcome_page_is_in_front(opened):
    window = opened()
    assert window.welcoming
    assert not window.formula_bar.isVisible() and not window.status.isVisible()


def test_a_file_that_is_none_leads_to_the_welcome_page_and_a_reason(opened, tmp_path):
    path = tmp_path / "nothing.gradviz"
    window = opened(path)
    assert window.welcoming and window.notice.isVisible()
    assert "nothing.gradviz" in window.notice.words.text()


def test_starting_loads_only_what_the_first_picture_needs():
    code = (
        "import sys, gradviz_ui.app\n"
        "print(*sorted({n.split('.')[0] for n in sys.modules} & "
        "{'ziamath', 'pyqtgraph', 'pygments', 'scipy', 'contourpy', 'torch'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
