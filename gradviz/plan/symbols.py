"""Values that gradient rules can be run on, so that a gradient comes out as a program.

A rule is written in operations and Python's operators. Given symbols it takes down what it would
compute; what it cannot be followed through (a NumPy function, a question about a number) raises
:class:`Untraceable`, and the rule is then called whole by the program.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from gradviz.ops.kinds import is_sequence
from gradviz.ops.spec import Op, Shape
from gradviz.ops.symbolic import Symbolic
from gradviz.plan.lowering import ORDERS, RULES, in_order, operator_power, transpose_of
from gradviz.plan.primitives import UFUNCS
from gradviz.plan.values import Builder, Value
from gradviz.plan.whole import OpCall, call


class Symbol(Symbolic):
    """A value while a rule is run on it."""

    __slots__ = ("builder", "value")

    def __init__(self, builder: Builder, value: Value) -> None:
        self.builder = builder
        self.value = value

    @property
    def shape(self) -> Shape:
        """The shape, which is fixed."""
        return self.value.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type, which is fixed."""
        return self.value.dtype

    @property
    def ndim(self) -> int:
        """How many axes there are."""
        return len(self.value.shape)

    def __gradviz_apply__(self, op: Op, inputs: tuple[Any, ...], attrs: Mapping[str, Any]) -> Any:
        """Take down a call of an operation, on arrays as they are."""
        return wrapped(self.builder, apply(self.builder, op, unwrapped(inputs), attrs))


def _operator(kind: str, turned: bool = False) -> Callable[[Symbol, Any], Symbol]:
    def method(self: Symbol, other: Any) -> Symbol:
        mine, theirs = self.value, unwrapped(other)
        pair = (theirs, mine) if turned else (mine, theirs)
        return Symbol(self.builder, self.builder.make(kind, *pair))

    return method


def _power(self: Symbol, exponent: Any) -> Symbol:
    return Symbol(self.builder, operator_power(self.builder, self.value, unwrapped(exponent)))


def _single(kind: str) -> Callable[[Symbol], Symbol]:
    return lambda self: Symbol(self.builder, self.builder.make(kind, self.value))


for _name, _kind in {
    "add": "add", "sub": "subtract", "mul": "multiply", "truediv": "true_divide",
    "and": "bitwise_and", "or": "bitwise_or",
}.items():  # fmt: skip
    setattr(Symbol, f"__{_name}__", _operator(_kind))
    setattr(Symbol, f"__r{_name}__", _operator(_kind, turned=True))
for _name, _kind in {
    "eq": "equal", "ne": "not_equal", "lt": "less", "le": "less_equal", "gt": "greater",
    "ge": "greater_equal",
}.items():  # fmt: skip
    setattr(Symbol, f"__{_name}__", _operator(_kind))
for _name, _kind in {"neg": "negative", "invert": "invert", "abs": "absolute"}.items():
    setattr(Symbol, f"__{_name}__", _single(_kind))
Symbol.__pow__ = _power  # pyright: ignore[reportAttributeAccessIssue]
Symbol.__rpow__ = _operator("power", turned=True)  # pyright: ignore[reportAttributeAccessIssue]


def unwrapped(value: Any) -> Any:
    """A symbol's value, also within sequences."""
    if type(value) is Symbol:
        return value.value
    if is_sequence(value):
        return tuple(unwrapped(v) for v in value)
    return value


def wrapped(builder: Builder, value: Any) -> Any:
    """Values as symbols, also within tuples; what is known as the array it is."""
    if type(value) is Value:
        return Symbol(builder, value)
    if isinstance(value, tuple):
        return tuple(wrapped(builder, v) for v in value)  # pyright: ignore[reportUnknownVariableType]
    return value


def apply(b: Builder, op: Op, inputs: tuple[Any, ...], attrs: Mapping[str, Any]) -> Any:
    """What an operation gives: a value, or a tuple of them."""
    if isinstance(op.forward, np.ufunc) and op.forward.__name__ in UFUNCS and not attrs:
        return b.make(op.forward.__name__, *inputs)
    rule = RULES.get(op.name)
    found = None if rule is None else rule(b, inputs, attrs)
    if found is None and op.view:
        lower = transpose_of if op.name in ORDERS else in_order
        found = lower(b, inputs, attrs, op)
    return call_whole(b, op, inputs, attrs) if found is None else found


def call_whole(b: Builder, op: Op, inputs: tuple[Any, ...], attrs: Mapping[str, Any]) -> Any:
    """An operation run by its own ``forward``."""
    function = OpCall(op, attrs)
    return call(b, function, inputs, op.category == "elem" and op.elementwise)
