"""What comparing many runners costs: basins, critical points, a sweep and a map of two settings.

Run as a script. For each test function the processor's time is told, the least of three runs: the
goal is a second for basins of 128² starts and 200 steps, which one more table holds for each
optimizer that many runners can share.
"""

import sys
from collections.abc import Callable
from time import process_time

import numpy as np

from gradviz.bundled import bundled
from gradviz.descent import Descent, parse_runner, prepare_descent
from gradviz.descent.basins import basins
from gradviz.descent.critical import critical_points
from gradviz.descent.phase import phase_map
from gradviz.descent.swarm import sweep
from gradviz.files import load

GOAL = 1.0
FUNCTIONS = (
    "bowl", "ill_conditioned_bowl", "saddle", "monkey_saddle", "rosenbrock", "himmelblau", "beale",
    "booth", "goldstein_price", "rastrigin", "ackley", "styblinski_tang", "mccormick",
    "three_hump_camel", "six_hump_camel", "easom", "eggholder", "cliff",
)  # fmt: skip
RUNNERS = (
    "SGD lr=0.001", "SGD lr=0.001 momentum=0.9", "Adam lr=0.1", "RMSprop lr=0.01", "Adagrad lr=0.5",
    "Rprop", "NAdam lr=0.05",
)  # fmt: skip


def least(work: Callable[[], object], times: int = 3) -> float:
    """The processor's seconds for a piece of work, the least of a few runs."""
    spent: list[float] = []
    for _ in range(times):
        begin = process_time()
        work()
        spent.append(process_time() - begin)
    return min(spent)


def prepared(name: str) -> Descent:
    """A sample, ready to run."""
    return prepare_descent(load(bundled("samples") / f"{name}.gradviz"))


def basin_seconds(descent: Descent, runner: str) -> float:
    """What a map of 128² starts and 200 steps takes."""
    assert descent.ranges is not None, "the functions have two parameters"
    given = (descent.objective, parse_runner(runner), descent.axes, descent.ranges)
    return least(lambda: basins(*given))


def row(name: str) -> tuple[float, float, float, float]:
    """Seconds for basins, critical points, 20 learning rates, and 24 × 24 pairs of settings."""
    descent = prepared(name)
    assert descent.ranges is not None, "the functions have two parameters"
    objective, axes, ranges = descent.objective, descent.axes, descent.ranges
    steps, sgd = descent.settings.steps, parse_runner("SGD")
    rates, momenta = np.geomspace(1e-4, 1, 24), np.linspace(0, 0.99, 24)
    return (
        basin_seconds(descent, "SGD lr=0.001 momentum=0.9"),
        least(lambda: critical_points(objective, axes, ranges), 1),
        least(lambda: sweep(objective, sgd, "lr", list(np.geomspace(1e-4, 1, 20)), steps)),
        least(lambda: phase_map(objective, sgd, ("lr", "momentum"),
                                (list(rates), list(momenta)), steps), 1),
    )  # fmt: skip


def main() -> int:
    """Print both tables; 1 where basins took longer than the goal."""
    slowest = 0.0
    print(f"{'processor s':24}{'basins':>9}{'critical':>10}{'sweep 20':>10}{'phase 24²':>11}")
    for name in FUNCTIONS:
        found = row(name)
        slowest = max(slowest, found[0])
        print(f"{name:24}{found[0]:9.3f}{found[1]:10.3f}{found[2]:10.3f}{found[3]:11.3f}")
    print(f"\n{'basins of himmelblau':32}{'processor s':>12}")
    himmelblau = prepared("himmelblau")
    for runner in RUNNERS:
        seconds = basin_seconds(himmelblau, runner)
        slowest = max(slowest, seconds)
        print(f"{runner:32}{seconds:12.3f}")
    print(f"\nthe slowest basin map took {slowest:.3f} s; the goal is {GOAL:g} s")
    return int(slowest > GOAL)


if __name__ == "__main__":
    sys.exit(main())
