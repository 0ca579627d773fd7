"""Whether operations are being recorded: ``no_grad``, ``enable_grad`` and the like.

The state is the thread's own, as PyTorch's is.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from contextvars import copy_context
from typing import Any, TypeVar

import numpy as np

Function = TypeVar("Function", bound=Callable[..., Any])


class _State(threading.local):
    """``quiet(function, *args)`` calls with NumPy's floating-point warnings off.

    It runs in a context of the thread's own, at a tenth of the cost of ``np.errstate``.
    """

    enabled = True

    def __init__(self) -> None:
        before, context = copy_context(), copy_context()
        context.run(np.seterr, all="ignore")
        self.quiet: Callable[..., Any] = context.run
        self.silent = [(v, x) for v, x in context.items() if before.get(v) is not x]
        """The context variables by which NumPy keeps quiet, with their values then."""


STATE = _State()


class silence:
    """A block in which NumPy's floating-point warnings are off, as in ``np.errstate``.

    Other context variables stay the caller's, unlike in ``STATE.quiet``.
    """

    __slots__ = ("_tokens",)

    def __enter__(self) -> None:
        self._tokens = [(v, v.set(value)) for v, value in STATE.silent]

    def __exit__(self, *_: object) -> None:
        for variable, token in self._tokens:
            variable.reset(token)


def is_grad_enabled() -> bool:
    """Whether operations on tensors that require gradients are recorded now."""
    return STATE.enabled


class set_grad_enabled:
    """Turn recording on or off: at once, for a ``with`` block, or around a function."""

    def __init__(self, mode: bool) -> None:
        self._before = STATE.enabled
        self._mode = mode
        STATE.enabled = mode

    def __enter__(self) -> None:
        STATE.enabled = self._mode

    def __exit__(self, *_: object) -> None:
        STATE.enabled = self._before

    def __call__(self, function: Function) -> Function:
        """Use as a decorator."""
        STATE.enabled = self._before
        return _around(function, lambda: set_grad_enabled(self._mode))


class _Switch:
    """A re-enterable block in which recording is on or off."""

    mode = True

    _before: list[bool]

    def __new__(cls, function: Callable[..., Any] | None = None) -> Any:
        if function is not None:
            return _around(function, cls)
        block = object.__new__(cls)
        block._before = []
        return block

    def __enter__(self) -> None:
        self._before.append(STATE.enabled)
        STATE.enabled = self.mode

    def __exit__(self, *_: object) -> None:
        STATE.enabled = self._before.pop()

    def __call__(self, function: Function) -> Function:
        """Use as a decorator."""
        return _around(function, type(self))


class no_grad(_Switch):
    """A block or function in which nothing is recorded; leaves made in it keep their flag."""

    mode = False


class enable_grad(_Switch):
    """A block or function in which operations are recorded, inside ``no_grad`` too."""

    mode = True


def _around(function: Any, block: Callable[[], Any]) -> Any:
    @functools.wraps(function)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        with block():
            return function(*args, **kwargs)

    return wrapped
