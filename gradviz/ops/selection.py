"""Where equal elements end up: sorting and selecting in the order of a C++ standard library.

PyTorch promises no order among ties, but has one: that of the algorithms it calls. They are
introsort, introselect and heap sort as libstdc++ arranges them, and a quickselect of its own,
each written here over a list of places (``order``), of which ``before(a, b)`` says whether place
``a`` must come before place ``b``. They are slow, and called only where there are ties.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from gradviz.ops.spec import Array

Before = Callable[[int, int], bool]

SHORT = 16
# Beyond so many elements ties keep their order: working through them here would take too long.
LONGEST = 2**15


def arranged(row: Array, descending: bool, arrange: Callable[[list[int], Before], None]) -> Array:
    """The places of a row's elements as ``arrange`` puts them; nan counts as the largest."""
    ranks = np.unique(row, return_inverse=True)[1]
    keys: list[int] = (-ranks if descending else ranks).tolist()
    order = list(range(len(keys)))
    arrange(order, lambda a, b: keys[a] < keys[b])
    return np.array(order, np.int64)


def rows_with_ties(array: Array, axis: int) -> Iterator[tuple[int, ...]]:
    """Where along ``axis``, moved last, rows stand in which some element is there twice."""
    if array.size > LONGEST:
        return
    rows = np.sort(np.moveaxis(array, axis, -1), axis=-1)
    same = rows[..., 1:] == rows[..., :-1]
    if rows.dtype.kind == "f":
        same |= np.isnan(rows[..., 1:]) & np.isnan(rows[..., :-1])
    tied = np.asarray(same.any(axis=-1))
    yield from (row for row in np.ndindex(tied.shape) if tied[row])


def sort_places(order: list[int], before: Before, first: int = 0, last: int | None = None) -> None:
    """Sort ``order[first:last]``: partitions by a median of three, then insertions."""
    last = len(order) if last is None else last
    if last - first > 1:
        _partition_down(order, before, first, last, 2 * (last - first).bit_length() - 2)
        _insert(order, before, first, min(first + SHORT, last))
        for place in range(first + SHORT, last):
            _sink(order, before, place)


def _partition_down(order: list[int], before: Before, first: int, last: int, depth: int) -> None:
    """Partition until each part is short; parts that resist are sorted as heaps."""
    while last - first > SHORT:
        if depth == 0:
            sort_smallest(order, before, last - first, first, last)
            return
        depth -= 1
        cut = _partition(order, before, first, last)
        _partition_down(order, before, cut, last, depth)
        last = cut


def select_place(order: list[int], before: Before, nth: int) -> None:
    """Bring to ``nth`` what a full sort would put there, and what comes before it before it."""
    first, last = 0, len(order)
    if nth >= last:
        return
    depth = 2 * last.bit_length() - 2
    while last - first > 3:
        if depth == 0:
            _heap_select(order, before, first, nth + 1, last)
            order[first], order[nth] = order[nth], order[first]
            return
        depth -= 1
        cut = _partition(order, before, first, last)
        first, last = (cut, last) if cut <= nth else (first, cut)
    _insert(order, before, first, last)


def sort_smallest(
    order: list[int], before: Before, count: int, first: int = 0, last: int | None = None
) -> None:
    """Bring the first ``count`` to the front, in order, by a heap."""
    if count:
        _heap_select(order, before, first, first + count, len(order) if last is None else last)
        for end in range(first + count - 1, first, -1):
            _pop(order, before, first, end, end)


def _partition(order: list[int], before: Before, first: int, last: int) -> int:
    """Put the median of three first, and divide the rest by it; where the second part begins."""
    a, b, c = first + 1, first + (last - first) // 2, last - 1
    if before(order[a], order[b]):
        middle = b if before(order[b], order[c]) else c if before(order[a], order[c]) else a
    else:
        middle = a if before(order[a], order[c]) else c if before(order[b], order[c]) else b
    order[first], order[middle] = order[middle], order[first]
    pivot, low, high = order[first], first + 1, last
    while True:
        while before(order[low], pivot):
            low += 1
        high -= 1
        while before(pivot, order[high]):
            high -= 1
        if low >= high:
            return low
        order[low], order[high] = order[high], order[low]
        low += 1


def _insert(order: list[int], before: Before, first: int, last: int) -> None:
    """Sort a short part by insertions."""
    for place in range(first + 1, last):
        if before(order[place], order[first]):
            order.insert(first, order.pop(place))
        else:
            _sink(order, before, place)


def _sink(order: list[int], before: Before, place: int) -> None:
    """Insert one into what is sorted before it, knowing that it is not the first of all."""
    value = order[place]
    while before(value, order[place - 1]):
        order[place] = order[place - 1]
        place -= 1
    order[place] = value


def _heap_select(order: list[int], before: Before, first: int, middle: int, last: int) -> None:
    """Make a heap of the first part, and let smaller ones from the rest into it."""
    size = middle - first
    for parent in range((size - 2) // 2, -1, -1) if size > 1 else ():
        _adjust(order, before, first, parent, size, order[first + parent])
    for place in range(middle, last):
        if before(order[place], order[first]):
            _pop(order, before, first, middle, place)


def _pop(order: list[int], before: Before, first: int, last: int, result: int) -> None:
    """Take the top of a heap to ``result``, and what was there into the heap."""
    value, order[result] = order[result], order[first]
    _adjust(order, before, first, 0, last - first, value)


def _adjust(order: list[int], before: Before, first: int, hole: int, size: int, value: int) -> None:
    """Let a hole sink to the bottom of a heap, and ``value`` rise from there."""
    top = child = hole
    while child < (size - 1) // 2:
        child = 2 * (child + 1)
        if before(order[first + child], order[first + child - 1]):
            child -= 1
        order[first + hole] = order[first + child]
        hole = child
    if size % 2 == 0 and child == (size - 2) // 2:
        child = 2 * (child + 1)
        order[first + hole] = order[first + child - 1]
        hole = child - 1
    while hole > top and before(order[first + (hole - 1) // 2], value):
        order[first + hole] = order[first + (hole - 1) // 2]
        hole = (hole - 1) // 2
    order[first + hole] = value


def quickselect_place(order: list[int], before: Before, nth: int) -> None:
    """Bring to ``nth`` what a full sort would put there, as PyTorch's own selection does."""
    low, high = 0, len(order) - 1
    while low < high:
        if high == low + 1:
            _exchange(order, before, low, high)
            return
        middle = (low + high) // 2
        order[middle], order[low + 1] = order[low + 1], order[middle]
        _exchange(order, before, low + 1, high)
        _exchange(order, before, low, high)
        _exchange(order, before, low + 1, low)
        i, j, pivot = low + 1, high, order[low]
        while True:
            i += 1
            while before(order[i], pivot):
                i += 1
            j -= 1
            while before(pivot, order[j]):
                j -= 1
            if j < i:
                break
            order[i], order[j] = order[j], order[i]
        order[low], order[j] = order[j], order[low]
        low, high = (i if j <= nth else low), (j - 1 if j >= nth else high)


def _exchange(order: list[int], before: Before, a: int, b: int) -> None:
    """Swap two where the second must come before the first."""
    if before(order[b], order[a]):
        order[a], order[b] = order[b], order[a]
