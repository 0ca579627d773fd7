"""How a plan's cost grows: chains of numbers, widths of a network, points of a batch, with memory.

Run as a script. Each size is measured in a process of its own, whose peak of resident memory is
given beside what it was before the plan was made. ``--markdown`` prints tables for a page; no
goal is set here.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
from bench_plan import RATE, chain_graph, network_graph, taking_turns
from plan_peers import network_peers

from gradviz.plan import compile_plan
from gradviz.program import graph_from_source

CHAINS = (10, 100, 1_000, 10_000, 100_000)
WIDTHS = (8, 32, 128, 512, 2_048)
POINTS = (1, 16, 256, 4_096, 65_536)
SECONDS = 0.5
Found = dict[str, float]


def peak() -> float:
    """The most memory that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def chain(length: int) -> Found:
    """Loss and gradient of a chain: µs a node, and the processor's time to compile."""
    graph = chain_graph(length)
    before = peak()
    start = time.process_time()
    plan = compile_plan(graph)
    point = plan.point(None)
    plan.gradient(point)
    compiling = time.process_time() - start
    seconds = taking_turns({"plan": lambda: plan.gradient(point)}, SECONDS)["plan"]
    return {
        "a call, µs": seconds * 1e6, "a node, µs": seconds / length * 1e6,
        "compiling, ms": compiling * 1e3, "memory, MB": peak() - before,
    }  # fmt: skip


def network(width: int) -> Found:
    """A step of a network with one hidden layer, a batch of 64, beside NumPy by hand."""
    # A run too long is never left alone on a busy machine.
    sizes, batch, steps = (64, width, 10), 64, max(4, min(40, 5_000 // width))
    graph = network_graph(sizes, batch)
    by_hand = network_peers(sizes, batch, False)
    before = peak()
    plan = compile_plan(graph)
    works = {n: s for n, s in by_hand.items() if n in ("NumPy", "torch")}
    works["plan"] = lambda: plan.descend("SGD", {"lr": RATE}, steps, history=False)
    plan.descend("SGD", {"lr": RATE}, steps, history=False)
    memory = peak() - before
    found = taking_turns(works, SECONDS)
    shown = {n: s / (steps + 1 if n == "plan" else 1) * 1e6 for n, s in found.items()}
    columns = {f"{n}, µs": s for n, s in sorted(shown.items(), key=lambda p: p[0] != "plan")}
    return {**columns, "memory, MB": memory}


def points(count: int) -> Found:
    """Values and gradients of Rosenbrock's function at many points, and memory."""
    text = "".join(f"{n} = tensor(0.5, dtype=float64, requires_grad=True)\n" for n in "xy")
    before = peak()
    plan = compile_plan(graph_from_source(text + "J = (1 - x) ** 2 + 100 * (y - x ** 2) ** 2"))
    random = np.random.default_rng(0)
    given = {i: random.normal(size=count) for i in plan.parameters}
    works = {"values": lambda: plan.values(given), "gradients": lambda: plan.gradients(given)}
    found = taking_turns(works, SECONDS)
    shown = {f"{n}, µs": s * 1e6 for n, s in found.items()}
    each = found["gradients"] / count * 1e9
    return {**shown, "gradients a point, ns": each, "memory, MB": peak() - before}


CURVES: dict[str, tuple[Callable[[int], Found], tuple[int, ...], str]] = {
    "chain": (chain, CHAINS, "nodes"), "network": (network, WIDTHS, "width"),
    "points": (points, POINTS, "points"),
}  # fmt: skip


def alone(curve: str, size: int) -> Found:
    """A size measured in a process of its own."""
    command = [sys.executable, __file__, "--one", curve, str(size)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    """Print each curve as a table."""
    if "--one" in sys.argv:
        curve, size = sys.argv[2:]
        print(json.dumps(CURVES[curve][0](int(size))))
        return
    for curve, (measure, sizes, unit) in CURVES.items():
        print(f"\n{(measure.__doc__ or '').strip()}\n")
        for row, size in enumerate(sizes):
            found = alone(curve, size)
            if not row:
                print(f"| {unit} | {' | '.join(found)} |\n|{'---|' * (len(found) + 1)}")
            numbers = " | ".join(f"{v:.3g}" if v < 1000 else f"{v:,.0f}" for v in found.values())
            print(f"| {size:,} | {numbers} |", flush=True)


if __name__ == "__main__":
    main()
