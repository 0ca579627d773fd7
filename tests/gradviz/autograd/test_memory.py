"""What the tape holds and when it lets go; whose array a gradient is."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable, Iterator
from weakref import ref

import numpy as np
import pytest

import gradviz as gv


@pytest.fixture(autouse=True)
def without_collector() -> Iterator[None]:
    """Nothing may wait for the collector of cycles."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def watched(value: gv.Tensor) -> tuple[gv.Tensor, Callable[[], object]]:
    """A product that needs an array no one else holds, and how to ask for that array."""
    inner = gv.exp(value)
    return (inner * inner).sum(), ref(inner.array)


def test_a_pass_frees_what_it_has_consumed() -> None:
    total, inner = watched(gv.ones(3, requires_grad=True))
    assert inner() is not None
    total.backward()
    assert inner() is None


def test_a_pass_that_is_to_come_again_frees_nothing() -> None:
    total, inner = watched(gv.ones(3, requires_grad=True))
    total.backward(retain_graph=True)
    assert inner() is not None
    total.backward()
    assert inner() is None


def test_a_tape_that_is_dropped_is_freed_at_once() -> None:
    total, inner = watched(gv.ones(3, requires_grad=True))
    del total
    assert inner() is None


def test_a_thousand_training_steps_hold_steady() -> None:
    gv.manual_seed(0)
    model = gv.nn.Sequential(gv.nn.Linear(2, 16), gv.nn.Tanh(), gv.nn.Linear(16, 1))
    optimizer = gv.optim.Adam(model.parameters(), lr=0.01)
    inputs, target = gv.randn(32, 2), gv.randn(32, 1)

    def train(steps: int) -> None:
        for _ in range(steps):
            optimizer.zero_grad()
            gv.nn.functional.mse_loss(model(inputs), target).backward()
            optimizer.step()

    train(20)
    tracemalloc.start()
    try:
        train(20)
        before = tracemalloc.get_traced_memory()[0]
        train(1000)
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    # A single array of the batch left behind in each step would be 2 MB.
    assert grown < 20_000


def test_two_leaves_that_are_sent_the_same_array_get_one_each() -> None:
    x, y = gv.ones(3, requires_grad=True), gv.ones(3, requires_grad=True)
    (x + y).backward(gv.tensor([1.0, 2.0, 3.0]))
    x.grad.mul_(10)
    assert y.grad.tolist() == [1, 2, 3]


def test_the_gradient_a_pass_starts_from_stays_its_owners() -> None:
    x, seed = gv.ones(3, requires_grad=True), gv.tensor([1.0, 2.0, 3.0])
    x.backward(seed)
    x.grad.mul_(10)
    assert seed.tolist() == [1, 2, 3]


def test_a_gradient_that_a_hook_keeps_stays_as_it_was() -> None:
    x, kept = gv.ones(3, requires_grad=True), list[np.ndarray]()
    product = x * 2
    product.register_hook(kept.append)
    x.register_hook(kept.append)
    for _ in range(2):
        product.sum().backward(retain_graph=True)
    assert x.grad.tolist() == [4, 4, 4]
    assert [np.asarray(getattr(g, "array", g)).tolist() for g in kept] == [[1] * 3, [2] * 3] * 2


def test_a_gradient_nobody_else_holds_is_not_copied() -> None:
    x = gv.ones(1000, 1000, requires_grad=True)
    total = x.sum()
    tracemalloc.start()
    try:
        total.backward()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 1.5 * x.array.nbytes
