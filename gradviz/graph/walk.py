"""A backward pass over a graph, laid out so that any moment of it can be asked for.

The pass is run once through the engine's own iterator; forward, back, jump and scrub only move
an index over what it gave. A *moment* ``k`` is the state after ``k`` steps: 0 before the seed,
1 after the seed was placed, ``len(walk)`` at the end.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import zip_longest
from typing import Any, TypeVar

import numpy as np

from gradviz.autograd.backward import all_steps
from gradviz.autograd.record import Record
from gradviz.autograd.steps import Contribution, Step
from gradviz.graph.evaluate import FAILURES, Evaluation, equal_bits
from gradviz.graph.seeds import OneHot, Ones, Seed, SeedError, Weights, seed_array
from gradviz.numbers import shape_text
from gradviz.ops.spec import Array, Shape
from gradviz.tensor.tensor import Tensor

Place = TypeVar("Place")


class NoBackward(ValueError):
    """Why no backward pass can start from a node, in plain words."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One contribution: what a step sends along one wire.

    ``port`` is the input of the step's node, ``to`` the node it goes to and ``output`` which of
    that node's outputs. ``raw_shape`` is the shape before broadcasting was summed away.
    ``value`` is this contribution, ``accumulated`` the sum of all that was sent there so far,
    ``term`` which of the ``terms`` of that sum this is (counted from 1). Where the pass starts,
    the seed is in the sum but is no term.
    """

    port: int
    to: str
    raw_shape: Shape
    value: Array
    accumulated: Array
    term: int = 1
    terms: int = 1
    output: int = 0


@dataclass(frozen=True, slots=True)
class WalkStep:
    """One step as the graph sees it.

    ``kind``: ``seed`` (the pass starts at the output), ``node`` (a gradient passes through an
    operation) or ``leaf`` (it has arrived at a leaf, and lands in ``.grad``). ``upstreams`` are
    the gradients of the walk's output with respect to each of this node's outputs (None: none
    arrived), and ``upstream`` is the first there is, that of output ``output``. ``before`` is
    what a leaf's ``.grad`` held already, from earlier passes: the gradient is added to it.
    """

    index: int
    kind: str
    node: str
    upstream: Array
    sent: tuple[Sent, ...] = ()
    upstreams: tuple[Array | None, ...] = ()
    before: Array | None = None

    @property
    def landed(self) -> Array:
        """What a leaf's ``.grad`` holds after this step."""
        return self.upstream if self.before is None else self.before + self.upstream

    @property
    def output(self) -> int:
        """Which of the node's outputs ``upstream`` belongs to."""
        return next((i for i, g in enumerate(self.upstreams) if g is not None), 0)


@dataclass(frozen=True, eq=False)
class Walk:
    """A whole backward pass from ``output``; ``steps[0]`` is the seed.

    ``before`` is what the leaves' ``.grad`` held, by node, when it began: empty unless passes are
    repeated without ``zero_grad``. Passes are compared by identity, so what is worked out for
    one can be kept for it.
    """

    output: str
    steps: tuple[WalkStep, ...]
    before: Mapping[str, Array] = field(default_factory=dict[str, Array])

    def __len__(self) -> int:
        return len(self.steps)

    @cached_property
    def arrival(self) -> Mapping[str, int]:
        """The moment from which a node's gradient is complete: the index of its own step + 1.

        The output's is known from the seed on.
        """
        arrival = {s.node: s.index + 1 for s in reversed(self.steps)}
        arrival[self.output] = 1
        return arrival

    @cached_property
    def gradients(self) -> Mapping[str, Array]:
        """Each node's complete gradient."""
        return {s.node: s.upstream for s in self.steps}

    @cached_property
    def grads(self) -> Mapping[str, Array]:
        """What the leaves' ``.grad`` hold after the pass: the ``before`` of the next."""
        return {**self.before, **{s.node: s.landed for s in self.steps if s.kind == "leaf"}}

    def grad_at(self, node: str, moment: int) -> Array | None:
        """What a leaf's ``.grad`` holds at ``moment``; None where it is None."""
        own = self.own_steps.get(node)
        landed = own is not None and own.kind == "leaf" and own.index < moment
        return self.grads[node] if landed else self.before.get(node)

    @cached_property
    def travelled(self) -> Mapping[tuple[str, int], int]:
        """The moment from which a wire, as (target, port), has carried its contribution."""
        return {(s.node, c.port): s.index + 1 for s in self.steps for c in s.sent}

    @cached_property
    def contributions(self) -> Mapping[tuple[str, int], Sent]:
        """What each wire, as (target, port), carries."""
        return {(s.node, c.port): c for s in self.steps for c in s.sent}

    @cached_property
    def incoming(self) -> Mapping[str, tuple[tuple[WalkStep, Sent], ...]]:
        """The terms that reach each node, whichever output, in the order they arrive."""
        return grouped(self.steps, lambda sent: sent.to)

    @cached_property
    def sums(self) -> Mapping[tuple[str, int], tuple[tuple[WalkStep, Sent], ...]]:
        """The terms of the gradient of each node's each output, in the order they arrive."""
        return grouped(self.steps, lambda sent: (sent.to, sent.output))

    @cached_property
    def own_steps(self) -> Mapping[str, WalkStep]:
        """Each node's own step: that in which its gradient is complete and passes on."""
        return {s.node: s for s in self.steps if s.kind != "seed"}

    @cached_property
    def arrivals(self) -> Mapping[tuple[str, int], tuple[int, ...]]:
        """The indices of the steps that send the terms of :attr:`sums`, rising."""
        return {place: tuple(s.index for s, _ in t) for place, t in self.sums.items()}

    def terms(self, node: str, output: int = 0) -> tuple[tuple[WalkStep, Sent], ...]:
        """The terms that make up the gradient of a node's output."""
        return self.sums.get((node, output), ())

    def shown_output(self, node: str) -> int:
        """Which output of a node its gradient is shown for."""
        own = self.own_steps.get(node)
        return 0 if own is None else own.output

    def gradient_at(self, node: str, moment: int) -> Array | None:
        """A node's complete gradient if it is known at ``moment``, else None."""
        arrived = self.arrival.get(node)
        return self.gradients[node] if arrived is not None and arrived <= moment else None

    def partial_at(self, node: str, moment: int) -> Array | None:
        """What has been added up at a node so far; None before anything arrived."""
        if node == self.output:
            return self.gradient_at(node, moment)
        output = self.shown_output(node)
        count = bisect_left(self.arrivals.get((node, output), ()), moment)
        return self.sums[node, output][count - 1][1].accumulated if count else None

    def active(self, moment: int) -> WalkStep | None:
        """The step just taken at ``moment``; None before the first."""
        return self.steps[moment - 1] if 0 < moment <= len(self.steps) else None

    def moment_of(self, node: str) -> int | None:
        """The moment at which a node's own step has just been taken."""
        own = self.own_steps.get(node)
        if own is not None:
            return own.index + 1
        return 1 if node == self.output else None


def grouped(
    steps: Iterable[WalkStep], key: Callable[[Sent], Place]
) -> dict[Place, tuple[tuple[WalkStep, Sent], ...]]:
    """Contributions by where they go, in the order they are sent."""
    found: dict[Place, list[tuple[WalkStep, Sent]]] = {}
    for step in steps:
        for sent in step.sent:
            found.setdefault(key(sent), []).append((step, sent))
    return {place: tuple(terms) for place, terms in found.items()}


def walk_back(
    evaluation: Evaluation,
    output: str,
    seed: Array | Seed | None = None,
    before: Mapping[str, Array] | None = None,
) -> Walk:
    """Run the backward pass from node ``output``, any that needs a gradient, and lay it out.

    ``seed``: the gradient to start from, ones where it is left out and the output has a single
    element. ``before``: what leaves' ``.grad`` hold from earlier passes (:attr:`Walk.grads`),
    left out after ``zero_grad``. :class:`NoBackward` says why no pass can start.
    """
    start = checked_start(evaluation, output, seed)
    held = checked_before(evaluation, before or {})
    evaluation.record()
    value, name = evaluation.results[output].value, evaluation.graph.node(output).name
    try:
        taken = all_steps(value, Tensor.wrap(start))
    except FAILURES as problem:
        raise NoBackward(f"the pass from '{name}' stops on the way: {problem}") from problem
    seeding = WalkStep(0, "seed", output, start)
    return Walk(output, (seeding, *as_steps(evaluation, taken, held)), held)


def same_pass(first: Walk, second: Walk) -> bool:
    """Whether two passes take the same steps with the same numbers, to the last bit."""

    def shown(walk: Walk) -> Iterator[tuple[object, Array]]:
        for step in walk.steps:
            yield (step.kind, step.node), step.upstream
            for sent in step.sent:
                yield (sent.port, sent.to, sent.output), sent.value
                yield sent.raw_shape, sent.accumulated

    pairs = zip_longest(shown(first), shown(second), fillvalue=("", np.empty(0)))
    return all(a == b and equal_bits(g, h) for (a, g), (b, h) in pairs)


def checked_start(evaluation: Evaluation, output: str, seed: Array | Seed | None) -> Array:
    """The gradient a pass from ``output`` starts from; NoBackward where none can start there."""
    value = evaluation.value(output)
    name = evaluation.graph.node(output).name
    if value is None:
        raise NoBackward(f"'{name}' has no value, so nothing can flow back from it")
    if not value.dtype.is_floating_point:
        raise NoBackward(
            f"'{name}' has dtype {value.dtype.name}: only floating-point values have gradients"
        )
    if not value.requires_grad:
        raise NoBackward(f"nothing that requires a gradient leads to '{name}'")
    return start_of(value, name, seed)


def as_steps(
    evaluation: Evaluation, taken: Sequence[Step], before: Mapping[str, Array]
) -> list[WalkStep]:
    """An engine's steps in the graph's terms, each contribution numbered where it goes."""
    places = [[(owned(evaluation, c.to[0]), c.to[1]) for c in step.contributions] for step in taken]
    totals = Counter(place for goals in places for place in goals)
    seen = dict.fromkeys(totals, 0)
    found: list[WalkStep] = []
    for step, goals in zip(taken, places, strict=True):
        sent: list[Sent] = []
        for contribution, place in zip(step.contributions, goals, strict=True):
            seen[place] += 1
            sent.append(sent_of(contribution, place, seen[place], totals[place]))
        node = owned(evaluation, step.node)
        kind = "node" if isinstance(step.node, Record) else "leaf"
        shown = next(g for g in step.upstream if g is not None)
        held = before.get(node) if kind == "leaf" else None
        found.append(WalkStep(len(found) + 1, kind, node, shown, tuple(sent), step.upstream, held))
    return found


def owned(evaluation: Evaluation, tape_node: Any) -> str:
    """The id of the graph's node that a node of the tape belongs to."""
    found = evaluation.owner(tape_node)
    if found is None:
        raise NoBackward("the tape holds a record that belongs to no node of this graph")
    return found


def sent_of(contribution: Contribution, place: tuple[str, int], term: int, terms: int) -> Sent:
    """An engine's contribution in the graph's terms: which of how many goes to a place."""
    position, _, raw, value, accumulated = contribution
    total = np.asarray(accumulated)
    return Sent(position, place[0], np.shape(raw), value, total, term, terms, place[1])


def start_of(value: Tensor, name: str, seed: Array | Seed | None) -> Array:
    """The gradient a pass starts from, checked against the output's shape."""
    shape = value.array.shape
    if seed is None and value.array.size != 1:
        raise NoBackward(
            f"'{name}' has shape {shape_text(shape)}; backward starts from a single number, "
            "so choose an output with one element or give a seed"
        )
    if not isinstance(seed, (Ones, OneHot, Weights)):
        seed = Ones() if seed is None else Weights(seed)
    try:
        return seed_array(seed, shape, f"'{name}'").astype(value.array.dtype)
    except SeedError as problem:
        raise NoBackward(str(problem)) from None


def checked_before(evaluation: Evaluation, before: Mapping[str, Array]) -> Mapping[str, Array]:
    """What leaves hold from earlier passes, refused where it is not of their shape.

    A leaf that is no longer there takes what it held with it.
    """
    held = {i: g for i, g in before.items() if i in evaluation.graph.nodes}
    for node_id, gradient in held.items():
        value = evaluation.value(node_id)
        if value is None or value.array.shape != gradient.shape:
            raise NoBackward(
                f"'{evaluation.graph.node(node_id).name}' has changed its shape since its "
                "gradient was accumulated: zero_grad first"
            )
    return held
