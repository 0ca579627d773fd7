"""Linear algebra: ``torch.linalg``.

The functions come from the table of operations: each whose public path is here is one.
"""

from __future__ import annotations

from typing import Any

from gradviz.tensor.places import found_in, names_in


def __getattr__(name: str) -> Any:
    return found_in("linalg", name)


def __dir__() -> list[str]:
    return names_in("linalg")
