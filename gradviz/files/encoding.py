"""Settings as JSON and back: what JSON lacks is an object with one telling name.

===================  ======================================================================
nan, ±inf            ``{"float": "nan"}``, ``{"float": "inf"}``, ``{"float": "-inf"}``
a type               its name, ``"float32"``
a tuple              a list
an array             ``{"array": [[1.0, 2.0]], "dtype": "float32"}``, or, where it has many
                     elements, ``{"array": "<base64>", "dtype": …, "shape": [100, 3]}``: its
                     elements in row-major order, little-endian
a slice, …           ``{"slice": [start, stop, step]}``, ``"..."``  (in an index)
===================  ======================================================================

In the plain data of workspaces the name is ``$float``, since any other may be the data's own.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from gradviz.files.arrays import decode_array, encode_array
from gradviz.files.errors import Misplaced
from gradviz.graph.guards import is_array, is_list, is_mapping, is_sequence, is_slice, is_tuple
from gradviz.graph.limits import MAX_PLAIN_DEPTH
from gradviz.graph.values import shown
from gradviz.ops.dtypes import DTYPES, dtype
from gradviz.ops.spec import Attr

NON_FINITE = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


def encode_number(value: float, tag: str = "float") -> Any:
    """A number as JSON has it, or tagged."""
    if isinstance(value, float) and not math.isfinite(value):
        return {tag: str(value)}
    return value


def decode_number(value: Any, tag: str = "float") -> Any:
    """The number behind a tag; anything else as it is."""
    if not is_mapping(value) or tag not in value:
        return value
    number: Any = only(value, tag)
    if not isinstance(number, str) or number not in NON_FINITE:
        raise Misplaced((tag,), f'must be "nan", "inf" or "-inf", not {shown(number)}')
    return NON_FINITE[number]


def only(value: Mapping[str, Any], *names: str) -> Any:
    """The value of the first of ``names``; refused where ``value`` has others than these."""
    extra = next((n for n in value if n not in names), None)
    if extra is not None:
        raise Misplaced((), f"{shown(extra)} does not belong beside {shown(names[0])}")
    return value[names[0]]


def encode(value: Any) -> Any:
    """A setting in canonical form as JSON values."""
    if is_array(value):
        return encode_array(value)
    if isinstance(value, dtype):
        return value.name
    if is_tuple(value):
        return [encode(v) for v in value]
    if is_slice(value):
        return {"slice": [value.start, value.stop, value.step]}
    if value is Ellipsis:
        return "..."
    return encode_number(value)


def decode(attr: Attr, value: Any) -> Any:
    """The setting that JSON values stand for, not checked yet against its kind."""
    if value is None or isinstance(value, bool):
        return value
    if attr.kind == "index":
        return decode_index(value)
    if attr.kind == "array":
        return decode_data(value)
    if attr.kind == "dtype" and isinstance(value, str):
        return DTYPES.get(value, value)
    if attr.kind in ("shape", "dims") and is_list(value):
        return tuple(value)
    return decode_number(value)


def decode_data(value: Any) -> Any:
    """A leaf's data: a number or an array, which must name its type."""
    if is_list(value):
        raise Misplaced((), 'must be a number or {"array": […], "dtype": "…"}, not a bare list')
    holds_array = is_mapping(value) and "array" in value
    return decode_array(value) if holds_array else decode_number(value)


def decode_index(value: Any) -> Any:
    """An index: one item, or a tuple of them."""
    if not is_list(value):
        return decode_index_item(value)
    items: list[Any] = []
    for place, item in enumerate(value):
        try:
            items.append(decode_index_item(item))
        except Misplaced as wrong:
            raise wrong.under(place) from None
    return tuple(items)


def decode_index_item(value: Any) -> Any:
    """One item of an index: a whole number, a slice, …, None or an array."""
    if value == "...":
        return Ellipsis
    if not is_mapping(value):
        return value
    if "slice" not in value:
        return decode_data(value)
    parts = only(value, "slice")
    if not is_list(parts) or len(parts) != 3:
        raise Misplaced(("slice",), "must be [start, stop, step]")
    return slice(*parts)


def encode_plain(value: Any) -> Any:
    """The plain data of a workspace as JSON values, objects ordered by name."""
    if is_mapping(value):
        return {k: encode_plain(v) for k, v in sorted(value.items())}
    if is_sequence(value):
        return [encode_plain(v) for v in value]
    return encode_number(value, "$float")


def decode_plain(value: Any, depth: int = 0) -> Any:
    """The plain data that JSON values stand for; deeper than allowed is left as it is."""
    if depth > MAX_PLAIN_DEPTH:
        return value
    if is_list(value):
        return [decode_plain(v, depth + 1) for v in value]
    if is_mapping(value) and "$float" not in value:
        return {k: decode_plain(v, depth + 1) for k, v in value.items()}
    return decode_number(value, "$float")
