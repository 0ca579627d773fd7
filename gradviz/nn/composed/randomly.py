"""Activations with a random part: leaks of random slope, and choices drawn by noise."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from gradviz.tensor import Tensor
from gradviz.tensor.composed import call

__all__ = ["gumbel_softmax", "rrelu", "rrelu_"]


def _slopes(input: Any, lower: float, upper: float, generator: Any) -> Tensor:
    """1 above zero; from there down a number drawn between the bounds."""
    # Loaded when first used: drawing numbers is not needed to describe layers.
    from gradviz.ops import draws
    from gradviz.tensor.generator import default_generator

    array = input.array
    slopes: Any = np.ones(array.shape, array.dtype)
    below = array <= 0
    double = np.dtype(np.float64)
    count = int(np.count_nonzero(below))
    slopes[below] = draws.uniform(generator or default_generator, count, double, lower, upper)
    return Tensor.wrap(slopes)


def rrelu(
    input: Any, lower: float = 1.0 / 8, upper: float = 1.0 / 3, training: bool = False,
    inplace: bool = False, generator: Any = None,
) -> Any:  # fmt: skip
    """A rectifier whose leak is drawn for each element while training, and the mean after."""
    if lower > upper:
        raise RuntimeError("Lower bound should be less than or equal to the upper bound")
    if not training:
        slope = (lower + upper) / 2
        if not inplace:
            return call("leaky_relu", input, slope)
        return input.mul_(call("where", input <= 0, slope, call("ones_like", input)))
    slopes = _slopes(input, lower, upper, generator)
    return input.mul_(slopes) if inplace else input * slopes


def rrelu_(
    input: Any, lower: float = 1.0 / 8, upper: float = 1.0 / 3, training: bool = False,
    generator: Any = None,
) -> Any:  # fmt: skip
    """:func:`rrelu` written over its input."""
    return rrelu(input, lower, upper, training, True, generator)


def gumbel_softmax(
    logits: Any, tau: float = 1, hard: bool = False, eps: float = 1e-10, dim: int = -1
) -> Any:
    """A random choice that gradients flow through; see torch.nn.functional.gumbel_softmax.

    ``hard``: exactly one of each row is 1, with the gradient of the soft choice.
    """
    if eps != 1e-10:
        warnings.warn("`eps` parameter is deprecated and has no effect.", stacklevel=2)
    noise = -call("log", call("zeros_like", logits).exponential_())
    soft = call("softmax", (logits + noise) / tau, dim)
    if not hard:
        return soft
    places = call("max", soft, dim, True)[1]
    chosen = call("scatter", call("zeros_like", logits), dim, places, 1.0)
    return chosen - soft.detach() + soft
