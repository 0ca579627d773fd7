"""Where a picture of a loss lies among all parameters: along one or two numbers, or in a plane."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gradviz.descent.history import column
from gradviz.descent.landscape import (
    FINE,
    PATIENT_NUMBERS,
    Landscape,
    Range,
    fitting_ranges,
    landscape,
    quick,
)
from gradviz.descent.objective import Objective, Point
from gradviz.descent.places import SavedPoint
from gradviz.descent.planes import (
    Plane,
    hessian_plane,
    pca_plane,
    plane_between,
    plane_landscape,
    pointed,
    random_plane,
    ranges_around,
    way_vectors,
)
from gradviz.descent.settings import Axis, DescentError, DescentSettings
from gradviz.descent.trajectory import Trajectory
from gradviz.ops.spec import Array

COARSEST = 33


@dataclass(frozen=True, eq=False)
class AxesSlice:
    """Along single numbers (one or two), all others as in the document."""

    objective: Objective
    axes: tuple[Axis, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """What its coordinates are called."""
        return tuple(self.objective.axis_name(a) for a in self.axes)

    @property
    def quick(self) -> bool:
        """Whether its landscape takes no longer than a frame."""
        return quick(self.objective, self.axes)

    def coordinates(self, points: Sequence[Mapping[str, Array]]) -> Array:
        """Points as coordinates, a row each."""
        found = np.empty((len(points), len(self.axes)))
        for number, axis in enumerate(self.axes if points else ()):
            found[:, number] = column(points, axis.node)[(slice(None), *axis.index)]
        return found

    def directed(self, vectors: Sequence[Mapping[str, Array]]) -> Array:
        """What lies along its axes of vectors, such as steps, a row each."""
        return self.coordinates(vectors)

    def moved(self, point: Mapping[str, Array], to: Sequence[float]) -> Point:
        """A copy of a point with other coordinates here."""
        return self.objective.moved(point, self.axes, to)

    def landscape(
        self, ranges: tuple[Range, Range], resolution: int | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Landscape | None:  # fmt: skip
        """The loss over it; None where ``cancelled`` said so."""
        start = self.objective.start()
        return landscape(self.objective, self.axes, start, ranges, resolution, cancelled)


@dataclass(frozen=True, eq=False)
class PlaneSlice:
    """In a plane through the space of all parameters."""

    objective: Objective
    plane: Plane

    @property
    def names(self) -> tuple[str, ...]:
        """What its coordinates are called."""
        return self.plane.names

    @property
    def quick(self) -> bool:
        """Whether its landscape takes no longer than a frame; it is not relied upon."""
        return False

    @cached_property
    def projector(self) -> Array:
        """What takes a flattened point, less the origin, to its coordinates."""
        return np.linalg.pinv(np.stack([self.plane.across, self.plane.up], axis=1))

    def coordinates(self, points: Sequence[Mapping[str, Array]]) -> Array:
        """The places in the plane closest to points, a row each."""
        return self.directed(points) - self.plane.origin @ self.projector.T

    def directed(self, vectors: Sequence[Mapping[str, Array]]) -> Array:
        """What lies in the plane of vectors, such as steps, a row each."""
        found, begin = np.zeros((len(vectors), 2)), 0
        for node, size in self.sizes.items():
            end = begin + size
            rows = column(vectors, node).astype(float) if vectors else np.zeros((0, size))
            found += rows.reshape(len(vectors), size) @ self.projector[:, begin:end].T
            begin = end
        return found

    @cached_property
    def sizes(self) -> dict[str, int]:
        """How many numbers each parameter has, in the order in which they are flattened."""
        return {i: int(a.size) for i, a in self.objective.start().items()}

    def moved(self, point: Mapping[str, Array], to: Sequence[float]) -> Point:
        """The point of the plane with these coordinates, wherever ``point`` is."""
        return pointed(self.objective, self.plane.vectors(np.array([to], float))[0])

    def landscape(
        self, ranges: tuple[Range, Range], resolution: int | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Landscape | None:  # fmt: skip
        """The loss over it; None where ``cancelled`` said so."""
        size = resolution or self.finest
        return plane_landscape(self.objective, self.plane, ranges, size, cancelled)

    @property
    def finest(self) -> int:
        """How many points a side can be computed without trying anyone's patience."""
        results = self.objective.evaluation.results
        largest = max(
            (results[c.node].value.array.size for c in self.objective.calls if results[c.node].ok),
            default=1,
        )
        wide = max(largest, sum(self.sizes.values()))
        return int(min(FINE, max(COARSEST, (PATIENT_NUMBERS / wide) ** 0.5)))


Slice = AxesSlice | PlaneSlice


def laid(
    objective: Objective, settings: DescentSettings, paths: Sequence[Trajectory]
) -> PlaneSlice:
    """The plane that a document's settings ask for; DescentError where there is none such.

    ``paths``: the runners' ways, in their order.
    """
    spec = settings.plane
    if spec is None:
        raise DescentError("the picture lies along axes, not in a plane")
    if spec.kind == "pca":
        if spec.runner >= len(paths):
            raise DescentError(f"there is no runner {spec.runner + 1} whose path to look along")
        return PlaneSlice(objective, pca_plane(objective, paths[spec.runner]))
    around = origin_of(objective, settings)
    if spec.kind == "between":
        if not spec.to:
            raise DescentError("choose a saved point to look towards")
        there = saved_point(objective, settings.saved(spec.to))
        return PlaneSlice(objective, plane_between(objective, around, there, spec.seed, spec.to))
    if spec.kind == "hessian":
        return PlaneSlice(objective, hessian_plane(objective, around))
    return PlaneSlice(objective, random_plane(objective, around, spec.seed))


def origin_of(objective: Objective, settings: DescentSettings) -> Point:
    """The point that a plane goes through: a saved one, its own, or the start."""
    spec = settings.plane
    if spec is not None and spec.around:
        return saved_point(objective, settings.saved(spec.around))
    if spec is not None and spec.origin is not None:
        return saved_point(objective, SavedPoint("", spec.origin))
    return objective.start()


def saved_point(objective: Objective, saved: SavedPoint) -> Point:
    """A saved point of this objective; DescentError where it is of other parameters."""
    start = objective.start()
    for node, array in start.items():
        kept = saved.place.get(node)
        if kept is None or kept.shape != array.shape:
            name = objective.graph.node(node).name
            what = f"'{saved.name}'" if saved.name else "the point the plane goes through"
            has = "nothing" if kept is None else f"shape {list(kept.shape)}"
            raise DescentError(
                f"{what} was saved with other parameters: it has {has} for '{name}', "
                f"which now has shape {list(array.shape)}"
            )
    return {i: saved.place[i].array.astype(a.dtype) for i, a in start.items()}


def fitted(
    piece: Slice, settings: DescentSettings, paths: Sequence[Trajectory]
) -> tuple[Range, Range] | None:
    """An extent of a slice that shows what there is to see; None along a single axis."""
    if isinstance(piece, AxesSlice):
        return fitting_ranges(piece.objective, piece.axes) if len(piece.axes) == 2 else None
    ways = [usable(way_vectors(piece.objective, p)) for p in paths]
    ways = [w for w in ways if len(w)]
    plane, kind = piece.plane, settings.plane.kind if settings.plane else ""
    reach = {"random": 1.0, "between": 0.0, "pca": 0.0}.get(kind, 0.5)
    corners = np.array([[-reach, -reach], [reach, reach]])
    if kind == "between":
        corners = np.array([[0.0, -0.5], [1.0, 0.5]])
    return ranges_around(plane, [plane.vectors(corners), *ways])


def usable(vectors: Array) -> Array:
    """The rows up to the first that is too large to be shown, or no number."""
    with np.errstate(all="ignore"):
        good = np.all(np.isfinite(vectors), axis=1)
        first = float(np.linalg.norm(vectors[0])) if len(vectors) else 0.0
        good &= np.linalg.norm(vectors, axis=1) <= 1e3 * (1.0 + first)
    return vectors if good.all() else vectors[: int(np.argmin(good))]
