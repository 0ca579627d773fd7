"""Arrays in a file: small ones as nested lists a person can read, large ones as their bytes.

A list is written only where reading it back gives the very same bits. What a file declares is
bounded before anything of that size is made.
"""

from __future__ import annotations

import binascii
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from gradviz.files.errors import Misplaced
from gradviz.graph.guards import is_list
from gradviz.graph.limits import MAX_ELEMENTS, MAX_RANK
from gradviz.graph.values import INT64, shown
from gradviz.ops.dtypes import DTYPES
from gradviz.ops.spec import Array, Shape

MAX_LISTED = 48
"""Arrays with more elements than this are written as bytes."""

WORDS = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


def encode_array(array: Array) -> dict[str, Any]:
    """An array as JSON values."""
    name = array.dtype.name
    if 0 < array.size <= MAX_LISTED:
        listed = {"array": nested(array), "dtype": name}
        if decode_array(listed).tobytes() == array.tobytes():
            return listed
    little = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
    data = binascii.b2a_base64(little.tobytes(), newline=False).decode("ascii")
    return {"array": data, "dtype": name, "shape": list(array.shape)}


def nested(array: Array) -> Any:
    """The elements as nested lists, each by its shortest digits."""
    if array.ndim:
        return [nested(row) for row in array]
    item = array.item()
    if not isinstance(item, float):
        return item
    return float(str(array[()])) if math.isfinite(item) else str(item)


def decode_array(value: Mapping[str, Any]) -> Array:
    """The array that ``{"array": …, "dtype": …}`` stands for; read-only."""
    name = value.get("dtype")
    if not isinstance(name, str) or name not in DTYPES:
        raise Misplaced(("dtype",), f"must be one of {', '.join(DTYPES)}, not {shown(name)}")
    extra = next((key for key in value if key not in ("array", "dtype", "shape")), None)
    if extra is not None:
        raise Misplaced((), f"{shown(extra)} does not belong beside 'array'")
    kind: np.dtype[Any] = DTYPES[name].numpy
    data = value["array"]
    if "shape" not in value:
        array = from_lists(data, kind)
    elif isinstance(data, str):
        array = from_base64(data, kind, declared_shape(value["shape"]))
    else:
        raise Misplaced(("shape",), "belongs to an array written as base64 only")
    array.setflags(write=False)
    return array


def declared_shape(shape: Any) -> Shape:
    """A shape as a file states it, within what can be held."""
    if not is_list(shape) or not all(is_size(n) for n in shape):
        raise Misplaced(("shape",), "must be a list of sizes, as [100, 3]")
    if len(shape) > MAX_RANK:
        raise Misplaced(("shape",), f"must have at most {MAX_RANK} dimensions")
    sizes: Shape = tuple(shape)
    # Zeros aside: a shape like (0, 10**18) has no elements, but no library holds it either.
    if math.prod(max(n, 1) for n in sizes) > MAX_ELEMENTS:
        raise Misplaced(("shape",), f"must have at most {MAX_ELEMENTS:,} elements")
    return sizes


def is_size(value: Any) -> bool:
    """Whether ``value`` can be the size of a dimension."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def from_base64(text: str, kind: np.dtype[Any], shape: Shape) -> Array:
    """An array from its bytes, whose number its shape tells beforehand."""
    size = math.prod(shape) * kind.itemsize
    if len(text) != 4 * math.ceil(size / 3):
        raise Misplaced(("array",), f"must be base64 of {size:,} bytes, as shape and dtype tell")
    try:
        data = binascii.a2b_base64(text, strict_mode=True)
    except ValueError:
        raise Misplaced(("array",), "is not base64") from None
    if len(data) != size:
        raise Misplaced(("array",), f"must be base64 of {size:,} bytes, as shape and dtype tell")
    if kind.kind == "b" and data.strip(b"\0\1"):
        raise Misplaced(("array",), "holds bytes other than 0 and 1, which are all a bool can be")
    read = np.frombuffer(data, kind.newbyteorder("<")).reshape(shape)
    return read.astype(kind)


def from_lists(data: Any, kind: np.dtype[Any]) -> Array:
    """An array from nested lists of numbers."""
    level: list[Any] = [data]
    shape: list[int] = []
    while is_list(level[0]):
        size = len(level[0])
        if any(not is_list(row) or len(row) != size for row in level):
            raise Misplaced(("array",), "has rows of different lengths")
        shape.append(size)
        if len(shape) > MAX_RANK or size * len(level) > MAX_ELEMENTS:
            raise Misplaced(
                ("array",), f"must have at most {MAX_RANK} dimensions and {MAX_ELEMENTS:,} elements"
            )
        level = [item for row in level for item in row]
        if not level:
            break
    array = np.empty(len(level), kind)
    for place, item in enumerate(level):
        array[place] = element(item, kind)
    return array.reshape(shape)


def element(item: Any, kind: np.dtype[Any]) -> Any:
    """One element, which ``kind`` must be able to hold."""
    if isinstance(item, bool):
        fits = kind.kind == "b"
    elif isinstance(item, int):
        fits = item in INT64 and (kind.kind == "f" or in_range(item, kind))
    elif isinstance(item, str):
        fits, item = item in WORDS and kind.kind == "f", WORDS.get(item)
    else:
        fits = isinstance(item, float) and kind.kind == "f"
    if fits and kind.kind == "f" and math.isfinite(item):
        # The shortest text of a type's largest number may lie above it, and still rounds to it.
        with np.errstate(over="ignore"):
            fits = bool(np.isfinite(kind.type(item)))
    if not fits:
        raise Misplaced(("array",), f"{shown(item)} is not a {kind.name}")
    return item


def in_range(item: int, kind: np.dtype[Any]) -> bool:
    """Whether an integer type holds ``item``."""
    return kind.kind in "iu" and np.iinfo(kind).min <= item <= np.iinfo(kind).max
