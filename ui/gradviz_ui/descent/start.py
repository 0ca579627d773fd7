"""The start is the document's own parameters: what moves it, and what depends on it."""

from collections.abc import Sequence

from gradviz.descent import Descent
from gradviz.graph import Batch, Edit, Graph, compose
from gradviz.ops.spec import Array


def start_edit(graph: Graph, descent: Descent, to: Sequence[float]) -> Batch:
    """The edit that gives the parameters on the axes these coordinates.

    Raises:
        GraphError: a parameter is not given by its elements, as random ones are not.
    """
    objective = descent.objective
    point = objective.moved(objective.start(), descent.axes, to)
    edits: list[Edit] = []
    for node in dict.fromkeys(axis.node for axis in descent.axes):
        edits += compose.set_value(graph, node, point[node]).edits
    return Batch(tuple(edits), "Move the start")


def calls_key(descent: Descent) -> object:
    """What the objective is, but for its parameters: the same key, the same function."""
    objective = descent.objective
    nodes = [objective.graph.node(c.node) for c in objective.calls]
    constants = [t.array for ts in objective.constants.values() for t in ts]
    return (
        objective.output,
        tuple(node.changed(position=(0.0, 0.0), name="same") for node in nodes),
        tuple(tuple(sorted(c.sources.items())) for c in objective.calls),
        tuple(_fixed(a) for a in constants),
    )


def ways_key(descent: Descent) -> object:
    """What every runner's way depends on: the objective and the start."""
    return calls_key(descent), tuple(_fixed(a) for a in descent.objective.start().values())


def land_key(descent: Descent) -> object:
    """What the landscape depends on: all but the coordinates on its own axes."""
    point = descent.objective.moved(
        descent.objective.start(), descent.axes, [0.0] * len(descent.axes)
    )
    fixed = tuple(_fixed(a) for a in point.values())
    return calls_key(descent), fixed, descent.axes, descent.ranges


def _fixed(array: Array) -> tuple[str, tuple[int, ...], bytes]:
    return array.dtype.str, array.shape, array.tobytes()
