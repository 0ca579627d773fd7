"""The base of all networks and layers: a thing with parameters that can be called."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from gradviz.nn.hooks import Hooked
from gradviz.nn.parameter import Parameter
from gradviz.nn.registration import Registration, walk_members, walk_modules
from gradviz.nn.state import Stateful
from gradviz.ops.dtypes import DTYPES, dtype
from gradviz.tensor import Tensor
from gradviz.tensor.device import check_device

__all__ = ["Module"]


class Walking:
    """The part of :class:`Module` that goes through what it is made of."""

    _modules: dict[str, Any]

    def parameters(self, recurse: bool = True) -> Iterator[Parameter]:
        """Every parameter, each once; of this module alone unless ``recurse``."""
        for _, parameter in self.named_parameters(recurse=recurse):
            yield parameter

    def named_parameters(
        self, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Parameter]]:
        """Every parameter with its full name."""
        held: Callable[[Any], dict[str, Any]] = lambda m: m._parameters  # noqa: E731
        return walk_members(self, held, prefix, recurse, remove_duplicate)

    def buffers(self, recurse: bool = True) -> Iterator[Tensor]:
        """Every buffer, each once."""
        for _, buffer in self.named_buffers(recurse=recurse):
            yield buffer

    def named_buffers(
        self, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Tensor]]:
        """Every buffer with its full name."""
        held: Callable[[Any], dict[str, Any]] = lambda m: m._buffers  # noqa: E731
        return walk_members(self, held, prefix, recurse, remove_duplicate)

    def children(self) -> Iterator[Any]:
        """The modules directly within."""
        for _, module in self.named_children():
            yield module

    def named_children(self) -> Iterator[tuple[str, Any]]:
        """The modules directly within, with their names."""
        seen: set[int] = set()
        for name, module in self._modules.items():
            if module is not None and id(module) not in seen:
                seen.add(id(module))
                yield name, module

    def modules(self) -> Iterator[Any]:
        """This module and all within, each once."""
        for _, module in self.named_modules():
            yield module

    def named_modules(
        self, memo: set[Any] | None = None, prefix: str = "", remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Any]]:
        """This module and all within, with their full names."""
        return walk_modules(self, prefix, None, remove_duplicate)

    def get_submodule(self, target: str) -> Any:
        """The module within of that full name."""
        found: Any = self
        for name in target.split(".") if target else ():
            if not hasattr(found, name):
                raise AttributeError(f"{type(found).__name__} has no attribute `{name}`")
            found = getattr(found, name)
            if not isinstance(found, Module):
                raise AttributeError(f"`{name}` is not an nn.Module")
        return found

    def get_parameter(self, target: str) -> Parameter:
        """The parameter of that full name."""
        path, _, name = target.rpartition(".")
        owner = self.get_submodule(path)
        if not hasattr(owner, name):
            raise AttributeError(f"{type(owner).__name__} has no attribute `{name}`")
        found = getattr(owner, name)
        if not isinstance(found, Parameter):
            raise AttributeError(f"`{name}` is not an nn.Parameter")
        return found

    def get_buffer(self, target: str) -> Tensor:
        """The buffer of that full name."""
        path, _, name = target.rpartition(".")
        owner = self.get_submodule(path)
        if not hasattr(owner, name):
            raise AttributeError(f"{type(owner).__name__} has no attribute `{name}`")
        if name not in owner._buffers:
            raise AttributeError(f"`{name}` is not a buffer")
        return owner._buffers[name]


class Casting(Walking):
    """The part of :class:`Module` that changes types, modes and gradients of all within."""

    training: bool

    def apply(self, fn: Callable[[Any], None]) -> Any:
        """Call ``fn`` with every module within, then with this one."""
        for child in self.children():
            child.apply(fn)
        fn(self)
        return self

    def _convert(self, convert: Callable[[Tensor], Tensor]) -> Any:
        """Put ``convert(tensor)`` in the place of each tensor's data."""
        members: list[Tensor] = [*self.parameters(), *self.buffers()]
        for member in members:
            member.data = convert(member)
            if member.is_leaf and member.grad is not None:
                member.grad.data = convert(member.grad)
        return self

    def to(self, *args: Any, **kwargs: Any) -> Any:
        """Bring floating-point parameters and buffers to another type, in place.

        ``to(dtype)``, ``to(device, dtype)`` or ``to(tensor)``; there is one device, the processor.
        """
        kind: dtype | None = None
        for value in (*args, *(kwargs.get(name) for name in ("device", "dtype", "tensor"))):
            if isinstance(value, dtype):
                kind = value
            elif isinstance(value, Tensor):
                kind = value.dtype
            elif value is not None and not isinstance(value, bool):
                check_device(value)
        if kind is None:
            return self
        if not kind.is_floating_point:
            raise TypeError(
                "nn.Module.to only accepts floating point or complex dtypes, but got desired "
                f"dtype={kind}"
            )
        return self._cast(kind)

    def _cast(self, kind: dtype) -> Any:
        return self._convert(
            lambda t: (
                Tensor.wrap(t.array.astype(kind.numpy, copy=False))
                if t.dtype.is_floating_point
                else t
            )
        )

    def float(self) -> Any:
        """Bring floating-point parameters and buffers to ``float32``."""
        return self._cast(DTYPES["float32"])

    def double(self) -> Any:
        """Bring floating-point parameters and buffers to ``float64``."""
        return self._cast(DTYPES["float64"])

    def half(self) -> Any:
        """Bring floating-point parameters and buffers to ``float16``."""
        return self._cast(DTYPES["float16"])

    def type(self, dst_type: Any) -> Any:
        """Bring all parameters and buffers to a type."""
        return self._convert(lambda t: t.type(dst_type))  # pyright: ignore[reportAttributeAccessIssue]

    def cpu(self) -> Any:
        """The module itself: the processor is the only device."""
        return self

    def train(self, mode: bool = True) -> Any:
        """Set the training mode of this module and all within."""
        if not isinstance(mode, bool):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ValueError("training mode is expected to be boolean")
        for module in self.modules():
            module.training = mode
        return self

    def eval(self) -> Any:
        """End the training mode."""
        return self.train(False)

    def requires_grad_(self, requires_grad: bool = True) -> Any:
        """Set whether gradients of the parameters are recorded."""
        for parameter in self.parameters():
            parameter.requires_grad_(requires_grad)
        return self

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Clear the gradients of the parameters."""
        for parameter in self.parameters():
            if parameter.grad is not None:
                if set_to_none:
                    parameter.grad = None
                else:
                    parameter.grad = Tensor.wrap(parameter.grad.array * 0)


class Module(Registration, Stateful, Hooked, Casting):
    """A network or a layer of one: subclasses say in ``forward`` what calling it computes.

    See https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html.
    """

    training: bool

    def __init__(self) -> None:
        object.__setattr__(self, "training", True)
        Registration.__init__(self)
        Hooked.__init__(self)

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """What calling the module computes."""
        raise NotImplementedError(
            f'Module [{type(self).__name__}] is missing the required "forward" function'
        )

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """What ``forward`` computes, between the hooks."""
        if not self._before and not self._after and not self._backward:
            return self.forward(*args, **kwargs)
        return self._call_hooked(self.forward, args, kwargs)

    def add_module(self, name: str, module: Any) -> None:
        """Hold another module under ``name``."""
        self.register_module(name, module)

    def extra_repr(self) -> str:
        """What a layer says of itself between the parentheses."""
        return ""

    def _get_name(self) -> str:
        return type(self).__name__

    def __repr__(self) -> str:
        said = self.extra_repr()
        lines = said.split("\n") if said else []
        below = [f"({name}): {indented(repr(m))}" for name, m in self._modules.items()]
        if len(lines) == 1 and not below:
            return f"{self._get_name()}({lines[0]})"
        inner = "".join(f"\n  {line}" for line in (*lines, *below))
        return f"{self._get_name()}({inner}\n)" if inner else f"{self._get_name()}()"


def indented(text: str) -> str:
    """Text with every line but the first set in."""
    return text.replace("\n", "\n  ")
