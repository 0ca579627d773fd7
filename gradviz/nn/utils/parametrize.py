"""Parameters computed from others: each use of the name runs modules on what is learned instead."""

from __future__ import annotations

from typing import Any

from gradviz.nn.containers import ModuleDict, ModuleList
from gradviz.nn.module import Module
from gradviz.nn.parameter import Parameter
from gradviz.tensor import Tensor


class ParametrizationList(ModuleList):
    """What a parameter goes through, and what is learned in its place.

    That is ``original``, or ``original0``, ``original1``, … where the inverse of the first gives
    several tensors.
    """

    def __init__(self, first: Module, original: Any) -> None:
        super().__init__([first])
        inverse = getattr(first, "right_inverse", None)
        given = original.detach()
        values = given if inverse is None else inverse(given)
        self.single = not isinstance(values, tuple)
        for name, value in zip(
            self.names(values), (values,) if self.single else values, strict=True
        ):
            data = value.detach() if isinstance(value, Tensor) else value
            self.register_parameter(name, Parameter(data, original.requires_grad))

    def __repr__(self) -> str:
        return f"{type(self).__name__}{super().__repr__().removeprefix('ModuleList')}"

    @staticmethod
    def names(values: Any) -> list[str]:
        """The names of what is learned."""
        if not isinstance(values, tuple):
            return ["original"]
        count = len(values)  # pyright: ignore[reportUnknownArgumentType]
        return [f"original{number}" for number in range(count)]

    def forward(self) -> Any:
        """The parameter as it is now."""
        first, *others = list(self)
        value = first(*self._parameters.values())
        for module in others:
            value = module(value)
        return value

    def take(self, value: Any) -> None:
        """Change what is learned so that the parameter becomes ``value``."""
        for module in reversed(list(self)):
            inverse = getattr(module, "right_inverse", None)
            if inverse is None:
                raise RuntimeError(
                    f"parametrization {type(module).__name__} does not implement right_inverse."
                )
            value = inverse(value)
        parts = (value,) if self.single else value
        for parameter, part in zip(self._parameters.values(), parts, strict=True):
            if parameter is not None:
                parameter.data = part.detach()


def is_parametrized(module: Any, tensor_name: str | None = None) -> bool:
    """Whether a module has a parameter computed so, or this one."""
    held = module._modules.get("parametrizations")
    if held is None:
        return False
    return len(held) > 0 if tensor_name is None else tensor_name in held


def register_parametrization(
    module: Any, tensor_name: str, parametrization: Module, *, unsafe: bool = False
) -> Any:
    """Have ``parametrization`` compute the parameter of that name from what is learned instead.

    A further one runs on what those before it gave. ``unsafe``: do not check that shapes and
    types stay as they are.
    """
    if is_parametrized(module, tensor_name):
        held = module.parametrizations[tensor_name]
        held.append(parametrization)
        return module
    if tensor_name not in module._parameters:
        raise ValueError(
            f"Module '{module}' does not have a parameter, a buffer, or a parametrized element "
            f"with name '{tensor_name}'"
        )
    original = module._parameters[tensor_name]
    made = ParametrizationList(parametrization, original)
    if not unsafe:
        check_form(original, made(), parametrization)
    if not is_parametrized(module):
        kind = module.__class__
        object.__setattr__(
            module, "__class__", type(f"Parametrized{kind.__name__}", (kind,), {"plain": kind})
        )
        module.parametrizations = ModuleDict()
    del module._parameters[tensor_name]
    module.parametrizations[tensor_name] = made
    shown = module.__class__
    setattr(shown, tensor_name, computed(tensor_name))
    return module


def check_form(original: Any, value: Any, parametrization: Any) -> None:
    """Refuse a parametrization that gives another shape or type."""
    name = type(parametrization).__name__
    if not isinstance(value, Tensor):
        raise ValueError(f"A parametrization must return a tensor. Got {type(value).__name__}.")
    if value.dtype is not original.dtype or value.shape != original.shape:
        raise ValueError(
            "Registering a parametrization may not change the shape or the dtype of the tensor, "
            f"unless `unsafe` flag is enabled: {name} gave {value.dtype} {list(value.shape)} from "
            f"{original.dtype} {list(original.shape)}"
        )


def computed(tensor_name: str) -> property:
    """The property that computes a parameter, and takes a value apart."""

    def get(self: Any) -> Any:
        return self.parametrizations[tensor_name]()

    def put(self: Any, value: Any) -> None:
        self.parametrizations[tensor_name].take(value)

    return property(get, put)


def remove_parametrizations(module: Any, tensor_name: str, leave_parametrized: bool = True) -> Any:
    """Learn the parameter itself again: as it is computed now, or as it was learned."""
    if not is_parametrized(module, tensor_name):
        raise ValueError(f"Module {module} does not have a parametrization on {tensor_name}")
    held = module.parametrizations[tensor_name]
    if not leave_parametrized and not held.single:
        raise ValueError(
            "Cannot leave unparametrized (`leave_parametrized=False`) a tensor that is "
            "parametrized in terms of a sequence of tensors."
        )
    value = held() if leave_parametrized else held.original
    learned = any(p is not None and p.requires_grad for p in held._parameters.values())
    shown = module.__class__
    delattr(shown, tensor_name)
    del module.parametrizations[tensor_name]
    module.register_parameter(tensor_name, Parameter(value.detach(), learned))
    if not is_parametrized(module):
        del module._modules["parametrizations"]
        object.__setattr__(module, "__class__", shown.plain)
    return module
