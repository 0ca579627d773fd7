"""The engine beside PyTorch, in one run: a chain of scalars, two small networks, the import.

Run as a script; PyTorch is measured where it is installed. The goal for the chain is PyTorch's
own time, for `import gradviz` a quarter of a second.
"""

import importlib
import importlib.util
import os
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

CHAIN = 10_000
REPEATS = 5
IMPORT_GOAL = 0.25


def best(run: Callable[[], float]) -> float:
    """The shortest of several runs, which other programs disturbed least."""
    return min(run() for _ in range(REPEATS))


def timed(work: Callable[[], object], times: int = 1) -> float:
    """Seconds for one go, as the mean over several."""
    start = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - start) / times


def chain(package: Any) -> Any:
    """A scalar through `CHAIN` multiplications and additions."""
    value = package.tensor(1.0, requires_grad=True)
    for _ in range(CHAIN // 2):
        value = value * 1.0001
        value = value + 0.1
    return value


def forward_time(package: Any) -> float:
    """Seconds a node to build the chain."""
    return timed(lambda: chain(package)) / CHAIN


def backward_time(package: Any) -> float:
    """Seconds a node to go back through it."""
    end = chain(package)
    return timed(end.backward) / CHAIN


def network(package: Any, sizes: tuple[int, ...], batch: int) -> Callable[[], None]:
    """One step of gradient descent for a network of tanh layers on a fixed batch."""

    def filled(*shape: int) -> Any:
        count = 1
        for size in shape:
            count *= size
        return (package.arange(count) % 7 / 7 - 0.4).reshape(shape)

    weights = [filled(a, b).requires_grad_() for a, b in pairwise(sizes)]
    biases = [package.zeros(b).requires_grad_() for b in sizes[1:]]
    inputs, targets = filled(batch, sizes[0]), filled(batch, sizes[-1])

    def step() -> None:
        value = inputs
        for index, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
            value = value @ weight + bias
            value = value if index == len(weights) - 1 else package.tanh(value)
        ((value - targets) ** 2).mean().backward()
        with package.no_grad():
            for parameter in (*weights, *biases):
                parameter -= 0.01 * parameter.grad
                parameter.grad = None

    return step


def step_time(package: Any, sizes: tuple[int, ...], batch: int, times: int) -> float:
    """Seconds a step of descent takes."""
    step = network(package, sizes, batch)
    step()
    return timed(step, times)


def import_time(name: str) -> float:
    """Seconds a fresh interpreter takes to import a package."""
    code = f"import time; t = time.perf_counter(); import {name}; print(time.perf_counter() - t)"
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    found = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, env=environment
    )
    return float(found.stdout)


MEASURES: dict[str, tuple[Callable[[Any], float], float, str]] = {
    "chain, forward": (forward_time, 1e6, "µs a node"),
    "chain, backward": (backward_time, 1e6, "µs a node"),
    "MLP 2-16-16-1, batch 32": (lambda p: step_time(p, (2, 16, 16, 1), 32, 200), 1e6, "µs a step"),
    "MLP 784-128-10, batch 128": (lambda p: step_time(p, (784, 128, 10), 128, 20), 1e6,
                                  "µs a step"),
    "import": (lambda p: import_time(p.__name__), 1e3, "ms"),
}  # fmt: skip


def peers() -> list[Any]:
    """The packages to measure: our own, and PyTorch where it is installed."""
    packages = [importlib.import_module("gradviz")]
    if importlib.util.find_spec("torch") is not None:
        torch = importlib.import_module("torch")
        torch.set_num_threads(1)
        packages.append(torch)
    return packages


def main() -> int:
    """Print every measure; 1 where the import is slower than its goal."""
    packages = peers()
    ours = 0.0
    for name, (measure, scale, unit) in MEASURES.items():
        times = [best(lambda p=p, m=measure: m(p)) for p in packages]
        ours = times[0]
        peer = f"   torch {times[1] * scale:9.2f}   ratio {ours / times[1]:5.2f}" * (len(times) > 1)
        print(f"{name:26} gradviz {ours * scale:9.2f}{peer}   {unit}")
    return int(ours > IMPORT_GOAL)


if __name__ == "__main__":
    sys.exit(main())
