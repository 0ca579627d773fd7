"""Runners from words, as the command line takes them, and in words."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from typing import Any, cast

from gradviz.descent.methods import RUNNERS, settings_of
from gradviz.descent.settings import DescentError, RunnerSpec, checked, wanted
from gradviz.optim import Setting
from gradviz.optim.lr_scheduler import SCHEDULES


def parse_runner(text: str) -> RunnerSpec:
    """A runner from ``"SGD lr=0.1 momentum=0.9 StepLR step_size=10"``.

    :class:`DescentError` says what is wrong and what would be right.
    """
    words = text.split()
    if not words:
        raise DescentError('a runner is an optimizer and its settings, such as "SGD lr=0.1"')
    optimizer = words[0]
    if optimizer not in RUNNERS:
        raise DescentError(f"there is no optimizer '{optimizer}'; there are {', '.join(RUNNERS)}")
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
        described = SCHEDULES[schedule].settings if schedule else settings_of(optimizer)
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
