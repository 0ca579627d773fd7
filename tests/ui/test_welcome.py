import pytest
from PySide6.QtCore import Qt

from gradviz_ui import paths
from gradviz_ui.sample_card import SampleCard
from gradviz_ui.welcome import Welcome, first_sentence, sample_paths


@pytest.fixture
def welcome(window, do, qtbot):
    do("samples")
    page = window.pages.currentWidget()
    qtbot.waitUntil(page.isVisible)
    return page


def cards(page):
    return page.findChildren(SampleCard)


def test_every_sample_has_a_card_that_can_be_opened(welcome):
    assert [card.path for card in cards(welcome)] == sample_paths()
    broken = [card.about for card in cards(welcome) if not card.isEnabled()]
    assert broken == []


def test_pictures_come_by_themselves(welcome, qtbot):
    first = cards(welcome)[0]
    qtbot.waitUntil(lambda: first.picture is not None)
    assert not first.picture.isNull()


def test_a_click_opens_the_sample_and_the_button_leads_back(window, welcome, qtbot, do):
    card = cards(welcome)[0]
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    assert not window.welcoming
    assert window.editor.graph.settings.title == card.title
    do("samples")
    assert window.welcoming


def test_return_on_a_card_opens_it(window, welcome, qtbot):
    card = cards(welcome)[1]
    card.setFocus()
    qtbot.keyClick(card, Qt.Key.Key_Return)
    assert window.editor.graph.settings.title == card.title


def test_recent_files_are_listed_and_open(window, welcome, qtbot, tmp_path, do):
    path = tmp_path / "mine.gradviz"
    path.write_bytes(paths.sample("saddle.gradviz").read_bytes())
    window.state.remember_file(path)
    window.show_welcome()
    (button,) = [b for b in welcome._recent.children() if b.property("kind") == "plain"]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert window.editor.path == path


def test_unsaved_work_of_an_earlier_run_is_offered(window, editor, do, qtbot):
    from gradviz.files import autosave
    from gradviz_ui.recovery import left_behind, recovery_folder

    autosave.write(editor.graph, recovery_folder() / "earlier", "document")
    do("samples")
    page = window.pages.currentWidget()
    (line,) = [w for w in page._left.children() if w.isWidgetType()]
    button = next(b for b in line.children() if b.property("kind") == "plain")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not window.welcoming and not window.editor.stack.isClean()
    assert left_behind(recovery_folder()) == []


def test_a_window_that_keeps_its_work_elsewhere_offers_nobodys(qtbot, editor, tmp_path):
    from PySide6.QtCore import QSettings

    from gradviz.files import autosave
    from gradviz_ui.main_window import MainWindow
    from gradviz_ui.recovery import discard, left_behind, recovery_folder
    from gradviz_ui.state import State

    autosave.write(editor.graph, recovery_folder() / "earlier", "document")
    settings = QSettings(str(tmp_path / "own.ini"), QSettings.Format.IniFormat)
    window = MainWindow(editor, State(settings, tmp_path / "recovery"))
    qtbot.addWidget(window)
    window.show_welcome()
    page = window.pages.currentWidget()
    assert isinstance(page, Welcome)
    assert not [w for w in page._left.children() if w.isWidgetType()]
    (left,) = left_behind(recovery_folder())
    discard(left)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("One. Two.", "One."),
        ("Only one", "Only one"),
        ("", ""),
        ("f(1.5) is it. So.", "f(1.5) is it."),
    ],
)
def test_the_first_sentence(text, first):
    assert first_sentence(text) == first
