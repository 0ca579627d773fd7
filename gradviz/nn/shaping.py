"""Layers that rearrange, pad, resize or compare, with nothing to learn."""

from __future__ import annotations

from typing import Any

from gradviz.nn import functional
from gradviz.nn.made import REQUIRED, layer
from gradviz.nn.module import Module
from gradviz.ops.windows import each
from gradviz.tensor import Tensor
from gradviz.tensor.composed import call

__all__ = [
    "ChannelShuffle", "CircularPad1d", "CircularPad2d", "CircularPad3d", "ConstantPad1d",
    "ConstantPad2d", "ConstantPad3d", "CosineSimilarity", "Flatten", "Fold", "PairwiseDistance",
    "PixelShuffle", "PixelUnshuffle", "ReflectionPad1d", "ReflectionPad2d", "ReflectionPad3d",
    "ReplicationPad1d", "ReplicationPad2d", "ReplicationPad3d", "Unflatten", "Unfold", "Upsample",
    "UpsamplingBilinear2d", "UpsamplingNearest2d", "ZeroPad1d", "ZeroPad2d", "ZeroPad3d",
]  # fmt: skip

PixelShuffle = layer(
    "PixelShuffle", "pixel_shuffle", "upscale_factor={upscale_factor}", upscale_factor=REQUIRED
)
PixelUnshuffle = layer(
    "PixelUnshuffle", "pixel_unshuffle", "downscale_factor={downscale_factor}",
    downscale_factor=REQUIRED,
)  # fmt: skip
ChannelShuffle = layer("ChannelShuffle", "channel_shuffle", "groups={groups}", groups=REQUIRED)
CosineSimilarity = layer("CosineSimilarity", "cosine_similarity", dim=1, eps=1e-8)
PairwiseDistance = layer("PairwiseDistance", "pairwise_distance", p=2.0, eps=1e-6, keepdim=False)
Fold = layer(
    "Fold", "fold",
    "output_size={output_size}, kernel_size={kernel_size}, dilation={dilation}, "
    "padding={padding}, stride={stride}",
    output_size=REQUIRED, kernel_size=REQUIRED, dilation=1, padding=0, stride=1,
)  # fmt: skip
Unfold = layer(
    "Unfold", "unfold",
    "kernel_size={kernel_size}, dilation={dilation}, padding={padding}, stride={stride}",
    kernel_size=REQUIRED, dilation=1, padding=0, stride=1,
)  # fmt: skip


class Flatten(Module):
    """Dimensions from one to another made into one; by default all but the batch."""

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        super().__init__()
        self.start_dim, self.end_dim = start_dim, end_dim

    def forward(self, input: Tensor) -> Tensor:
        """The flattened input."""
        return call("flatten", input, self.start_dim, self.end_dim)

    def extra_repr(self) -> str:
        """Which dimensions."""
        return f"start_dim={self.start_dim}, end_dim={self.end_dim}"


class Unflatten(Module):
    """A dimension split into several."""

    def __init__(self, dim: int, unflattened_size: Any) -> None:
        super().__init__()
        self.dim, self.unflattened_size = dim, unflattened_size

    def forward(self, input: Tensor) -> Tensor:
        """The input with the dimension split."""
        return call("unflatten", input, self.dim, self.unflattened_size)

    def extra_repr(self) -> str:
        """Which dimension, and into what."""
        return f"dim={self.dim}, unflattened_size={self.unflattened_size}"


class Upsample(Module):
    """Samples of channels at another size."""

    def __init__(
        self, size: Any = None, scale_factor: Any = None, mode: str = "nearest",
        align_corners: bool | None = None, recompute_scale_factor: bool | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        several = isinstance(scale_factor, tuple)
        self.size = size
        self.scale_factor = (
            tuple(float(f) for f in scale_factor) if several  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
            else float(scale_factor) if scale_factor else None
        )  # fmt: skip
        self.mode, self.align_corners = mode, align_corners
        self.recompute_scale_factor = recompute_scale_factor

    def forward(self, input: Tensor) -> Tensor:
        """The resized samples."""
        return functional.interpolate(
            input, self.size, self.scale_factor, self.mode, self.align_corners,
            self.recompute_scale_factor,
        )  # fmt: skip

    def extra_repr(self) -> str:
        """To what size, and how."""
        by_factor = self.scale_factor is not None
        start = f"scale_factor={self.scale_factor}" if by_factor else f"size={self.size}"
        return f"{start}, mode={self.mode!r}"


class UpsamplingNearest2d(Upsample):
    """Images at another size by the nearest pixel."""

    def __init__(self, size: Any = None, scale_factor: Any = None) -> None:
        super().__init__(size, scale_factor, mode="nearest")


class UpsamplingBilinear2d(Upsample):
    """Images at another size by the four pixels around, corners aligned."""

    def __init__(self, size: Any = None, scale_factor: Any = None) -> None:
        super().__init__(size, scale_factor, mode="bilinear", align_corners=True)


class Padding(Module):
    """What all paddings share: how much is added around, and of what kind."""

    rank = 1
    mode = "constant"

    def __init__(self, padding: Any) -> None:
        super().__init__()
        self.padding = each(padding, 2 * self.rank)

    def forward(self, input: Tensor) -> Tensor:
        """The padded input."""
        return functional.pad(input, self.padding, self.mode)

    def extra_repr(self) -> str:
        """How much is added."""
        return f"{self.padding}"


class ConstantPadding(Padding):
    """Padding by a number."""

    def __init__(self, padding: Any, value: float) -> None:
        super().__init__(padding)
        self.value = value

    def forward(self, input: Tensor) -> Tensor:
        """The padded input."""
        return functional.pad(input, self.padding, "constant", self.value)

    def extra_repr(self) -> str:
        """How much of what is added."""
        return f"padding={self.padding}, value={self.value}"


def padding(name: str, rank: int, mode: str) -> Any:
    """The class of a padding over ``rank`` dimensions."""
    base = ConstantPadding if name.startswith("Constant") else Padding
    about = f"Padding of the last {rank} dimension{'s' * (rank > 1)}; see PyTorch's {name}."
    body = {"rank": rank, "mode": mode, "__doc__": about, "__module__": "gradviz.nn"}
    return type(name, (base,), body)


ConstantPad1d, ConstantPad2d, ConstantPad3d = (
    padding(f"ConstantPad{n}d", n, "constant") for n in (1, 2, 3)
)
ZeroPad1d, ZeroPad2d, ZeroPad3d = (padding(f"ZeroPad{n}d", n, "constant") for n in (1, 2, 3))
ReflectionPad1d, ReflectionPad2d, ReflectionPad3d = (
    padding(f"ReflectionPad{n}d", n, "reflect") for n in (1, 2, 3)
)
ReplicationPad1d, ReplicationPad2d, ReplicationPad3d = (
    padding(f"ReplicationPad{n}d", n, "replicate") for n in (1, 2, 3)
)
CircularPad1d, CircularPad2d, CircularPad3d = (
    padding(f"CircularPad{n}d", n, "circular") for n in (1, 2, 3)
)
