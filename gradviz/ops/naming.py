"""PyTorch's names of records that depend on how an operation was called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gradviz.ops.spec import Shape

Naming = Callable[[tuple[Shape | None, ...], Mapping[str, Any]], str]


def by_dim(title: str) -> Naming:
    """``SumBackward0`` over everything, ``SumBackward1`` over given dimensions."""

    def name(shapes: tuple[Shape | None, ...], attrs: Mapping[str, Any]) -> str:
        return f"{title}Backward{int(attrs['dim'] is not None)}"

    return name


def by_last(title: str) -> Naming:
    """``FmodBackward0`` where the last input is a plain number, ``FmodBackward1`` for a tensor."""

    def name(shapes: tuple[Shape | None, ...], attrs: Mapping[str, Any]) -> str:
        return f"{title}Backward{int(shapes[-1] is not None)}"

    return name
