import subprocess
import sys

import pytest

from gradviz_ui import app, paths


@pytest.fixture
def opened(qtbot, state):
    def open_window(path=None, *others):
        window = app.open_window(path, state, *others)
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


def test_each_of_several_files_has_a_tab_with_the_first_in_front(opened):
    bowl, fan = paths.sample("bowl.gradviz"), paths.sample("fan_out.gradviz")
    window = opened(bowl, fan, bowl)
    assert [page.editor.path for page in window.documents.pages] == [bowl, fan]
    assert window.editor.path == bowl and not window.welcoming and not window.notice.isVisible()


def test_of_several_files_those_that_are_none_are_told_and_the_others_open(opened, tmp_path):
    bowl, broken, program = (
        paths.sample("bowl.gradviz"), tmp_path / "broken.gradviz", tmp_path / "net.py",
    )  # fmt: skip
    broken.write_text('{"format": 1,\n "nodes": 3}')
    program.write_text("x = 1.0")
    window = opened(tmp_path / "missing.gradviz", broken, bowl, program)
    assert window.editor.path == bowl and len(window.documents.pages) == 1
    said = window.notice.words.text().splitlines()
    assert said[0] == "missing.gradviz: it cannot be read: No such file or directory"
    assert said[1].startswith("broken.gradviz: nodes: expected `array`")
    assert said[2] == (
        "net.py: this is a program; `gradviz convert net.py -o net.gradviz` makes a document of it"
    )
    assert window.notice.isVisible()


def test_starting_loads_only_what_the_first_picture_needs():
    code = (
        "import sys, gradviz_ui.app\n"
        "print(*sorted({n.split('.')[0] for n in sys.modules} & "
        "{'ziamath', 'pyqtgraph', 'pygments', 'scipy', 'contourpy', 'torch'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
