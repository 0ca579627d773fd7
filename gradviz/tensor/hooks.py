"""Hooks on gradients, and the handles by which they are taken off again.

See https://docs.pytorch.org/docs/stable/generated/torch.Tensor.register_hook.html.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gradviz.autograd.record import Record


class RemovableHandle:
    """Takes a hook off when asked to."""

    def __init__(self, hooks: list[Any], hook: Any) -> None:
        self._hooks = hooks
        self._hook = hook

    def remove(self) -> None:
        """Take the hook off; harmless where it is off already."""
        if self._hook in self._hooks:
            self._hooks.remove(self._hook)

    def __enter__(self) -> RemovableHandle:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()


def add_hook(tensor: Any, hook: Callable[[Any], Any]) -> RemovableHandle:
    """Call ``hook`` with the gradient of ``tensor`` in each backward pass."""
    if not tensor.requires_grad:
        raise RuntimeError("cannot register a hook on a tensor that doesn't require gradient")
    wrapped = on_arrays(type(tensor), hook)
    node, output = tensor.tape_key()
    if isinstance(node, Record):
        node.hooks = node.hooks or {}
        hooks = node.hooks.setdefault(output, [])
    else:
        hooks = tensor.leaf_hooks()
    hooks.append(wrapped)
    return RemovableHandle(hooks, wrapped)


def on_arrays(tensor_type: Any, hook: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """``hook`` as the backward pass calls it: on an array, or a tensor where it records."""

    def wrapped(gradient: Any) -> Any:
        recorded = isinstance(gradient, tensor_type)
        changed = hook(gradient if recorded else tensor_type.wrap(gradient))
        if changed is None:
            return None
        if not isinstance(changed, tensor_type):
            raise TypeError(f"expected Variable, but hook returned '{type(changed).__name__}'")
        if tuple(changed.shape) != tuple(gradient.shape):
            name = getattr(hook, "__name__", "hook")
            raise RuntimeError(f"hook '{name}' has changed the size of value")
        return changed if recorded else changed.array

    return wrapped
