"""Planes through the space of all parameters: two directions, and the loss over them.

Li and others, Visualizing the loss landscape of neural nets (2018), for directions with filters
normalised and for the principal components of a way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np
from scipy.sparse.linalg import LinearOperator, eigsh

from gradviz.autograd.backward import grad
from gradviz.descent.batching import FEW
from gradviz.descent.curvature import MOST, curved, flattened, hessian, wide
from gradviz.descent.history import column
from gradviz.descent.landscape import FINE, Landscape, Range
from gradviz.descent.minibatch import full_losses
from gradviz.descent.objective import Objective, Point
from gradviz.descent.settings import DescentError
from gradviz.descent.trajectory import Trajectory
from gradviz.numbers import short
from gradviz.ops.spec import Array
from gradviz.tensor.tensor import Tensor

ALONE = "there is but one parameter, so no second direction"
DRAWS = 64
"""How often two random directions are drawn until they do not lie on one line."""


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """The points ``origin`` + a·``across`` + b·``up``, all flattened in the objective's order.

    ``names``: of both directions. ``explained``: for principal components, the share of the
    way's variance along each; for eigenvectors, their eigenvalues; else None.
    """

    origin: Array
    across: Array
    up: Array
    names: tuple[str, str]
    explained: tuple[float, float] | None = None

    def coordinates(self, vectors: Array) -> Array:
        """The places in the plane closest to flattened points, a row each: (count, 2)."""
        basis = np.stack([self.across, self.up], axis=1)
        return np.linalg.lstsq(basis, (np.atleast_2d(vectors) - self.origin).T, rcond=None)[0].T

    def vectors(self, places: Array) -> Array:
        """The flattened points of places in the plane, a row each."""
        return self.origin + np.atleast_2d(places) @ np.stack([self.across, self.up])


@dataclass(frozen=True, slots=True, eq=False)
class Departure:
    """How well a plane shows a way.

    ``along``: the share of the way's variance along each direction by itself, from 0 to 1.
    ``share``: how much of the way's squared distance from the plane's origin lies within it,
    from 0 to 1. ``off``: each step's distance from the plane. ``shown``: the loss at the place
    below each step, and ``true``, the loss at the step itself.
    """

    along: tuple[float, float]
    share: float
    off: Array
    shown: Array
    true: Array


def way_vectors(objective: Objective, path: Trajectory) -> Array:
    """A way's points, flattened, a row a step."""
    rows = [column(path.points, i).astype(np.float64) for i in objective.parameters]
    return np.concatenate([r.reshape(len(path), -1) for r in rows], axis=1)


def pointed(objective: Objective, vector: Array) -> Point:
    """A flattened point as parameters by node id, of their own types."""
    point: Point = {}
    begin = 0
    for node, example in objective.start().items():
        end = begin + example.size
        point[node] = vector[begin:end].reshape(example.shape).astype(example.dtype)
        begin = end
    return point


def random_plane(objective: Objective, point: Mapping[str, Array], seed: int = 0) -> Plane:
    """Two random directions from ``point``, each filter of them as long as the parameters' own.

    A filter is a row along a tensor's first dimension; a number or a vector is one filter.
    DescentError where no two directions are to be had: too few filters differ from 0.
    """
    random = np.random.default_rng(seed)
    for _ in range(DRAWS):
        across, up = (drawn_direction(objective, point, random) for _ in range(2))
        # Of few numbers, each with the length of its own, both may well lie on one line.
        if not parallel(across, up):
            return Plane(flattened(objective, point), across, up, ("random 1", "random 2"))
    raise DescentError(
        "random directions have filters as long as the parameters' own, and here "
        "fewer than two of those differ from 0: start elsewhere"
    )


def drawn_direction(
    objective: Objective, point: Mapping[str, Array], random: np.random.Generator
) -> Array:
    """A random direction of all parameters, filters normalised."""
    return np.concatenate(
        [filtered(random, np.asarray(point[i], float)) for i in objective.parameters]
    )


def parallel(one: Array, other: Array) -> bool:
    """Whether two directions lie on one line, or one of them is none."""
    lengths = float(np.linalg.norm(one) * np.linalg.norm(other))
    if lengths == 0.0:
        return True
    return 1.0 - abs(float(one @ other)) / lengths < 1e-9


def filtered(random: np.random.Generator, weights: Array) -> Array:
    """A random direction, flattened, each filter of which has the length of the weights' own."""
    drawn = random.normal(size=weights.shape)
    rows = drawn.reshape(len(drawn) if drawn.ndim > 1 else 1, -1)
    own = np.linalg.norm(weights.reshape(rows.shape), axis=1, keepdims=True)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / np.where(lengths == 0, 1, lengths) * own).reshape(-1)


def pca_plane(objective: Objective, path: Trajectory) -> Plane:
    """The two principal components of a way, from its last point; DescentError where it has none.

    ``explained`` has the share of the way's variance along each.
    """
    vectors = way_vectors(objective, path)
    if not np.all(np.isfinite(vectors)):
        vectors = vectors[np.all(np.isfinite(vectors), axis=1)]
    if vectors.shape[1] < 2:
        raise DescentError(ALONE)
    if len(vectors) < 3:
        raise DescentError("principal components need a path of two steps at least")
    _, sizes, ways = np.linalg.svd(vectors - vectors.mean(axis=0), full_matrices=False)
    total = float((sizes**2).sum())
    if total == 0.0:
        raise DescentError("the way has not moved, so it has no principal components")
    shares = (float(sizes[0] ** 2 / total), float(sizes[1] ** 2 / total))
    names = ("component 1", "component 2")
    return Plane(vectors[-1], ways[0], ways[1], names, shares)


def plane_between(
    objective: Objective, here: Mapping[str, Array], there: Mapping[str, Array],
    seed: int = 0, name: str = "the other point",
) -> Plane:  # fmt: skip
    """From one point (at 0) to another (at 1 across), and a random way square to that.

    ``name``: what the other point is called.
    """
    begin = flattened(objective, here)
    across = flattened(objective, there) - begin
    length = float(np.linalg.norm(across))
    if len(begin) < 2:
        raise DescentError(ALONE)
    if length == 0.0 or not np.isfinite(length):
        raise DescentError("both points are the same: there is no direction between them")
    other = beside(objective, {i: np.hypot(here[i], there[i]) for i in here}, across, seed)
    other = other - across * (other @ across) / length**2
    size = float(np.linalg.norm(other))
    return Plane(begin, across, other / size * length, (f"to {name}", "random"))


def beside(objective: Objective, weights: Mapping[str, Array], across: Array, seed: int) -> Array:
    """A random direction that does not lie along another, with filters as long as the weights'.

    Where so many of those are 0 that there is none, any other.
    """
    random = np.random.default_rng(seed)
    for _ in range(DRAWS):
        drawn = drawn_direction(objective, weights, random)
        if not parallel(drawn, across):
            return drawn
    return random.normal(size=len(across))


def hessian_plane(objective: Objective, point: Mapping[str, Array]) -> Plane:
    """The two directions from ``point`` that curve the most; ``explained`` has their curvatures.

    A matrix of all second derivatives where that is small, else its products with vectors.
    """
    origin = flattened(objective, point)
    if len(origin) < 2:
        raise DescentError(ALONE)
    found = steepest(objective, point, len(origin))
    if found is None:
        raise DescentError("the loss has no second derivatives here that are numbers")
    values, vectors = found
    order = np.argsort(-np.abs(values))[:2]
    top = (float(values[order[0]]), float(values[order[1]]))
    names = (f"curvature {short(top[0])}", f"curvature {short(top[1])}")
    return Plane(origin, vectors[:, order[0]], vectors[:, order[1]], names, top)


def steepest(
    objective: Objective, point: Mapping[str, Array], size: int
) -> tuple[Array, Array] | None:
    """Eigenvalues of the Hessian with their vectors, among them the two largest in size.

    None where it has a number that is none.
    """
    if size <= MOST // 4:
        matrix = hessian(objective, point)
        return np.linalg.eigh(matrix) if np.isfinite(matrix).all() else None
    product = hessian_product(objective, point)
    begin = np.ones(size)
    if not np.isfinite(product(begin)).all():
        return None
    operator = LinearOperator((size, size), matvec=product, dtype=np.float64)
    return eigsh(operator, k=2, which="LM", v0=begin)


def hessian_product(objective: Objective, point: Mapping[str, Array]) -> Callable[[Array], Array]:
    """The matrix of second derivatives at a point, as what it makes of a vector."""
    found = objective.tensors(wide(point), wide=True)
    output = found[objective.output][0]
    leaves = [found[i][0] for i in objective.parameters]
    seed = Tensor.wrap(np.ones_like(output.array))
    first = grad(output, leaves, seed, create_graph=True, allow_unused=True)
    return partial(curved, first, leaves)


def losses_on(
    objective: Objective, plane: Plane, places: Array,
    cancelled: Callable[[], bool] | None = None,
) -> Array | None:  # fmt: skip
    """The loss at each place (a row of two coordinates) of a plane; None where cancelled."""
    start = objective.start()
    bounds = np.cumsum([0, *(a.size for a in start.values())])
    spans = dict(zip(start, pairwise(bounds), strict=True))

    def fill(node: str, array: Array, begin: int, end: int) -> None:
        low, high = spans[node]
        rows = plane.across[low:high, None] * places[None, begin:end, 0]
        rows += plane.up[low:high, None] * places[None, begin:end, 1]
        rows += plane.origin[low:high, None]
        array[...] = rows.reshape(array.shape)

    found = np.empty(len(places))
    moving = tuple(objective.parameters)
    most = None if not objective.plan.many(moving, len(places)).notes else FEW
    base = objective.whole(start)
    for begin, end, (loss,) in objective.plan.parts(moving, len(places), base, fill, False, most):
        found[begin:end] = loss.reshape(-1, end - begin)[0]
        if cancelled is not None and cancelled():
            return None
    return found


def plane_landscape(
    objective: Objective, plane: Plane, ranges: tuple[Range, Range], resolution: int = FINE,
    cancelled: Callable[[], bool] | None = None,
) -> Landscape | None:  # fmt: skip
    """The loss on a grid of a plane; None where ``cancelled`` said so."""
    xs, ys = (np.linspace(low, high, resolution) for low, high in ranges)
    places = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    losses = losses_on(objective, plane, places, cancelled)
    return None if losses is None else Landscape(xs, ys, losses.reshape(resolution, resolution))


def departure(objective: Objective, plane: Plane, path: Trajectory) -> Departure:
    """How much of a way lies in a plane, and how the loss below it differs from the true one.

    Told of the steps before the first that is no number.
    """
    vectors = way_vectors(objective, path)
    good = np.all(np.isfinite(vectors), axis=1)
    vectors = vectors if good.all() else vectors[: int(np.argmin(good))]
    places = plane.coordinates(vectors)
    rest = vectors - plane.vectors(places)
    whole = float(((vectors - plane.origin) ** 2).sum())
    off = np.linalg.norm(rest, axis=1)
    share = 1.0 - float((rest**2).sum()) / whole if whole > 0 else 1.0
    shown = losses_on(objective, plane, places)
    assert shown is not None  # nothing cancels it
    true = full_losses(objective, path) if objective.batches is not None else path.losses
    return Departure(
        explained_along(plane, vectors), share, off, shown, np.array(true[: len(vectors)])
    )


def explained_along(plane: Plane, vectors: Array) -> tuple[float, float]:
    """The share of flattened points' variance along each direction of a plane by itself."""
    centred = vectors - vectors.mean(axis=0)
    total = float((centred**2).sum())
    if total == 0.0:
        return (0.0, 0.0)
    shares = [
        float(((centred @ way) ** 2).sum() / (way @ way) / total)
        for way in (plane.across, plane.up)
    ]
    return (shares[0], shares[1])


def ranges_around(plane: Plane, ways: Sequence[Array], margin: float = 0.25) -> tuple[Range, Range]:
    """An extent of a plane that holds flattened ways, or the lengths of its directions."""
    places = np.concatenate([plane.coordinates(w) for w in ways]) if ways else np.zeros((1, 2))
    found: list[Range] = []
    for along in places.T:
        low, high = float(along.min()), float(along.max())
        room = margin * (high - low) or 1.0
        found.append((low - room, high + room))
    return found[0], found[1]
