"""Padding: what is added around a tensor, or cut off it where the amount is negative.

Constants are added beside, so going back is cutting off as much. Reflections, repeats of the
edge and wrapping round take their values from within: maps along each dimension.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gradviz.ops.activations import FUNCTIONAL
from gradviz.ops.counts import pad_count
from gradviz.ops.dims import as_sizes
from gradviz.ops.pooling import some
from gradviz.ops.spec import Array, Attr, Op, Port, Saving, Shape, example
from gradviz.ops.taps import Taps, along_last, along_last_back, taps_of

FAMILY = "Padding"
_AMOUNT = "How much is added: before and after the last dimension, then the one before it…"
_MODES = ("constant", "reflect", "replicate", "circular")


def _check_amounts(amounts: Shape, rank: int) -> None:
    if len(amounts) % 2:
        raise RuntimeError("Padding length must be divisible by 2")
    if len(amounts) > 2 * rank:
        raise RuntimeError(
            "Padding length should be less than or equal to two times the input dimension but got "
            f"padding length {len(amounts)} and input of dimension {rank}"
        )


def _constant(array: Array, amounts: Shape, value: Any) -> Array:
    rank = array.ndim
    _check_amounts(amounts, rank)
    pairs = list(zip(amounts[::2], amounts[1::2], strict=True))
    around = [(0, 0)] * (rank - len(pairs)) + pairs[::-1]
    sizes = zip(array.shape, around, strict=True)
    for axis, (n, (before, after)) in enumerate(sizes):
        if n + before + after < 0 or min(before, after) < -n:
            if max(before, after) > 0:
                raise RuntimeError(
                    f"The input size {n}, plus negative padding {before} and {after} resulted in a "
                    f"negative output size, which is invalid. Check dimension {axis} of your input."
                )
            raise RuntimeError("narrow(): length must be non-negative.")
    cut = tuple(
        slice(max(-b, 0), n - max(-a, 0)) for n, (b, a) in zip(array.shape, around, strict=True)
    )
    wide = [(max(b, 0), max(a, 0)) for b, a in around]
    fill = 0 if value is None else value
    filled = np.asarray(fill).astype(array.dtype)
    return np.pad(array[cut], wide, constant_values=filled)


def _constant_pad(input: Array, pad: Any, value: Any) -> Array:
    return _constant(np.asarray(input), as_sizes(pad), value)


constant_pad_nd = Op(
    name="constant_pad_nd", family=FAMILY, category="shape", symbol="▢",
    count=pad_count,
    doc="A tensor with a number added around it.",
    ports=(Port(name="input", doc="The tensor.",
                grad="constant_pad_nd(g, tuple(-n for n in pad), 0)"),),
    attrs=(Attr(name="pad", kind="dims", doc=_AMOUNT),
           Attr(name="value", kind="number", default=0, doc="What is added.")),
    forward=_constant_pad, promotion="none",
    meaning={"input": "{out} is {input} with something beside it, so the gradient of that part"},
    examples=(example([[1.0, 2.0], [3.0, 4.0]], pad=(1, 0, -1, 2), value=5.0),),
    search=("zero padding",), method=False, addable=False,
)  # fmt: skip


def _places(size: int, before: int, after: int, mode: str) -> Array:
    """For each element of the result, which element it is."""
    steps = np.arange(-before, size + after)
    if mode == "replicate":
        return np.clip(steps, 0, size - 1)
    if mode == "circular":
        # What is cut off is cut off first, and the rest goes round.
        cut, kept = max(-before, 0), size + min(before, 0) + min(after, 0)
        return cut + np.arange(-max(before, 0), kept + max(after, 0)) % max(kept, 1)
    period = max(2 * (size - 1), 1)
    folded = np.abs(steps) % period
    return np.where(folded >= size, period - folded, folded)


def pad_maps(shape: Shape, amounts: Shape, mode: str) -> list[Taps]:
    """The map along each padded dimension, the last of them last."""
    pairs = list(zip(amounts[::2], amounts[1::2], strict=True))[::-1]
    sizes = shape[len(shape) - len(pairs) :]
    return [
        taps_of(n, _places(n, b, a, mode)[:, None]) for n, (b, a) in zip(sizes, pairs, strict=True)
    ]


def _check_mode(array: Array, amounts: Shape, mode: str, value: Any) -> None:
    """Refuse what PyTorch refuses where padding is not by a constant."""
    if value is not None and value != 0:
        raise RuntimeError(f'Padding mode "{mode}" doesn\'t take in value argument')
    pairs, rank = len(amounts) // 2, array.ndim
    if len(amounts) not in (2, 4, 6) or rank not in (pairs + 1, pairs + 2):
        raise NotImplementedError(
            f"Padding size {len(amounts)} is not supported for {rank}D input tensor.\n"
            "Supported combinations for non-constant padding:\n"
            "  - 2D or 3D input: padding size = 2 (pads last dimension)\n"
            "  - 3D or 4D input: padding size = 4 (pads last 2 dimensions)\n"
            "  - 4D or 5D input: padding size = 6 (pads last 3 dimensions)"
        )
    if mode not in _MODES:
        raise NotImplementedError(f"Unrecognised padding mode {mode}")
    for number in range(pairs):
        before, after = amounts[2 * number : 2 * number + 2]
        axis = rank - 1 - number
        size = array.shape[axis]
        if mode == "circular" and (before > size or after > size):
            raise RuntimeError("Padding value causes wrapping around more than once.")
        if mode == "reflect" and (before >= size or after >= size):
            raise RuntimeError(
                f"Argument #{4 + 2 * number}: Padding size should be less than the corresponding "
                f"input dimension, but got: padding ({before}, {after}) at dimension {axis} of "
                f"input {list(array.shape)}"
            )


def _pad(input: Array, pad: Any, mode: str, value: Any) -> Array:
    array, amounts = np.asarray(input), as_sizes(pad)
    if len(amounts) % 2:
        raise RuntimeError("Padding length must be divisible by 2")
    if mode == "constant":
        return _constant(array, amounts, value)
    _check_amounts(amounts, array.ndim)
    _check_mode(array, amounts, mode, value)
    return along_last(array, pad_maps(array.shape, amounts, mode))


def _pad_backward(input: Array, size: Shape, amounts: Any, mode: str) -> Array:
    array, given = np.asarray(input), as_sizes(amounts)
    if mode == "constant":
        return _constant(array, tuple(-n for n in given), 0)
    return along_last_back(array, pad_maps(tuple(size), given, mode))


_MODE = Attr(
    name="mode", kind="choice", default="constant", choices=_MODES,
    doc="What is added: a number, a reflection, the edge repeated, or the other end.",
)  # fmt: skip
_RULE = (
    "pad_backward(g, input_shape, pad, mode) if mode in ('constant', 'circular') else"
    " beside(pad_backward(g, input_shape, pad, mode), (input,))"
)


def _is_composed(record: Any, *_: Any) -> bool:
    """Whether PyTorch pads by operations that keep nothing of the input."""
    return record.attrs["mode"] in ("constant", "circular")


pad = Op(
    name="pad", family=FAMILY, category="shape", symbol="▢",
    count=pad_count,
    doc="A tensor with something added around it: a number, a reflection, or what is at an edge.",
    ports=(Port(name="input", doc="The tensor.", grad=_RULE),),
    attrs=(
        Attr(name="pad", kind="dims", doc=_AMOUNT), _MODE,
        Attr(name="value", kind="number", default=None, optional=True,
             doc="The number that is added."),
    ),
    forward=_pad, promotion="none", torch=f"{FUNCTIONAL}pad",
    meaning={"input": "each element gets the gradients of all the places in {out} it stands at"},
    examples=(
        example(some(1, 2, 3), pad=(1, 0, -1, 2), value=5.0),
        example(some(1, 2, 3), pad=(1, 2), mode="reflect"),
        example(some(1, 1, 2, 3), pad=(2, 0, -1, 1), mode="replicate"),
        example(some(1, 2, 3), pad=(1, 2), mode="circular"),
    ),
    search=("zero padding", "reflection padding", "border"), method=False, function=False,
    backward_name="ConstantPadNdBackward0",
    saving=Saving(copies={"input": ("input",)}, when=_is_composed),
)  # fmt: skip

pad_backward = Op(
    name="pad_backward", family="Gradients", category="shape", symbol="▢ᵀ",
    doc="Carries a padded tensor back to what was padded.",
    ports=(Port(name="input", grad="pad(g, amounts, mode)"),),
    attrs=(Attr(name="size", kind="shape", doc="The shape to come back to."),
           Attr(name="amounts", kind="dims", doc=_AMOUNT), _MODE),
    forward=_pad_backward, promotion="none",
    examples=(example(some(1, 2, 6), size=(2, 3), amounts=(1, 2), mode="reflect"),),
    method=False, function=False, addable=False,
)  # fmt: skip
