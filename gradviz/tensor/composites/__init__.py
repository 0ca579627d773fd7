"""Functions that are short programs over operations, by their place under ``torch``.

A composition has no gradient rule of its own: the rules of what it is made of give one. Each
module here lists its functions; those of ``METHODS`` tensors have too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from gradviz.tensor.checked import checked
from gradviz.tensor.composites import (
    building,
    calculus,
    counting,
    factors,
    legacy,
    matrix_products,
    moments,
    norms,
    picking,
    sums,
)
from gradviz.tensor.tensor import Tensor

LINALG = {
    name: checked(function, "linalg")
    for module in (factors, norms, matrix_products)
    for name, function in module.LINALG.items()
}
MODULES = (building, calculus, counting, legacy, moments, picking, sums)

COMPOSITES: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {f"linalg.{name}": function for name, function in LINALG.items()}
    | {f.__name__: checked(f) for module in MODULES for f in (*module.METHODS, *module.FUNCTIONS)}
)


def install_composites() -> None:
    """Give tensors the methods among these functions."""
    for module in MODULES:
        for function in module.METHODS:
            setattr(Tensor, function.__name__, COMPOSITES[function.__name__])
