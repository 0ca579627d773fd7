"""PyTorch's own functions, given tensors of this package: ours by the same name run instead.

PyTorch asks an argument that is not its own for ``__torch_function__``. So code written against
PyTorch (a loss that calls ``torch.pairwise_distance``) takes these tensors; PyTorch itself is
neither needed nor loaded here. See
https://docs.pytorch.org/docs/stable/notes/extending.html#extending-torch-python-api.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from typing import Any

from gradviz.tensor.tensor import Tensor

NAMESPACES = {"torch._C._nn": "torch.nn.functional"}
PREFIXES = {"linalg_": "gradviz.linalg", "special_": "gradviz.special"}
PLACES = ("gradviz", "gradviz.nn.functional")


def torch_function(
    cls: type[Tensor],
    func: Callable[..., Any],
    types: Iterable[type],
    args: Sequence[Any] = (),
    kwargs: Mapping[str, Any] | None = None,
) -> Any:
    """Run our function of the same name as PyTorch's ``func``; TypeError where there is none."""
    name: str = getattr(func, "__name__", repr(func))
    own = counterpart(func, name)
    if own is None:
        raise TypeError(f"no implementation of PyTorch's '{name}' for {cls.__qualname__}")
    return own(*args, **(kwargs or {}))


def counterpart(func: Callable[..., Any], name: str) -> Callable[..., Any] | None:
    """What stands here for a function, or method, of PyTorch; None where nothing does."""
    module = NAMESPACES.get(str(func.__module__), str(func.__module__))
    places: list[str] = [*PLACES]
    if module.startswith("torch."):
        places.insert(0, "gradviz" + module.removeprefix("torch"))
    if hasattr(func, "__objclass__"):
        return getattr(Tensor, name, None)
    for prefix, place in PREFIXES.items():
        if name.startswith(prefix):
            return named(place, name.removeprefix(prefix))
    return next((found for p in places if (found := named(p, name)) is not None), None)


def named(place: str, name: str) -> Callable[..., Any] | None:
    """The function called ``name`` in a module of ours, where there are both."""
    try:
        module = import_module(place)
    except ModuleNotFoundError:
        return None
    found = getattr(module, name, None)
    return found if callable(found) else None


def install_torch_function() -> None:
    """Have tensors answer when PyTorch is given them."""
    Tensor.__torch_function__ = classmethod(torch_function)  # pyright: ignore[reportAttributeAccessIssue]
