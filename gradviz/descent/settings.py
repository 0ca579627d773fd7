"""What a document keeps about its descent: axes, runners, how many steps; as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import isfinite
from types import MappingProxyType
from typing import Any, cast

import numpy as np

from gradviz.optim import OPTIMIZERS, Optimizer, Setting
from gradviz.optim.lr_scheduler import SCHEDULES, LRScheduler
from gradviz.tensor.tensor import Tensor


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
    """One optimizer in a race, with the settings that differ from its defaults."""

    optimizer: str = "SGD"
    settings: Mapping[str, Any] = field(default_factory=_no_settings)
    schedule: str | None = None
    schedule_settings: Mapping[str, Any] = field(default_factory=_no_settings)
    name: str = ""
    visible: bool = True

    @property
    def title(self) -> str:
        """Its name, or the optimizer with the settings that were given."""
        return self.name or describe(self)

    def setting(self, name: str) -> Any:
        """A setting's value: as given, or the default."""
        defaults = {s.name: s.default for s in OPTIMIZERS[self.optimizer].settings}
        return self.settings.get(name, defaults.get(name))

    def with_setting(self, name: str, value: Any) -> RunnerSpec:
        """A copy with one setting changed."""
        return replace(self, settings=MappingProxyType({**self.settings, name: value}))


@dataclass(frozen=True, slots=True)
class DescentSettings:
    """Everything the Descend workspace keeps in the document.

    ``ranges``: the picture's extent, ((low, high) across, (low, high) up); None: chosen to fit.
    """

    axes: tuple[Axis, ...] = ()
    runners: tuple[RunnerSpec, ...] = ()
    steps: int = 60
    ranges: tuple[tuple[float, float], tuple[float, float]] | None = None


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


def parse_runner(text: str) -> RunnerSpec:
    """A runner from ``"SGD lr=0.1 momentum=0.9 StepLR step_size=10"``.

    :class:`DescentError` says what is wrong and what would be right.
    """
    words = text.split()
    if not words:
        raise DescentError('a runner is an optimizer and its settings, such as "SGD lr=0.1"')
    optimizer = words[0]
    if optimizer not in OPTIMIZERS:
        raise DescentError(
            f"there is no optimizer '{optimizer}'; there are {', '.join(OPTIMIZERS)}"
        )
    schedule: str | None = None
    settings: dict[str, Any] = {}
    schedule_settings: dict[str, Any] = {}
    for word in words[1:]:
        if "=" not in word:
            if word not in SCHEDULES:
                raise DescentError(
                    f"'{word}' is neither a setting (name=value) nor a schedule "
                    f"({', '.join(SCHEDULES)})"
                )
            schedule = word
            continue
        described = SCHEDULES[schedule].settings if schedule else OPTIMIZERS[optimizer].settings
        name, value = parse_setting(word, schedule or optimizer, described)
        (schedule_settings if schedule else settings)[name] = value
    return checked(
        RunnerSpec(
            optimizer, MappingProxyType(settings), schedule, MappingProxyType(schedule_settings)
        )
    )


def parse_setting(word: str, owner: str, described: Sequence[Setting]) -> tuple[str, Any]:
    """``momentum=0.9`` as a name and a value of its default's kind."""
    name, _, text = word.partition("=")
    setting = next((s for s in described if s.name == name), None)
    if setting is None:
        raise DescentError(
            f"{owner} has no setting '{name}'; it has {', '.join(s.name for s in described)}"
        )
    return name, read_value(setting, text)


def read_value(setting: Setting, text: str) -> Any:
    """A setting's value from text, of the kind its default is."""
    default = setting.default
    try:
        if default is None and text.lower() == "none":
            return None
        if setting.choices:
            return {c: c for c in setting.choices}[text]
        if isinstance(default, bool):
            return {"true": True, "1": True, "false": False, "0": False}[text.lower()]
        if isinstance(default, tuple):
            numbers = tuple(float(t) for t in text.strip("()").split(","))
            if len(numbers) != len(cast("tuple[float, ...]", default)):
                raise ValueError
            return numbers
        return int(text) if isinstance(default, int | None) else float(text)
    except (ValueError, KeyError):
        name = setting.name
        raise DescentError(f"{name}={text}: {name} must be {wanted(setting)}") from None


def checked(spec: RunnerSpec) -> RunnerSpec:
    """``spec`` if it can be run; else DescentError, where possible in the optimizer's words."""
    kind = OPTIMIZERS[spec.optimizer]
    check_values(spec.optimizer, kind.settings, spec.settings)
    if spec.schedule is not None:
        check_values(spec.schedule, SCHEDULES[spec.schedule].settings, spec.schedule_settings)
    try:
        kind.check(
            kind.__new__(kind), {s.name: s.default for s in kind.settings} | dict(spec.settings)
        )
    except ValueError as problem:
        raise DescentError(f"{spec.optimizer}: {problem}") from None
    if spec.schedule is not None:
        try:
            scheduled(kind([Tensor.wrap(np.zeros(()), True)], **spec.settings), spec)
        except (ValueError, ArithmeticError) as problem:
            raise DescentError(f"{spec.schedule}: {problem}") from None
    return spec


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


def to_plain(settings: DescentSettings) -> dict[str, Any]:
    """As the file keeps it."""
    return {
        "axes": [{"node": a.node, "index": list(a.index)} for a in settings.axes],
        "runners": [runner_to_plain(r) for r in settings.runners],
        "steps": settings.steps,
        "ranges": None if settings.ranges is None else [list(r) for r in settings.ranges],
    }


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
        return DescentSettings(axes, runners, int(plain.get("steps", 60)), kept)  # pyright: ignore[reportArgumentType]
    except (KeyError, TypeError, ValueError) as problem:
        raise DescentError(f"the document's descent settings cannot be read: {problem}") from None


def runner_from_plain(plain: Mapping[str, Any]) -> RunnerSpec:
    """One runner from what the file keeps."""
    kind = plain["optimizer"]
    if kind not in OPTIMIZERS:
        raise DescentError(f"there is no optimizer '{kind}'; there are {', '.join(OPTIMIZERS)}")
    schedule = plain.get("schedule")
    if schedule is not None and schedule not in SCHEDULES:
        raise DescentError(f"there is no schedule '{schedule}'; there are {', '.join(SCHEDULES)}")
    return checked(
        RunnerSpec(
            kind, tupled(plain.get("settings", {})), schedule,
            tupled(plain.get("schedule_settings", {})), str(plain.get("name", "")),
            bool(plain.get("visible", True)),
        )
    )  # fmt: skip


def tupled(settings: Mapping[str, Any]) -> Mapping[str, Any]:
    """Settings with lists as tuples, not to be changed."""
    kept: dict[str, Any] = dict(settings)
    lists = {k: tuple(cast("list[Any]", v)) for k, v in kept.items() if isinstance(v, list)}
    return MappingProxyType(kept | lists)
