"""A document's plan, kept while only values change.

Values of leaves are given to a plan with each point, so a slider compiles nothing; an edit that
changes what is computed does, once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import RLock
from typing import Any

import numpy as np

from gradviz.graph.changes import Change
from gradviz.graph.document import Graph, Node
from gradviz.graph.evaluate import Evaluation
from gradviz.ops.kinds import is_array
from gradviz.ops.spec import Array
from gradviz.plan.compiling import compile_plan, leaves_of
from gradviz.plan.outline import PlanError
from gradviz.plan.plan import Plan, State

VALUE = "data"
"""The setting of a leaf that holds its value."""


class PlanKeeper:
    """Makes plans of one document, and the same one again until :meth:`refresh` tells otherwise."""

    def __init__(self, graph: Graph, evaluation: Evaluation) -> None:
        self.graph = graph
        self.evaluation = evaluation
        self._lock = RLock()
        self._kept: dict[Any, Plan] = {}

    def refresh(self, change: Change) -> None:
        """Forget the plans if ``change`` is one of more than values that plans are given."""
        structural = change.added or change.removed or change.wired or change.unwired
        if structural or not all(keeps_plans(*pair) for pair in change.replaced):
            self.forget()

    def forget(self) -> None:
        """Forget all plans, as for another document."""
        with self._lock:
            self._kept = {}

    def plan(self, output: str | None = None, parameters: Sequence[str] | None = None) -> Plan:
        """The plan of a loss with all nodes beside it; PlanError as :func:`compile_plan` has it.

        Leaves with a slider are its arguments. Values of the document are not in it: take them
        with :meth:`point`.
        """
        chosen = output or self.graph.output() or ""
        key = (chosen, None if parameters is None else tuple(parameters))
        with self._lock:
            if key not in self._kept:
                if not chosen:
                    raise PlanError("the graph is empty: there is nothing to compile")
                if parameters is None:
                    parameters = leaves_of(self.graph, chosen, self.graph.order())
                self._kept[key] = compile_plan(
                    self.graph, output=chosen, parameters=parameters, everything=True,
                    arguments=self.sliders(chosen), evaluation=self.evaluation,
                )  # fmt: skip
            return self._kept[key]

    def kept(self, key: Any, make: Callable[[], Plan]) -> Plan:
        """A plan made otherwise, under a key of its own; ``make`` is called where there is none."""
        with self._lock:
            if key not in self._kept:
                self._kept[key] = make()
            return self._kept[key]

    def sliders(self, output: str) -> list[str]:
        """The leaves with a slider and no gradient that have to do with an output."""
        return [i for i in sorted(self.graph.upstream([output])) if has_slider(self.graph.node(i))]

    def point(self, plan: Plan) -> dict[str, Array]:
        """The leaves of a plan as the document has them."""
        found: dict[str, Array] = {}
        for node_id in (*plan.parameters, *plan.arguments):
            value = self.evaluation.value(node_id)
            assert value is not None  # a leaf always has one
            found[node_id] = value.array
        return found

    def state(self) -> State:
        """Every node's value and gradient at the document's values."""
        plan = self.plan()
        return plan.state(self.point(plan))


def keeps_plans(before: Node, after: Node) -> bool:
    """Whether plans made with one node are right with the other: moved, or with another value."""
    if before.name != after.name or before.op != after.op:
        return False
    if before.computes_as(after):
        return True
    if not (after.is_parameter or has_slider(after)):
        return False
    old, new = before.attrs, after.attrs
    if VALUE not in old or VALUE not in new or not alike(old[VALUE], new[VALUE]):
        return False
    return before.changed(attrs={**old, VALUE: new[VALUE]}).computes_as(after)


def alike(first: Any, second: Any) -> bool:
    """Whether two values have one shape and type."""
    if is_array(first) and is_array(second):
        return np.shape(first) == np.shape(second) and first.dtype == second.dtype
    return type(first) is type(second) and np.shape(first) == np.shape(second)


def has_slider(node: Node) -> bool:
    """Whether a leaf is a floating-point number that a slider moves, and gets no gradient."""
    if node.spec.ports or node.is_parameter or VALUE not in node.attrs:
        return False
    if node.attrs.get("low") is None or node.attrs.get("high") is None:
        return False
    value = np.asarray(node.attrs[VALUE])
    return value.ndim == 0 and value.dtype.kind == "f"
