"""The chain rule path by path: every way from the output back to a node, and what each brings.

A gradient is the sum, over all paths, of the product of the local derivatives along the path. Two
wires between the same two nodes (``x * x``) are two paths. Paths are counted without being
listed, since there may be more of them than there are atoms.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gradviz.explain.formulas import coloured, derivative, signed_tex, tex
from gradviz.explain.labels import label, labelled
from gradviz.explain.ledger import row_of
from gradviz.explain.meaning import port_name
from gradviz.explain.model import amount, scalar
from gradviz.explain.vjp import send_back
from gradviz.graph.document import Graph
from gradviz.graph.evaluate import Evaluation
from gradviz.graph.walk import Walk
from gradviz.ops.spec import Array

Place = tuple[str, int]
"""A node and one of its outputs."""
FEW = 12
"""Up to so many paths are written out by :func:`path_sum`."""
LONG = 8
"""The most factors that the formula of a path writes out."""


@dataclass(frozen=True, slots=True)
class Hop:
    """A wire as a gradient takes it: into ``node`` by its ``output``, out by its ``port``."""

    node: str
    output: int
    port: int


@dataclass(frozen=True, slots=True)
class Path:
    """A way from the output back to ``end``, wire by wire; no hops where it is the output."""

    end: str
    hops: tuple[Hop, ...]

    def __len__(self) -> int:
        return len(self.hops)

    @property
    def nodes(self) -> tuple[str, ...]:
        """The nodes on the way, in the direction of the values: ``end`` first, the output last."""
        return (self.end, *(hop.node for hop in reversed(self.hops)))

    @property
    def wires(self) -> frozenset[tuple[str, int]]:
        """The wires on the way, as (target, port)."""
        return frozenset((hop.node, hop.port) for hop in self.hops)


class Paths:
    """The paths of one pass; ask :meth:`count` before :meth:`between`."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk

    def count(self, node: str) -> int:
        """How many paths lead from the output back to ``node``; 1 at the output itself."""
        return self.counts.get((node, self.walk.shown_output(node)), 0)

    @cached_property
    def counts(self) -> dict[Place, int]:
        """How many paths lead to each place."""
        found: dict[Place, int] = {(self.walk.output, 0): 1}
        for step in self.walk.steps:
            here = sum(found.get(place, 0) for place in self.entries(step.node))
            for sent in step.sent:
                place = (sent.to, sent.output)
                found[place] = found.get(place, 0) + here
        return found

    @cached_property
    def lengths(self) -> dict[Place, int]:
        """Which lengths of paths to each place there are: bit ``n`` stands for ``n`` wires."""
        found: dict[Place, int] = {(self.walk.output, 0): 1}
        for step in self.walk.steps:
            here = 0
            for place in self.entries(step.node):
                here |= found.get(place, 0)
            for sent in step.sent:
                place = (sent.to, sent.output)
                found[place] = found.get(place, 0) | here << 1
        return found

    def entries(self, node: str) -> Iterator[Place]:
        """The outputs of a node by which a gradient came in."""
        own = self.walk.own_steps.get(node)
        if own is not None:
            yield from ((node, i) for i, g in enumerate(own.upstreams) if g is not None)

    def between(self, node: str) -> Iterator[Path]:
        """The paths from the output back to ``node``, the shortest first, found as asked for."""
        place = (node, self.walk.shown_output(node))
        lengths = self.lengths.get(place, 0)
        for length in range(lengths.bit_length()):
            if lengths >> length & 1:
                yield from self.of_length(place, length)

    def of_length(self, place: Place, length: int) -> Iterator[Path]:
        """The paths to ``place`` of just so many wires; no way is tried that does not arrive."""
        hops: list[Hop] = []
        stack = [self.towards_output(place, length)]
        if not length:
            yield Path(place[0], ())
            return
        while stack:
            hop = next(stack[-1], None)
            if hop is None:
                stack.pop()
                if hops:
                    hops.pop()
                continue
            hops.append(hop)
            if len(hops) == length:
                yield Path(place[0], tuple(reversed(hops)))
                hops.pop()
            else:
                stack.append(self.towards_output((hop.node, hop.output), length - len(hops)))

    def towards_output(self, place: Place, left: int) -> Iterator[Hop]:
        """The wires out of ``place`` from which the output is ``left - 1`` wires away."""
        for step, sent in self.walk.sums.get(place, ()):
            for node, output in self.entries(step.node):
                if self.lengths.get((node, output), 0) >> left - 1 & 1:
                    yield Hop(node, output, sent.port)


# what a path brings ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Factor:
    """One wire of a path: the local derivative there, and the product up to here.

    ``local`` is the derivative where the rule is a product element by element (None: ``symbol``
    is the whole rule). ``formula`` is ``∂node/∂to`` as an equation. ``product`` has ``to``'s shape.
    """

    node: str
    port: int
    to: str
    symbol: str
    formula: str
    local: Array | None
    product: Array


@dataclass(frozen=True, slots=True)
class PathProduct:
    """What one path contributes to a gradient: the seed times every local derivative on the way."""

    path: Path
    factors: tuple[Factor, ...]
    value: Array
    formula: str
    text: str


@dataclass(frozen=True, slots=True)
class PathSum:
    """A gradient as the sum over its ``count`` paths, written out where they are few.

    ``total`` is the sum of the ``products`` (None where they are too many to list).
    """

    node: str
    count: int
    products: tuple[PathProduct, ...]
    total: Array | None
    gradient: Array
    formula: str
    text: str


def path_product(evaluation: Evaluation, walk: Walk, path: Path) -> PathProduct:
    """The chain-rule product along one path, tensors sent back along it alone."""
    carried = walk.steps[0].upstream
    factors: list[Factor] = []
    for hop in path.hops:
        carried = send_back(evaluation, hop.node, hop.output, carried, hop.port)
        factors.append(factor_at(evaluation, walk, hop, carried))
    shown = tuple(factors)
    return PathProduct(
        path, shown, carried, product_formula(evaluation.graph, walk, path, shown, carried),
        product_text(walk, shown, carried),
    )  # fmt: skip


def factor_at(evaluation: Evaluation, walk: Walk, hop: Hop, product: Array) -> Factor:
    """The local derivative on one wire."""
    step = walk.own_steps[hop.node]
    sent = walk.contributions[hop.node, hop.port]
    name = label(evaluation.graph, sent.to)
    row = row_of(evaluation, walk, step, name, sent)
    return Factor(hop.node, hop.port, sent.to, row.symbol, row.local_formula, row.local, product)


def product_formula(
    graph: Graph, walk: Walk, path: Path, factors: tuple[Factor, ...], value: Array
) -> str:
    """``∂J/∂a · ∂a/∂x``, with the numbers put in where all are single ones."""
    left = derivative(graph, walk.output, path.end)
    if not factors:
        return f"{left} = {coloured(tex(value), 'grad')}"
    symbols = [coloured(derivative(graph, f.node, f.to), "val") for f in factors]
    text = r" \cdot ".join(shortened(symbols, r"\cdots"))
    if (numbers := single_numbers(walk, factors)) is not None:
        shown = [signed_tex(n, "val") for n in numbers]
        text += " = " + r" \cdot ".join(shortened(shown, r"\cdots"))
    return f"{text} = {coloured(tex(value), 'grad')}"


def product_text(walk: Walk, factors: tuple[Factor, ...], value: Array) -> str:
    """The numbers multiplied along a path; what comes of them where they are tensors."""
    numbers = single_numbers(walk, factors)
    if numbers is None:
        return amount(value)
    first, *others = numbers if numbers else [walk.steps[0].upstream]
    shown = [amount(first), *(f"({amount(n)})" if n.item() < 0 else amount(n) for n in others)]
    text = " × ".join(shortened(shown, "…"))
    return f"{text} = {amount(value)}" if others else amount(value)


def single_numbers(walk: Walk, factors: tuple[Factor, ...]) -> list[Array] | None:
    """The seed (where it is not one) and the local derivatives, if each is one number."""
    seed = walk.steps[0].upstream
    if not scalar(seed):
        return None
    numbers: list[Array] = [] if seed.item() == 1 else [seed]
    for factor in factors:
        if factor.local is None or not scalar(factor.local) or not scalar(factor.product):
            return None
        numbers.append(factor.local)
    return numbers


def shortened(parts: list[str], dots: str) -> list[str]:
    """Parts of a product, those in the middle as dots where there are many."""
    half = LONG // 2
    return parts if len(parts) <= LONG else [*parts[:half], dots, *parts[-half:]]


def path_text(graph: Graph, path: Path) -> str:
    """A path in names, from the node to the output: ``x → x² → J``.

    Where a node reads the one before it more than once, the input by which is said.
    """
    text = label(graph, path.end)
    before = path.end
    for hop in reversed(path.hops):
        node = graph.node(hop.node)
        wires = [w for w in graph.inputs(hop.node).values() if w.source == before]
        by = f" (by {port_name(node, hop.port)})" if len(wires) > 1 else ""
        text += f" → {label(graph, hop.node)}{by}"
        before = hop.node
    return text


def path_sum(evaluation: Evaluation, walk: Walk, node: str, most: int = FEW) -> PathSum | None:
    """A node's gradient as a sum over paths, listed with their products up to ``most`` of them.

    None where the pass does not reach the node.
    """
    paths = Paths(walk)
    count = paths.count(node)
    gradient = walk.gradients.get(node)
    if not count or gradient is None:
        return None
    listed = tuple(paths.between(node)) if count <= most else ()
    products = tuple(path_product(evaluation, walk, path) for path in listed)
    total = None if not products else np.asarray(sum(p.value for p in products))
    name = labelled(evaluation.graph, node).text
    return PathSum(
        node, count, products, total, gradient,
        sum_formula(evaluation.graph, walk, node, count, products, gradient),
        sum_text(name, label(evaluation.graph, walk.output), count, products, gradient),
    )  # fmt: skip


def sum_formula(
    graph: Graph, walk: Walk, node: str, count: int, products: tuple[PathProduct, ...], total: Array
) -> str:
    """The gradient as the sum over all paths of the products along them."""
    left = derivative(graph, walk.output, node)
    rule = r"\sum_{\mathrm{paths}} \; \prod_{\mathrm{wires}} \; \mathrm{local}"
    text = f"{left} = {rule}"
    if count > 1 and products and scalar(total):
        text += " = " + " + ".join(signed_tex(p.value) for p in products)
    return f"{text} = {coloured(tex(total), 'grad')}"


def sum_text(
    name: str, loss: str, count: int, products: tuple[PathProduct, ...], total: Array
) -> str:
    """How many paths there are, and what they add up to."""
    if count == 1:
        return f"One path leads from {loss} back to {name}; it brings {amount(total)}."
    text = f"{count_text(count)} paths lead from {loss} back to {name}; their products add up to "
    if products and scalar(total):
        first, *others = [p.value for p in products]
        terms = [amount(first), *(f"({amount(v)})" if v.item() < 0 else amount(v) for v in others)]
        text += f"{' + '.join(terms)} = "
    return f"{text}{amount(total)}."


def count_text(count: int) -> str:
    """A number of paths to read: ``1,024``; of a very large one the power of ten."""
    if count < 10**12:
        return f"{count:,}"
    return f"about 10^{len(str(count)) - 1}"
