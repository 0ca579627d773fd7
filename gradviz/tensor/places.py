"""Functions by the package of PyTorch they are in, looked up in the table of operations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from gradviz.ops.table import OPS
from gradviz.tensor.binding import public_function

NOTHING: Mapping[str, str] = MappingProxyType({})


@cache
def table_names(place: str) -> Mapping[str, str]:
    """What ``torch.<place>`` offers, and the base name of each operation meant.

    An operation is there by its own path, or by an alias such as ``special.psi``.
    """
    own, other = f"torch.{place}.", f"{place}."
    found = {
        op.public_path.removeprefix(own): op.base_name
        for op in OPS.values()
        if op.public_path.startswith(own)
    }
    aliases = {
        alias.removeprefix(other): op.base_name
        for op in OPS.values()
        for alias in op.aliases
        if alias.startswith(other)
    }
    return {**aliases, **found}


def names_in(place: str, elsewhere: Mapping[str, str] = NOTHING) -> list[str]:
    """Everything that ``torch.<place>`` offers here, in order."""
    return sorted({*table_names(place), *elsewhere})


def found_in(place: str, name: str, elsewhere: Mapping[str, str] = NOTHING) -> Callable[..., Any]:
    """The function ``torch.<place>.<name>``; AttributeError where there is none."""
    base = table_names(place).get(name) or elsewhere.get(name)
    if base is None:
        raise AttributeError(f"module 'gradviz.{place}' has no attribute '{name}'")
    return public_function(base)
