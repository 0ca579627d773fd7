"""Tensors to be filled later: ``empty`` and ``empty_like``, which hold zeros until then."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradviz.ops.creation import as_dtype
from gradviz.ops.dtypes import dtype as DType
from gradviz.ops.dtypes import get_default_dtype
from gradviz.tensor.layouts import check_words
from gradviz.tensor.random import as_shape
from gradviz.tensor.tensor import Tensor


def empty(
    *shape: Any, size: Any = (), dtype: DType | None = None, requires_grad: bool = False,
    **words: Any,
) -> Tensor:  # fmt: skip
    """A tensor of this shape with nothing in it yet."""
    check_words(words)
    kind = as_dtype(dtype, get_default_dtype())
    tensor = Tensor.wrap(np.zeros(as_shape("empty", shape or (size,)), kind))
    return tensor.requires_grad_() if requires_grad else tensor


def empty_like(input: Tensor, *, dtype: DType | None = None, **where: Any) -> Tensor:
    """A tensor in the shape and type of ``input`` with nothing in it yet."""
    return empty(size=input.array.shape, dtype=dtype or input.dtype, **where)
