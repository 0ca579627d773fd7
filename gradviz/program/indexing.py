"""What stands between brackets, as the operations that carry it out.

A node's index is fixed (whole numbers, slices, None, dots); index tensors come in by wires.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from gradviz.program.calls import BadCall, Stand, constant

Call = tuple[str, tuple[Any, ...]]
BY_PARTS = "index in two steps: x[:, 0][i], or index_select(x, dim, i)"


def index_call(index: Any) -> list[Call]:
    """The calls, one after the other, that make up ``x[index]``, each without its first input."""
    given = cast("tuple[Any, ...]", index) if isinstance(index, tuple) else (index,)
    items = [tensor_index(item) for item in given]
    tensors = [i for i, item in enumerate(items) if isinstance(item, Stand)]
    if not tensors:
        for item in items:
            check_plain(item)
        return [("getitem", (tuple(items),))]
    return [*plain_part(items, tensors[0]), *tensor_part(items, tensors)]


def tensor_index(item: Any) -> Any:
    """An item, a list of numbers made an index tensor."""
    return constant(item) if isinstance(item, list) else item  # pyright: ignore[reportUnknownArgumentType]


def check_plain(item: Any) -> None:
    """Refuse what is no index."""
    whole = isinstance(item, int) and not isinstance(item, bool)
    if not (whole or item is None or item is ... or isinstance(item, slice)):
        raise BadCall("an index is a whole number, a slice, None, '...', or an integer tensor")


def plain_part(items: Sequence[Any], first: int) -> list[Call]:
    """The whole numbers before the first index tensor, and slices beside it, as a call."""
    if any(item is None or item is ... for item in items):
        raise BadCall(f"None and '...' do not go with index tensors: {BY_PARTS}")
    for i, item in enumerate(items):
        if isinstance(item, Stand):
            continue
        check_plain(item)
        mixed = any(isinstance(before, slice) for before in items[:first])
        if isinstance(item, int) and (i > first or mixed):
            raise BadCall(f"whole numbers come before index tensors: {BY_PARTS}")
    plain = [slice(None) if isinstance(item, Stand) else item for item in items]
    while plain and isinstance(plain[-1], slice) and plain[-1] == slice(None):
        plain.pop()
    return [("getitem", (tuple(plain),))] if plain else []


def tensor_part(items: Sequence[Any], tensors: Sequence[int]) -> list[Call]:
    """The index tensors as a call: along the first dimensions, or along a single later one."""
    dropped = sum(isinstance(item, int) for item in items)
    if [i - dropped for i in tensors] == list(range(len(tensors))):
        return [("index", ([items[i] for i in tensors],))]
    if len(tensors) > 1:
        raise BadCall(f"several index tensors stand side by side, at the front: {BY_PARTS}")
    return [("index_select", (tensors[0] - dropped, items[tensors[0]]))]
