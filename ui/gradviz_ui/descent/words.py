"""How Descend writes numbers and runners: shorter than elsewhere, for they stand in formulas."""

import math

import numpy as np

from gradviz.descent import RunnerSpec
from gradviz.optim import OPTIMIZERS

from ..numbers import MINUS, short


def compact(value: float) -> str:
    """A number in three significant digits without idle zeros: ``−0.482``, ``0.1``, ``2.3e−4``."""
    if not math.isfinite(value):
        return short(value)
    if value == 0:
        return "0"
    mantissa, _, exponent = f"{value:.2e}".partition("e")
    power = int(exponent)
    if -4 < power < 5:
        digits = max(0, 2 - power)
        text = f"{value:.{digits}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    else:
        text = f"{mantissa.rstrip('0').rstrip('.')}e{power}"
    return text.replace("-", MINUS)


def numbers(values: object) -> str:
    """One number as it is, several in brackets: ``(−0.482, 0.031)``."""
    array = np.atleast_1d(np.asarray(values, dtype=float))
    words = [compact(float(v)) for v in array]
    return words[0] if len(words) == 1 else f"({', '.join(words)})"


def runner_title(spec: RunnerSpec) -> str:
    """``SGD momentum 0.85``: the optimizer with what differs from its defaults, but the rate."""
    if spec.name:
        return spec.name
    defaults = {s.name: s.default for s in OPTIMIZERS[spec.optimizer].settings}
    parts = [spec.optimizer]
    for name, value in spec.settings.items():
        if name == "lr" or value == defaults.get(name):
            continue
        if isinstance(value, bool):
            parts.append(name)
        else:
            shown = numbers(value) if isinstance(value, tuple) else compact(float(value))
            parts.append(f"{name.replace('_', ' ')} {shown}")
    return " ".join(parts)


def rate_of(spec: RunnerSpec) -> float:
    """A runner's learning rate, as given or by default."""
    return float(spec.setting("lr"))
