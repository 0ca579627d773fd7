"""Tensors out of nothing: leaves with data, and those made from a rule."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np

from gradviz.ops.counts import eye_count, range_count, steps_count
from gradviz.ops.dtypes import DTYPES, dtype, dtype_named, get_default_dtype, held, of_number
from gradviz.ops.kinds import is_sequence
from gradviz.ops.spec import REQUIRED, Array, Attr, Op, Port, Shape, example

DTYPE = Attr(
    name="dtype", kind="dtype", default=None, optional=True, keyword_only=True,
    choices=tuple(DTYPES), doc="Type of the elements; by default from the values.",
)  # fmt: skip
REQUIRES_GRAD = Attr(
    name="requires_grad", kind="bool", default=False, keyword_only=True,
    doc="Whether backward computes a gradient for it: a parameter rather than a constant.",
)  # fmt: skip
SIZE = Attr(name="size", kind="shape", default=REQUIRED, doc="The size of each dimension.")


def as_dtype(given: Any, fallback: dtype) -> np.dtype[Any]:
    """The NumPy type for a ``dtype`` setting: a type, its name, or None for ``fallback``."""
    if given is None:
        return fallback.numpy
    return (dtype_named(given) if isinstance(given, str) else given).numpy


def _tensor(data: Any, dtype: Any, **_: Any) -> Array:
    array = np.asarray(data)
    return array if dtype is None else array.astype(as_dtype(dtype, get_default_dtype()))


SLIDER = ("low", "high", "step", "log")
ORIGIN = ("source", "columns", "missing")
"""What a leaf keeps beside its elements: the range of its slider, and where they came from."""

tensor = Op(
    name="tensor", family="Leaves", category="leaf", symbol="x",
    doc="A leaf: a number, vector, matrix or larger tensor given by its elements.",
    ports=(), forward=_tensor, function=False, method=False,
    attrs=(
        Attr(name="data", kind="array", default=np.array(1.0, np.float32), doc="The elements."),
        DTYPE,
        REQUIRES_GRAD,
        Attr(name="low", kind="float", default=None, optional=True, keyword_only=True,
             doc="Where the slider starts."),
        Attr(name="high", kind="float", default=None, optional=True, keyword_only=True,
             doc="Where the slider ends."),
        Attr(name="step", kind="float", default=None, optional=True, keyword_only=True,
             doc="By how much one notch of the slider changes the value."),
        Attr(name="log", kind="bool", default=False, keyword_only=True,
             doc="Whether the slider goes by orders of magnitude, which begin above 0."),
        Attr(name="source", kind="text", default="", keyword_only=True,
             doc="The file that the elements came from."),
        Attr(name="columns", kind="text", default="", keyword_only=True,
             doc="Which columns of that table they are, as a line of comma-separated values."),
        Attr(name="missing", kind="choice", default="mean", choices=("mean", "mark", "nan"),
             keyword_only=True, doc="What stands for values that the table lacks."),
    ),
    examples=(example(data=np.array(1.5)), example(data=np.array([[1.0, 2.0], [3.0, 4.0]]))),
    search=("parameter", "constant", "number", "leaf", "input", "scalar", "matrix", "vector"),
)  # fmt: skip


def shape_of(size: Any) -> Shape:
    """A ``size`` setting, a number or several, as a shape."""
    return tuple(int(n) for n in size) if is_sequence(size) else (int(size),)


def _zeros(size: Any, dtype: Any, **_: Any) -> Array:
    return np.zeros(shape_of(size), as_dtype(dtype, get_default_dtype()))


def _ones(size: Any, dtype: Any, **_: Any) -> Array:
    return np.ones(shape_of(size), as_dtype(dtype, get_default_dtype()))


def _full(size: Any, fill_value: Any, dtype: Any, **_: Any) -> Array:
    kind = as_dtype(dtype, of_number(fill_value))
    return np.full(shape_of(size), held(fill_value, kind), kind)


def _eye(n: int, m: int | None, dtype: Any, **_: Any) -> Array:
    for name, count in (("n", n), ("m", m)):
        if count is not None and count < 0:
            raise RuntimeError(f"{name} must be greater or equal to 0, got {count}")
    return np.eye(n, m, dtype=as_dtype(dtype, get_default_dtype()))


def _arange(start: Any, end: Any, step: Any, dtype: Any, **_: Any) -> Array:
    if end is None:
        start, end = 0, start
    if step == 0:
        raise RuntimeError("step must be nonzero")
    if not (math.isfinite(start) and math.isfinite(end)):
        raise RuntimeError(f"unsupported range: {start:g} -> {end:g}")
    if (end - start) * step < 0:
        raise RuntimeError("upper bound and lower bound inconsistent with step sign")
    whole = all(isinstance(v, int) for v in (start, end, step))
    kind = as_dtype(dtype, of_number(0 if whole else 0.0))
    if kind.kind in "iu":
        start, end, step, whole = int(start), int(end), int(step), True
        if step == 0:
            raise ValueError("step must be nonzero")
    count = int(np.ceil((end - start) / step))
    return (start + step * np.arange(count, dtype=np.int64 if whole else np.float64)).astype(kind)


def _linspace(start: Any, end: Any, steps: int, dtype: Any, **_: Any) -> Array:
    if steps < 0:
        raise RuntimeError("number of steps must be non-negative")
    kind = as_dtype(dtype, get_default_dtype())
    whole = kind.kind in "iu"
    real = np.dtype(np.float64) if whole else kind
    low, high = (real.type(int(v) if whole else v) for v in (start, end))
    gap = (high - low) / real.type(max(steps - 1, 1))
    index: Array = np.arange(steps)
    rising = low + gap * index.astype(real)
    falling = high - gap * (steps - 1 - index).astype(real)
    halfway = max(steps // 2, int(steps == 1))
    return np.concatenate([rising[:halfway], falling[halfway:]]).astype(kind)


def maker(name: str, symbol: str, doc: str, forward: Any, *attrs: Attr, **more: Any) -> Op:
    """The description of an operation that makes a tensor from settings alone."""
    return Op(
        name=name, family="Leaves", category="const", symbol=symbol, doc=doc, ports=(),
        forward=forward, attrs=(*attrs, DTYPE, REQUIRES_GRAD), method=False, **more,
    )  # fmt: skip


zeros = maker("zeros", "0", "A tensor of zeros.", _zeros, SIZE, examples=(example(size=(2, 3)),))
ones = maker("ones", "1", "A tensor of ones.", _ones, SIZE, examples=(example(size=(2, 3)),))
full = maker(
    "full", "c", "A tensor with one value everywhere.", _full, SIZE,
    Attr(name="fill_value", kind="number", default=REQUIRED, doc="The value."),
    examples=(example(size=(2, 3), fill_value=1.5),),
)  # fmt: skip
eye = maker(
    "eye", "I", "The identity matrix.", _eye,
    Attr(name="n", kind="int", default=REQUIRED, low=0, doc="How many rows."),
    Attr(name="m", kind="int", default=None, optional=True, low=0, doc="How many columns."),
    examples=(example(n=3),), search=("identity",), count=eye_count,
)  # fmt: skip
arange = maker(
    "arange", "0…n", "Numbers in equal steps, the end left out.", _arange,
    Attr(name="start", kind="number", default=0, doc="The first, or the end where it is alone."),
    Attr(name="end", kind="number", default=None, optional=True, doc="Where to stop, left out."),
    Attr(name="step", kind="number", default=1, doc="From each to the next."),
    examples=(example(start=5),), search=("range",), count=range_count,
)  # fmt: skip
linspace = maker(
    "linspace", "a…b", "Numbers in equal steps from start to end, both included.", _linspace,
    Attr(name="start", kind="number", default=REQUIRED, doc="The first."),
    Attr(name="end", kind="number", default=REQUIRED, doc="The last."),
    Attr(name="steps", kind="int", default=REQUIRED, low=0, doc="How many."),
    examples=(example(start=-1.0, end=1.0, steps=5),), search=("grid",), count=steps_count,
)  # fmt: skip


def _full_like(input: Array, fill_value: Any, dtype: Any, **_: Any) -> Array:
    array = np.asarray(input)
    kind = array.dtype if dtype is None else as_dtype(dtype, get_default_dtype())
    return np.full(array.shape, held(fill_value, kind), kind)


def _like(name: str, symbol: str, doc: str, forward: Any, *attrs: Attr, **settings: Any) -> Op:
    return Op(
        name=name, family="Leaves", category="const", symbol=symbol, doc=doc,
        ports=(Port(name="input", doc="Whose shape and type to take."),), forward=forward,
        attrs=(*attrs, DTYPE, REQUIRES_GRAD), promotion="none", method=False,
        examples=(example([[1.0, 2.0]], **settings),),
    )  # fmt: skip


zeros_like = _like(
    "zeros_like", "0", "Zeros in the shape and type of another tensor.",
    partial(_full_like, fill_value=0),
)  # fmt: skip
ones_like = _like(
    "ones_like", "1", "Ones in the shape and type of another tensor.",
    partial(_full_like, fill_value=1),
)  # fmt: skip
full_like = _like(
    "full_like", "c", "One value in the shape and type of another tensor.", _full_like,
    Attr(name="fill_value", kind="number", default=REQUIRED, doc="The value."), fill_value=1.5,
)  # fmt: skip
