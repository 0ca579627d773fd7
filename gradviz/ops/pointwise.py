"""Makers of element-by-element operations, and of those that SciPy computes.

SciPy is imported when the first of them runs, so that starting stays quick.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from gradviz.ops.spec import Array, Op, Port, example

VALUES = [-2.7, -0.5, 0.5, 1.4, 3.14]
POSITIVE = [0.25, 1.0, 2.25, 4.0]
INSIDE = [-0.8, -0.25, 0.3, 0.75]
COLUMN = [[1.5], [-0.5]]
ROW = [0.25, 2.0, -1.25]


@cache
def scipy_function(name: str) -> Callable[..., Any]:
    """The function ``name`` of ``scipy.special``."""
    return getattr(importlib.import_module("scipy.special"), name)


def float_kind(*values: Any) -> np.dtype[Any]:
    """The type of the first array among ``values``; that of a Python float where there is none."""
    kinds = [v.dtype for v in values if hasattr(v, "dtype")]
    return kinds[0] if kinds else np.dtype(np.float64)


def no_gradient(what: str) -> Callable[..., Any]:
    """The rule of a port for which PyTorch has no gradient either: it says so when asked."""

    def rule() -> Any:
        raise NotImplementedError(
            f"the derivative for '{what}' is not implemented. If you believe this derivative "
            "should be implemented, please open an issue"
        )

    return rule


def from_scipy(name: str) -> Callable[..., Array]:
    """A forward that ``scipy.special`` computes, in the type of its inputs."""

    def forward(*inputs: Any) -> Array:
        return np.asarray(scipy_function(name)(*inputs)).astype(float_kind(*inputs), copy=False)

    return forward


def unary(
    name: str, family: str, symbol: str, doc: str, forward: Callable[..., Any], grad: str | None,
    meaning: str = "", values: Any = VALUES, **more: Any,
) -> Op:  # fmt: skip
    """An operation on each element of one tensor; whole numbers become floating point first."""
    settings: dict[str, Any] = {"promotion": "float", "in_place": True, **more}
    examples = settings.pop("examples", (example(values),))
    return Op(
        name=name, family=family, category="elem", symbol=symbol, doc=doc, forward=forward,
        ports=(Port(name="input", doc="The tensor.", grad=grad),),
        meaning={"input": meaning} if meaning else {}, examples=examples, elementwise=True,
        **settings,
    )  # fmt: skip


MISSING = "not_implemented()"


def _port(operation: str, number: bool, name: str, grad: str | None, doc: str) -> Port:
    rule = no_gradient(f"{operation}: {name}") if grad == MISSING else None
    return Port(name=name, doc=doc, grad=grad, rule=rule, number=number)


def binary(
    name: str, family: str, symbol: str, doc: str, forward: Callable[..., Any],
    grads: tuple[str | None, str | None], meanings: tuple[str, str] = ("", ""),
    names: tuple[str, str] = ("input", "other"), values: tuple[Any, Any] = (COLUMN, ROW),
    **more: Any,
) -> Op:  # fmt: skip
    """An operation on pairs of elements, with broadcasting.

    ``numbers``: which of the two may be a plain number, though never both at once.
    """
    settings: dict[str, Any] = {"in_place": True, **more}
    numbers = settings.pop("numbers", names)
    examples = settings.pop("examples", (example(*values),))
    words = ("The first tensor.", "The second tensor.")
    ports = tuple(
        _port(name, port[0] in numbers, *port) for port in zip(names, grads, words, strict=True)
    )
    meaning = {n: m for n, m in zip(names, meanings, strict=True) if m}
    return Op(
        name=name, family=family, category="elem", symbol=symbol, doc=doc, forward=forward,
        ports=ports, meaning=meaning, examples=examples, elementwise=True, **settings,
    )  # fmt: skip
