"""Whole Jacobians and Hessians, and their products with vectors, of functions of tensors.

See https://docs.pytorch.org/docs/stable/autograd.html#functional-higher-level-api.
``inputs`` and what a function returns are a tensor or a tuple of them; results nest alike. With
``create_graph`` results can be differentiated again; with ``strict`` a result that does not
depend on an input is an error, where otherwise it is zeros.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from gradviz.autograd.backward import grad, like
from gradviz.autograd.mode import enable_grad, is_grad_enabled, set_grad_enabled
from gradviz.ops.dual import call, is_plain
from gradviz.ops.kinds import is_tuple
from gradviz.ops.table import OPS

__all__ = ["hessian", "hvp", "jacobian", "jvp", "vhp", "vjp"]

Function = Callable[..., Any]
Tensors = tuple[Any, ...]
NOT_STRICT = " This is not allowed in strict mode."
INDEPENDENT = {
    "back": "The output of the user-provided function is independent of input {}." + NOT_STRICT,
    "back_trick": (
        "The gradient with respect to the input is independent of entry {} in the grad_outputs "
        "when using the double backward trick to compute forward mode gradients." + NOT_STRICT
    ),
    "double_back": (
        "The jacobian of the user-provided function is independent of input {}." + NOT_STRICT
    ),
    "double_back_trick": (
        "The hessian of the user-provided function is independent of entry {} in the "
        "grad_jacobian. This is not allowed in strict mode as it prevents from using the double "
        "backward trick to replace forward mode AD."
    ),
}
CONSTANT = {
    "outputs": (
        "Output {} of the user-provided function does not require gradients. The outputs must be "
        "computed in a differentiable manner from the input when running in strict mode."
    ),
    "grad_inputs": (
        "The gradient with respect to input {} is independent of the inputs of the user-provided "
        "function." + NOT_STRICT
    ),
    "jacobian": (
        "While computing the hessian, found that the jacobian of the user-provided function with "
        "respect to input {} is independent of the input. This is not allowed in strict mode. You "
        "should ensure that your function is twice differentiable and that the jacobian depends "
        "on the inputs (this would be violated by a linear function for example)."
    ),
}
LONE_OUTPUT = (
    "The vector v can only be None if the user-provided function returns a single Tensor with a "
    "single element."
)
LONE_INPUT = (
    "The vector v can only be None if the input to the user-provided function is a single Tensor "
    "with a single element."
)


def jacobian(
    func: Function,
    inputs: Any,
    create_graph: bool = False,
    strict: bool = False,
    vectorize: bool = False,
    strategy: str = "reverse-mode",
) -> Any:
    """The derivative of each element of ``func(*inputs)`` by each element of the inputs.

    Of shape output + input; ``vectorize`` and ``strategy`` change nothing but are accepted.
    """
    check_strategy(strategy, vectorize)
    with enable_grad():
        sources, outputs, single_in, single_out = run(func, inputs, "jacobian", create_graph)
        if strict:
            refuse_constants(outputs, "outputs")
        rows = tuple(
            jacobian_of(output, sources, i, create_graph, strict)
            for i, output in enumerate(outputs)
        )
    found = tuple(lone(finished(row, create_graph), single_in) for row in rows)
    return lone(found, single_out)


def hessian(
    func: Function,
    inputs: Any,
    create_graph: bool = False,
    strict: bool = False,
    vectorize: bool = False,
    outer_jacobian_strategy: str = "reverse-mode",
) -> Any:
    """The second derivatives of a function with one single-element output."""
    check_strategy(outer_jacobian_strategy, vectorize)
    given, single = as_tensors(inputs, "inputs", "hessian")

    def scalar(*arguments: Any) -> Any:
        outputs, single_out = as_tensors(
            func(*arguments), "outputs of the user-provided function", "hessian"
        )
        if strict:
            refuse_constants(outputs, "outputs")
        check_scalar(outputs, single_out, "hessian")
        return outputs[0]

    def gradient(*arguments: Any) -> Any:
        if not strict:
            arguments = tuple(as_itself(a) for a in arguments)
        found: Tensors = jacobian(scalar, arguments, create_graph=True)
        if strict:
            refuse_constants(found, "jacobian")
        return found

    rows: Any = jacobian(gradient, given, create_graph, strict)
    return rows[0][0] if single else rows


def vjp(
    func: Function, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False
) -> tuple[Any, Any]:
    """``func(*inputs)``, and the product of the vector ``v`` with the Jacobian."""
    with enable_grad():
        sources, outputs, single_in, single_out = run(func, inputs, "vjp", create_graph)
        if strict:
            refuse_constants(outputs, "outputs")
        vectors = vectors_for(v, outputs, single_out, "vjp", LONE_OUTPUT)
    with set_grad_enabled(create_graph or is_grad_enabled()):
        found = gradients(outputs, sources, vectors, create_graph)
        products = filled(found, sources, strict, create_graph, "back")
    return lone(finished(outputs, create_graph), single_out), lone(
        finished(products, create_graph), single_in
    )


def jvp(
    func: Function, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False
) -> tuple[Any, Any]:
    """``func(*inputs)``, and the product of the Jacobian with the vector ``v``.

    By a gradient of a gradient: what ``v`` would add, had ``func`` been linear from here.
    """
    with enable_grad():
        sources, outputs, single_in, single_out = run(func, inputs, "jvp", create_graph)
        vectors = vectors_for(v, sources, single_in, "jvp", LONE_INPUT)
        if strict:
            refuse_constants(outputs, "outputs")
        weights = tuple(fresh_zeros(output) for output in outputs)
        transposed = gradients(outputs, sources, weights, True)
        if strict:
            refuse_constants(transposed, "grad_inputs")
    with set_grad_enabled(create_graph or is_grad_enabled()):
        found = gradients(transposed, weights, vectors, create_graph)
        products = filled(found, outputs, strict, create_graph, "back_trick")
    return lone(finished(outputs, create_graph), single_out), lone(
        finished(products, create_graph), single_out
    )


def vhp(
    func: Function, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False
) -> tuple[Any, Any]:
    """``func(*inputs)``, one element, and the product of the vector ``v`` with its Hessian."""
    with enable_grad():
        sources, outputs, single_in, single_out = run(func, inputs, "vhp", create_graph)
        vectors = vectors_for(v, sources, single_in, "vhp", LONE_INPUT)
        if strict:
            refuse_constants(outputs, "outputs")
        check_scalar(outputs, single_out, "vhp")
        first = gradients(outputs, sources, None, True)
        if strict:
            refuse_constants(first, "jacobian")
    with set_grad_enabled(create_graph or is_grad_enabled()):
        found = gradients(first, sources, vectors, create_graph)
        products = filled(found, sources, strict, create_graph, "double_back")
    return finished(outputs, create_graph)[0], lone(finished(products, create_graph), single_in)


def hvp(
    func: Function, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False
) -> tuple[Any, Any]:
    """``func(*inputs)``, one element, and the product of its Hessian with the vector ``v``."""
    with enable_grad():
        sources, outputs, single_in, single_out = run(func, inputs, "hvp", create_graph)
        vectors = vectors_for(v, sources, single_in, "hvp", LONE_INPUT)
        if strict:
            refuse_constants(outputs, "outputs")
        check_scalar(outputs, single_out, "hvp")
        first = gradients(outputs, sources, None, True)
        weights = tuple(fresh_zeros(source) for source in sources)
        if strict:
            refuse_constants(first, "jacobian")
        second = gradients(first, sources, weights, True)
        if strict:
            refuse_constants(second, "jacobian")
    with set_grad_enabled(create_graph or is_grad_enabled()):
        found = gradients(second, weights, vectors, create_graph)
        products = filled(found, sources, strict, create_graph, "double_back_trick")
    return finished(outputs, create_graph)[0], lone(finished(products, create_graph), single_in)


def check_strategy(strategy: str, vectorize: bool) -> None:
    """PyTorch's errors for a strategy it does not know, or not in this combination."""
    if strategy not in ("forward-mode", "reverse-mode"):
        raise AssertionError(
            'Expected strategy to be either "forward-mode" or "reverse-mode". Hint: If your '
            'function has more outputs than inputs, "forward-mode" tends to be more performant. '
            'Otherwise, prefer to use "reverse-mode".'
        )
    if strategy == "forward-mode" and not vectorize:
        raise NotImplementedError(
            "Computing Jacobian using forward-AD or forward-over-reverse Hessian is"
            "only implemented for `vectorize=True`."
        )


def as_tensors(value: Any, what: str, name: str) -> tuple[Tensors, bool]:
    """A tensor or tuple of them as a tuple, and whether it was one alone."""
    single = not is_tuple(value)
    members: Tensors = value if is_tuple(value) else (value,)
    for index, member in enumerate(members):
        if is_plain(member):
            place = f"given {what}" if single else f"value at index {index}"
            raise TypeError(
                f"The {what} given to {name} must be either a Tensor or a tuple of Tensors but "
                f"the {place} has type {type(member)}."
            )
    return members, single


def lone(values: Tensors, single: bool) -> Any:
    """The only one of ``values`` where one was given, else all."""
    return values[0] if single else values


def run(
    func: Function, inputs: Any, name: str, create_graph: bool
) -> tuple[Tensors, Tensors, bool, bool]:
    """Inputs of our own, what ``func`` gives for them, and whether each was one tensor alone."""
    given, single_in = as_tensors(inputs, "inputs", name)
    sources = tuple(own(tensor, create_graph) for tensor in given)
    outputs, single_out = as_tensors(func(*sources), "outputs of the user-provided function", name)
    return sources, outputs, single_in, single_out


def check_scalar(outputs: Tensors, single: bool, name: str) -> None:
    """Raise PyTorch's error unless there is one output with one element."""
    if not single:
        raise RuntimeError(f"The function given to {name} should return a single Tensor")
    if outputs[0].array.size != 1:
        raise RuntimeError(
            f"The Tensor returned by the function given to {name} should contain a single element"
        )


def own(tensor: Any, create_graph: bool) -> Any:
    """A tensor of the same value that ``func`` cannot already hold, to differentiate by."""
    if create_graph and tensor.requires_grad:
        return as_itself(tensor)
    return tensor.detach().requires_grad_()


def as_itself(tensor: Any) -> Any:
    """Another tensor on the same memory, whose gradient goes to the first."""
    return call(OPS["view"], tensor, tuple(tensor.array.shape))


def fresh_zeros(tensor: Any) -> Any:
    """Zeros of a tensor's shape, to differentiate by."""
    return like(tensor, np.zeros_like(tensor.array)).requires_grad_()


def vectors_for(v: Any, targets: Tensors, single: bool, name: str, lonely: str) -> Tensors | None:
    """The vector to multiply with, checked against what it belongs to."""
    if v is None:
        if len(targets) != 1 or targets[0].array.size != 1:
            raise RuntimeError(lonely)
        return tuple(like(t, np.ones_like(t.array)) for t in targets)
    vectors, _ = as_tensors(v, "v", name)
    if len(vectors) != len(targets):
        if not single:
            raise RuntimeError(
                f"v is a tuple of invalid length: should be {len(targets)} but got {len(vectors)}."
            )
        raise RuntimeError("The given v should contain a single Tensor.")
    for index, (vector, target) in enumerate(zip(vectors, targets, strict=True)):
        if vector.shape != target.shape:
            place = "" if single else f"Entry {index} in "
            raise RuntimeError(
                f"{place}v has invalid size: should be {target.shape} but got {vector.shape}."
            )
    return tuple(vector.detach() if not vector.requires_grad else vector for vector in vectors)


def gradients(
    outputs: Tensors, inputs: Tensors, weights: Tensors | None, create_graph: bool
) -> Tensors:
    """Gradients where there are any, None where not; the graph stays."""
    given = weights if weights is not None else (None,) * len(outputs)
    pairs = [
        (o, w) for o, w in zip(outputs, given, strict=True) if o is not None and o.requires_grad
    ]
    if not pairs:
        return (None,) * len(inputs)
    roots, seeds = [o for o, _ in pairs], [w for _, w in pairs]
    return grad(
        roots, inputs, seeds, retain_graph=True, create_graph=create_graph, allow_unused=True
    )


def filled(
    found: Tensors, targets: Tensors, strict: bool, create_graph: bool, stage: str
) -> Tensors:
    """Zeros in the place of gradients that did not arrive; errors where ``strict``."""
    results: list[Any] = []
    for index, (value, target) in enumerate(zip(found, targets, strict=True)):
        if value is None:
            if strict:
                raise RuntimeError(INDEPENDENT[stage].format(index))
            value = like(target, np.zeros_like(target.array))
        elif strict and create_graph and not value.requires_grad:
            kind = "hessian" if "double" in stage else "jacobian"
            raise RuntimeError(
                f"The {kind} of the user-provided function is independent of input "
                f"{index}. This is not allowed in strict mode when create_graph=True."
            )
        results.append(value)
    return tuple(results)


def refuse_constants(values: Sequence[Any], kind: str) -> None:
    """PyTorch's error for the first of ``values`` that depends on nothing."""
    for index, value in enumerate(values):
        if value is None:
            raise RuntimeError(INDEPENDENT["back"].format(index))
        if not value.requires_grad:
            raise RuntimeError(CONSTANT[kind].format(index))


def finished(values: Tensors, create_graph: bool) -> Tensors:
    """Results, cut from the tape unless they are to be differentiated again."""
    return values if create_graph else tuple(value.detach() for value in values)


def jacobian_of(
    output: Any, sources: Tensors, number: int, create_graph: bool, strict: bool
) -> Tensors:
    """The Jacobian of one output by each source, of shape output + source."""
    rows: list[Tensors] = []
    for place in range(output.array.size):
        seed = np.zeros_like(output.array)
        seed.reshape(-1)[place] = 1
        found = gradients((output,), sources, (like(output, seed),), create_graph)
        if strict:
            check_row(found, number, create_graph)
        rows.append(filled(found, sources, False, create_graph, "back"))
    shape = tuple(output.array.shape)
    return tuple(
        stacked([row[i] for row in rows], source, shape) for i, source in enumerate(sources)
    )


def check_row(found: Tensors, number: int, create_graph: bool) -> None:
    """PyTorch's error where an output does not depend on an input, or only linearly."""
    for index, value in enumerate(found):
        if value is None:
            raise RuntimeError(
                f"Output {number} of the user-provided function is independent of input {index}."
                " This is not allowed in strict mode."
            )
        if create_graph and not value.requires_grad:
            raise RuntimeError(
                "The jacobian of the user-provided function is independent of input "
                f"{index}. This is not allowed in strict mode when create_graph=True."
            )


def stacked(rows: list[Any], source: Any, shape: tuple[int, ...]) -> Any:
    """The rows of a Jacobian as one tensor."""
    whole = (*shape, *source.array.shape)
    if not rows:
        return like(source, np.zeros(whole, source.array.dtype))
    return call(OPS["reshape"], call(OPS["stack"], tuple(rows), 0), whole)
