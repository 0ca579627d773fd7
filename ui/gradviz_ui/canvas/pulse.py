"""The movement on the wires of the step just taken: dashes that run the way the gradient goes."""

from PySide6.QtCore import QObject, QTimer

from ..motion import motion
from .items import WireItem
from .scene import CanvasScene
from .turns import Turn, ends_of, wires_to

INTERVAL_MS = 50
STRIDE = 0.7
ROUNDS = 240


def active_wires(scene: CanvasScene) -> list[WireItem]:
    """The wires along which the step just taken has sent something, or has read it."""
    step = scene.editor.step if scene.editor.workspace == "backward" else None
    if step is None:
        return []
    return wires_to(scene, ((step.node, port) for port, _ in ends_of(step)))


class Pulse(QObject):
    """Moves the dashes while a step has just been taken, and rests after a while."""

    def __init__(self, scene: CanvasScene) -> None:
        super().__init__(scene)
        self._scene = scene
        self._left = 0
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self._tick)
        editor = scene.editor
        for signal in (editor.moment_changed, editor.walk_changed, editor.workspace_changed):
            signal.connect(self.begin)
        motion().changed.connect(self.begin)

    @property
    def running(self) -> bool:
        """Whether anything moves now."""
        return self._timer.isActive()

    def begin(self, *_: object) -> None:
        """Begin moving, where there is anything to move and movement is wanted."""
        self._left = ROUNDS
        if motion().reduced or not active_wires(self._scene):
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start()

    def _tick(self) -> None:
        wires = active_wires(self._scene)
        self._left -= 1
        if not wires or self._left <= 0 or not any(v.isVisible() for v in self._scene.views()):
            self._timer.stop()
            return
        stride = STRIDE if self._scene.editor.passes.reverse else -STRIDE
        for wire in wires:
            wire.phase = (wire.phase + stride) % 1000
        keys = ((wire.wire.target, wire.wire.port) for wire in wires)
        self._scene.marched.emit(Turn(frozenset(), frozenset(keys)))
