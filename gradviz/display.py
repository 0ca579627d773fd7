"""Whether a window can open here, asked before Qt is loaded, which without a display aborts."""

from __future__ import annotations

import os
import sys


def has_display() -> bool:
    """Whether a window could be shown: on Linux by a display named, or a platform chosen for Qt."""
    if sys.platform != "linux" or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
