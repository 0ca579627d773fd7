"""Linear algebra: ``torch.linalg``.

The functions come from the table of operations, and from the compositions of operations: each
whose public path is here is one.
"""

from __future__ import annotations

from typing import Any

from gradviz.ops.matrices import LinAlgError
from gradviz.tensor.composites import LINALG
from gradviz.tensor.out import accepting_out
from gradviz.tensor.places import found_in, names_in

__all__ = ["LinAlgError"]


def __getattr__(name: str) -> Any:
    if name in LINALG:
        globals()[name] = function = accepting_out(LINALG[name], f"linalg.{name}")
        return function
    return found_in("linalg", name)


def __dir__() -> list[str]:
    return sorted({*__all__, *LINALG, *names_in("linalg")})
