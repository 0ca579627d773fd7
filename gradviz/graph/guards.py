"""What a value of unknown type is, said in a way that a type checker follows.

After ``isinstance(value, list)`` a checker knows nothing of the members; after these it takes
them for :data:`Any`, which is what data from outside is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeGuard

import numpy as np

from gradviz.ops.spec import Array


def is_array(value: object) -> TypeGuard[Array]:
    """Whether ``value`` is a NumPy array."""
    return isinstance(value, np.ndarray)


def is_list(value: object) -> TypeGuard[list[Any]]:
    """Whether ``value`` is a list."""
    return isinstance(value, list)


def is_tuple(value: object) -> TypeGuard[tuple[Any, ...]]:
    """Whether ``value`` is a tuple."""
    return isinstance(value, tuple)


def is_sequence(value: object) -> TypeGuard[list[Any] | tuple[Any, ...]]:
    """Whether ``value`` is a list or a tuple."""
    return isinstance(value, (list, tuple))


def is_slice(value: object) -> TypeGuard[slice[Any, Any, Any]]:
    """Whether ``value`` is a slice."""
    return isinstance(value, slice)


def is_mapping(value: object) -> TypeGuard[Mapping[str, Any]]:
    """Whether ``value`` is a mapping; of JSON's or plain data, so its keys are text."""
    return isinstance(value, Mapping)


def unboxed(value: Any) -> Any:
    """A NumPy scalar as Python's; anything else as it is."""
    item: Any = value
    return item.item() if isinstance(value, np.generic) else item
