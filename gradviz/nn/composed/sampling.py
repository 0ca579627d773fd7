"""Samples of an image at places that need not be pixels, and grids of such places.

Coordinates run from −1 to 1 over each side. What brings them to pixels (scaling, and holding or
mirroring those that lie outside) is on each a straight line, so its slope is a constant.
"""

from __future__ import annotations

import warnings
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from gradviz.ops.spec import Array
from gradviz.tensor import Tensor
from gradviz.tensor.composed import call

__all__ = ["affine_grid", "grid_sample"]
_CUBIC = -0.75
_UNSAID = (
    "Default grid_sample and affine_grid behavior has changed to align_corners=False since 1.3.0. "
    "Please specify align_corners=True if the old behavior is desired. See the documentation of "
    "grid_sample for details."
)


class Axis(NamedTuple):
    """Coordinates along one side as pixels: a tensor, and its size and settings."""

    places: Any
    size: int
    padding: str
    aligned: bool


def _corners(given: bool | None) -> bool:
    if given is None:
        warnings.warn(_UNSAID, stacklevel=3)
    return bool(given)


def _mirrored(places: Array, axis: Axis) -> tuple[Array, Array]:
    """Places mirrored at the ends until they lie inside, and the sign this gave their slope."""
    low, high = (0, 2 * (axis.size - 1)) if axis.aligned else (-1, 2 * axis.size - 1)
    if low == high:
        return np.zeros_like(places), np.zeros_like(places)
    start, span = low / 2, (high - low) / 2
    away = places - start
    sign = np.where(away < 0, -1.0, 1.0)
    away = np.abs(away)
    extra = np.fmod(away, span)
    turns = np.floor(away / span)
    even = turns % 2 == 0
    return np.where(even, extra + start, span - extra + start), np.where(even, sign, -sign)


def _inside(axis: Axis) -> Axis:
    """Places brought inside as the padding says; their gradients stop where they are held."""
    raw = axis.places.array
    if axis.padding == "zeros":
        return axis
    found, slope = raw, np.ones_like(raw)
    if axis.padding == "reflection":
        found, slope = _mirrored(raw, axis)
    held = np.clip(found, 0, axis.size - 1)
    slope = np.where((found <= 0) | (found >= axis.size - 1), 0, slope).astype(raw.dtype)
    moved = axis.places * Tensor.wrap(slope)
    rest = Tensor.wrap((held - moved.array).astype(raw.dtype))
    return axis._replace(places=moved + rest)


def _pixels(grid: Any, number: int, size: int, padding: str, aligned: bool) -> Axis:
    part = call("select", grid, -1, number)
    places = (part + 1) * ((size - 1) / 2) if aligned else ((part + 1) * size - 1) / 2
    return Axis(places, size, padding, aligned)


def _at(input: Any, numbers: list[Array], bounds: list[int]) -> Any:
    """The pixels ``(N, C, places)`` with these numbers along each side; 0 for those outside."""
    batch, channels = input.array.shape[:2]
    valid: Any = np.ones(numbers[0].shape, bool)
    flat: Any = np.zeros(numbers[0].shape, np.int64)
    for number, size in zip(numbers, bounds, strict=True):
        valid &= (number >= 0) & (number < size)
        safe = np.where(np.isfinite(number), number, 0)
        flat = flat * size + np.clip(safe, 0, size - 1).astype(np.int64)
    places = np.broadcast_to(flat.reshape(batch, 1, -1), (batch, channels, flat[0].size))
    pixels = call("gather", call("reshape", input, (batch, channels, -1)), 2, Tensor.wrap(places))
    if valid.all():
        return pixels
    return call("masked_fill", pixels, Tensor.wrap(~valid.reshape(batch, 1, -1)), 0)


def _share(weights: list[Any], batch: int) -> Any:
    """The product of the weights along each side, as ``(N, 1, places)``."""
    whole = weights[0]
    for weight in weights[1:]:
        whole = whole * weight
    return call("reshape", whole, (batch, 1, -1))


def _linear(input: Any, axes: list[Axis]) -> Any:
    inside = [_inside(axis) for axis in axes]
    floors = [np.floor(axis.places.array) for axis in inside]
    parts = [a.places - Tensor.wrap(f) for a, f in zip(inside, floors, strict=True)]
    total: Any = None
    for steps in product((0, 1), repeat=len(axes)):
        numbers = [f + step for f, step in zip(floors, steps, strict=True)]
        weights = [p if step else 1 - p for p, step in zip(parts, steps, strict=True)]
        pixels = _at(input, numbers, [a.size for a in axes])
        term = pixels * _share(weights, len(input.array))
        total = term if total is None else total + term
    return total


def _nearest(input: Any, axes: list[Axis]) -> Any:
    inside = [_inside(axis) for axis in axes]
    pixels = _at(input, [np.rint(a.places.array) for a in inside], [a.size for a in axes])
    never = Tensor.wrap(np.zeros((), bool))
    for axis in inside:  # So that places get a gradient, which is zero.
        pixels = call("where", never, _share([axis.places], len(input.array)), pixels)
    return pixels


def _cubic_weights(part: Any) -> list[Any]:
    """How much each of four pixels counts, ``part`` of the way from the second to the third."""
    a = _CUBIC

    def near(x: Any) -> Any:
        return ((a + 2) * x - (a + 3)) * x * x + 1

    def far(x: Any) -> Any:
        return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a

    return [far(part + 1), near(part), near(1 - part), far(2 - part)]


def _cubic(input: Any, axes: list[Axis]) -> Any:
    """Four by four pixels; here it is these that the padding brings inside, not the place."""
    floors = [np.floor(axis.places.array) for axis in axes]
    weights = [_cubic_weights(a.places - Tensor.wrap(f)) for a, f in zip(axes, floors, strict=True)]
    total: Any = None
    for steps in product(range(4), repeat=len(axes)):
        numbers: list[Array] = []
        for axis, floor, step in zip(axes, floors, steps, strict=True):
            pixel = axis._replace(places=Tensor.wrap(floor + floor.dtype.type(step - 1)))
            numbers.append(_inside(pixel).places.array)
        share = _share([w[s] for w, s in zip(weights, steps, strict=True)], len(input.array))
        term = _at(input, numbers, [a.size for a in axes]) * share
        total = term if total is None else total + term
    return total


_MODES = {"bilinear": _linear, "nearest": _nearest, "bicubic": _cubic}


def _check_words(mode: str, padding_mode: str) -> None:
    if mode not in _MODES:
        raise ValueError(
            "nn.functional.grid_sample(): expected mode to be 'bilinear', 'nearest' or 'bicubic', "
            f"but got: '{mode}'"
        )
    if padding_mode not in ("zeros", "border", "reflection"):
        raise ValueError(
            "nn.functional.grid_sample(): expected padding_mode to be 'zeros', 'border', or "
            f"'reflection', but got: '{padding_mode}'"
        )


def _check_grid(input: Any, grid: Any, mode: str) -> None:
    shape, places = input.array.shape, grid.array.shape
    if input.dtype is not grid.dtype:
        raise RuntimeError(
            f"expected scalar type {input.dtype.legacy_name} but found {grid.dtype.legacy_name}"
        )
    shown = f"{list(shape)} and grid with sizes {list(places)}"
    if shape[:1] != places[:1]:
        raise RuntimeError(
            "grid_sampler(): expected grid and input to have same batch size, but got input with "
            f"sizes {shown}"
        )
    if places[-1] != len(shape) - 2:
        raise RuntimeError(
            f"grid_sampler(): expected grid to have size {len(shape) - 2} in last dimension, but "
            f"got grid with sizes {list(places)}"
        )
    for axis, size in enumerate(shape[2:], 2):
        if size <= 0:
            raise RuntimeError(
                "grid_sampler(): expected input to have non-empty spatial dimensions, but input "
                f"has sizes {list(shape)} with dimension {axis} being empty"
            )
    if len(shape) not in (4, 5) or len(places) != len(shape):
        raise RuntimeError(
            "grid_sampler(): expected 4D or 5D input and grid with same number of dimensions, but "
            f"got input with sizes {shown}"
        )
    if len(shape) == 5 and mode == "bicubic":
        raise RuntimeError("grid_sampler(): bicubic interpolation only supports 4D input")


def grid_sample(
    input: Any, grid: Any, mode: str = "bilinear", padding_mode: str = "zeros",
    align_corners: bool | None = None,
) -> Any:  # fmt: skip
    """``input`` ``(N, C, H, W)`` or ``(N, C, D, H, W)`` at the places of ``grid``.

    ``grid``: ``(N, …, 2)`` or ``(N, …, 3)``, x first. See torch.nn.functional.grid_sample.
    """
    _check_words(mode, padding_mode)
    aligned = _corners(align_corners)
    _check_grid(input, grid, mode)
    sizes = input.array.shape[2:]
    axes = [
        _pixels(grid, len(sizes) - 1 - number, size, padding_mode, aligned)
        for number, size in enumerate(sizes)
    ]
    flat = _MODES[mode](input, axes)
    return call("reshape", flat, (*input.array.shape[:2], *grid.array.shape[1:-1]))


def _check_affine(theta: Any, size: tuple[int, ...]) -> None:
    if not theta.dtype.is_floating_point:
        raise ValueError(f"Expected theta to have floating point type, but got {theta.dtype}")
    rank = len(size) - 2
    if rank not in (2, 3):
        raise NotImplementedError(
            "affine_grid only supports 4D and 5D sizes, for 2D and 3D affine transforms, "
            f"respectively. Got size {size}."
        )
    shape = theta.array.shape
    if len(shape) != 3 or shape[1:] != (rank, rank + 1):
        raise ValueError(
            f"Expected a batch of {rank}D affine matrices of shape Nx{rank}x{rank + 1} for size "
            f"{size}. Got {theta.shape}."
        )


def affine_grid(theta: Any, size: Any, align_corners: bool | None = None) -> Any:
    """Where pixels of an image of ``size`` lie after the affine map ``theta``.

    ``theta``: ``(N, 2, 3)`` or ``(N, 3, 4)``. See PyTorch's torch.nn.functional.affine_grid.
    """
    aligned = _corners(align_corners)
    _check_affine(theta, size)
    spatial = tuple(size)[2:]
    if aligned and min(spatial) == 1:
        warnings.warn(
            "Since version 1.3.0, affine_grid behavior has changed for unit-size grids when "
            "align_corners=True. This is not an intended use case of affine_grid. See the "
            "documentation of affine_grid for details.", stacklevel=2,
        )  # fmt: skip
    elif min(size) <= 0:
        raise ValueError(f"Expected non-zero, positive output size. Got {size}")
    kind = theta.array.dtype
    steps: list[Array] = []
    for count in reversed(spatial):
        places = np.linspace(-1, 1, count) if count > 1 else np.zeros(count)
        steps.append(places if aligned else places * (count - 1) / count)
    grids = np.meshgrid(*reversed(steps), indexing="ij")[::-1]
    base = np.stack([*grids, np.ones(spatial)], -1).reshape(-1, len(spatial) + 1).astype(kind)
    moved = call("matmul", Tensor.wrap(base), call("transpose", theta, 1, 2))
    return call("reshape", moved, (len(theta.array), *spatial, len(spatial)))
