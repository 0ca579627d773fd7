"""The eager engine beside PyTorch, in one run: scalars, networks, a convolution, the import.

Run as a script. The goals are PyTorch's own times (for a convolution four times that), measured in
turns with ours on one thread each, so that a busy machine slows both; they are open where PyTorch
is not installed. Each row ends with its goal, and whether it was met; 1 where one was missed.
"""

import importlib
import importlib.util
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

CHAIN = 10_000
LONG_CHAIN = 100_000
ROUNDS = 25
IMPORT_GOAL = 0.25

Work = Callable[[], object]


@dataclass(frozen=True)
class Row:
    """A measure: our seconds, PyTorch's (None where it is not installed), and the goal."""

    name: str
    ours: float
    torch: float | None
    goal: float | None
    scale: float
    unit: str

    @property
    def met(self) -> bool:
        return self.goal is None or self.ours <= self.goal

    def __str__(self) -> str:
        text = f"{self.name:44} {self.ours * self.scale:9.2f} {self.unit:9}"
        if self.goal is None:
            return text
        text += f" goal {self.goal * self.scale:9.2f} {'met' if self.met else 'MISSED':6}"
        if self.torch is None:
            return text
        return f"{text} torch {self.torch * self.scale:9.2f} ratio {self.ours / self.torch:5.2f}"


def timed(work: Work, times: int = 1) -> float:
    """Seconds for one go, as the mean over several."""
    start = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - start) / times


def in_turns(works: list[Work], times: int, rounds: int = ROUNDS) -> list[float]:
    """Seconds for one go of each: the shortest mean, which other programs disturbed least."""
    for work in works:
        work()
    found = [[timed(work, times) for work in works] for _ in range(rounds)]
    return [min(column) for column in zip(*found, strict=True)]


def beside(
    name: str, make: Callable[[Any], Work], times: int, *, per: int = 1, factor: float = 1.0,
    rounds: int = ROUNDS, unit: str = "µs",
) -> Row:  # fmt: skip
    """A row of what ``make`` gives for each package; ``factor``: of PyTorch's time is the goal."""
    seconds = [s / per for s in in_turns([make(p) for p in packages()], times, rounds)]
    torch = seconds[1] if len(seconds) > 1 else None
    return Row(name, seconds[0], torch, torch and torch * factor, 1e6, unit)


def packages() -> list[Any]:
    """The packages to measure: our own, and PyTorch where it is installed."""
    found = [importlib.import_module("gradviz")]
    if importlib.util.find_spec("torch") is not None:
        torch = importlib.import_module("torch")
        torch.set_num_threads(1)
        found.append(torch)
    return found


def chain(length: int) -> Callable[[Any], Work]:
    """A scalar through multiplications and additions, and back."""

    def make(package: Any) -> Work:
        def work() -> None:
            value = start = package.tensor(1.0, requires_grad=True)
            for _ in range(length // 2):
                value = value * 1.0001
                value = value + 0.1
            value.backward()
            assert start.grad is not None

        return work

    return make


def training(sizes: tuple[int, ...], batch: int) -> Callable[[Any], Work]:
    """A training step: tanh layers against numbers, or relu layers against classes."""
    numbers = sizes[-1] == 1

    def make(package: Any) -> Work:
        nn = package.nn
        package.manual_seed(0)
        layers = [part for a, b in pairwise(sizes)
                  for part in (nn.Linear(a, b), nn.Tanh() if numbers else nn.ReLU())]  # fmt: skip
        model = nn.Sequential(*layers[:-1])
        inputs = package.randn(batch, sizes[0])
        target = package.randn(batch, 1) if numbers else package.randint(0, sizes[-1], (batch,))
        criterion = nn.MSELoss() if numbers else nn.CrossEntropyLoss()
        optimizer = package.optim.SGD(model.parameters(), lr=0.01)

        def step() -> None:
            loss = criterion(model(inputs), target)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

        return step

    return make


def by_hand(sizes: tuple[int, ...], batch: int) -> Callable[[Any], Work]:
    """A training step written in operations on tensors, without layers or an optimizer."""

    def make(package: Any) -> Work:
        package.manual_seed(0)
        weights = [(package.randn(a, b) / a**0.5).requires_grad_() for a, b in pairwise(sizes)]
        biases = [package.zeros(b, requires_grad=True) for b in sizes[1:]]
        inputs, target = package.randn(batch, sizes[0]), package.randn(batch, sizes[-1])

        def step() -> None:
            value = inputs
            for index, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
                value = value @ weight + bias
                value = value if index == len(weights) - 1 else package.tanh(value)
            ((value - target) ** 2).mean().backward()
            with package.no_grad():
                for parameter in (*weights, *biases):
                    parameter -= 0.01 * parameter.grad
                    parameter.grad = None

        return step

    return make


def convolution(package: Any) -> Work:
    """A convolution of small images, and back."""
    package.manual_seed(0)
    images = package.randn(8, 16, 32, 32, requires_grad=True)
    kernels = package.randn(16, 16, 3, 3, requires_grad=True)
    convolve = package.nn.functional.conv2d

    def work() -> None:
        images.grad = kernels.grad = None
        convolve(images, kernels, padding=1).sum().backward()

    return work


def import_row() -> Row:
    """A fresh interpreter's import of the package: the median of several."""
    code = "import time; t = time.perf_counter(); import gradviz; print(time.perf_counter() - t)"
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    found = [
        float(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True,
                             text=True, env=kept).stdout)
        for _ in range(7)
    ]  # fmt: skip
    return Row("import gradviz", sorted(found)[3], None, IMPORT_GOAL, 1e3, "ms")


SMALL, LARGE = ((2, 16, 16, 1), 32), ((784, 128, 10), 128)
MEASURES: tuple[Callable[[], Row], ...] = (
    lambda: beside("10,000 scalars, there and back", chain(CHAIN), 1, per=CHAIN, rounds=9,
                   unit="µs a node"),
    lambda: beside("100,000 scalars, there and back", chain(LONG_CHAIN), 1, per=LONG_CHAIN,
                   rounds=2, unit="µs a node"),
    lambda: beside("training 2-16-16-1, batch 32", training(*SMALL), 100),
    lambda: beside("training 784-128-10, batch 128", training(*LARGE), 20),
    lambda: beside("the same by hand, 2-16-16-1", by_hand(*SMALL), 100),
    lambda: beside("the same by hand, 784-128-10", by_hand(*LARGE), 20),
    lambda: beside("conv2d 8×16×32×32, 3×3 kernels, and back", convolution, 5, factor=4.0),
    import_row,
)  # fmt: skip


def main() -> int:
    """Print every measure beside its goal; 1 where one was missed."""
    missed = False
    for measure in MEASURES:
        row = measure()
        print(row, flush=True)
        missed |= not row.met
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
