"""What tensors offer beyond the core: operators, and every operation as a method.

The methods come from the table of operations, so that a new operation is one there too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gradviz.ops.spec import Op
from gradviz.ops.table import OPS
from gradviz.tensor.binding import given_plainly, overloads, public_function, resolve
from gradviz.tensor.inplace import write
from gradviz.tensor.tensor import Tensor, apply

OPERATORS = {
    "add": "add", "sub": "sub", "mul": "mul", "truediv": "div", "floordiv": "floor_divide",
    "mod": "remainder", "pow": "pow", "matmul": "matmul", "and": "bitwise_and",
    "or": "bitwise_or", "xor": "bitwise_xor", "lshift": "bitwise_left_shift",
    "rshift": "bitwise_right_shift",
}  # fmt: skip
COMPARISONS = ("eq", "ne", "lt", "le", "gt", "ge")
UNARY = {"neg": "neg", "abs": "abs", "invert": "bitwise_not"}
OPERANDS = (Tensor, bool, int, float)
USUAL = frozenset(OPERANDS)
"""Asked first: most operands are of just these types."""


def binary_operators(op: Op, word: str) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """``a + b`` and, with the operands the other way round, ``b + a``."""
    attrs = op.defaults

    def forwards(self: Tensor, other: Any) -> Any:
        if type(other) not in USUAL and not isinstance(other, OPERANDS):
            other = as_operand(other)
        return NotImplemented if other is None else apply(op, (self, other), attrs)

    def backwards(self: Tensor, other: Any) -> Any:
        if not isinstance(self, Tensor):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(
                f"descriptor '__r{word}__' for 'Tensor' objects doesn't apply to a "
                f"'{type(self).__name__}' object"
            )
        if type(other) not in USUAL and not isinstance(other, OPERANDS):
            other = as_operand(other)
        return NotImplemented if other is None else apply(op, (other, self), attrs)

    return forwards, backwards


def reciprocal_times(self: Tensor, other: Any) -> Any:
    """``2 / x``, which PyTorch computes as ``x.reciprocal() * 2``, to the last bit."""
    if type(other) not in USUAL and not isinstance(other, OPERANDS):
        other = as_operand(other)
    if other is None:
        return NotImplemented
    reciprocal, mul = OPS["reciprocal"], OPS["mul"]
    return apply(mul, (apply(reciprocal, (self,), reciprocal.defaults), other), mul.defaults)


def as_operand(value: Any) -> Any:
    """A NumPy number as a Python one; None for anything else."""
    return value.item() if hasattr(value, "dtype") and getattr(value, "ndim", 1) == 0 else None


def in_place_operator(op: Op) -> Callable[..., Any]:
    """``a += b``."""

    def operator(self: Tensor, other: Any) -> Any:
        if type(other) not in USUAL and not isinstance(other, OPERANDS):
            other = as_operand(other)
        return NotImplemented if other is None else write(op, (self, other), op.defaults)

    return operator


def unary_operator(op: Op) -> Callable[..., Any]:
    """``-a``."""

    def operator(self: Tensor) -> Any:
        return apply(op, (self,), op.defaults)

    return operator


def in_place_method(name: str) -> Callable[..., Any]:
    """``a.add_(b)``."""

    first = overloads(name)[0]
    given = given_plainly(first)

    def method(self: Tensor, *args: Any, **kwargs: Any) -> Any:
        found = given((self, *args), kwargs)
        if found is not None:
            return write(first, found[0], found[1])
        op, (inputs, attrs) = resolve(name, (self, *args), kwargs)
        return write(op, inputs, attrs)

    method.__name__ = f"{name}_"
    return method


def install_operators() -> None:
    """Give tensors Python's operators."""
    for word, name in OPERATORS.items():
        if name in OPS:
            forwards, backwards = binary_operators(OPS[name], word)
            setattr(Tensor, f"__{word}__", forwards)
            setattr(Tensor, f"__r{word}__", backwards)
            if OPS[name].in_place or name.startswith("bitwise"):
                setattr(Tensor, f"__i{word}__", in_place_operator(OPS[name]))
    Tensor.__rtruediv__ = reciprocal_times
    for name in COMPARISONS:
        setattr(Tensor, f"__{name}__", binary_operators(OPS[name], name)[0])
    Tensor.__hash__ = object.__hash__  # pyright: ignore[reportAttributeAccessIssue]
    for word, name in UNARY.items():
        setattr(Tensor, f"__{word}__", unary_operator(OPS[name]))


def where(self: Tensor, condition: Tensor, other: Any) -> Any:
    """The tensor's elements where ``condition`` holds, those of ``other`` elsewhere.

    As a method it takes the condition second, as a function first.
    """
    return public_function("where")(condition, self, other)


def install_methods() -> None:
    """Give tensors every operation of the table as a method, and its in-place form."""
    Tensor.where = where  # pyright: ignore[reportAttributeAccessIssue]
    for op in OPS.values():
        names = (op.base_name, *(a for a in op.aliases if a.isidentifier()))
        for name in names if op.method else ():
            if not hasattr(Tensor, name):
                setattr(Tensor, name, public_function(op.base_name))
        for name in names if op.in_place else ():
            setattr(Tensor, f"{name}_", in_place_method(op.base_name))
