"""All parameters as one vector, and back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gradviz.tensor import Tensor
from gradviz.tensor.composed import call


def parameters_to_vector(parameters: Iterable[Any]) -> Tensor:
    """The elements of all parameters, one after the other."""
    return call("cat", [call("reshape", p, (-1,)) for p in parameters])


def vector_to_parameters(vec: Tensor, parameters: Iterable[Any]) -> None:
    """Give the parameters the elements of a vector, one after the other, on its memory."""
    if not isinstance(vec, Tensor):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"expected torch.Tensor, but got: {type(vec).__name__}")
    start = 0
    for parameter in parameters:
        count, shape = parameter.array.size, parameter.array.shape
        parameter.data = Tensor.wrap(vec.array[start : start + count].reshape(shape))
        start += count
