"""Some PySide6 releases drop a reference to None on each void call, until Python aborts."""

import subprocess
import sys

CALLS = """
import sys
from PySide6.QtCore import QCoreApplication, QTimer

app = QCoreApplication([])
timer = QTimer()
before = sys.getrefcount(None)
for _ in range(20_000):
    timer.setInterval(5)
lost = before - sys.getrefcount(None)
sys.exit(f"{lost} references to None were lost" if lost > 1_000 else 0)
"""


def test_20_000_void_calls_leave_the_process_whole() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CALLS], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
