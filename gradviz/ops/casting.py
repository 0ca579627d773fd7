"""Copies, and changes of data type."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradviz.ops.creation import as_dtype
from gradviz.ops.dtypes import DTYPES, get_default_dtype
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
