"""Inference mode: nothing is recorded, and what is made in it never enters a tape.

A tensor made in such a block counts no versions, so a backward pass could not see it
overwritten: it cannot be saved for one. See
https://docs.pytorch.org/docs/stable/generated/torch.autograd.grad_mode.inference_mode.html.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import wraps
from typing import Any

from gradviz.autograd.mode import STATE

__all__ = ["BLOCKS", "Unversioned", "inference_mode", "is_inference", "is_inference_mode_enabled"]

SAVED = (
    "Inference tensors cannot be saved for backward. Please do not use Tensors created in "
    "inference mode in computation tracked by autograd. To work around this, you can make a clone "
    "to get a normal tensor and use it in autograd, or use `torch.no_grad()` instead of "
    "`torch.inference_mode()`."
)
OVERWRITTEN = (
    "Inplace update to inference tensor outside InferenceMode is not allowed.You can make a clone "
    "to get a normal tensor before doing inplace update.See "
    "https://github.com/pytorch/rfcs/pull/17 for more details."
)
REQUIRING = "Setting requires_grad=True on inference tensor outside InferenceMode is not allowed."
UNCOUNTED = "Inference tensors do not track version counter."


class Unversioned(list[int]):
    """The version counter of tensors made in inference mode: it counts nothing."""


class _Inference(threading.local):
    """Whether this thread is in inference mode."""

    enabled = False


INFERENCE = _Inference()
BLOCKS: list[None] = []
"""One entry for each block open in any thread: while empty, making a tensor costs no question."""


def version_counter() -> list[int]:
    """A counter for a new tensor's memory, as this thread's mode has it."""
    return Unversioned([0]) if INFERENCE.enabled else [0]


def check_saved(counter: list[int]) -> None:
    """Refuse to keep an inference tensor for a backward pass."""
    if isinstance(counter, Unversioned):
        raise RuntimeError(SAVED)


def check_written(counter: list[int]) -> None:
    """Refuse to write to an inference tensor outside inference mode."""
    if isinstance(counter, Unversioned) and not INFERENCE.enabled:
        raise RuntimeError(OVERWRITTEN)


def check_requiring(counter: list[int]) -> None:
    """Refuse to have an inference tensor require a gradient outside inference mode."""
    if isinstance(counter, Unversioned) and not INFERENCE.enabled:
        raise RuntimeError(REQUIRING)


def counted(counter: list[int]) -> int:
    """The version that a counter stands at; an error where it counts nothing."""
    if isinstance(counter, Unversioned):
        raise RuntimeError(UNCOUNTED)
    return counter[0]


def is_inference(input: Any) -> bool:
    """Whether a tensor was made in inference mode."""
    return input.is_inference()


def is_inference_mode_enabled() -> bool:
    """Whether this thread is in inference mode."""
    return INFERENCE.enabled


class inference_mode:
    """A block or function in which nothing is recorded and what is made stays off every tape.

    ``inference_mode(False)`` leaves the mode within a block.
    """

    def __init__(self, mode: bool = True) -> None:
        self._mode = mode
        self._before: list[tuple[bool, bool]] = []

    def __new__(cls, mode: Any = True) -> Any:
        """A block; or, where a function is given, that function within one."""
        return super().__new__(cls) if isinstance(mode, bool) else cls(True)(mode)

    def __enter__(self) -> None:
        self._before.append((INFERENCE.enabled, STATE.enabled))
        INFERENCE.enabled = self._mode
        STATE.enabled = not self._mode
        BLOCKS.append(None)

    def __exit__(self, *_: object) -> None:
        BLOCKS.pop()
        INFERENCE.enabled, STATE.enabled = self._before.pop()

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Use as a decorator."""

        @wraps(function)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            with type(self)(self._mode):
                return function(*args, **kwargs)

        return wrapped
