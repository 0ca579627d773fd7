"""What the recorded expressions may name: the package, a tensor of each type, and helpers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from runpy import run_path
from typing import Any

import pytest

import gradviz as gv
import gradviz.nn.functional as F

PROGRAMS = run_path(str(Path(__file__).with_name("programs.py")))


def slope(function: Any, *data: Any) -> Any:
    """The gradients of the sum of what a function gives, one for each of its inputs."""
    inputs = [gv.tensor(d, requires_grad=True) for d in data]
    found = function(*inputs)
    found.sum().backward()
    grads = [None if t.grad is None else t.grad.tolist() for t in inputs]
    return grads[0] if len(grads) == 1 else grads


def bend(function: Any, data: Any) -> Any:
    """The second gradients of the sum of what a function gives."""
    x = gv.tensor(data, requires_grad=True)
    (first,) = gv.autograd.grad(function(x).sum(), x, create_graph=True)
    (second,) = gv.autograd.grad(first.sum(), x)
    return second.tolist()


def again(loss: Any) -> None:
    """Two backward passes through one graph."""
    loss.backward()
    loss.backward()


def spoilt(kept: Any) -> None:
    """A backward pass through a result that was overwritten."""
    kept.add_(1)
    kept.sum().backward()


def spoilt_input(kept: Any) -> None:
    """A backward pass through an input that was overwritten."""
    loss = (kept**2).sum()
    kept.add_(1)
    loss.backward()


def set_grad(leaf: Any, gradient: Any) -> None:
    """Give a leaf a gradient."""
    leaf.grad = gradient


@pytest.fixture
def evaluated() -> Callable[[str], Any]:
    """A function from an expression to its value."""
    tensors = {
        "f32": gv.ones(2), "f64": gv.ones(2, dtype=gv.float64), "f16": gv.ones(2, dtype=gv.float16),
        "i64": gv.tensor([1, 1]), "i32": gv.tensor([1, 1], dtype=gv.int32),
        "i8": gv.tensor([1, 1], dtype=gv.int8), "u8": gv.tensor([1, 1], dtype=gv.uint8),
        "flag": gv.tensor([True, False]), "w": gv.ones(2, requires_grad=True),
    }  # fmt: skip
    programs = {n: f for n, f in PROGRAMS.items() if callable(f)}
    helpers = {f.__name__: f for f in (slope, bend, again, spoilt, spoilt_input, set_grad)}
    numbers = {"nan": float("nan"), "inf": float("inf")}
    names = {**programs, "gv": gv, "F": F, **numbers, **tensors, **helpers}
    return lambda text: eval(text, names)
