"""Finding the operation whose gradient first went wrong: anomaly detection.

While it is on, each record's gradients are looked through as a backward pass makes them. PyTorch
stops at nan; here ±inf, from which the nan usually comes, stops the pass too. See
https://docs.pytorch.org/docs/stable/autograd.html#anomaly-detection.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from typing import Any

import numpy as np

from gradviz.autograd.record import Record
from gradviz.ops.spec import Array

__all__ = ["detect_anomaly", "is_anomaly_check_nan_enabled", "is_anomaly_enabled",
           "set_detect_anomaly"]  # fmt: skip

SHOWN = 3


class _State:
    """Whether passes are watched, and for what; of the whole process, as PyTorch's is."""

    enabled = False
    check_nan = True
    check_inf = True


ANOMALY = _State()


def is_anomaly_enabled() -> bool:
    """Whether anomaly detection is on."""
    return ANOMALY.enabled


def is_anomaly_check_nan_enabled() -> bool:
    """Whether anomaly detection looks for nan where it is on."""
    return ANOMALY.check_nan


class set_detect_anomaly:
    """Turn anomaly detection on or off: at once, or for a ``with`` block.

    ``check_nan``: raise where a gradient is nan; ``check_inf``, unless given, goes with it:
    raise where one is ±inf, which PyTorch lets pass.
    """

    def __init__(self, mode: bool, check_nan: bool = True, check_inf: bool | None = None) -> None:
        self._before = (ANOMALY.enabled, ANOMALY.check_nan, ANOMALY.check_inf)
        ANOMALY.enabled = mode
        ANOMALY.check_nan = check_nan
        ANOMALY.check_inf = check_nan if check_inf is None else check_inf

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        ANOMALY.enabled, ANOMALY.check_nan, ANOMALY.check_inf = self._before


class detect_anomaly:
    """A block in which a backward pass stops at the first gradient that is nan or ±inf.

    Arguments as of :class:`set_detect_anomaly`. Warns, as PyTorch does, that it takes time.
    """

    def __init__(self, check_nan: bool = True, check_inf: bool | None = None) -> None:
        self._settings = (check_nan, check_inf)
        self._blocks: list[set_detect_anomaly] = []
        warnings.warn(
            "Anomaly Detection has been enabled. This mode will increase the runtime and should "
            "only be enabled for debugging.",
            UserWarning,
            stacklevel=2,
        )

    def __enter__(self) -> None:
        self._blocks.append(set_detect_anomaly(True, *self._settings))

    def __exit__(self, *_: object) -> None:
        self._blocks.pop().__exit__()


def examine(record: Record, sent: Iterable[tuple[int, Any]]) -> None:
    """Raise for the first bad value among what a record sends: pairs of position and gradient."""
    for position, value in sent:
        array: Array = np.asarray(getattr(value, "array", value))
        if array.dtype.kind != "f":
            continue
        for wanted, kind, test in (
            (ANOMALY.check_nan, "nan", np.isnan),
            (ANOMALY.check_inf, "inf", np.isinf),
        ):
            bad = test(array) if wanted else None
            if bad is not None and bad.any():
                raise RuntimeError(complaint(record, position, array, bad, kind))


def complaint(record: Record, position: int, array: Array, bad: Array, kind: str) -> str:
    """PyTorch's sentence, then which operation on what, and the first bad values."""
    number = sum(
        record.dtypes[i] is not None and record.op.takes_gradient[record.port_of(i)]
        for i in range(position)
    )
    port = record.op.ports[record.port_of(position)].name
    shapes = ", ".join(
        str(list(shape))
        for shape, dtype in zip(record.shapes, record.dtypes, strict=True)
        if dtype is not None
    )
    outputs = ", ".join(str(list(shape)) for shape, _ in record.out_shapes)
    places = [tuple(int(i) for i in place) for place in np.argwhere(bad)[:SHOWN]]
    values = ", ".join(f"{array[place]} at {list(place)}" for place in places)
    count = int(bad.sum())
    more = f" and {count - len(places)} more" if count > len(places) else ""
    return (
        f"Function '{record.name()}' returned {kind} values in its {number}th output. "
        f"{record.op.base_name}, of inputs of shape {shapes} and result of shape {outputs}, "
        f"sends '{port}' a gradient of shape {list(array.shape)} with {values}{more}."
    )
