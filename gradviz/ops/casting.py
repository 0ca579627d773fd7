"""Copies, and changes of data type."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradviz.ops.creation import as_dtype
from gradviz.ops.dtypes import DTYPES, get_default_dtype, of_numpy
from gradviz.ops.spec import Array, Attr, Op, Port, example

FAMILY = "Casting"
_ROW = [0.25, 2.0, -1.25]


def _to(input: Array, dtype: Any) -> Array:
    return np.asarray(input).astype(as_dtype(dtype, get_default_dtype()))


to = Op(
    name="to", family=FAMILY, category="shape", symbol="→",
    doc="The same values in another data type, as near as that type can hold them.",
    ports=(Port(name="input", doc="The tensor.", grad="g"),),
    attrs=(Attr(name="dtype", kind="dtype", choices=tuple(DTYPES), doc="The new type."),),
    forward=_to, promotion="none", torch="torch.Tensor.to",
    meaning={"input": "{out} is {input} in another type, so each unit of it moves {out} by one"},
    examples=(example(_ROW, dtype="float64"),),
    search=("type cast", "convert type", "change dtype"),
    backward_name="ToCopyBackward0", function=False, method=False,
)  # fmt: skip


def _view_dtype(input: Array, dtype: Any) -> Array:
    array, kind = np.asarray(input), as_dtype(dtype, get_default_dtype())
    mine, theirs = of_numpy(array.dtype).legacy_name, of_numpy(kind).legacy_name
    words = f"to view {mine} as {theirs} (different element sizes)"
    if array.itemsize != kind.itemsize:
        if not array.ndim:
            raise RuntimeError(f"self.dim() cannot be 0 {words}")
        stride = array.strides[-1] // array.itemsize
        if stride != 1 and array.shape[-1] != 1:
            raise RuntimeError(f"self.stride(-1) must be 1 {words}, but got {stride}")
        times = kind.itemsize // array.itemsize
        if times and array.shape[-1] % times:
            raise RuntimeError(
                f"self.size(-1) must be divisible by {times} {words}, but got {array.shape[-1]}"
            )
    return array.view(kind)


view_dtype = Op(
    name="view.dtype", family=FAMILY, category="shape", symbol="bits",
    doc="The same memory read as another type: not the values are kept, but the bits.",
    ports=(Port(name="input", doc="The tensor."),),
    attrs=(Attr(name="dtype", kind="dtype", choices=tuple(DTYPES), doc="The type to read as."),),
    forward=_view_dtype, promotion="none", torch="torch.Tensor.view",
    examples=(example([1.0, -2.0], dtype="int64"),), search=("reinterpret bits", "bit cast"),
    function=False, method=False,
)  # fmt: skip


def _clone(input: Array) -> Array:
    return np.array(input)


clone = Op(
    name="clone", family=FAMILY, category="shape", symbol="copy",
    doc="A copy on memory of its own, through which gradients flow.",
    ports=(Port(name="input", doc="The tensor.", grad="g"),), forward=_clone,
    promotion="none",
    meaning={"input": "{out} is a copy, so each unit of {input} moves it by one unit"},
    examples=(example(_ROW),), search=("copy of",),
)  # fmt: skip
