"""Convolutions as layers, forwards and transposed, over one to three dimensions."""

from __future__ import annotations

import math
from typing import Any, ClassVar

from gradviz.nn import functional, init
from gradviz.nn.linear import blank
from gradviz.nn.module import Module
from gradviz.nn.parameter import Parameter
from gradviz.ops.windows import each
from gradviz.tensor import Tensor

__all__ = [
    "Conv1d", "Conv2d", "Conv3d", "ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d",
]  # fmt: skip
_MODES = ("zeros", "reflect", "replicate", "circular")


class Convolution(Module):
    """What all convolutions share: kernels, their settings and starting values."""

    rank: ClassVar[int]
    transposed: ClassVar[bool] = False
    weight: Parameter
    bias: Parameter | None

    def __init__(
        self, in_channels: int, out_channels: int, kernel_size: Any, stride: Any, padding: Any,
        dilation: Any, output_padding: Any, groups: int, bias: bool, padding_mode: str,
        dtype: Any,
    ) -> None:  # fmt: skip
        super().__init__()
        check_settings(in_channels, out_channels, groups, stride, padding, padding_mode)
        self.in_channels, self.out_channels, self.groups = in_channels, out_channels, groups
        self.kernel_size, self.stride = each(kernel_size, self.rank), each(stride, self.rank)
        self.padding = padding if isinstance(padding, str) else each(padding, self.rank)
        self.dilation = each(dilation, self.rank)
        self.output_padding = each(output_padding, self.rank)
        self.padding_mode = padding_mode
        pair = (in_channels, out_channels) if self.transposed else (out_channels, in_channels)
        self.weight = blank(pair[0], pair[1] // groups, *self.kernel_size, dtype=dtype)
        self.register_parameter("bias", blank(out_channels, dtype=dtype) if bias else None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw new starting values."""
        init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        if self.bias is not None:
            fan_in, _ = init.fans(self.weight)
            if fan_in:
                bound = 1 / math.sqrt(fan_in)
                init.uniform_(self.bias, -bound, bound)

    def extra_repr(self) -> str:
        """Channels and the settings that are not the usual ones."""
        once, none = (1,) * self.rank, (0,) * self.rank
        text = (
            f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}, "
            f"stride={self.stride}"
        )
        usual = {
            "padding": none, "dilation": once, "output_padding": none, "groups": 1,
        }  # fmt: skip
        for name, value in usual.items():
            if getattr(self, name) != value:
                text += f", {name}={getattr(self, name)}"
        text += ", bias=False" if self.bias is None else ""
        return text + (
            "" if self.padding_mode == "zeros" else f", padding_mode={self.padding_mode}"
        )


def check_settings(
    ins: int, outs: int, groups: int, stride: Any, padding: Any, padding_mode: str
) -> None:
    """Refuse channels that do not divide into groups, and paddings that are none."""
    if groups <= 0:
        raise ValueError("groups must be a positive integer")
    if ins % groups:
        raise ValueError("in_channels must be divisible by groups")
    if outs % groups:
        raise ValueError("out_channels must be divisible by groups")
    if isinstance(padding, str):
        if padding not in ("same", "valid"):
            raise ValueError(
                f"Invalid padding string {padding!r}, should be one of {{'valid', 'same'}}"
            )
        if padding == "same" and any(s != 1 for s in each(stride, 1)):
            raise ValueError("padding='same' is not supported for strided convolutions")
    if padding_mode not in _MODES:
        raise ValueError(
            f"padding_mode must be one of {set(_MODES)}, but got padding_mode='{padding_mode}'"
        )


class Forwards(Convolution):
    """A convolution from the input to fewer or as many places."""

    def __init__(
        self, in_channels: int, out_channels: int, kernel_size: Any, stride: Any = 1,
        padding: Any = 0, dilation: Any = 1, groups: int = 1, bias: bool = True,
        padding_mode: str = "zeros", device: Any = None, dtype: Any = None,
    ) -> None:  # fmt: skip
        super().__init__(
            in_channels, out_channels, kernel_size, stride, padding, dilation, 0, groups, bias,
            padding_mode, dtype,
        )  # fmt: skip

    def forward(self, input: Tensor) -> Tensor:
        """The convolved channels; ``input``: ``(N, C, …)`` or ``(C, …)``."""
        convolve = getattr(functional, f"conv{self.rank}d")
        if self.padding_mode == "zeros":
            return convolve(
                input, self.weight, self.bias, self.stride, self.padding, self.dilation,
                self.groups,
            )  # fmt: skip
        wide = functional.pad(input, self._around(), self.padding_mode)
        return convolve(wide, self.weight, self.bias, self.stride, 0, self.dilation, self.groups)

    def _around(self) -> tuple[int, ...]:
        """How much is added before and after each dimension, the last first."""
        pairs: list[int] = []
        for axis in reversed(range(self.rank)):
            if self.padding == "same":
                total = self.dilation[axis] * (self.kernel_size[axis] - 1)
                pairs += [total // 2, total - total // 2]
            elif self.padding == "valid":
                pairs += [0, 0]
            else:
                pairs += [int(self.padding[axis])] * 2
        return tuple(pairs)


class Conv1d(Forwards):
    """A convolution along signals ``(N, C, L)``."""

    rank = 1


class Conv2d(Forwards):
    """A convolution over images ``(N, C, H, W)``."""

    rank = 2


class Conv3d(Forwards):
    """A convolution through volumes ``(N, C, D, H, W)``."""

    rank = 3


class Transposed(Convolution):
    """A convolution the other way: from few places to more."""

    transposed = True

    def __init__(
        self, in_channels: int, out_channels: int, kernel_size: Any, stride: Any = 1,
        padding: Any = 0, output_padding: Any = 0, groups: int = 1, bias: bool = True,
        dilation: Any = 1, padding_mode: str = "zeros", device: Any = None, dtype: Any = None,
    ) -> None:  # fmt: skip
        if padding_mode != "zeros":
            raise ValueError(f'Only "zeros" padding mode is supported for {type(self).__name__}')
        super().__init__(
            in_channels, out_channels, kernel_size, stride, padding, dilation, output_padding,
            groups, bias, padding_mode, dtype,
        )  # fmt: skip

    def forward(self, input: Tensor, output_size: Any = None) -> Tensor:
        """The enlarged channels; ``output_size``: which of the possible sizes is meant."""
        extra = self.output_padding if output_size is None else self._extra(input, output_size)
        convolve = getattr(functional, f"conv_transpose{self.rank}d")
        return convolve(
            input, self.weight, self.bias, self.stride, self.padding, extra, self.groups,
            self.dilation,
        )  # fmt: skip

    def _extra(self, input: Tensor, output_size: Any) -> tuple[int, ...]:
        """How much longer the result must be to have the size asked for."""
        wanted = tuple(output_size)[-self.rank :]
        fields = zip(
            input.array.shape[-self.rank :], self.stride, self.padding, self.kernel_size,
            self.dilation, strict=True,
        )  # fmt: skip
        least = [(n - 1) * s - 2 * int(p) + d * (k - 1) + 1 for n, s, p, k, d in fields]
        most = [low + s - 1 for low, s in zip(least, self.stride, strict=True)]
        if any(not low <= n <= high for n, low, high in zip(wanted, least, most, strict=True)):
            raise ValueError(
                f"requested an output size of {list(output_size)}, but valid sizes range from "
                f"{least} to {most} (for an input of {list(input.array.shape[2:])})"
            )
        return tuple(n - low for n, low in zip(wanted, least, strict=True))


class ConvTranspose1d(Transposed):
    """A transposed convolution along signals ``(N, C, L)``."""

    rank = 1


class ConvTranspose2d(Transposed):
    """A transposed convolution over images ``(N, C, H, W)``."""

    rank = 2


class ConvTranspose3d(Transposed):
    """A transposed convolution through volumes ``(N, C, D, H, W)``."""

    rank = 3
