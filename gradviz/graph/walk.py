"""A backward pass over a graph, laid out so that any moment of it can be asked for.

The pass is run once through the engine's own iterator; forward, back, jump and scrub only move
an index over what it gave. A *moment* ``k`` is the state after ``k`` steps: 0 before the seed,
1 after the seed was placed, ``len(walk)`` at the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from gradviz.autograd.backward import steps
from gradviz.autograd.record import Record
from gradviz.graph.evaluate import Evaluation
from gradviz.ops.spec import Array, Shape
from gradviz.tensor.tensor import Tensor


class NoBackward(ValueError):
    """Why no backward pass can start from a node, in plain words."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One contribution: what a step sends along one wire.

    ``port`` is the input of the step's node, ``to`` the node it goes to. ``raw_shape`` is the
    shape before broadcasting was summed away. ``value`` is this contribution, ``accumulated``
    the sum of all that ``to`` has been sent so far, ``term`` which of the ``terms`` of that sum
    this is (counted from 1).
    """

    port: int
    to: str
    raw_shape: Shape
    value: Array
    accumulated: Array
    term: int = 1
    terms: int = 1


@dataclass(frozen=True, slots=True)
class WalkStep:
    """One step as the graph sees it.

    ``kind``: ``seed`` (the pass starts at the output), ``node`` (a gradient passes through an
    operation) or ``leaf`` (it has arrived at a leaf, and lands in ``.grad``). ``upstream`` is
    the gradient of the walk's output with respect to this node's first output.
    """

    index: int
    kind: str
    node: str
    upstream: Array
    sent: tuple[Sent, ...] = ()
    upstreams: tuple[Array | None, ...] = ()


@dataclass(frozen=True)
class Walk:
    """A whole backward pass from ``output``; ``steps[0]`` is the seed."""

    output: str
    steps: tuple[WalkStep, ...]

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
    def travelled(self) -> Mapping[tuple[str, int], int]:
        """The moment from which a wire, as (target, port), has carried its contribution."""
        return {(s.node, c.port): s.index + 1 for s in self.steps for c in s.sent}

    @cached_property
    def contributions(self) -> Mapping[tuple[str, int], Sent]:
        """What each wire, as (target, port), carries."""
        return {(s.node, c.port): c for s in self.steps for c in s.sent}

    @cached_property
    def incoming(self) -> Mapping[str, tuple[tuple[WalkStep, Sent], ...]]:
        """The terms that make up each node's gradient, in the order they arrive."""
        found: dict[str, list[tuple[WalkStep, Sent]]] = {}
        for step in self.steps:
            for sent in step.sent:
                found.setdefault(sent.to, []).append((step, sent))
        return {node: tuple(terms) for node, terms in found.items()}

    def gradient_at(self, node: str, moment: int) -> Array | None:
        """A node's complete gradient if it is known at ``moment``, else None."""
        arrived = self.arrival.get(node)
        return self.gradients[node] if arrived is not None and arrived <= moment else None

    def partial_at(self, node: str, moment: int) -> Array | None:
        """What has been added up at a node so far; None before anything arrived."""
        if node == self.output:
            return self.gradient_at(node, moment)
        known = [c.accumulated for s, c in self.incoming.get(node, ()) if s.index < moment]
        return known[-1] if known else None

    def active(self, moment: int) -> WalkStep | None:
        """The step just taken at ``moment``; None before the first."""
        return self.steps[moment - 1] if 0 < moment <= len(self.steps) else None

    def moment_of(self, node: str) -> int | None:
        """The moment at which a node's own step has just been taken."""
        own = [s.index + 1 for s in self.steps if s.node == node and s.kind != "seed"]
        return own[-1] if own else (1 if node == self.output else None)


def walk_back(evaluation: Evaluation, output: str, seed: Array | None = None) -> Walk:
    """Run the backward pass from node ``output`` and lay it out.

    ``seed``: the gradient to start from, ones where it is left out and the output has a single
    element. :class:`NoBackward` says why no pass can start.
    """
    value = evaluation.value(output)
    name = evaluation.graph.node(output).name
    if value is None:
        raise NoBackward(f"'{name}' has no value, so nothing can flow back from it")
    if not value.dtype.is_floating_point:
        raise NoBackward(f"'{name}' has dtype {value.dtype.name}: only floating-point values have gradients")
    if not value.requires_grad:
        raise NoBackward(f"nothing that requires a gradient leads to '{name}'")
    start = seed_array(value, name, seed)
    found: list[WalkStep] = [WalkStep(0, "seed", output, start)]
    for step in steps(value, Tensor.wrap(start), retain_graph=True):
        node = evaluation.owner(step.node)
        if node is None:
            raise NoBackward("the tape holds a record that belongs to no node of this graph")
        sent = tuple(sent_of(evaluation, c) for c in step.contributions)
        kind = "node" if isinstance(step.node, Record) else "leaf"
        shown = next(g for g in step.upstream if g is not None)
        found.append(WalkStep(len(found), kind, node, shown, sent, step.upstream))
    return Walk(output, counted(found))


def seed_array(value: Tensor, name: str, seed: Array | None) -> Array:
    """The gradient a pass starts from, checked against the output's shape."""
    if seed is None and value.array.size != 1:
        raise NoBackward(
            f"'{name}' has shape {list(value.shape)}; backward starts from a single number, "
            "so choose an output with one element or give a seed"
        )
    start = np.ones_like(value.array) if seed is None else np.asarray(seed, value.array.dtype)
    if start.shape != value.array.shape:
        raise NoBackward(
            f"the seed has shape {list(start.shape)} but '{name}' has {list(value.shape)}"
        )
    return start


def sent_of(evaluation: Evaluation, contribution: Any) -> Sent:
    """An engine's contribution in the graph's terms."""
    to = evaluation.owner(contribution.to[0])
    if to is None:
        raise NoBackward("a gradient goes to a record that belongs to no node of this graph")
    return Sent(
        contribution.position,
        to,
        np.shape(contribution.raw),
        contribution.value,
        np.asarray(contribution.accumulated),
    )


def counted(found: list[WalkStep]) -> tuple[WalkStep, ...]:
    """The steps with each contribution numbered among those its target gets."""
    totals: dict[str, int] = {}
    for step in found:
        for sent in step.sent:
            totals[sent.to] = totals.get(sent.to, 0) + 1
    seen: dict[str, int] = {}
    result: list[WalkStep] = []
    for step in found:
        numbered: list[Sent] = []
        for sent in step.sent:
            seen[sent.to] = seen.get(sent.to, 0) + 1
            numbered.append(
                Sent(sent.port, sent.to, sent.raw_shape, sent.value, sent.accumulated,
                     seen[sent.to], totals[sent.to])
            )  # fmt: skip
        result.append(
            WalkStep(step.index, step.kind, step.node, step.upstream, tuple(numbered), step.upstreams)
        )
    return tuple(result)
