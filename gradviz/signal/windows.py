"""Windows: curves that fade a stretch of a signal in and out. ``torch.signal.windows``.

``sym`` makes a window symmetric; without, it is a period of one, a sample longer.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from gradviz.ops.creation import as_dtype
from gradviz.ops.dtypes import get_default_dtype
from gradviz.ops.pointwise import scipy_function
from gradviz.ops.spec import Array
from gradviz.tensor.device import check_device
from gradviz.tensor.tensor import Tensor

Curve = Callable[[Array, int], Array]
"""The heights at places 0 … in a window of some length."""


def _window(
    name: str, M: int, sym: bool, curve: Curve, *, dtype: Any = None, device: Any = None,
    requires_grad: bool = False, layout: Any = None,
) -> Tensor:  # fmt: skip
    if M < 0:
        raise ValueError(f"{name} requires non-negative window length, got M={M}")
    kind = as_dtype(dtype, get_default_dtype())
    if kind.name not in ("float32", "float64"):
        raise ValueError(f"{name} expects float32 or float64 dtypes, got: {dtype}")
    if device is not None:
        check_device(device)
    length = M if sym else M + 1
    places = np.arange(M, dtype=np.float64)
    heights = np.ones(M) if M == 1 else curve(places, length)
    return Tensor.wrap(np.asarray(heights, kind), requires_grad)


def bartlett(M: int, *, sym: bool = True, **settings: Any) -> Tensor:
    """A triangle from 0 to 1 and back."""
    return _window(
        "bartlett", M, sym, lambda n, size: 1 - np.abs(2 * n / (size - 1) - 1), **settings
    )


def general_cosine(M: int, *, a: Iterable[float], sym: bool = True, **settings: Any) -> Tensor:
    """A sum of cosines with weights ``a``, every second one taken away."""
    return _cosines("general_cosine", M, a, sym, settings)


def _cosines(name: str, M: int, a: Iterable[float], sym: bool, settings: dict[str, Any]) -> Tensor:
    if not isinstance(a, Iterable):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError("Coefficients must be a list/tuple")
    weights = list(a)
    if not weights:
        raise ValueError("Coefficients cannot be empty")

    def curve(n: Array, size: int) -> Array:
        angle = 2 * math.pi * n / (size - 1)
        terms = [(-1) ** k * w * np.cos(k * angle) for k, w in enumerate(weights)]
        return np.sum(terms, axis=0)

    return _window(name, M, sym, curve, **settings)


def general_hamming(M: int, *, alpha: float = 0.54, sym: bool = True, **settings: Any) -> Tensor:
    """A raised cosine, ``alpha`` high in the mean."""
    return general_cosine(M, a=[alpha, 1 - alpha], sym=sym, **settings)


def hamming(M: int, *, sym: bool = True, **settings: Any) -> Tensor:
    """A raised cosine that does not fall to zero."""
    return general_hamming(M, sym=sym, **settings)


def hann(M: int, *, sym: bool = True, **settings: Any) -> Tensor:
    """A raised cosine from 0 to 1 and back."""
    return general_hamming(M, alpha=0.5, sym=sym, **settings)


def blackman(M: int, *, sym: bool = True, **settings: Any) -> Tensor:
    """A sum of three cosines, flatter at the ends than :func:`hann`."""
    return _cosines("blackman", M, [0.42, 0.5, 0.08], sym, settings)


def nuttall(M: int, *, sym: bool = True, **settings: Any) -> Tensor:
    """A sum of four cosines, flatter still."""
    return general_cosine(M, a=[0.3635819, 0.4891775, 0.1365995, 0.0106411], sym=sym, **settings)


def cosine(M: int, *, sym: bool = True, **settings: Any) -> Tensor:
    """Half a sine."""
    return _window("cosine", M, sym, lambda n, size: np.sin(math.pi * (n + 0.5) / size), **settings)


def exponential(
    M: int, *, center: float | None = None, tau: float = 1.0, sym: bool = True, **settings: Any
) -> Tensor:
    """Decay on both sides of a center, to 1/e over each ``tau``."""
    if tau <= 0:
        raise ValueError(f"Tau must be positive, got: {tau} instead.")
    if sym and center is not None:
        raise ValueError("Center must be None for symmetric windows")

    def curve(n: Array, size: int) -> Array:
        middle = (size - 1) / 2 if center is None else center
        return np.exp(-np.abs(n - middle) / tau)

    return _window("exponential", M, sym, curve, **settings)


def gaussian(M: int, *, std: float = 1.0, sym: bool = True, **settings: Any) -> Tensor:
    """A bell curve with standard deviation ``std``."""
    if std <= 0:
        raise ValueError(f"Standard deviation must be positive, got: {std} instead.")
    return _window(
        "gaussian", M, sym, lambda n, size: np.exp(-(((n - (size - 1) / 2) / std) ** 2) / 2),
        **settings,
    )  # fmt: skip


def kaiser(M: int, *, beta: float = 12.0, sym: bool = True, **settings: Any) -> Tensor:
    """A window made with a Bessel function; larger ``beta`` makes it narrower."""
    if beta < 0:
        raise ValueError(f"beta must be non-negative, got: {beta} instead.")

    def curve(n: Array, size: int) -> Array:
        bessel: Any = scipy_function("i0")
        inside = 1 - (2 * n / (size - 1) - 1) ** 2
        return bessel(beta * np.sqrt(np.maximum(inside, 0))) / bessel(beta)

    return _window("kaiser", M, sym, curve, **settings)


def _periodic(window: Callable[..., Tensor], name: str, **fixed: Any) -> Callable[..., Tensor]:
    def function(window_length: int, periodic: bool = True, **settings: Any) -> Tensor:
        return window(window_length, sym=not periodic, **fixed, **settings)

    function.__name__ = name
    function.__doc__ = f"{window.__doc__} See PyTorch's torch.{name}."
    return function


bartlett_window = _periodic(bartlett, "bartlett_window")
blackman_window = _periodic(blackman, "blackman_window")
hann_window = _periodic(hann, "hann_window")


def hamming_window(
    window_length: int, periodic: bool = True, alpha: float = 0.54, beta: float = 0.46,
    **settings: Any,
) -> Tensor:  # fmt: skip
    """A raised cosine, ``alpha`` high in the mean and ``beta`` up and down."""
    return general_cosine(window_length, a=[alpha, beta], sym=not periodic, **settings)


def kaiser_window(
    window_length: int, periodic: bool = True, beta: float = 12.0, **settings: Any
) -> Tensor:
    """A window made with a Bessel function; larger ``beta`` makes it narrower."""
    return kaiser(window_length, beta=beta, sym=not periodic, **settings)
