"""Modules as functions of their parameters.

See https://docs.pytorch.org/docs/stable/generated/torch.func.functional_call.html.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from gradviz.ops.kinds import is_tuple
from gradviz.ops.table import OPS
from gradviz.tensor.tensor import Tensor, apply

__all__ = ["functional_call", "stack_module_state"]


def functional_call(
    module: Any,
    parameter_and_buffer_dicts: Mapping[str, Any] | Sequence[Mapping[str, Any]],
    args: Any = None,
    kwargs: Mapping[str, Any] | None = None,
    *,
    tie_weights: bool = True,
    strict: bool = False,
) -> Any:
    """What ``module`` gives with these tensors in the place of its parameters and buffers.

    Parameters that are the same tensor are replaced together, unless ``tie_weights`` is off.
    ``strict``: every parameter and buffer must be given, and nothing else.
    """
    given = merged(parameter_and_buffer_dicts)
    slots = all_slots(module)
    unknown = [name for name in given if name not in slots]
    if strict:
        missing = [name for name in slots if name not in given]
        if missing or unknown:
            raise RuntimeError(
                "Error(s) in reparametrizing for "
                f"{type(module).__name__}: missing key(s) {missing}, unexpected key(s) {unknown}."
            )
    if unknown:
        raise KeyError(f"{unknown[0]!r} is no parameter or buffer of {type(module).__name__}")
    arguments: tuple[Any, ...] = args if is_tuple(args) else () if args is None else (args,)
    with replaced(slots, tied(slots, given) if tie_weights else given):
        return module(*arguments, **(kwargs or {}))


Slot = tuple[dict[str, Any], str]
"""Where a module keeps a tensor: the dictionary and the name in it."""


def merged(dicts: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One dictionary of several, whose names must not meet."""
    if isinstance(dicts, Mapping):
        return dict(dicts)
    found: dict[str, Any] = {}
    for part in dicts:
        repeated = found.keys() & part.keys()
        if repeated:
            raise ValueError(
                f"{sorted(repeated)} appear in multiple dictionaries; behavior of functional call "
                "is ambiguous"
            )
        found |= part
    return found


def all_slots(module: Any) -> dict[str, Slot]:
    """Where each parameter and buffer of a module is kept, by full name."""
    slots: dict[str, Slot] = {}
    for path, part in module.named_modules(remove_duplicate=False):
        for held in (part._parameters, part._buffers):
            for name, value in held.items():
                if value is not None:
                    slots[f"{path}.{name}" if path else name] = (held, name)
    return slots


def tied(slots: Mapping[str, Slot], given: Mapping[str, Any]) -> dict[str, Any]:
    """``given``, with the other names of the same tensors."""
    by_tensor = {id(slots[name][0][slots[name][1]]): value for name, value in given.items()}
    others = {
        name: by_tensor[id(held[key])]
        for name, (held, key) in slots.items()
        if id(held[key]) in by_tensor
    }
    return {**others, **given}


@contextmanager
def replaced(slots: Mapping[str, Slot], given: Mapping[str, Any]) -> Generator[None]:
    """A block in which the module holds the given tensors; its own come back after."""
    before = [(held, key, held[key]) for held, key in (slots[name] for name in given)]
    try:
        for name, value in given.items():
            held, key = slots[name]
            held[key] = value
        yield
    finally:
        for held, key, value in before:
            held[key] = value


def stack_module_state(models: Sequence[Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The parameters, and the buffers, of like modules stacked along a new first dimension."""
    if not models:
        raise RuntimeError("stack_module_state: Expected at least one model, got 0.")
    if any(type(model) is not type(models[0]) for model in models):
        raise RuntimeError("stack_module_state: Expected all models to be of the same class.")
    parameters = [dict(model.named_parameters()) for model in models]
    buffers = [dict(model.named_buffers()) for model in models]
    return (
        {name: stacked([p[name] for p in parameters], True) for name in parameters[0]},
        {name: stacked([b[name] for b in buffers], False) for name in buffers[0]},
    )


def stacked(tensors: list[Any], leaf: bool) -> Tensor:
    """Tensors stacked along a new first dimension, as a leaf that requires what they did."""
    found: Tensor = apply(OPS["stack"], (tuple(tensors),), {"dim": 0}).detach()
    return found.requires_grad_(tensors[0].requires_grad) if leaf else found
