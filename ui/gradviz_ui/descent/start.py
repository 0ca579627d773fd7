"""The start is the document's own parameters: what moves it, and what depends on it."""

from collections.abc import Sequence

import numpy as np

from gradviz.descent import AxesSlice, Descent, Point, Slice
from gradviz.graph import Batch, Edit, Graph, compose
from gradviz.ops.spec import Array


def start_edit(graph: Graph, piece: Slice, to: Sequence[float]) -> Batch:
    """The edit that gives the parameters these coordinates in the picture.

    Raises:
        GraphError: a parameter is not given by its elements, as random ones are not.
    """
    start = piece.objective.start()
    return point_edit(graph, start, piece.moved(start, to))


def point_edit(graph: Graph, start: Point, point: Point) -> Batch:
    """The edit that brings the parameters from the start to a point.

    Raises:
        GraphError: a parameter is not given by its elements, as random ones are not.
    """
    edits: list[Edit] = []
    for node, array in point.items():
        if not np.array_equal(array, start[node]):
            edits += compose.set_value(graph, node, array).edits
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
    """What every runner's way depends on: the objective, the start, and how data is sampled."""
    start = tuple(_fixed(a) for a in descent.objective.start().values())
    batch = None if descent.objective.batches is None else descent.settings.batch
    return calls_key(descent), start, batch


def land_key(descent: Descent, piece: AxesSlice) -> object:
    """What the land along axes depends on: all but the coordinates on these."""
    start = piece.objective.start()
    fixed = tuple(_fixed(a) for a in piece.moved(start, [0.0] * len(piece.axes)).values())
    return calls_key(descent), fixed, piece.axes


def _fixed(array: Array) -> tuple[str, tuple[int, ...], bytes]:
    return array.dtype.str, array.shape, array.tobytes()
