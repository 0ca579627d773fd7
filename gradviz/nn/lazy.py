"""Layers that learn how many inputs they have from the first that they see."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from gradviz.nn.conv import (
    Conv1d,
    Conv2d,
    Conv3d,
    ConvTranspose1d,
    ConvTranspose2d,
    ConvTranspose3d,
)
from gradviz.nn.linear import Linear
from gradviz.nn.module import Module
from gradviz.nn.norm import (
    BatchNorm1d,
    BatchNorm2d,
    BatchNorm3d,
    InstanceNorm1d,
    InstanceNorm2d,
    InstanceNorm3d,
)
from gradviz.nn.parameter import Parameter
from gradviz.tensor import Tensor

__all__ = [
    "LazyBatchNorm1d", "LazyBatchNorm2d", "LazyBatchNorm3d", "LazyConv1d", "LazyConv2d",
    "LazyConv3d", "LazyConvTranspose1d", "LazyConvTranspose2d", "LazyConvTranspose3d",
    "LazyInstanceNorm1d", "LazyInstanceNorm2d", "LazyInstanceNorm3d", "LazyLinear",
    "UninitializedParameter",
]  # fmt: skip


class UninitializedParameter(Parameter):
    """A parameter whose shape is not known yet; nothing can be computed with it."""

    __slots__ = ()

    @property
    def shape(self) -> Any:
        """Not known yet."""
        raise RuntimeError(
            "Can't access the shape of an uninitialized parameter or buffer. This error usually "
            "happens in `load_state_dict` when trying to load an uninitialized parameter into an "
            "initialized one. Call `forward` to initialize the parameters before accessing their "
            "attributes."
        )


class Lazy(Module):
    """What all such layers share: on the first call they become what they stand for."""

    plain: ClassVar[Any]
    count: ClassVar[str]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__()
        # Loaded when first used: drawing numbers is not needed to describe layers.
        from gradviz.tensor.random import fork_rng

        if self.count == "num_features" and len(args) < 3:  # Unlike the plain instance norms.
            kwargs = {"affine": True, **kwargs}
            kwargs.setdefault("track_running_stats", True)
        groups = kwargs.get("groups", 1)
        with fork_rng():
            form: Any = self.plain(groups, *args, **kwargs)
        self.__dict__.update({k: v for k, v in form.__dict__.items() if not k.startswith("_")})
        setattr(self, self.count, 0)
        for name, parameter in form._parameters.items():
            empty = None if parameter is None else UninitializedParameter()
            self.register_parameter(name, empty)
        for name, buffer in form._buffers.items():
            self.register_buffer(name, buffer)
        object.__setattr__(self, "_given", (args, kwargs))

    def has_uninitialized_params(self) -> bool:
        """Whether there are parameters of unknown shape."""
        return any(isinstance(p, UninitializedParameter) for p in self._parameters.values())

    def initialize_parameters(self, *inputs: Any) -> None:
        """Draw parameters for as many inputs as the first of ``inputs`` has."""
        array = inputs[0].array
        axis = -1 if self.plain is Linear else self._channel_axis(array)
        args, kwargs = self.__dict__["_given"]
        made: Any = self.plain(array.shape[axis], *args, **kwargs)
        setattr(self, self.count, array.shape[axis])
        for name, parameter in made._parameters.items():
            mine: Any = self._parameters[name]
            if mine is not None:
                mine.__class__ = Parameter
                mine.array = parameter.array
        for name, buffer in made._buffers.items():
            self._buffers[name] = buffer

    def _channel_axis(self, array: Any) -> int:
        """The second dimension, or the first of a sample alone."""
        return 0 if np.ndim(array) == getattr(self.plain, "rank", 0) + 1 else 1

    def forward(self, *inputs: Tensor) -> Any:
        """What the layer it becomes computes."""
        if self.has_uninitialized_params() or getattr(self, self.count) == 0:
            self.initialize_parameters(*inputs)
        object.__setattr__(self, "__class__", self.plain)
        return self.forward(*inputs)

    def extra_repr(self) -> str:
        """As the layer it becomes says it."""
        return self.plain.extra_repr(self)


def _lazy(plain: type[Module], count: str) -> Any:
    """The lazy form of a layer, whose first argument is not given."""
    name = f"Lazy{plain.__name__}"
    about = f"A {plain.__name__} that takes its ``{count}`` from its first input."
    body = {"plain": plain, "count": count, "rank": getattr(plain, "rank", 0), "__doc__": about,
            "__module__": "gradviz.nn"}  # fmt: skip
    return type(name, (Lazy,), body)


LazyLinear = _lazy(Linear, "in_features")
LazyConv1d, LazyConv2d, LazyConv3d = (_lazy(c, "in_channels") for c in (Conv1d, Conv2d, Conv3d))
LazyConvTranspose1d, LazyConvTranspose2d, LazyConvTranspose3d = (
    _lazy(c, "in_channels") for c in (ConvTranspose1d, ConvTranspose2d, ConvTranspose3d)
)
LazyBatchNorm1d, LazyBatchNorm2d, LazyBatchNorm3d = (
    _lazy(c, "num_features") for c in (BatchNorm1d, BatchNorm2d, BatchNorm3d)
)
LazyInstanceNorm1d, LazyInstanceNorm2d, LazyInstanceNorm3d = (
    _lazy(c, "num_features") for c in (InstanceNorm1d, InstanceNorm2d, InstanceNorm3d)
)
