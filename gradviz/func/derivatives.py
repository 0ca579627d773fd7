"""Derivatives of functions as functions.

Each differentiates tensors of its own, so that derivatives nest to any depth. What is returned
stays on the tape only where something outside is to be differentiated by: an argument, a tensor
the function holds, or the derivative around this one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import numpy as np

from gradviz.autograd.backward import grad as gradients
from gradviz.autograd.functional import as_itself, jacobian_of
from gradviz.autograd.mode import enable_grad
from gradviz.autograd.record import AccumulateGrad
from gradviz.autograd.steps import Node
from gradviz.func.trees import Tree, leaves, mapped, rebuilt, same_form
from gradviz.tensor.tensor import Tensor

__all__ = ["grad", "grad_and_value", "jacrev", "vjp"]

Function = Callable[..., Any]
Places = int | tuple[int, ...]


def grad(func: Function, argnums: Places = 0, has_aux: bool = False) -> Function:
    """The gradient of a function with one single-element result, by the arguments ``argnums``.

    With ``has_aux`` the function returns a pair of which the second is passed on. See
    https://docs.pytorch.org/docs/stable/generated/torch.func.grad.html.
    """

    @wraps(func)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        found, value = grad_and_value(func, argnums, has_aux)(*args, **kwargs)
        return (found, value[1]) if has_aux else found

    return wrapped


def grad_and_value(func: Function, argnums: Places = 0, has_aux: bool = False) -> Function:
    """As :func:`grad`, with the function's value behind the gradient."""

    @wraps(func)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        with enable_grad():
            own, inputs = opened(args, argnums)
            output, aux = parted(func(*own, **kwargs), has_aux, "grad_and_value")
            check_scalar(output)
            found = rebuilt(chosen(own, argnums), iter(sent_back([output], inputs, None)))
        result = closed((found, (output, aux) if has_aux else output), inputs)
        return result[0], result[1]

    return wrapped


def vjp(func: Function, *primals: Any, has_aux: bool = False) -> Any:
    """``func(*primals)``, and the function that multiplies a vector with its Jacobian.

    The second takes cotangents shaped as the result and returns a tuple, one an argument.
    """
    with enable_grad():
        own, inputs = opened(primals, tuple(range(len(primals))))
        output, aux = parted(func(*own), has_aux, "vjp")
        check_tensors(output, "vjp(f, *primals)", "f(*primals)")

    def pull(*cotangents: Any, **_: Any) -> Any:
        given = cotangents if isinstance(output, tuple) and len(cotangents) != 1 else cotangents[0]
        if not same_form(output, given):
            raise RuntimeError(
                "Expected pytree structure of cotangents to be the same as pytree structure of "
                "outputs to the function."
            )
        with enable_grad():
            found = sent_back(leaves(output), inputs, leaves(given))
        made = closed(rebuilt(own, iter(found)), inputs)
        return made

    value = closed(output, inputs)
    return (value, pull, closed(aux, inputs)) if has_aux else (value, pull)


def jacrev(
    func: Function, argnums: Places = 0, *, has_aux: bool = False, chunk_size: int | None = None
) -> Function:
    """The Jacobian of a function by the arguments ``argnums``, a backward pass an element.

    Each result's place holds the Jacobians by the arguments, of shape result + argument.
    ``chunk_size`` changes nothing: the passes are made one by one.
    """
    if chunk_size is not None and chunk_size <= 0:
        raise ValueError("jacrev: `chunk_size` should be greater than 0.")

    @wraps(func)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        with enable_grad():
            own, inputs = opened(args, argnums)
            output, aux = parted(func(*own, **kwargs), has_aux, "jacrev")
            check_tensors(output, "vjp(f, *primals)", "f(*primals)")
            form = chosen(own, argnums)
            rows = [
                rebuilt(form, iter(jacobian_of(leaf, tuple(inputs), number, True, False)))
                for number, leaf in enumerate(leaves(output))
            ]
        made = closed((rebuilt(output, iter(rows)), aux), inputs)
        return made if has_aux else made[0]

    return wrapped


def chosen(args: Sequence[Any], argnums: Places) -> Tree:
    """The arguments to differentiate by: one, or a tuple; PyTorch's error for one too many."""
    for place in (argnums,) if isinstance(argnums, int) else argnums:
        if not -len(args) <= place < len(args):
            raise RuntimeError(f"Got argnum={place}, but only {len(args)} positional inputs")
    if isinstance(argnums, int):
        return args[argnums]
    return tuple(args[place] for place in argnums)


def opened(args: Sequence[Any], argnums: Places) -> tuple[tuple[Any, ...], list[Any]]:
    """The arguments with tensors of our own where they are differentiated by, and those."""
    chosen(args, argnums)
    places = {n % len(args) for n in ((argnums,) if isinstance(argnums, int) else argnums)}
    own = tuple(mapped(fresh, a) if i in places else a for i, a in enumerate(args))
    return own, leaves(chosen(own, argnums))


def fresh(value: Any) -> Any:
    """A tensor of the same value to differentiate by: on the tape behind what is on it."""
    if not isinstance(value, Tensor):
        raise TypeError(
            f"expected the arguments to differentiate by to hold Tensors, got {type(value)}"
        )
    if value.requires_grad:
        return as_itself(value)
    return value.detach().requires_grad_()


def parted(result: Any, has_aux: bool, name: str) -> tuple[Any, Any]:
    """A function's result and, where it returns a pair, what goes along with it."""
    if not has_aux:
        return result, None
    if not isinstance(result, tuple) or len(result) != 2:  # pyright: ignore[reportUnknownArgumentType]
        raise RuntimeError(
            f"{name}(f)(*args): output of function f should be a tuple: (output, aux) if has_aux "
            "is True"
        )
    return result[0], result[1]  # pyright: ignore[reportUnknownVariableType]


def check_tensors(tree: Tree, call: str, what: str) -> None:
    """PyTorch's error where a function returns something that is no tensor."""
    for value in leaves(tree):
        if not isinstance(value, Tensor):
            raise RuntimeError(
                f"{call}: expected {what} to return only tensors, got unsupported type "
                f"{type(value)}"
            )


def check_scalar(output: Any) -> None:
    """PyTorch's errors unless a result is a tensor without dimensions."""
    if not isinstance(output, Tensor):
        raise RuntimeError(
            f"grad_and_value(f)(*args): Expected f(*args) to return a Tensor, got {type(output)}"
        )
    if output.array.ndim:
        raise RuntimeError(
            "grad_and_value(f)(*args): Expected f(*args) to return a scalar Tensor, got tensor "
            f"with {output.array.ndim} dims. Maybe you wanted to use the vjp or "
            "jacrev APIs instead?"
        )


def sent_back(outputs: Sequence[Any], inputs: list[Any], weights: Sequence[Any] | None) -> Any:
    """Gradients by ``inputs``, recorded; zeros where none arrive."""
    given: Sequence[Any] = weights if weights is not None else [None] * len(outputs)
    pairs = [(o, w) for o, w in zip(outputs, given, strict=True) if o.requires_grad]
    if not pairs:
        return [Tensor.wrap(np.zeros_like(i.array)) for i in inputs]
    return gradients(
        [o for o, _ in pairs], inputs, [w for _, w in pairs],
        create_graph=True, allow_unused=True, materialize_grads=True,
    )  # fmt: skip


def closed(tree: Tree, own: Sequence[Any]) -> Tree:
    """Results, cut from the tape where only our own tensors lie behind them."""
    keys = {id(t) for t in own}
    return mapped(lambda value: cut(value, keys), tree)


def cut(value: Any, own: set[int]) -> Any:
    """A tensor, detached where no leaf but our own requires its gradient."""
    if not isinstance(value, Tensor) or not value.requires_grad:
        return value
    stack: list[Node] = [value.tape_key()[0]]
    seen: set[Node] = set()
    while stack:
        node = stack.pop()
        if node in seen:
            continue
        seen.add(node)
        if isinstance(node, AccumulateGrad) and id(node.leaf) not in own:
            return value
        stack.extend(parent for parent, _ in node.next_functions if parent is not None)
    return value.detach()
