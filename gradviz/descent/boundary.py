"""A model of points in the plane: what it makes of every place, and where its classes part.

A model is found in any graph: a leaf with two numbers a row, from which a value is computed that
is then compared with a leaf of labels.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gradviz.descent.landscape import Range
from gradviz.descent.minibatch import copied
from gradviz.descent.objective import Objective
from gradviz.graph import Evaluation, Graph, ReplaceNode
from gradviz.ops.spec import Array
from gradviz.plan import Plan, PlanError, compile_plan

SIDE = 96
NUMBERS = 300_000
"""How many numbers of the widest layer are computed at most: a few milliseconds of them."""
LEAST = 16
ROOM = 0.15
ZERO = ("binary_cross_entropy_with_logits", "soft_margin_loss", "hinge_embedding_loss")
HALF = ("binary_cross_entropy",)
NUMBERED = ("cross_entropy", "nll_loss", "multi_margin_loss")


@dataclass(frozen=True, slots=True)
class Model:
    """``points``, ``labels``, ``scores``: the nodes with the data, the classes, the model's answer.

    ``classes``: of each point, its class, from 0; ``threshold``: the score at which two classes
    part, None where each class has a score of its own and the largest counts.
    """

    points: str
    labels: str
    scores: str
    places: Array
    classes: Array
    threshold: float | None

    @property
    def count(self) -> int:
        """How many classes there are."""
        return int(self.classes.max(initial=1)) + 1


@dataclass(frozen=True, slots=True, eq=False)
class Regions:
    """What a model makes of a grid: ``margins[c]`` is how far class c leads at each place.

    Rows go up, columns across; above 0 the place is the class's. Where there are two classes and
    one score, ``margins[1]`` is the score less the threshold, and ``margins[0]`` minus that.
    """

    xs: Array
    ys: Array
    margins: Array


def find_model(objective: Objective) -> Model | None:
    """The model that an objective trains; None where there is none of points in the plane."""
    graph, evaluation = objective.graph, objective.evaluation
    needed = graph.upstream([objective.output])
    fixed = [
        i for i in graph.order()
        if i in needed and not graph.node(i).spec.ports and not graph.node(i).is_parameter
    ]  # fmt: skip
    trained = graph.downstream(objective.parameters)
    for leaf in fixed:
        value = evaluation.value(leaf)
        if value is None or len(value.shape) != 2 or value.shape[1] != 2 or value.shape[0] < 2:
            continue
        reached = graph.downstream([leaf])
        for node_id in graph.order():
            if node_id not in needed:
                continue
            sources = [w.source for w in graph.inputs(node_id).values()]
            scores = [s for s in sources if s in reached and s in trained]
            labels = [s for s in sources if s not in reached and s not in trained]
            if scores and labels:
                found = model_at(objective, leaf, scores[0], labels, graph.node(node_id).op)
                if found is not None:
                    return found
    return None


def model_at(
    objective: Objective, leaf: str, scores: str, beside: list[str], op: str
) -> Model | None:
    """The model whose ``scores`` meet labels among what is ``beside`` them, if it is one."""
    values = objective.evaluation
    points, found = values.value(leaf), values.value(scores)
    if points is None or found is None or not points.dtype.is_floating_point:
        return None
    rows = points.shape[0]
    if len(found.shape) not in (1, 2) or found.shape[0] != rows or not found.requires_grad:
        return None
    width = 1 if len(found.shape) == 1 else found.shape[1]
    for labels in beside:
        given = values.value(labels)
        if given is None or not given.shape or given.shape[0] != rows:
            continue
        array = np.asarray(given.array, np.float64)
        if width == 1 and array.size == rows:
            kinds, classes = np.unique(array, return_inverse=True)
            if len(kinds) != 2:
                return None
            middle = 0.0 if op in ZERO else 0.5 if op in HALF else float(kinds.mean())
            return Model(leaf, labels, scores, points.array, classes.reshape(-1), middle)
        if width > 1 and array.size == rows and op in NUMBERED:
            return Model(leaf, labels, scores, points.array, array.reshape(-1).astype(int), None)
        if width > 1 and array.shape == found.shape:
            return Model(leaf, labels, scores, points.array, array.argmax(axis=1), None)
    return None


def extent(model: Model) -> tuple[Range, Range]:
    """What of the plane to show: all points, with room around them, alike both ways."""
    finite = model.places[np.isfinite(model.places).all(axis=1)]
    low, high = finite.min(axis=0), finite.max(axis=0)
    middle, reach = (low + high) / 2, float((high - low).max()) * (0.5 + ROOM) or 1.0
    (x, y) = (float(v) for v in middle)
    return (x - reach, x + reach), (y - reach, y + reach)


class Field:
    """A model's answers over a grid of places, compiled once: quick enough for every frame.

    DescentError's cause, a PlanError, says why there is none: what a point is given must not
    depend on the other points beside it.
    """

    def __init__(
        self, objective: Objective, model: Model, ranges: tuple[Range, Range] | None = None
    ) -> None:
        self.model = model
        self.objective = objective
        side = self.side(objective, model)
        self.xs, self.ys = (np.linspace(*r, side) for r in ranges or extent(model))
        grid = np.stack(np.meshgrid(self.xs, self.ys), axis=-1).reshape(-1, 2)
        self.grid = grid.astype(model.places.dtype)
        key = ("field", model.scores, model.points, objective.parameters, len(grid))
        plans = objective.plans
        self.plan = self.compiled() if plans is None else plans.kept(key, self.compiled)
        self.check()

    @staticmethod
    def side(objective: Objective, model: Model) -> int:
        """How many places a side: fewer where a point takes many numbers."""
        graph, values = objective.graph, objective.evaluation
        between = graph.downstream([model.points]) & graph.upstream([model.scores])
        rows = len(model.places)
        widest = max(v.array.size // rows for i in between if (v := values.value(i)) is not None)
        return int(min(SIDE, max(LEAST, (NUMBERS / max(widest, 1)) ** 0.5)))

    def compiled(self) -> Plan:
        """The scores of as many points as the grid has, as a plan."""
        model, objective = self.model, self.objective
        graph = copied(objective.graph, model.scores)
        evaluation = fed(graph, model.points, self.grid)
        given = [i for i in objective.plan.arguments if i in graph.nodes]
        parameters = [i for i in objective.parameters if i in graph.nodes]
        return compile_plan(
            graph, output=model.scores, parameters=parameters,
            arguments=[*given, model.points], evaluation=evaluation,
        )  # fmt: skip

    def check(self) -> None:
        """Refuse a model that gives a point another answer in other company."""
        start, places = self.objective.start(), self.model.places
        rows = np.resize(np.arange(len(places)), len(self.grid))
        value = self.objective.evaluation.value(self.model.scores)
        assert value is not None  # it was found by its value
        found = self.scores(start, places[rows])
        if not np.allclose(found, value.array[rows], rtol=1e-3, atol=1e-5, equal_nan=True):
            name = self.objective.graph.node(self.model.scores).name
            raise PlanError(f"'{name}' of a point depends on the points beside it")

    def scores(self, point: Mapping[str, Array], places: Array) -> Array:
        """The model's answer at each of as many places as the grid has."""
        whole = {**self.objective.whole(point), self.model.points: places}
        given = {i: whole[i] for i in (*self.plan.parameters, *self.plan.arguments)}
        return self.plan.run("value", given, lambda found: np.array(found[0]))

    def regions(self, point: Mapping[str, Array]) -> Regions:
        """Which class the model gives to each place of the grid, with these parameters."""
        with np.errstate(all="ignore"):
            found = self.scores(point, self.grid).astype(np.float64)
            shape = (len(self.ys), len(self.xs))
            if self.model.threshold is not None:
                ahead = found.reshape(shape) - self.model.threshold
                return Regions(self.xs, self.ys, np.stack([-ahead, ahead]))
            return Regions(self.xs, self.ys, leads(np.moveaxis(found, -1, 0).reshape(-1, *shape)))

    def answers(self, point: Mapping[str, Array]) -> Array:
        """The class that the model gives to each of its own points, with these parameters."""
        places, size = self.model.places, len(self.grid)
        parts: list[Array] = []
        with np.errstate(all="ignore"):
            for begin in range(0, len(places), size):
                rows = np.arange(begin, begin + size) % len(places)
                parts.append(self.scores(point, places[rows])[: len(places) - begin])
        found = np.concatenate(parts)
        if self.model.threshold is None:
            return found.argmax(axis=1)
        return (found.reshape(-1) > self.model.threshold).astype(int)


def leads(scores: Array) -> Array:
    """How far each class is ahead of the best of the others; classes come first."""
    found = np.empty_like(scores)
    for index in range(len(scores)):
        found[index] = scores[index] - np.delete(scores, index, axis=0).max(axis=0)
    return found


def fed(graph: Graph, leaf: str, data: Array) -> Evaluation:
    """A graph's values with other data in a leaf; PlanError where they are none."""
    before = graph.node(leaf)
    after = before.changed(op="tensor", attrs={"data": data})
    graph.apply(ReplaceNode(before, after))
    evaluation = Evaluation(graph)
    for node_id in graph.order():
        problem = evaluation.results[node_id].error
        if problem is not None:
            raise PlanError(
                f"with {len(data)} points '{graph.node(node_id).name}' fails: {problem}"
            )
    return evaluation
