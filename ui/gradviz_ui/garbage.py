"""Garbage is looked for on the GUI thread alone.

Python clears unreachable objects away on whichever thread happens to make the next one. Among them
may be widgets, and Qt does not survive a widget that is deleted on another thread. So Python no
longer looks by itself: the event loop asks for it, now and then.
"""

import gc

from PySide6.QtCore import QCoreApplication, QTimer

EVERY_MS = 200
MUCH = 50_000
"""How many objects are new before it is worth to look among them."""
LOOKS_TO_OLDER = (20, 50)
"""After how many looks at the youngest, and of those at the older, the next older are looked at."""
NAME = "garbage"


def keep_to_gui_thread(app: QCoreApplication) -> None:
    """From now on clear garbage from this application's event loop, and nowhere else."""
    gc.disable()
    if app.findChild(QTimer, NAME) is not None:
        return
    timer = QTimer(app)
    timer.setObjectName(NAME)
    timer.setInterval(EVERY_MS)
    timer.timeout.connect(clear_garbage)
    timer.start()


def clear_garbage() -> None:
    """Clear away what has become garbage, where there may be much; call it on the GUI thread."""
    young, looks, old_looks = gc.get_count()
    if young <= MUCH:
        return
    to_older, to_old = LOOKS_TO_OLDER
    oldest = looks > to_older and old_looks > to_old
    gc.collect(2 if oldest else 1 if looks > to_older else 0)
