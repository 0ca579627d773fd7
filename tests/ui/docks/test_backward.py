"""Backward's panels driven by mouse and keys; all of them always at the same moment."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from gradviz.graph import (
    AddNode,
    AddWire,
    Graph,
    Node,
    ReplaceNode,
    SetSettings,
    Settings,
    WalkStep,
    Wire,
    compose,
)
from gradviz_ui import theme
from gradviz_ui.docks.backward import BackwardPanel
from gradviz_ui.docks.backward_inspector import BackwardInspector
from gradviz_ui.docks.backward_player import SPEEDS, STEP_MS
from gradviz_ui.docks.backward_steps import StepList, figure
from gradviz_ui.editor import Editor

LEFT = Qt.MouseButton.LeftButton


def leaf(name: str, value: object, needs: bool = True) -> AddNode:
    data = np.asarray(value, np.float32)
    return AddNode(Node(name, "tensor", name, {"data": data, "requires_grad": needs}))


def regression() -> Graph:
    graph = Graph()
    for edit in (leaf("w", 2.0), leaf("x", -1.5, False), leaf("b", 0.5), leaf("y", 0.5, False)):
        graph.apply(edit)
    for name, op, sources, typed in (
        ("mul", "mul", ("w", "x"), {}),
        ("add", "add", ("mul", "b"), {}),
        ("sub", "sub", ("add", "y"), {}),
        ("loss", "pow", ("sub",), {1: 2}),
    ):
        graph.apply(AddNode(Node(name, op, name, literals=typed)))
        for port, source in enumerate(sources):
            graph.apply(AddWire(Wire(source, name, port)))
    return graph


def chain(length: int) -> Graph:
    graph = Graph()
    graph.apply(leaf("x", 0.5))
    for index in range(length):
        graph.apply(AddNode(Node(f"s{index}", "sin", f"s{index}")))
        graph.apply(AddWire(Wire(f"s{index - 1}" if index else "x", f"s{index}", 0)))
    return graph


@pytest.fixture
def document() -> Graph:
    return regression()


def said(panel: BackwardPanel) -> str:
    return panel.sentences.accessibleName()


def place(panel: BackwardPanel, moment: int) -> QPoint:
    return QPoint(round(panel.timeline.position(moment)), 20)


def test_the_timeline_shows_names_and_place_whatever_it_has_kept(
    panel: BackwardPanel, editor: Editor
) -> None:
    editor.set_moment(2)
    first = panel.timeline.grab().toImage()
    editor.perform(compose.set_value(editor.graph, "w", 3.0))
    assert panel.timeline.grab().toImage() == first
    editor.perform(compose.rename(editor.graph, "add", "shifted"))
    renamed = panel.timeline.grab().toImage()
    assert renamed != first
    editor.set_moment(3)
    assert panel.timeline.grab().toImage() != renamed
    theme.source().set_theme("dark")
    dark = panel.timeline.grab().toImage()
    editor.stops.toggle(("add",))
    assert panel.timeline.grab().toImage() != dark


def test_buttons_walk_there_and_back(panel: BackwardPanel, editor: Editor, qtbot: QtBot) -> None:
    assert editor.walk is not None
    qtbot.mouseClick(panel.step_button, LEFT)
    assert editor.moment == 1 and said(panel).startswith("The seed.")
    for _ in range(4):
        qtbot.mouseClick(panel.step_button, LEFT)
    assert editor.moment == 5 and "−6.000 × −1.500 = 9.000" in said(panel)
    assert panel.formulas.formulas[0].endswith(r"\textcolor{grad}{9.000}")
    qtbot.mouseClick(panel.back_button, LEFT)
    assert editor.moment == 4 and said(panel).startswith("Through add.")
    qtbot.mouseClick(panel.last_button, LEFT)
    assert editor.moment == len(editor.walk) and not panel.step_button.isEnabled()
    qtbot.mouseClick(panel.first_button, LEFT)
    assert editor.moment == 0 and not panel.back_button.isEnabled()
    assert said(panel).startswith("Before the pass.")


def test_a_click_on_the_line_goes_to_the_nearest_moment_and_a_drag_scrubs(
    panel: BackwardPanel, editor: Editor, qtbot: QtBot
) -> None:
    qtbot.mouseClick(panel.timeline, LEFT, pos=place(panel, 3) + QPoint(9, 0))
    assert editor.moment == 3
    seen: list[int] = []
    editor.moment_changed.connect(seen.append)
    qtbot.mousePress(panel.timeline, LEFT, pos=place(panel, 3))
    for moment in (4, 5, 6, 2):
        qtbot.mouseMove(panel.timeline, place(panel, moment))
    qtbot.mouseMove(panel.timeline, QPoint(-50, 20))
    qtbot.mouseRelease(panel.timeline, LEFT, pos=QPoint(-50, 20))
    assert seen == [4, 5, 6, 2, 0]


def test_the_keys_of_the_line(panel: BackwardPanel, editor: Editor, qtbot: QtBot) -> None:
    assert editor.walk is not None
    panel.timeline.setFocus()
    for key, moment in (
        (Qt.Key.Key_End, len(editor.walk)), (Qt.Key.Key_Left, len(editor.walk) - 1),
        (Qt.Key.Key_Home, 0), (Qt.Key.Key_Right, 1),
    ):  # fmt: skip
        qtbot.keyClick(panel.timeline, key)
        assert editor.moment == moment


def test_play_walks_to_the_end_and_stops(
    panel: BackwardPanel, editor: Editor, qtbot: QtBot
) -> None:
    assert editor.walk is not None
    while panel.player.speed != SPEEDS[-1]:
        qtbot.mouseClick(panel.speed_button, LEFT)
    assert panel.speed_button.text() == "speed ×4"
    editor.set_moment(len(editor.walk) - 2)
    qtbot.mouseClick(panel.play_button, LEFT)
    assert panel.player.playing and panel.play_button.accessibleName() == "Pause"
    qtbot.waitUntil(lambda: editor.moment == len(editor.walk or ()), timeout=4 * STEP_MS)
    qtbot.waitUntil(lambda: not panel.player.playing)
    assert panel.play_button.accessibleName() == "Play"
    qtbot.mouseClick(panel.play_button, LEFT)
    assert editor.moment == 0, "played from the end it starts again"
    qtbot.mouseClick(panel.play_button, LEFT)
    assert not panel.player.playing


def test_with_loop_the_end_is_followed_by_the_start(
    panel: BackwardPanel, editor: Editor, qtbot: QtBot
) -> None:
    assert editor.walk is not None
    panel.player.set_speed(4.0)
    qtbot.mouseClick(panel.loop_button, LEFT)
    editor.set_moment(len(editor.walk))
    editor.set_moment(len(editor.walk) - 1)
    qtbot.mouseClick(panel.play_button, LEFT)
    with qtbot.waitSignal(editor.moment_changed, check_params_cb=lambda m: m == 0, timeout=3000):
        pass
    assert panel.player.playing
    panel.play_pause()


def test_leaving_backward_stops_playing(panel: BackwardPanel, editor: Editor) -> None:
    panel.play_pause()
    assert panel.player.playing
    editor.set_workspace("build")
    assert not panel.player.playing


def test_go_to_the_selected_node(panel: BackwardPanel, editor: Editor, qtbot: QtBot) -> None:
    assert not panel.target_button.isEnabled()
    editor.select({"x"})
    assert not panel.target_button.isEnabled(), "x gets no gradient"
    editor.select({"mul"})
    assert editor.moment == 0, "selecting jumps nowhere"
    qtbot.mouseClick(panel.target_button, LEFT)
    assert editor.moment == 5


def test_views_agree_at_every_moment(panel: BackwardPanel, editor: Editor, qtbot: QtBot) -> None:
    steps = StepList(editor)
    inspector = BackwardInspector(editor)
    for widget in (steps, inspector):
        qtbot.addWidget(widget)
        widget.resize(360, 600)
        widget.show()
    assert editor.walk is not None
    for moment in [*range(len(editor.walk) + 1), 3, 0, 6]:
        editor.set_moment(moment)
        note = panel.findChildren(QLabel)
        assert any(label.text() == f"step {moment} of {len(editor.walk)}" for label in note)
        active = editor.step
        if active is None:
            assert said(panel).startswith("Before")
            continue
        assert isinstance(active, WalkStep)
        assert steps.view.currentIndex().row() == moment - 1
        name = panel.timeline.label(moment)
        assert steps.model.name(active) == name
        node = active.node
        numbers = [figure(sent.value) for sent in active.sent]
        qtbot.waitUntil(
            lambda n=node, sent=numbers: (inspector.name.text(), leaving(inspector)) == (n, sent)
        )
        assert all(number in said(panel) for number in numbers)


def leaving(inspector: BackwardInspector) -> list[str]:
    if inspector.ledger.table.isHidden():
        return []
    return [cells[-1] for cells in inspector.ledger.table.words() if cells[-1] != "not needed"]


def test_a_value_changed_while_standing_at_a_step_changes_what_is_said(
    panel: BackwardPanel, editor: Editor
) -> None:
    editor.set_moment(5)
    before = said(panel)
    node = editor.graph.node("x")
    after = node.changed(attrs={**node.attrs, "data": np.asarray(3.0, np.float32)})
    assert editor.perform(ReplaceNode(node, after))
    assert said(panel) != before and "x = 3.000" in said(panel)


def test_where_no_pass_can_start_the_reason_stands_in_place_of_controls(
    panel: BackwardPanel, editor: Editor
) -> None:
    before = editor.graph.settings
    assert editor.perform(SetSettings(before, Settings(output="x")))
    assert editor.walk is None
    shown = [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]
    assert editor.walk_problem and editor.walk_problem in shown
    assert not panel.timeline.isVisible()
    for button in (panel.step_button, panel.play_button, panel.last_button, panel.first_button):
        assert not button.isEnabled()


def test_an_empty_document_is_no_error(editor: Editor, panel: BackwardPanel, qtbot: QtBot) -> None:
    inspector, steps = BackwardInspector(editor), StepList(editor)
    qtbot.addWidget(inspector)
    qtbot.addWidget(steps)
    editor.set_moment(4)
    editor.show_graph(Graph())
    qtbot.waitUntil(lambda: inspector.empty.text() == editor.walk_problem)
    assert steps.problem.text() == editor.walk_problem
    assert not panel.timeline.isVisible()


def test_another_theme_recolours_the_sentences(panel: BackwardPanel, editor: Editor) -> None:
    editor.set_moment(5)
    assert theme.current().grad in panel.sentences.html
    theme.source().set_theme("dark")
    assert theme.theme_named("dark").grad in panel.sentences.html


def test_hundreds_of_steps_become_a_bar_with_labels_that_do_not_touch(
    panel: BackwardPanel, editor: Editor, qtbot: QtBot
) -> None:
    editor.show_graph(chain(400))
    assert editor.walk is not None and panel.timeline.is_bar
    for moment in (0, 1, 200, len(editor.walk)):
        editor.set_moment(moment)
        panel.grab()
        places = [room for _, room, _ in panel.timeline.labels()]
        assert not any(a.intersects(b) for i, a in enumerate(places) for b in places[:i])
        assert moment in [m for m, _, _ in panel.timeline.labels()]
        assert len(places) > 5
    qtbot.mouseClick(panel.timeline, LEFT, pos=place(panel, 123))
    assert editor.moment == 123


def test_a_click_in_the_list_goes_there_and_the_present_step_stays_in_view(
    editor: Editor, qtbot: QtBot
) -> None:
    editor.show_graph(chain(200))
    steps = StepList(editor)
    qtbot.addWidget(steps)
    steps.resize(320, 400)
    steps.show()
    third = steps.view.visualRect(steps.model.index(2))
    qtbot.mouseClick(steps.view.viewport(), LEFT, pos=third.center())
    assert editor.moment == 3
    editor.set_moment(150)
    shown = steps.view.visualRect(steps.model.index(149))
    assert steps.view.viewport().rect().contains(shown)


def test_the_inspector_shows_the_ledger_and_a_check(editor: Editor, qtbot: QtBot) -> None:
    inspector = BackwardInspector(editor)
    qtbot.addWidget(inspector)
    inspector.resize(360, 700)
    inspector.show()
    editor.set_moment(5)
    qtbot.waitUntil(lambda: inspector.name.text() == "mul")
    assert inspector.ledger.table.words() == [
        ["w", "−6.000", "−1.500", "9.000"],
        ["x", "−6.000", "", "not needed"],
    ]
    assert inspector.ledger.local.formulas == (
        r"\frac{\partial (w \cdot x)}{\partial w} = x = \textcolor{val}{-1.500}",
    )
    assert inspector.forward.figure.text() == "w × x = 2.000 × −1.500 = −3.000"
    qtbot.waitUntil(lambda: inspector.ledger.check.text().startswith("✓ agrees to"), timeout=5000)


def test_a_selected_node_is_shown_until_the_next_step_and_hides_what_is_to_come(
    editor: Editor, qtbot: QtBot
) -> None:
    inspector = BackwardInspector(editor)
    qtbot.addWidget(inspector)
    inspector.show()
    editor.set_moment(2)
    editor.select({"mul"})
    qtbot.waitUntil(lambda: inspector.name.text() == "mul")
    assert "step 5" in inspector.note.accessibleName()
    assert inspector.ledger.table.words()[0][1:] == ["· · ·", "−1.500", "· · ·"]
    qtbot.mouseClick(inspector.go, LEFT)
    assert editor.moment == 5
    editor.set_moment(3)
    qtbot.waitUntil(lambda: inspector.name.text() == "sub")
    editor.select({"x"})
    qtbot.waitUntil(lambda: inspector.name.text() == "x")
    assert inspector.gradient.figure.text() == "no grad" and not inspector.go.isVisible()


def test_away_from_backward_nothing_is_worked_out(
    editor: Editor, panel: BackwardPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor.set_workspace("build")
    asked: list[str] = []
    monkeypatch.setattr(
        "gradviz_ui.docks.backward_story.explain_moment", lambda *_: asked.append("explained")
    )
    node = editor.graph.node("w")
    after = node.changed(attrs={**node.attrs, "data": np.asarray(1.0, np.float32)})
    assert editor.perform(ReplaceNode(node, after))
    assert not asked


def test_the_word_of_the_present_moment_stands_alone_where_others_would_touch_it(
    panel: BackwardPanel, editor: Editor
) -> None:
    editor.show_graph(chain(45))
    panel.resize(1280, panel.height())
    timeline = panel.timeline
    for moment in (20, 21):
        editor.set_moment(moment)
        picture = timeline.grab().toImage()
        ratio = picture.devicePixelRatio()
        words = [room.toAlignedRect() for _, room, _ in timeline.labels()]
        row = words[0]
        free = [
            x for x in range(timeline.width())
            if not any(word.left() <= x <= word.right() for word in words)
        ]  # fmt: skip
        background = picture.pixelColor(1, picture.height() - 1)
        assert len(free) > 200
        for x in free:
            for y in range(row.top(), row.bottom()):
                assert picture.pixelColor(int(x * ratio), int(y * ratio)) == background, (x, y)
