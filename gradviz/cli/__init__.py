"""The command line: ``gradviz``; a command is one module and one entry in ``COMMANDS``."""

from __future__ import annotations

from gradviz.cli.main import main

__all__ = ["main"]
