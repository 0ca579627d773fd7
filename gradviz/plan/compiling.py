"""From a graph, or a Python function, to a plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from gradviz.collecting import uncollected
from gradviz.graph.document import Graph
from gradviz.graph.evaluate import Evaluation
from gradviz.graph.tape import graph_and_leaves
from gradviz.ops.spec import Array
from gradviz.plan.outline import PlanError, outline_of
from gradviz.plan.plan import Plan
from gradviz.tensor.tensor import Tensor


def compile_plan(
    graph: Graph, *, output: str | None = None, parameters: Sequence[str] | None = None,
    arguments: Sequence[str] = (), everything: bool = False, evaluation: Evaluation | None = None,
    seed: Array | None = None,
) -> Plan:  # fmt: skip
    """Compile the loss at ``output`` as a function of ``parameters``, all by node id.

    ``output``: by default the graph's own. ``parameters``: by default the leaves it depends on
    that require gradients. ``arguments``: further leaves that are given with each point, and so
    may change without compiling anew. ``everything``: also what the output does not need, for
    :meth:`Plan.state`. ``evaluation``: an up-to-date one, where there is one. ``seed``: what a way
    back starts from, if not from ones. PlanError, a ValueError, says in plain words why there is
    no plan.
    """
    evaluation = evaluation or Evaluation(graph)
    chosen = graph.output() if output is None else output
    if chosen is None:
        raise PlanError("the graph is empty: there is nothing to compile")
    order = graph.order()
    if parameters is None:
        parameters = leaves_of(graph, chosen, order)
    others = [i for i in arguments if i not in parameters]
    if not parameters and not others:
        raise PlanError(f"'{graph.node(chosen).name}' depends on no leaf that requires a gradient")
    with np.errstate(all="ignore"), uncollected():
        return Plan(
            outline_of(graph, evaluation, chosen, parameters, others, order, everything, seed)
        )


def compile_function(function: Callable[..., Tensor], *examples: Any) -> Plan:
    """Compile what ``function`` does with tensors like ``examples``, as it did it once.

    It is called with a tensor for each example (a tensor, array or number) and gives a tensor of
    one number; what Python decided on the way is as it was. The plan's ``parameters`` stand in
    the order of the arguments. PlanError where an argument does not reach the result.
    """
    leaves = [Tensor.wrap(np.array(as_array(e)), True) for e in examples]
    result = function(*leaves)
    graph, ids = graph_and_leaves(result)
    missing = [n for n, leaf in enumerate(leaves, 1) if id(leaf) not in ids]
    if missing:
        raise PlanError(f"the result does not depend on argument {missing[0]}")
    return compile_plan(graph, parameters=[ids[id(leaf)] for leaf in leaves])


def as_array(example: Any) -> Array:
    """An example as an array; Python numbers in single precision, as tensors of them are."""
    if isinstance(example, Tensor):
        return example.array
    array = np.asarray(example)
    return array if isinstance(example, np.ndarray | np.generic) else array.astype(np.float32)


def leaves_of(graph: Graph, output: str, order: Sequence[str]) -> list[str]:
    """The leaves that require gradients and reach ``output``, in order."""
    needed = graph.upstream([output])
    return [i for i in order if i in needed and graph.node(i).is_parameter]
