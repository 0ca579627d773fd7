"""Every numeric setting of a runner under a name of its own, to be read, set and run through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, cast

from gradviz.descent.methods import settings_of
from gradviz.descent.settings import DescentError, RunnerSpec, Span, checked
from gradviz.optim import Setting
from gradviz.optim.lr_scheduler import SCHEDULES

SCHEDULED = "schedule "
"""What the name of a schedule's setting begins with."""


def number_settings(spec: RunnerSpec) -> Mapping[str, Setting]:
    """The settings of a runner and its schedule that are numbers, by a name of their own.

    The numbers of ``betas`` are ``beta1`` and ``beta2``; a schedule's begin with
    :data:`SCHEDULED`.
    """
    found = {n: s for one in settings_of(spec.optimizer) for n, s in parts(one)}
    if spec.schedule is not None:
        for one in SCHEDULES[spec.schedule].settings:
            found |= {SCHEDULED + n: s for n, s in parts(one)}
    return MappingProxyType(found)


def parts(setting: Setting) -> Sequence[tuple[str, Setting]]:
    """A setting that is a number, or each of its numbers; none where it is something else."""
    default = setting.default
    if isinstance(default, tuple):
        numbers = cast("tuple[Any, ...]", default)
        names = [f"{setting.name.removesuffix('s')}{k}" for k in range(1, len(numbers) + 1)]
        return [
            (n, replace(setting, name=n, default=v))
            for n, v in zip(names, numbers, strict=True) if isinstance(v, int | float)
        ]  # fmt: skip
    plain = isinstance(default, int | float) and not isinstance(default, bool)
    return [(setting.name, setting)] if plain else []


def value_of(spec: RunnerSpec, name: str) -> float:
    """What a numeric setting is at, by its name in :func:`number_settings`."""
    setting, place = owner(spec, name)
    value = given(spec, setting, name)
    return float(value if place is None else value[place])


def with_value(spec: RunnerSpec, name: str, value: float) -> RunnerSpec:
    """A runner with one setting at a value, a whole number where the setting is one.

    ``name`` as in :func:`number_settings`. DescentError where it cannot be run so.
    """
    setting, place = owner(spec, name)
    old = given(spec, setting, name)
    if place is not None:
        new: Any = (*old[:place], float(value), *old[place + 1 :])
    else:
        whole = isinstance(old, int) and not isinstance(old, bool) and float(value).is_integer()
        new = int(value) if whole else float(value)
    if not name.startswith(SCHEDULED):
        return checked(spec.with_setting(setting, new))
    kept = MappingProxyType({**spec.schedule_settings, setting: new})
    return checked(replace(spec, schedule_settings=kept))


def described(spec: RunnerSpec, name: str) -> Sequence[Setting]:
    """The settings among which a name stands: the schedule's or the optimizer's."""
    if not name.startswith(SCHEDULED):
        return settings_of(spec.optimizer)
    return SCHEDULES[spec.schedule].settings if spec.schedule is not None else ()


def owner(spec: RunnerSpec, name: str) -> tuple[str, int | None]:
    """The setting that a number belongs to, and its place there where it is one of several."""
    plain = name.removeprefix(SCHEDULED)
    for setting in described(spec, name):
        for place, (part, _) in enumerate(parts(setting)):
            if part == plain and part != setting.name:
                return setting.name, len(setting.default) - len(parts(setting)) + place
    return plain, None


def given(spec: RunnerSpec, setting: str, name: str) -> Any:
    """A setting's value, or its default; DescentError where there is no such setting."""
    known = {s.name: s.default for s in described(spec, name)}
    if setting not in known:
        who = spec.schedule if name.startswith(SCHEDULED) else spec.optimizer
        raise DescentError(f"{who} has no setting '{setting}'; it has {', '.join(known)}")
    kept = spec.schedule_settings if name.startswith(SCHEDULED) else spec.settings
    return kept.get(setting, known[setting])


def usual_span(spec: RunnerSpec, name: str, count: int = 20) -> Span:
    """A range that a setting's control has, with room for what it is at; each value can be run."""
    setting = number_settings(spec)[name]
    value = value_of(spec, name)
    low, high = min(setting.low, value), max(setting.high, value)
    whole = isinstance(setting.default, int)
    if not whole:
        low, high = (nearest(spec, name, end) for end in (low, high))
    log = setting.log and low > 0
    return Span(name, float(low), float(high), count, log, whole)


def nearest(spec: RunnerSpec, name: str, end: float) -> float:
    """An end, or where it cannot be run, as a beta of 1 cannot, the next towards what it is at."""
    value = value_of(spec, name)
    for share in (0.0, 1e-3, 0.5, 0.75, 0.9):
        near = end + share * (value - end)
        if can_be(spec, name, near):
            return near
    return value


def can_be(spec: RunnerSpec, name: str, value: float) -> bool:
    """Whether a runner can be run with a setting at a value."""
    try:
        with_value(spec, name, value)
    except DescentError:
        return False
    return True


FIRST = ("lr", "momentum", "beta1")
"""What is varied where nobody says what; then whatever else there is."""


def spans_of(spec: RunnerSpec, kept: Sequence[Span], counts: Sequence[int]) -> tuple[Span, ...]:
    """As many different settings to vary: those kept where the runner has them, else the usual."""
    known = number_settings(spec)
    found = [s for s in kept if s.name in known]
    names = sorted(known, key=lambda n: FIRST.index(n) if n in FIRST else len(FIRST))
    free = (n for n in names if n not in {s.name for s in found})
    found += [
        usual_span(spec, name, count)
        for name, count in zip(free, counts[len(found) :], strict=False)
    ]
    return tuple(found)
