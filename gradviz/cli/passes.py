"""A backward pass as the options of `gradviz steps` describe it, and what an option shows of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from gradviz.cli.common import InputFault
from gradviz.cli.run import first_fault
from gradviz.graph import (
    Evaluation,
    ForwardWalk,
    Graph,
    Halt,
    NoBackward,
    Seed,
    Stop,
    Walk,
    WalkStep,
    next_stop,
    stop_text,
    walk_back,
    walk_forward,
)


@dataclass(frozen=True)
class Pass:
    """A backward pass as the options describe it, run when it is first asked for."""

    graph: Graph
    evaluation: Evaluation
    output: str
    seed: Seed | None = None
    stops: tuple[Stop, ...] = ()

    @cached_property
    def walk(self) -> Walk:
        """The pass; InputFault says why there is none."""
        try:
            return walk_back(self.evaluation, self.output, self.seed)
        except NoBackward as problem:
            failed = self.evaluation.value(self.output) is None
            fault = first_fault(self.graph, self.evaluation) if failed else None
            raise InputFault(fault or str(problem)) from None

    @cached_property
    def forward(self) -> ForwardWalk:
        """The forward pass to the output."""
        return walk_forward(self.evaluation, self.output)

    @cached_property
    def halt(self) -> Halt | None:
        """Where the pass is to end early."""
        return next_stop(self.graph, self.walk, 0, self.stops)

    @property
    def steps(self) -> tuple[WalkStep, ...]:
        """The steps up to where the pass ends."""
        return self.walk.steps if self.halt is None else self.walk.steps[: self.halt.moment]

    def ending(self) -> Iterator[str]:
        """Why the pass ended, where that was asked."""
        if self.halt is not None:
            yield self.halt.text
        elif self.stops:
            asked = " or ".join(stop_text(self.graph, stop) for stop in self.stops)
            yield f"not stopped: {asked} never comes in this pass"

    def name(self, node_id: str) -> str:
        """A node's name."""
        return self.graph.node(node_id).name


@dataclass(frozen=True)
class View:
    """One option: how it is asked for, and what it shows as lines and as JSON.

    ``metavar``: what argument it takes; empty for a switch.
    """

    option: str
    help: str
    as_lines: Callable[[Pass, str], Iterator[str]]
    as_json: Callable[[Pass, str], Any]
    metavar: str = ""
