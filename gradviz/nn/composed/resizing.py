"""Interpolation to a size or by a factor, and looking up embeddings."""

from __future__ import annotations

import math
import warnings
from typing import Any

from gradviz.ops.interpolation import MODES
from gradviz.ops.kinds import is_sequence
from gradviz.tensor import Tensor
from gradviz.tensor.binding import public_function

__all__ = ["interpolate", "upsample", "upsample_bilinear", "upsample_nearest"]
_RANKS = {"linear": 3, "bilinear": 4, "bicubic": 4, "trilinear": 5}
_WORDS = {2: "2D", 3: "3D", 4: "4D", 5: "5D"}


def _check_mode(mode: str, rank: int, align_corners: bool | None) -> None:
    by_elements = mode in ("nearest", "area", "nearest-exact")
    if by_elements and align_corners is not None:
        raise ValueError(
            "align_corners option can only be set with the interpolating modes: linear | bilinear "
            "| bicubic | trilinear"
        )
    if mode not in MODES or rank not in (3, 4, 5):
        raise NotImplementedError(
            f"Input Error: Only 3D, 4D and 5D input Tensors supported (got {rank}D) for the modes: "
            "nearest | linear | bilinear | bicubic | trilinear | lanczos | area | nearest-exact "
            f"(got {mode})"
        )
    if not by_elements and rank != _RANKS[mode]:
        raise NotImplementedError(
            f"Got {rank}D input, but {mode} mode needs {_WORDS[_RANKS[mode]]} input"
        )


def _sizes(
    sizes: tuple[int, ...], size: Any, scale_factor: Any
) -> tuple[tuple[int, ...], tuple[float, ...] | None]:
    """The size to come to, and the factors where these were given."""
    rank = len(sizes)
    if size is not None and scale_factor is not None:
        raise ValueError("only one of size or scale_factor should be defined")
    if size is not None:
        outs = tuple(int(n) for n in size) if is_sequence(size) else (int(size),) * rank
        if len(outs) != rank:
            raise ValueError(
                "Input and output must have the same number of spatial dimensions, but got input "
                f"with spatial dimensions of {list(sizes)} and output size of {size}. Please "
                "provide input tensor in (N, C, d1, d2, ...,dK) format and output size in (o1, o2, "
                "...,oK) format."
            )
        return outs, None
    if scale_factor is None:
        raise ValueError("either size or scale_factor should be defined")
    factors = tuple(scale_factor) if is_sequence(scale_factor) else (scale_factor,) * rank
    if len(factors) != rank:
        raise ValueError(
            "Input and scale_factor must have the same number of spatial dimensions, but got input "
            f"with spatial dimensions of {list(sizes)} and scale_factor of shape {scale_factor}. "
            "Please provide input tensor in (N, C, d1, d2, ...,dK) format and scale_factor in (s1, "
            "s2, ...,sK) format."
        )
    return tuple(math.floor(n * f) for n, f in zip(sizes, factors, strict=True)), factors


def interpolate(
    input: Tensor, size: Any = None, scale_factor: Any = None, mode: str = "nearest",
    align_corners: bool | None = None, recompute_scale_factor: bool | None = None,
    antialias: bool = False,
) -> Tensor:  # fmt: skip
    """Samples of channels brought to another size, given as such or by a factor.

    ``antialias`` is not offered. See PyTorch's torch.nn.functional.interpolate.
    """
    shape = input.array.shape
    if antialias:
        raise NotImplementedError("interpolate() does not offer antialias=True")
    outs, factors = (None, None) if len(shape) < 3 else _sizes(shape[2:], size, scale_factor)
    if recompute_scale_factor and size is not None:
        raise ValueError("recompute_scale_factor is not meaningful with an explicit size.")
    _check_mode(mode, len(shape), align_corners)
    scales = None if recompute_scale_factor or mode == "area" else factors
    resize = public_function("resize")
    return resize(input, outs, mode, bool(align_corners), scales)


def upsample(
    input: Tensor, size: Any = None, scale_factor: Any = None, mode: str = "nearest",
    align_corners: bool | None = None,
) -> Tensor:  # fmt: skip
    """:func:`interpolate` under its old name, which is deprecated."""
    _deprecated("upsample")
    return interpolate(input, size, scale_factor, mode, align_corners)


def upsample_nearest(input: Tensor, size: Any = None, scale_factor: Any = None) -> Tensor:
    """:func:`interpolate` with ``mode="nearest"``; deprecated."""
    _deprecated("upsample_nearest")
    return interpolate(input, size, scale_factor, mode="nearest")


def upsample_bilinear(input: Tensor, size: Any = None, scale_factor: Any = None) -> Tensor:
    """:func:`interpolate` with ``mode="bilinear"`` and corners aligned; deprecated."""
    _deprecated("upsample_bilinear")
    return interpolate(input, size, scale_factor, mode="bilinear", align_corners=True)


def _deprecated(name: str) -> None:
    warnings.warn(
        f"`nn.functional.{name}` is deprecated. Use `nn.functional.interpolate` instead.",
        UserWarning, stacklevel=3,
    )  # fmt: skip
