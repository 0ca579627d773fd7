"""``backward`` and ``grad``: what is done with the steps of a pass.

See https://docs.pytorch.org/docs/stable/autograd.html.
"""

from __future__ import annotations

import warnings
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from sys import getrefcount
from typing import Any

import numpy as np

from gradviz.autograd.mode import STATE, set_grad_enabled, silence
from gradviz.autograd.record import AccumulateGrad, Record
from gradviz.autograd.steps import Key, Node, Step, Stop, named, walk
from gradviz.ops.dual import is_plain
from gradviz.ops.kinds import is_sequence
from gradviz.ops.spec import Array

CIRCLE = (
    "Using backward() with create_graph=True will create a reference cycle between the parameter "
    "and its gradient which can cause a memory leak. We recommend using autograd.grad when "
    "creating the graph to avoid this. If you have to use this function, make sure to reset the "
    ".grad fields of your parameters to None after use to break the cycle and avoid the leak."
)


def as_sequence(value: Any) -> list[Any]:
    """``value`` as a list: itself where it is a list or tuple, else alone in one."""
    return list(value) if is_sequence(value) else [value]


def like(tensor: Any, array: Any) -> Any:
    """A tensor of the same kind as ``tensor`` on ``array``."""
    return tensor.__class__.wrap(array)


def seeds_for(outputs: Sequence[Any], gradients: Any, recorded: bool) -> list[tuple[Key, Any]]:
    """Each output's place on the tape with the gradient to start from, checked."""
    given = as_sequence(gradients) if gradients is not None else [None] * len(outputs)
    if len(given) != len(outputs):
        raise RuntimeError(f"got {len(outputs)} tensors and {len(given)} gradients")
    seeds: list[tuple[Key, Any]] = []
    for index, (output, gradient) in enumerate(zip(outputs, given, strict=True)):
        seed = seed_for(index, output, gradient, recorded)
        if not output.requires_grad:
            raise RuntimeError(
                f"element {index} of tensors does not require grad and does not have a grad_fn"
            )
        seeds.append((output.tape_key(), seed))
    return seeds


def seed_for(index: int, output: Any, gradient: Any, recorded: bool) -> Any:
    """The gradient of an output: as given, or one for a single element; an array if unrecorded."""
    if gradient is None:
        if output.array.size != 1 and output.requires_grad:
            raise RuntimeError("grad can be implicitly created only for scalar outputs")
        return like(output, np.ones_like(output.array)) if recorded else one_for(output.array)
    if gradient.array.shape != output.array.shape:
        raise RuntimeError(
            f"Mismatch in shape: grad_output[{index}] has a shape of {gradient.shape} and "
            f"output[{index}] has a shape of {output.shape}."
        )
    return gradient if recorded else gradient.array


def one_for(array: Array) -> Any:
    """The gradient of a single number to itself: a number where it has no dimension."""
    return np.ones_like(array) if array.ndim else array.dtype.type(1)


def steps(
    tensors: Any,
    gradients: Any = None,
    *,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    only: frozenset[Node] | None = None,
) -> Iterator[Step]:
    """The backward pass from ``tensors``, one :class:`Step` at a time; no ``.grad`` is touched.

    Arguments as of ``torch.autograd.backward``. Errors in them are raised at once.
    """
    seeds = seeds_for(as_sequence(tensors), gradients, create_graph)
    keep = create_graph if retain_graph is None else retain_graph
    return guarded(named(walk(seeds, create_graph, keep, only)), create_graph)


def all_steps(tensor: Any, gradient: Any) -> list[Step]:
    """Every step of :func:`steps` from one tensor at once; the tape is kept."""
    seeds = seeds_for([tensor], [gradient], False)
    with quiet(False):
        return list(named(walk(seeds, False, True, None)))


@contextmanager
def quiet(create_graph: bool) -> Generator[None]:
    """Recording as asked, and NumPy's floating-point warnings off."""
    with silence(), set_grad_enabled(create_graph):
        yield


def guarded(taken: Iterator[Step], create_graph: bool) -> Iterator[Step]:
    """Take each step of a pass under :func:`quiet`, and none of what lies between them."""
    while True:
        with quiet(create_graph):
            step = next(taken, None)
        if step is None:
            return
        yield step


def backward(
    tensors: Any,
    grad_tensors: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    *,
    inputs: Any = None,
) -> None:
    """Add to the ``.grad`` of the leaves behind ``tensors`` (or only of ``inputs``)."""
    if create_graph:
        warnings.warn(CIRCLE, UserWarning, stacklevel=2)
    targets = None if inputs is None else as_sequence(inputs)
    if targets is not None and not targets:
        raise RuntimeError("`inputs` argument to `backward()` cannot be empty.")
    roots = as_sequence(tensors)
    keys = None if targets is None else [t.tape_key() for t in targets]
    only = None if keys is None else leading_to(roots, keys)
    seeds = seeds_for(roots, grad_tensors, create_graph)
    keep = create_graph if retain_graph is None else retain_graph
    before, STATE.enabled = STATE.enabled, create_graph
    try:
        with silence():
            for node, upstream, _ in walk(seeds, create_graph, keep, only, False):
                if isinstance(node, AccumulateGrad):
                    node.leaf.accumulate(own(upstream), create_graph)
                    node.leaf.after_accumulation()
                elif node.retained:
                    retain(node, upstream, create_graph)
    finally:
        STATE.enabled = before


def retain(record: Record, upstream: list[Any], create_graph: bool) -> None:
    """Write the gradients that arrived to the outputs of a record that retain theirs."""
    for index, tensor in record.retained or ():
        if upstream[index] is not None:
            gradient = upstream[index]
            tensor.accumulate(gradient if create_graph else np.array(gradient), create_graph)


def holders(held: list[Any]) -> int:
    """How many references there are to the one value of a list, once it is taken from there."""
    value = held.pop()
    return getrefcount(value)


ALONE = holders([np.empty(1)])
"""How many there are to a value that nothing but the list held."""


def own(held: list[Any]) -> Any:
    """The gradient taken from a list: the very array where nothing else holds it, else a copy."""
    gradient = held.pop()
    if type(gradient) is not np.ndarray:
        return gradient
    alone = getrefcount(gradient) == ALONE and gradient.base is None
    return gradient if alone else np.array(gradient)


def grad(
    outputs: Any,
    inputs: Any,
    grad_outputs: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    allow_unused: bool | None = None,
    is_grads_batched: bool = False,
    materialize_grads: bool = False,
) -> tuple[Any, ...]:
    """The gradients of ``outputs`` with respect to ``inputs``, which keep their ``.grad``.

    See https://docs.pytorch.org/docs/stable/generated/torch.autograd.grad.html.
    """
    if is_grads_batched:
        raise NotImplementedError("is_grads_batched is not offered; call grad once a row")
    sources = as_sequence(inputs)
    for tensor in sources:
        if not tensor.requires_grad:
            raise RuntimeError("One of the differentiated Tensors does not require grad")
    keys = [tensor.tape_key() for tensor in sources]
    roots = as_sequence(outputs)
    only = leading_to(roots, keys)
    seeds = seeds_for(roots, grad_outputs, create_graph)
    keep = create_graph if retain_graph is None else retain_graph
    with quiet(create_graph):
        found = collect(walk(seeds, create_graph, keep, only, False), frozenset(keys))
    unused_allowed = materialize_grads if allow_unused is None else allow_unused
    return tuple(
        result_for(index, tensor, found.get(key), unused_allowed, materialize_grads)
        for index, (tensor, key) in enumerate(zip(sources, keys, strict=True))
    )


def collect(stops: Iterator[Stop], keys: frozenset[Key]) -> dict[Key, Any]:
    """What arrived at each of ``keys`` over a whole pass."""
    found: dict[Key, Any] = {}
    for node, upstream, _ in stops:
        for output, gradient in enumerate(upstream):
            if gradient is not None and (node, output) in keys:
                found[node, output] = gradient
    return found


def result_for(index: int, tensor: Any, gradient: Any, unused: bool, zeros: bool) -> Any:
    """A gradient as a tensor; None, zeros or an error where none arrived."""
    if gradient is not None:
        return like(tensor, np.array(gradient)) if is_plain(gradient) else gradient
    if zeros:
        return like(tensor, np.zeros_like(tensor.array))
    if unused:
        return None
    raise RuntimeError(
        f"The differentiated Tensor at index {index} appears to not have been used in the graph. "
        "Set allow_unused=True if this is the desired behavior."
    )


def leading_to(roots: Sequence[Any], keys: Sequence[Key]) -> frozenset[Node]:
    """The nodes behind ``roots`` from which any of ``keys`` is reached, those included."""
    nodes: set[Node] = set()
    stack: list[Node] = [r.tape_key()[0] for r in roots if r.requires_grad]
    while stack:
        node = stack.pop()
        if node in nodes:
            continue
        nodes.add(node)
        stack.extend(p for p, _ in node.next_functions if p is not None)
    wanted = {node for node, _ in keys}
    for node in sorted((n for n in nodes if isinstance(n, Record)), key=lambda n: n.sequence):
        if any(parent in wanted for parent, _ in node.next_functions):
            wanted.add(node)
    return frozenset(wanted)
