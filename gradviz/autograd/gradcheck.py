"""Gradients held against finite differences.

Full Jacobians, column by column with central differences, against rows from backward passes.
See https://docs.pytorch.org/docs/stable/generated/torch.autograd.gradcheck.gradcheck.html.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from gradviz.autograd.backward import as_sequence, grad, like
from gradviz.ops.spec import Array, Shape

Function = Callable[..., Any]


class GradcheckError(RuntimeError):
    """A gradient and its finite differences differ; the message says where and by how much."""


def gradcheck(
    func: Function,
    inputs: Any,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    raise_exception: bool = True,
) -> bool:
    """Whether the gradients of ``func`` at ``inputs`` agree with finite differences.

    ``inputs``: a tensor or tuple; those that require gradients should be float64.
    """
    try:
        check(func, tuple(as_sequence(inputs)), eps, atol, rtol)
    except GradcheckError:
        if raise_exception:
            raise
        return False
    return True


def gradgradcheck(
    func: Function,
    inputs: Any,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    raise_exception: bool = True,
) -> bool:
    """Whether the gradients of the gradients of ``func`` agree with finite differences."""
    given = tuple(as_sequence(inputs))
    moving = movable(given)
    outputs = differentiable(func(*given))
    rng = np.random.default_rng(0)
    seeds = tuple(random_seed(o, rng) for o in outputs)

    def gradient(*arguments: Any) -> Any:
        tensors, weights = arguments[: len(given)], arguments[len(given) :]
        results = differentiable(func(*tensors))
        wanted = [tensors[i] for i in moving]
        found = grad(results, wanted, list(weights), create_graph=True, allow_unused=True)
        return tuple(g for g in found if g is not None and g.requires_grad)

    if not gradient(*given, *seeds):
        return True
    return gradcheck(gradient, (*given, *seeds), eps, atol, rtol, raise_exception)


def random_seed(output: Any, rng: np.random.Generator) -> Any:
    """A random gradient for an output, to be moved itself."""
    shape: Shape = output.array.shape
    seed = like(output, rng.standard_normal(shape).astype(output.array.dtype))
    seed.requires_grad = True
    return seed


def movable(inputs: Sequence[Any]) -> list[int]:
    """Which inputs are tensors that require gradients."""
    return [i for i, x in enumerate(inputs) if getattr(x, "requires_grad", False)]


def differentiable(result: Any) -> list[Any]:
    """The outputs of a function through which gradients flow."""
    return [o for o in as_sequence(result) if getattr(o, "requires_grad", False)]


def check(func: Function, inputs: tuple[Any, ...], eps: float, atol: float, rtol: float) -> None:
    """Raise :class:`GradcheckError` where a Jacobian and its finite differences differ."""
    outputs = differentiable(func(*inputs))
    for position in movable(inputs):
        numeric = numeric_jacobians(func, inputs, position, len(outputs), eps)
        for index, output in enumerate(outputs):
            analytic = analytic_jacobian(output, inputs[position])
            if not np.allclose(analytic, numeric[index], rtol, atol):
                worst = float(np.max(np.abs(analytic - numeric[index])))
                raise GradcheckError(
                    f"Jacobian mismatch for output {index} with respect to input {position}: "
                    f"differs by up to {worst:.3g}\nnumerical: {numeric[index]}\n"
                    f"analytical: {analytic}"
                )


def analytic_jacobian(output: Any, tensor: Any) -> Array:
    """One row an element of ``output``, by backward passes from each."""
    rows = np.zeros((output.array.size, tensor.array.size))
    for row in range(output.array.size):
        seed = np.zeros(output.array.size, output.array.dtype)
        seed[row] = 1
        weight = like(output, seed.reshape(output.array.shape))
        found = grad(output, tensor, weight, retain_graph=True, allow_unused=True)[0]
        if found is not None:
            rows[row] = found.array.reshape(-1)
    return rows


def numeric_jacobians(
    func: Function, inputs: tuple[Any, ...], position: int, count: int, eps: float
) -> list[Array]:
    """A Jacobian for each output, one column an element of the input, by central differences."""
    array: Array = inputs[position].array
    columns: list[list[Array]] = []
    for index in np.ndindex(array.shape):
        kept = array[index].copy()
        sides: list[list[Array]] = []
        for sign in (1, -1):
            array[index] = kept + sign * eps
            sides.append(values_of(func, inputs))
        array[index] = kept
        columns.append([(up - down) / (2 * eps) for up, down in zip(*sides, strict=True)])
    return [
        np.stack([column[k] for column in columns], axis=1) if columns else np.zeros((0, 0))
        for k in range(count)
    ]


def values_of(func: Function, inputs: tuple[Any, ...]) -> list[Array]:
    """The differentiable outputs at ``inputs`` as flat copies."""
    return [np.array(o.array, np.float64).reshape(-1) for o in differentiable(func(*inputs))]
