"""The cases of the plan's benchmark as their peers do them: NumPy, floats, PyTorch, JAX and others.

A peer that is not installed is left out. Each gives a function that takes one step.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

RATE = 0.05
THREADS = int(os.environ.get("OMP_NUM_THREADS", "1"))
Step = Callable[[], object]


def module(name: str) -> Any:
    """A package, or a module in one; None where the package is not installed."""
    if importlib.util.find_spec(name.partition(".")[0]) is None:
        return None
    found = importlib.import_module(name)
    if name == "torch":
        found.set_num_threads(THREADS)
    return found


# the bowl --------------------------------------------------------------------------------------


def bowl_peers(slow: bool) -> dict[str, Step]:
    """A step on a² + b²."""
    found: dict[str, Step] = {"NumPy": bowl_numpy()}
    torch, jax = module("torch"), module("jax")
    autograd, mygrad, micrograd = (module(n) for n in ("autograd", "mygrad", "micrograd.engine"))
    if torch is not None:
        found["torch"] = bowl_torch(torch, lambda f: f)
        if slow:
            found["torch.compile"] = bowl_torch(torch, torch.compile)
    if jax is not None:
        found["jax.jit"] = bowl_jax(jax)
    if autograd is not None:
        found["autograd"] = bowl_autograd()
    if mygrad is not None:
        found["mygrad"] = bowl_mygrad(mygrad)
    if micrograd is not None:
        found["micrograd"] = bowl_micrograd(micrograd)
    return found


def bowl_floats(steps: int) -> Step:
    """Many steps in Python's floats, as one writes them."""

    def run() -> None:
        a, b, loss = 3.0, -2.0, 0.0
        for _ in range(steps):
            loss = a * a + b * b
            a, b = a - RATE * (2 * a), b - RATE * (2 * b)
        assert loss >= 0

    return run


def bowl_numpy() -> Step:
    point = np.array([3.0, -2.0], np.float32)

    def step() -> None:
        nonlocal point
        (point * point).sum()
        point = point - np.float32(RATE) * (2 * point)

    return step


def bowl_torch(torch: Any, compiled: Callable[[Any], Any]) -> Step:
    a, b = (torch.tensor(v, requires_grad=True) for v in (3.0, -2.0))
    optimizer = torch.optim.SGD([a, b], lr=RATE)
    loss = compiled(lambda a, b: a**2 + b**2)

    def step() -> None:
        optimizer.zero_grad()
        loss(a, b).backward()
        optimizer.step()

    return step


def bowl_jax(jax: Any) -> Step:
    slope = jax.value_and_grad(lambda p: p[0] ** 2 + p[1] ** 2)

    @jax.jit
    def one(point: Any) -> Any:
        loss, gradient = slope(point)
        return loss, [p - RATE * g for p, g in zip(point, gradient, strict=True)]

    point = [jax.numpy.float32(3.0), jax.numpy.float32(-2.0)]

    def step() -> None:
        nonlocal point
        loss, point = one(point)
        loss.block_until_ready()

    return step


def bowl_autograd() -> Step:
    slope = importlib.import_module("autograd").value_and_grad(lambda p: p[0] ** 2 + p[1] ** 2)
    point = np.array([3.0, -2.0])

    def step() -> None:
        nonlocal point
        point = point - RATE * slope(point)[1]

    return step


def bowl_mygrad(mygrad: Any) -> Step:
    a, b = (mygrad.tensor(v) for v in (3.0, -2.0))

    def step() -> None:
        (a**2 + b**2).backward()
        for leaf in (a, b):
            leaf.data[...] -= RATE * leaf.grad

    return step


def bowl_micrograd(engine: Any) -> Step:
    a, b = (engine.Value(v) for v in (3.0, -2.0))

    def step() -> None:
        a.grad = b.grad = 0
        (a**2 + b**2).backward()
        for leaf in (a, b):
            leaf.data -= RATE * leaf.grad

    return step


# networks --------------------------------------------------------------------------------------


def network_data(sizes: tuple[int, ...], batch: int) -> tuple[Any, Any, list[Any], list[Any]]:
    """Inputs, targets, weights and biases."""
    random = np.random.default_rng(0)
    inputs = random.normal(size=(batch, sizes[0])).astype(np.float32)
    weights = [(random.normal(size=(i, o)) / i**0.5).astype(np.float32) for i, o in pairwise(sizes)]
    biases = [np.zeros(o, np.float32) for o in sizes[1:]]
    if sizes[-1] == 1:
        return inputs, (np.sin(inputs[:, :1]) * inputs[:, 1:2]).astype(np.float32), weights, biases
    return inputs, random.integers(0, sizes[-1], size=(batch,)), weights, biases


def network_peers(sizes: tuple[int, ...], batch: int, slow: bool) -> dict[str, Step]:
    """A step of a network: tanh and squared error with one output, else relu and cross-entropy."""
    by_hand = small_by_hand if sizes[-1] == 1 else large_by_hand
    found = {"NumPy": by_hand(network_data(sizes, batch))}
    torch, jax = module("torch"), module("jax")
    if torch is not None:
        found["torch"] = network_torch(torch, sizes, batch, lambda f: f)
        if slow:
            found["torch.compile"] = network_torch(torch, sizes, batch, torch.compile)
    if jax is not None:
        found["jax.jit"] = network_jax(jax, sizes, batch)
    if module("autograd") is not None:
        found["autograd"] = network_autograd(sizes, batch)
    if module("mygrad") is not None:
        found["mygrad"] = network_mygrad(module("mygrad"), sizes, batch)
    return found


def small_by_hand(data: Any) -> Step:
    """A step of a network with two hidden layers in NumPy, as one writes it."""
    x, y, w, b = data
    rate, share = np.float32(RATE), np.float32(2 / len(x))

    def step() -> object:
        h1 = np.tanh(x @ w[0] + b[0])
        h2 = np.tanh(h1 @ w[1] + b[1])
        d = h2 @ w[2] + b[2] - y
        loss = (d * d).mean()
        g = d * share
        g2 = (g @ w[2].T) * (1 - h2 * h2)
        g1 = (g2 @ w[1].T) * (1 - h1 * h1)
        found = (x.T @ g1, h1.T @ g2, h2.T @ g, g1.sum(0), g2.sum(0), g.sum(0))
        for parameter, gradient in zip(w + b, found, strict=True):
            parameter -= rate * gradient
        return loss

    return step


def large_by_hand(data: Any) -> Step:
    """A step of a classifier with one hidden layer in NumPy, as one writes it."""
    x, y, w, b = data
    rate, share, index = np.float32(RATE), np.float32(1 / len(x)), np.arange(len(x))

    def step() -> object:
        z = x @ w[0] + b[0]
        h = np.maximum(z, 0)
        o = h @ w[1] + b[1]
        top = o.max(1, keepdims=True)
        e = np.exp(o - top)
        s = e.sum(1, keepdims=True)
        loss = (np.log(s)[:, 0] + top[:, 0] - o[index, y]).mean()
        g = e / s
        g[index, y] -= 1
        g *= share
        back = (g @ w[1].T) * (z > 0)
        found = (x.T @ back, h.T @ g, back.sum(0), g.sum(0))
        for parameter, gradient in zip(w + b, found, strict=True):
            parameter -= rate * gradient
        return loss

    return step


def network_torch(
    torch: Any, sizes: tuple[int, ...], batch: int, compiled: Callable[[Any], Any]
) -> Step:
    """A step in PyTorch; ``compiled``: what is done with its loss beforehand."""
    inputs, target, weights, biases = network_data(sizes, batch)
    x, y = torch.tensor(inputs), torch.tensor(target)
    w, b = ([torch.tensor(v, requires_grad=True) for v in held] for held in (weights, biases))
    optimizer = torch.optim.SGD([*w, *b], lr=RATE)
    functional = torch.nn.functional

    def loss(x: Any, y: Any) -> Any:
        value = x
        for index, (weight, bias) in enumerate(zip(w, b, strict=True)):
            value = torch.addmm(bias, value, weight)
            if index < len(w) - 1:
                value = torch.tanh(value) if sizes[-1] == 1 else torch.relu(value)
        return (functional.mse_loss if sizes[-1] == 1 else functional.cross_entropy)(value, y)

    whole = compiled(loss)

    def step() -> None:
        optimizer.zero_grad()
        whole(x, y).backward()
        optimizer.step()

    return step


def network_loss(np_like: Any, x: Any, y: Any, one: bool) -> Callable[[Any], Any]:
    """The loss of a network as JAX and autograd take it, of a list of weights and biases."""
    index = np.arange(len(y))

    def loss(parameters: Any) -> Any:
        half = len(parameters) // 2
        value = x
        for n, (weight, bias) in enumerate(zip(parameters[:half], parameters[half:], strict=True)):
            value = np_like.dot(value, weight) + bias
            if n < half - 1:
                value = np_like.tanh(value) if one else np_like.maximum(value, 0)
        if one:
            return np_like.mean((value - y) ** 2)
        low = value - np_like.max(value, axis=1, keepdims=True)
        return np_like.mean(np_like.log(np_like.sum(np_like.exp(low), axis=1)) - low[index, y])

    return loss


def network_jax(jax: Any, sizes: tuple[int, ...], batch: int) -> Step:
    x, y, w, b = network_data(sizes, batch)
    slope = jax.value_and_grad(network_loss(jax.numpy, x, y, sizes[-1] == 1))

    @jax.jit
    def one(point: Any) -> Any:
        loss, gradient = slope(point)
        return loss, [p - RATE * g for p, g in zip(point, gradient, strict=True)]

    point = [jax.numpy.asarray(v) for v in (*w, *b)]

    def step() -> None:
        nonlocal point
        loss, point = one(point)
        loss.block_until_ready()

    return step


def network_autograd(sizes: tuple[int, ...], batch: int) -> Step:
    x, y, w, b = network_data(sizes, batch)
    like = importlib.import_module("autograd.numpy")
    package = importlib.import_module("autograd")
    slope = package.value_and_grad(network_loss(like, x, y, sizes[-1] == 1))
    point = [*w, *b]

    def step() -> None:
        for value, gradient in zip(point, slope(point)[1], strict=True):
            value -= np.float32(RATE) * gradient

    return step


def network_mygrad(mygrad: Any, sizes: tuple[int, ...], batch: int) -> Step:
    x, y, weights, biases = network_data(sizes, batch)
    w, b = ([mygrad.tensor(v) for v in held] for held in (weights, biases))
    cross = importlib.import_module("mygrad.nnet.losses").softmax_crossentropy

    def step() -> None:
        value = x
        for n, (weight, bias) in enumerate(zip(w, b, strict=True)):
            value = mygrad.matmul(value, weight) + bias
            if n < len(w) - 1:
                value = mygrad.tanh(value) if sizes[-1] == 1 else mygrad.maximum(value, 0)
        loss = mygrad.mean((value - y) ** 2) if sizes[-1] == 1 else cross(value, y)
        loss.backward()
        for leaf in (*w, *b):
            leaf.data[...] -= np.float32(RATE) * leaf.grad

    return step


# chains and grids ------------------------------------------------------------------------------


def chain_peers(length: int) -> dict[str, Step]:
    """Forward and back through a chain of numbers, by packages that walk it node by node."""
    found: dict[str, Step] = {"floats": chain_floats(length)}
    torch, engine = module("torch"), module("micrograd.engine")
    if torch is not None:
        found["torch"] = chain_torch(torch, length)
    if engine is not None and length <= 500:  # it recurses
        found["micrograd"] = chain_micrograd(engine, length)
    return found


def chain_floats(length: int) -> Step:
    """By hand: the values kept on the way, and back over them."""

    def step() -> object:
        factor, value, kept = 1.0001, 1.0, []
        for _ in range(length // 2):
            kept.append(value)
            value = value * factor + 0.1
        gradient, slope = 1.0, 0.0
        for before in reversed(kept):
            slope += gradient * before
            gradient *= factor
        return value, gradient, slope

    return step


def chain_torch(torch: Any, length: int) -> Step:
    leaf, factor = (torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in (1.0, 1.0001))

    def step() -> None:
        value = leaf
        for _ in range(length // 2):
            value = value * factor
            value = value + 0.1
        value.backward()

    return step


def chain_micrograd(engine: Any, length: int) -> Step:
    leaf, factor = engine.Value(1.0), engine.Value(1.0001)

    def step() -> None:
        value = leaf
        for _ in range(length // 2):
            value = value * factor
            value = value + 0.1
        value.backward()

    return step


def rosenbrock_peers(x: Any, y: Any) -> tuple[dict[str, Step], dict[str, Step]]:
    """Values, and values with gradients, at many points."""

    def values() -> object:
        return (1 - x) ** 2 + 100 * (y - x**2) ** 2

    def gradients() -> object:
        d = y - x**2
        return (1 - x) ** 2 + 100 * d**2, -2 * (1 - x) - 400 * x * d, 200 * d

    plain, slopes = {"NumPy": values}, {"NumPy": gradients}
    jax = module("jax")
    if jax is not None:
        jax.config.update("jax_enable_x64", True)

        def loss(x: Any, y: Any) -> Any:
            return (1 - x) ** 2 + 100 * (y - x**2) ** 2

        value, slope = (
            jax.jit(jax.vmap(f)) for f in (loss, jax.value_and_grad(loss, argnums=(0, 1)))
        )
        plain["jax.jit"] = lambda: jax.block_until_ready(value(x, y))
        slopes["jax.jit"] = lambda: jax.block_until_ready(slope(x, y))
    return plain, slopes
