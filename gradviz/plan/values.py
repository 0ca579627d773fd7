"""The straight-line form a plan is made of: values, each computed once from values before it.

A :class:`Builder` makes them. It folds what is constant, drops what changes nothing, and gives
the same value for the same computation, so that a loss and its gradient share what they can.
Each value carries what it came to at the point it was traced at, from which shape and type
follow; nothing here is run again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gradviz.ops.kinds import is_array, is_scalar
from gradviz.ops.spec import Array, Shape
from gradviz.plan.primitives import BROADCASTING, VIEWS, run_primitive

Operand = "Value | int | float | bool"
UNSHAPED: Array = np.zeros(())
"""What a Python number, or a call with several outputs, passes for."""
EXACT_ONE = ("multiply", "true_divide")


class Value:
    """One value: what makes it (``kind``), of what, with which settings.

    ``kind`` is a name of :mod:`gradviz.plan.primitives`, or ``leaf``, ``constant``, ``weak``.
    ``inputs`` may hold Python numbers, which adapt to the type of what they meet; so does a
    ``weak`` value, a number known only when the program runs. ``node``: whose computation it is.
    ``reads``: the inputs that are values. ``scalar``: whether it has no axes, and so is a plain
    number when the program runs. ``dynamic``: whether its shape is known only then, and may be
    another each time; only a ``call`` gives and reads such a value.
    """

    __slots__ = (
        "dtype", "dynamic", "example", "inputs", "kind", "node", "number", "reads", "scalar",
        "settings", "shape",
    )  # fmt: skip

    def __init__(
        self, kind: str, inputs: tuple[Any, ...], settings: tuple[Any, ...], example: Any,
        node: str, number: int, dynamic: bool = False,
    ) -> None:  # fmt: skip
        self.kind = kind
        self.inputs = inputs
        self.settings = settings
        self.example: Any = example
        shown: Array = example if is_array(example) else UNSHAPED
        self.shape: Shape = shown.shape
        self.dtype: np.dtype[Any] = shown.dtype
        self.dynamic = dynamic
        self.scalar = not self.shape and not dynamic
        self.reads: tuple[Value, ...] = tuple([v for v in inputs if type(v) is Value])
        self.node = node
        self.number = number

    @property
    def constant(self) -> bool:
        """Whether it is known before the program runs."""
        return self.kind == "constant"

    def __repr__(self) -> str:
        return f"<{self.kind} {self.number}: {self.dtype}{list(self.shape)}>"


class Builder:
    """Makes values in order; ``node`` is whose computation is being taken down."""

    def __init__(self) -> None:
        self.values: list[Value] = []
        self.found: dict[Any, Value] = {}
        self.node = ""

    def note(
        self, kind: str, inputs: tuple[Any, ...], settings: tuple[Any, ...], example: Any,
        dynamic: bool = False,
    ) -> Value:  # fmt: skip
        """A new value, whatever there is already."""
        value = Value(kind, inputs, settings, example, self.node, len(self.values), dynamic)
        self.values.append(value)
        return value

    def leaf(self, title: str, example: Array) -> Value:
        """What is given to the program, and what to call it: a parameter, an optimizer's state."""
        return self.note("leaf", (), (title,), np.asarray(example))

    def weak(self, text: str, example: float) -> Value:
        """A Python number computed anew in each step by the expression ``text``."""
        return self.note("weak", (), (text,), float(example))

    def constant(self, array: Any) -> Value:
        """A known array or number with a type of its own."""
        array = np.asarray(array)
        key: Any = ("constant", id(array))
        if array.size == 1:
            key = ("constant", array.shape, array.dtype.str, array.tobytes())
        held = self.found.get(key)
        if held is None:
            held = self.found[key] = self.note("constant", (), (), array)
        return held

    def known(
        self, kind: str, operands: tuple[Any, ...], settings: tuple[Any, ...], example: Any,
        dynamic: bool = False,
    ) -> Value:  # fmt: skip
        """The value of a primitive of which one knows what it came to."""
        key = key_of(kind, operands, settings)
        held = self.found.get(key)
        if held is None:
            held = self.found[key] = self.note(kind, operands, settings, example, dynamic)
        return held

    def make(
        self, kind: str, *inputs: Any, settings: tuple[Any, ...] = (), dynamic: bool = False
    ) -> Value:
        """The value of a primitive: a known one where it is known, an old one where it is there."""
        operands, varies, shaped = inputs, False, False
        for operand in inputs:
            if type(operand) is Value:
                varies = varies or operand.kind != "constant"
                shaped = shaped or not operand.scalar
            elif is_array(operand) or is_scalar(operand):
                fixed = (self.constant(v) if is_array(v) or is_scalar(v) else v for v in inputs)
                return self.make(kind, *fixed, settings=settings, dynamic=dynamic)
        if shaped and len(operands) > 1 and kind in BROADCASTING:
            operands = unstretched(self, operands)
        if kind in SIMPLER:
            simpler = simplified(self, kind, operands, settings)
            if simpler is not None:
                return simpler
        key = key_of(kind, operands, settings)
        held = self.found.get(key)
        if held is not None:
            return held
        example = run_primitive(kind, examples(operands), settings)
        if not varies:
            several = isinstance(example, tuple)
            return self.note("constant", (), (), example) if several else self.constant(example)
        value = self.found[key] = self.note(kind, operands, settings, example, dynamic)
        return value


SIMPLER = VIEWS.union(EXACT_ONE, ("power", "negative", "where"))
"""What may have a simpler form."""


def key_of(kind: str, operands: tuple[Any, ...], settings: tuple[Any, ...]) -> Any:
    """What two equal computations have in common."""
    parts: list[Any] = [v.number if type(v) is Value else (type(v), repr(v)) for v in operands]
    if not settings:
        return (kind, *parts)
    try:
        hash(settings)
    except TypeError:
        return (kind, *parts, *map(id, settings))
    return (kind, *parts, *settings)


def examples(operands: Sequence[Any]) -> list[Any]:
    """What the operands came to where the program was traced."""
    return [v.example if type(v) is Value else v for v in operands]


def unstretched(builder: Builder, operands: tuple[Any, ...]) -> tuple[Any, ...]:
    """Operands without the stretching that meeting the others does anyway."""
    shapes = [v.shape if isinstance(v, Value) else () for v in operands]
    whole = np.broadcast_shapes(*shapes)
    result = list(operands)
    for index, value in enumerate(operands):
        source = unstretched_source(builder, value)
        if source is not None:
            others = [*shapes[:index], source.shape, *shapes[index + 1 :]]
            if np.broadcast_shapes(*others) == whole:
                result[index], shapes[index] = source, source.shape
    return tuple(result)


def unstretched_source(builder: Builder, value: Any) -> Value | None:
    """What a stretched value is stretched from."""
    if not isinstance(value, Value):
        return None
    if value.kind == "broadcast":
        return bare(value.reads[0])
    if value.constant and value.example.size > 1 and not any(value.example.strides):
        return builder.constant(value.example.flat[0])
    return None


def bare(value: Value) -> Value:
    """A scalar that was only given axes of length one, without them."""
    if value.kind == "reshape" and value.reads[0].scalar:
        return value.reads[0]
    return value


def simplified(
    builder: Builder, kind: str, operands: tuple[Any, ...], settings: tuple[Any, ...]
) -> Value | None:
    """A value that is the same, bit by bit, at less cost; None where there is none."""
    first = operands[0] if operands else None
    if kind in VIEWS and isinstance(first, Value):
        return simpler_view(builder, kind, first, settings)
    if kind in EXACT_ONE:
        return without_one(kind, operands)
    if kind == "power" and isinstance(first, Value):
        return simpler_power(builder, first, operands[1])
    if kind == "negative" and isinstance(first, Value) and first.kind == "negative":
        return first.reads[0]
    if kind == "where":
        return chosen(operands)
    return None


def simpler_view(
    builder: Builder, kind: str, source: Value, settings: tuple[Any, ...]
) -> Value | None:
    """A view that shows nothing new, or one of two in a row."""
    (setting,) = settings
    if kind == "cast":
        return source if source.dtype == setting else None
    if kind in ("reshape", "broadcast"):
        if source.shape == setting:
            return source
        if source.kind == kind:
            return builder.make(kind, source.reads[0], settings=settings)
    elif kind == "transpose":
        if setting == tuple(range(len(setting))):
            return source
        if source.kind == kind:
            order = tuple(source.settings[0][i] for i in setting)
            return builder.make(kind, source.reads[0], settings=(order,))
    return None


def without_one(kind: str, operands: tuple[Any, ...]) -> Value | None:
    """``x`` for ``x * 1`` and ``x / 1``, where type and shape stay."""
    first, second = operands
    if is_one(second):
        kept, one = first, second
    elif kind == "multiply" and is_one(first):
        kept, one = second, first
    else:
        return None
    if not isinstance(kept, Value) or kept.dtype.kind != "f":
        return None
    return kept if not isinstance(one, Value) or one.dtype == kept.dtype else None


def is_one(operand: Any) -> bool:
    """Whether an operand is the number one, without axes."""
    if type(operand) is Value:
        return operand.kind == "constant" and operand.scalar and operand.example.item() == 1
    return type(operand) in (int, float) and operand == 1


def simpler_power(builder: Builder, base: Value, exponent: Any) -> Value | None:
    """Powers that NumPy itself computes as something simpler."""
    if isinstance(exponent, Value):
        if not (exponent.constant and exponent.scalar and exponent.dtype == base.dtype):
            return None
        exponent = exponent.example.item()
    if base.dtype.kind != "f":
        return None
    if exponent == 2:
        return builder.make("multiply", base, base)
    return base if exponent == 1 else None


def chosen(operands: tuple[Any, ...]) -> Value | None:
    """The side of a choice that is always taken, where type and shape are the result's."""
    condition = operands[0]
    if isinstance(condition, Value):
        if not (condition.constant and condition.scalar):
            return None
        condition = condition.example
    side = operands[1] if bool(condition) else operands[2]
    if not isinstance(side, Value):
        return None
    result = run_primitive("where", examples(operands), ())
    return side if (result.shape, result.dtype) == (side.shape, side.dtype) else None


def used(outputs: Sequence[Value]) -> list[Value]:
    """The values that ``outputs`` are made of, and they themselves, in order."""
    seen: dict[int, Value] = {}
    stack = list(outputs)
    while stack:
        value = stack.pop()
        if value.number not in seen:
            seen[value.number] = value
            stack.extend(value.reads)
    return [seen[n] for n in sorted(seen)]


def substitute(inputs: Sequence[Any], found: Mapping[int, Value]) -> list[Any]:
    """Inputs with values replaced by what ``found`` has for their numbers."""
    return [found[v.number] if isinstance(v, Value) else v for v in inputs]
