"""``x[...]`` and ``x[...] = y``: what stands between brackets, turned into operations.

Whole numbers, slices, None and dots make a view; index tensors, lists and masks then take
elements from that view, as PyTorch does it (NumPy treats a number among index arrays as one).
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any, NamedTuple, cast

import numpy as np

from gradviz.ops.dims import TRUTH_KINDS
from gradviz.ops.dtypes import of_numpy
from gradviz.ops.indexing import getitem, index, index_put, without_leading
from gradviz.ops.parts import select
from gradviz.ops.shape import expanded_shape, unsqueeze, view
from gradviz.ops.spec import Array, Shape
from gradviz.ops.writing import copy
from gradviz.tensor.inplace import write
from gradviz.tensor.tensor import Tensor, apply

WHOLE = slice(None)
INTEGERS = (int, np.integer)
SEQUENCE_LIMIT = 32
ZERO_DIM = (
    "invalid index of a 0-dim tensor. Use `tensor.item()` in Python or `tensor.item<T>()` in C++ "
    "to convert a 0-dim tensor to a number"
)
SEQUENCE_INDEX = (
    "Using a non-tuple sequence for multidimensional indexing is deprecated; use x[tuple(seq)] "
    "instead of x[seq], or x[torch.tensor(seq)] for an index tensor"
)


class Taking(NamedTuple):
    """An index in two parts: what makes a view, and index tensors for the view's dimensions."""

    basic: tuple[Any, ...]
    advanced: tuple[Any, ...]


def parse(shape: Sequence[int], key: Any) -> Taking:
    """Read what stands between brackets, for a tensor of this shape."""
    items = [as_item(item) for item in as_items(key)]
    specified = sum(dims_taken(item) for item in items)
    if specified > len(shape):
        if not shape:
            raise IndexError(ZERO_DIM)
        raise IndexError(f"too many indices for tensor of dimension {len(shape)}")
    basic: list[Any] = []
    advanced: list[Any] = []
    axis, rest = 0, len(shape) - specified
    for item in items:
        if item is Ellipsis:
            basic += [WHOLE] * rest
            advanced += [None] * rest
            axis, rest = axis + rest, 0
            continue
        add_item(item, axis, shape, basic, advanced)
        axis += dims_taken(item)
    while advanced and advanced[-1] is None:
        advanced.pop()
    return Taking(tuple(basic), tuple(advanced))


def as_items(key: Any) -> tuple[Any, ...]:
    """The items of an index that is one, or several in a tuple."""
    if isinstance(key, tuple):
        return key  # pyright: ignore[reportUnknownVariableType]
    nested = (list, tuple, slice, Tensor, np.ndarray, type(None), type(Ellipsis))
    if isinstance(key, list):
        items = cast(list[Any], key)
        if len(items) < SEQUENCE_LIMIT and any(isinstance(item, nested) for item in items):
            warnings.warn(SEQUENCE_INDEX, UserWarning, stacklevel=4)
            return tuple(items)
    return (cast(Any, key),)


def as_item(item: Any) -> Any:
    """One item as an int, bool, slice, None, ``...`` or index tensor."""
    if item is None or item is Ellipsis or isinstance(item, bool):
        return item
    if isinstance(item, np.bool_):
        return bool(cast(Any, item))
    if isinstance(item, INTEGERS):
        return int(cast(Any, item))
    if isinstance(item, slice):
        return as_slice(cast(Any, item))
    if isinstance(item, Tensor):
        return as_scalar(item)
    if isinstance(item, (list, tuple, range, np.ndarray)):
        return as_scalar(as_index_tensor(item))
    raise IndexError(
        "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are valid "
        f"indices (got {type(item).__name__})"
    )


def as_slice(item: slice) -> slice:
    """A slice with ends that are plain numbers and a step forwards."""
    ends = [None if v is None else whole_number(v) for v in (item.start, item.stop, item.step)]
    step = ends[2]
    if step == 0:
        raise ValueError("slice step cannot be zero")
    if step is not None and step < 0:
        raise ValueError("step must be greater than zero")
    return slice(*ends)


def whole_number(value: Any) -> int:
    """An end of a slice."""
    if not hasattr(value, "__index__"):
        raise TypeError("slice indices must be integers or None or have an __index__ method")
    return int(value.__index__())


def as_scalar(tensor: Tensor) -> Any:
    """An index tensor, or the number or truth value that it holds where it has no dimensions."""
    if tensor.array.ndim or tensor.array.dtype.kind == "f":
        return tensor
    value = tensor.array.item()
    return bool(value) if tensor.array.dtype in TRUTH_KINDS else value


def as_index_tensor(values: Any) -> Tensor:
    """A list of numbers or truth values as an index tensor."""
    given = isinstance(values, np.ndarray)
    plain = cast(Any, values) if given else [as_number(v) for v in values]
    array = np.asarray(plain)
    whole = not array.size or array.dtype.kind == "i"
    return Tensor.wrap(array.astype(np.int64) if whole else array)


def as_number(value: Any) -> Any:
    """Nested lists and tensors as nested lists of numbers."""
    if isinstance(value, Tensor):
        return value.array.tolist()
    return [as_number(v) for v in value] if isinstance(value, (list, tuple)) else value  # pyright: ignore[reportUnknownVariableType]


def is_mask(item: Any) -> bool:
    """Whether an index tensor selects by truth."""
    return isinstance(item, Tensor) and item.array.dtype in TRUTH_KINDS


def dims_taken(item: Any) -> int:
    """How many dimensions of the tensor an item speaks of."""
    if item is None or item is Ellipsis or isinstance(item, bool):
        return 0
    return item.array.ndim if is_mask(item) else 1


def add_item(
    item: Any, axis: int, shape: Sequence[int], basic: list[Any], advanced: list[Any]
) -> None:
    """Add one item to the two parts of an index."""
    if isinstance(item, bool):
        basic.append(None)
        advanced.append(Tensor.wrap(np.zeros(int(item), np.int64)))
    elif isinstance(item, int):
        if not -shape[axis] <= item < shape[axis]:
            raise IndexError(
                f"index {item} is out of bounds for dimension {axis} with size {shape[axis]}"
            )
        basic.append(item)
    elif isinstance(item, Tensor):
        basic += [WHOLE] * dims_taken(item)
        advanced.append(item)
    else:
        basic.append(item)
        advanced.append(None)


def take_basic(tensor: Tensor, basic: tuple[Any, ...]) -> Any:
    """The view of a tensor at the first part of an index."""
    if len(basic) == 1 and isinstance(basic[0], int):
        return apply(select, (tensor,), {"dim": 0, "index": basic[0]})
    if basic == (None,):
        return apply(unsqueeze, (tensor,), {"dim": 0})
    return apply(getitem, (tensor,), {"index": basic})


def is_whole(basic: tuple[Any, ...]) -> bool:
    """Whether the first part of an index takes everything as it is."""
    return all(item == WHOLE for item in basic if not isinstance(item, Tensor))


def is_plain(items: tuple[Any, ...], shape: tuple[int, ...]) -> bool:
    """Whether these are numbers within a shape and slices forwards, as most indices are."""
    if not items or len(items) > len(shape):
        return False
    for item, size in zip(items, shape, strict=False):
        if type(item) is int:
            if not -size <= item < size:
                return False
        elif type(item) is not slice or not is_plain_slice(item):
            return False
    return True


def is_plain_slice(item: slice) -> bool:
    """Whether the ends are numbers or left out, and the step is forwards."""
    for end in (item.start, item.stop):
        if end is not None and type(end) is not int:
            return False
    return item.step is None or (type(item.step) is int and item.step > 0)


def get_item(self: Tensor, key: Any) -> Any:
    """``x[key]``: a view for numbers, slices, None and dots; a copy for index tensors and masks."""
    plain = cast(tuple[Any, ...], key if type(key) is tuple else (key,))
    if is_plain(plain, self.array.shape):
        return take_basic(self, plain)
    basic, advanced = parse(self.array.shape, key)
    if not advanced:
        return take_basic(self, basic)
    part = self if is_whole(basic) else take_basic(self, basic)
    return apply(index, (part, advanced), {})


def set_item(self: Tensor, key: Any, value: Any) -> None:
    """``x[key] = value``, in place; the value is broadcast."""
    check_assignable(self, value)
    basic, advanced = parse(self.array.shape, key)
    if isinstance(value, Tensor) and value.array.shape[:1] == (1,):
        value = apply(view, (value,), {"size": spared(value.array.shape)})
    if advanced:
        part = self if is_whole(basic) else take_basic(self, basic)
        write(index_put, (part, plain_number(value), advanced), {"accumulate": False})
        return
    part = take_basic(self, basic)
    if isinstance(value, Tensor):
        check_fits(value.array, part.array)
    write(copy, (part, plain_number(value)), copy.defaults)


def spared(shape: Shape) -> Shape:
    """A shape without the dimensions of size one that it begins with."""
    leading = next((i for i, n in enumerate(shape) if n != 1), len(shape))
    return shape[leading:]


def plain_number(value: Any) -> Any:
    """A NumPy number as a Python one."""
    return cast(Any, value).item() if isinstance(value, np.generic) else value


def check_assignable(tensor: Tensor, value: Any) -> None:
    """Refuse values that are neither tensors nor numbers."""
    if not isinstance(value, (Tensor, bool, int, float, np.generic)):
        kind = of_numpy(tensor.array.dtype).legacy_name
        raise TypeError(f"can't assign a {type(value).__name__} to a torch.{kind}Tensor")


def check_fits(value: Array, part: Array) -> None:
    """Refuse a value that cannot be stretched to the part it is to be written to."""
    fitting = without_leading(value, part.ndim)
    expanded_shape(fitting, part.shape)


def install_indexing() -> None:
    """Give tensors their brackets."""
    Tensor.__getitem__ = get_item  # pyright: ignore[reportAttributeAccessIssue]
    Tensor.__setitem__ = set_item  # pyright: ignore[reportAttributeAccessIssue]
