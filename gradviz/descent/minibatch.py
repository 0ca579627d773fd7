"""Steps that each see a part of the data: which rows, and the loss and gradient on them.

A batch is a function of the seed and the step alone, so a way can be gone back and branched.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from gradviz.descent.objective import Objective, Point
from gradviz.descent.settings import Batching, DescentError
from gradviz.descent.trajectory import Trajectory
from gradviz.graph import AddNode, AddWire, Batch, Evaluation, Graph, ReplaceNode, SetSettings
from gradviz.ops.spec import Array
from gradviz.plan import Plan, PlanError, compile_plan
from gradviz.tensor.generator import Generator
from gradviz.utils.data import DataLoader


class Minibatches:
    """The batches of an objective's data, and the objective as each of them has it.

    Rows are shuffled anew for every pass, as PyTorch's ``DataLoader`` with ``shuffle=True`` and a
    generator of that seed does; the last batch of a pass may be shorter. DescentError says why
    the data cannot be taken so.
    """

    def __init__(self, objective: Objective, batching: Batching) -> None:
        self.full = objective
        self.batching = batching
        self.tables = {i: checked_table(objective, i) for i in batching.leaves}
        lengths = {i: len(t) for i, t in self.tables.items()}
        if len(set(lengths.values())) != 1:
            names = [f"'{objective.graph.node(i).name}' has {n}" for i, n in lengths.items()]
            told = ", ".join(names) or "none is named"
            raise DescentError(f"the data of a batch must have as many rows each: {told}")
        self.count = next(iter(lengths.values()))
        self._generator = Generator().manual_seed(batching.seed)
        self._loader: DataLoader[list[int]] = DataLoader(
            range(self.count), batching.size, shuffle=True, generator=self._generator,
            collate_fn=list,
        )  # fmt: skip
        self._order: list[Array] = []
        self._plans: dict[int, Plan] = {}
        self._twin: tuple[Graph, Evaluation] | None = None
        for rows in dict.fromkeys(len(self.rows(k)) for k in (0, len(self) - 1)):
            self.plan(rows)

    def __len__(self) -> int:
        """How many batches a pass through the data has."""
        return len(self._loader)

    def rows(self, step: int) -> Array:
        """The rows that the step from entry ``step`` of a way to the next one sees."""
        while len(self._order) <= step:
            self._order += [np.array(rows, np.intp) for rows in self._loader]
        return self._order[step]

    def data(self, step: int) -> Point:
        """What the leaves hold at a step."""
        rows = self.rows(step)
        return {i: table[rows] for i, table in self.tables.items()}

    def plan(self, rows: int) -> Plan:
        """The loss and gradient of a batch of so many rows, which are arguments of it."""
        objective = self.full
        key = ("batch", objective.output, objective.parameters, self.batching.leaves, rows)

        def made() -> Plan:
            graph, evaluation = self.twin_of({i: t[:rows] for i, t in self.tables.items()})
            arguments = [*objective.plan.arguments, *self.tables]
            try:
                return compile_plan(
                    graph, output=objective.output, parameters=objective.parameters,
                    arguments=arguments, evaluation=evaluation,
                )  # fmt: skip
            except PlanError as problem:
                raise DescentError(f"with {rows} rows of the data: {problem}") from None

        if objective.plans is not None:
            return objective.plans.kept(key, made)
        if rows not in self._plans:
            self._plans[rows] = made()
        return self._plans[rows]

    def point(self, point: Mapping[str, Array], step: int) -> Mapping[str, Array]:
        """A point with all that the plan of a step's batch asks for."""
        return {**self.full.whole(point), **self.data(step)}

    def gradient(self, point: Mapping[str, Array], step: int) -> tuple[float, Point]:
        """The loss on a step's batch, and its gradient."""
        return self.plan(len(self.rows(step))).gradient(self.point(point, step))

    def gradients(
        self, points: Mapping[str, Array], base: Mapping[str, Array], step: int
    ) -> tuple[Array, Point]:
        """The losses on a step's batch at many points, a row each, and their gradients."""
        return self.plan(len(self.rows(step))).gradients(points, {**base, **self.data(step)})

    def objective(self, step: int) -> Objective:
        """The objective on a step's batch alone."""
        graph, evaluation = self.twin_of(self.data(step))
        return Objective(graph, evaluation)

    def twin_of(self, data: Mapping[str, Array]) -> tuple[Graph, Evaluation]:
        """A copy of what the output needs, with other data in the leaves.

        DescentError where it has no single value then.
        """
        if self._twin is None:
            graph = copied(self.full.graph, self.full.output)
            self._twin = graph, Evaluation(graph)
        graph, evaluation = self._twin
        nodes = [(graph.node(i), np.array(array)) for i, array in data.items()]
        edits = [ReplaceNode(n, n.changed(op="tensor", attrs={"data": a})) for n, a in nodes]
        evaluation.refresh(graph.apply(Batch(tuple(edits), "")))
        for node_id in graph.order():
            problem = evaluation.results[node_id].error
            if problem is not None:
                rows = len(next(iter(data.values())))
                raise DescentError(
                    f"with {rows} rows '{graph.node(node_id).name}' fails: {problem}"
                )
        return graph, evaluation


def copied(graph: Graph, output: str) -> Graph:
    """A graph of what ``output`` needs, under the same ids."""
    twin, needed = Graph(), graph.upstream([output])
    for node_id in graph.order():
        if node_id in needed:
            twin.apply(AddNode(graph.node(node_id)))
            for wire in graph.inputs(node_id).values():
                twin.apply(AddWire(wire))
    twin.apply(SetSettings(twin.settings, replace(twin.settings, output=output)))
    return twin


def checked_table(objective: Objective, leaf: str) -> Array:
    """The rows of a leaf that holds data; DescentError where it is none."""
    graph = objective.graph
    if leaf not in graph.nodes:
        raise DescentError(f"there is no node '{leaf}' to take batches of")
    node = graph.node(leaf)
    value = objective.evaluation.value(leaf)
    if node.spec.ports or node.is_parameter or value is None:
        raise DescentError(f"'{node.name}' holds no data: choose a leaf that requires no gradient")
    if not value.shape:
        raise DescentError(f"'{node.name}' is a single number, and batches are taken of rows")
    if leaf not in graph.upstream([objective.output]):
        raise DescentError(f"the loss does not read '{node.name}'")
    return value.array


def row_leaves(objective: Objective) -> dict[str, int]:
    """All leaves that rows could be taken of, by node id, with how many each has: two or more."""
    graph, found = objective.graph, dict[str, int]()
    needed = graph.upstream([objective.output])
    for node_id in graph.order():
        node, value = graph.node(node_id), objective.evaluation.value(node_id)
        if node.spec.ports or node.is_parameter or value is None or not value.shape:
            continue
        if value.shape[0] > 1 and node_id in needed:
            found[node_id] = value.shape[0]
    return found


def data_leaves(objective: Objective) -> tuple[str, ...]:
    """The leaves that are most likely data: the largest group with as many rows."""
    groups = dict[int, list[str]]()
    for node_id, rows in row_leaves(objective).items():
        groups.setdefault(rows, []).append(node_id)
    best = max(groups, key=lambda rows: (len(groups[rows]), rows), default=0)
    return tuple(groups.get(best, ()))


def full_losses(objective: Objective, path: Trajectory) -> Sequence[float]:
    """The loss over all data at every step of a way, worked out once for each.

    The way's own losses where each step sees all data.
    """
    if objective.batches is None:
        return path.losses
    with np.errstate(all="ignore"):
        for point in path.points[len(path.full_losses) :]:
            path.full_losses.append(objective.value(point))
    return path.full_losses
