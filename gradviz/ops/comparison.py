"""Comparisons, logic and choice, element by element."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gradviz.ops.dtypes import of_numpy
from gradviz.ops.spec import Array, Op, Port, example


def _compare(
    name: str, symbol: str, doc: str, forward: Callable[..., Any], source: str, *aliases: str
) -> Op:
    return Op(
        name=name, family="Comparison", category="elem", symbol=symbol, doc=doc,
        ports=(
            Port(name="input", doc="The left side."),
            Port(name="other", doc="The right side.", number=True),
        ),
        forward=forward, source=f"{{input}} {source} {{other}}",
        examples=(example([1.0, 2.0, 3.0], [1.0, 3.0, 2.0]), example([1.0, 2.0], 1.5)),
        aliases=aliases, elementwise=True,
    )  # fmt: skip


eq = _compare("eq", "=", "True where both are equal.", np.equal, "==")
ne = _compare("ne", "≠", "True where both differ.", np.not_equal, "!=", "not_equal")
lt = _compare("lt", "<", "True where the left is less.", np.less, "<", "less")
le = _compare("le", "≤", "True where the left is less or equal.", np.less_equal, "<=", "less_equal")
gt = _compare("gt", ">", "True where the left is greater.", np.greater, ">", "greater")
ge = _compare(
    "ge", "≥", "True where the left is greater or equal.", np.greater_equal, ">=", "greater_equal"
)


def _logic(name: str, symbol: str, doc: str, forward: Callable[..., Any]) -> Op:
    return Op(
        name=name, family="Logic", category="elem", symbol=symbol, doc=doc,
        ports=tuple(
            Port(name=port, number=name.startswith("bitwise")) for port in ("input", "other")
        ),
        forward=forward,
        examples=(example([True, True, False], [True, False, False]),),
        elementwise=True,
    )  # fmt: skip


logical_and = _logic("logical_and", "and", "True where both are not zero.", np.logical_and)
logical_or = _logic("logical_or", "or", "True where one is not zero.", np.logical_or)
logical_xor = _logic("logical_xor", "xor", "True where just one is not zero.", np.logical_xor)
bitwise_and = _logic("bitwise_and", "&", "Bits set in both.", np.bitwise_and)
bitwise_or = _logic("bitwise_or", "|", "Bits set in one or both.", np.bitwise_or)
bitwise_xor = _logic("bitwise_xor", "^", "Bits set in just one.", np.bitwise_xor)


def _test(name: str, symbol: str, doc: str, forward: Callable[..., Any]) -> Op:
    return Op(
        name=name, family="Logic", category="elem", symbol=symbol, doc=doc,
        ports=(Port(name="input"),), forward=forward, promotion="none",
        examples=(example([1.0, float("nan"), float("inf")]),), elementwise=True,
    )  # fmt: skip


isnan = _test("isnan", "nan?", "True where an element is not a number.", np.isnan)
isinf = _test("isinf", "∞?", "True where an element is infinite.", np.isinf)
isfinite = _test("isfinite", "<∞", "True where an element is not nan or infinite.", np.isfinite)
logical_not = _test("logical_not", "not", "True where an element is zero.", np.logical_not)

bitwise_not = Op(
    name="bitwise_not", family="Logic", category="elem", symbol="~",
    doc="Every bit turned over; for booleans, not.",
    ports=(Port(name="input"),), forward=np.invert, source="~{input}",
    examples=(example([True, False]),), elementwise=True,
)  # fmt: skip


def _where(condition: Any, input: Array, other: Array) -> Array:
    kind = np.asarray(condition).dtype
    if kind != np.bool_ and kind != np.uint8:
        raise RuntimeError(
            "where expected condition to be a boolean tensor, but got a tensor with dtype "
            f"{of_numpy(kind).legacy_name}"
        )
    return np.where(condition, input, other)


where = Op(
    name="where", family="Comparison", category="elem", symbol="?:",
    doc="Takes each element from one of two tensors, as a condition says.",
    ports=(
        Port(name="condition", doc="Booleans: which of the two.", promote=False),
        Port(name="input", doc="Taken where the condition holds.", number=True,
             grad="where(condition, g, 0.0)"),
        Port(name="other", doc="Taken elsewhere.", number=True, grad="where(condition, 0.0, g)"),
    ),
    forward=_where,
    meaning={
        "input": "{out} is {input} where the condition holds, and nothing of {input} elsewhere",
        "other": "{out} is {other} where the condition fails, and nothing of {other} elsewhere",
    },
    examples=(
        example([True, False, True], [1.0, 2.0, 3.0], [-1.0, -2.0, -3.0]),
        example([[True], [False]], [1.0, 2.0], 0.5),
    ),
    search=("if", "choose", "branch"), elementwise=True, method=False,
)  # fmt: skip
