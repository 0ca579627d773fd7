"""What a document keeps about its descent: axes, runners, how many steps; as plain data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise, zip_longest
from math import isfinite
from types import MappingProxyType
from typing import Any, cast

import numpy as np

from gradviz.descent.methods import RUNNERS, own_settings, settings_of, shared_of
from gradviz.descent.places import PlaneSpec, SavedPoint
from gradviz.optim import Optimizer, Setting
from gradviz.optim.lr_scheduler import SCHEDULES, LRScheduler
from gradviz.tensor.tensor import Tensor

BUDGETS = ("steps", "evaluations")
"""What a race gives every runner as many of: steps, or gradients evaluated."""
VIEWS = ("race", "sweep", "phase", "basins")
"""What can be looked at: the race, a setting swept, two mapped, or basins of attraction."""
BASIN_STEPS, MOST_BASIN_STEPS = 200, 5000
"""How many steps are taken from each start of a map of basins: usually, and at most."""


class DescentError(ValueError):
    """Why a descent cannot be set up, in plain words."""


@dataclass(frozen=True, slots=True)
class Axis:
    """One coordinate of the picture: an element of a leaf (``index`` is () for a scalar)."""

    node: str
    index: tuple[int, ...] = ()


def _no_settings() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class RunnerSpec:
    """One optimizer in a race, with the settings that differ from its defaults.

    ``then``: what it is from later steps on, the steps rising. ``colour``: its number in the list
    of colours for runners; None: its place in the race.
    """

    optimizer: str = "SGD"
    settings: Mapping[str, Any] = field(default_factory=_no_settings)
    schedule: str | None = None
    schedule_settings: Mapping[str, Any] = field(default_factory=_no_settings)
    name: str = ""
    visible: bool = True
    then: tuple[Segment, ...] = ()
    colour: int | None = None

    @property
    def title(self) -> str:
        """Its name, or the optimizer with the settings that were given."""
        return self.name or describe(self)

    def setting(self, name: str) -> Any:
        """A setting's value: as given, or the default."""
        defaults = {s.name: s.default for s in settings_of(self.optimizer)}
        return self.settings.get(name, defaults.get(name))

    def with_setting(self, name: str, value: Any) -> RunnerSpec:
        """A copy with one setting changed."""
        return replace(self, settings=MappingProxyType({**self.settings, name: value}))

    @property
    def bare(self) -> RunnerSpec:
        """What it does at first, whatever it is called, looks like and becomes."""
        return replace(self, name="", visible=True, then=(), colour=None)

    def dressed(self, other: RunnerSpec) -> RunnerSpec:
        """A copy that is called and looks as another does."""
        return replace(self, name=other.name, visible=other.visible, colour=other.colour)

    def at(self, step: int) -> RunnerSpec:
        """What it is when it takes the step after ``step``, without what comes later."""
        due = [s.spec for s in self.then if s.step <= step]
        if due or not self.then:
            return due[-1] if due else self
        return replace(self, then=())

    def changed(self, step: int, spec: RunnerSpec) -> RunnerSpec:
        """A copy that is as ``spec`` from a step on; at step 0, from the start."""
        if step <= 0:
            return spec.bare.dressed(self)
        kept = tuple(s for s in self.then if s.step < step)
        return replace(self, then=(*kept, Segment(step, spec.bare)))

    def edited(self, step: int, edit: Callable[[RunnerSpec], RunnerSpec]) -> RunnerSpec:
        """A copy with one edit made from a step on, through all that it becomes later.

        A later change of which the edit leaves nothing is dropped.
        """
        steps = sorted({0, max(0, step), *(s.step for s in self.then)})
        specs = [self.at(k).bare for k in steps]
        specs = [edit(s).bare if k >= step else s for k, s in zip(steps, specs, strict=True)]
        changes = zip(steps[1:], pairwise(specs), strict=True)
        then = tuple(Segment(k, after) for k, (before, after) in changes if after != before)
        return replace(specs[0].dressed(self), then=then)

    def parts_from(self, other: RunnerSpec) -> int | None:
        """The step from which on it is set otherwise than another; None if it never is."""
        if self.bare != other.bare:
            return 0
        for one, two in zip_longest(self.then, other.then):
            if one != two:
                return min(s.step for s in (one, two) if s is not None)
        return None


@dataclass(frozen=True, slots=True)
class Segment:
    """What a runner is from a step on: another optimizer, or other settings."""

    step: int
    spec: RunnerSpec


@dataclass(frozen=True, slots=True)
class Minima:
    """The known lowest places of an objective: scalar parameters by node id, and the loss there."""

    places: tuple[Mapping[str, float], ...]
    value: float

    def on(self, axes: Sequence[Axis]) -> tuple[tuple[float, ...], ...]:
        """The places as coordinates on ``axes``; those that do not say where on one left out."""
        known = [p for p in self.places if all(not a.index and a.node in p for a in axes)]
        return tuple(dict.fromkeys(tuple(float(p[a.node]) for a in axes) for p in known))


@dataclass(frozen=True, slots=True)
class Batching:
    """That each step sees ``size`` rows of the ``leaves``, by node id, shuffled from ``seed``."""

    leaves: tuple[str, ...]
    size: int
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Span:
    """Values of one setting from ``low`` to ``high``: ``count`` of them, evenly spread.

    ``log``: evenly in their logarithm, both ends above 0. ``whole``: rounded, each once.
    """

    name: str
    low: float
    high: float
    count: int = 20
    log: bool = False
    whole: bool = False

    def values(self) -> tuple[float, ...]:
        """The values, rising or falling as the ends say; DescentError for ends that cannot be."""
        if not 2 <= self.count <= 1000:
            raise DescentError(f"a range takes 2 to 1000 values, not {self.count}")
        if self.low == self.high:
            raise DescentError(f"{self.name}: a range needs two different ends")
        if self.log and not (self.low > 0 and self.high > 0):
            raise DescentError(
                f"{self.name}: a logarithmic range needs both ends above 0; spread it evenly"
            )
        spaced = np.geomspace if self.log else np.linspace
        found = spaced(self.low, self.high, self.count).tolist()
        return tuple(dict.fromkeys(float(round(v)) if self.whole else float(v) for v in found))


@dataclass(frozen=True, slots=True)
class DescentSettings:
    """Everything the Descend workspace keeps in the document.

    ``budget``: of what each runner has ``steps`` many, one of :data:`BUDGETS`.
    ``ranges``: the picture's extent, ((low, high) across, (low, high) up); None: chosen to fit.
    ``minima``: the lowest places, where they are known. ``source``: where the objective is from.
    ``batch``: how each step samples the data; None: each step sees all of it.
    ``plane``: the plane that the picture lies in; None: along the axes. ``points``: places kept
    by name. ``sweep``, ``phase``: the settings that are varied, and how far; None: the usual.
    ``basin_steps``: steps from each start of the basins. ``view``: which of :data:`VIEWS` is shown.
    """

    axes: tuple[Axis, ...] = ()
    runners: tuple[RunnerSpec, ...] = ()
    steps: int = 60
    ranges: tuple[tuple[float, float], tuple[float, float]] | None = None
    minima: Minima | None = None
    source: str = ""
    budget: str = "steps"
    batch: Batching | None = None
    plane: PlaneSpec | None = None
    points: tuple[SavedPoint, ...] = ()
    sweep: Span | None = None
    phase: tuple[Span, Span] | None = None
    basin_steps: int = BASIN_STEPS
    view: str = VIEWS[0]

    def saved(self, name: str) -> SavedPoint:
        """The saved point of that name; DescentError where there is none."""
        for point in self.points:
            if point.name == name:
                return point
        raise DescentError(f"no point is saved as '{name}'")


def describe(spec: RunnerSpec) -> str:
    """``SGD lr=0.1 momentum=0.9``."""
    parts = [
        spec.optimizer,
        *(f"{k}={v:g}" if isinstance(v, float) else f"{k}={v}" for k, v in spec.settings.items()),
    ]
    if spec.schedule:
        parts.append(spec.schedule)
        parts += [f"{k}={v}" for k, v in spec.schedule_settings.items()]
    return " ".join(parts)


def checked(spec: RunnerSpec) -> RunnerSpec:
    """``spec`` if it can be run; else DescentError, where possible in the optimizer's words."""
    kind = RUNNERS[spec.optimizer]
    check_values(spec.optimizer, settings_of(spec.optimizer), spec.settings)
    own = own_settings(spec.optimizer, spec.settings)
    if spec.schedule is not None:
        check_values(spec.schedule, SCHEDULES[spec.schedule].settings, spec.schedule_settings)
    try:
        kind.check(kind.__new__(kind), {s.name: s.default for s in kind.settings} | own)
    except ValueError as problem:
        raise DescentError(f"{spec.optimizer}: {problem}") from None
    for setting in shared_of(spec.optimizer):
        if not spec.settings.get(setting.name, 0.0) >= 0.0:
            given = spec.settings[setting.name]
            raise DescentError(f"{spec.optimizer}: {setting.name} must be 0 or more, not {given}")
    if spec.settings.get("lr") == 0.0:
        raise DescentError(f"{spec.optimizer}: with lr=0 it never moves; give more than 0")
    if spec.schedule is not None:
        try:
            scheduled(kind([Tensor.wrap(np.zeros(()), True)], **own), spec)
        except (ValueError, ArithmeticError) as problem:
            raise DescentError(f"{spec.schedule}: {problem}") from None
    steps = [s.step for s in spec.then]
    if any(step < 1 for step in steps) or steps != sorted(set(steps)):
        raise DescentError("the steps from which a runner changes must rise, from 1 on")
    for segment in spec.then:
        checked(segment.spec)
    return spec


def checked_batching(batching: Batching) -> Batching:
    """``batching`` if its numbers can be used; else DescentError."""
    if batching.size < 1:
        raise DescentError(f"a batch has 1 row or more, not {batching.size}")
    if not 0 <= batching.seed < 1 << 32:
        raise DescentError(f"a seed is a whole number from 0 to {(1 << 32) - 1}")
    return batching


def scheduled(optimizer: Optimizer, spec: RunnerSpec) -> LRScheduler | None:
    """The schedule of a runner, with what it does not say at its default."""
    if spec.schedule is None:
        return None
    kind = SCHEDULES[spec.schedule]
    return kind(
        optimizer, **({s.name: s.default for s in kind.settings} | dict(spec.schedule_settings))
    )


def check_values(owner: str, described: Sequence[Setting], given: Mapping[str, Any]) -> None:
    """Refuse settings nobody described, and values that are not of their kind."""
    known = {s.name: s for s in described}
    for name, value in given.items():
        if name not in known:
            raise DescentError(f"{owner} has no setting '{name}'; it has {', '.join(known)}")
        if not fits(known[name], value):
            raise DescentError(f"{owner}: {name} must be {wanted(known[name])}")


def fits(setting: Setting, value: Any) -> bool:
    """Whether a value is of the kind a setting takes."""
    default = setting.default
    if value is None or setting.choices:
        return value in setting.choices or (value is None and default is None)
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(default, bool) and isinstance(value, bool)
    if isinstance(default, tuple):
        numbers = cast("tuple[Any, ...]", value if isinstance(value, tuple) else ())
        same = len(numbers) == len(cast("tuple[Any, ...]", default))
        return same and all(isinstance(n, int | float) and isfinite(n) for n in numbers)
    if isinstance(default, int | None):
        return isinstance(value, int) and value >= setting.low
    return isinstance(value, int | float) and isfinite(value)


def wanted(setting: Setting) -> str:
    """What a setting takes, in words."""
    default = setting.default
    if setting.choices:
        return " or ".join([*setting.choices, *(["none"] if default is None else [])])
    if isinstance(default, bool):
        return "true or false"
    if isinstance(default, tuple):
        return f"{len(cast('tuple[Any, ...]', default))} numbers with commas"
    if isinstance(default, int | None):
        return f"a whole number, {setting.low:g} or more"
    return "a number"
