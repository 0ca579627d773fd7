"""Runners that go to the bottom of a parabola fitted to the loss: Newton and Gauss–Newton.

Nocedal and Wright, Numerical Optimization, sections 3.4 and 10.3. The matrix of second
derivatives is no part of an optimizer's interface: whoever runs one gives it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar, Literal

import numpy as np

from gradviz.descent.searching import flat, flat_gradient, put
from gradviz.ops.spec import Array
from gradviz.optim import Optimizer, Setting
from gradviz.optim.optimizer import Closure
from gradviz.optim.setting import learning_rate
from gradviz.tensor.tensor import Tensor

FLATTEST = 1e-3
"""The least curvature that a damped matrix is given, beside its largest."""


class Newton(Optimizer):
    """Newton's method, damped where the loss does not curve upwards every way.

    Where the smallest eigenvalue of the matrix is not above 0, as much is added to all as makes it
    as large as it was small. ``state`` of each parameter holds ``added``: what was added.
    """

    doc = "Goes to the bottom of the parabola that fits slope and curvature here."
    settings = (
        learning_rate(1.0),
        Setting(name="damping", default=0.0, low=0.0, high=10.0, symbol=r"\mu",
                title="damping", doc="Added to every curvature; more of it, shorter steps."),
    )  # fmt: skip
    matrix: ClassVar[Literal["hessian", "squares"]] = "hessian"
    rule = (
        r"\tau \leftarrow 0 \text{ where } H = \nabla^2 J(\theta) \text{ is positive definite, "
        r"else what makes } H + \tau I \text{ so}",
        r"\theta \leftarrow \theta - \alpha (H + \tau I + \mu I)^{-1} \nabla J(\theta)",
    )

    def __init__(self, params: Iterable[Any], *positional: Any, **given: Any) -> None:
        super().__init__(params, *positional, **given)
        self.curvature: Callable[[], Array] | None = None

    def step(self, closure: Closure | None = None) -> Any:
        """One step by the gradients that the parameters have."""
        if self.curvature is None:
            raise TypeError(f"{type(self).__name__} needs a matrix of second derivatives")
        group = self.param_groups[0]
        params: list[Tensor] = group["params"]
        matrix = self.curvature() + group["damping"] * np.eye(sum(p.array.size for p in params))
        added = damping_for(matrix)
        step = solved(matrix + added * np.eye(len(matrix)), flat_gradient(params))
        put(params, flat(params) - group["lr"] * step)
        for param in params:
            self.state[param]["added"] = Tensor.wrap(np.array(added))
        return None


class GaussNewton(Newton):
    """Newton's method for a sum of squares, with the curvature of the squares alone.

    Twice the Jacobian of what is squared, times itself: it never curves downwards, and asks for
    no second derivative.
    """

    doc = "Newton for sums of squares: takes what is squared to be straight."
    matrix = "squares"
    rule = (
        r"J(\theta) = \textstyle\sum_i w_i r_i^2, \quad R_{ij} = \partial r_i/\partial\theta_j",
        r"\theta \leftarrow \theta - \alpha (2R^\top W R + \mu I)^{-1} \nabla J(\theta)",
    )


def damping_for(matrix: Array) -> float:
    """What must be added to a symmetric matrix's diagonal to make it positive definite; 0 if so."""
    if not np.all(np.isfinite(matrix)):
        return 0.0
    values = np.linalg.eigvalsh(matrix)
    low, size = float(values[0]), float(np.abs(values).max())
    if low > 1e-12 * size:
        return 0.0
    return max(-low, FLATTEST * size, 1e-8) - low


def solved(matrix: Array, vector: Array) -> Array:
    """The solution, or numbers that are none where there is no solution."""
    try:
        return np.linalg.solve(matrix, vector)
    except np.linalg.LinAlgError:
        return np.full_like(vector, np.nan)
