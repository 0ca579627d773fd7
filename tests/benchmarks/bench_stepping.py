"""Asking about every node at one moment of a backward pass, as the canvas does at each step.

Run as a script. The goal: 16 ms at 1,000 nodes, also where one leaf is used by half of them; and
the same for finding the next stop.
"""

import sys
import time

from gradviz.graph import Evaluation, Graph, next_stop, parse_stop, previous_stop
from gradviz.graph.walk import Walk, walk_back
from gradviz.program import graph_from_source

GOAL = 0.016
MOMENTS = 20


def chain(count: int) -> str:
    """One value through so many operations."""
    return "\n".join(f"v{i} = sin(v{i - 1})" for i in range(1, count)).replace("v0", "x")


def fan_out(count: int) -> str:
    """One leaf that half of the operations read."""
    parts = (f"p{i} = square(x)\ns{i} = s{i - 1} + p{i}" for i in range(1, count // 2))
    return "\n".join(parts).replace("s0 ", "x ")


def asked(walk: Walk, nodes: tuple[str, ...], moment: int) -> float:
    """Seconds to ask all that is shown of every node."""
    start = time.perf_counter()
    for node in nodes:
        walk.gradient_at(node, moment)
        walk.partial_at(node, moment)
        walk.moment_of(node)
    return time.perf_counter() - start


def halted(graph: Graph, walk: Walk, first: str) -> float:
    """Seconds to find the next stop from the start and the one before the end, nothing cached."""
    texts = ("|grad| > 1e9", "nan", f"{first} changes", f"at {first}")
    stops = [parse_stop(graph, text) for text in texts]
    fresh = Walk(walk.output, walk.steps)
    start = time.perf_counter()
    next_stop(graph, fresh, 0, stops)
    previous_stop(graph, fresh, len(walk), stops)
    return time.perf_counter() - start


def measure(name: str, text: str) -> float:
    """Print a line for one graph; the seconds of its slowest moment, at the best of three goes."""
    graph = graph_from_source("x = tensor(0.5, requires_grad=True)\n" + text)
    output, nodes = graph.output(), tuple(graph.nodes)
    assert output is not None, "a graph with nodes has an output"
    start = time.perf_counter()
    walk = walk_back(Evaluation(graph), output)
    ready = time.perf_counter() - start
    moments = range(0, len(walk) + 1, max(len(walk) // MOMENTS, 1))
    slowest = max(min(asked(walk, nodes, moment) for _ in range(3)) for moment in moments)
    stops = min(halted(graph, walk, "x") for _ in range(3))
    print(f"{name:<10}{len(nodes):>7} nodes   evaluate and walk {ready * 1e3:8.1f} ms"
          f"   a moment {slowest * 1e3:6.2f} ms   stops {stops * 1e3:6.2f} ms")  # fmt: skip
    return max(slowest, stops)


def main() -> int:
    """Print the table; 1 where a moment at 1,000 nodes takes longer than its goal."""
    times = [measure("chain", chain(1000)), measure("fan-out", fan_out(1000))]
    return int(max(times) > GOAL)


if __name__ == "__main__":
    sys.exit(main())
