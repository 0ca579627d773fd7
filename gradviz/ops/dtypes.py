"""Data types and the promotion rules of PyTorch, which differ from NumPy's.

See https://docs.pytorch.org/docs/stable/tensor_attributes.html#type-promotion-doc:
a tensor with dimensions outranks a 0-d tensor, which outranks a Python number, unless
the lower one is of a higher kind (bool < integer < floating point).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

Number = bool | int | float


class dtype:
    """A data type such as ``float32``; there is one object for each."""

    __slots__ = ("category", "itemsize", "legacy_name", "name", "numpy")

    def __init__(self, name: str, numpy_type: type[np.generic], category: int, legacy: str) -> None:
        self.name = name
        self.numpy = np.dtype(numpy_type)
        self.category = category
        self.itemsize = self.numpy.itemsize
        self.legacy_name = legacy

    @property
    def is_floating_point(self) -> bool:
        """Whether values of this type can carry gradients."""
        return self.category == FLOATING

    @property
    def is_complex(self) -> bool:
        """False: complex types are not offered."""
        return False

    @property
    def is_signed(self) -> bool:
        """Whether the type holds negative numbers."""
        return self.name not in {"bool", "uint8"}

    def __repr__(self) -> str:
        return f"torch.{self.name}"

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return dtype_named, (self.name,)


BOOLEAN, INTEGER, FLOATING = 0, 1, 2

bool_ = dtype("bool", np.bool_, BOOLEAN, "Bool")
uint8 = dtype("uint8", np.uint8, INTEGER, "Byte")
int8 = dtype("int8", np.int8, INTEGER, "Char")
int16 = dtype("int16", np.int16, INTEGER, "Short")
int32 = dtype("int32", np.int32, INTEGER, "Int")
int64 = dtype("int64", np.int64, INTEGER, "Long")
float16 = dtype("float16", np.float16, FLOATING, "Half")
float32 = dtype("float32", np.float32, FLOATING, "Float")
float64 = dtype("float64", np.float64, FLOATING, "Double")

DTYPES = {t.name: t for t in (bool_, uint8, int8, int16, int32, int64, float16, float32, float64)}
_BY_NUMPY = {t.numpy: t for t in DTYPES.values()}
ALIASES = {
    "half": float16, "float": float32, "double": float64, "short": int16, "int": int32,
    "long": int64,
}  # fmt: skip
C_NAMES = {
    "uint8": "uint8_t", "int8": "int8_t", "int16": "int16_t", "int32": "int", "int64": "int64_t",
    "float16": "c10::Half", "float32": "float",
}  # fmt: skip
"""What PyTorch's messages call types by: their names in C."""
_PROMOTED: dict[tuple[dtype, dtype], dtype] = {}
_default = float32


def dtype_named(name: str) -> dtype:
    """The type called ``name`` (``"float32"``, ``"long"``); ValueError lists the names."""
    found = DTYPES.get(name.removeprefix("torch.")) or ALIASES.get(name)
    if found is None:
        raise ValueError(f"no data type is called '{name}'; there are {', '.join(DTYPES)}")
    return found


def of_numpy(numpy_type: np.dtype[Any]) -> dtype:
    """The type of a NumPy array; TypeError where there is none (text, complex, objects)."""
    try:
        return _BY_NUMPY[numpy_type]
    except KeyError:
        supported = ", ".join(DTYPES)
        raise TypeError(
            f"can't convert np.ndarray of type {numpy_type}. "
            f"The only supported types are: {supported}."
        ) from None


def get_default_dtype() -> dtype:
    """The type of tensors made from Python floats (``float32`` until set)."""
    return _default


def set_default_dtype(d: dtype) -> None:
    """Make ``d``, a floating-point type, the type of tensors made from Python floats."""
    global _default
    if not d.is_floating_point:
        raise TypeError(f"only floating-point types are supported as the default type, got {d}")
    _default = d


def promote_types(type1: dtype, type2: dtype) -> dtype:
    """The smallest type that holds both (``torch.promote_types``)."""
    if type1 is type2:
        return type1
    found = _PROMOTED.get((type1, type2))
    if found is None:
        found = _PROMOTED[(type1, type2)] = _promote(type1, type2)
    return found


def _promote(a: dtype, b: dtype) -> dtype:
    if a.category != b.category:
        return a if a.category > b.category else b
    return _BY_NUMPY[np.promote_types(a.numpy, b.numpy)]


def of_number(value: Number) -> dtype:
    """The type a Python number counts as in promotion."""
    if isinstance(value, bool):
        return bool_
    return int64 if isinstance(value, int) else _default


def result_type_of(operands: Iterable[Any]) -> dtype:
    """The type of an element-wise result of arrays (anything with ``dtype, ndim``) and numbers."""
    ranks: list[dtype | None] = [None, None, None]
    for operand in operands:
        if isinstance(operand, (bool, int, float)):
            kind, rank = of_number(operand), 2
        else:
            kind, rank = _BY_NUMPY[operand.dtype], 0 if operand.ndim else 1
        held = ranks[rank]
        ranks[rank] = kind if held is None else promote_types(held, kind)
    return _combine(_combine(ranks[0], ranks[1]), ranks[2]) or _default


def _combine(higher: dtype | None, lower: dtype | None) -> dtype | None:
    if higher is None or lower is None:
        return higher or lower
    if lower.category <= higher.category and higher.category != BOOLEAN:
        return higher
    return promote_types(higher, lower)


def held(value: Any, kind: np.dtype[Any]) -> Any:
    """A number as an array of ``kind`` without dimensions; refused where it lies beyond its range.

    As in PyTorch infinities pass where the type has them, and ``uint8`` takes numbers from −255.
    """
    number = np.asarray(value)
    if kind.kind in "iu" and not _fits_whole(number.item(), kind):
        raise overflow(kind)
    with np.errstate(over="ignore"):
        cast = number.astype(kind)
    if kind.kind == "f" and np.isinf(cast) and np.isfinite(number):
        raise overflow(kind)
    return cast


def _fits_whole(number: int | float, kind: np.dtype[Any]) -> bool:
    limits = np.iinfo(kind)
    low = -limits.max if kind.kind == "u" else limits.min
    return low <= number <= limits.max


def overflow(kind: np.dtype[Any]) -> RuntimeError:
    """What PyTorch raises where a number does not fit into a type."""
    name = C_NAMES.get(of_numpy(kind).name, "double")
    return RuntimeError(f"value cannot be converted to type {name} without overflow")
