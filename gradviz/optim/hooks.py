"""Functions that are called around what an optimizer does: steps, and its state out and in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from gradviz.ops.kinds import is_tuple
from gradviz.tensor.hooks import RemovableHandle

PLACES = (
    "before_step", "after_step", "before_state", "after_state", "before_load", "after_load",
)  # fmt: skip


class Hooks:
    """The part of an optimizer that keeps such functions."""

    _hooks: dict[str, list[Callable[..., Any]]]

    def keep_hooks(self) -> None:
        """Begin with none, and have every step of this class call those there will be."""
        self._hooks = {place: [] for place in PLACES}
        kind: Any = type(self)
        if not getattr(kind.step, "hooked", False):
            kind.step = hooked(kind.step)

    def _register(self, place: str, hook: Callable[..., Any], first: bool = False
                  ) -> RemovableHandle:  # fmt: skip
        held = self._hooks[place]
        held.insert(0 if first else len(held), hook)
        return RemovableHandle(held, hook)

    def register_step_pre_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call ``hook(optimizer, args, kwargs)`` before each step; it may return both anew."""
        return self._register("before_step", hook)

    def register_step_post_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call ``hook(optimizer, args, kwargs)`` after each step."""
        return self._register("after_step", hook)

    def register_state_dict_pre_hook(
        self, hook: Callable[..., Any], prepend: bool = False
    ) -> RemovableHandle:
        """Call ``hook(optimizer)`` before the state is given out."""
        return self._register("before_state", hook, prepend)

    def register_state_dict_post_hook(
        self, hook: Callable[..., Any], prepend: bool = False
    ) -> RemovableHandle:
        """Call ``hook(optimizer, state)`` on a state given out; what it returns replaces it."""
        return self._register("after_state", hook, prepend)

    def register_load_state_dict_pre_hook(
        self, hook: Callable[..., Any], prepend: bool = False
    ) -> RemovableHandle:
        """Call ``hook(optimizer, state)`` on a state to be taken; what it returns replaces it."""
        return self._register("before_load", hook, prepend)

    def register_load_state_dict_post_hook(
        self, hook: Callable[..., Any], prepend: bool = False
    ) -> RemovableHandle:
        """Call ``hook(optimizer)`` after a state was taken."""
        return self._register("after_load", hook, prepend)

    def changed_by(self, place: str, state: Any) -> Any:
        """A state as the hooks of a place make it."""
        for hook in self._hooks[place]:
            replaced = hook(self, state)
            state = state if replaced is None else replaced
        return state

    def announce(self, place: str) -> None:
        """Call the hooks of a place that take the optimizer alone."""
        for hook in self._hooks[place]:
            hook(self)


def hooked(step: Callable[..., Any]) -> Callable[..., Any]:
    """A class's ``step`` between the hooks of the optimizer it is called on."""

    @wraps(step)
    def wrapper(self: Any, *args: Any, **kwargs: Any) -> Any:
        hooks = self._hooks
        for hook in hooks["before_step"]:
            result: Any = hook(self, args, kwargs)
            if result is not None:
                if not is_tuple(result) or len(result) != 2:
                    raise RuntimeError(
                        f"{hook} must return None or a tuple of (new_args, new_kwargs), but got "
                        f"{result}."
                    )
                args, kwargs = result
        out = step(self, *args, **kwargs)
        for hook in hooks["after_step"]:
            hook(self, args, kwargs)
        return out

    wrapper.hooked = True  # pyright: ignore[reportAttributeAccessIssue]
    return wrapper
