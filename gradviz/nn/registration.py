"""How a module knows what it is made of: parameters, buffers and other modules by name.

Assigning an attribute registers it; walking over everything below gives each thing once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from gradviz.nn.parameter import Buffer, Parameter
from gradviz.tensor import Tensor

KINDS = ("_parameters", "_buffers", "_modules")
"""Where a module holds what it is made of."""


def type_name(value: Any) -> str:
    """The type of a value as PyTorch's errors name it."""
    return value.type() if isinstance(value, Tensor) else type(value).__name__


def check_name(owner: Any, kind: str, name: Any, held: dict[str, Any]) -> None:
    """Refuse a name that is none, has a dot, or is taken by something else."""
    if not isinstance(name, str):
        raise TypeError(f"{kind} name should be a string. Got {type(name).__name__}")
    if "." in name:
        raise KeyError(f'{kind} name can\'t contain "."')
    if not name:
        raise KeyError(f'{kind} name can\'t be empty string ""')
    if name not in held and hasattr(owner, name):
        raise KeyError(f"attribute '{name}' already exists")


class Registration:
    """What a module holds, by name; the part of :class:`~gradviz.nn.Module` that keeps it."""

    _parameters: dict[str, Parameter | None]
    _buffers: dict[str, Tensor | None]
    _modules: dict[str, Any]
    _non_persistent: set[str]

    def __init__(self) -> None:
        for name in KINDS:
            held: dict[str, Any] = {}
            object.__setattr__(self, name, held)
        object.__setattr__(self, "_non_persistent", set[str]())

    def register_parameter(self, name: str, param: Parameter | None) -> None:
        """Hold a parameter (or the place for one) under ``name``."""
        if "_parameters" not in self.__dict__:
            raise AttributeError("cannot assign parameter before Module.__init__() call")
        check_name(self, "parameter", name, self._parameters)
        if param is not None and not isinstance(param, Parameter):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(
                f"cannot assign '{type_name(param)}' object to parameter '{name}' "
                "(torch.nn.Parameter or None required)"
            )
        if param is not None and not param.is_leaf:
            raise ValueError(
                f"Cannot assign non-leaf Tensor to parameter '{name}'. Model parameters must be "
                f"created explicitly. To express '{name}' as a function of another Tensor, compute "
                "the value in the forward() method."
            )
        self._parameters[name] = param

    def register_buffer(self, name: str, tensor: Tensor | None, persistent: bool = True) -> None:
        """Hold a tensor that is not learned under ``name``; saved where ``persistent``."""
        if "_buffers" not in self.__dict__:
            raise AttributeError("cannot assign buffer before Module.__init__() call")
        check_name(self, "buffer", name, self._buffers)
        if tensor is not None and not isinstance(tensor, Tensor):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(
                f"cannot assign '{type(tensor).__name__}' object to buffer '{name}' "
                "(torch Tensor or None required)"
            )
        self._buffers[name] = tensor
        (self._non_persistent.discard if persistent else self._non_persistent.add)(name)

    def register_module(self, name: str, module: Any) -> None:
        """Hold another module under ``name``."""
        if module is not None and not isinstance(module, Registration):
            raise TypeError(f"{type(module).__name__} is not a Module subclass")
        check_name(self, "module", name, self._modules)
        self._modules[name] = module

    def __setattr__(self, name: str, value: Any) -> None:
        held = self.__dict__
        if isinstance(value, Parameter):
            if "_parameters" not in held:
                raise AttributeError("cannot assign parameters before Module.__init__() call")
            self._forget(name)
            self.register_parameter(name, value)
        elif isinstance(value, Registration):
            if "_modules" not in held:
                raise AttributeError("cannot assign module before Module.__init__() call")
            self._forget(name)
            self._modules[name] = value
        elif isinstance(value, Buffer) and "_buffers" in held:
            self._forget(name)
            self.register_buffer(name, value, value.persistent)
        elif "_parameters" in held and name in self._parameters:
            self._replace("parameter", self._parameters, name, value, "torch.nn.Parameter")
        elif "_modules" in held and name in self._modules:
            self._replace("child module", self._modules, name, value, "torch.nn.Module")
        elif "_buffers" in held and name in self._buffers:
            if value is not None and not isinstance(value, Tensor):
                raise TypeError(
                    f"cannot assign '{type_name(value)}' as buffer '{name}' "
                    "(torch.nn.Buffer, torch.Tensor or None expected)"
                )
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def _replace(self, kind: str, held: dict[str, Any], name: str, value: Any, wanted: str) -> None:
        """Empty a place; nothing but None may come here without being registered."""
        if value is not None:
            given = f"torch.{type_name(value).rpartition('.')[2]}" if isinstance(
                value, Tensor) else type(value).__name__  # fmt: skip
            raise TypeError(
                f"cannot assign '{given}' as {kind} '{name}' ({wanted} or None expected)"
            )
        held[name] = None

    def _forget(self, name: str) -> None:
        """Free a name of whatever else it stood for."""
        self.__dict__.pop(name, None)
        for held in (self._parameters, self._buffers, self._modules):
            if name in held and held is not self._parameters:
                held.pop(name)
        self._non_persistent.discard(name)

    def __getattr__(self, name: str) -> Any:
        own = self.__dict__
        for kind in KINDS:
            held = own.get(kind)
            if held is not None and name in held:
                return held[name]
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")

    def __delattr__(self, name: str) -> None:
        for held in (self._parameters, self._buffers, self._modules):
            if name in held:
                del held[name]
                return
        object.__delattr__(self, name)

    def __dir__(self) -> list[str]:
        own = [*object.__dir__(self), *self._parameters, *self._buffers, *self._modules]
        return sorted(name for name in set(own) if not name[:1].isdigit())


def held_value(module: Registration, name: str) -> Any:
    """What a module's attribute is; parameters and buffers without failing to find them first."""
    for held in (module._parameters, module._buffers):  # pyright: ignore[reportPrivateUsage]
        if name in held:
            return held[name]
    return getattr(module, name)


def walk_modules(
    module: Any, prefix: str = "", seen: set[int] | None = None, once: bool = True
) -> Iterator[tuple[str, Any]]:
    """A module and all below it with their names, each once (unless all are wanted)."""
    seen = set() if seen is None else seen
    if once and id(module) in seen:
        return
    seen.add(id(module))
    yield prefix, module
    for name, child in module._modules.items():
        if child is not None:
            yield from walk_modules(child, f"{prefix}.{name}" if prefix else name, seen, once)


def walk_members(
    module: Any, members: Callable[[Any], dict[str, Any]], prefix: str, recurse: bool, once: bool
) -> Iterator[tuple[str, Any]]:
    """What modules hold, with full names; each once where ``once``."""
    found = walk_modules(module, prefix, None, once) if recurse else [(prefix, module)]
    seen: set[int] = set()
    for path, owner in found:
        for name, value in members(owner).items():
            if value is None or (once and id(value) in seen):
                continue
            seen.add(id(value))
            yield f"{path}.{name}" if path else name, value
