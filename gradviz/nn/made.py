"""Layers that are one function with its settings kept: made from a line that describes them.

Most layers have nothing of their own but the settings they hand to ``nn.functional``. Such a
layer is named here with its settings, their defaults and what its description shows.
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter as Argument
from inspect import Signature
from typing import Any

from gradviz.nn import functional
from gradviz.nn.module import Module

REQUIRED = Argument.empty


def layer(
    name: str, function: str, shown: str = "", check: Callable[..., None] | None = None,
    doc: str = "", **settings: Any,
) -> Any:  # fmt: skip
    """The class of a layer that calls ``function`` with ``settings``, given by name and default.

    ``shown``: a template of what it says of itself, or the names of settings to show;
    ``check``: called with the settings, it raises where they cannot be.
    """
    kind = Argument.POSITIONAL_OR_KEYWORD
    signature = Signature([Argument(n, kind, default=d) for n, d in settings.items()])

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        Module.__init__(self)
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        if check is not None:
            check(**bound.arguments)
        for setting, value in bound.arguments.items():
            setattr(self, setting, value)

    def forward(self: Any, *inputs: Any) -> Any:
        given = {setting: getattr(self, setting) for setting in settings}
        return getattr(functional, function)(*inputs, **given)

    def extra_repr(self: Any) -> str:
        given = {setting: getattr(self, setting) for setting in settings}
        text = shown.format(**given)
        if given.get("inplace"):
            text = f"{text}, inplace=True" if text else "inplace=True"
        return text

    about = doc or f"``nn.functional.{function}`` as a layer; see PyTorch's torch.nn.{name}."
    __init__.__signature__ = signature  # pyright: ignore[reportFunctionMemberAccess]
    body = {
        "__init__": __init__, "forward": forward, "extra_repr": extra_repr, "__doc__": about,
        "__module__": "gradviz.nn",
    }  # fmt: skip
    return type(name, (Module,), body)
