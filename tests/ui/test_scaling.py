"""The window at 200 %: the mouse meets what is seen, and no word is clipped."""

import os
import subprocess
import sys

USED = """
import os
from PySide6.QtCore import QPointF, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel
from gradviz_ui import paths
from gradviz_ui.app import application, open_window
from gradviz_ui.state import State

app = application(["gradviz"])
state = State(QSettings(os.path.join(os.environ["HOME"], "scaled.ini"), QSettings.Format.IniFormat))
window = open_window(paths.sample("bowl.gradviz"), state)
window.resize(1280, 720)
window.show()
view, editor = window.canvas, window.editor
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier

def at(point):
    return view.viewportTransform().map(point).toPoint()

for workspace in ("build", "backward"):
    window.show_workspace(workspace)
    for _ in range(3):
        app.processEvents()
    window.grab()
    app.sendPostedEvents()  # What was said during the last of them is laid out too.
    said = [w for w in window.findChildren(QLabel) + window.findChildren(QAbstractButton)
            if w.isVisible() and w.text()]
    assert len(said) > 5
    for each in said:
        wide = each.sizeHint().width() - each.width()
        high = each.minimumSizeHint().height() - each.height()
        assert max(wide, high) <= 1, (workspace, type(each).__name__, each.text(), wide, high)

window.show_workspace("build")
app.processEvents()
card = view.canvas.cards[editor.graph.named("theta1").id]
body, groove = card.body(), card.plan.slider
QTest.mouseClick(view.viewport(), LEFT, NONE, at(QPointF(body.x() + 46, body.y() + 18)))
assert editor.selection == {card.node_id}
QTest.mouseClick(view.viewport(), LEFT, NONE,
                 at(QPointF(body.x() + groove.x + 0.9 * groove.width, body.y() + groove.y + 4)))
assert editor.value(card.node_id).item() > 2
output = view.canvas.cards[editor.graph.named("theta2").id].port(0, output=True)
into = view.canvas.cards[editor.graph.named("pow1").id].port(0, output=False)
QTest.mousePress(view.viewport(), LEFT, NONE, at(output))
QTest.mouseMove(view.viewport(), at((output + into) / 2))
QTest.mouseMove(view.viewport(), at(into))
QTest.mouseRelease(view.viewport(), LEFT, NONE, at(into))
wire = editor.graph.inputs(editor.graph.named("pow1").id)[0]
assert editor.graph.node(wire.source).name == "theta2"
assert window.grab().width() == round(1280 * float(os.environ["QT_SCALE_FACTOR"]))
os._exit(0)
"""


def test_scaled_up_the_window_is_whole_and_the_mouse_meets_what_is_seen() -> None:
    scaled = {**os.environ, "QT_SCALE_FACTOR": "2"}
    done = subprocess.run(
        [sys.executable, "-c", USED],
        capture_output=True, text=True, timeout=120, check=False, env=scaled,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
