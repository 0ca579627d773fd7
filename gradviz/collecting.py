"""Work without the garbage collector, which would go through all that is made, for nothing.

A program or a layout is many small objects and lists that all stay, and no cycles; looking among
them for what can go takes a quarter of the time that a long chain is compiled in.
"""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Generator[None, None, None]:
    """A block in which no garbage is looked for; afterwards it is as it was before."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
