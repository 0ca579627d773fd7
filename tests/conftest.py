"""Keeps every test off the screen and out of the user's own settings.

It acts when pytest loads it, before any test module can start Qt or ask where settings live.
"""

import os
import tempfile
from pathlib import Path

from hypothesis import settings

# A temporary home for this process (each xdist worker has its own); removed when it ends.
_HOME = tempfile.TemporaryDirectory(prefix="gradviz-tests-", ignore_cleanup_errors=True)


def _live_in(home: Path) -> None:
    """Point everything that says where a program keeps its files into `home`."""
    places = {
        "XDG_CONFIG_HOME": home / "config",
        "XDG_CACHE_HOME": home / "cache",
        "XDG_DATA_HOME": home / "data",
        "XDG_STATE_HOME": home / "state",
        "XDG_RUNTIME_DIR": home / "run",
    }
    for name, place in places.items():
        place.mkdir(mode=0o700)
        os.environ[name] = str(place)
    os.environ["HOME"] = str(home)


_live_in(Path(_HOME.name))
os.environ["QT_QPA_PLATFORM"] = os.environ.get("GRADVIZ_TEST_PLATFORM", "offscreen")

# The same random examples in every run, so that a failure is the change's; "new" looks further.
settings.register_profile("same", derandomize=True)
settings.register_profile("new", derandomize=False)
settings.load_profile(os.environ.get("GRADVIZ_EXAMPLES", "same"))
