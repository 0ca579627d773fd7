"""What kind of thing a value is, in a way that the type checker believes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeGuard

import numpy as np

from gradviz.ops.spec import Array


def is_array(value: object) -> TypeGuard[Array]:
    """Whether ``value`` is a NumPy array."""
    return isinstance(value, np.ndarray)


def is_scalar(value: object) -> TypeGuard[np.generic[Any]]:
    """Whether ``value`` is a NumPy number."""
    return isinstance(value, np.generic)


def is_sequence(value: object) -> TypeGuard[Sequence[Any]]:
    """Whether ``value`` is a list or tuple."""
    return isinstance(value, (list, tuple))


def is_tuple(value: object) -> TypeGuard[tuple[Any, ...]]:
    """Whether ``value`` is a tuple."""
    return isinstance(value, tuple)
