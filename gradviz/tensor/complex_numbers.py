"""Complex numbers to fill tensors with: tensors here are real, so only real ones fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gradviz.ops.dtypes import BOOLEAN, dtype, overflow
from gradviz.tensor.tensor import Tensor

FILLING = frozenset(["fill", "full", "full_like", "masked_fill", "new_full"])
"""Operations that bring a number to the type of a tensor, whatever its own."""


def made_real(
    name: str, args: Sequence[Any], kwargs: Mapping[str, Any]
) -> tuple[Sequence[Any], Mapping[str, Any]]:
    """The arguments of a filling operation with complex numbers as real ones, where they are."""
    given = (*args, *kwargs.values())
    if name not in FILLING or not any(isinstance(value, complex) for value in given):
        return args, kwargs
    kind = kwargs.get("dtype") or next((v.dtype for v in given if isinstance(v, Tensor)), None)
    if kind is None:
        return args, kwargs
    named = {word: real(value, kind) for word, value in kwargs.items()}
    return [real(value, kind) for value in args], named


def real(value: Any, kind: dtype) -> Any:
    """A complex number as one of the type ``kind``; anything else as it is."""
    if not isinstance(value, complex):
        return value
    if kind.category == BOOLEAN:
        return bool(value)
    if value.imag:
        raise overflow(kind.numpy)
    return value.real
