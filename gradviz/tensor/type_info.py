"""``finfo`` and ``iinfo``: the limits of a data type."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradviz.ops.dtypes import dtype, get_default_dtype


class _Limits:
    """What floating-point and whole-number types have in common."""

    __slots__ = ("_found", "bits", "dtype")

    def __init__(self, kind: dtype, found: Any) -> None:
        self._found = found
        self.bits: int = found.bits
        self.dtype = kind.name

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.dtype == getattr(other, "dtype", None)

    def __hash__(self) -> int:
        return hash(self.dtype)


class finfo(_Limits):
    """The limits of a floating-point type, the default one unless ``type`` is given.

    See https://docs.pytorch.org/docs/stable/type_info.html.
    """

    __slots__ = ()

    def __init__(self, type: dtype | None = None) -> None:
        kind = checked("finfo", get_default_dtype() if type is None else type)
        if not kind.is_floating_point:
            raise TypeError(
                "torch.finfo() requires a floating point input type. Use torch.iinfo to handle "
                "'torch.finfo'"
            )
        super().__init__(kind, np.finfo(kind.name))

    @property
    def max(self) -> float:
        """The largest number."""
        return float(self._found.max)

    @property
    def min(self) -> float:
        """The lowest number: that far below zero."""
        return float(self._found.min)

    @property
    def eps(self) -> float:
        """How far the next number above 1 is."""
        return float(self._found.eps)

    @property
    def tiny(self) -> float:
        """The smallest number of full precision above 0."""
        return float(self._found.smallest_normal)

    smallest_normal = tiny

    @property
    def resolution(self) -> float:
        """About the last decimal that is kept of a number near 1."""
        return float(self._found.resolution)

    def __repr__(self) -> str:
        names = ("resolution", "min", "max", "eps", "smallest_normal", "tiny")
        numbers = ", ".join(f"{name}={getattr(self, name):g}" for name in names)
        return f"finfo({numbers}, dtype={self.dtype})"


class iinfo(_Limits):
    """The limits of a type of whole numbers.

    See https://docs.pytorch.org/docs/stable/type_info.html.
    """

    __slots__ = ()

    def __init__(self, type: dtype) -> None:
        kind = checked("iinfo", type)
        if kind.is_floating_point:
            raise TypeError(
                "torch.iinfo() requires an integer input type. Use torch.finfo to handle "
                "'torch.iinfo'"
            )
        if kind.name == "bool":
            raise TypeError("torch.bool is not supported by torch.iinfo")
        super().__init__(kind, np.iinfo(kind.name))

    @property
    def max(self) -> int:
        """The largest number."""
        return int(self._found.max)

    @property
    def min(self) -> int:
        """The lowest number."""
        return int(self._found.min)

    def __repr__(self) -> str:
        return f"iinfo(min={self.min:g}, max={self.max:g}, dtype={self.dtype})"


def checked(name: str, value: Any) -> dtype:
    """A data type; TypeError where it is something else."""
    if not isinstance(value, dtype):
        raise TypeError(
            f"{name}(): argument 'type' (position 1) must be torch.dtype, not "
            f"{type(value).__name__}"
        )
    return value
