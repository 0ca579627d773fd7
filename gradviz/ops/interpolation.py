"""Interpolation: a signal, image or volume at another size.

Every mode is a map along each dimension (which elements a result lies between, and how near it
is to each), so they differ in their taps only.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gradviz.ops.dtypes import of_numpy, uint8
from gradviz.ops.pooling import adaptive_maps, some
from gradviz.ops.spec import Array, Attr, Op, Port, Shape, example
from gradviz.ops.taps import Taps, along_last, along_last_back, taps_of

MODES = (
    "nearest", "nearest-exact", "linear", "bilinear", "bicubic", "trilinear", "area",
)  # fmt: skip
_CUBIC = -0.75


def _ratio(size: int, outs: int, align: bool, scale: float | None) -> float:
    """How far apart results lie, in elements of the input."""
    if align:
        return (size - 1) / (outs - 1) if outs > 1 else 0.0
    return 1 / scale if scale is not None and scale > 0 else size / outs


def _centers(size: int, outs: int, align: bool, scale: float | None) -> Array:
    """Where each result lies between the elements of the input."""
    step, ratio = np.arange(outs), _ratio(size, outs, align, scale)
    return ratio * step if align else ratio * (step + 0.5) - 0.5


def _nearest(size: int, outs: int, scale: float | None, exact: bool) -> Taps:
    # PyTorch finds the places in single precision, which decides where they round.
    ratio = np.float32(_ratio(size, outs, False, scale))
    steps = np.arange(outs, dtype=np.float32) + np.float32(0.5 if exact else 0)
    places = np.minimum(np.floor(steps * ratio).astype(np.int64), size - 1)
    return taps_of(size, places[:, None])


def _linear(size: int, outs: int, align: bool, scale: float | None) -> Taps:
    at = np.maximum(_centers(size, outs, align, scale), 0)
    low = np.minimum(np.floor(at).astype(np.int64), size - 1)
    part = np.clip(at - low, 0, 1)
    high = np.minimum(low + 1, size - 1)
    return taps_of(size, np.stack([low, high], 1), np.stack([1 - part, part], 1))


def _near(x: Array) -> Array:
    """The weight of an element at most one away."""
    return ((_CUBIC + 2) * x - (_CUBIC + 3)) * x * x + 1


def _far(x: Array) -> Array:
    """The weight of an element between one and two away."""
    return ((_CUBIC * x - 5 * _CUBIC) * x + 8 * _CUBIC) * x - 4 * _CUBIC


def _cubic(size: int, outs: int, align: bool, scale: float | None) -> Taps:
    at = _centers(size, outs, align, scale)
    low = np.floor(at)
    part = at - low
    weights = np.stack([_far(part + 1), _near(part), _near(1 - part), _far(2 - part)], 1)
    places = np.clip(low[:, None].astype(np.int64) + np.arange(-1, 3), 0, size - 1)
    return taps_of(size, places, weights)


def resize_maps(
    size: Shape, outs: Shape, mode: str, align: bool, scales: tuple[float | None, ...]
) -> list[Taps]:
    """The map along each dimension for a mode."""
    if mode == "area":
        return adaptive_maps(size, outs)
    fields = zip(size, outs, scales, strict=True)
    if mode.startswith("nearest"):
        return [_nearest(n, o, s, mode == "nearest-exact") for n, o, s in fields]
    one = _cubic if mode == "bicubic" else _linear
    return [one(n, o, align, s) for n, o, s in fields]


def _scales(factors: Any, rank: int) -> tuple[float | None, ...]:
    if factors is None or not np.size(factors):
        return (None,) * rank
    given = [float(f) for f in np.ravel(factors)]
    return tuple(given * rank if len(given) == 1 else given)


def _resize(input: Array, size: Any, mode: str, align_corners: bool, scales: Any) -> Array:
    array, outs = np.asarray(input), tuple(size)
    rank = len(outs)
    sizes = array.shape[array.ndim - rank :]
    if min(outs) <= 0 or min(sizes) <= 0:
        raise RuntimeError(
            "Input and output sizes should be greater than 0, but got "
            f"input ({', '.join(f'{w}: {n}' for w, n in zip('DHW'[-rank:], sizes, strict=True))}) "
            f"output ({', '.join(f'{w}: {n}' for w, n in zip('DHW'[-rank:], outs, strict=True))})"
        )
    kind = of_numpy(array.dtype)
    if not kind.is_floating_point and (kind is not uint8 or mode == "area"):
        raise NotImplementedError(
            f'"compute_indices_weights_{mode.removeprefix("bi").removeprefix("tri")}" not '
            f"implemented for '{kind.legacy_name}'"
        )
    maps = resize_maps(sizes, outs, mode, bool(align_corners), _scales(scales, rank))
    if kind is uint8 and not mode.startswith("nearest"):
        whole = along_last(array.astype(np.float64), maps)
        return np.clip(np.floor(whole + 0.5), 0, 255).astype(np.uint8)
    return along_last(array, maps)


def _resize_back(input: Array, shape: Shape, mode: str, align_corners: bool, scales: Any) -> Array:
    array = np.asarray(input)
    rank = len(shape) - 2
    maps = resize_maps(
        tuple(shape[2:]), array.shape[2:], mode, bool(align_corners), _scales(scales, rank)
    )
    return along_last_back(array, maps)


_MODE = Attr(
    name="mode", kind="choice", default="nearest", choices=MODES,
    doc="How a value between elements is found.",
)  # fmt: skip
_ALIGN = Attr(
    name="align_corners", kind="bool", default=False,
    doc="Whether the outermost elements stay where they are.",
)  # fmt: skip
_SCALES = Attr(
    name="scales", kind="array", default=None, optional=True,
    doc="The factors to go by, where they differ from those of the sizes.",
)  # fmt: skip

upsample = Op(
    name="resize", family="Interpolation", category="shape", symbol="⤢",
    doc="A signal, image or volume brought to another size, with values found in between.",
    ports=(Port(
        name="input", doc="Samples of channels.",
        grad="resize_backward(g, input_shape, mode, align_corners, scales) if mode != 'area' else"
        " beside(resize_backward(g, input_shape, mode, align_corners, scales), (input,))",
    ),),
    attrs=(
        Attr(name="size", kind="shape", doc="The spatial size to come to."), _MODE, _ALIGN, _SCALES,
    ),
    forward=_resize, promotion="none", 
    meaning={"input": "each element gets a share of the gradient of all it lies near, as large as "
             "its weight there"},
    examples=(
        example(some(1, 1, 1, 4), size=(6,)),
        example(some(1, 1, 1, 4), size=(3,), mode="nearest-exact"),
        example(some(1, 1, 1, 3), size=(5,), mode="linear"),
        example(some(1, 1, 1, 2, 3), size=(3, 5), mode="bilinear", align_corners=True),
        example(some(1, 1, 1, 3, 2), size=(4, 3), mode="bicubic"),
        example(some(1, 1, 1, 2, 2, 2), size=(3, 1, 2), mode="trilinear"),
        example(some(1, 1, 1, 3, 5), size=(2, 2), mode="area"),
    ),
    search=("upsample", "interpolate an image", "scale an image"), method=False, function=False,
    backward_name="UpsampleBackward0", addable=False,
)  # fmt: skip

upsample_backward = Op(
    name="resize_backward", family="Gradients", category="shape", symbol="⤢ᵀ",
    doc="Carries a resized tensor back to the size it came from.",
    ports=(Port(name="input", grad="resize(g, input_shape[2:], mode, align_corners, scales)"),),
    attrs=(Attr(name="shape", kind="shape", doc="The shape to come back to."), _MODE, _ALIGN,
           _SCALES),
    forward=_resize_back, promotion="none",
    examples=(example(some(1, 1, 1, 5), shape=(1, 1, 3), mode="linear"),),
    method=False, function=False, addable=False,
)  # fmt: skip
