"""What in-place writes put into a tensor: another's elements, one number, or zeros."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradviz.ops.dtypes import held
from gradviz.ops.indexing import without_leading
from gradviz.ops.spec import Array, Attr, Op, Port, example

FAMILY = "Writing"
_ROW = [1.0, -2.0, 3.0]
_GONE = "{input} is overwritten: nothing of the old values is left in {out}"


def _copy(input: Array, src: Any, non_blocking: bool) -> Array:
    array, source = np.asarray(input), np.asarray(src)
    result = np.empty_like(array)
    fitting = without_leading(source, array.ndim)
    if np.broadcast_shapes(fitting.shape, array.shape) != array.shape:
        raise RuntimeError(
            f"output with shape {list(array.shape)} doesn't match the broadcast shape "
            f"{list(np.broadcast_shapes(fitting.shape, array.shape))}"
        )
    result[...] = fitting.astype(array.dtype)
    return result


def _copy_into(input: Array, src: Array, non_blocking: bool) -> None:
    np.copyto(input, src)


copy = Op(
    name="copy", family=FAMILY, category="index", symbol="←",
    doc="The elements of another tensor, broadcast to the shape and cast to the type of the first.",
    ports=(
        Port(name="input", doc="What is overwritten.", grad="zeros_like(g)"),
        Port(name="src", doc="What is written.", grad="g"),
    ),
    attrs=(Attr(name="non_blocking", kind="bool", default=False, doc="Has no effect here."),),
    forward=_copy, promotion="none", torch="torch.Tensor.copy_",
    meaning={
        "input": _GONE, "src": "{out} is {src} now, so each unit of it moves {out} by one unit",
    },
    examples=(example(_ROW, [4.0, 5.0, 6.0]), example(_ROW, [2.0])), search=("overwrite with",),
    backward_name="torch::autograd::CopyBackwards", in_place=True, into=_copy_into,
    elementwise=True, function=False, method=False,
)  # fmt: skip


def _fill(input: Array, value: Any) -> Array:
    if np.ndim(value):
        raise RuntimeError(
            "fill_ only supports 0-dimension value tensor but got tensor with "
            f"{np.ndim(value)} dimensions."
        )
    array = np.asarray(input)
    return np.full(array.shape, held(value, array.dtype))


def _fill_into(input: Array, value: Any) -> None:
    if np.ndim(value):
        raise ValueError("one number fills a tensor")
    input.fill(held(value, input.dtype))


fill = Op(
    name="fill", family=FAMILY, category="index", symbol="←c",
    doc="One number everywhere in a tensor's shape.",
    ports=(
        Port(name="input", doc="What is overwritten.", grad="zeros_like(g)"),
        Port(name="value", doc="The number.", number=True, grad="g"),
    ),
    forward=_fill, promotion="none", torch="torch.Tensor.fill_",
    meaning={"input": _GONE, "value": "{value} is written everywhere, so its gradients add up"},
    examples=(example(_ROW, np.array(2.5)),), search=("overwrite with a number",),
    backward_name="FillBackward2", in_place=True, into=_fill_into,
)  # fmt: skip


def _zero(input: Array) -> Array:
    return np.zeros_like(input)


def _zero_into(input: Array) -> None:
    input.fill(0)


zero = Op(
    name="zero", family=FAMILY, category="index", symbol="←0",
    doc="Zeros everywhere in a tensor's shape.",
    ports=(Port(name="input", doc="What is overwritten.", grad="zeros_like(g)"),),
    forward=_zero, promotion="none", torch="torch.Tensor.zero_",
    meaning={"input": _GONE}, examples=(example(_ROW),), search=("overwrite with zeros",),
    in_place=True, into=_zero_into, function=False, method=False,
)  # fmt: skip
