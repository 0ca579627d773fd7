"""Weights by direction and length, and weights whose largest singular value is one."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradviz.autograd.mode import no_grad
from gradviz.nn import functional
from gradviz.nn.conv import Transposed
from gradviz.nn.module import Module
from gradviz.nn.utils.parametrize import register_parametrization
from gradviz.tensor import Tensor
from gradviz.tensor.composed import call


def norm_except_dim(v: Any, dim: int) -> Any:
    """The norm of all that shares a place along ``dim``; of everything where it is −1."""
    if dim == -1:
        return call("norm", v)
    others = tuple(axis for axis in range(v.array.ndim) if axis != dim % v.array.ndim)
    return call("norm", v, 2, others, True) if others else call("abs", v)


class _WeightNorm(Module):
    """A weight from its lengths and its directions (Salimans and Kingma 2016)."""

    def __init__(self, dim: int | None = 0) -> None:
        super().__init__()
        self.dim = -1 if dim is None else dim

    def forward(self, weight_g: Any, weight_v: Any) -> Any:
        """The weight."""
        return weight_v * (weight_g / norm_except_dim(weight_v, self.dim))

    def right_inverse(self, weight: Any) -> tuple[Any, Any]:
        """The lengths, and the weight itself as directions."""
        return norm_except_dim(weight, self.dim), weight


def weight_norm(module: Any, name: str = "weight", dim: int = 0) -> Any:
    """Learn the lengths and directions of a weight apart."""
    return register_parametrization(module, name, _WeightNorm(dim), unsafe=True)


class _SpectralNorm(Module):
    """A weight over its largest singular value (Miyato et al. 2018), found a step at each use."""

    _u: Any
    _v: Any

    def __init__(self, weight: Any, n_power_iterations: int, dim: int, eps: float) -> None:
        super().__init__()
        rank = weight.array.ndim
        if not -rank <= dim < rank:
            raise IndexError(
                f"Dimension out of range (expected to be in range of [-{rank}, {rank - 1}] but got "
                f"{dim})"
            )
        if n_power_iterations <= 0:
            raise ValueError(
                "Expected n_power_iterations to be positive, but got "
                f"n_power_iterations={n_power_iterations}"
            )
        self.dim, self.eps, self.n_power_iterations = dim % rank, eps, n_power_iterations
        if rank > 1:
            matrix = self._matrix(weight.detach())
            for letter, size in zip("uv", matrix.array.shape, strict=True):
                start = Tensor.wrap(np.zeros(size, matrix.array.dtype))
                self.register_buffer(f"_{letter}", start)
                self._put(letter, start.normal_(0, 1))
            self._search(matrix, 15)

    def _matrix(self, weight: Any) -> Any:
        """The weight with ``dim`` first and all others as one."""
        others = [axis for axis in range(weight.array.ndim) if axis != self.dim]
        return call("flatten", call("permute", weight, (self.dim, *others)), 1)

    def _put(self, letter: str, value: Any) -> None:
        kept: Any = getattr(self, f"_{letter}")
        kept.array[...] = functional.normalize(value, dim=0, eps=self.eps).array
        kept.bump_version()

    def _search(self, matrix: Any, steps: int) -> None:
        """Turn both vectors towards the largest singular value's."""
        with no_grad():
            for _ in range(steps):
                self._put("u", call("mv", matrix, self._v))
                self._put("v", call("mv", call("t", matrix), self._u))

    def forward(self, weight: Any) -> Any:
        """The weight with its largest singular value about one."""
        if weight.array.ndim == 1:
            return functional.normalize(weight, dim=0, eps=self.eps)
        matrix = self._matrix(weight)
        if self.training:
            self._search(matrix.detach(), self.n_power_iterations)
        largest = call("dot", self._u.clone(), call("mv", matrix, self._v.clone()))
        return weight / largest

    def right_inverse(self, value: Any) -> Any:
        """The weight itself: it is taken to be divided already."""
        return value


def spectral_norm(
    module: Any, name: str = "weight", n_power_iterations: int = 1, eps: float = 1e-12,
    dim: int | None = None,
) -> Any:  # fmt: skip
    """Divide a weight by its largest singular value at each use."""
    weight = getattr(module, name, None)
    if not isinstance(weight, Tensor):
        raise ValueError(f"Module '{module}' has no parameter or buffer with name '{name}'")
    chosen = (1 if isinstance(module, Transposed) else 0) if dim is None else dim
    made = _SpectralNorm(weight, n_power_iterations, chosen, eps)
    return register_parametrization(module, name, made)
