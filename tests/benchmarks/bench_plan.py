"""Compiled plans beside their peers, in one run: steps, chains, grids, and what compiling costs.

Run as a script. Peers are hand-written NumPy and Python floats, and PyTorch where it is installed.
Each row ends with its goal, and whether it was met in this run.
"""

import importlib
import importlib.util
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from gradviz.bundled import bundled
from gradviz.descent import Axis, Objective, landscape
from gradviz.files import load
from gradviz.graph import Evaluation, Graph
from gradviz.plan import Plan, compile_plan
from gradviz.program import graph_from_source

REPEATS = 5
RATE = 0.05
CHAIN = 10_000
SIDE = 256


@dataclass(frozen=True)
class Row:
    """A measure: ours and its peers' seconds, the goal in seconds, and the unit to show."""

    name: str
    ours: float
    peers: dict[str, float]
    goal: float
    scale: float
    unit: str

    @property
    def met(self) -> bool:
        return self.ours <= self.goal

    def __str__(self) -> str:
        peers = "".join(f"   {n} {s * self.scale:8.2f}" for n, s in self.peers.items())
        mark = "met" if self.met else "MISSED"
        ours, goal = self.ours * self.scale, self.goal * self.scale
        return f"{self.name:36} {ours:9.2f} {self.unit:10} goal {goal:8.2f} {mark:6}{peers}"


def best(work: Callable[[], object], times: int = 1) -> float:
    """Seconds for one go: the shortest mean of several runs."""
    found: list[float] = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        for _ in range(times):
            work()
        found.append((time.perf_counter() - start) / times)
    return min(found)


def torch() -> Any:
    """PyTorch on one thread, or None."""
    if importlib.util.find_spec("torch") is None:
        return None
    package = importlib.import_module("torch")
    package.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    return package


def bowl() -> Row:
    """A step on a² + b²."""
    leaves = "".join(
        f"{n} = tensor({v}, requires_grad=True)\n" for n, v in (("a", 3.0), ("b", -2.0))
    )
    plan = compile_plan(graph_from_source(leaves + "J = a ** 2 + b ** 2"))
    steps = 2000

    def floats() -> None:
        a, b, loss = 3.0, -2.0, 0.0
        for _ in range(steps):
            loss = a * a + b * b
            a, b = a - RATE * (2 * a), b - RATE * (2 * b)
        assert loss >= 0

    def numpy_step() -> Callable[[], object]:
        point = np.array([3.0, -2.0], np.float32)

        def step() -> None:
            nonlocal point
            (point * point).sum()
            point = point - np.float32(RATE) * (2 * point)

        return step

    ours = best(lambda: plan.descend("SGD", {"lr": RATE}, steps)) / steps
    peers = {"floats": best(floats) / steps, "numpy": best(numpy_step(), steps)}
    package = torch()
    if package is not None:
        a, b = (package.tensor(v, requires_grad=True) for v in (3.0, -2.0))
        optimizer = package.optim.SGD([a, b], lr=RATE)

        def torch_step() -> None:
            optimizer.zero_grad()
            (a**2 + b**2).backward()
            optimizer.step()

        peers["torch"] = best(torch_step, 200)
    return Row("step on a² + b²", ours, peers, 2e-6, 1e6, "µs")


def network_data(sizes: tuple[int, ...], batch: int) -> tuple[Any, Any, list[Any], list[Any]]:
    random = np.random.default_rng(0)
    inputs = random.normal(size=(batch, sizes[0])).astype(np.float32)
    weights = [(random.normal(size=(i, o)) / i**0.5).astype(np.float32) for i, o in pairwise(sizes)]
    biases = [np.zeros(o, np.float32) for o in sizes[1:]]
    if sizes[-1] == 1:
        return inputs, (np.sin(inputs[:, :1]) * inputs[:, 1:2]).astype(np.float32), weights, biases
    return inputs, random.integers(0, sizes[-1], size=(batch,)), weights, biases


def network_graph(sizes: tuple[int, ...], batch: int) -> Graph:
    """The network as a document."""
    gradviz = importlib.import_module("gradviz")
    inputs, target, weights, biases = network_data(sizes, batch)
    value = gradviz.tensor(inputs)
    for index, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
        value = value @ gradviz.tensor(weight, requires_grad=True)
        value = value + gradviz.tensor(bias, requires_grad=True)
        if index < len(weights) - 1:
            value = gradviz.tanh(value) if sizes[-1] == 1 else gradviz.relu(value)
    functional = importlib.import_module("gradviz.nn.functional")
    if sizes[-1] == 1:
        loss = functional.mse_loss(value, gradviz.tensor(target))
    else:
        loss = functional.cross_entropy(value, gradviz.tensor(target))
    return Graph.from_tensor(loss)


def small_by_hand() -> Callable[[], object]:
    """A step of the small network in NumPy, as one writes it."""
    x, y, w, b = network_data((2, 16, 16, 1), 32)
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


def large_by_hand() -> Callable[[], object]:
    """A step of the large network in NumPy, as one writes it."""
    x, y, w, b = network_data((784, 128, 10), 128)
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


def torch_network(sizes: tuple[int, ...], batch: int) -> Callable[[], object]:
    """A step of a network in PyTorch."""
    package = torch()
    inputs, target, weights, biases = network_data(sizes, batch)
    x, y = package.tensor(inputs), package.tensor(target)
    w, b = ([package.tensor(v, requires_grad=True) for v in held] for held in (weights, biases))
    optimizer = package.optim.SGD([*w, *b], lr=RATE)
    functional = package.nn.functional

    def step() -> None:
        optimizer.zero_grad()
        value = x
        for index, (weight, bias) in enumerate(zip(w, b, strict=True)):
            value = package.addmm(bias, value, weight)
            if index < len(w) - 1:
                value = package.tanh(value) if sizes[-1] == 1 else package.relu(value)
        loss = functional.mse_loss if sizes[-1] == 1 else functional.cross_entropy
        loss(value, y).backward()
        optimizer.step()

    return step


def network(sizes: tuple[int, ...], batch: int, by_hand: Callable[[], object], against: str,
            factor: float, steps: int) -> Row:  # fmt: skip
    """A step of a network; the goal is a factor of a peer's time."""
    plan = compile_plan(network_graph(sizes, batch))
    plan.descend("SGD", {"lr": RATE}, 2)
    peers = {"numpy": best(by_hand, steps)}
    if torch() is not None:
        peers["torch"] = best(torch_network(sizes, batch), steps)
    ours = best(lambda: plan.descend("SGD", {"lr": RATE}, steps)) / steps
    goal = peers.get(against, float("inf")) * factor
    name = f"MLP {'-'.join(map(str, sizes))}, batch {batch}, step"
    return Row(name, ours, peers, goal, 1e6, "µs")


def chain() -> list[Row]:
    """A chain of numbers: forward and back by the node, and compiling it."""
    gradviz = importlib.import_module("gradviz")
    leaf = gradviz.tensor(1.0, requires_grad=True, dtype=gradviz.float64)
    factor = gradviz.tensor(1.0001, requires_grad=True, dtype=gradviz.float64)
    value = leaf
    for _ in range(CHAIN // 2):
        value = value * factor
        value = value + 0.1
    graph = Graph.from_tensor(value)
    evaluation = Evaluation(graph)
    start = time.perf_counter()
    plan = compile_plan(graph, evaluation=evaluation)
    point = {i: np.array(1.0001) for i in plan.parameters}
    plan.gradient(point)
    compiling = time.perf_counter() - start
    each = best(lambda: plan.gradient(point), 5) / CHAIN
    return [
        Row(f"chain of {CHAIN} numbers, a node", each, {}, 0.3e-6, 1e6, "µs"),
        Row(f"chain of {CHAIN} numbers, compiling", compiling, {}, 1.0, 1e3, "ms"),
    ]


def rosenbrock() -> list[Row]:
    """Values and gradients on a grid."""
    text = "".join(f"{n} = tensor(0.5, dtype=float64, requires_grad=True)\n" for n in "xy")
    plan = compile_plan(graph_from_source(text + "J = (1 - x) ** 2 + 100 * (y - x ** 2) ** 2"))
    side = np.linspace(-2, 2, SIDE)
    x, y = (a.ravel() for a in np.meshgrid(side, side))
    points = dict(zip(plan.parameters, (x, y), strict=True))

    def values() -> object:
        return (1 - x) ** 2 + 100 * (y - x**2) ** 2

    def gradients() -> object:
        d = y - x**2
        return (1 - x) ** 2 + 100 * d**2, -2 * (1 - x) - 400 * x * d, 200 * d

    plan.values(points)
    plan.gradients(points)
    by_hand, both = best(values, 20), best(gradients, 20)
    ours, field = best(lambda: plan.values(points), 20), best(lambda: plan.gradients(points), 20)
    name = f"Rosenbrock on {SIDE}²"
    return [
        Row(f"{name}, values", ours, {"numpy": by_hand}, 1.3 * by_hand, 1e3, "ms"),
        Row(f"{name}, gradients", field, {"numpy": both}, 2 * both, 1e3, "ms"),
    ]


def xor() -> Row:
    """The landscape of the XOR sample over two of its weights, compiling included."""
    graph = load(bundled("samples") / "mlp_xor.gradviz")

    def once() -> None:
        objective = Objective(graph)
        axes = (Axis("n3", (0, 0)), Axis("n3", (1, 1)))
        landscape(objective, axes, objective.start(), ((-3.0, 3.0), (-3.0, 3.0)), SIDE)

    return Row(f"XOR network on {SIDE}², from nothing", best(once), {}, 0.15, 1e3, "ms")


def hundred() -> Row:
    """Compiling a graph of a hundred nodes, loss and gradient."""
    lines = ["x = tensor(0.5, requires_grad=True)", "y = tensor(1.5, requires_grad=True)", "v0 = x"]
    for n in range(97):
        operation = ("tanh({0})", "{0} * y", "{0} + x", "sigmoid({0})", "{0} ** 2")[n % 5]
        lines.append(f"v{n + 1} = {operation.format(f'v{n}')}")
    graph = graph_from_source("\n".join([*lines, "J = v97 * x"]))
    evaluation = Evaluation(graph)

    def once() -> None:
        plan: Plan = compile_plan(graph, evaluation=evaluation)
        plan.gradient({i: np.array(0.5, np.float32) for i in plan.parameters})

    return Row("compiling 100 nodes, with gradient", best(once), {}, 0.016, 1e3, "ms")


def main() -> int:
    """Print every row; 1 where a goal was missed."""
    rows = [
        bowl(), network((2, 16, 16, 1), 32, small_by_hand(), "numpy", 1.3, 300),
        network((784, 128, 10), 128, large_by_hand(), "torch", 1.1, 20), *chain(), *rosenbrock(),
        xor(), hundred(),
    ]  # fmt: skip
    print(*rows, sep="\n")
    return int(not all(row.met for row in rows))


if __name__ == "__main__":
    sys.exit(main())
