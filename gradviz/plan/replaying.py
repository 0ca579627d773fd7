"""A document whose leaves move: its values and backward pass from a plan, not from the engine.

The first change of a leaf is evaluated by the engine; a second one says that more will come, and
a plan is made. What a plan does not do as the engine does stays with the engine, and
:attr:`Replay.why` says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Thread

import numpy as np

from gradviz.graph.changes import Change
from gradviz.graph.document import Graph, Node
from gradviz.graph.evaluate import Evaluation
from gradviz.graph.seeds import Seed
from gradviz.graph.walk import Walk, checked_before, checked_start, walk_back
from gradviz.ops.kinds import is_array
from gradviz.ops.spec import Array
from gradviz.plan.keeping import VALUE, alike, has_slider
from gradviz.plan.left import why_not_followed
from gradviz.plan.outline import Outline, PlanError, outline_of
from gradviz.plan.plan import Plan
from gradviz.plan.retracing import Route

AT_ONCE = 250
"""The most nodes whose plan is made while one waits; that of more is made beside the work."""
MOST = 20_000
"""The most nodes that a plan is made for here: it takes 0.2 ms and 6 KB a node."""


@dataclass(frozen=True, eq=False)
class Job:
    """What a plan is made for: leaves that move, the node a pass starts from, and its seed."""

    leaves: frozenset[str]
    output: str
    seed: Array | None

    def covers(self, leaves: frozenset[str]) -> bool:
        """Whether these leaves may move."""
        return leaves <= self.leaves


class Replay:
    """See the module's text. :meth:`refresh` it with every change, in the evaluation's place.

    ``why``: in words, why what moved last was evaluated by the engine; empty where it was not,
    or only because nothing has moved twice yet.
    """

    def __init__(self, graph: Graph, evaluation: Evaluation, at_once: int = AT_ONCE) -> None:
        self.graph = graph
        self.evaluation = evaluation
        self.at_once = at_once
        self.why = ""
        self._moved: frozenset[str] = frozenset()
        self._job: Job | None = None
        self._made: Plan | PlanError | None = None
        self._maker: Thread | None = None
        self._ways: dict[frozenset[str], Sequence[str]] = {}
        self._route: Route | None = None

    def forget(self) -> None:
        """Drop the plan, as after an edit of what is computed."""
        self._job = self._made = self._maker = self._route = None
        self._moved, self._ways, self.why = frozenset(), {}, ""

    # values -------------------------------------------------------------------------------

    def refresh(self, change: Change) -> frozenset[str]:
        """Bring the values up to date with a change; the ids of all nodes that may have moved."""
        if not change.touched():
            return self.evaluation.refresh(change)
        moved = moved_leaves(change)
        if moved is None:
            self.forget()
            if not (change.added or change.removed or change.wired or change.unwired):
                self.why = why_not_followed(change.replaced)
            return self.evaluation.refresh(change)
        again, self._moved, self.why = moved <= self._moved, moved, ""
        if self._job is not None and not self._job.covers(moved):
            self.forget()
            self._moved = moved
        if self._job is None and not again:
            return self.evaluation.refresh(change)
        try:
            return self.moved(moved, self.plan(moved))
        except PlanError as problem:
            self.why, self._ways = str(problem), {}
            return self.evaluation.evaluate(moved)

    def moved(self, leaves: frozenset[str], plan: Plan | None) -> frozenset[str]:
        """Evaluate after leaves have moved; by the engine while there is no plan yet."""
        if plan is None:
            return self.evaluation.evaluate(leaves)
        way = self.way(leaves, plan)
        for node_id in leaves:
            self.evaluation.forget(node_id)
            self.evaluation.run(self.graph.node(node_id))
        found = self.results(plan)
        self.evaluation.take({i: found[i] for i in way})
        return leaves.union(way)

    def way(self, leaves: frozenset[str], plan: Plan) -> Sequence[str]:
        """The nodes that a plan gives values to when these leaves move.

        PlanError where one may come to have a value that has none now: that is for the engine.
        """
        if leaves not in self._ways:
            after = self.graph.downstream(leaves) - leaves
            results = self.evaluation.results
            for node_id in after:
                if results[node_id].error is not None:
                    raise PlanError(f"'{self.graph.node(node_id).name}' has an error")
            known = {node.id for node, _ in plan.outline.calls}
            found = [i for i in after if results[i].ok]
            if not known.issuperset(found):
                self._job = None
                raise PlanError("a node has come to have a value since the plan was made")
            self._ways = {leaves: found}
        return self._ways[leaves]

    def results(self, plan: Plan) -> Mapping[str, tuple[Array, ...]]:
        """Every node's outputs where the leaves are now."""
        calls, nodes = plan.outline.calls, plan.program.nodes

        def kept(found: Sequence[object]) -> dict[str, tuple[Array, ...]]:
            arrays = iter(found[1:])
            return {
                node.id: tuple([np.array(next(arrays), v.dtype) for v in nodes[node.id]])
                for node, _ in calls
            }

        found = plan.run("results", self.point(plan), kept)
        if plan.unsettled:
            raise PlanError(f"the shape of '{min(plan.unsettled)}' depends on values")
        return found

    def point(self, plan: Plan) -> dict[str, Array]:
        """The leaves of a plan as they are now; PlanError where one has no value."""
        point: dict[str, Array] = {}
        for node_id in (*plan.parameters, *plan.arguments):
            value = self.evaluation.value(node_id)
            if value is None:
                raise PlanError(f"'{self.graph.node(node_id).name}' has no value")
            point[node_id] = value.array
        return point

    # the plan -----------------------------------------------------------------------------

    def plan(self, moved: frozenset[str]) -> Plan | None:
        """The plan for leaves that move; None while it is made. PlanError where there is none."""
        if self._job is None:
            output = self.graph.output() or ""
            self.order(Job(self.movable() | moved, output, None))
        if self._maker is not None and not self._maker.is_alive():
            self._maker = None
        if self._maker is not None:
            self.why = "its plan is being made"
            return None
        if isinstance(self._made, PlanError):
            raise self._made
        return self._made

    def wait(self, seconds: float) -> None:
        """Wait for a plan that is being made, so long at the most."""
        if self._maker is not None:
            self._maker.join(seconds)

    def movable(self) -> frozenset[str]:
        """The leaves that may well move: parameters, and what has a slider."""
        nodes = self.graph.nodes.values()
        return frozenset(n.id for n in nodes if n.is_parameter or has_slider(n))

    def order(self, job: Job) -> None:
        """Make the plan for a job: at once, or on a thread of its own where it takes long."""
        self._job, self._made, self._ways, self._route = job, None, {}, None
        try:
            outline = self.outline(job)
        except PlanError as problem:
            self._made = problem
            return
        if len(self.graph.nodes) <= self.at_once:
            self.make(job, outline, False)
            return
        self._maker = Thread(target=self.make, args=(job, outline, True), daemon=True)
        self._maker.start()

    def make(self, job: Job, outline: Outline, whole: bool) -> None:
        """Make the plan of an outline, with its way back (``whole``), if it is still wanted then.

        A gradient that cannot be made is nothing against the values; who asks for it is told.
        """
        try:
            made: Plan | PlanError = Plan(outline)
            made.function("results")
            if whole:
                with suppress(PlanError):
                    made.function("backward")
        except PlanError as problem:
            made = problem
        if self._job is job:
            self._made = made

    def outline(self, job: Job) -> Outline:
        """What is to be computed for a job."""
        graph, evaluation = self.graph, self.evaluation
        if len(graph.nodes) > MOST:
            raise PlanError(f"{len(graph.nodes):,} nodes are too many to compile")
        order = graph.order()
        leaves = [i for i in order if i in job.leaves and evaluation.results[i].ok]
        moving = graph.downstream(leaves)
        shown = [i for i in (job.output, *reversed(order)) if i in moving and
                 evaluation.results[i].ok]  # fmt: skip
        parameters = [i for i in leaves if graph.node(i).is_parameter]
        others = [i for i in leaves if i not in parameters]
        return outline_of(graph, evaluation, shown[0], parameters, others, order, True, job.seed)

    # the backward pass --------------------------------------------------------------------

    def walk(
        self, output: str, seed: Array | Seed | None = None,
        before: Mapping[str, Array] | None = None,
    ) -> Walk:  # fmt: skip
        """The pass of :func:`gradviz.graph.walk_back`: from the plan where values are from it."""
        if self.evaluation.taken and self._job is not None:
            start = checked_start(self.evaluation, output, seed)
            held = checked_before(self.evaluation, before or {})
            try:
                route = self.route(self._job, output, start)
                if route is not None:
                    return route.walk(self.point(route.plan), start, held)
            except PlanError as problem:
                self.why = str(problem)
        return walk_back(self.evaluation, output, seed, before)

    def route(self, job: Job, output: str, start: Array) -> Route | None:
        """The way back from ``output`` with this seed; None while its plan is made."""
        seeded = job.seed if job.seed is not None else np.ones_like(start)
        if job.output != output or not np.array_equal(seeded, start):
            self.order(Job(job.leaves, output, start))
        plan = self.plan(self._moved)
        if plan is None or plan.outline.output != output:
            return None
        if self._route is None or self._route.plan is not plan:
            self._route = Route(plan)
        return self._route


def moved_leaves(change: Change) -> frozenset[str] | None:
    """The leaves whose numbers alone a change is of; None where it is of more."""
    if change.added or change.removed or change.wired or change.unwired:
        return None
    pairs = [(a, b) for a, b in change.replaced if not a.computes_as(b) or a.name != b.name]
    return frozenset(b.id for _, b in pairs) if all(moves(*pair) for pair in pairs) else None


def moves(before: Node, after: Node) -> bool:
    """Whether a leaf has another number, or floating-point array of the same shape and type."""
    if before.name != after.name or before.op != after.op or after.spec.ports:
        return False
    old, new = before.attrs, after.attrs
    if VALUE not in old or VALUE not in new or not alike(old[VALUE], new[VALUE]):
        return False
    value = new[VALUE]
    kind = value.dtype.kind if is_array(value) else np.asarray(value).dtype.kind
    return kind == "f" and before.changed(attrs={**old, VALUE: value}).computes_as(after)
