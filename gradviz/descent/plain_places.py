"""Saved points and planes as plain data, as the file keeps them, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from gradviz.descent.places import PLANES, Numbers, Place, PlaneSpec, SavedPoint
from gradviz.files.arrays import decode_array, encode_array


def place_to_plain(place: Place) -> dict[str, Any]:
    """A place as arrays by node id, as leaves keep theirs."""
    return {i: encode_array(numbers.array) for i, numbers in place.items()}


def place_from_plain(plain: Mapping[str, Any]) -> Place:
    """A place from what the file keeps."""
    return MappingProxyType({str(i): Numbers.of(decode_array(a)) for i, a in plain.items()})


def points_to_plain(points: Sequence[SavedPoint]) -> list[dict[str, Any]]:
    """Saved points as the file keeps them."""
    return [{"name": p.name, "at": place_to_plain(p.place)} for p in points]


def points_from_plain(plain: Sequence[Mapping[str, Any]]) -> tuple[SavedPoint, ...]:
    """Saved points from what the file keeps; each has a name of its own."""
    found = tuple(SavedPoint(str(p["name"]), place_from_plain(p["at"])) for p in plain)
    names = [p.name for p in found]
    twice = next((n for n in names if names.count(n) > 1 or not n), None)
    if twice is not None:
        raise ValueError(f"each saved point needs a name of its own, not '{twice}'")
    return found


def plane_to_plain(plane: PlaneSpec) -> dict[str, Any]:
    """A plane as the file keeps it, without what says nothing of its kind."""
    plain: dict[str, Any] = {"kind": plane.kind}
    if plane.seed:
        plain["seed"] = plane.seed
    if plane.runner:
        plain["runner"] = plane.runner
    if plane.around:
        plain["around"] = plane.around
    if plane.to:
        plain["to"] = plane.to
    if plane.origin is not None:
        plain["origin"] = place_to_plain(plane.origin)
    return plain


def plane_from_plain(
    plain: Mapping[str, Any] | None, points: Sequence[SavedPoint]
) -> PlaneSpec | None:
    """A plane from what the file keeps; it may go through these saved points."""
    if plain is None:
        return None
    kind = plain["kind"]
    if kind not in PLANES:
        raise ValueError(f"a plane is {', '.join(PLANES)}, not {kind!r}")
    names = {"", *(p.name for p in points)}
    around, to = str(plain.get("around", "")), str(plain.get("to", ""))
    missing = next((n for n in (around, to) if n not in names), None)
    if missing is not None:
        raise ValueError(f"no point is saved as '{missing}'")
    seed, runner = whole(plain, "seed"), whole(plain, "runner")
    origin = plain.get("origin")
    kept = None if origin is None else place_from_plain(origin)
    return PlaneSpec(kind, seed, around, to, runner, kept)


def whole(plain: Mapping[str, Any], name: str) -> int:
    """A count that may be left out."""
    value = plain.get(name, 0)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"'{name}' must be a whole number, 0 or more, not {value!r}")
    return value
