"""How large gradients are over a whole pass: for wires drawn by magnitude, and depth as a plot.

Magnitudes span many powers of ten, so a :class:`Scale` is logarithmic. A layer is what stands
between two operations that mix (products of matrices, convolutions): its number is how many of
them lie between it and the leaves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10

import numpy as np

from gradviz.graph.document import Graph, Node
from gradviz.graph.evaluate import Evaluation
from gradviz.graph.walk import Walk
from gradviz.numbers import MINUS, short
from gradviz.ops.spec import Array

MIXING = frozenset(("Linear algebra", "Convolution"))
FAR = 1e3
"""From which ratio between the ends of a network its gradients count as vanishing or exploding."""
WIDEST = 12
"""The most powers of ten a scale shows; what is smaller is drawn as its low end."""


def magnitude(array: Array) -> float:
    """The root mean square of the elements: a size that does not grow with their number.

    nan or inf where an element is; 0 for a tensor without elements.
    """
    values = np.asarray(array, np.float64)
    if not values.size:
        return 0.0
    with np.errstate(over="ignore", invalid="ignore"):
        largest = float(np.max(np.abs(values)))
        if not isfinite(largest) or largest == 0:
            return largest
        return largest * float(np.sqrt(np.mean(np.square(values / largest))))


@dataclass(frozen=True, slots=True)
class Scale:
    """Powers of ten from ``low`` to ``high``."""

    low: int
    high: int

    def at(self, size: float) -> float | None:
        """Where a magnitude lies, from 0 to 1; None for 0, nan and inf, which have no place."""
        if not isfinite(size) or size <= 0:
            return None
        place = (log10(size) - self.low) / max(1, self.high - self.low)
        return min(1.0, max(0.0, place))

    @property
    def ticks(self) -> tuple[tuple[float, str], ...]:
        """Places and texts for a legend, five at the most."""
        count = self.high - self.low
        step = max(1, ceil(count / 4))
        exponents = range(self.low, self.high + 1, step)
        return tuple(((e - self.low) / max(1, count), power_of_ten(e)) for e in exponents)


def power_of_ten(exponent: int) -> str:
    """``1e−3``; 1 and 10 as they are."""
    if exponent in (0, 1):
        return str(10**exponent)
    return f"1e{exponent}".replace("-", MINUS)


def scale_of(sizes: Iterable[float]) -> Scale:
    """The scale that holds these magnitudes."""
    proper = [log10(s) for s in sizes if isfinite(s) and s > 0]
    if not proper:
        return Scale(-1, 1)
    high = ceil(max(proper))
    low = max(floor(min(proper)), high - WIDEST)
    return Scale(low, high) if low < high else Scale(low - 1, high)


@dataclass(frozen=True, slots=True)
class Magnitudes:
    """The sizes in a pass: of nodes' gradients, and of what wires, as (target, port), carry."""

    nodes: Mapping[str, float]
    wires: Mapping[tuple[str, int], float]
    scale: Scale


def magnitudes(walk: Walk) -> Magnitudes:
    """How large every gradient of a pass is."""
    nodes = {i: magnitude(g) for i, g in walk.gradients.items()}
    wires = {place: magnitude(sent.value) for place, sent in walk.contributions.items()}
    return Magnitudes(nodes, wires, scale_of([*nodes.values(), *wires.values()]))


# depth -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer: its nodes, and the sizes of its values, their gradients and its weights'."""

    number: int
    nodes: tuple[str, ...]
    value: float
    gradient: float
    weights: float | None


@dataclass(frozen=True, slots=True)
class Depth:
    """Gradients by layer, from the leaves to the output, and what they do on the way back."""

    layers: tuple[Layer, ...]
    verdict: str


def depth(evaluation: Evaluation, walk: Walk) -> Depth:
    """The sizes of gradients along the depth of a graph."""
    graph = evaluation.graph
    numbers = layer_numbers(graph, walk)
    members: dict[int, list[Node]] = {}
    for node_id in graph.order():
        if node_id in numbers and node_id in walk.gradients and graph.node(node_id).spec.ports:
            members.setdefault(numbers[node_id], []).append(graph.node(node_id))
    layers = tuple(layer(evaluation, walk, n, members[n]) for n in sorted(members))
    return Depth(layers, verdict(layers))


def layer_numbers(graph: Graph, walk: Walk) -> dict[str, int]:
    """How many mixing operations lie between each node and the leaves, itself counted."""
    needed = graph.upstream([walk.output])
    found: dict[str, int] = {}
    for node_id in graph.order():
        if node_id in needed:
            before = max((found[w.source] for w in graph.inputs(node_id).values()), default=0)
            found[node_id] = before + (graph.node(node_id).spec.family in MIXING)
    return found


def layer(evaluation: Evaluation, walk: Walk, number: int, nodes: list[Node]) -> Layer:
    """One layer's sizes."""
    graph = evaluation.graph
    values = [evaluation.results[n.id].value.array for n in nodes]
    read = (w.source for n in nodes for w in graph.inputs(n.id).values())
    leaves = [i for i in dict.fromkeys(read) if graph.node(i).is_parameter and i in walk.gradients]
    weights = [walk.gradients[i] for i in leaves]
    return Layer(
        number, tuple(n.id for n in nodes), together(values),
        together([walk.gradients[n.id] for n in nodes]), together(weights) if weights else None,
    )  # fmt: skip


def together(arrays: list[Array]) -> float:
    """The root mean square over all elements of several tensors."""
    counts = [np.size(a) for a in arrays]
    total = sum(magnitude(a) ** 2 * n for a, n in zip(arrays, counts, strict=True))
    return float(np.sqrt(total / max(1, sum(counts))))


def verdict(layers: tuple[Layer, ...]) -> str:
    """Whether gradients vanish or explode on their way to the first layer, in a sentence."""
    if len(layers) < 3:
        return "Too few layers for gradients to vanish or explode along them."
    first, last = layers[0].gradient, layers[-1].gradient
    if not (isfinite(first) and isfinite(last)):
        return "Some gradients are nan or infinite."
    if first == 0 or last == 0:
        return "No gradient at all reaches the first layer." if last else "The gradient is zero."
    if last / first > FAR:
        times = short(last / first)
        return f"Gradients vanish: the first layer’s are {times} times smaller than the last’s."
    if first / last > FAR:
        times = short(first / last)
        return f"Gradients explode: the first layer’s are {times} times larger than the last’s."
    return "Gradients keep their size along the depth, within a factor of a thousand."
