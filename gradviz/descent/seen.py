"""What kind of place a point is, seen in a picture, or by all parameters together."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gradviz.autograd.backward import grad
from gradviz.descent.curvature import curved, flat_of, hessian, wide
from gradviz.descent.objective import Objective
from gradviz.descent.planes import Plane
from gradviz.descent.point import PointReport, judged, report
from gradviz.descent.slices import AxesSlice, Slice
from gradviz.ops.spec import Array
from gradviz.tensor.tensor import Tensor


def seen(piece: Slice, point: Mapping[str, Array]) -> PointReport:
    """The kind of place in a picture: along its axes, or its plane's directions of length 1.

    Where those are not square to each other, the second is the part of it that is.
    """
    if isinstance(piece, AxesSlice):
        return report(piece.objective, piece.axes, point)
    return along(piece.objective, square(piece.plane), point)


def square(plane: Plane) -> Array:
    """The plane's directions, of length 1 and square to each other, a row each."""
    across = plane.across / np.linalg.norm(plane.across)
    up = plane.up - across * (across @ plane.up)
    return np.stack([across, up / np.linalg.norm(up)])


def along(objective: Objective, directions: Array, point: Mapping[str, Array]) -> PointReport:
    """The kind of place along flattened directions of length 1, square to each other."""
    found = objective.tensors(wide(point), wide=True)
    output = found[objective.output][0]
    leaves = [found[i][0] for i in objective.parameters]
    loss, count = float(output.array.reshape(-1)[0]), len(directions)
    gradient, matrix = np.zeros(count), np.zeros((count, count))
    if not output.requires_grad:
        return judged(loss, gradient, matrix)
    with np.errstate(all="ignore"):
        seed = Tensor.wrap(np.ones_like(output.array))
        first = grad(output, leaves, seed, create_graph=True, allow_unused=True)
        flat = [flat_of(g, leaf) for g, leaf in zip(first, leaves, strict=True)]
        gradient = directions @ np.concatenate(flat)
        for row, direction in enumerate(directions):
            matrix[row] = directions @ curved(first, leaves, direction)
    return judged(loss, gradient, (matrix + matrix.T) / 2)


def whole(objective: Objective, point: Mapping[str, Array]) -> PointReport:
    """The kind of place by all parameters; DescentError where those are too many to be quick."""
    matrix = hessian(objective, point)
    loss, slopes = objective.gradient(point)
    flat = [np.asarray(slopes[i], np.float64).reshape(-1) for i in objective.parameters]
    return judged(float(loss), np.concatenate(flat), matrix)
