"""Channels rearranged: into pixels and back, and shuffled among groups."""

from __future__ import annotations

import numpy as np

from gradviz.ops.activations import FUNCTIONAL
from gradviz.ops.spec import Array, Attr, Op, Port, example

FAMILY = "Pixels"
_MEANING = {"input": "elements only change places, so each gradient goes back to where it was"}


def _check_rank(name: str, array: Array, factor: int, what: str) -> None:
    if array.ndim < 3:
        raise RuntimeError(
            f"{name} expects input to have at least 3 dimensions, but got input with {array.ndim} "
            "dimension(s)"
        )
    if factor <= 0:
        raise RuntimeError(f"{name} expects a positive {what}, but got {factor}")


def _pixel_shuffle(input: Array, upscale_factor: int) -> Array:
    array, r = np.asarray(input), upscale_factor
    _check_rank("pixel_shuffle", array, r, "upscale_factor")
    *lead, channels, height, width = array.shape
    if channels % (r * r):
        raise RuntimeError(
            "pixel_shuffle expects its input's 'channel' dimension to be divisible by the square "
            f"of upscale_factor, but input.size(-3)={channels} is not divisible by {r * r}"
        )
    n = len(lead)
    outs = channels // (r * r)
    split = array.reshape(*lead, outs, r, r, height, width)
    order = (*range(n), n, n + 3, n + 1, n + 4, n + 2)
    return split.transpose(order).copy().reshape(*lead, outs, height * r, width * r)


def _pixel_unshuffle(input: Array, downscale_factor: int) -> Array:
    array, r = np.asarray(input), downscale_factor
    _check_rank("pixel_unshuffle", array, r, "downscale_factor")
    *lead, channels, height, width = array.shape
    for what, axis, size in (("height", -2, height), ("width", -1, width)):
        if size % r:
            raise RuntimeError(
                f"pixel_unshuffle expects {what} to be divisible by downscale_factor, but "
                f"input.size({axis})={size} is not divisible by {r}"
            )
    n = len(lead)
    split = array.reshape(*lead, channels, height // r, r, width // r, r)
    order = (*range(n), n, n + 2, n + 4, n + 1, n + 3)
    moved = split.transpose(order).copy()
    return moved.reshape(*lead, channels * r * r, height // r, width // r)


_NUMBERS = np.arange(16.0).reshape(1, 4, 2, 2) / 4 - 1

pixel_shuffle = Op(
    name="pixel_shuffle", family=FAMILY, category="shape", symbol="▦⇢",
    doc="Makes a larger image of fewer channels: groups of channels become squares of pixels.",
    ports=(Port(name="input", doc="Images of channels.",
                grad="pixel_unshuffle(g, upscale_factor)"),),
    attrs=(Attr(name="upscale_factor", kind="int", low=1, doc="How many times larger."),),
    forward=_pixel_shuffle, promotion="none", torch=f"{FUNCTIONAL}pixel_shuffle",
    meaning=_MEANING, examples=(example(_NUMBERS, upscale_factor=2),),
    search=("depth to space", "sub-pixel convolution"), method=False,
)  # fmt: skip

pixel_unshuffle = Op(
    name="pixel_unshuffle", family=FAMILY, category="shape", symbol="⇠▦",
    doc="Makes a smaller image of more channels: squares of pixels become groups of channels.",
    ports=(Port(name="input", doc="Images of channels.",
                grad="pixel_shuffle(g, downscale_factor)"),),
    attrs=(Attr(name="downscale_factor", kind="int", low=1, doc="How many times smaller."),),
    forward=_pixel_unshuffle, promotion="none", torch=f"{FUNCTIONAL}pixel_unshuffle",
    meaning=_MEANING, examples=(example(_NUMBERS, downscale_factor=2),),
    search=("space to depth",), method=False,
)  # fmt: skip


def _channel_shuffle(input: Array, groups: int) -> Array:
    array = np.asarray(input)
    if array.ndim <= 2:
        raise RuntimeError(
            "channel_shuffle expects input with > 2 dims, but got input with sizes "
            f"{list(array.shape)}"
        )
    if groups <= 0:
        raise RuntimeError(
            f"Number of groups to divide channels in must be positive. Value of groups:{groups}"
        )
    batch, channels, *rest = array.shape
    if channels % groups:
        raise RuntimeError(
            f"Number of channels must be divisible by groups. Got {channels} channels and {groups} "
            "groups."
        )
    split = array.reshape(batch, groups, channels // groups, *rest)
    return split.swapaxes(1, 2).copy().reshape(array.shape)


channel_shuffle = Op(
    name="channel_shuffle", family=FAMILY, category="shape", symbol="⤨",
    doc="Deals channels out of groups: the first of each group, then the second of each.",
    ports=(Port(name="input", doc="Samples of channels.",
                grad="channel_shuffle(g, input_shape[1] // groups)"),),
    attrs=(Attr(name="groups", kind="int", low=1, doc="How many groups."),),
    forward=_channel_shuffle, promotion="none", torch=f"{FUNCTIONAL}channel_shuffle",
    meaning=_MEANING, examples=(example(np.arange(12.0).reshape(1, 6, 2), groups=2),),
    search=("mix channels",), method=False,
)  # fmt: skip
