"""Reduced motion: chosen once, kept, and heeded by whatever would move by itself."""

import re
from pathlib import Path

import pytest
from PySide6.QtWidgets import QStyle

import gradviz_ui
from gradviz_ui.app import open_window
from gradviz_ui.motion import desktop_moves, motion

SOURCES = Path(gradviz_ui.__file__).parent


@pytest.fixture(autouse=True)
def as_the_desktop_wants():
    yield
    motion().choose(None)


@pytest.mark.parametrize("chosen", [True, False])
def test_a_choice_counts_and_without_one_the_desktop_decides(qapp, chosen):
    assert motion().reduced is not desktop_moves()
    motion().choose(chosen)
    assert motion().reduced is chosen


def test_the_action_reduces_it_and_that_is_remembered(window, do, state, qtbot):
    motion().choose(False)
    do("motion")
    assert motion().reduced and state.reduced_motion is True
    qtbot.waitUntil(window.actions_by_name["motion"].isChecked)
    motion().choose(None)
    qtbot.addWidget(open_window(None, state))
    assert motion().reduced
    do("motion")
    assert state.reduced_motion is False


def test_nothing_moves_by_itself_once_it_is_reduced(window, do):
    motion().choose(True)
    hint = QStyle.StyleHint.SH_Widget_Animation_Duration
    strip = window.documents.strip
    assert strip.style().styleHint(hint, None, strip) == 0
    window.show_workspace("backward")
    window.editor.set_moment(2)
    assert not window.canvas.pulse.running
    nodes = list(window.editor.graph.nodes)
    do("tidy")
    shown = window.canvas.canvas
    assert all(shown.cards[i].pos() == shown.cards[i].home() for i in nodes)


def test_it_is_heeded_at_once_by_what_moves_already(window):
    motion().choose(False)
    window.show_workspace("backward")
    window.editor.set_moment(3)
    assert window.canvas.pulse.running
    motion().choose(True)
    assert not window.canvas.pulse.running


def test_whoever_animates_asks():
    """What Qt animates for a program, and the clock that moves dashes, are used only so."""
    moving = re.compile(r"Q(Variant|Property)Animation|QTimeLine|class Pulse")
    files = [path for path in SOURCES.rglob("*.py") if moving.search(path.read_text("utf-8"))]
    assert len(files) >= 2
    assert [p.name for p in files if "motion()" not in p.read_text("utf-8")] == []
