"""The values a node's settings may have: each kind's one canonical form, and what is wrong.

A node holds its settings in canonical form, so that comparing two, writing one to a file and
passing it to an operation need no second look.
"""

from __future__ import annotations

import math
import types
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from gradviz.graph.guards import (
    is_array,
    is_list,
    is_mapping,
    is_sequence,
    is_slice,
    is_tuple,
    unboxed,
)
from gradviz.graph.limits import (
    MAX_ELEMENTS,
    MAX_PLAIN_DEPTH,
    MAX_PLAIN_ITEMS,
    MAX_RANK,
    MAX_TEXT,
)
from gradviz.ops.dtypes import DTYPES, dtype, dtype_named, get_default_dtype
from gradviz.ops.spec import Array, Attr

INT64 = range(-(2**63), 2**63)
Ellipsis_ = types.EllipsisType
NUMPY_TYPES = frozenset(t.numpy for t in DTYPES.values())


# one form ------------------------------------------------------------------------------


def canonical(attr: Attr, value: Any) -> Any:
    """``value`` in the form its kind is kept in; what does not fit the kind comes back as is.

    NumPy scalars become Python's, lists of sizes tuples, names of types the types, arrays
    read-only (copied where somebody else could still write to them), lists of data arrays.
    """
    return CANONICAL.get(attr.kind, _as_it_is)(unboxed(value))


def _as_it_is(value: Any) -> Any:
    return value


def _sizes(value: Any) -> Any:
    if not is_sequence(value):
        return value
    items: list[Any] = [unboxed(v) for v in value]
    same = type(value) is tuple and all(a is b for a, b in zip(items, value, strict=True))
    return value if same else tuple(items)


def _dtype(value: Any) -> Any:
    known = isinstance(value, str) and value.removeprefix("torch.") in DTYPES
    return dtype_named(value) if known else value


def _bool(value: Any) -> Any:
    return bool(value) if isinstance(value, int) and value in (0, 1) else value


def _array(value: Any) -> Any:
    value = getattr(value, "array", value)
    if is_sequence(value):
        value = _array_from_lists(value)
    return frozen(value) if is_array(value) else value


def _array_from_lists(value: Any) -> Any:
    try:
        array = np.asarray(value)
    except ValueError:  # ragged: said by `problem`
        return value
    return array.astype(get_default_dtype().numpy) if array.dtype == np.float64 else array


def frozen(array: Array) -> Array:
    """``array`` as nobody can write to it: itself where it is so already, else a copy."""
    if not array.flags.writeable and array.flags.c_contiguous and array.dtype.isnative:
        return array
    copy = array.astype(array.dtype.newbyteorder("="), order="C", copy=True)
    copy.setflags(write=False)
    return copy


def _index(value: Any) -> Any:
    if is_tuple(value):
        return tuple(_index_item(v) for v in value)
    return _index_item(value)


def _index_item(value: Any) -> Any:
    value = unboxed(value)
    if is_slice(value):
        parts: list[Any] = [value.start, value.stop, value.step]
        return slice(*[unboxed(p) for p in parts])
    if is_list(value) or is_array(getattr(value, "array", value)):
        return _array(value)
    return value


CANONICAL: Mapping[str, Callable[[Any], Any]] = {
    "bool": _bool,
    "dims": _sizes,
    "shape": _sizes,
    "dtype": _dtype,
    "index": _index,
    "array": _array,
}


# what is wrong -------------------------------------------------------------------------


def problem(attr: Attr, value: Any) -> str | None:
    """What is wrong with ``value`` for this setting ("must be …, not …"), or None."""
    if value is None and attr.optional:
        return None
    if attr.kind == "array":
        return array_problem(value)
    if attr.kind == "choice" and attr.choices and value not in attr.choices:
        return f"must be one of {', '.join(attr.choices)}, not {shown(value)}"
    fits, wanted = KINDS[attr.kind]
    if attr.kind == "dims" and attr.choices:
        wanted = f"{wanted}, or one of {', '.join(attr.choices)}"
        if isinstance(value, str) and value in attr.choices:
            return None
    return None if fits(value) else f"must be {wanted}, not {shown(value)}"


def shown(value: Any) -> str:
    """A value as an error message quotes it: on one line and short."""
    if is_array(value):
        return f"an array of {value.dtype} {list(value.shape)}"
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        text = repr(value) if isinstance(value, float) or value in INT64 else "a number that large"
    elif value is None or isinstance(value, (bool, str)):
        text = repr(value[:61] if isinstance(value, str) else value)
    else:
        kind: str = type(value).__name__
        return {"list": "a list", "tuple": "a list", "dict": "an object"}.get(kind, kind)
    return text if len(text) <= 60 else text[:57] + "…" + text[-1]


def is_int(value: Any) -> bool:
    """Whether ``value`` is a whole number that 64 bits hold (True and False are not)."""
    return isinstance(value, int) and not isinstance(value, bool) and value in INT64


def is_number(value: Any) -> bool:
    """Whether ``value`` is a number an operation can take."""
    return isinstance(value, (bool, float)) or is_int(value)


def is_text(value: Any) -> bool:
    """Whether ``value`` is text that a file can hold."""
    return isinstance(value, str) and len(value) <= MAX_TEXT and encodable(value)


def encodable(text: str) -> bool:
    """Whether UTF-8 can hold ``text``: it has no half of a surrogate pair."""
    return text.isascii() or not any("\ud800" <= c <= "\udfff" for c in text)


def _is_sizes(value: Any) -> bool:
    if is_tuple(value):
        return len(value) <= MAX_RANK and all(is_int(v) for v in value)
    return is_int(value)


def _is_index(value: Any) -> bool:
    if is_tuple(value):
        return len(value) <= MAX_RANK and all(_is_index_item(v) for v in value)
    return _is_index_item(value)


def _is_index_item(value: Any) -> bool:
    if is_slice(value):
        parts: tuple[Any, ...] = (value.start, value.stop, value.step)
        return all(p is None or is_int(p) for p in parts)
    if is_array(value):
        return value.dtype.kind in "iub" and array_problem(value) is None
    return value is None or isinstance(value, (bool, Ellipsis_)) or is_int(value)


KINDS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "bool": (lambda v: isinstance(v, bool), "true or false"),
    "int": (is_int, "a whole number"),
    "float": (lambda v: is_number(v) and not isinstance(v, bool), "a number"),
    "number": (is_number, "a number"),
    "dim": (is_int, "a whole number"),
    "dims": (_is_sizes, "a whole number or a list of them"),
    "shape": (_is_sizes, "a whole number or a list of them"),
    "dtype": (lambda v: isinstance(v, dtype), f"one of {', '.join(DTYPES)}"),
    "choice": (is_text, "text"),
    "text": (is_text, f"text of at most {MAX_TEXT} characters"),
    "index": (_is_index, "an index of whole numbers, slices, …, None and integer arrays"),
}


def array_problem(value: Any) -> str | None:
    """What is wrong with the data of a leaf, or None."""
    if is_number(value):
        return None
    if not is_array(value):
        return f"must be a number or an array, not {shown(value)}"
    if value.dtype not in NUMPY_TYPES:
        return f"must be an array of {', '.join(DTYPES)}, not of {value.dtype}"
    if value.ndim > MAX_RANK:
        return f"must have at most {MAX_RANK} dimensions, not {value.ndim}"
    if value.size > MAX_ELEMENTS:
        return f"must have at most {MAX_ELEMENTS:,} elements, not {value.size:,}"
    return None


def plain_problem(value: Any) -> str | None:
    """What keeps ``value`` from being plain data (numbers, text, lists, objects), or None."""
    level, count = [value], 0
    for _ in range(MAX_PLAIN_DEPTH):
        count += len(level)
        wrong = next((v for v in level if not _is_plain(v)), None)
        if wrong is not None:
            return f"must be numbers, text, lists and objects with names, not {shown(wrong)}"
        level = [item for v in level for item in _members(v)]
        if not level or count > MAX_PLAIN_ITEMS:
            break
    if level:
        return f"must be at most {MAX_PLAIN_DEPTH} deep and have {MAX_PLAIN_ITEMS:,} values"
    return None


def _is_plain(value: Any) -> bool:
    if is_mapping(value):
        return all(is_text(k) and not k.startswith("$") for k in value)
    return value is None or is_number(value) or is_text(value) or is_sequence(value)


def _members(value: Any) -> list[Any]:
    if is_mapping(value):
        return list(value.values())
    return list(value) if is_sequence(value) else []


def plain_position(position: tuple[float, float]) -> tuple[float, float]:
    """A place as a node keeps it."""
    if len(position) != 2:
        return position
    x, y = position
    # Adding 0.0 turns a negative zero, which reads the same, into the one zero.
    return float(x) + 0.0, float(y) + 0.0


def finite_position(position: tuple[float, float], limit: float) -> bool:
    """Whether a card may lie here."""
    return len(position) == 2 and all(math.isfinite(v) and abs(v) <= limit for v in position)
