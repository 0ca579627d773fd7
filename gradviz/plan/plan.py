"""A graph compiled: its loss and gradient at a point, at many points, and whole descents."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import RLock
from time import perf_counter
from typing import Any, TypeVar

import numpy as np

from gradviz.collecting import uncollected
from gradviz.ops.spec import Array
from gradviz.plan.function import Function, first_number
from gradviz.plan.gradients import differentiate
from gradviz.plan.loop import Descent, Loop, Rates
from gradviz.plan.many import Fill, Many, given_points, part_size
from gradviz.plan.outline import Outline, PlanError
from gradviz.plan.running import Reshaped
from gradviz.plan.trace import Program, trace
from gradviz.plan.update import full_settings
from gradviz.plan.values import Value

Point = dict[str, Array]
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class State:
    """What every node comes to at a point, and the gradient that arrives at it; by node id.

    ``values`` has those that move, ``gradients`` those that one reaches.
    """

    loss: float
    values: Mapping[str, Array]
    gradients: Mapping[str, Array]


class Plan:
    """A graph as a program; its parts are written when they are first asked for.

    Threads may share it: each part lets one in at a time, as its arrays are used again. A node
    that turns out to give another shape is from then on run as the engine runs it.

    ``parameters`` get gradients and ``arguments`` are only given; both are node ids.
    ``compile_seconds``: how long writing it has taken so far.
    """

    def __init__(self, outline: Outline) -> None:
        self.outline = outline
        self.parameters = tuple(outline.parameters)
        self.arguments = tuple(outline.arguments)
        self.compile_seconds = 0.0
        self.unsettled: frozenset[str] = frozenset()
        self._lock = RLock()
        self._busy = False
        with self.making():
            self.program = trace(outline)
        self._functions: dict[str, Function] = {}
        self._loops: dict[Any, Loop] = {}
        self._many: dict[Any, Many] = {}
        self._asked: dict[Any, Many] = {}

    @property
    def fallbacks(self) -> Mapping[str, str]:
        """What runs as the engine runs it, by the node's name, and why; the rest is compiled."""
        self.shown()
        return dict(self.program.fallbacks)

    @property
    def source(self) -> str:
        """The program as Python, each line with the name of its node; the same every time."""
        text = self.shown()
        return "".join(f"# {n}: {w}\n" for n, w in self.program.fallbacks.items()) + text

    def shown(self) -> str:
        """The text of loss and gradient; of the loss alone where an operation has no gradient."""
        try:
            return self.function("gradient").compiled.source
        except PlanError as problem:
            return f"# no gradient: {problem}\n" + self.function("value").compiled.source

    def value(self, point: Mapping[str, Array]) -> float:
        """The loss at a point, the leaves by node id."""
        return first_number(self.run("value", point, lambda found: found[0]))

    def gradient(self, point: Mapping[str, Array]) -> tuple[float, Point]:
        """The loss at a point and its gradient with respect to each parameter."""

        def kept(found: Sequence[Any]) -> tuple[float, Point]:
            pairs = zip(self.program.parameters.items(), found[1:], strict=True)
            return first_number(found[0]), {i: np.array(g, leaf.dtype) for (i, leaf), g in pairs}

        return self.run("gradient", point, kept)

    def state(self, point: Mapping[str, Array]) -> State:
        """Every node's value and gradient at a point, to be shown."""

        def kept(found: Sequence[Any]) -> State:
            program = self.program
            values = [(i, vs[0]) for i, vs in program.nodes.items() if i not in fixed(program)]
            arrays = {i: np.array(a, v.dtype) for (i, v), a in zip(values, found[1:], strict=False)}
            rest = found[1 + len(values) :]
            sent = zip(program.arrivals.items(), rest, strict=True)
            return State(
                first_number(found[0]), arrays, {i: np.array(a, v.dtype) for (i, v), a in sent}
            )

        return self.run("state", point, kept)

    def run(
        self, kind: str, point: Mapping[str, Array], kept: Callable[[Sequence[Any]], Found]
    ) -> Found:
        """Call a function of a point and take what is needed of the arrays it gives."""

        def once() -> Found:
            function = self._functions.get(kind) or self.function(kind)
            with function.lock:
                return kept(function(point))

        return self.settled(once)

    def settled(self, work: Callable[[], Found]) -> Found:
        """What ``work`` gives; a node whose shape proves to depend on values runs eagerly then."""
        while True:
            try:
                return work()
            except Reshaped as problem:
                self.loosen(problem)

    def loosen(self, problem: Reshaped) -> None:
        """Write the program anew, for a node whose shape depends on values."""
        with self.making():
            if problem.node in self.unsettled or problem.node not in self.outline.names.values():
                raise problem
            self.unsettled |= {problem.node}
            self.program = trace(self.outline, self.unsettled)
            self._functions, self._loops, self._many, self._asked = {}, {}, {}, {}

    @contextmanager
    def making(self) -> Generator[None, None, None]:
        """A block in which a part is written, by one thread at a time; it is timed."""
        with self._lock:
            outer, self._busy = self._busy, True
            start = perf_counter()
            try:
                with np.errstate(all="ignore"), uncollected():
                    yield
            finally:
                self._busy = outer
                if not outer:
                    self.compile_seconds += perf_counter() - start

    def function(self, kind: str) -> Function:
        """A function of a point: the ``value``, and what :data:`OUTPUTS` has by that name."""
        with self.making():
            if kind not in self._functions:
                program = self.program
                outputs = [program.loss, *OUTPUTS[kind](program)]
                self._functions[kind] = Function(kind, program.names, program.leaves, outputs)
            return self._functions[kind]

    def values(self, points: Mapping[str, Array], base: Mapping[str, Array] | None = None) -> Array:
        """The loss at many points: each parameter of ``points`` has a row for each of them.

        ``base``: the other leaves, by default as they were when this was compiled.
        """
        total = len(next(iter(points.values())))
        found = np.empty(total)
        filled = given_points(points)
        for begin, end, (loss,) in self.parts(tuple(points), total, base, filled, False):
            found[begin:end] = loss.reshape(-1, end - begin)[0]
        return found

    def gradients(
        self, points: Mapping[str, Array], base: Mapping[str, Array] | None = None
    ) -> tuple[Array, Point]:
        """The losses at many points and their gradients, a row for each point."""
        total = len(next(iter(points.values())))
        losses = np.empty(total)
        leaves = self.program.parameters
        found = {i: np.empty((total, *v.shape), v.dtype) for i, v in leaves.items()}
        filled = given_points(points)
        for begin, end, outputs in self.parts(tuple(points), total, base, filled, True):
            losses[begin:end] = outputs[0].reshape(-1, end - begin)[0]
            for node_id, gradient in zip(found, outputs[1:], strict=True):
                found[node_id][begin:end] = np.moveaxis(gradient, -1, 0)
        return losses, found

    def parts(
        self, moving: tuple[str, ...], total: int, base: Mapping[str, Array] | None, fill: Fill,
        gradients: bool, most: int | None = None,
    ) -> Iterator[tuple[int, int, list[Array]]]:  # fmt: skip
        """The loss (and gradients) of many points, part by part; see :meth:`Many.run`.

        ``most``: how many points a part has at the most.
        """
        done = 0
        while done < total:
            many = self.many(moving, min(total, most or total), gradients)
            try:
                for begin, end, found in many.run(total, self.point(base), fill, done):
                    yield begin, end, found
                    done = end
            except Reshaped as problem:
                self.loosen(problem)

    def point(self, given: Mapping[str, Array] | None) -> Point:
        """A point with what is not ``given`` as it was when this was compiled."""
        return {**{i: v.example for i, v in self.program.leaves.items()}, **(given or {})}

    def many(self, moving: tuple[str, ...], total: int, gradients: bool = False) -> Many:
        """The function of about ``total`` points; its ``notes`` say what runs point by point."""
        asked = (moving, total, gradients)
        if asked in self._asked:
            return self._asked[asked]
        with self.making():
            program = self.program
            outputs = [program.loss, *(gradients_of(program) if gradients else [])]
            count = part_size(outputs, [program.leaves[i] for i in moving], total)
            key = (moving, count, gradients)
            if key not in self._many:
                self._many[key] = Many(program, outputs, moving, count)
            self._asked[asked] = self._many[key]
            return self._many[key]

    def descend(
        self, optimizer: str, settings: Mapping[str, Any] | None = None, steps: int = 1, *,
        start: Mapping[str, Array] | None = None, after: Descent | None = None,
        rates: Rates | None = None, history: bool = True,
    ) -> Descent:  # fmt: skip
        """Take ``steps`` steps of an optimizer from ``start``, or go on where ``after`` ended.

        ``optimizer``: one of :data:`gradviz.plan.update.UPDATES`, with PyTorch's settings by
        name; PlanError for another. ``rates``: the learning rate of each step from the very
        first on, where a schedule moves it. ``history``: keep every point and gradient on the way,
        not the last alone; the losses are kept always.
        """
        begin = self.point(start)
        begin |= {} if after is None else {i: a[-1] for i, a in after.points.items()}
        given = dict(settings or {})
        rate = float(full_settings(optimizer, given)["lr"])

        def once() -> Descent:
            loop = self.loop(optimizer, given, rates is not None, history)
            with loop.lock:
                return loop.run(steps, begin, after, rates, rate)

        return self.settled(once)

    def loop(
        self, optimizer: str, settings: Mapping[str, Any], scheduled: bool = False,
        history: bool = True,
    ) -> Loop:  # fmt: skip
        """The compiled loop of an optimizer with these settings, whatever its learning rate."""
        kept = sorted((name, value) for name, value in settings.items() if name != "lr")
        key = (optimizer, scheduled, history, tuple(kept))
        with self.making():
            if key not in self._loops:
                gradients = gradients_of(self.program)
                self._loops[key] = Loop(
                    self.program, gradients, optimizer, settings, scheduled, history
                )
            return self._loops[key]


def gradients_of(program: Program) -> list[Value]:
    """The gradient of each parameter as values of the program."""
    if not program.gradients and program.parameters:
        differentiate(program)
    return [program.gradients[i] for i in program.parameters]


def state_of(program: Program) -> list[Value]:
    """The value of each node that moves, and what arrives at each."""
    gradients_of(program)
    still = fixed(program)
    values = [vs[0] for i, vs in program.nodes.items() if i not in still]
    return [*values, *program.arrivals.values()]


def results_of(program: Program) -> list[Value]:
    """Every output of every call, in order."""
    return [v for node, _ in program.outline.calls for v in program.nodes[node.id]]


def pass_of(program: Program) -> list[Value]:
    """All that is shown of the way back, each value once; see :attr:`Program.stops`."""
    gradients_of(program)
    found: dict[int, Value] = {}
    for stop in program.stops:
        for value in stop.upstreams:
            if value is not None:
                found[value.number] = value
        for parcel in stop.sent:
            found[parcel.value.number] = parcel.value
            found[parcel.accumulated.number] = parcel.accumulated
    return list(found.values())


OUTPUTS: Mapping[str, Callable[[Program], list[Value]]] = {
    "value": lambda _: [], "gradient": gradients_of, "state": state_of, "results": results_of,
    "backward": pass_of,
}  # fmt: skip
"""What a plan's functions give beside the loss."""


def fixed(program: Program) -> Mapping[str, Any]:
    """The nodes that do not move."""
    return program.outline.constants
