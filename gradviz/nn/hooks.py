"""Hooks of modules: functions called before and after forward, and after backward."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Any

from gradviz.ops.kinds import is_sequence, is_tuple
from gradviz.tensor import Tensor

NUMBERS = count()


class Handle:
    """Takes a hook off when asked to; also as a ``with`` block's end."""

    def __init__(self, hooks: dict[int, Any], number: int) -> None:
        self._hooks = hooks
        self.id = number

    def remove(self) -> None:
        """Take the hook off; harmless where it is off already."""
        self._hooks.pop(self.id, None)

    def __enter__(self) -> Handle:
        return self

    def __exit__(self, *_: Any) -> None:
        self.remove()


class Hooked:
    """The part of :class:`~gradviz.nn.Module` that keeps hooks and calls them."""

    _before: OrderedDict[int, tuple[Callable[..., Any], bool]]
    _after: OrderedDict[int, tuple[Callable[..., Any], bool, bool]]
    _backward: OrderedDict[int, Callable[..., Any]]

    def __init__(self) -> None:
        for name in ("_before", "_after", "_backward"):
            object.__setattr__(self, name, OrderedDict[int, Any]())

    def register_forward_pre_hook(
        self, hook: Callable[..., Any], *, prepend: bool = False, with_kwargs: bool = False
    ) -> Handle:
        """Call ``hook(module, args)`` before forward; what it returns takes the place of args."""
        return add(self._before, (hook, with_kwargs), prepend)

    def register_forward_hook(
        self, hook: Callable[..., Any], *, prepend: bool = False, with_kwargs: bool = False,
        always_call: bool = False,
    ) -> Handle:  # fmt: skip
        """Call ``hook(module, args, output)`` after forward; what it returns replaces output."""
        return add(self._after, (hook, with_kwargs, always_call), prepend)

    def register_full_backward_hook(
        self, hook: Callable[..., Any], prepend: bool = False
    ) -> Handle:
        """Call ``hook(module, grad_input, grad_output)`` once gradients of both are known.

        What it returns takes the place of the gradients of the inputs.
        """
        return add(self._backward, hook, prepend)

    def _call_hooked(self, forward: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        """Run ``forward`` between the hooks."""
        for hook, with_kwargs in self._before.values():
            if with_kwargs:
                changed = hook(self, args, kwargs)
                args, kwargs = (args, kwargs) if changed is None else changed
            else:
                changed = hook(self, args)
                if changed is not None:
                    args = changed if is_tuple(changed) else (changed,)
        watch = Watch(self, self._backward) if self._backward else None
        args = args if watch is None else watch.inputs(args)
        result = forward(*args, **kwargs)
        for hook, with_kwargs, _ in self._after.values():
            changed = hook(self, args, kwargs, result) if with_kwargs else hook(self, args, result)
            result = result if changed is None else changed
        return result if watch is None else watch.outputs(result)


def add(hooks: OrderedDict[int, Any], entry: Any, prepend: bool) -> Handle:
    """Keep a hook under a number of its own."""
    number = next(NUMBERS)
    hooks[number] = entry
    if prepend:
        hooks.move_to_end(number, last=False)
    return Handle(hooks, number)


class Watch:
    """Gathers the gradients of one call's outputs and inputs for backward hooks."""

    def __init__(self, module: Any, hooks: OrderedDict[int, Callable[..., Any]]) -> None:
        self.module, self.hooks = module, hooks
        self.given: list[Any] = []
        self.arrived: list[Any] = []
        self.sent: dict[int, Any] = {}
        self.watched: list[int] = []

    def inputs(self, args: tuple[Any, ...]) -> tuple[Any, ...]:
        """The arguments, with those that need gradients watched under new names."""
        self.given = list(args)
        made: list[Any] = []
        for place, value in enumerate(args):
            if isinstance(value, Tensor) and value.requires_grad:
                value = value.view(value.shape)  # pyright: ignore[reportAttributeAccessIssue]
                self.watched.append(place)
                value.register_hook(partial(self.arrive_input, place))
            made.append(value)
        return tuple(made)

    def outputs(self, result: Any) -> Any:
        """The result, with its gradients noted as they arrive."""
        members: list[Any] = list(result) if is_sequence(result) else [result]
        self.arrived = [None] * len(members)
        for place, value in enumerate(members):
            if isinstance(value, Tensor) and value.requires_grad:
                value.register_hook(partial(self.arrive_output, place))
        return result

    def arrive_output(self, place: int, gradient: Any) -> None:
        """Note an output's gradient; run the hooks at once where no input needs one."""
        self.arrived[place] = gradient
        if not self.watched:
            self.run((None,) * len(self.given))

    def arrive_input(self, place: int, gradient: Any) -> Any:
        """Note an input's gradient; with the last of them run the hooks."""
        self.sent[place] = gradient
        if len(self.sent) < len(self.watched):
            return None
        gradients = tuple(self.sent.get(i) for i in range(len(self.given)))
        changed = self.run(gradients)
        self.sent.clear()
        return changed[place]

    def run(self, gradients: tuple[Any, ...]) -> tuple[Any, ...]:
        """Call each hook; the gradients of the inputs after them."""
        for hook in list(self.hooks.values()):
            changed = hook(self.module, gradients, tuple(self.arrived))
            if changed is not None:
                gradients = changed if is_tuple(changed) else (changed,)
        return gradients
