"""Layout beside Graphviz's dot: seconds, and crossings of straight centre-to-centre lines.

Run as a script. The goals: 1,000 boxes in 0.15 s, 10,000 in 1 s, crossings at most 1.15 of dot's.
"""

import random
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable

from gradviz.layout import Box, Link, Placement, Point, place
from gradviz.layout.aligning import Placed
from gradviz.layout.framing import Thing, arrange
from gradviz.layout.keeping import place_near
from gradviz.layout.metrics import straight_crossings

Pairs = set[tuple[int, int]]
REPEATS = 5
GRAPHS_OF_A_KIND = 3
MOST_FOR_DOT = 1000


def layered(count: int, layers: int, seed: int) -> Pairs:
    """1.5 links a box between `layers` layers; spans are geometric, the other end is anywhere."""
    chance = random.Random(seed)
    layer = [chance.randrange(layers) for _ in range(count)]
    members: list[list[int]] = [[] for _ in range(layers)]
    for box, number in enumerate(layer):
        members[number].append(box)
    pairs: Pairs = set()
    while len(pairs) < 1.5 * count:
        source, span = chance.randrange(count), 1
        while chance.random() < 0.5:
            span += 1
        if layer[source] + span < layers and members[layer[source] + span]:
            pairs.add((source, chance.choice(members[layer[source] + span])))
    return pairs


def wide(count: int, seed: int) -> Pairs:
    """As many layers as boxes in a layer."""
    return layered(count, int(count**0.5), seed)


def deep(count: int, seed: int) -> Pairs:
    """Four boxes a layer."""
    return layered(count, count // 4, seed)


def expression(count: int, seed: int) -> Pairs:
    """Operations on one or two of the last dozen or so results."""
    chance = random.Random(seed)
    return {
        (max(0, box - 1 - int(chance.expovariate(1 / 12))), box)
        for box in range(1, count)
        if chance.random() > 0.3
        for _ in range(chance.choice((1, 2, 2)))
    }


def run_dot(dot: str, boxes: list[Box], links: list[Link]) -> dict[str, Point]:
    """Where dot puts the centres."""
    style = "rankdir=LR;node[shape=box,fixedsize=true,width=1.667,height=0.833];"
    nodes = "".join(f"{box.key};" for box in boxes)
    edges = "".join(f"{link.source}->{link.target};" for link in links)
    source = f"digraph{{{style}{nodes}{edges}}}"
    ran = subprocess.run([dot, "-Tplain"], input=source, capture_output=True, text=True, check=True)
    rows = [line.split() for line in ran.stdout.splitlines()]
    return {row[1]: (float(row[2]), float(row[3])) for row in rows if row[0] == "node"}


def timed(boxes: list[Box], links: list[Link]) -> tuple[Placement, float]:
    """The placement and the least of several times."""
    runs: list[tuple[Placement, float]] = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        placement = place(boxes, links)
        runs.append((placement, time.perf_counter() - start))
    return min(runs, key=lambda run: run[1])


def compare(make: Callable[[int, int], Pairs], count: int, dot: str | None) -> str:
    """One line of the table."""
    seconds: list[float] = []
    dot_seconds: list[float] = []
    ratios: list[float] = []
    for seed in range(GRAPHS_OF_A_KIND if count <= MOST_FOR_DOT else 1):
        boxes = [Box(str(box), 120, 60) for box in range(count)]
        links = [Link(str(source), str(target)) for source, target in sorted(make(count, seed))]
        placement, taken = timed(boxes, links)
        seconds.append(taken)
        if dot is not None and count <= MOST_FOR_DOT:
            start = time.perf_counter()
            centres = run_dot(dot, boxes, links)
            dot_seconds.append(time.perf_counter() - start)
            theirs = straight_crossings(centres, [Box(box.key, 0, 0) for box in boxes], links)
            ratios.append(straight_crossings(placement.positions, boxes, links) / max(theirs, 1))
    line = f"{make.__name__:<12}{count:>7}{statistics.mean(seconds):>10.3f} s"
    if not ratios:
        return line + "         -          -"
    return line + f"{statistics.mean(dot_seconds):>8.3f} s{statistics.mean(ratios):>11.2f}"


def again(make: Callable[[int, int], Pairs], count: int) -> str:
    """One line of the table of tidying again, after one link has gone."""
    boxes = [Box(str(box), 120, 60) for box in range(count)]
    links = [Link(str(source), str(target)) for source, target in sorted(make(count, 0))]
    before = place_near(boxes, links, {})
    left = links[: len(links) // 2] + links[len(links) // 2 + 1 :]
    seconds: list[float] = []
    after = before
    for _ in range(REPEATS):
        start = time.perf_counter()
        after = place_near(boxes, left, before)
        seconds.append(time.perf_counter() - start)
    moved = sum(after[key] != before[key] for key in before) / count
    return f"{make.__name__:<12}{count:>7}{min(seconds):>10.3f} s{moved:>9.1%}"


def framed(make: Callable[[int, int], Pairs], count: int, frames: int) -> str:
    """The same with every box in one of some frames, side by side."""
    pairs = sorted(make(count, 0))
    links = [Link(str(source), str(target)) for source, target in pairs]
    boxes = [Box(str(box), 120, 60) for box in range(count)]
    at = place(boxes, links).positions
    order = sorted(at, key=lambda key: at[key])
    inside = {key: f"frame {number * frames // count}" for number, key in enumerate(order)}
    things = [Thing(key, "card", Placed(*at[key], 120, 60), inside[key]) for key in at]
    things += [
        Thing(key, "frame", Placed(0, 0, 400, 300)) for key in dict.fromkeys(inside.values())
    ]
    found = arrange(things, links)
    tidy = [Thing(t.key, t.kind, found[t.key], t.parent) for t in things]
    start = time.perf_counter()
    after = arrange(tidy, links[1:])
    seconds = time.perf_counter() - start
    moved = sum(after[key][:2] != found[key][:2] for key in at) / count
    return f"{make.__name__:<12}{count:>7}{seconds:>10.3f} s{moved:>9.1%}   {frames} frames"


def main() -> None:
    """Print the tables."""
    dot = shutil.which("dot")
    print("kind          boxes     layout       dot  crossings / dot's")
    for make in (wide, deep, expression):
        for count in (100, 1000, 10_000):
            print(compare(make, count, dot), flush=True)
    print("tidied again after a link has gone, and boxes moved by it")
    for make in (wide, deep, expression):
        for count in (100, 1000, 10_000):
            print(again(make, count), flush=True)
        for count, frames in ((1000, 8), (10_000, 60)):
            print(framed(make, count, frames), flush=True)


if __name__ == "__main__":
    main()
