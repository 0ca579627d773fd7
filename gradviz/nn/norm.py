"""Normalisation as layers, with statistics kept from batch to batch."""

from __future__ import annotations

from typing import Any

from gradviz.nn import functional, init
from gradviz.nn.linear import blank
from gradviz.nn.made import REQUIRED, layer
from gradviz.nn.module import Module
from gradviz.nn.parameter import Parameter
from gradviz.ops.dims import as_sizes
from gradviz.tensor import Tensor
from gradviz.tensor.composed import call

__all__ = [
    "BatchNorm1d", "BatchNorm2d", "BatchNorm3d", "GroupNorm", "InstanceNorm1d", "InstanceNorm2d",
    "InstanceNorm3d", "LayerNorm", "LocalResponseNorm", "RMSNorm",
]  # fmt: skip

LocalResponseNorm = layer(
    "LocalResponseNorm", "local_response_norm", "{size}, alpha={alpha}, beta={beta}, k={k}",
    size=REQUIRED, alpha=1e-4, beta=0.75, k=1.0,
)  # fmt: skip


class Affine(Module):
    """What norms share that end in a scale and a shift of their own."""

    weight: Parameter | None
    bias: Parameter | None

    def reset_parameters(self) -> None:
        """Scale by one and shift by nothing."""
        if self.weight is not None:
            init.ones_(self.weight)
        if self.bias is not None:
            init.zeros_(self.bias)


class ChannelNorm(Affine):
    """What batch and instance norms share: a scale and shift, and statistics, of each channel."""

    _version = 2
    ranks: tuple[int, ...] = ()
    running_mean: Tensor | None
    running_var: Tensor | None
    num_batches_tracked: Any

    def __init__(
        self, num_features: int, eps: float, momentum: float | None, affine: bool,
        track_running_stats: bool, dtype: Any, bias: bool = True,
    ) -> None:  # fmt: skip
        super().__init__()
        self.num_features, self.eps, self.momentum = num_features, eps, momentum
        self.affine, self.track_running_stats = affine, track_running_stats
        self.register_parameter("weight", blank(num_features, dtype=dtype) if affine else None)
        shifted = affine and bias
        self.register_parameter("bias", blank(num_features, dtype=dtype) if shifted else None)
        kept: dict[str, Any] = dict.fromkeys(
            ("running_mean", "running_var", "num_batches_tracked"))  # fmt: skip
        if track_running_stats:
            kept["running_mean"] = call("zeros", (num_features,), dtype=dtype)
            kept["running_var"] = call("ones", (num_features,), dtype=dtype)
            kept["num_batches_tracked"] = call("sum", call("zeros", (0,))).long()
        for name, value in kept.items():
            self.register_buffer(name, value)
        self.reset_parameters()

    def reset_running_stats(self) -> None:
        """Forget the statistics."""
        if self.running_mean is not None and self.running_var is not None:
            init.zeros_(self.running_mean)
            init.ones_(self.running_var)
            init.zeros_(self.num_batches_tracked)

    def reset_parameters(self) -> None:
        """Scale by one, shift by nothing, and forget the statistics."""
        self.reset_running_stats()
        super().reset_parameters()

    def check_rank(self, input: Tensor) -> None:
        """Refuse an input of another number of dimensions."""
        if self.ranks and input.array.ndim not in self.ranks:
            words = " or ".join(f"{n}D" for n in self.ranks)
            raise ValueError(f"expected {words} input (got {input.array.ndim}D input)")

    def extra_repr(self) -> str:
        """The number of channels and the settings."""
        return (
            f"{self.num_features}, eps={self.eps}, momentum={self.momentum}, "
            f"affine={self.affine}, bias={self.bias is not None}, "
            f"track_running_stats={self.track_running_stats}"
        )


class BatchNorm(ChannelNorm):
    """Each channel brought to mean zero and spread one over the batch."""

    def __init__(
        self, num_features: int, eps: float = 1e-5, momentum: float | None = 0.1,
        affine: bool = True, track_running_stats: bool = True, device: Any = None,
        dtype: Any = None, bias: bool = True,
    ) -> None:  # fmt: skip
        super().__init__(num_features, eps, momentum, affine, track_running_stats, dtype, bias)

    def forward(self, input: Tensor) -> Tensor:
        """The normalized batch; while training the statistics are moved towards its own."""
        self.check_rank(input)
        factor = 0.0 if self.momentum is None else self.momentum
        if self.training and self.track_running_stats and self.num_batches_tracked is not None:
            self.num_batches_tracked.array[...] += 1
            self.num_batches_tracked.bump_version()
            if self.momentum is None:
                factor = 1.0 / float(self.num_batches_tracked.array)
        own = self.training or self.running_mean is None
        kept = not self.training or self.track_running_stats
        return functional.batch_norm(
            input, self.running_mean if kept else None, self.running_var if kept else None,
            self.weight, self.bias, own, factor, self.eps,
        )  # fmt: skip


class BatchNorm1d(BatchNorm):
    """Batch normalization of ``(N, C)`` or ``(N, C, L)``."""

    ranks = (2, 3)


class BatchNorm2d(BatchNorm):
    """Batch normalization of ``(N, C, H, W)``."""

    ranks = (4,)


class BatchNorm3d(BatchNorm):
    """Batch normalization of ``(N, C, D, H, W)``."""

    ranks = (5,)


class InstanceNorm(ChannelNorm):
    """Each channel of each sample brought to mean zero and spread one."""

    def __init__(
        self, num_features: int, eps: float = 1e-5, momentum: float = 0.1, affine: bool = False,
        track_running_stats: bool = False, device: Any = None, dtype: Any = None,
    ) -> None:  # fmt: skip
        super().__init__(num_features, eps, momentum, affine, track_running_stats, dtype)

    def forward(self, input: Tensor) -> Tensor:
        """The normalized samples, with or without a batch."""
        self.check_rank(input)
        single = bool(self.ranks) and input.array.ndim == self.ranks[0]
        samples = call("unsqueeze", input, 0) if single else input
        result = functional.instance_norm(
            samples, self.running_mean, self.running_var, self.weight, self.bias,
            self.training or not self.track_running_stats,
            0.0 if self.momentum is None else self.momentum, self.eps,
        )  # fmt: skip
        return call("squeeze", result, 0) if single else result


class InstanceNorm1d(InstanceNorm):
    """Instance normalization of ``(N, C, L)`` or ``(C, L)``."""

    ranks = (2, 3)


class InstanceNorm2d(InstanceNorm):
    """Instance normalization of ``(N, C, H, W)`` or ``(C, H, W)``."""

    ranks = (3, 4)


class InstanceNorm3d(InstanceNorm):
    """Instance normalization of ``(N, C, D, H, W)`` or ``(C, D, H, W)``."""

    ranks = (4, 5)


class LayerNorm(Affine):
    """Each sample's last dimensions brought to mean zero and spread one."""

    def __init__(
        self, normalized_shape: Any, eps: float = 1e-5, elementwise_affine: bool = True,
        bias: bool = True, device: Any = None, dtype: Any = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.normalized_shape, self.eps = as_sizes(normalized_shape), eps
        self.elementwise_affine = elementwise_affine
        for name, wanted in (("weight", elementwise_affine), ("bias", elementwise_affine and bias)):
            made = blank(*self.normalized_shape, dtype=dtype) if wanted else None
            self.register_parameter(name, made)
        self.reset_parameters()

    def forward(self, input: Tensor) -> Tensor:
        """The normalized samples."""
        return functional.layer_norm(input, self.normalized_shape, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        """The dimensions and the settings."""
        return (
            f"{self.normalized_shape}, eps={self.eps}, "
            f"elementwise_affine={self.elementwise_affine}, bias={self.bias is not None}"
        )


class RMSNorm(Module):
    """Each sample's last dimensions divided by the root of their mean square."""

    weight: Parameter | None

    def __init__(
        self, normalized_shape: Any, eps: float | None = None, elementwise_affine: bool = True,
        device: Any = None, dtype: Any = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.normalized_shape, self.eps = as_sizes(normalized_shape), eps
        self.elementwise_affine = elementwise_affine
        made = blank(*self.normalized_shape, dtype=dtype) if elementwise_affine else None
        self.register_parameter("weight", made)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Scale by one."""
        if self.weight is not None:
            init.ones_(self.weight)

    def forward(self, input: Tensor) -> Tensor:
        """The normalized samples."""
        return functional.rms_norm(input, self.normalized_shape, self.weight, self.eps)

    def extra_repr(self) -> str:
        """The dimensions and the settings."""
        return (
            f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}"
        )


class GroupNorm(Affine):
    """Each group of channels of each sample brought to mean zero and spread one."""

    def __init__(
        self, num_groups: int, num_channels: int, eps: float = 1e-5, affine: bool = True,
        device: Any = None, dtype: Any = None, bias: bool = True,
    ) -> None:  # fmt: skip
        super().__init__()
        if num_channels % num_groups:
            raise ValueError(
                f"num_channels ({num_channels}) must be divisible by num_groups ({num_groups})"
            )
        self.num_groups, self.num_channels, self.eps = num_groups, num_channels, eps
        self.affine = affine
        self.register_parameter("weight", blank(num_channels, dtype=dtype) if affine else None)
        shifted = affine and bias
        self.register_parameter("bias", blank(num_channels, dtype=dtype) if shifted else None)
        self.reset_parameters()

    def forward(self, input: Tensor) -> Tensor:
        """The normalized samples."""
        return functional.group_norm(input, self.num_groups, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        """The groups and the settings."""
        return (
            f"{self.num_groups}, {self.num_channels}, eps={self.eps}, affine={self.affine}, "
            f"bias={self.bias is not None}"
        )
