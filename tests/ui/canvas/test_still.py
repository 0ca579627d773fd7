"""Many cards while the view moves: the last picture moves along, and rest makes it sharp."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import QApplication

from gradviz.graph import compose
from gradviz_ui.canvas.navigation import REST_MS

CHAIN = "v0 = exp(x)\n" + "\n".join(f"v{i} = v{i - 1} + 1" for i in range(1, 80))


@pytest.fixture
def crowd(view, showing):
    """A view of more cards than are drawn one by one, at natural size."""
    showing(CHAIN)
    view.zoom_by(0.7 / view.zoom)
    assert view.canvas.pictures.worth
    return view


def rolled(view, steps: QPoint) -> None:
    place = QPointF(view.viewport().rect().center())
    none = Qt.KeyboardModifier.NoModifier
    event = QWheelEvent(
        place, view.viewport().mapToGlobal(place), steps, QPoint(),
        Qt.MouseButton.NoButton, none, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view.viewport(), event)


def at_rest(view, qtbot):
    qtbot.wait(2 * REST_MS)
    assert not view.canvas.pictures.moving
    return view.grab().toImage()


def test_while_it_moves_the_last_picture_moves_along(crowd, qtbot):
    before = at_rest(crowd, qtbot)
    rolled(crowd, QPoint(-40, 0))
    assert crowd.canvas.pictures.moving
    during = crowd.grab().toImage()
    ratio = crowd.devicePixelRatio()
    part = during.copy(0, 0, int(during.width() - 60 * ratio), during.height() // 2)
    assert part == before.copy(int(40 * ratio), 0, part.width(), part.height())


def test_at_rest_it_is_as_sharp_as_if_it_had_never_moved(crowd, qtbot):
    rolled(crowd, QPoint(-40, -10))
    crowd.grab()
    rested = at_rest(crowd, qtbot)
    crowd.canvas.pictures.clear()
    crowd.canvas.reshaped.emit()
    assert rested == crowd.grab().toImage()


def test_a_change_is_seen_at_once_though_the_view_moves(crowd, qtbot, editor):
    at_rest(crowd, qtbot)
    rolled(crowd, QPoint(-1, 0))
    before = crowd.grab().toImage()
    shown = crowd.mapToScene(crowd.viewport().rect()).boundingRect()
    node_id = min(crowd.canvas.within(shown))
    editor.perform(compose.rename(editor.graph, node_id, "mmmmmm"))
    assert crowd.canvas.pictures.moving
    assert crowd.grab().toImage() != before


def on_screen(view) -> QImage:
    """What a person sees: unlike a grab it paints nothing anew."""
    return view.screen().grabWindow(view.winId()).toImage()


@pytest.mark.parametrize("zoom", [0.7, 0.2], ids=["near", "far"])
def test_every_step_is_seen_on_the_screen(crowd, qtbot, editor, zoom):
    editor.set_workspace("backward")
    crowd.zoom_by(zoom / crowd.zoom)
    at_rest(crowd, qtbot)
    seen = [on_screen(crowd)]
    for moment in (1, 30, 31, 30, len(editor.walk)):
        editor.set_moment(moment)
        QApplication.processEvents()
        seen.append(on_screen(crowd))
        assert seen[-1] == crowd.grab().toImage()
    assert seen[2] == seen[4]
    assert seen[0] != seen[5]


FAN = (
    "\n".join(f"b{i} = sin(x) * {i}" for i in range(40))
    + "\nJ = "
    + " + ".join(f"b{i}" for i in range(40))
)


def test_from_far_away_each_step_is_as_if_all_were_painted_anew(view, showing, qtbot, editor):
    showing(FAN)
    editor.set_workspace("backward")
    view.zoom_by(0.2 / view.zoom)
    at_rest(view, qtbot)
    last = len(editor.walk)
    for moment in (1, 2, 3, 42, 43, 50, 51, 49, 44, 60, 61, last, last - 1, last - 5, 0):
        editor.set_moment(moment)
        if moment in (2, 50):
            # The next step comes before this one is painted.
            continue
        QApplication.processEvents()
        seen = on_screen(view)
        editor.spotlight.changed.emit()
        QApplication.processEvents()
        assert seen == on_screen(view), moment
