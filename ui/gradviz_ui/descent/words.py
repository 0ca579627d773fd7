"""How Descend writes runners, settings and points of the parameter plane."""

import numpy as np

from gradviz.descent import RunnerSpec
from gradviz.descent.methods import settings_of
from gradviz.optim import Setting

from ..numbers import short


def compact(value: float) -> str:
    """A number that was chosen, not computed, so without idle zeros: ``0.1``, ``−250``, ``1e−8``.

    Settings and the ticks of axes read so; what is computed has all its digits.
    """
    mantissa, mark, power = short(value).partition("e")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return mantissa + mark + power


def numbers(values: object) -> str:
    """One number as it is, several in brackets: ``(−0.4820, 0.03100)``."""
    array = np.atleast_1d(np.asarray(values, dtype=float))
    words = [short(float(v)) for v in array]
    return words[0] if len(words) == 1 else f"({', '.join(words)})"


def runner_title(spec: RunnerSpec) -> str:
    """``SGD momentum 0.85``: the optimizer with what differs from its defaults, but the rate."""
    if spec.name:
        return spec.name
    defaults = {s.name: s.default for s in settings_of(spec.optimizer)}
    parts = [spec.optimizer]
    for name, value in spec.settings.items():
        if name == "lr" or value == defaults.get(name):
            continue
        if isinstance(value, bool):
            parts.append(name)
        else:
            parts.append(f"{name.replace('_', ' ')} {written(value)}")
    return " ".join(parts)


def changes(before: RunnerSpec, after: RunnerSpec) -> str:
    """What a runner becomes, against what it was: ``lr 0.01, momentum 0.9``."""
    parts: list[str] = []
    if after.optimizer != before.optimizer:
        parts.append(after.optimizer)
    for setting in settings_of(after.optimizer):
        value = after.setting(setting.name)
        known = before.setting(setting.name) if after.optimizer == before.optimizer else None
        if value != known and (setting.name in after.settings or known is not None):
            parts.append(f"{setting.name} {written(value)}")
    if after.schedule != before.schedule:
        parts.append(after.schedule or "no schedule")
    elif after.schedule_settings != before.schedule_settings:
        parts.append(f"{after.schedule} set otherwise")
    return ", ".join(parts) or "as before"


def written(value: object) -> str:
    """A setting's value as one writes it: ``0.9, 0.999``, ``on``, ``none``."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return ", ".join(compact(float(v)) for v in value)
    return compact(float(value)) if isinstance(value, int | float) else str(value)


def rate_of(spec: RunnerSpec) -> float:
    """A runner's learning rate, as given or by default."""
    return float(spec.setting("lr"))


def rate_setting(spec: RunnerSpec) -> Setting:
    """What is known of a runner's learning rate: its default and the range of a control."""
    return next(s for s in settings_of(spec.optimizer) if s.name == "lr")
