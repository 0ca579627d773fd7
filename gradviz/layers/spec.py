"""The one description of a layer: the class of `gradviz.nn` it is, and what must be said of it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from gradviz import nn
from gradviz.ops.spec import REQUIRED, Attr, Category, Shape

Values = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Layer:
    """A layer that can be put into a graph.

    ``name``: of the class in `gradviz.nn`. ``settings``: what its form asks, each with a default:
    arguments of the class or of calling it, by their names; besides, sizes of its input that its
    operations depend on, and ``seed`` and ``training`` for what these are called.
    ``inputs``: the tensors it is called with, each with its shape for given settings.
    ``outputs``: names of what calling it gives, as far as it has them.
    ``fitted``: the settings that an input of some shape asks for, given the others; an empty
    mapping where no such input will do.
    ``numbers``: whether the inputs are whole numbers. ``together``: whether a wire brought to it
    is meant for all inputs. ``packed``: whether it takes its inputs but the first as one tuple.
    ``steps``: how many operations there are at least, one for each step it takes.
    ``symbol`` and ``category`` are as for an operation.
    """

    name: str
    doc: str
    symbol: str
    category: Category
    settings: tuple[Attr, ...]
    inputs: Mapping[str, Callable[[Values], Shape]]
    outputs: tuple[str, ...] = ("output",)
    fitted: Callable[[Shape, Values], Values] = lambda shape, values: {}
    numbers: bool = False
    together: bool = False
    packed: bool = False
    steps: Callable[[Values], int] = lambda values: 1
    search: tuple[str, ...] = ()

    @property
    def kind(self) -> Any:
        """The class."""
        return getattr(nn, self.name)

    @property
    def public_path(self) -> str:
        """Where PyTorch has it."""
        return f"torch.nn.{self.name}"

    @property
    def defaults(self) -> Values:
        """Every setting as the form begins."""
        assert all(attr.default is not REQUIRED for attr in self.settings), self.name
        return {attr.name: attr.default for attr in self.settings}

    @cached_property
    def arguments(self) -> tuple[frozenset[str], frozenset[str]]:
        """The names of the settings that the class takes, and that calling it takes."""
        names = {attr.name for attr in self.settings}
        making = names & inspect.signature(self.kind).parameters.keys()
        calling = names & inspect.signature(self.kind.forward).parameters.keys()
        return frozenset(making), frozenset(calling)


def settings_for(layer: Layer, shape: Shape | None, given: Values) -> Values:
    """All settings of a layer: those given, else as its input asks, else the defaults."""
    values = {**layer.defaults, **given}
    if shape is None:
        return values
    return {**values, **layer.fitted(shape, values), **given}
