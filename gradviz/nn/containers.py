"""Modules that hold others: one after the other, in a list, by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import index
from typing import Any

from gradviz.nn.module import Module, indented
from gradviz.nn.parameter import Parameter
from gradviz.tensor import Tensor

__all__ = ["ModuleDict", "ModuleList", "ParameterDict", "ParameterList", "Sequential"]


class Numbered(Module):
    """Modules held under their numbers."""

    def _at(self, place: Any) -> str:
        count, number = len(self), index(place)
        if not -count <= number < count:
            raise IndexError(f"index {number} is out of range")
        return list(self._modules)[number % count]

    def __len__(self) -> int:
        return len(self._modules)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._modules.values())

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            chosen = list(self._modules.items())[place]
            made = type(self)()
            for number, (name, module) in enumerate(chosen):
                made.add_module(name if isinstance(self, Sequential) else str(number), module)
            return made
        return self._modules[self._at(place)]

    def __setitem__(self, place: Any, module: Any) -> None:
        setattr(self, self._at(place), module)

    def __delitem__(self, place: Any) -> None:
        names = list(self._modules)
        chosen = names[place] if isinstance(place, slice) else [self._at(place)]
        for name in chosen:
            del self._modules[name]
        left = list(self._modules.values())
        self._modules.clear()
        self._modules.update({str(i): m for i, m in enumerate(left)})

    def append(self, module: Any) -> Any:
        """Add a module at the end."""
        self.add_module(str(len(self)), module)
        return self

    def extend(self, modules: Iterable[Any]) -> Any:
        """Add modules at the end."""
        for module in modules:
            self.append(module)
        return self

    def insert(self, place: int, module: Any) -> Any:
        """Put a module before the one at a place."""
        kept = list(self._modules.values())
        kept.insert(place, module)
        self._modules.clear()
        for number, each in enumerate(kept):
            self.add_module(str(number), each)
        return self

    def pop(self, place: int = -1) -> Any:
        """Take out a module."""
        found = self[place]
        del self[place]
        return found


class Sequential(Numbered):
    """Modules called one after the other, each on what the one before gave."""

    def __init__(self, *args: Any) -> None:
        super().__init__()
        alone: Any = args[0] if len(args) == 1 else None
        pairs: Any = alone.items() if hasattr(alone, "items") else enumerate(args)
        for name, module in pairs:
            self.add_module(str(name), module)

    def forward(self, input: Any) -> Any:
        """What the last module gives."""
        for module in self:
            input = module(input)
        return input


class ModuleList(Numbered):
    """A list of modules, which are found as parts of the module that holds it."""

    def __init__(self, modules: Iterable[Any] | None = None) -> None:
        super().__init__()
        self.extend(modules or ())

    def __iadd__(self, modules: Iterable[Any]) -> Any:
        return self.extend(modules)

    def __add__(self, other: Iterable[Any]) -> Any:
        return ModuleList([*self, *other])

    def __repr__(self) -> str:
        """Equal modules side by side are shown once, with how many there are."""
        shown = [repr(module) for module in self]
        lines: list[str] = []
        start = 0
        for place, text in enumerate(shown):
            if place + 1 < len(shown) and shown[place + 1] == text:
                continue
            many = place - start + 1
            label = f"({start}-{place}): {many} x " if many > 1 else f"({start}): "
            lines.append(label + indented(text))
            start = place + 1
        inner = "".join(f"\n  {line}" for line in lines)
        return f"ModuleList({inner}\n)" if inner else "ModuleList()"


class ModuleDict(Module):
    """Modules by name, found as parts of the module that holds it."""

    def __init__(self, modules: Any = None) -> None:
        super().__init__()
        self.update(modules or {})

    def update(self, modules: Any) -> None:
        """Add modules from a mapping or pairs."""
        pairs: Any = modules.items() if hasattr(modules, "items") else modules
        for name, module in pairs:
            self.add_module(name, module)

    def __getitem__(self, name: str) -> Any:
        return self._modules[name]

    def __setitem__(self, name: str, module: Any) -> None:
        self.add_module(name, module)

    def __delitem__(self, name: str) -> None:
        del self._modules[name]

    def __len__(self) -> int:
        return len(self._modules)

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __contains__(self, name: object) -> bool:
        return name in self._modules

    def keys(self) -> Any:
        """The names."""
        return self._modules.keys()

    def values(self) -> Any:
        """The modules."""
        return self._modules.values()

    def items(self) -> Any:
        """Names and modules."""
        return self._modules.items()

    def pop(self, name: str) -> Any:
        """Take out a module."""
        return self._modules.pop(name)

    def clear(self) -> None:
        """Take out all modules."""
        self._modules.clear()


def learned(value: Any) -> Any:
    """A plain tensor as a parameter."""
    return Parameter(value) if type(value) is Tensor else value


def shown_parameters(pairs: Iterable[tuple[Any, Any]], old: bool) -> str:
    """A line a parameter: its name, type and size."""
    lines: list[str] = []
    for name, value in pairs:
        kind = value.type() if old else str(value.dtype)
        size = "x".join(map(str, value.array.shape))
        label = "Parameter containing" if isinstance(value, Parameter) else "Object of type"
        lines.append(f"  ({name}): {label}: [{kind} of size {size}]")
    return "\n".join(lines)


class ParameterList(Module):
    """A list of parameters, found as parts of the module that holds it."""

    def __init__(self, values: Iterable[Any] | None = None) -> None:
        super().__init__()
        self._count = 0
        self.extend(values or ())

    def append(self, value: Any) -> Any:
        """Add a parameter at the end."""
        setattr(self, str(self._count), learned(value))
        self._count += 1
        return self

    def extend(self, values: Iterable[Any]) -> Any:
        """Add parameters at the end."""
        for value in values:
            self.append(value)
        return self

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Any]:
        return iter(self[i] for i in range(self._count))

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return ParameterList([self[i] for i in range(self._count)[place]])
        number = index(place)
        if not -self._count <= number < self._count:
            raise IndexError(f"index {number} is out of range")
        return getattr(self, str(number % self._count))

    def __setitem__(self, place: int, value: Any) -> None:
        setattr(self, str(index(place) % self._count), learned(value))

    def __repr__(self) -> str:
        return f"ParameterList({shown_parameters(enumerate(self), False)})"


class ParameterDict(Module):
    """Parameters by name, found as parts of the module that holds it."""

    def __init__(self, parameters: Any = None) -> None:
        super().__init__()
        self.update(parameters or {})

    def update(self, parameters: Any) -> None:
        """Add parameters from a mapping or pairs."""
        pairs: Any = parameters.items() if hasattr(parameters, "items") else parameters
        for name, value in pairs:
            self[name] = value

    def __getitem__(self, name: str) -> Any:
        return self._parameters[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self._parameters[name] = learned(value)

    def __delitem__(self, name: str) -> None:
        del self._parameters[name]

    def __len__(self) -> int:
        return len(self._parameters)

    def __iter__(self) -> Iterator[str]:
        return iter(self._parameters)

    def __contains__(self, name: object) -> bool:
        return name in self._parameters

    def keys(self) -> Any:
        """The names."""
        return self._parameters.keys()

    def values(self) -> Any:
        """The parameters."""
        return self._parameters.values()

    def items(self) -> Any:
        """Names and parameters."""
        return self._parameters.items()

    def __repr__(self) -> str:
        return f"ParameterDict({shown_parameters(self.items(), True)})"
