"""Products of Jacobians with tangents, and Jacobians column by column.

There is no second set of rules for going forward: a gradient is linear in what it is given, so
its own gradient by that is the Jacobian times a tangent. One recorded backward pass serves any
number of tangents, each of which costs a pass back through it. So ``jvp`` takes about three times
a backward pass, and ``jacfwd`` one pass for each element of the arguments, after two for all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import numpy as np

from gradviz.autograd.functional import fresh_zeros
from gradviz.autograd.mode import enable_grad
from gradviz.func.batch import check_randomness
from gradviz.func.derivatives import (
    Function,
    Places,
    check_tensors,
    chosen,
    closed,
    jacrev,
    opened,
    parted,
    sent_back,
)
from gradviz.func.trees import leaves, rebuilt, same_form
from gradviz.ops.table import OPS
from gradviz.tensor.tensor import Tensor, apply

__all__ = ["hessian", "jacfwd", "jvp", "linearize"]

JVP = "jvp(f, primals, tangents)"


class Linear:
    """A function of tensors made linear at a point: its value there, and products with tangents."""

    def __init__(self, output: Any, inputs: list[Any]) -> None:
        self.output = output
        self.inputs = inputs
        outputs = leaves(output)
        self.weights = [fresh_zeros(o) for o in outputs]
        self.back = sent_back(outputs, inputs, self.weights)

    def __call__(self, tangents: Sequence[Any]) -> list[Any]:
        """The Jacobian times ``tangents``, one an input; a list with one for each output."""
        return sent_back(self.back, self.weights, tangents)

    def close(self, tree: Any) -> Any:
        """Results, cut from the tape where nothing outside lies behind them."""
        return closed(tree, [*self.inputs, *self.weights])


def jvp(
    func: Function,
    primals: tuple[Any, ...],
    tangents: tuple[Any, ...],
    *,
    strict: bool = False,
    has_aux: bool = False,
) -> Any:
    """``func(*primals)``, and the product of its Jacobian with ``tangents``.

    See https://docs.pytorch.org/docs/stable/generated/torch.func.jvp.html.
    """
    check_primals(primals, tangents)
    with enable_grad():
        own, inputs = opened(primals, tuple(range(len(primals))))
        output, aux = parted(func(*own), has_aux, "jvp")
        check_tensors(output, JVP, "f(*primals)")
        linear = Linear(output, inputs)
        found = linear(leaves(tangents))
    made = linear.close((output, rebuilt(output, iter(found)), aux))
    return made if has_aux else made[:2]


def check_primals(primals: Any, tangents: Any) -> None:
    """PyTorch's errors where a point and a direction do not belong together."""
    for what, given in (("primals", primals), ("tangents", tangents)):
        if not isinstance(given, tuple):
            raise RuntimeError(
                f"{JVP}: Expected {what} to be a tuple. E.g. it should be valid to call f(*{what})."
            )
    if not same_form(primals, tangents):
        raise RuntimeError(
            f"{JVP}: Expected primals and tangents to have the same python structure. For example, "
            "if primals is a tuple of 3 tensors, tangents also must be."
        )
    if not leaves(primals):
        raise RuntimeError(f"{JVP}: Expected primals to contain at least one Tensor.")
    for primal, tangent in zip(leaves(primals), leaves(tangents), strict=True):
        for what, value in (("primals", primal), ("tangents", tangent)):
            if not isinstance(value, Tensor):
                raise RuntimeError(
                    f"{JVP}: Expected {what} to only contain Tensors, got {type(value)}"
                )
        if primal.array.shape != tangent.array.shape:
            raise RuntimeError(
                "Trying to set a forward gradient that has a different size than that of the "
                "original Tensor, this is not supported. Tensor is of size "
                f"{list(primal.array.shape)} while the given forward gradient is of size "
                f"{list(tangent.array.shape)}."
            )


def linearize(func: Function, *primals: Any) -> tuple[Any, Callable[..., Any]]:
    """``func(*primals)``, and a function from tangents to the products with its Jacobian there.

    See https://docs.pytorch.org/docs/stable/generated/torch.func.linearize.html.
    """
    with enable_grad():
        own, inputs = opened(primals, tuple(range(len(primals))))
        output = func(*own)
        check_tensors(output, "linearize(f, *primals)", "f(*primals)")
        linear = Linear(output, inputs)

    def product(*tangents: Any) -> Any:
        if not same_form(primals, tangents):
            raise RuntimeError(
                "linearize: Expected the tangents to have the same structure as the primals."
            )
        with enable_grad():
            found = linear(leaves(tangents))
        return linear.close(rebuilt(output, iter(found)))

    return linear.close(output), product


def jacfwd(
    func: Function, argnums: Places = 0, has_aux: bool = False, *, randomness: str = "error"
) -> Function:
    """The Jacobian of a function by the arguments ``argnums``, a column at a time.

    Each result's place holds the Jacobians by the arguments, of shape result + argument. See
    https://docs.pytorch.org/docs/stable/generated/torch.func.jacfwd.html.
    """

    @wraps(func)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        check_randomness(randomness)
        check_floating(chosen(args, argnums))
        with enable_grad():
            own, inputs = opened(args, argnums)
            output, aux = parted(func(*own, **kwargs), has_aux, "jacfwd")
            check_tensors(output, JVP, "f(*primals)")
            linear = Linear(output, inputs)
            by_input = [columns(linear, place) for place in range(len(inputs))]
            form = chosen(own, argnums)
            rows = [rebuilt(form, iter(row)) for row in zip(*by_input, strict=True)]
        made = linear.close((rebuilt(output, iter(rows)), aux))
        return made if has_aux else made[0]

    return wrapped


def check_floating(tree: Any) -> None:
    """PyTorch's error where whole numbers are to be differentiated by."""
    for value in leaves(tree):
        if isinstance(value, Tensor) and not value.dtype.is_floating_point:
            raise ValueError(
                f"Expected primal to be floating point or complex, but got: {value.dtype!r}"
            )


def columns(linear: Linear, place: int) -> list[Any]:
    """The Jacobian of each output by the input at ``place``."""
    shape = linear.inputs[place].array.shape
    found: list[list[Any]] = []
    for index in range(linear.inputs[place].array.size):
        tangents = [np.zeros_like(i.array) for i in linear.inputs]
        tangents[place].reshape(-1)[index] = 1
        found.append(linear([Tensor.wrap(t) for t in tangents]))
    return [
        joined([column[k] for column in found], output, shape)
        for k, output in enumerate(leaves(linear.output))
    ]


def joined(parts: list[Any], output: Any, shape: tuple[int, ...]) -> Any:
    """Columns as one tensor, of shape output + input."""
    whole = (*output.array.shape, *shape)
    if not parts:
        return Tensor.wrap(np.zeros(whole, output.array.dtype))
    stack = apply(OPS["stack"], (tuple(parts),), {"dim": -1})
    return apply(OPS["reshape"], (stack,), {"shape": whole})


def hessian(func: Function, argnums: Places = 0) -> Function:
    """The second derivatives of a function: the Jacobian of its Jacobian."""
    return jacfwd(jacrev(func, argnums), argnums)
