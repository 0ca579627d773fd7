"""Making one batch of many items: tensors are stacked, numbers become tensors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np

from gradviz.ops.dtypes import float64
from gradviz.tensor.binding import public_function
from gradviz.tensor.create import as_tensor, tensor
from gradviz.tensor.tensor import Tensor


def default_collate(batch: Sequence[Any]) -> Any:
    """One batch of items of one form: tensors, numbers, text, or sequences or mappings of them."""
    first = batch[0]
    if isinstance(first, Tensor):
        return public_function("stack")(list(batch), 0)
    if isinstance(first, np.ndarray):
        return default_collate([as_tensor(item) for item in batch])
    if isinstance(first, np.generic):
        return as_tensor(np.asarray(batch))
    if isinstance(first, float):
        return tensor(list(batch), dtype=float64)
    if isinstance(first, int):
        return tensor(list(batch))
    if isinstance(first, (str, bytes)):
        return batch
    if isinstance(first, Mapping):
        names = cast("Mapping[Any, Any]", first)
        return {name: default_collate([item[name] for item in batch]) for name in names}
    if isinstance(first, Sequence):
        return collate_sequences(cast("Sequence[Any]", first), batch)
    raise TypeError(
        "default_collate: batch must contain tensors, numpy arrays, numbers, dicts or lists; "
        f"found {type(first)}"
    )


def collate_sequences(first: Sequence[Any], batch: Sequence[Any]) -> Any:
    """A batch of each place of items that are sequences."""
    if any(len(item) != len(first) for item in batch):
        raise RuntimeError("each element in list of batch should be of equal size")
    places = [default_collate(place) for place in zip(*batch, strict=True)]
    return type(first)(*places) if hasattr(first, "_fields") else places


def default_convert(data: Any) -> Any:
    """One item with its NumPy arrays and numbers as tensors, in whatever holds them."""
    if isinstance(data, (np.ndarray, np.generic)):
        return as_tensor(np.asarray(cast(Any, data)))
    if isinstance(data, Mapping):
        items = cast("Mapping[Any, Any]", data).items()
        return {name: default_convert(item) for name, item in items}
    if isinstance(data, Sequence) and not isinstance(data, (str, bytes)):
        parts = [default_convert(item) for item in cast("Sequence[Any]", data)]
        return type(data)(*parts) if hasattr(data, "_fields") else parts  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    return data
