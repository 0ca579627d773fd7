"""How long the window takes to answer while the two-spirals network trains in it.

Run as a script, best with nothing else running. A timer that wants to fire every few milliseconds
notes how late it is, while runners train and the step looked at is played through: boundary, loss,
contour and rule are all drawn. The goal: no answer later than 50 ms; on a busy machine look at what
the processor spends, which is told beside the clock.
"""

import os
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtWidgets import QApplication

from gradviz.bundled import bundled
from gradviz.descent import Batching, data_leaves
from gradviz_ui.app import application, open_window, spare_what_stays
from gradviz_ui.descent import DescendWorkspace
from gradviz_ui.state import State
from gradviz_ui.tour import settle

GOAL = 0.050
EVERY_MS = 2
STEPS = 3000
SECONDS = 60.0


@dataclass
class Latency:
    """How long each turn of the event loop kept the window from answering, in seconds."""

    clock: list[float] = field(default_factory=list[float])
    processor: list[float] = field(default_factory=list[float])

    def __post_init__(self) -> None:
        self._last = time.perf_counter(), time.thread_time()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start(EVERY_MS)

    def _tick(self) -> None:
        now = time.perf_counter(), time.thread_time()
        self.clock.append(now[0] - self._last[0])
        self.processor.append(now[1] - self._last[1])
        self._last = now

    def stop(self) -> None:
        """Note nothing more."""
        self._timer.stop()


def trained(workspace: DescendWorkspace, seconds: float) -> None:
    """Turn the event loop until all steps are taken and played."""
    end = time.perf_counter() + seconds
    race = workspace.race
    workspace.play_pause()
    while time.perf_counter() < end:
        QApplication.processEvents()
        time.sleep(0.0005)
        there = [len(r.trajectory) > race.steps or r.stopped for r in race.runners]
        if there and all(there) and race.step >= race.steps:
            return


def measure(name: str, workspace: DescendWorkspace, batch: int) -> float:
    """Print a line; the processor's seconds of the longest turn."""
    race = workspace.race
    leaves = data_leaves(race.descent.objective) if race.descent else ()
    batching = Batching(leaves, batch, 3) if batch else None
    race.set_settings("Train", steps=STEPS, batch=batching)
    race.go_to(0)
    latency = Latency()
    trained(workspace, SECONDS)
    latency.stop()
    clock, worked = np.array(latency.clock) * 1e3, np.array(latency.processor) * 1e3
    print(
        f"{name:<22}{len(clock):>6} turns   typical {np.median(clock):6.1f} ms   "
        f"99 % within {np.percentile(clock, 99):6.1f} ms   longest {clock.max():6.1f} ms "
        f"(of the processor {worked.max():.1f}; 99 % within {np.percentile(worked, 99):.1f})",
        flush=True,
    )
    return float(worked.max()) / 1e3


def main() -> int:
    """Print the table; 1 where a turn takes longer than the goal."""
    application(["gradviz"])
    with tempfile.TemporaryDirectory() as kept:
        state = State(QSettings(str(Path(kept) / "bench.ini"), QSettings.Format.IniFormat))
        window = open_window(bundled("samples") / "two_spirals.gradviz", state)
        window.resize(1440, 900)
        window.show()
        window.show_workspace("descend")
        settle()
        spare_what_stays()
        (workspace,) = window.editor.findChildren(DescendWorkspace)
        assert workspace.boundary.isVisible(), "the boundary is what is to be seen"
        times = [measure("all data", workspace, 0), measure("batches of 16", workspace, 16)]
        window.hide()
    return int(max(times) > GOAL)


if __name__ == "__main__":
    sys.exit(main())
