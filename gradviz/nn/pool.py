"""Pooling as layers, over one to three dimensions."""

from __future__ import annotations

from typing import Any, ClassVar

from gradviz.nn import functional
from gradviz.nn.made import REQUIRED, layer
from gradviz.nn.module import Module
from gradviz.ops.kinds import is_sequence
from gradviz.ops.windows import each
from gradviz.tensor import Tensor

__all__ = [
    "AdaptiveAvgPool1d", "AdaptiveAvgPool2d", "AdaptiveAvgPool3d", "AdaptiveMaxPool1d",
    "AdaptiveMaxPool2d", "AdaptiveMaxPool3d", "AvgPool1d", "AvgPool2d", "AvgPool3d",
    "FractionalMaxPool2d", "FractionalMaxPool3d", "LPPool1d", "LPPool2d", "LPPool3d", "MaxPool1d",
    "MaxPool2d", "MaxPool3d", "MaxUnpool1d", "MaxUnpool2d", "MaxUnpool3d",
]  # fmt: skip


class MaxPool(Module):
    """The largest within a window that moves."""

    rank: ClassVar[int]

    def __init__(
        self, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1,
        return_indices: bool = False, ceil_mode: bool = False,
    ) -> None:  # fmt: skip
        super().__init__()
        self.kernel_size, self.padding, self.dilation = kernel_size, padding, dilation
        self.stride = kernel_size if stride is None else stride
        self.return_indices, self.ceil_mode = return_indices, ceil_mode

    def forward(self, input: Tensor) -> Any:
        """The largest, and with ``return_indices`` where they are."""
        return getattr(functional, f"max_pool{self.rank}d")(
            input, self.kernel_size, self.stride, self.padding, self.dilation, self.ceil_mode,
            self.return_indices,
        )  # fmt: skip

    def extra_repr(self) -> str:
        """How the window lies."""
        return (
            f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}, "
            f"dilation={self.dilation}, ceil_mode={self.ceil_mode}"
        )


class AvgPool(Module):
    """The average within a window that moves."""

    rank: ClassVar[int]

    def __init__(
        self, kernel_size: Any, stride: Any = None, padding: Any = 0, ceil_mode: bool = False,
        count_include_pad: bool = True, divisor_override: int | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.kernel_size, self.padding = kernel_size, padding
        self.stride = kernel_size if stride is None else stride
        if self.rank == 1:
            self.kernel_size, self.stride, self.padding = (
                each(v, 1) for v in (self.kernel_size, self.stride, self.padding)
            )
        self.ceil_mode, self.count_include_pad = ceil_mode, count_include_pad
        self.divisor_override = divisor_override

    def forward(self, input: Tensor) -> Tensor:
        """The averages."""
        divisor = () if self.rank == 1 else (self.divisor_override,)
        return getattr(functional, f"avg_pool{self.rank}d")(
            input, self.kernel_size, self.stride, self.padding, self.ceil_mode,
            self.count_include_pad, *divisor,
        )  # fmt: skip

    def extra_repr(self) -> str:
        """How the window lies."""
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class MaxUnpool(Module):
    """Values put back where they were pooled from."""

    rank: ClassVar[int]

    def __init__(self, kernel_size: Any, stride: Any = None, padding: Any = 0) -> None:
        super().__init__()
        self.kernel_size = each(kernel_size, self.rank)
        self.stride = self.kernel_size if stride is None else each(stride, self.rank)
        self.padding = each(padding, self.rank)

    def forward(self, input: Tensor, indices: Tensor, output_size: Any = None) -> Tensor:
        """The values at their places, zeros elsewhere."""
        return getattr(functional, f"max_unpool{self.rank}d")(
            input, indices, self.kernel_size, self.stride, self.padding, output_size
        )

    def extra_repr(self) -> str:
        """How the window lay."""
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


def pooling(base: type[Module], name: str, rank: int) -> Any:
    """The class of a pooling over ``rank`` dimensions."""
    body = {"rank": rank, "__doc__": f"{base.__doc__} See PyTorch's torch.nn.{name}.",
            "__module__": "gradviz.nn"}  # fmt: skip
    return type(name, (base,), body)


MaxPool1d, MaxPool2d, MaxPool3d = (pooling(MaxPool, f"MaxPool{n}d", n) for n in (1, 2, 3))
AvgPool1d, AvgPool2d, AvgPool3d = (pooling(AvgPool, f"AvgPool{n}d", n) for n in (1, 2, 3))
MaxUnpool1d, MaxUnpool2d, MaxUnpool3d = (pooling(MaxUnpool, f"MaxUnpool{n}d", n) for n in (1, 2, 3))
AdaptiveAvgPool1d, AdaptiveAvgPool2d, AdaptiveAvgPool3d = (
    layer(f"AdaptiveAvgPool{n}d", f"adaptive_avg_pool{n}d", "output_size={output_size}",
          output_size=REQUIRED)
    for n in (1, 2, 3)
)  # fmt: skip
AdaptiveMaxPool1d, AdaptiveMaxPool2d, AdaptiveMaxPool3d = (
    layer(f"AdaptiveMaxPool{n}d", f"adaptive_max_pool{n}d", "output_size={output_size}",
          output_size=REQUIRED, return_indices=False)
    for n in (1, 2, 3)
)  # fmt: skip
LPPool1d, LPPool2d, LPPool3d = (
    layer(
        f"LPPool{n}d", f"lp_pool{n}d",
        "norm_type={norm_type}, kernel_size={kernel_size}, stride={stride}, ceil_mode={ceil_mode}",
        norm_type=REQUIRED, kernel_size=REQUIRED, stride=None, ceil_mode=False,
    )
    for n in (1, 2, 3)
)  # fmt: skip


def _check_fraction(name: str) -> Any:
    """What refuses a pooling without a size, or with two."""

    def check(kernel_size: Any, output_size: Any, output_ratio: Any, **_: Any) -> None:
        if output_size is None and output_ratio is None:
            raise ValueError(
                f"{name} requires specifying either an output size, or a pooling ratio"
            )
        if output_size is not None and output_ratio is not None:
            raise ValueError("only one of output_size and output_ratio may be specified")
        ratios: Any = output_ratio if is_sequence(output_ratio) else (output_ratio,)
        if output_ratio is not None and not all(0 < float(ratio) < 1 for ratio in ratios):
            raise ValueError(f"output_ratio must be between 0 and 1 (got {output_ratio})")

    return check


FractionalMaxPool2d, FractionalMaxPool3d = (
    layer(
        f"FractionalMaxPool{n}d", f"fractional_max_pool{n}d",
        check=_check_fraction(f"FractionalMaxPool{n}d"), kernel_size=REQUIRED, output_size=None,
        output_ratio=None, return_indices=False, _random_samples=None,
    )
    for n in (2, 3)
)  # fmt: skip
