"""Export in Descend: figures of the race as it is shown, and its animation."""

from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFileDialog, QProgressDialog, QPushButton

from gradviz.export import FIGURES
from gradviz_ui import file_actions, race_export
from gradviz_ui.race_export import ANIMATION, filters

MAGIC = {".svg": b"<svg", ".png": b"\x89PNG", ".pdf": b"%PDF"}


@pytest.fixture
def descending(window, qtbot):
    """The window with Descend in front, and twelve steps taken."""
    window.show_workspace("descend")
    window.descend.race.set_settings("Set the steps", steps=12)
    window.descend.race.settle()
    return window


def answer(monkeypatch, path: Path, form: str) -> None:
    """Have the file dialog give a name and a form."""
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), form))


@pytest.mark.parametrize("ending", MAGIC)
def test_a_contour_is_written_as_it_is_asked_for(descending, do, monkeypatch, tmp_path, ending):
    path = tmp_path / f"contour{ending}"
    answer(monkeypatch, path, "Contour (*.svg *.pdf *.png)")
    do("export_picture")
    assert path.read_bytes().startswith(MAGIC[ending])


def test_every_figure_and_the_animation_are_offered():
    assert all(figure.title in filters() for figure in FIGURES.values())
    assert f"{ANIMATION} (*.gif *.mp4)" in filters()


def test_a_name_without_an_ending_gets_the_forms_first(descending, do, monkeypatch, tmp_path):
    answer(monkeypatch, tmp_path / "race", "Surface (*.svg *.pdf *.png)")
    do("export_picture")
    assert (tmp_path / "race.svg").read_text("utf-8").startswith("<svg")


def test_it_shows_the_step_looked_at_and_no_hidden_runner(descending, tmp_path):
    race = descending.descend.race
    race.go_to(5)
    path = tmp_path / "race.svg"
    assert file_actions.export_race_to(descending, "Race", path)
    before = path.read_text("utf-8")
    assert "step 5 of 12" in before and "Adam" in before
    index = next(i for i, s in enumerate(race.specs) if s.optimizer == "Adam")
    descending.descend.runners.rows[index].dot.click()
    race.settle()
    assert file_actions.export_race_to(descending, "Race", path)
    assert "Adam" not in path.read_text("utf-8")


def test_the_race_is_exported_as_an_animation(descending, tmp_path):
    imageio = pytest.importorskip("imageio.v2")
    path = tmp_path / "race.gif"
    assert file_actions.export_race_to(descending, ANIMATION, path)
    with imageio.get_reader(path) as frames:
        assert len([frame for frame in frames]) >= 13
    assert descending.descend.race.step == 0


def test_what_cannot_be_written_is_said_in_the_notice(descending, tmp_path):
    assert not file_actions.export_race_to(descending, "Boundary", tmp_path / "b.svg")
    assert not file_actions.export_race_to(descending, "Race", tmp_path / "race.gif")
    assert not file_actions.export_race_to(descending, "Race", tmp_path / "none" / "race.png")
    assert descending.notice.isVisible()


def test_the_window_answers_while_an_animation_is_written(descending, monkeypatch, tmp_path):
    waiting, answered = Event(), []

    def write(figures, path):
        waiting.wait(10)
        path.write_text(str(len([*figures])), encoding="utf-8")

    def answer():
        answered.append(waiting.is_set())
        waiting.set()

    monkeypatch.setattr(race_export, "write_film", write)
    QTimer.singleShot(50, answer)
    assert file_actions.export_race_to(descending, ANIMATION, tmp_path / "race.gif")
    assert answered == [False], "it answers before anything is written"
    assert (tmp_path / "race.gif").read_text("utf-8") == "13"


def test_an_animation_can_be_called_off(descending, qtbot, tmp_path):
    pytest.importorskip("imageio.v2")
    descending.descend.race.set_settings("Set the steps", steps=100)
    descending.descend.race.settle()

    def press():
        dialog = descending.findChild(QProgressDialog)
        if dialog.value() > 1:
            qtbot.mouseClick(dialog.findChild(QPushButton), Qt.MouseButton.LeftButton)
            timer.stop()

    timer = QTimer(interval=5)
    timer.timeout.connect(press)
    timer.start()
    assert not file_actions.export_race_to(descending, ANIMATION, tmp_path / "race.gif")
    assert "called off" in descending.notice.words.text()
