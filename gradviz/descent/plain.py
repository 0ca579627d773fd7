"""A document's descent settings as plain data, as the file keeps them, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, cast

from gradviz.descent.methods import RUNNERS
from gradviz.descent.plain_places import (
    plane_from_plain,
    plane_to_plain,
    points_from_plain,
    points_to_plain,
)
from gradviz.descent.settings import (
    BASIN_STEPS,
    BUDGETS,
    MOST_BASIN_STEPS,
    VIEWS,
    Axis,
    Batching,
    DescentError,
    DescentSettings,
    Minima,
    RunnerSpec,
    Segment,
    Span,
    checked,
    checked_batching,
)
from gradviz.files.errors import Misplaced
from gradviz.optim.lr_scheduler import SCHEDULES


def to_plain(settings: DescentSettings) -> dict[str, Any]:
    """As the file keeps it."""
    plain: dict[str, Any] = {
        "axes": [{"node": a.node, "index": list(a.index)} for a in settings.axes],
        "runners": [runner_to_plain(r) for r in settings.runners],
        "steps": settings.steps,
        "ranges": None if settings.ranges is None else [list(r) for r in settings.ranges],
    }
    if settings.minima is not None:
        places = [dict(p) for p in settings.minima.places]
        plain["minima"] = {"places": places, "value": settings.minima.value}
    if settings.source:
        plain["source"] = settings.source
    if settings.budget != BUDGETS[0]:
        plain["budget"] = settings.budget
    if settings.batch is not None:
        batch = settings.batch
        plain["batch"] = {"leaves": list(batch.leaves), "size": batch.size, "seed": batch.seed}
    if settings.plane is not None:
        plain["plane"] = plane_to_plain(settings.plane)
    if settings.points:
        plain["points"] = points_to_plain(settings.points)
    if settings.sweep is not None:
        plain["sweep"] = span_to_plain(settings.sweep)
    if settings.phase is not None:
        plain["phase"] = [span_to_plain(s) for s in settings.phase]
    if settings.basin_steps != BASIN_STEPS:
        plain["basin_steps"] = settings.basin_steps
    if settings.view != VIEWS[0]:
        plain["view"] = settings.view
    return plain


def runner_to_plain(spec: RunnerSpec) -> dict[str, Any]:
    """One runner as the file keeps it; what is at its default is left out."""
    plain: dict[str, Any] = {"optimizer": spec.optimizer, "settings": plain_values(spec.settings)}
    if spec.schedule:
        plain |= {
            "schedule": spec.schedule,
            "schedule_settings": plain_values(spec.schedule_settings),
        }
    if spec.name:
        plain["name"] = spec.name
    if not spec.visible:
        plain["visible"] = False
    if spec.colour is not None:
        plain["colour"] = spec.colour
    if spec.then:
        plain["then"] = [{"step": s.step, **runner_to_plain(s.spec)} for s in spec.then]
    return plain


def plain_values(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Settings with tuples as lists."""
    kept: dict[str, Any] = dict(settings)
    tuples = {k: list(cast("tuple[Any, ...]", v)) for k, v in kept.items() if isinstance(v, tuple)}
    return kept | tuples


def from_plain(plain: Mapping[str, Any]) -> DescentSettings:
    """From what the file keeps; DescentError where it is not of that form."""
    try:
        axes = tuple(
            Axis(str(a["node"]), tuple(int(i) for i in a["index"])) for a in plain.get("axes", ())
        )
        runners = tuple(runner_from_plain(r) for r in plain.get("runners", ()))
        ranges = plain.get("ranges")
        kept = None if ranges is None else tuple((float(low), float(high)) for low, high in ranges)
        if kept is not None and len(kept) != 2:
            raise DescentError("the descent's ranges must be two pairs of numbers")
        points = points_from_plain(plain.get("points", ()))
        return DescentSettings(
            axes, runners, int(plain.get("steps", 60)), kept,  # pyright: ignore[reportArgumentType]
            minima_from_plain(plain.get("minima")), str(plain.get("source", "")),
            one_of(BUDGETS, "budget", plain.get("budget", BUDGETS[0])),
            batch=batching_from_plain(plain.get("batch")),
            plane=plane_from_plain(plain.get("plane"), points), points=points,
            sweep=span_from_plain(plain["sweep"]) if "sweep" in plain else None,
            phase=phase_from_plain(plain.get("phase")),
            basin_steps=basin_steps_from_plain(plain.get("basin_steps", BASIN_STEPS)),
            view=one_of(VIEWS, "view", plain.get("view", VIEWS[0])),
        )  # fmt: skip
    except (AttributeError, KeyError, TypeError, ValueError, Misplaced) as problem:
        raise DescentError(f"the document's descent settings cannot be read: {problem}") from None


def one_of(known: Sequence[str], what: str, plain: Any) -> str:
    """One of the words that are known for a budget or a view, from what the file keeps."""
    if plain not in known:
        raise DescentError(f"there is no {what} '{plain}'; there are {', '.join(known)}")
    return str(plain)


def basin_steps_from_plain(plain: Any) -> int:
    """The steps from each start of the basins, from what the file keeps."""
    if not 1 <= int(plain) <= MOST_BASIN_STEPS:
        raise DescentError(f"basins take 1 to {MOST_BASIN_STEPS} steps from each start")
    return int(plain)


def minima_from_plain(plain: Mapping[str, Any] | None) -> Minima | None:
    """The known lowest places from what the file keeps."""
    if plain is None:
        return None
    places = (MappingProxyType({str(i): float(v) for i, v in p.items()}) for p in plain["places"])
    return Minima(tuple(places), float(plain["value"]))


def batching_from_plain(plain: Mapping[str, Any] | None) -> Batching | None:
    """How steps sample the data, from what the file keeps."""
    if plain is None:
        return None
    leaves, size, seed = plain["leaves"], int(plain["size"]), int(plain.get("seed", 0))
    return checked_batching(Batching(tuple(str(i) for i in leaves), size, seed))


def span_to_plain(span: Span) -> dict[str, Any]:
    """How far a setting is varied, as the file keeps it."""
    kept = {"name": span.name, "low": span.low, "high": span.high, "count": span.count}
    return kept | {k: True for k in ("log", "whole") if getattr(span, k)}


def span_from_plain(plain: Mapping[str, Any]) -> Span:
    """How far a setting is varied, from what the file keeps."""
    low, high, count = float(plain["low"]), float(plain["high"]), int(plain["count"])
    log, whole = bool(plain.get("log", False)), bool(plain.get("whole", False))
    span = Span(str(plain["name"]), low, high, count, log, whole)
    span.values()
    return span


def phase_from_plain(plain: Sequence[Mapping[str, Any]] | None) -> tuple[Span, Span] | None:
    """The two settings that are varied together, from what the file keeps."""
    if plain is None:
        return None
    across, up = (span_from_plain(s) for s in plain)
    return across, up


def runner_from_plain(plain: Mapping[str, Any]) -> RunnerSpec:
    """One runner from what the file keeps."""
    kind = plain["optimizer"]
    if kind not in RUNNERS:
        raise DescentError(f"there is no optimizer '{kind}'; there are {', '.join(RUNNERS)}")
    schedule = plain.get("schedule")
    if schedule is not None and schedule not in SCHEDULES:
        raise DescentError(f"there is no schedule '{schedule}'; there are {', '.join(SCHEDULES)}")
    return checked(
        RunnerSpec(
            kind, tupled(plain.get("settings", {})), schedule,
            tupled(plain.get("schedule_settings", {})), str(plain.get("name", "")),
            bool(plain.get("visible", True)),
            tuple(Segment(int(s["step"]), runner_from_plain(s)) for s in plain.get("then", ())),
            None if plain.get("colour") is None else abs(int(plain["colour"])),
        )
    )  # fmt: skip


def tupled(settings: Mapping[str, Any]) -> Mapping[str, Any]:
    """Settings with lists as tuples, not to be changed."""
    kept: dict[str, Any] = dict(settings)
    lists = {k: tuple(cast("list[Any]", v)) for k, v in kept.items() if isinstance(v, list)}
    return MappingProxyType(kept | lists)
