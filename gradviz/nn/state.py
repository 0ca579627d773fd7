"""The state of a module: what it learned and keeps, out as a dictionary and back in."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from gradviz.nn.registration import walk_modules
from gradviz.tensor import Tensor


class IncompatibleKeys(NamedTuple):
    """Which keys were missing from a state, and which were not expected."""

    missing_keys: list[str]
    unexpected_keys: list[str]

    def __repr__(self) -> str:
        if not self.missing_keys and not self.unexpected_keys:
            return "<All keys matched successfully>"
        return (
            f"_IncompatibleKeys(missing_keys={self.missing_keys}, "
            f"unexpected_keys={self.unexpected_keys})"
        )


class StateDict(OrderedDict[str, Any]):
    """A module's state by name, and the versions of the modules it is from."""

    _metadata: OrderedDict[str, dict[str, int]]


class Stateful:
    """The part of :class:`~gradviz.nn.Module` that saves and loads its state."""

    _version: int = 1

    def get_extra_state(self) -> Any:
        """State beyond parameters and buffers; a module that has some overrides this."""
        raise RuntimeError(
            "Reached a code path in Module.get_extra_state() that should never be called."
        )

    def set_extra_state(self, state: Any) -> None:
        """Take up what :meth:`get_extra_state` gave."""
        raise RuntimeError(
            "Reached a code path in Module.set_extra_state() that should never be called."
        )

    def state_dict(
        self, *, destination: Any = None, prefix: str = "", keep_vars: bool = False
    ) -> StateDict:
        """Parameters and buffers by their full names, on the memory the module has them on."""
        found: Any = StateDict() if destination is None else destination
        if not hasattr(found, "_metadata"):
            found._metadata = OrderedDict[str, dict[str, int]]()
        for path, module in walk_modules(self, prefix.rstrip("."), once=False):
            found._metadata[path] = {"version": module._version}
            start = f"{path}." if path else ""
            for name, value in persistent(module).items():
                found[start + name] = value if keep_vars else value.detach()
            if has_extra(module):
                found[f"{start}_extra_state"] = module.get_extra_state()
        return found

    def load_state_dict(
        self, state_dict: Mapping[str, Any], strict: bool = True, assign: bool = False
    ) -> IncompatibleKeys:
        """Copy a state into parameters and buffers (or, with ``assign``, put it in their place).

        RuntimeError where shapes differ, and, where ``strict``, where keys are missing or not
        expected.
        """
        if not isinstance(state_dict, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(f"Expected state_dict to be dict-like, got {type(state_dict)}.")
        missing: list[str] = []
        problems: list[str] = []
        known: set[str] = set()
        for path, module in walk_modules(self, once=False):
            start = f"{path}." if path else ""
            own = persistent(module)
            known |= {start + name for name in own}
            for name, value in own.items():
                if start + name not in state_dict:
                    missing.append(start + name)
                    continue
                problem = load_one(module, name, value, start + name, state_dict[start + name],
                                   assign)  # fmt: skip
                if problem:
                    problems.append(problem)
            self._load_extra(module, start, state_dict, known, missing)
        unexpected = [key for key in state_dict if key not in known]
        if strict:
            problems = [*key_problems(missing, unexpected), *problems]
        if problems:
            lines = "".join(f"\n\t{problem}" for problem in problems)
            raise RuntimeError(f"Error(s) in loading state_dict for {type(self).__name__}:{lines}")
        return IncompatibleKeys(missing, unexpected)

    def _load_extra(
        self, module: Any, start: str, state: Mapping[str, Any], known: set[str],
        missing: list[str],
    ) -> None:  # fmt: skip
        """Hand a module the state it alone knows to read."""
        if not has_extra(module):
            return
        key = f"{start}_extra_state"
        known.add(key)
        if key in state:
            module.set_extra_state(state[key])
        else:
            missing.append(key)


def has_extra(module: Any) -> bool:
    """Whether a module has state of its own beyond parameters and buffers."""
    return module.__class__.get_extra_state is not Stateful.get_extra_state


def persistent(module: Any) -> dict[str, Tensor]:
    """The parameters and buffers of a module that are part of its state."""
    held = {**module._parameters, **module._buffers}
    return {
        name: value
        for name, value in held.items()
        if value is not None and name not in module._non_persistent
    }


def key_problems(missing: list[str], unexpected: list[str]) -> list[str]:
    """Missing and unexpected keys in PyTorch's words."""
    found: list[str] = []
    for word, keys in (("Missing", missing), ("Unexpected", unexpected)):
        if keys:
            listed = ", ".join(f'"{key}"' for key in keys)
            found.append(f"{word} key(s) in state_dict: {listed}. ")
    return found


def load_one(
    module: Any, name: str, target: Tensor, key: str, value: Any, assign: bool
) -> str | None:
    """Bring one tensor of a state into its place; what is wrong where it cannot be."""
    if not isinstance(value, Tensor):
        return (
            f'While copying the parameter named "{key}", expected torch.Tensor or Tensor-like '
            f"object from checkpoint but received {type(value)}"
        )
    if value.shape != target.shape:
        if target.array.shape == () and value.array.shape == (1,):
            value = Tensor.wrap(value.array.reshape(()))
        else:
            return (
                f"size mismatch for {key}: copying a param with shape {value.shape} from "
                f"checkpoint, the shape in current model is {target.shape}."
            )
    if not assign:
        target.array[...] = np.asarray(value.array)
        target.bump_version()
        return None
    if name in module._parameters:
        value = type(target)(value.detach(), target.requires_grad)  # pyright: ignore[reportCallIssue]
    setattr(module, name, value)
    return None
